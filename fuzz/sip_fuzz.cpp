// Any bytes before the SIP door: no crash; nothing is answered 200 that the Intake has not committed; what leaves can
// be read; and a stream is cut the same however it comes. The first byte says how the rest is taken: as a message, as
// the body of a message from a registered camera, or as a stream.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include <fmt/format.h>

#include "doors/sip/registrar.hpp"

using namespace shoumen;
using namespace shoumen::doors::sip;

namespace {

constexpr const char* camera = "34020000001320000001";

void expect(bool fine) {
    if (!fine) std::abort();
}

class Intake final : public ports::Intake {
public:
    Intake() {
        in_force->devices.push_back({.code = camera, .kind = model::SignalKind::resident_camera});
        in_force->device_by_code[camera] = model::DeviceId{0U};
    }
    std::shared_ptr<model::Policy> in_force = std::make_shared<model::Policy>();
    std::uint64_t taken = 0;

    std::optional<ports::Speaker> speaker(std::string_view) override {
        return ports::Speaker{model::DeviceId{0U}, false};
    }
    std::optional<model::DeviceId> device(std::string_view code) override {
        return code == camera ? std::optional(model::DeviceId{0U}) : std::nullopt;
    }
    ports::Submitted submit(const ports::Speaker&, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload&) override {
        expect(!signal.device.empty() && signal.id.size() <= 128);
        return {ports::Admission::queued, ++taken, {}};
    }
    ports::Submitted refuse(const ports::Speaker&, std::string_view, const base::Error& why,
                            const ports::RawPayload&) override {
        return {ports::Admission::quarantined, ++taken, why};
    }
    [[nodiscard]] std::shared_ptr<const model::Policy> policy() const override { return in_force; }
    std::uint64_t committed() const override { return taken; }
    std::uint64_t on_progress(std::function<void()>) override { return 1; }
    void forget(std::uint64_t) override {}
};

class Book final : public ports::CameraBook {
public:
    std::optional<std::string> password(std::string_view) override { return "secret"; }
    std::optional<std::string> kept(std::string_view, std::string_view) override { return {}; }
    void keep(std::string_view, std::string_view, std::string, std::function<void()> done) override { done(); }
};

std::string message(const std::string& method, int sequence, const std::string& more, std::string_view body) {
    return fmt::format(
        "{} sip:34020000002000000001@3402000000 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10;rport;branch=z9hG4bK{}\r\nFrom: "
        "<sip:{}@3402000000>;tag=7\r\nTo: <sip:34020000002000000001@3402000000>\r\nCall-ID: c@192.0.2.10\r\nCSeq: {} "
        "{}\r\n{}Content-Length: {}\r\n\r\n{}",
        method, sequence, camera, sequence, method, more, body.size(), body);
}

void check_out(Registrar& registrar) {
    for (const auto& out : registrar.take()) {
        const auto read = read_message(out.bytes);
        expect(read.has_value());
        expect(out.bytes.size() <= most_head_bytes * 2 + most_body_bytes);
    }
}

void sign_in(Registrar& registrar, const Peer& peer) {
    registrar.receive(message("REGISTER", 1, "Expires: 3600\r\n", {}), peer, 1'000);
    const auto out = registrar.take();
    expect(out.size() == 1);
    const auto at = out[0].bytes.find("nonce=\"") + 7;
    Authorization a{
        camera, "3402000000", out[0].bytes.substr(at, out[0].bytes.find('"', at) - at), "sip:x", "", "MD5", "", "", ""};
    a.response = digest_response(a, "REGISTER", "secret").value_or("");
    registrar.receive(message("REGISTER", 2,
                              fmt::format("Expires: 3600\r\nAuthorization: Digest username=\"{}\", realm=\"{}\", "
                                          "nonce=\"{}\", uri=\"{}\", response=\"{}\"\r\n",
                                          a.user, a.realm, a.nonce, a.uri, a.response),
                              {}),
                      peer, 1'000);
    expect(registrar.counters().registered == 1);
    check_out(registrar);
}

void as_stream(std::string_view bytes) {
    // Whole, and byte by byte: the same messages.
    std::string whole;
    std::string_view rest = bytes;
    while (true) {
        const auto end = message_end(rest);
        if (!end || !*end) break;
        expect(**end > 0 && **end <= rest.size());
        whole += rest.substr(0, **end);
        rest.remove_prefix(**end);
    }
    std::string pieces;
    std::string held;
    for (const char c : bytes) {
        held += c;
        const auto end = message_end(held);
        if (!end) break;
        if (!*end) continue;
        expect(**end == held.size());
        pieces += held;
        held.clear();
    }
    expect(pieces == whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view rest(reinterpret_cast<const char*>(data + 1), size - 1);
    if (data[0] % 4 == 3) {
        as_stream(rest);
        return 0;
    }
    Intake intake;
    Book book;
    RegistrarOptions options;
    options.code = "34020000002000000001";
    Registrar registrar(intake, book, options);
    const Peer peer{"192.0.2.10", 5060, false, 0};
    registrar.start(0);
    sign_in(registrar, peer);
    if (data[0] % 4 == 0)
        registrar.receive(rest, peer, 2'000);
    else
        registrar.receive(message(data[0] % 4 == 1 ? "MESSAGE" : "NOTIFY", 3, "", rest), peer, 2'000);
    check_out(registrar);
    registrar.tick(3'000);
    registrar.tick(400'000);
    registrar.tick(4'000'000);
    check_out(registrar);
    return 0;
}

// What stands behind the SIP door in its tests: an Intake that remembers, commits and is busy when told to; a book; and
// a camera that knows its password.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "doors/sip/registrar.hpp"
#include "model/policy.hpp"

namespace shoumen::doors::sip::testing {

constexpr const char* platform = "34020000002000000001";
constexpr const char* camera = "34020000001320000001";
constexpr const char* recorder = "34020000001180000001";

struct Taken {
    std::string device, id, time, code, raw;
    std::map<std::string, std::string> values;
};

inline std::string shown(const model::FlatValue& v) {
    if (const auto* b = std::get_if<bool>(&v.value)) return *b ? "true" : "false";
    if (const auto* d = std::get_if<double>(&v.value)) return fmt::format("{}", *d);
    if (const auto* t = std::get_if<std::string_view>(&v.value)) return std::string(*t);
    return "null";
}

class FakeIntake final : public ports::Intake {
public:
    FakeIntake() {
        add(camera, model::SignalKind::resident_camera);
        add(recorder, model::SignalKind::link);
        in_force->devices.back().is_gateway = true;
        const model::DeviceId gateway{in_force->devices.size() - 1};
        add("link-recorder", model::SignalKind::link);
        in_force->devices.back().gateway = gateway;
        add("smoke-hall", model::SignalKind::smoke);
        in_force->devices.back().gateway = gateway;
        in_force->maps.push_back({.code = "cameras", .devices = {{"34020000001340000002", "smoke-hall"}}});
        in_force->zone = base::Zone("Asia/Shanghai", {{base::Time{0}, 8 * 3'600}});
    }
    void add(const std::string& code, model::SignalKind kind) {
        in_force->device_by_code[code] = model::DeviceId{in_force->devices.size()};
        in_force->devices.push_back({.code = code, .kind = kind});
    }

    std::shared_ptr<model::Policy> in_force = std::make_shared<model::Policy>();
    std::vector<Taken> taken;
    std::vector<ports::Announced> announced;
    bool busy = false;
    bool commit_at_once = true;
    std::uint64_t on_disk = 0;
    std::string revoked;

    std::optional<ports::Speaker> speaker(std::string_view token) override {
        if (!token.starts_with("secret-") || token == revoked) return {};
        const auto id = device(token.substr(7));
        return id ? std::optional(ports::Speaker{*id, in_force->devices[id->value].is_gateway}) : std::nullopt;
    }
    std::optional<model::DeviceId> device(std::string_view code) override {
        const auto found = in_force->device_by_code.find(code);
        return found == in_force->device_by_code.end() ? std::nullopt : std::optional(found->second);
    }
    ports::Submitted submit(const ports::Speaker& speaker, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload& raw) override {
        Taken one{std::string(signal.device), std::string(signal.id),
                  std::string(signal.time),   "",
                  std::string(raw.bytes),     {}};
        for (const auto& v : signal.values) one.values[std::string(v.name)] = shown(v);
        const auto id = device(signal.device);
        if (!id)
            one.code = "unknown-device";
        else if (*id != speaker.device && in_force->devices[id->value].gateway != speaker.device)
            one.code = "not-your-device";
        return take(std::move(one));
    }
    ports::Submitted refuse(const ports::Speaker&, std::string_view, const base::Error& why,
                            const ports::RawPayload& raw) override {
        return take({"", "", "", why.code, std::string(raw.bytes), {}});
    }
    std::size_t announce(const ports::Speaker&, std::string_view, std::span<const ports::Announced> devices) override {
        announced.assign(devices.begin(), devices.end());
        return devices.size();
    }
    [[nodiscard]] std::shared_ptr<const model::Policy> policy() const override { return in_force; }
    [[nodiscard]] std::uint64_t committed() const override { return commit_at_once ? taken.size() : on_disk; }
    std::uint64_t on_progress(std::function<void()>) override { return 1; }
    void forget(std::uint64_t) override {}

    // Those that are no word of being online.
    [[nodiscard]] std::vector<Taken> alarms() const {
        std::vector<Taken> out;
        for (const auto& t : taken) {
            if (!t.values.contains("online")) out.push_back(t);
        }
        return out;
    }
    [[nodiscard]] std::vector<std::string> online() const {
        std::vector<std::string> out;
        for (const auto& t : taken) {
            if (const auto v = t.values.find("online"); v != t.values.end()) out.push_back(t.device + " " + v->second);
        }
        return out;
    }

private:
    ports::Submitted take(Taken one) {
        if (busy) return {ports::Admission::busy, 0, {}};
        const bool good = one.code.empty();
        const base::Error why{one.code, "", ""};
        taken.push_back(std::move(one));
        return {good ? ports::Admission::queued : ports::Admission::quarantined, taken.size(),
                good ? std::nullopt : std::optional(why)};
    }
};

class FakeBook final : public ports::CameraBook {
public:
    std::map<std::string, std::string> rows;
    bool holds_back = false;
    std::vector<std::function<void()>> held;

    std::optional<std::string> password(std::string_view device) override {
        if (device == "34020000001320000009") return {};
        return "secret-" + std::string(device);
    }
    std::optional<std::string> kept(std::string_view national, std::string_view what) override {
        const auto row = rows.find(fmt::format("{}/{}", national, what));
        return row == rows.end() ? std::nullopt : std::optional(row->second);
    }
    void keep(std::string_view national, std::string_view what, std::string text, std::function<void()> done) override {
        rows[fmt::format("{}/{}", national, what)] = std::move(text);
        if (holds_back)
            held.push_back(std::move(done));
        else
            done();
    }
};

inline std::string head(const std::string& method, const std::string& from, int sequence, const std::string& more,
                        std::string_view body = {}, const std::string& call = "call-1") {
    return fmt::format(
        "{0} sip:{1}@3402000000 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bK{0}{2}{5}\r\nFrom: "
        "<sip:{3}@3402000000>;tag=77\r\nTo: <sip:{1}@3402000000>\r\nCall-ID: {5}@192.0.2.10\r\nCSeq: {2} {0}\r\n"
        "Max-Forwards: 70\r\n{4}Content-Length: {6}\r\n\r\n{7}",
        method, platform, sequence, from, more, call, body.size(), body);
}

inline std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto at = text.find(before);
    if (at == std::string::npos) return {};
    const auto from = at + before.size();
    return text.substr(from, text.find(after, from) - from);
}

// Credentials for the nonce of a 401.
inline std::string credentials(const std::string& challenge, const std::string& user, const std::string& password,
                               const std::string& method = "REGISTER", bool with_qop = true) {
    Authorization a{user,
                    "3402000000",
                    between(challenge, "nonce=\"", "\""),
                    "sip:34020000002000000001@3402000000",
                    "",
                    "MD5",
                    "0a4f113b",
                    with_qop ? "auth" : "",
                    "00000001"};
    a.response = digest_response(a, method, password).value_or("");
    std::string out = fmt::format(
        "Authorization: Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{}\", response=\"{}\", algorithm=MD5",
        a.user, a.realm, a.nonce, a.uri, a.response);
    if (with_qop) out += fmt::format(", qop=auth, cnonce=\"{}\", nc={}", a.cnonce, a.nonce_count);
    return out + "\r\n";
}

inline std::string alarm_body(const std::string& channel, int serial, int method, int type,
                              const std::string& description = {}) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"GB2312\"?>\r\n<Notify>\r\n<CmdType>Alarm</CmdType>\r\n<SN>{}</SN>\r\n"
        "<DeviceID>{}</DeviceID>\r\n<AlarmPriority>1</AlarmPriority>\r\n<AlarmMethod>{}</AlarmMethod>\r\n"
        "<AlarmTime>2026-07-03T12:00:00</AlarmTime>\r\n<AlarmDescription>{}</AlarmDescription>\r\n<Info>\r\n"
        "<AlarmType>{}</AlarmType>\r\n</Info>\r\n</Notify>\r\n",
        serial, channel, method, description, type);
}

inline std::string keepalive_body(const std::string& code, int serial) {
    return fmt::format(
        "<?xml version=\"1.0\"?>\r\n<Notify>\r\n<CmdType>Keepalive</CmdType>\r\n<SN>{}</SN>\r\n"
        "<DeviceID>{}</DeviceID>\r\n<Status>OK</Status>\r\n</Notify>\r\n",
        serial, code);
}

// A registrar and what speaks with it.
struct Stand {
    FakeIntake intake;
    FakeBook book;
    std::vector<std::string> lines;
    RegistrarOptions options;
    std::unique_ptr<Registrar> registrar;
    Peer peer{"192.0.2.10", 5060, false, 0};
    std::int64_t now = 1'000'000;
    int sequence = 0;

    Stand() {
        options.code = platform;
        options.address = "192.0.2.1";
        options.log = [this](bool, std::string_view line) { lines.emplace_back(line); };
        start();
    }
    void start() {
        registrar = std::make_unique<Registrar>(intake, book, options);
        registrar->start(now);
    }
    // The first answer, or nothing; what else is sent lies in `others`.
    std::vector<std::string> others;
    std::string say(const std::string& message) {
        registrar->receive(message, peer, now);
        return answer();
    }
    std::string answer() {
        others.clear();
        std::string first;
        for (auto& out : registrar->take()) {
            if (first.empty() && out.bytes.starts_with("SIP/2.0"))
                first = std::move(out.bytes);
            else
                others.push_back(std::move(out.bytes));
        }
        return first;
    }
    std::string register_as(const std::string& code, const std::string& password, int expires = 3'600) {
        const auto more = fmt::format("Contact: <sip:{}@192.0.2.10:5060>\r\nExpires: {}\r\n", code, expires);
        const auto challenge = say(head("REGISTER", code, ++sequence, more, {}, "reg-" + code));
        return say(
            head("REGISTER", code, ++sequence, more + credentials(challenge, code, password), {}, "reg-" + code));
    }
    std::string send(const std::string& code, const std::string& body, const std::string& method = "MESSAGE") {
        return say(head(method, code, ++sequence, "Content-Type: Application/MANSCDP+xml\r\n", body, "m-" + code));
    }
};

}  // namespace shoumen::doors::sip::testing

// Any bytes on an MQTT connection: no crash, and the same outcome however the bytes are cut and however often the shell
// is busy. The first byte says whether a valid CONNECT goes before, and of which version; the second seeds the cuts.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "doors/mqtt/session.hpp"

using namespace shoumen;
using namespace shoumen::doors::mqtt;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

class Intake : public ports::Intake {
public:
    explicit Intake(std::uint64_t seed) : random_(seed) {}
    std::vector<std::string> taken;
    bool often_busy = false;

    std::optional<ports::Speaker> speaker(std::string_view token) override {
        return token == "t" ? std::optional(ports::Speaker{model::DeviceId{0U}, true}) : std::nullopt;
    }
    std::optional<model::DeviceId> device(std::string_view code) override {
        return code == "d" ? std::optional(model::DeviceId{0U}) : std::nullopt;
    }
    ports::Submitted submit(const ports::Speaker&, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload& raw) override {
        expect(!signal.device.empty() && !signal.kind.empty());
        return take("signal " + std::string(signal.device) + " " + std::string(raw.topic) + " " +
                    std::string(raw.bytes));
    }
    ports::Submitted refuse(const ports::Speaker&, std::string_view, const base::Error& why,
                            const ports::RawPayload& raw) override {
        return take(why.code + " " + std::string(raw.topic) + " " + std::string(raw.bytes));
    }
    std::uint64_t committed() const override { return taken.size(); }
    std::uint64_t on_progress(std::function<void()>) override { return 1; }
    void forget(std::uint64_t) override {}

private:
    ports::Submitted take(std::string what) {
        if (often_busy && random_.chance(0.5)) return {ports::Admission::busy, 0, {}};
        taken.push_back(std::move(what));
        return {ports::Admission::queued, taken.size(), {}};
    }
    base::SeededRandom random_;
};

struct Outcome {
    std::vector<std::string> taken;
    std::string why;
    bool ended = false;
    std::uint64_t acknowledged = 0;
    bool operator==(const Outcome&) const = default;
};

// What was answered is whole packets, and those of MQTT 5 can be read.
void check_answers(std::string_view answers, Version version) {
    while (!answers.empty()) {
        const auto read = read_frame(answers);
        expect(read && *read && (*read)->size() <= answers.size());
        const auto body = answers.substr((*read)->header, (*read)->body);
        if ((*read)->type == PacketType::connack) expect(read_connack(body, version).has_value());
        if ((*read)->type == PacketType::disconnect) expect(read_disconnect(body, version).has_value());
        if ((*read)->type == PacketType::puback) expect(read_puback(body, version).has_value());
        answers.remove_prefix((*read)->size());
    }
}

Outcome run(std::string_view bytes, std::uint64_t seed, bool in_pieces) {
    base::SeededRandom random(seed);
    Intake intake(seed);
    intake.often_busy = in_pieces;
    Common common(intake);
    Session session(common);
    std::string held;
    std::string answers;
    Verdict verdict = Verdict::more;
    while (verdict != Verdict::close) {
        const auto piece = verdict == Verdict::stalled ? 0
                           : in_pieces                 ? std::min<std::size_t>(bytes.size(), 1 + random.below(40))
                                                       : bytes.size();
        if (piece == 0 && verdict == Verdict::more) break;
        held += bytes.substr(0, piece);
        bytes.remove_prefix(piece);
        const auto padded = held + std::string(doors::NativeReader::padding, '{');
        const auto consumed = session.consume(std::string_view(padded).substr(0, held.size()), answers);
        expect(consumed.bytes <= held.size());
        held.erase(0, consumed.bytes);
        expect(consumed.verdict != Verdict::more || held.size() < session.needed());
        expect(consumed.verdict == Verdict::close || held.size() <= max_whole_packet);
        verdict = consumed.verdict;
        session.acknowledge(intake.committed(), answers);
    }
    expect(!session.waits_for_commit());
    session.farewell(session.fault_code(), session.why(), answers);
    check_answers(answers, session.version());
    session.lost();
    while (!common.waiting_wills.empty()) common.submit_waiting_wills();
    return {std::move(intake.taken), session.why(), verdict == Verdict::close, common.counters.acknowledged};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    std::string bytes;
    if (data[0] & 1U) {
        write_connect(bytes, {.level = static_cast<std::uint8_t>(data[0] & 2U ? 5 : 4),
                              .clean_session = true,
                              .client_id = "c",
                              .will = Will{.topic = "shoumen/v1/d/signal", .payload = "{}"},
                              .user = "d",
                              .password = "t"});
    }
    bytes.append(reinterpret_cast<const char*>(data + 2), size - 2);
    expect(run(bytes, 0, false) == run(bytes, data[1], true));
    return 0;
}

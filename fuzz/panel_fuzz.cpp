// Any bytes of a fire panel: no crash, the same outcome however they are cut, and every answer is a frame with a right
// sum. The first byte seeds the cuts.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "doors/panel/session.hpp"

using namespace shoumen;
using namespace shoumen::doors::panel;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

class Intake final : public ports::Intake {
public:
    Intake() {
        in_force->devices.push_back({.code = "panel", .is_gateway = true});
        in_force->devices.push_back({.code = "link", .kind = model::SignalKind::link, .gateway = model::DeviceId{0U}});
        in_force->maps.push_back({.code = "m", .devices = {{"gb26875:000000000001", "panel"}}});
    }
    std::shared_ptr<model::Policy> in_force = std::make_shared<model::Policy>();
    std::vector<std::string> taken;

    std::optional<ports::Speaker> speaker(std::string_view) override { return {}; }
    std::optional<model::DeviceId> device(std::string_view code) override {
        if (code == "panel") return model::DeviceId{0U};
        return code == "link" ? std::optional(model::DeviceId{1U}) : std::nullopt;
    }
    ports::Submitted submit(const ports::Speaker&, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload&) override {
        expect(!signal.device.empty() && signal.id.size() <= 128 && signal.values.size() <= 64);
        taken.push_back(std::string(signal.device) + " " + std::string(signal.id));
        return {ports::Admission::queued, taken.size(), {}};
    }
    ports::Submitted refuse(const ports::Speaker&, std::string_view, const base::Error& why,
                            const ports::RawPayload& raw) override {
        taken.push_back(why.code + " " + std::string(raw.bytes));
        return {ports::Admission::quarantined, taken.size(), why};
    }
    [[nodiscard]] std::shared_ptr<const model::Policy> policy() const override { return in_force; }
    std::uint64_t committed() const override { return taken.size(); }
    std::uint64_t on_progress(std::function<void()>) override { return 1; }
    void forget(std::uint64_t) override {}
};

struct Outcome {
    std::vector<std::string> taken;
    std::string answers;
    bool operator==(const Outcome&) const = default;
};

Outcome run(std::string_view bytes, std::uint64_t seed, bool in_pieces) {
    base::SeededRandom random(seed);
    Intake intake;
    Common common(intake);
    Session session(common, "192.0.2.9");
    Outcome out;
    std::string held;
    while (!bytes.empty()) {
        const auto piece = in_pieces ? std::min<std::size_t>(bytes.size(), 1 + random.below(20)) : bytes.size();
        held += bytes.substr(0, piece);
        bytes.remove_prefix(piece);
        const auto done = session.consume(held, out.answers);
        expect(!done.stalled && done.bytes <= held.size());
        held.erase(0, done.bytes);
        expect(held.size() <= most_frame);
    }
    // At the end, so that what is denied at once stands where it stands in the other run.
    session.acknowledge(intake.committed(), out.answers);
    expect(!session.waits_for_commit());
    std::string_view rest = out.answers;
    while (!rest.empty()) {
        const auto found = find_frame(rest);
        expect(found.frame && found.sum_is_right && found.skipped == 0);
        rest.remove_prefix(found.used);
    }
    expect(session.lost());
    out.taken = intake.taken;
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    expect(run(bytes, 0, false) == run(bytes, data[0], true));
    return 0;
}

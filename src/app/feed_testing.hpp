// The demo community, and the script played through the core without doors. For tests of the feed.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "doors/payload/native.hpp"
#include "loop/core.hpp"
#include "policy/directory.hpp"
#include "sense/decode.hpp"
#include "shell/driver.hpp"
#include "twin/script.hpp"

namespace shoumen::app::testing {

using twin::Message;
using twin::render;
using twin::Script;

inline constexpr std::uint64_t usual_seed = 20260303;

inline std::shared_ptr<const model::Policy> demo() {
    static const std::shared_ptr<const model::Policy> policy = [] {
        const auto files = policy::read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
        REQUIRE(files);
        return policy::compile(*files, nullptr, 1).policy;
    }();
    REQUIRE(policy);
    return policy;
}

using KindAndPlace = std::pair<std::string, std::string>;

// What became of a script that was sent at `speed` from `start` on.
struct Played {
    std::set<KindAndPlace> incidents;
    std::set<KindAndPlace> red;
    std::map<std::string, int> quarantined;  // by code
    model::SenseCounts counts;
    std::vector<std::pair<base::Duration, std::string>> opened;  // since the start, kind
};

class Stage60 {
public:
    explicit Stage60(base::Time start) : start_(start), core_([](std::uint64_t) { return demo(); }) {
        core_.load_policy(demo(), start);
    }

    Played play(const Script& script, const std::string& run, double speed = 60) {
        Played out;
        for (const Message& m : script.messages) say(m, run, start_ + real(m.at, speed), out);
        start_ = start_ + real(script.length, speed);
        return out;
    }

private:
    struct NoTexts final : sense::TextKeeper {
        explicit NoTexts(model::Batch& b) : batch(b) {}
        std::uint64_t keep(std::string_view) override {
            batch.texts.emplace_back();
            return batch.texts.size() - 1;
        }
        model::Batch& batch;
    };

    static base::Duration real(base::Duration script_time, double speed) {
        return {static_cast<std::int64_t>(static_cast<double>(script_time.us) / speed)};
    }

    void say(const Message& m, const std::string& run, base::Time now, Played& out) {
        model::Batch batch;
        batch.shard = 1;
        batch.first_seq = next_;
        NoTexts texts(batch);
        const std::string payload = render(m, run, demo()->zone, now);
        const auto refuse = [&](const base::Error& e) { ++out.quarantined[e.code]; };
        if (const auto n = reader_.read(payload); !n) return refuse(n.error());
        const auto flat = reader_.signal(0, m.device);
        if (!flat) return refuse(flat.error());
        const auto gateway = demo()->device_by_code.at("gw-demo");
        if (const auto done = sense::decode(*demo(), *flat, gateway, now, texts, batch); !done)
            return refuse(done.error());
        model::Effects effects;
        shell::drive(core_, batch, shell::Timers::own, effects);
        next_ += batch.inputs.size();
        collect(effects, out);
    }

    void collect(const model::Effects& effects, Played& out) {
        for (const auto id : effects.changed) {
            const model::Incident& i = *core_.incident(id);
            const KindAndPlace what{demo()->incident_kinds[i.kind.value].code, demo()->places[i.place.value].code};
            if (out.incidents.insert(what).second) out.opened.emplace_back(i.opened - start_, what.first);
            if (i.severity == model::Severity::red) out.red.insert(what);
        }
        out.counts.signals += effects.counts.signals;
        out.counts.repeats += effects.counts.repeats;
        out.counts.late += effects.counts.late;
        out.counts.clock_wrong += effects.counts.clock_wrong;
    }

    base::Time start_;
    loop::Core core_;
    doors::NativeReader reader_;
    std::uint64_t next_ = 1;
};

inline base::Time at(const char* text) { return base::parse_rfc3339(text).value(); }

}  // namespace shoumen::app::testing

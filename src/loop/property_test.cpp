// Random streams of inputs: how they are cut into batches does not matter, nor does a restart anywhere.
#include <set>

#include <doctest/doctest.h>

#include "base/random.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::loop;
using namespace shoumen::loop::testing;

namespace {

// --- A stream ------------------------------------------------------------------------------------

// One input by itself, in a batch of one.
struct Stream {
    std::vector<std::shared_ptr<const Policy>> policies;
    std::vector<Batch> inputs;
    std::size_t refused = 0;
    std::size_t accepted = 0;
    std::size_t incidents = 0;
    std::size_t looks = 0;
    std::size_t quiet = 0;
};

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {
        for (std::uint64_t version = 1; version <= 3; ++version) {
            Homes homes(version);
            homes.all_rules();
            if (version == 2) homes.policy.rules.erase(homes.policy.rules.begin() + 1);
            if (version == 3) homes.policy.rules[0].severity = Severity::yellow;
            for (std::size_t n = 0; n < homes.policy.rules.size(); ++n) homes.policy.rules[n].id = RuleId{n};
            stream_.policies.push_back(homes.ready());
        }
    }

    Stream make(std::size_t length) {
        Driven driven(stream_.policies[0]);
        for (const auto& policy : stream_.policies) driven.policies[policy->version] = policy;
        for (std::size_t n = 0; n < length; ++n) {
            add_one(driven);
            driven.step(stream_.inputs.back());
            note(driven);
        }
        stream_.incidents = known_.size();
        return std::move(stream_);
    }

private:
    void note(const Driven& driven) {
        for (const TimelineEvent& e : driven.effects.events) {
            stream_.looks += e.type == EventType::look_wanted ? 1 : 0;
            stream_.quiet += e.type == EventType::quietened ? 1 : 0;
        }
        for (const IncidentId id : driven.effects.changed) {
            if (std::ranges::find(known_, id) == known_.end()) known_.push_back(id);
        }
        for (const auto& result : driven.effects.results) ++(result.accepted ? stream_.accepted : stream_.refused);
    }

    // Mostly as a driver would: a timer where something is due. Now and then late, or for nothing.
    void add_one(const Driven& driven) {
        Batch& batch = stream_.inputs.emplace_back();
        if (random_.chance(0.6)) now_ = now_ + base::seconds(static_cast<std::int64_t>(random_.below(90)));
        if (driven.core.next_due() <= now_ && random_.chance(0.9)) return add_timer(batch, now_);
        const auto what = random_.below(100);
        if (what < 2) return add_timer(batch, now_);
        if (what < 3) return add_policy(batch, now_, 1 + random_.below(4));
        if (what < 30) return add_command(batch, now_, some_command(driven));
        some_signal(batch);
    }

    void some_signal(Batch& batch) {
        const auto device = static_cast<std::uint32_t>(random_.below(home_count));
        std::vector<Value> values;
        if (random_.chance(0.5)) values = random_.chance(0.5) ? on() : off();
        if (random_.chance(0.6)) values.push_back(Value::real(level, static_cast<double>(random_.below(100))));
        const std::uint64_t message = random_.chance(0.5) ? random_.below(40) : 0;
        Time claimed = Time::none();
        if (random_.chance(0.5)) claimed = now_ + base::seconds(static_cast<std::int64_t>(random_.below(400)) - 200);
        add_signal(batch, now_, device, values, message, claimed);
    }

    Command some_command(const Driven& driven) {
        Command c;
        c.actor = some_actor();
        const bool by_hand = known_.empty() || random_.chance(0.1);
        c.action = by_hand ? Action::report : some_action();
        if (!by_hand) c.incident = known_[known_.size() - 1 - random_.below(std::min<std::size_t>(known_.size(), 6))];
        if (!by_hand && driven.core.incident(c.incident) && random_.chance(0.5))
            forward(c, *driven.core.incident(c.incident));
        c.request = random_.below(4);
        c.kind = IncidentKindId{random_.below(4)};
        c.place = PlaceId{random_.below(17)};
        c.severity = static_cast<Severity>(random_.below(4));
        c.body = BodyId{random_.below(4)};
        if (!known_.empty()) c.other = known_[random_.below(known_.size())];
        c.evidence[0] = static_cast<std::uint8_t>(random_.below(200));
        if (random_.chance(0.2)) c.verdict = static_cast<Verdict>(random_.below(verdict_count));
        c.phase = random_.chance(0.8) ? EvidencePhase::after : EvidencePhase::before;
        return c;
    }

    // The next arrow towards the end.
    void forward(Command& c, const Incident& i) {
        const bool shown = !i.evidence.empty() && i.evidence.back().phase == EvidencePhase::after &&
                           i.evidence.back().added >= i.arrived;
        switch (i.state) {
            case IncidentState::open:
                c.action = i.look == Look::wanted && random_.chance(0.3) ? Action::confirm
                           : random_.chance(0.5)                         ? Action::mark_false_alarm
                                                                         : Action::acknowledge;
                break;
            case IncidentState::acknowledged:
                c.action = random_.chance(0.5) ? Action::depart : Action::arrive;
                break;
            case IncidentState::en_route:
                c.action = Action::arrive;
                break;
            case IncidentState::on_scene:
                c.action = shown ? Action::resolve : Action::add_evidence;
                break;
            case IncidentState::resolved:
                c.action = i.verified.is_set() ? Action::reporter_satisfied : Action::verify;
                break;
            default:
                break;
        }
    }

    Action some_action() {
        const Action action = static_cast<Action>(random_.below(action_count));
        return action == Action::report ? Action::seen : action;
    }

    Actor some_actor() {
        const BodyId body{random_.below(4)};
        const char* people[] = {"p-manager", "p-committee", "p-street", "p-district", "rui"};
        Actor actor = person(people[random_.below(5)], {body});
        for (const Role role : {Role::duty_officer, Role::verifier}) {
            if (random_.chance(0.4)) actor.roles.add(role);
        }
        return actor;
    }

    base::SeededRandom random_;
    Stream stream_;
    Time now_ = noon;
    std::vector<IncidentId> known_;
};

// --- Playing it ----------------------------------------------------------------------------------

void append(Batch& to, const Batch& from) {
    const auto values = static_cast<std::uint32_t>(to.values.size());
    for (const InputHead& head : from.inputs) {
        InputHead moved = head;
        if (head.type == InputType::signal) {
            moved.index = static_cast<std::uint32_t>(to.signals.size());
            to.signals.push_back(from.signals[head.index]);
            to.signals.back().values_begin += values;
        } else if (head.type == InputType::command) {
            moved.index = static_cast<std::uint32_t>(to.commands.size());
            to.commands.push_back(from.commands[head.index]);
        } else if (head.type == InputType::policy) {
            moved.index = static_cast<std::uint32_t>(to.policies.size());
            to.policies.push_back(from.policies[head.index]);
        }
        to.inputs.push_back(moved);
    }
    to.values.insert(to.values.end(), from.values.begin(), from.values.end());
}

// As it would stand in the log.
Batch read_back(const Batch& batch) {
    base::ByteWriter out;
    encode(batch, out);
    Batch read;
    REQUIRE(decode_batch(out.view(), read));
    return read;
}

std::vector<Batch> cut(const Stream& stream, base::SeededRandom& random, std::size_t longest) {
    std::vector<Batch> batches;
    std::size_t left = 0;
    for (const Batch& input : stream.inputs) {
        if (left == 0) {
            left = 1 + random.below(longest);
            batches.emplace_back();
        }
        append(batches.back(), input);
        --left;
    }
    return batches;
}

std::string words(const Effects& e) {
    std::string text;
    const auto add = [&](auto... parts) { ((text += std::to_string(parts) + ' '), ...); };
    for (const auto& a : e.alerts) {
        add(a.alert.id.value, a.alert.rule.value, a.alert.place.value, a.alert.anchor.value, a.alert.at.us,
            a.alert.late, a.incident.value);
    }
    for (const auto& c : e.cleared) add(c.id.value, c.at.us);
    for (const auto& v : e.events) {
        add(v.incident.value, v.nth, v.cause_seq, v.at.us, static_cast<int>(v.type), static_cast<int>(v.from),
            static_cast<int>(v.to));
        text += v.actor.code + v.detail + '\n';
    }
    for (const auto& n : e.notices) add(n.id.value, n.incident.value, static_cast<int>(n.reason), n.at.us);
    for (const auto& r : e.results) text += std::to_string(r.seq) + r.code + std::to_string(r.incident.value) + '\n';
    add(e.counts.signals, e.counts.repeats, e.counts.late, e.counts.clock_wrong);
    return text;
}

// Everything that came of it, whatever the batches were.
struct Played {
    std::string effects;
    std::map<std::uint64_t, std::string> changed;  // as they stand at the end
    std::string windows;
    Time due;
    bool operator==(const Played&) const = default;
};

std::unique_ptr<Core> new_core(const Stream& stream) {
    return std::make_unique<Core>([&stream](std::uint64_t version) {
        return version >= 1 && version <= stream.policies.size() ? stream.policies[version - 1] : nullptr;
    });
}

void step(Core& core, Batch& batch, std::uint64_t& seq, Effects& effects) {
    batch.first_seq = seq;
    seq += batch.inputs.size();
    const auto from = effects.changed.size();
    core.step(batch, effects);
    std::set<IncidentId> once(effects.changed.begin(), effects.changed.end());
    REQUIRE(once.size() == effects.changed.size());
    for (std::size_t n = from; n < effects.changed.size(); ++n) {
        const Incident* incident = core.incident(effects.changed[n]);
        REQUIRE(incident);
        const auto broken = act::check(*incident);
        if (broken) FAIL(*broken);
    }
}

Played outcome(const Core& core, const Effects& effects) {
    Played played{words(effects), {}, window_bytes(core), core.next_due()};
    for (const IncidentId id : effects.changed) {
        const Incident* incident = core.incident(id);
        played.changed[id.value] = incident ? incident_bytes(*incident) : "";
    }
    return played;
}

Played play(const Stream& stream, std::vector<Batch> batches) {
    const auto core = new_core(stream);
    core->load_policy(stream.policies[0], noon);
    Effects effects;
    std::uint64_t seq = 1;
    for (Batch& batch : batches) step(*core, batch, seq, effects);
    return outcome(*core, effects);
}

// Stops after each batch with chance `stop`: a new core from the last snapshot, the rows and the log since.
Played play_with_stops(const Stream& stream, std::vector<Batch> batches, base::SeededRandom& random, double stop) {
    auto core = new_core(stream);
    core->load_policy(stream.policies[0], noon);
    std::string snapshot = window_bytes(*core);
    std::vector<Batch> log;
    std::map<IncidentId, Incident> rows;
    Effects effects;
    std::uint64_t seq = 1;
    for (Batch& batch : batches) {
        step(*core, batch, seq, effects);
        log.push_back(read_back(batch));
        for (const IncidentId id : effects.changed) {
            if (const Incident* incident = core->incident(id)) rows[id] = *incident;
        }
        if (random.chance(0.2)) {
            snapshot = window_bytes(*core);
            log.clear();
        }
        if (!random.chance(stop)) continue;
        const std::string wanted = window_bytes(*core);
        const Time now = batch.inputs.back().received;
        core = new_core(stream);
        base::ByteReader in(snapshot);
        REQUIRE(core->load_windows(in));
        for (const Batch& logged : log) core->rewind(logged);
        for (const auto& [id, row] : rows) {
            for (const Evidence& evidence : row.evidence) core->load_evidence(evidence.sha256, id);
            if (!act::is_held(row, now)) continue;
            auto loaded = decode_incident(incident_bytes(row));
            REQUIRE(loaded);
            core->load_incident(std::move(*loaded));
        }
        REQUIRE(window_bytes(*core) == wanted);
    }
    return outcome(*core, effects);
}

struct Totals {
    std::size_t accepted = 0;
    std::size_t refused = 0;
    std::size_t incidents = 0;
    std::size_t looks = 0;
    std::size_t quiet = 0;
};

void try_streams(std::uint64_t first, std::uint64_t count, std::size_t length, Totals& totals) {
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        CAPTURE(seed);
        const Stream stream = Maker(seed).make(length);
        totals.accepted += stream.accepted;
        totals.refused += stream.refused;
        totals.incidents += stream.incidents;
        totals.looks += stream.looks;
        totals.quiet += stream.quiet;
        base::SeededRandom random(seed);
        const Played one_by_one = play(stream, cut(stream, random, 1));
        REQUIRE(play(stream, cut(stream, random, 1000)) == one_by_one);
        REQUIRE(play(stream, cut(stream, random, 7)) == one_by_one);
        REQUIRE(play_with_stops(stream, cut(stream, random, 5), random, 0.2) == one_by_one);
    }
}

}  // namespace

TEST_CASE("neither batches nor restarts change what comes of random streams") {
    Totals totals;
    try_streams(1, 40, 1500, totals);
    CHECK(totals.accepted > 40 * 100);
    CHECK(totals.refused > 40 * 100);
    CHECK(totals.incidents > 40 * 10);
    CHECK(totals.looks > 0);
}

TEST_SUITE("full") {
    TEST_CASE("nor of many more") {
        Totals totals;
        try_streams(1'000, 1'000, 1500, totals);
        CHECK(totals.incidents > 10'000);
    }
}

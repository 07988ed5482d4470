// A small community and its driver, for the tests of this room.
#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "analyse/windows.hpp"

namespace shoumen::analyse::testing {

using base::Duration;
using base::Time;
using model::DeviceId;
using model::FieldId;
using model::PlaceId;
using model::SymbolId;

// 2026-03-03T00:00:00Z, a Tuesday; 08:00 in Shanghai.
inline const Time day{1'772'496'000'000'000};

inline Time at(std::int64_t s) { return day + base::seconds(s); }

constexpr FieldId flag{0U};
constexpr FieldId level{1U};
constexpr FieldId action{2U};
constexpr SymbolId emergency{0U};
constexpr SymbolId test_press{1U};

inline model::Condition is_true(FieldId field) {
    return {field, model::Compare::equal, model::Value::boolean(field, true)};
}
inline model::Condition is_false(FieldId field) {
    return {field, model::Compare::equal, model::Value::boolean(field, false)};
}
inline model::Condition compares(FieldId field, model::Compare how, double number) {
    return {field, how, model::Value::real(field, number)};
}
inline model::Condition is_word(FieldId field, SymbolId word) {
    return {field, model::Compare::equal, model::Value::symbol(field, word)};
}

constexpr std::uint32_t bit(model::SignalKind kind) { return 1U << static_cast<unsigned>(kind); }

// community 0 ─ estate 1 ─ building 2 ─ unit 3 ─ floor 4 ─ home 5 ─ room 6
//                                              └ floor 7 ─ home 8
//                        └ building 9 ─ unit 10 ─ floor 11 ─ home 12
// Devices: 0 and 1 in home 5 (1 in its room), 2 in home 8, 3 in home 12, 4 at building 9, 5 a gateway.
inline model::Policy make_community(model::SignalKind kind) {
    using model::PlaceLevel;
    model::Policy policy;
    policy.version = 1;
    const auto place = [&](const char* code, std::uint32_t parent, PlaceLevel l) {
        policy.places.push_back({.code = code, .parent = PlaceId{parent}, .level = l});
    };
    place("c", PlaceId::none_value, PlaceLevel::community);
    place("e", 0, PlaceLevel::estate);
    place("b1", 1, PlaceLevel::building);
    place("b1u1", 2, PlaceLevel::unit);
    place("b1u1f1", 3, PlaceLevel::floor);
    place("b1u1h1", 4, PlaceLevel::home);
    place("b1u1h1r1", 5, PlaceLevel::room);
    place("b1u1f2", 3, PlaceLevel::floor);
    place("b1u1h2", 7, PlaceLevel::home);
    place("b2", 1, PlaceLevel::building);
    place("b2u1", 9, PlaceLevel::unit);
    place("b2u1f1", 10, PlaceLevel::floor);
    place("b2u1h1", 11, PlaceLevel::home);
    for (const std::uint32_t where : {5U, 6U, 8U, 12U, 9U}) {
        policy.devices.push_back(
            {.code = "d" + std::to_string(policy.devices.size()), .kind = kind, .place = PlaceId{where}});
    }
    policy.devices.push_back({.code = "gw", .place = PlaceId{2U}, .is_gateway = true});
    policy.fields = {"flag", "level", "action"};
    policy.symbols = {"emergency", "test"};
    policy.causes = {"cause"};
    policy.incident_kinds.push_back({.code = "kind"});
    policy.root = PlaceId{0U};
    return policy;
}

inline void add_rule(model::Policy& policy, model::Rule rule) {
    rule.id = model::RuleId{policy.rules.size()};
    if (rule.code.empty()) rule.code = "r" + std::to_string(policy.rules.size());
    if (rule.identity == base::Digest{}) rule.identity = base::sha256(rule.code);
    rule.incident = model::IncidentKindId{0U};
    rule.cause = model::CauseId{0U};
    policy.rules.push_back(std::move(rule));
}

// Drives windows as the shell does: what is due by a signal's receipt fires before it.
class Driver {
public:
    explicit Driver(model::Policy policy, Time now = day) { adopt(std::move(policy), now); }

    void adopt(model::Policy policy, Time now) {
        policy.index();
        policy_ = std::make_shared<const model::Policy>(std::move(policy));
        windows.adopt(policy_, now);
    }

    // Each call returns what came of it in words: "alert r0 d1 +5s", "late alert …", "cleared r0 +7s"; several joined
    // by "; ".
    std::string hear(std::uint32_t device, Time received, std::vector<model::Value> values, Time claimed = Time::none(),
                     model::TimeVerdict verdict = model::TimeVerdict::event) {
        std::string said = tick(received);
        model::Signal signal;
        signal.device = DeviceId{device};
        signal.kind = policy_->devices.at(device).kind;
        signal.claimed = claimed;
        const bool counts = claimed.is_set() && verdict == model::TimeVerdict::event;
        Finding found;
        std::uint32_t nth = 0;
        windows.signal(signal, values, counts ? claimed : received, verdict, ++seq, nth, found);
        return joined(std::move(said), words(found));
    }
    std::string tick(Time now) {
        if (windows.next_due() > now) return {};
        Finding found;
        std::uint32_t nth = 0;
        windows.fire_due(now, ++seq, nth, found);
        return words(found);
    }

    // As after a stop: new windows from the bytes of the old.
    void restart(Time now) {
        base::ByteWriter out;
        windows.encode(out);
        Windows fresh;
        fresh.adopt(policy_, now);
        base::ByteReader in(out.view());
        if (!fresh.decode(in) || !in.at_end()) throw std::runtime_error("the windows' bytes cannot be read");
        windows = std::move(fresh);
    }

    Windows windows;
    std::uint64_t seq = 0;
    std::vector<model::Alert> alerts;
    std::vector<QuietReason> reasons;

private:
    static std::string joined(std::string a, const std::string& b) {
        if (a.empty() || b.empty()) return a + b;
        return a + "; " + b;
    }
    std::string words(const Finding& found) {
        std::string said;
        reasons.insert(reasons.end(), found.reasons.begin(), found.reasons.end());
        for (const model::Alert& alert : found.raised) {
            alerts.push_back(alert);
            rules_.push_back(policy_->rules[alert.rule.value].code);
            const std::string who = alert.device.valid() ? policy_->devices[alert.device.value].code
                                                         : policy_->places[alert.place.value].code;
            said = joined(said, std::string(alert.late ? "late " : "") + "alert " +
                                    policy_->rules[alert.rule.value].code + " " + who + " " + offset(alert.at));
        }
        for (const model::AlertCleared& cleared : found.cleared) {
            for (std::size_t i = 0; i < alerts.size(); ++i) {
                if (alerts[i].id == cleared.id) said = joined(said, "cleared " + rules_[i] + " " + offset(cleared.at));
            }
        }
        return said;
    }
    static std::string offset(Time t) { return "+" + std::to_string((t - day).us / 1'000'000) + "s"; }

    std::shared_ptr<const model::Policy> policy_;
    std::vector<std::string> rules_;  // by alert: numbers of rules change with the policy
};

inline std::vector<model::Value> on() { return {model::Value::boolean(flag, true)}; }
inline std::vector<model::Value> off() { return {model::Value::boolean(flag, false)}; }
inline std::vector<model::Value> measure(double value) { return {model::Value::real(level, value)}; }

}  // namespace shoumen::analyse::testing

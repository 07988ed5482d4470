// A small community and the ways to speak to its core, for the tests of this room.
#pragma once
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "loop/core.hpp"

namespace shoumen::loop::testing {

using namespace model;
using base::Time;

constexpr Time noon{1'772'510'400'000'000};  // 2026-03-03 12:00 +08:00
constexpr FieldId alarm{0U};
constexpr FieldId level{1U};
constexpr std::uint32_t home_count = 12;  // four to a unit; device n speaks from home n

struct Homes {
    Policy policy;
    PlaceId community{0U}, unit[3], home[home_count];
    BodyId manager{0U}, committee{1U}, street{2U}, district{3U};
    IncidentKindId fire{0U}, flood{1U}, inactive{2U}, report_only{3U};

    explicit Homes(std::uint64_t version = 1) {
        policy.version = version;
        policy.zone = base::Zone("Asia/Shanghai", {{Time{0}, 8 * 3600}});
        places();
        bodies();
        policy.fields = {"alarm", "level"};
        policy.causes = {"fire", "flood", "inactive"};
        policy.incident_kinds = {{"fire", {}}, {"flood", {}}, {"inactive", {}}, {"report_only", {}}};
        policy.matrix = {{.line = 2,
                          .any_hour = true,
                          .lead = Role::property_manager,
                          .assist = {Role::committee},
                          .acknowledge = base::minutes(2),
                          .arrive = base::minutes(10),
                          .close = base::hours(4)}};
        policy.ladder.rungs = {{LadderLevel::community, Role::committee},
                               {LadderLevel::street, Role::street_office},
                               {LadderLevel::district, Role::district_office}};
        for (auto& climb : policy.ladder.climb) climb = base::minutes(5);
    }

    // Alarms at once; cleared by alarm == false.
    Rule& alarm_rule() {
        Rule& r = rule("alarm", fire, Severity::red);
        r.raise = {alarm, Compare::equal, Value::boolean(alarm, true)};
        return r;
    }
    Rule& rule(const char* code, IncidentKindId kind, Severity severity) {
        Rule r;
        r.id = RuleId{policy.rules.size()};
        r.code = code;
        r.identity = base::sha256(code);
        r.kinds = 1U << static_cast<unsigned>(SignalKind::smoke);
        r.incident = kind;
        r.cause = CauseId{kind.value};
        r.severity = severity;
        policy.rules.push_back(r);
        return policy.rules.back();
    }
    // One of each operator, with hold, cooldown, auto-clear and a schedule.
    void all_rules() {
        alarm_rule().auto_clear = base::minutes(7);
        Rule& held = rule("held", flood, Severity::yellow);
        held.raise = {level, Compare::above, Value::real(level, 50)};
        held.clear = Condition{level, Compare::below, Value::real(level, 30)};
        held.hold = base::seconds(30);
        held.join = PlaceLevel::community;
        held.rise = {{base::minutes(2), Severity::orange}, {base::minutes(9), Severity::red}};
        held.fall = SeverityStep{base::minutes(3), Severity::blue};
        held.precision = Precision{.target = 990};
        Rule& often = rule("often", flood, Severity::orange);
        often.op = Operator::count;
        often.key = KeyLevel::unit;
        often.where = {{level, Compare::at_least, Value::real(level, 20)}};
        often.at_least = 3;
        often.within = base::minutes(2);
        often.cooldown = base::minutes(3);
        often.precision = Precision{.target = 990, .quiet_below = 980};
        Rule& silent = rule("silent", inactive, Severity::blue);
        silent.op = Operator::absence;
        silent.key = KeyLevel::home;
        silent.within = base::minutes(40);
        silent.rise = {{base::minutes(5), Severity::yellow}};
        Rule& night = rule("night", fire, Severity::orange);
        night.raise = {level, Compare::above, Value::real(level, 80)};
        night.during = Schedule{12 * 60 + 20, 13 * 60, 0x7f};
    }
    std::shared_ptr<const Policy> ready() {
        policy.index();
        return std::make_shared<const Policy>(policy);
    }

private:
    PlaceId place(std::string code, PlaceId parent, PlaceLevel at, PlaceUse use) {
        policy.places.push_back({.code = std::move(code), .parent = parent, .level = at, .use = use});
        return PlaceId{policy.places.size() - 1};
    }
    void places() {
        community = place("c", {}, PlaceLevel::community, PlaceUse::public_area);
        policy.root = community;
        for (auto& u : unit)
            u = place("u" + std::to_string(&u - unit), community, PlaceLevel::unit, PlaceUse::stairwell);
        for (std::uint32_t n = 0; n < home_count; ++n) {
            const std::string name = std::to_string(n);
            home[n] = place("h" + name, unit[n / 4], PlaceLevel::home, PlaceUse::home);
            policy.devices.push_back({.code = "d" + name, .kind = SignalKind::smoke, .place = home[n]});
        }
    }
    void bodies() {
        const auto body = [&](const char* code, Role role) {
            policy.bodies.push_back({.code = code, .role = role, .places = {community}});
            policy.duty.push_back({.body = BodyId{policy.bodies.size() - 1},
                                   .person = {std::string("p-") + code},
                                   .channels = {Channel::screen}});
        };
        body("manager", Role::property_manager);
        body("committee", Role::committee);
        body("street", Role::street_office);
        body("district", Role::district_office);
    }
};

// --- Inputs --------------------------------------------------------------------------------------

inline void add_signal(Batch& batch, Time received, std::uint32_t device, std::vector<Value> values,
                       std::uint64_t message = 0, Time claimed = Time::none()) {
    Signal s;
    s.device = DeviceId{device};
    s.kind = SignalKind::smoke;
    s.value_count = static_cast<std::uint8_t>(values.size());
    s.values_begin = static_cast<std::uint32_t>(batch.values.size());
    s.message = message;
    s.claimed = claimed;
    batch.inputs.push_back({InputType::signal, static_cast<std::uint32_t>(batch.signals.size()), received});
    batch.signals.push_back(s);
    batch.values.insert(batch.values.end(), values.begin(), values.end());
}
inline void add_command(Batch& batch, Time received, Command command) {
    batch.inputs.push_back({InputType::command, static_cast<std::uint32_t>(batch.commands.size()), received});
    batch.commands.push_back(std::move(command));
}
inline void add_policy(Batch& batch, Time received, std::uint64_t version) {
    batch.inputs.push_back({InputType::policy, static_cast<std::uint32_t>(batch.policies.size()), received});
    batch.policies.push_back({version, {}});
}
inline void add_timer(Batch& batch, Time received) { batch.inputs.push_back({InputType::timer, 0, received}); }

inline std::vector<Value> on() { return {Value::boolean(alarm, true)}; }
inline std::vector<Value> off() { return {Value::boolean(alarm, false)}; }
inline std::vector<Value> reading(double value) { return {Value::real(level, value)}; }

inline Actor person(const char* code, std::vector<BodyId> bodies, std::vector<Role> roles = {}) {
    Actor actor{{code}, {}, std::move(bodies)};
    for (const Role role : roles) actor.roles.add(role);
    return actor;
}

inline std::string window_bytes(const Core& core) {
    base::ByteWriter out;
    core.windows().encode(out);
    return out.take();
}
inline std::string incident_bytes(const Incident& incident) {
    base::ByteWriter out;
    encode(incident, out);
    return out.take();
}

// A core that is stepped one input at a time, and all that came of it.
struct Driven {
    std::map<std::uint64_t, std::shared_ptr<const Policy>> policies;
    Core core{[this](std::uint64_t version) { return policies.contains(version) ? policies.at(version) : nullptr; }};
    std::uint64_t next_seq = 1;
    Effects effects;  // of the last step

    explicit Driven(std::shared_ptr<const Policy> policy, Time now = noon) {
        policies[policy->version] = policy;
        core.load_policy(policy, now);
    }

    void step(Batch& batch) {
        batch.first_seq = next_seq;
        next_seq += batch.inputs.size();
        effects.clear();
        core.step(batch, effects);
    }
    void signal(Time received, std::uint32_t device, std::vector<Value> values, std::uint64_t message = 0) {
        Batch batch;
        add_signal(batch, received, device, std::move(values), message);
        step(batch);
    }
    CommandResult command(Time received, Command c) {
        Batch batch;
        add_command(batch, received, std::move(c));
        step(batch);
        return effects.results.at(0);
    }
    void timer(Time now) {
        Batch batch;
        add_timer(batch, now);
        step(batch);
    }
    void adopt(Time now, std::shared_ptr<const Policy> policy) {
        policies[policy->version] = policy;
        Batch batch;
        add_policy(batch, now, policy->version);
        step(batch);
    }
    // The incident that the n-th alert of the last step went to.
    [[nodiscard]] const Incident& of_alert(std::size_t n = 0) const {
        return *core.incident(effects.alerts.at(n).incident);
    }
};

}  // namespace shoumen::loop::testing

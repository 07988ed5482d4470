// A town for the tests of this room, with decisions as plain as can be: room `decide` is not known here.
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "act/life.hpp"

namespace shoumen::act::testing {

using namespace model;

constexpr base::Time noon{1'772'510'400'000'000};  // 2026-03-03 12:00 +08:00

// Lead: the first body; all others up to the committee assist when it is red. Deadlines stand in the first row of the
// matrix.
inline Assignment assign(const Policy& policy, IncidentKindId, PlaceId, Severity severity, base::Time) {
    const MatrixRow& row = policy.matrix.front();
    Assignment a{BodyId{0U}, {}, row.acknowledge, row.arrive, row.close, row.line};
    if (severity == Severity::red) a.assist = {BodyId{1U}, BodyId{2U}};
    if (severity != Severity::red) a.acknowledge = a.acknowledge * 2;
    return a;
}

inline std::optional<Climb> climb(const Policy& policy, LadderLevel level, PlaceId place, Severity severity,
                                  base::Time at) {
    if (level == LadderLevel::district) return {};
    const bool last = level == LadderLevel::street;
    const Role role = last ? Role::district_office : Role::street_office;
    return Climb{last ? LadderLevel::district : LadderLevel::street, policy.body_for(role, place),
                 last ? base::Time::never() : at + policy.ladder.climb[static_cast<std::size_t>(severity)]};
}

inline std::vector<Recipient> recipients(const Policy& policy, std::span<const BodyId> bodies, base::Time) {
    std::vector<Recipient> found;
    for (const BodyId body : bodies) {
        for (const Duty& duty : policy.duty) {
            if (duty.body == body) found.push_back({duty.person, body, duty.channels.front()});
        }
    }
    return found;
}

struct Town {
    Policy policy;
    Decisions decisions{&assign, &climb, &recipients};
    PlaceId community{0U}, home{1U}, yard{2U};
    BodyId manager{0U}, grid{1U}, brigade{2U}, committee{3U}, street{4U}, district{5U}, nobody_there{6U}, elsewhere{7U};

    Town() {
        policy.places = {{.code = "c", .level = PlaceLevel::community},
                         {.code = "h", .parent = community, .level = PlaceLevel::home, .use = PlaceUse::home},
                         {.code = "y", .parent = community, .level = PlaceLevel::point}};
        const auto body = [&](const char* code, Role role, PlaceId place) {
            policy.bodies.push_back({.code = code, .role = role, .places = {place}});
            if (role != Role::patrol_team) {
                const BodyId id{policy.bodies.size() - 1};
                policy.duty.push_back(
                    {.body = id, .person = {std::string("p-") + code}, .channels = {Channel::screen}});
            }
        };
        body("manager", Role::property_manager, community);
        body("grid", Role::grid_worker, community);
        body("brigade", Role::fire_station, community);
        body("committee", Role::committee, community);
        body("street", Role::street_office, community);
        body("district", Role::district_office, community);
        body("patrol", Role::patrol_team, community);
        body("elsewhere", Role::technical_team, yard);
        policy.matrix = {{.line = 2,
                          .any_hour = true,
                          .acknowledge = base::minutes(2),
                          .arrive = base::minutes(10),
                          .close = base::hours(4)}};
        policy.ladder.rungs = {{LadderLevel::community, Role::committee},
                               {LadderLevel::street, Role::street_office},
                               {LadderLevel::district, Role::district_office}};
        for (auto& climb : policy.ladder.climb) climb = base::minutes(5);
        policy.incident_kinds = {{"fire", {}}, {"noise", {}}};
        policy.causes = {"smoke", "noise"};
        policy.rules = {{.incident = IncidentKindId{0U}, .cause = CauseId{0U}, .join = PlaceLevel::home}};
        policy.index();
    }

    [[nodiscard]] Actor of(BodyId body, RoleSet roles = {}) const {
        return {{"p-" + policy.bodies[body.value].code}, roles, {body}};
    }
    [[nodiscard]] static Actor with(const char* person, Role role) { return {{person}, RoleSet{}.add(role), {}}; }
};

// An incident, what came of it, and the clock, for step-by-step tests.
struct Story {
    Town town;
    base::Time now = noon;
    std::uint64_t seq = 1;
    Effects effects;
    EvidenceBook book;
    Incident incident;

    template <class F>
    auto with_context(F f) {
        std::uint32_t nth = 0;
        ++seq;
        Context ctx{town.policy, town.decisions, now, seq, nth, effects};
        return f(ctx);
    }

    explicit Story(Severity severity = Severity::orange) { incident = opened(severity); }

    Incident opened(Severity severity) {
        return with_context([&](Context& ctx) { return open_by_alert(ctx, alert(severity)); });
    }
    [[nodiscard]] Alert alert(Severity severity) const {
        return {.id = base::make_id<AlertId>(seq, 0),
                .kind = IncidentKindId{0U},
                .cause = CauseId{0U},
                .severity = severity,
                .place = town.home,
                .anchor = town.home,
                .at = now};
    }

    std::string_view command(Command c, Incident* other = nullptr) {
        return with_context([&](Context& ctx) { return apply(ctx, incident, c, other, book); });
    }
    std::string_view act(const Actor& actor, Action action) { return command({.action = action, .actor = actor}); }
    std::string_view manager(Action action) { return act(town.of(town.manager), action); }
    std::string_view photo(std::uint8_t number, EvidencePhase phase, base::Time taken = base::Time::none()) {
        Command c{.action = Action::add_evidence, .actor = town.of(town.manager), .phase = phase, .taken = taken};
        c.evidence[0] = number;
        return command(c);
    }
    // Each deadline at its own moment.
    void pass(base::Duration d) {
        const base::Time to = now + d;
        while (next_deadline(incident) <= to) {
            now = next_deadline(incident);
            with_context([&](Context& ctx) { on_deadline(ctx, incident); });
        }
        now = to;
    }
    // Worked off up to this state by the manager.
    void reach(IncidentState state) {
        if (state >= IncidentState::acknowledged) manager(Action::acknowledge);
        if (state >= IncidentState::en_route) manager(Action::depart);
        if (state >= IncidentState::on_scene) manager(Action::arrive);
        if (state < IncidentState::resolved) return;
        photo(200, EvidencePhase::after, now);
        manager(Action::resolve);
    }

    [[nodiscard]] std::size_t told(const char* person, NoticeReason reason) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            effects.notices, [&](const Notice& n) { return n.person.code == person && n.reason == reason; }));
    }
    [[nodiscard]] std::vector<EventType> timeline() const {
        std::vector<EventType> types;
        for (const auto& e : effects.events) {
            if (e.incident == incident.id && e.type != EventType::told) types.push_back(e.type);
        }
        return types;
    }
};

}  // namespace shoumen::act::testing

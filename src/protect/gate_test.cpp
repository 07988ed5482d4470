// The gate: what rows allow, and nothing else.
#include "protect/gate.hpp"

#include <doctest/doctest.h>

#include "base/random.hpp"

using namespace shoumen;
using namespace shoumen::model;
using namespace shoumen::protect;

namespace {

constexpr base::Time now{1'790'000'000'000'000};

// district 0 › street 1 › community 2 › estates 3, 4 › floor 5 (of 3) › home 6 › room 7; floor 8 (of 4)
std::shared_ptr<Policy> small() {
    auto p = std::make_shared<Policy>();
    const auto add = [&](const char* code, std::uint32_t parent, PlaceLevel level, PlaceUse use) {
        Place place;
        place.code = code;
        if (level != PlaceLevel::district) place.parent = PlaceId{parent};
        place.level = level;
        place.use = use;
        p->places.push_back(place);
    };
    add("d", 0, PlaceLevel::district, PlaceUse::public_area);
    add("s", 0, PlaceLevel::street, PlaceUse::public_area);
    add("c", 1, PlaceLevel::community, PlaceUse::public_area);
    add("e1", 2, PlaceLevel::estate, PlaceUse::public_area);
    add("e2", 2, PlaceLevel::estate, PlaceUse::public_area);
    add("f", 3, PlaceLevel::floor, PlaceUse::stairwell);
    add("h", 5, PlaceLevel::home, PlaceUse::home);
    add("r", 6, PlaceLevel::room, PlaceUse::home);
    add("g", 4, PlaceLevel::floor, PlaceUse::stairwell);
    p->root = PlaceId{2U};
    p->access.assign(default_access().begin(), default_access().end());
    p->index();
    return p;
}

Viewer viewer(Role role, std::uint32_t place, base::Time until = base::Time::never()) {
    return {{"p-1"}, {{role, PlaceId{place}, until}}, {}, {}};
}

Incident at(std::uint32_t place, IncidentState state = IncidentState::open) {
    Incident i;
    i.id = IncidentId{7};
    i.place = PlaceId{place};
    i.anchor = PlaceId{place};
    i.state = state;
    i.lead = BodyId{0U};
    i.reporter = {"p-9"};
    i.responder = {"p-3"};
    i.evidence.push_back({});
    i.told.push_back({NoticeId{1}, {"p-3"}, BodyId{0U}, Channel::screen, now, base::Time::none()});
    return i;
}

}  // namespace

TEST_CASE("a role counts where it is held, and nowhere beside") {
    const auto p = small();
    const Gate gate(*p);
    const auto sees = [&](Role role, std::uint32_t held, std::uint32_t place) {
        return gate.may_see(viewer(role, held), Item::incidents, {.place = PlaceId{place}}, now);
    };
    CHECK(sees(Role::property_manager, 3, 6));
    CHECK_FALSE(sees(Role::property_manager, 4, 6));
    CHECK(sees(Role::duty_officer, 2, 6));
    CHECK(sees(Role::street_office, 1, 6));
    CHECK_FALSE(sees(Role::resident, 2, 6));
    CHECK_FALSE(sees(Role::volunteer, 2, 6));
    // A place of another community, and none at all.
    CHECK_FALSE(sees(Role::duty_officer, 99, 6));
    CHECK_FALSE(gate.may_see({{"p-1"}, {{Role::duty_officer, PlaceId{}}}, {}, {}}, Item::incidents,
                             {.place = PlaceId{6U}}, now));
    CHECK_FALSE(gate.may_see({{"p-1"}, {}, {}, {}}, Item::incidents, {.place = PlaceId{6U}}, now));
}

TEST_CASE("a role counts as long as it is held") {
    const auto p = small();
    const Gate gate(*p);
    const auto shift = viewer(Role::grid_worker, 3, now + base::hours(1));
    CHECK(gate.may_see(shift, Item::incidents, {.place = PlaceId{6U}}, now));
    CHECK_FALSE(gate.may_see(shift, Item::incidents, {.place = PlaceId{6U}}, now + base::hours(1)));
    CHECK(gate.judge(shift, Item::incidents, {.place = PlaceId{6U}}, now)->until == now + base::hours(1));
}

TEST_CASE("who needs help is seen by those who help, while it goes on") {
    const auto p = small();
    const Gate gate(*p);
    auto worker = viewer(Role::grid_worker, 3);
    const auto sight = [&](bool live, bool involved, Item item) {
        const auto v = gate.judge(worker, item, {.place = PlaceId{6U}, .live = live, .involved = involved}, now);
        return v ? to_word(v->sight) : "none";
    };
    CHECK(sight(true, true, Item::first_name) == "clear");
    CHECK(sight(false, true, Item::first_name) == "none");
    CHECK(sight(true, false, Item::first_name) == "none");
    CHECK(sight(true, true, Item::id_number) == "none");
    // Asked for, the purpose named, half an hour.
    const auto name = gate.judge(worker, Item::name, {.place = PlaceId{6U}, .live = true, .involved = true}, now);
    REQUIRE(name);
    CHECK(name->sight == Sight::ask);
    CHECK(name->purpose == Purpose::response);
    CHECK(name->lasts == base::minutes(30));
    CHECK(name->role == Role::grid_worker);
}

TEST_CASE("one's own is one's own, and that of who agreed") {
    const auto p = small();
    const Gate gate(*p);
    const Incident incident = at(6);
    Viewer reporter{{"p-9"}, {}, {}, {}};
    CHECK(gate.thing_of(reporter, incident).own);
    CHECK(gate.may_see(reporter, Item::incidents, gate.thing_of(reporter, incident), now));
    Viewer child{{"p-8"}, {}, {}, {{"p-9"}}};
    CHECK(gate.thing_of(child, incident).own);
    Viewer stranger{{"p-8"}, {}, {}, {}};
    CHECK_FALSE(gate.thing_of(stranger, incident).own);
    CHECK_FALSE(gate.may_see(stranger, Item::incidents, gate.thing_of(stranger, incident), now));
    CHECK_FALSE(gate.thing_of({{""}, {}, {}, {{""}}}, Incident{}).own);  // nobody is not somebody
}

TEST_CASE("what is not seen is not there any more") {
    const auto p = small();
    IncidentSights auditor(p, viewer(Role::auditor, 2), now);
    Incident i = at(7);
    redact(*p, auditor.of(i), i);
    CHECK(i.place == PlaceId{5U});  // the floor
    CHECK(i.anchor == PlaceId{5U});
    CHECK_FALSE(i.reporter.valid());
    CHECK(i.evidence.empty());
    CHECK(i.responder.valid());  // who acted is what an auditor is for
    IncidentSights assessor(p, viewer(Role::assessor, 2), now);
    Incident j = at(7);
    redact(*p, assessor.of(j), j);
    CHECK_FALSE(j.responder.valid());
    CHECK(j.told.empty());
    IncidentSights officer(p, viewer(Role::duty_officer, 2), now);
    Incident k = at(7);
    redact(*p, officer.of(k), k);
    CHECK(k.place == PlaceId{7U});
    CHECK(k.reporter.valid());
}

TEST_CASE("what is remembered for lists is what the gate says") {
    const auto p = small();
    const std::uint64_t seed = 20261124;
    MESSAGE("seed " << seed);
    base::SeededRandom random(seed);
    for (int round = 0; round < 200; ++round) {
        Viewer who{{"p-1"}, {}, {}, {}};
        for (auto n = 1 + random.below(3); n > 0; --n)
            who.holdings.push_back({static_cast<Role>(random.below(role_count)),
                                    PlaceId{static_cast<std::uint32_t>(random.below(10))}, base::Time::never()});
        if (random.chance(0.5)) who.bodies.push_back(BodyId{0U});
        IncidentSights sights(p, who, now);
        const Gate gate(*p);
        for (int n = 0; n < 20; ++n) {
            Incident i =
                at(static_cast<std::uint32_t>(2 + random.below(7)), static_cast<IncidentState>(random.below(8)));
            if (random.chance(0.2)) i.reporter = who.person;
            const auto& of = sights.of(i);
            for (std::size_t k = 0; k < item_count; ++k) {
                const auto item = static_cast<Item>(k);
                const auto said = gate.judge(who, item, gate.thing_of(who, i), now);
                REQUIRE(of[item].has_value() == said.has_value());
                if (said) REQUIRE(of[item]->sight == said->sight);
            }
        }
    }
}

TEST_CASE("all items at once are judged as one by one") {
    const auto policy = small();
    const Gate gate(*policy);
    for (std::size_t r = 0; r < role_count; ++r) {
        for (std::uint32_t held = 0; held < policy->places.size(); ++held) {
            const Viewer who = viewer(static_cast<Role>(r), held);
            for (unsigned bits = 0; bits < 8; ++bits) {
                const Thing thing{.place = PlaceId{5U},
                                  .live = (bits & 1U) != 0,
                                  .involved = (bits & 2U) != 0,
                                  .own = (bits & 4U) != 0};
                const auto all = gate.judge_all(who, thing, now);
                for (std::size_t i = 0; i < item_count; ++i) {
                    const auto one = gate.judge(who, static_cast<Item>(i), thing, now);
                    REQUIRE(all[i].has_value() == one.has_value());
                    if (one)
                        CHECK((all[i]->sight == one->sight && all[i]->purpose == one->purpose &&
                               all[i]->role == one->role));
                }
            }
        }
    }
}

TEST_CASE("a wider sight shows more for as long as it is open, changes nothing, and reaches no further") {
    const auto p = small();
    const Gate gate(*p);
    const Thing thing{.place = PlaceId{6U}};
    const auto plain = viewer(Role::duty_officer, 3);
    CHECK_FALSE(gate.may_see(plain, Item::phone, thing, now));
    auto opened = plain;
    Holding wide = plain.holdings.front();
    wide.opened = true;
    wide.until = now + base::minutes(30);
    opened.holdings.push_back(wide);
    const auto verdict = gate.judge(opened, Item::phone, thing, now);
    REQUIRE(verdict);
    CHECK(verdict->sight == Sight::clear);
    CHECK(verdict->opened);
    CHECK(verdict->until == wide.until);
    CHECK_FALSE(gate.may_see(opened, Item::phone, thing, wide.until));            // over
    CHECK_FALSE(gate.may_see(opened, Item::phone, {.place = PlaceId{8U}}, now));  // another estate
    CHECK_FALSE(gate.may_see(opened, Item::id_number, thing, now));               // in no opened row
    CHECK(gate.judge(opened, Item::incidents, thing, now)->opened == false);      // seen without it
    // Alone it is no role: what the role itself shows is not shown by it.
    const Viewer alone{{"p-1"}, {wide}, {}, {}};
    CHECK_FALSE(gate.may_see(alone, Item::devices, thing, now));
    CHECK_FALSE(gate.may_change(alone, Item::commands, thing, now));
}

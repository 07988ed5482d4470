// The access list as shipped. community/demo/access.yaml says the same, and a test holds the two together.
#include "model/access.hpp"

namespace shoumen::model {
namespace {

template <class... R>
RoleSet roles(R... r) {
    RoleSet set;
    (set.add(r), ...);
    return set;
}

template <class... I>
ItemSet items(I... i) {
    ItemSet set;
    (set.add(i), ...);
    return set;
}

AccessRow row(RoleSet who, Purpose purpose, ItemSet what, Reach reach, Sight sight) {
    AccessRow r;
    r.roles = who;
    r.purpose = purpose;
    r.items = what;
    r.reach = reach;
    r.sight = sight;
    return r;
}

AccessRow live(AccessRow r) {
    r.live_only = true;
    return r;
}

AccessRow for_a_time(AccessRow r, base::Duration lasts) {
    r.sight = Sight::ask;
    r.lasts = lasts;
    return r;
}

AccessRow opened(AccessRow r, base::Duration lasts) {
    r.opened = true;
    r.lasts = lasts;
    return r;
}

std::vector<AccessRow> shipped() {
    using enum Role;
    using enum Item;
    const RoleSet desk = roles(duty_officer, committee, committee_director, community_police);
    const RoleSet teams =
        roles(property_manager, grid_worker, technical_team, mediation_team, patrol_team, fire_station,
              community_doctor, lift_maintainer, owners_committee, verifier, floor_captain, unit_captain);
    const RoleSet responders = [&] {
        RoleSet all = desk;
        all.bits |= teams.bits;
        return all.add(volunteer);
    }();
    const RoleSet above = roles(street_office, district_office);
    RoleSet staff = responders;
    staff.bits |= above.bits;
    staff.add(administrator);
    RoleSet watching = desk;
    watching.bits |= above.bits;
    const RoleSet nobody_in_particular;
    const auto half_an_hour = base::minutes(30);

    return {
        // What happens, for those who answer for the place.
        row(watching, Purpose::response, items(incidents, door, actors, devices, rules, roster), Reach::place,
            Sight::clear),
        row(teams, Purpose::response, items(incidents, actors, devices, rules, roster), Reach::place, Sight::clear),
        live(row(teams, Purpose::response, items(door), Reach::place, Sight::clear)),
        row(teams, Purpose::response, items(door), Reach::involved, Sight::clear),
        row(roles(volunteer), Purpose::response, items(incidents, door, actors, rules), Reach::involved, Sight::clear),
        row(staff, Purpose::response, items(words), Reach::place, Sight::masked),
        row(responders, Purpose::response, items(words, reporter, pictures), Reach::involved, Sight::clear),
        row(desk, Purpose::response, items(reporter, pictures), Reach::place, Sight::clear),
        for_a_time(row(desk, Purpose::response, items(words), Reach::place, Sight::ask), half_an_hour),
        row(roles(verifier), Purpose::verification, items(pictures), Reach::place, Sight::clear),
        row(above, Purpose::supervision, items(pictures), Reach::involved, Sight::clear),

        // Who needs help, for those who help, while they do.
        live(row(responders, Purpose::response, items(concerned, first_name, home), Reach::involved, Sight::clear)),
        live(row(desk, Purpose::response, items(concerned, first_name, home), Reach::place, Sight::clear)),
        live(for_a_time(row(responders, Purpose::response, items(name, phone), Reach::involved, Sight::ask),
                        half_an_hour)),
        live(for_a_time(row(desk, Purpose::response, items(name, phone), Reach::place, Sight::ask), half_an_hour)),
        live(for_a_time(row(roles(fire_station, community_doctor, duty_officer), Purpose::response, items(health),
                            Reach::involved, Sight::ask),
                        half_an_hour)),
        live(for_a_time(row(roles(community_police), Purpose::response, items(id_number), Reach::involved, Sight::ask),
                        half_an_hour)),

        // More than that, for a short time and with a reason that is written down (应急授权).
        opened(row(roles(duty_officer, committee_director, community_police), Purpose::response,
                   items(incidents, door, actors, words, reporter, pictures, concerned, first_name, name, phone, home,
                         health),
                   Reach::place, Sight::clear),
               half_an_hour),

        // The register of those who are cared for.
        row(roles(grid_worker, committee), Purpose::care, items(people), Reach::place, Sight::change),
        row(roles(grid_worker, committee, community_doctor), Purpose::care, items(people, name, phone, home, health),
            Reach::place, Sight::masked),
        for_a_time(row(roles(grid_worker, community_doctor), Purpose::care, items(name, phone, home), Reach::place,
                       Sight::ask),
                   base::minutes(10)),
        for_a_time(row(roles(community_doctor), Purpose::care, items(health), Reach::place, Sight::ask),
                   base::minutes(10)),

        // One's own, and that of who agreed to be acted for.
        row(nobody_in_particular, Purpose::own,
            items(incidents, door, words, reporter, pictures, concerned, first_name, name, phone, id_number, home,
                  health, people, acts),
            Reach::own, Sight::clear),
        row(nobody_in_particular, Purpose::own, items(archive, erasure), Reach::own, Sight::change),

        // Running the platform.
        row(roles(administrator), Purpose::administration, items(incidents, actors, devices, rules, roster),
            Reach::place, Sight::clear),
        row(roles(administrator), Purpose::administration, items(policy, accounts, tokens, commands, tasks),
            Reach::place, Sight::change),
        // At a person's request, for a reason that is written down.
        row(roles(administrator), Purpose::administration, items(archive, erasure), Reach::place, Sight::change),
        row(roles(duty_officer), Purpose::response, items(commands), Reach::place, Sight::change),
        row(roles(administrator, duty_officer, technical_team), Purpose::upkeep, items(quarantine), Reach::place,
            Sight::clear),
        row(roles(administrator, technical_team), Purpose::upkeep, items(devices), Reach::place, Sight::change),
        row(roles(administrator), Purpose::upkeep, items(figures), Reach::place, Sight::clear),

        // Looking over shoulders.
        row(roles(auditor), Purpose::audit, items(incidents, actors, acts, accounts, rules, policy, tasks, roster),
            Reach::place, Sight::clear),
        row(roles(auditor), Purpose::audit, items(words), Reach::place, Sight::masked),
        row(roles(assessor), Purpose::assessment, items(incidents, rules), Reach::place, Sight::clear),
    };
}

}  // namespace

std::span<const AccessRow> default_access() {
    static const std::vector<AccessRow> list = shipped();
    return list;
}

}  // namespace shoumen::model

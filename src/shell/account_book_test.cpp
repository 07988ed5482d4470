#include "shell/account_book.hpp"

#include <doctest/doctest.h>

using namespace shoumen;
using namespace shoumen::shell;
using model::Role;

namespace {

base::Time at(const char* text) { return *base::parse_rfc3339(text); }
const base::Time noon = at("2026-03-02T12:00:00+08:00");  // a Monday

// Community > two estates; a property manager of one, whose p-1 is on duty on weekdays from 8 to 20.
model::Policy town() {
    model::Policy p;
    p.zone = base::Zone("Asia/Shanghai", {{base::Time{0}, 8 * 3600}});
    const auto place = [&](const char* code, model::PlaceId parent, model::PlaceLevel level) {
        p.places.push_back({code, {}, parent, level, model::PlaceUse::public_area, std::nullopt, {}, false});
        return model::PlaceId{p.places.size() - 1};
    };
    p.root = place("c", {}, model::PlaceLevel::community);
    const auto east = place("east", p.root, model::PlaceLevel::estate);
    place("west", p.root, model::PlaceLevel::estate);
    place("b1", east, model::PlaceLevel::building);
    p.bodies.push_back({"pm-east", {}, Role::property_manager, {east}, {}, false});
    model::Duty duty;
    duty.body = model::BodyId{0U};
    duty.person = {"p-1"};
    duty.hours = {8 * 60, 20 * 60, 0x1f};
    p.duty.push_back(duty);
    duty.person = {"p-2"};
    duty.hours = {20 * 60, 8 * 60, 0x7f};
    p.duty.push_back(duty);
    p.index();
    return p;
}

ports::AccountRow account(std::string name, std::string person, std::vector<std::string> bodies = {}) {
    ports::AccountRow row;
    row.name = std::move(name);
    row.person = {std::move(person)};
    row.bodies = std::move(bodies);
    return row;
}

ports::GrantRow grant(AccountBook& book, Role role, std::string place = "") {
    ports::GrantRow row;
    row.id = book.new_grant();
    row.account = "a";
    row.role = role;
    row.place = std::move(place);
    row.since = noon;
    return row;
}

std::string places(const model::Policy& p, const Rights& rights, Role role) {
    std::string out;
    for (const auto& h : rights.holdings) {
        if (h.role == role) out += (out.empty() ? "" : " ") + p.places[h.place.value].code;
    }
    return out;
}

}  // namespace

TEST_CASE("a role is held where it was given: in a place, where the bodies answer, or in all of the community") {
    const auto p = town();
    AccountBook book;
    book.put(grant(book, Role::verifier));
    book.put(grant(book, Role::grid_worker, "west"));
    book.put(grant(book, Role::auditor, "pulled-down"));
    CHECK(places(p, book.rights(account("a", "p-9"), p, noon), Role::verifier) == "c");
    const auto rights = book.rights(account("a", "p-9", {"pm-east"}), p, noon);
    CHECK(places(p, rights, Role::verifier) == "east");
    CHECK(places(p, rights, Role::grid_worker) == "west");
    CHECK_FALSE(rights.roles.has(Role::auditor));
    CHECK(places(p, book.rights(account("a", "p-9", {"gone"}), p, noon), Role::verifier) == "");
    CHECK(book.rights(account("b", "p-9"), p, noon).holdings.empty());
}

TEST_CASE("a role begins and ends by its times, and the answer says until when it is good") {
    const auto p = town();
    AccountBook book;
    auto g = grant(book, Role::verifier);
    g.since = noon + base::hours(1);
    g.until = noon + base::hours(3);
    book.put(g);
    const auto at_hour = [&](std::int64_t h) { return book.rights(account("a", "p-9"), p, noon + base::hours(h)); };
    CHECK(at_hour(0).holdings.empty());
    CHECK(at_hour(0).good_until == g.since);
    CHECK(at_hour(1).roles.has(Role::verifier));
    CHECK(at_hour(1).good_until == g.until);
    CHECK(at_hour(1).holdings.front().until == g.until);
    CHECK(at_hour(3).holdings.empty());
    const auto changes = book.changes();
    g.ended = noon + base::hours(2);
    book.put(g);
    CHECK(book.changes() != changes);
    CHECK(at_hour(1).holdings.front().until == g.ended);
    CHECK(at_hour(2).holdings.empty());
}

TEST_CASE("whoever is on duty holds the body's role for the shift, and not a minute longer") {
    const auto p = town();
    AccountBook book;
    const auto a = account("a", "p-1", {"pm-east"});
    const auto rights = book.rights(a, p, noon);
    CHECK(places(p, rights, Role::property_manager) == "east");
    CHECK(rights.good_until == at("2026-03-02T20:00:00+08:00"));
    CHECK(rights.holdings.front().until == rights.good_until);
    CHECK(book.rights(a, p, at("2026-03-02T19:59:59+08:00")).roles.has(Role::property_manager));
    CHECK(book.rights(a, p, at("2026-03-02T20:00:00+08:00")).holdings.empty());
    CHECK(book.rights(a, p, at("2026-03-07T12:00:00+08:00")).holdings.empty());  // Saturday
    CHECK(book.rights(a, p, at("2026-03-02T07:59:30+08:00")).good_until == at("2026-03-02T08:00:00+08:00"));
    // Over midnight.
    const auto night = account("n", "p-2", {"pm-east"});
    CHECK(book.rights(night, p, at("2026-03-02T23:00:00+08:00")).good_until == at("2026-03-03T08:00:00+08:00"));
    CHECK(book.rights(night, p, at("2026-03-03T07:59:00+08:00")).good_until == at("2026-03-03T08:00:00+08:00"));
    CHECK(book.rights(night, p, noon).holdings.empty());
}

TEST_CASE("a code in the roster opens no door to an account let in for something else") {
    const auto p = town();
    AccountBook book;
    CHECK(book.rights(account("a", "p-1"), p, noon).holdings.empty());
    book.put(grant(book, Role::property_manager, "west"));
    const auto rights = book.rights(account("a", "p-1"), p, noon);
    CHECK(places(p, rights, Role::property_manager) == "west east");
    CHECK(rights.bodies.size() == 1);
}

TEST_CASE("a token may what its account may, and less") {
    const auto p = town();
    AccountBook book;
    book.put(grant(book, Role::verifier, "east"));
    book.put(grant(book, Role::auditor));
    ports::ApiTokenRow token;
    token.roles.add(Role::verifier).add(Role::administrator);
    token.until = noon + base::hours(1);
    auto rights = book.rights(account("a", "p-9"), p, noon);
    narrow(rights, token, p);
    CHECK(rights.roles == model::RoleSet{}.add(Role::verifier));
    CHECK(places(p, rights, Role::verifier) == "east");
    CHECK(rights.good_until == token.until);
    const auto of_place = [&](const char* code, Role role) {
        auto r = book.rights(account("a", "p-9"), p, noon);
        token.place = code;
        token.roles.add(Role::auditor);
        narrow(r, token, p);
        return places(p, r, role);
    };
    CHECK(of_place("b1", Role::verifier) == "b1");
    CHECK(of_place("c", Role::verifier) == "east");
    CHECK(of_place("west", Role::verifier) == "");
    CHECK(of_place("west", Role::auditor) == "west");
    CHECK(of_place("pulled-down", Role::auditor) == "");
}

TEST_CASE("who acts for whom ends at its date or when it is taken back") {
    const auto p = town();
    AccountBook book;
    ports::DelegationRow row{book.new_delegation(), {"p-7"}, {"p-9"}, noon, noon + base::hours(2), "own", "", ""};
    book.put(row);
    const auto acts_for = [&](base::Time t) { return book.rights(account("a", "p-9"), p, t).acts_for.size(); };
    CHECK(acts_for(noon) == 1);
    CHECK(book.rights(account("a", "p-9"), p, noon).good_until == row.until);
    CHECK(acts_for(noon - base::hours(1)) == 0);
    CHECK(acts_for(noon + base::hours(2)) == 0);
    CHECK(book.rights(account("a", "p-7"), p, noon).acts_for.empty());
    row.ended = noon + base::hours(1);
    book.put(row);
    CHECK(acts_for(noon + base::hours(1)) == 0);
}

TEST_CASE("networks hold the addresses that lie in them") {
    CHECK(network_holds("10.1.0.0/16", "10.1.255.3"));
    CHECK_FALSE(network_holds("10.1.0.0/16", "10.2.0.1"));
    CHECK(network_holds("10.1.2.3", "10.1.2.3"));
    CHECK_FALSE(network_holds("10.1.2.3", "10.1.2.4"));
    CHECK(network_holds("0.0.0.0/0", "1.2.3.4"));
    CHECK(network_holds("2001:db8::/32", "2001:db8:1::5"));
    CHECK_FALSE(network_holds("2001:db8::/32", "2001:db9::1"));
    CHECK_FALSE(network_holds("0.0.0.0/0", "::1"));
    CHECK_FALSE(network_holds("10.0.0.0/8", ""));
    CHECK_FALSE(network_holds("10.0.0.0/8", "10.0.0.1/8"));
    for (const char* bad : {"", "x", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8x", "10.0.0/8", "::/129"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_network(bad));
    }
}

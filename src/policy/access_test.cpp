// The access list: read, told where it cannot be meant, and the demo's against the one as shipped.
#include <algorithm>

#include "mini_test.hpp"

using namespace shoumen;
using namespace shoumen::policy;

namespace {

constexpr const char* least = R"(access:
  - roles: [administrator]
    purpose: administration
    items: [incidents]
    reach: place
    sight: clear
  - roles: [administrator]
    purpose: administration
    items: [accounts, policy, tokens]
    reach: place
    sight: change
)";

Files with(std::string text) {
    Files files = mini();
    files["access.yaml"] = std::move(text);
    return files;
}

std::vector<std::string> told(const Files& files) {
    std::vector<std::string> lines;
    for (const auto& f : compile(files, nullptr, 1).findings)
        lines.push_back(f.file + ":" + std::to_string(f.line) + ": " + f.code);
    return lines;
}

}  // namespace

TEST_CASE("without access.yaml the list as shipped holds") {
    const auto compiled = compile(mini(), nullptr, 1);
    REQUIRE(compiled.policy);
    CHECK(std::ranges::equal(compiled.policy->access, model::default_access()));
}

TEST_CASE("what access.yaml says stands in the policy, and its bytes are read back") {
    const auto compiled = compile(with(std::string(least) + R"(  - roles: [street_office]
    purpose: supervision
    items: [pictures, words]
    reach: beyond
    place: [fire_lane, parking]
    while: live
    sight: ask
    lasts: 20m
    name: agreement of 2026
)"),
                                  nullptr, 1);
    REQUIRE(compiled.findings.empty());
    base::ByteWriter out;
    model::encode(*compiled.policy, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    CHECK(again->access == compiled.policy->access);
    const model::AccessRow& row = again->access.at(2);
    CHECK(row.line == 12);
    CHECK(row.name == "agreement of 2026");
    CHECK(row.roles == model::RoleSet{}.add(model::Role::street_office));
    CHECK(row.items == model::ItemSet{}.add(model::Item::pictures).add(model::Item::words));
    CHECK(row.reach == model::Reach::beyond);
    CHECK(row.uses == ((1U << static_cast<unsigned>(model::PlaceUse::fire_lane)) |
                       (1U << static_cast<unsigned>(model::PlaceUse::parking))));
    CHECK(row.live_only);
    CHECK(row.sight == model::Sight::ask);
    CHECK(row.lasts == base::minutes(20));
}

TEST_CASE("what cannot be meant is told at its line") {
    const auto of = [](std::string row) { return told(with(std::string(least) + row)); };
    using Lines = std::vector<std::string>;
    CHECK(of("").empty());
    CHECK(of("  - {roles: [x], purpose: own, items: [acts], reach: own, sight: clear}\n") ==
          Lines{"access.yaml:12: unknown-word"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [acts], reach: place}\n") ==
          Lines{"access.yaml:12: missing-key"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [acts], reach: beyond, sight: clear}\n") ==
          Lines{"access.yaml:12: access-unnamed"});
    CHECK(of("  - {roles: \"*\", purpose: audit, items: [acts], reach: place, sight: clear}\n") ==
          Lines{"access.yaml:12: access-anybody"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [words], reach: place, sight: ask}\n") ==
          Lines{"access.yaml:12: access-lasts"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [words], reach: place, sight: clear, lasts: 5m}\n") ==
          Lines{"access.yaml:12: access-lasts"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [words], reach: place, sight: ask, lasts: 13h}\n") ==
          Lines{"access.yaml:12: out-of-range"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [phone], reach: place, sight: clear}\n") ==
          Lines{"access.yaml:12: access-too-wide"});
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [acts], reach: place, sight: clear, while: open}\n") ==
          Lines{"access.yaml:12: unknown-word"});
    CHECK(
        of("  - {roles: [administrator], purpose: administration, items: [policy], reach: involved, sight: clear}\n") ==
        Lines{"access.yaml:12: access-idle"});
    CHECK(told(with(std::string(least).substr(0, std::string(least).find("  - roles: [administrator]\n", 20)))) ==
          Lines{"access.yaml:1: access-gap", "access.yaml:1: access-gap", "access.yaml:1: access-gap"});
}

TEST_CASE("rows that are opened say for how long, to whom, and change nothing") {
    const auto of = [](std::string row) { return told(with(std::string(least) + row)); };
    using Lines = std::vector<std::string>;
    const std::string row =
        "  - {roles: [duty_officer], purpose: response, items: [phone, health], reach: place, while: opened, ";
    CHECK(of(row + "sight: clear, lasts: 30m}\n").empty());
    CHECK(of(row + "sight: clear}\n") == Lines{"access.yaml:12: access-lasts"});
    CHECK(of(row + "sight: change, lasts: 30m}\n") == Lines{"access.yaml:12: access-opened"});
    // It says nothing of who sees accounts without it.
    CHECK(of("  - {roles: [auditor], purpose: audit, items: [acts], reach: place, while: opened, sight: clear, lasts: "
             "30m}\n")
              .empty());
    const auto compiled = compile(with(std::string(least) + row + "sight: clear, lasts: 30m}\n"), nullptr, 1);
    base::ByteWriter out;
    model::encode(*compiled.policy, out);
    CHECK(model::decode_policy(out.view())->access.back().opened);
}

TEST_CASE("accounts.yaml says who signs in by two steps, by telephone, and by whom the city sends") {
    Files files = mini();
    files["accounts.yaml"] = R"(second_step: [administrator, auditor]
by_phone: [resident]
sign_on:
  - {claim: department, value: street, roles: [street_office]}
  - {claim: groups, value: police, roles: [community_police, patrol_team]}
)";
    const auto compiled = compile(files, nullptr, 1);
    REQUIRE(compiled.findings.empty());
    base::ByteWriter out;
    model::encode(*compiled.policy, out);
    const auto again = model::decode_policy(out.view());
    REQUIRE(again);
    CHECK(again->accounts == compiled.policy->accounts);
    CHECK(again->accounts.second_step.has(model::Role::auditor));
    CHECK(again->accounts.by_phone == model::RoleSet{}.add(model::Role::resident));
    REQUIRE(again->accounts.sign_on.size() == 2);
    CHECK(again->accounts.sign_on[1].value == "police");

    const auto of = [&](const char* text) {
        files["accounts.yaml"] = text;
        return told(files);
    };
    using Lines = std::vector<std::string>;
    CHECK(of("second_step: [x]\n") == Lines{"accounts.yaml:1: unknown-word"});
    CHECK(of("sign_on:\n  - {claim: a, value: b, roles: [administrator]}\n") ==
          Lines{"accounts.yaml:2: sign-on-too-wide"});
    CHECK(of("sign_on:\n  - {claim: a, value: b, roles: [verifier], bodies: [nobody]}\n") ==
          Lines{"accounts.yaml:2: unknown-body"});
    CHECK(of("sign_on:\n  - {claim: a, roles: [verifier]}\n") == Lines{"accounts.yaml:2: missing-key"});
    CHECK(of("else: 1\n") == Lines{"accounts.yaml:1: unknown-key"});
}

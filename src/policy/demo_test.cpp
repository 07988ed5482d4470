// The demo community is sound and shows everything there is.
#include <algorithm>
#include <set>

#include "base/bytes.hpp"

#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

std::shared_ptr<const model::Policy> demo() {
    static const auto policy = [] {
        const auto files = read_directory(SHOUMEN_SOURCE_DIR "/community/demo");
        REQUIRE(files);
        return must_compile(*files);
    }();
    return policy;
}

}  // namespace

TEST_CASE("the demo community is clean") {
    CHECK_MESSAGE(check_matrix(*demo()).empty(), lines(check_matrix(*demo())));
    for (const int year : {2025, 2026, 2028}) {
        for (unsigned month = 1; month <= 12; ++month) {
            const auto findings = check_duty(*demo(), year, month);
            CHECK_MESSAGE(findings.empty(), lines(findings));
        }
    }
}

TEST_CASE("the demo's access list is the one as shipped") {
    auto rows = demo()->access;
    for (auto& row : rows) row.line = 0;
    const auto shipped = model::default_access();
    REQUIRE(rows.size() == shipped.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK_MESSAGE(rows[i] == shipped[i], "row " << i);
}

TEST_CASE("each kind of device is there, behind the demo's gateway, and has a rule") {
    const auto gateway = demo()->device_by_code.find("gw-demo");
    REQUIRE(gateway != demo()->device_by_code.end());
    std::set<model::SignalKind> kinds;
    for (const model::Device& d : demo()->devices) {
        if (d.is_gateway) continue;
        kinds.insert(d.kind);
        // The program speaks for itself: nobody else may.
        const bool behind = d.kind != model::SignalKind::platform;
        CHECK_MESSAGE(d.gateway == (behind ? gateway->second : model::DeviceId{}), d.code);
    }
    CHECK(kinds.size() == model::signal_kind_count);
    std::uint32_t watched = 0;
    for (const model::Rule& r : demo()->rules) watched |= r.kinds;
    CHECK(watched == (1U << model::signal_kind_count) - 1);
    const auto d1 = demo()->device_by_code.find("d-1");
    REQUIRE(d1 != demo()->device_by_code.end());
    const model::Device& smoke = demo()->devices[d1->second.value];
    CHECK(smoke.kind == model::SignalKind::smoke);
    CHECK(demo()->places[smoke.place.value].level == model::PlaceLevel::home);
}

TEST_CASE("each rule can hear some device") {
    for (const model::Rule& r : demo()->rules) {
        const auto hears = [&](const model::Device& d) {
            if (d.is_gateway || ((r.kinds >> static_cast<unsigned>(d.kind)) & 1U) == 0) return false;
            const auto id = demo()->device_by_code.find(d.code)->second;
            if (!r.only_devices.empty() && std::ranges::find(r.only_devices, id) == r.only_devices.end()) return false;
            return r.within_places.empty() || std::ranges::any_of(r.within_places, [&](model::PlaceId p) {
                       return demo()->is_within(d.place, p);
                   });
        };
        CHECK_MESSAGE(std::ranges::any_of(demo()->devices, hears), r.code);
    }
}

TEST_CASE("the demo's rules show every feature") {
    const auto some = [](auto has) { return std::ranges::any_of(demo()->rules, has); };
    using model::Operator;
    using model::Rule;
    CHECK(some([](const Rule& r) { return r.op == Operator::threshold && r.clear && r.hold.us > 0; }));
    CHECK(some([](const Rule& r) { return r.repeat.us > 0; }));
    CHECK(some([](const Rule& r) { return r.op == Operator::count; }));
    CHECK(some([](const Rule& r) { return r.op == Operator::absence && r.key == model::KeyLevel::home; }));
    CHECK(some([](const Rule& r) { return r.during.has_value() && r.during->from_minute > r.during->to_minute; }));
    CHECK(some([](const Rule& r) { return r.cooldown.us > 0; }));
    CHECK(some([](const Rule& r) { return r.auto_clear.us > 0; }));
    CHECK(some([](const Rule& r) { return !r.where.empty(); }));
    CHECK(some([](const Rule& r) { return !r.only_devices.empty(); }));
    CHECK(some([](const Rule& r) { return r.op == Operator::sequence && r.unless.has_value(); }));
}

TEST_CASE("what is red is answered within fifteen minutes, and every role of an organisation has a body") {
    for (const model::MatrixRow& row : demo()->matrix) {
        if (row.lead && std::ranges::find(row.severities, model::Severity::red) != row.severities.end())
            CHECK_MESSAGE(row.arrive <= base::minutes(15), row.line);
    }
    std::set<model::Role> roles;
    for (const model::Body& b : demo()->bodies) roles.insert(b.role);
    // From family on, roles are held by single people.
    for (unsigned r = 0; r < static_cast<unsigned>(model::Role::family); ++r)
        CHECK_MESSAGE(roles.contains(static_cast<model::Role>(r)), model::to_word(static_cast<model::Role>(r)));
}

}  // namespace shoumen::policy

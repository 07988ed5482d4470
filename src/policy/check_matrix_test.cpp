// The proof against brute force: every combination tried at every minute of the day.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/random.hpp"

#include "hours.hpp"
#include "mini_test.hpp"

namespace shoumen::policy {

namespace {

using model::MatrixRow;
using model::PlaceUse;
using model::Severity;

// "kind at use, severity x" and the line (gap) or the two lines (overlap) → minutes.
using Cell = std::tuple<std::string, std::string, std::uint32_t, std::uint32_t>;
using Minutes = std::map<Cell, std::set<int>>;

std::string combination(const model::Policy& p, std::size_t kind, PlaceUse use, std::size_t severity) {
    return fmt::format("{} at {}, severity {}", p.incident_kinds[kind].code, model::to_word(use),
                       model::to_word(static_cast<Severity>(severity)));
}

template <class List, class T>
bool holds(const List& list, T value) {
    return std::ranges::find(list, value) != list.end();
}

bool leads_at(const MatrixRow& row, std::size_t kind, PlaceUse use, std::size_t severity, int minute) {
    const bool wildcard = row.kinds.empty() || row.places.empty() || row.severities.empty() || row.any_hour;
    const base::LocalTime t{.year = 2026, .month = 1, .day = 1, .weekday = 4, .minute = minute};
    return row.lead && !wildcard && holds(row.kinds, model::IncidentKindId{kind}) && holds(row.places, use) &&
           holds(row.severities, static_cast<Severity>(severity)) && model::schedule_holds(row.hours, t, {});
}

Minutes brute_force(const model::Policy& p) {
    std::set<PlaceUse> uses;
    for (const model::Place& place : p.places) {
        if (!place.retired && place.level >= model::PlaceLevel::community) uses.insert(place.use);
    }
    Minutes found;
    for (std::size_t kind = 0; kind < p.incident_kinds.size(); ++kind) {
        for (const PlaceUse use : uses) {
            for (std::size_t severity = 0; severity < 4; ++severity) {
                const std::string what = combination(p, kind, use, severity);
                for (int minute = 0; minute < minutes_of_day; ++minute) {
                    std::vector<std::uint32_t> lines;
                    for (const MatrixRow& row : p.matrix) {
                        if (leads_at(row, kind, use, severity, minute)) lines.push_back(row.line);
                    }
                    if (lines.empty()) found[{"matrix-gap", what, 1, 0}].insert(minute);
                    for (std::size_t later = 1; later < lines.size(); ++later) {
                        for (std::size_t earlier = 0; earlier < later; ++earlier)
                            found[{"matrix-overlap", what, lines[later], lines[earlier]}].insert(minute);
                    }
                }
            }
        }
    }
    return found;
}

int minute_of(const std::string& text) { return std::stoi(text.substr(0, 2)) * 60 + std::stoi(text.substr(3, 2)); }

// What the findings say, minute by minute. Each minute may be said once.
Minutes said(const std::vector<Finding>& findings) {
    Minutes all;
    for (const Finding& f : findings) {
        if (f.code != "matrix-gap" && f.code != "matrix-overlap") continue;
        const std::size_t severity = f.message.find("severity ");
        const std::size_t comma = f.message.find(", ", severity);
        const std::string hours = f.message.substr(comma + 2, 11);
        std::uint32_t other = 0;
        if (const auto at = f.message.find("led by line "); at != std::string::npos)
            other = static_cast<std::uint32_t>(std::stoul(f.message.substr(at + 12)));
        auto& minutes = all[{f.code, f.message.substr(0, comma), f.line, other}];
        int at = minute_of(hours);
        const int end = minute_of(hours.substr(6));
        do {
            if (!minutes.insert(at).second) FAIL("said twice: " << to_line(f));
            at = at + 1 == minutes_of_day ? 0 : at + 1;
        } while (at != end % minutes_of_day);
    }
    return all;
}

// The longest runs round the clock, so that a finding is one run.
std::size_t runs(const std::set<int>& minutes) {
    if (minutes.size() == static_cast<std::size_t>(minutes_of_day)) return 1;
    std::size_t n = 0;
    for (const int m : minutes) n += minutes.contains((m + minutes_of_day - 1) % minutes_of_day) ? 0U : 1U;
    return n;
}

class AnyMatrix {
public:
    AnyMatrix(const model::Policy& base, base::SeededRandom& random) : policy_(base), random_(random) {}

    model::Policy make() {
        model::Policy p = policy_;
        p.matrix.clear();
        const std::size_t rows = 1 + random_.below(7);
        for (std::size_t i = 0; i < rows; ++i) p.matrix.push_back(row(static_cast<std::uint32_t>(2 + 9 * i)));
        return p;
    }

private:
    template <class T, class Make>
    std::vector<T> some(std::size_t of, double chance, Make make) {
        std::vector<T> list;
        for (std::size_t i = 0; i < of; ++i) {
            if (random_.chance(chance)) list.push_back(make(i));
        }
        return list;  // none: a wildcard
    }

    MatrixRow row(std::uint32_t line) {
        MatrixRow r;
        r.line = line;
        r.kinds = some<model::IncidentKindId>(policy_.incident_kinds.size(), 0.7,
                                              [](std::size_t i) { return model::IncidentKindId{i}; });
        r.places = some<PlaceUse>(9, 0.8, [](std::size_t i) { return static_cast<PlaceUse>(i); });
        r.severities = some<Severity>(4, 0.8, [](std::size_t i) { return static_cast<Severity>(i); });
        r.any_hour = random_.chance(0.05);
        r.hours = hours();
        if (random_.chance(0.9)) r.lead = model::Role::committee;
        r.assist = {model::Role::grid_worker};
        r.acknowledge = r.arrive = r.close = base::minutes(1);
        return r;
    }

    model::Schedule hours() {
        // Few different ends, so that spans touch, coincide and cross midnight often.
        constexpr std::uint16_t marks[] = {0, 1, 360, 480, 481, 720, 1200, 1439};
        model::Schedule s;
        s.from_minute = marks[random_.below(8)];
        s.to_minute = random_.chance(0.3) ? std::uint16_t{1440} : marks[random_.below(8)];
        if (s.to_minute == 0) s.to_minute = 1440;
        return s;
    }

    const model::Policy& policy_;
    base::SeededRandom& random_;
};

void check_against_brute_force(int rounds) {
    const std::uint64_t seed = 977;
    MESSAGE("seed " << seed);
    base::SeededRandom random(seed);
    const auto base = must_compile(mini());
    for (int round = 0; round < rounds; ++round) {
        const model::Policy p = AnyMatrix(*base, random).make();
        const auto findings = check_matrix(p);
        const Minutes truth = brute_force(p);
        CAPTURE(round);
        REQUIRE(said(findings) == truth);
        std::size_t wanted = 0;
        for (const auto& [cell, minutes] : truth) wanted += runs(minutes);
        const auto count = std::ranges::count_if(
            findings, [](const Finding& f) { return f.code == "matrix-gap" || f.code == "matrix-overlap"; });
        REQUIRE(static_cast<std::size_t>(count) == wanted);
    }
}

Files with_row(std::string_view row) {
    Files files = mini();
    files["matrix.yaml"] += row;
    return files;
}

std::vector<Finding> findings_of(const Files& files) { return check_matrix(*must_compile(files)); }

}  // namespace

TEST_CASE("gaps and overlaps are exactly those that trying every minute finds") { check_against_brute_force(60); }

TEST_SUITE("full") {
    TEST_CASE("gaps and overlaps, many matrices") { check_against_brute_force(3000); }
}

TEST_CASE("spans of the day") {
    CHECK(spans_of({.from_minute = 1320, .to_minute = 360}, {}, {}) == Spans{{0, 360}, {1320, 1440}});
    CHECK(spans_of({.from_minute = 480, .to_minute = 480}, {}, {}) == whole_day());
    CHECK(spans_of({.from_minute = 0, .to_minute = 1440}, {}, {}) == whole_day());
    const model::Schedule late{.from_minute = 1320, .to_minute = 360, .weekdays = 0, .day_classes = 1};
    const DayKind worked{.weekday = 5, .of = model::DayClass::workday};
    const DayKind off{.weekday = 3, .of = model::DayClass::holiday};
    CHECK(spans_of(late, worked, off) == Spans{{0, 360}});
    CHECK(spans_of(late, off, worked) == Spans{{1320, 1440}});
    CHECK(spans_of(late, off, off).empty());
    CHECK(describe(off) == "thu, a holiday");
    CHECK(united({{5, 9}, {0, 3}, {3, 4}, {6, 7}}) == Spans{{0, 4}, {5, 9}});
    CHECK(common({{0, 10}, {20, 30}}, {{5, 25}}) == Spans{{5, 10}, {20, 25}});
    CHECK(left_of_day({{0, 10}, {20, 1440}}) == Spans{{10, 20}});
    CHECK(left_of_day({}) == whole_day());
    CHECK(left_of_day(whole_day()).empty());
    CHECK(to_text({{0, 360}, {600, 601}, {1320, 1440}}) == std::vector<std::string>{"10:00-10:01", "22:00-06:00"});
    CHECK(to_text(whole_day()) == std::vector<std::string>{"00:00-24:00"});
    CHECK(to_text({{0, 360}}) == std::vector<std::string>{"00:00-06:00"});
}

TEST_CASE("the small matrix is proven") { CHECK(findings_of(mini()).empty()); }

TEST_CASE("a gap is named at the top of the file") {
    const auto findings = findings_of(changed(mini(), "matrix.yaml", "\"08:00-20:00\", ", ""));
    REQUIRE(findings.size() == 8);
    CHECK(to_line(findings[0]) ==
          "matrix.yaml:1: matrix-gap: fire at public_area, severity red, 08:00-20:00: no row leads; add a row with a "
          "lead for it");
    CHECK(findings_of(changed(mini(), "matrix.yaml", "    lead: committee\n", "    assist: committee\n")).size() == 8);
    // Without lead and without assist it says so as well.
    const auto empty = findings_of(changed(mini(), "matrix.yaml", "    lead: committee\n", ""));
    CHECK(empty.size() == 9);
    CHECK(codes(empty).back() == "matrix.yaml:11: matrix-empty-row");
}

TEST_CASE("an overlap is named at the later row with both lines") {
    const auto findings = findings_of(with_row(R"(  - kind: fire
    place: [home, lift]
    hours: "22:00-06:00"
    severity: red
    lead: committee
    ack: 2m
    arrive: 10m
    close: 24h
)"));
    REQUIRE(findings.size() == 1);  // there is no lift
    CHECK(to_line(findings[0]) ==
          "matrix.yaml:19: matrix-overlap: fire at home, severity red, 22:00-06:00: led by line 2 and line 19; let one "
          "row lead it");
    const auto itself = findings_of(changed(mini(), "matrix.yaml", "\"20:00-08:00\"", "\"19:00-08:00\""));
    REQUIRE(itself.size() == 8);
    CHECK(itself[0].message.find("19:00-20:00") != std::string::npos);
    CHECK(itself[0].message.find("itself") != std::string::npos);
}

TEST_CASE("a row with a wildcard may assist, never lead") {
    CHECK(findings_of(with_row("  - {kind: \"*\", place: [\"*\"], hours: \"*\", severity: red, assist: [committee]}\n"))
              .empty());
    for (const char* wild : {"kind: \"*\", place: home, hours: \"00:00-24:00\", severity: red",
                             "kind: fire, place: \"*\", hours: \"00:00-24:00\", severity: red",
                             "kind: fire, place: home, hours: \"*\", severity: red",
                             "kind: fire, place: home, hours: \"00:00-24:00\", severity: \"*\""}) {
        const auto findings =
            findings_of(with_row("  - {" + std::string(wild) + ", lead: committee, ack: 1m, arrive: 1m, close: 1m}\n"));
        CHECK(codes(findings) == std::vector<std::string>{"matrix.yaml:19: matrix-wildcard-lead"});
    }
    const auto mixed =
        compile(with_row("  - {kind: [fire, \"*\"], place: home, hours: \"*\", severity: red, assist: committee}\n"),
                nullptr, 1);
    CHECK(codes(mixed.findings) == std::vector<std::string>{"matrix.yaml:19: unknown-incident"});
}

TEST_CASE("deadlines follow each other") {
    CHECK(codes(findings_of(changed(mini(), "matrix.yaml", "ack: 2m", "ack: 11m"))) ==
          std::vector<std::string>{"matrix.yaml:2: matrix-deadlines"});
    CHECK(codes(findings_of(changed(mini(), "matrix.yaml", "close: 24h", "close: 9m"))) ==
          std::vector<std::string>{"matrix.yaml:2: matrix-deadlines"});
    CHECK(findings_of(changed(mini(), "matrix.yaml", "ack: 2m", "ack: 10m")).empty());
}

TEST_CASE("a lead must be a body that answers for every place of the use") {
    const Files files =
        changed(mini(), "matrix.yaml", "lead: property_manager\n    assist: [grid_worker]", "lead: grid_worker");
    const auto findings = findings_of(files);
    // The grid holds the building, not the parking place.
    REQUIRE(codes(findings) == std::vector<std::string>{"matrix.yaml:2: matrix-no-body"});
    CHECK(findings[0].message.find("grid_worker answers for the use parking at p in e") != std::string::npos);

    // A second estate without a manager.
    Files two =
        changed(mini(), "community.yaml", "places:\n", "  - {id: e2, name: {zh: 二, en: Two}, type: new}\nplaces:\n");
    CHECK(findings_of(two).empty());  // it has public ground only, which the committee leads
    two = changed(two, "community.yaml", "places:\n",
                  "places:\n  - {id: b2, parent: e2, level: building}\n  - {id: h2, parent: b2, level: home}\n");
    const auto homes = findings_of(two);
    REQUIRE(codes(homes) == std::vector<std::string>{"matrix.yaml:2: matrix-no-body"});
    CHECK(homes[0].message.find("h2 in e2") != std::string::npos);
}

TEST_CASE("a community without a rule is no sound one") {
    auto files = mini();
    files.erase("rules/a.yaml");
    const auto found = check_matrix(*must_compile(files));
    REQUIRE_FALSE(found.empty());
    CHECK(to_line(found.front()).starts_with("community.yaml:1: no-rules: "));
}

TEST_CASE("rows by day: each kind of day has exactly one lead") {
    Files files = mini();
    files["calendar.yaml"] = "years:\n  - {year: 2026, off: [2026-10-01..2026-10-07], work: [2026-10-10]}\n";
    const std::string_view all = "    hours: \"00:00-24:00\"\n";
    files = changed(files, "matrix.yaml", all, "    hours: \"00:00-24:00\"\n    days: workdays\n");
    const std::string rest = R"(
  - kind: [fire, noise]
    place: [home, stairwell, parking]
    hours: "00:00-24:00"
    days: [weekends, holidays]
    severity: [red, orange, yellow, blue]
    lead: committee
    ack: 2m
    arrive: 10m
    close: 24h
)";
    const auto gap = findings_of(files);
    REQUIRE(!gap.empty());
    CHECK(gap.front().code == "matrix-gap");
    CHECK(gap.front().message.find("00:00-24:00 (mon, a holiday)") != std::string::npos);
    files["matrix.yaml"] += rest;
    CHECK(findings_of(files).empty());
    // By the names of weekdays the worked Saturday would be led twice, and the holiday on a Thursday not at all.
    const auto twice = findings_of(changed(files, "matrix.yaml", "[weekends, holidays]", "[sat, sun]"));
    const auto has = [&](const char* code, const char* text) {
        return std::ranges::any_of(
            twice, [&](const Finding& f) { return f.code == code && f.message.find(text) != std::string::npos; });
    };
    CHECK(has("matrix-overlap", "(sat, worked)"));
    CHECK(has("matrix-gap", "(mon, a holiday)"));
}

}  // namespace shoumen::policy

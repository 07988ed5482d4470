#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

using namespace shoumen::base;

TEST_CASE("RFC 3339 times are read with their zone and written back") {
    const auto t = parse_rfc3339("2026-03-03T08:00:00+08:00");
    REQUIRE(t);
    CHECK(format_utc(*t) == "2026-03-03T00:00:00Z");
    CHECK(format_utc(*parse_rfc3339("2011-06-15T01:03:39.123456789-07:00")) == "2011-06-15T08:03:39.123456Z");
    CHECK(format_utc(*parse_rfc3339("1969-12-31T23:59:59.5Z")) == "1969-12-31T23:59:59.500Z");
    CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
}

TEST_CASE("times that were written are read back as they were (seed printed)") {
    constexpr std::uint64_t seed = 7;
    CAPTURE(seed);
    SeededRandom random(seed);
    const std::int64_t first = parse_rfc3339("1900-01-01T00:00:00Z")->us;
    const auto span = static_cast<std::uint64_t>(parse_rfc3339("2200-12-31T23:59:59Z")->us - first);
    for (int i = 0; i < 2000; ++i) {
        std::int64_t us = first + static_cast<std::int64_t>(random.below(span));
        if (i % 3 == 1) us -= us % 1'000;
        if (i % 3 == 2) us -= us % 1'000'000;
        const std::string text = format_utc(Time{us});
        CAPTURE(text);
        CHECK(text.size() == (us % 1'000'000 == 0 ? 20U : us % 1'000 == 0 ? 24U : 27U));
        CHECK(parse_rfc3339(text)->us == us);
    }
    CHECK(format_utc(Time{253'402'300'799'000'000}) == "9999-12-31T23:59:59Z");
    CHECK(format_utc(Time{253'402'300'800'000'000}) == "10000-01-01T00:00:00Z");
    CHECK(format_utc(Time{253'402'300'800'000'001}) == "10000-01-01T00:00:00.000001Z");
    CHECK(format_utc(Time{-62'167'219'200'000'001}) == "-001-12-31T23:59:59.999999Z");
    CHECK(format_utc(Time::none()).empty());
}

TEST_CASE("what is no time is refused") {
    for (const char* bad :
         {"", "2026-03-03", "2026-03-03T08:00:00", "2026-02-30T08:00:00Z", "2026-13-01T00:00:00Z",
          "2026-03-03T24:00:00Z", "2026-03-03T08:00:00+8", "2026-03-03T08:00:00.Z", "2026-03-03T08:00:00.1234567890Z",
          "1800-01-01T00:00:00Z", "2300-01-01T00:00:00Z", "2026-03-03T08:00:00Zx", "+026-03-03T08:00:00Z"}) {
        CAPTURE(bad);
        const auto t = parse_rfc3339(bad);
        REQUIRE_FALSE(t);
        CHECK(t.error().code == "bad-time");
    }
}

TEST_CASE("spans") {
    CHECK(*parse_duration("500ms") == milliseconds(500));
    CHECK(*parse_duration("12h") == hours(12));
    CHECK(format_duration(hours(12)) == "12h");
    CHECK(format_duration(seconds(90)) == "90s");
    CHECK(format_duration(hours(48)) == "2d");
    for (const char* bad : {"", "5", "-5s", "5 s", "s", "99999999999999999999s", "4000d", "1.5h"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_duration(bad));
    }
}

TEST_CASE("a zone with daylight saving") {
    // New York 2023: forward on 12 March 07:00Z, back on 5 November 06:00Z.
    const Zone zone("America/New_York", {{*parse_rfc3339("2022-11-06T06:00:00Z"), -5 * 3600},
                                         {*parse_rfc3339("2023-03-12T07:00:00Z"), -4 * 3600},
                                         {*parse_rfc3339("2023-11-05T06:00:00Z"), -5 * 3600}});
    CHECK(zone.local(*parse_rfc3339("2023-03-12T06:59:00Z")).minute == 119);
    CHECK(zone.local(*parse_rfc3339("2023-03-12T07:00:00Z")).minute == 180);
    CHECK(zone.local(*parse_rfc3339("2023-03-12T07:00:00Z")).weekday == 7);
    CHECK(zone.to_utc(2023, 3, 12, 150) == *parse_rfc3339("2023-03-12T07:00:00Z"));  // left out
    CHECK(zone.to_utc(2023, 11, 5, 90) == *parse_rfc3339("2023-11-05T05:30:00Z"));   // twice: the earlier
    CHECK(zone.to_utc(2023, 7, 1, 0) == *parse_rfc3339("2023-07-01T04:00:00Z"));
    CHECK(zone.format(*parse_rfc3339("2023-07-01T04:00:00Z")) == "2023-07-01T00:00:00-04:00");
    CHECK(Zone().format(Time{0}) == "1970-01-01T00:00:00+00:00");
}

TEST_CASE("local and to_utc agree on every hour of a year") {
    const Zone zone("Test", {{*parse_rfc3339("2023-01-01T00:00:00Z"), 3600},
                             {*parse_rfc3339("2023-03-26T01:00:00Z"), 7200},
                             {*parse_rfc3339("2023-10-29T01:00:00Z"), 3600}});
    for (Time t = *parse_rfc3339("2023-01-02T00:00:00Z"); t < *parse_rfc3339("2023-12-31T00:00:00Z");
         t = t + hours(1)) {
        const LocalTime l = zone.local(t);
        const Time back = zone.to_utc(l.year, l.month, l.day, l.minute, l.second);
        CHECK((back == t || back == t - hours(1)));
    }
}

TEST_CASE("canonical bytes survive the round trip and refuse what is cut short") {
    SeededRandom random(42);
    ByteWriter w;
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < 1000; ++i) {
        const auto v = static_cast<std::int64_t>(random.next() >> random.below(64));
        numbers.push_back(i % 2 != 0 ? v : -v);
    }
    for (const auto n : numbers) w.zigzag(n);
    w.text("守门");
    w.real(-0.5);
    ByteReader r(w.view());
    for (const auto n : numbers) CHECK(r.zigzag() == n);
    CHECK(r.text() == "守门");
    CHECK(r.real() == -0.5);
    CHECK(r.ok());
    CHECK(r.at_end());
    ByteReader cut(w.view().substr(0, w.size() - 1));
    for (std::size_t i = 0; i < numbers.size(); ++i) (void)cut.zigzag();
    (void)cut.text();
    CHECK(cut.real() == 0);
    CHECK_FALSE(cut.ok());
    CHECK(cut.u8() == 0);
}

TEST_CASE("a length longer than what is left is no length") {
    ByteWriter w;
    w.varint(1'000'000'000);
    ByteReader r(w.view());
    CHECK(r.text().empty());
    CHECK_FALSE(r.ok());
}

TEST_CASE("hashes") {
    CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(leaf_hash("") == sha256(std::string_view("\0", 1)));
    CHECK(*digest_from_hex(to_hex(sha256("x"))) == sha256("x"));
    CHECK_FALSE(digest_from_hex("00"));
    CHECK(to_hex(std::uint64_t{0xabc}) == "0000000000000abc");
}

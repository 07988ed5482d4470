#include "upkeep_cells.hpp"

#include <doctest/doctest.h>

using namespace shoumen;
using namespace shoumen::shell;

TEST_CASE("a kind is read in the words of the pages and of the API; the platform is nobody's device") {
    CHECK(read_kind("烟感") == model::SignalKind::smoke);
    CHECK(read_kind("smoke") == model::SignalKind::smoke);
    CHECK(read_kind("老人手环") == model::SignalKind::elder_bracelet);
    CHECK_FALSE(read_kind("platform"));
    CHECK_FALSE(read_kind("平台自身"));
    CHECK_FALSE(read_kind(""));
}

TEST_CASE("a stage is read in both languages; retiring is a step of its own") {
    CHECK(read_stage("使用中") == upkeep::Stage::in_service);
    CHECK(read_stage("repair") == upkeep::Stage::repair);
    CHECK_FALSE(read_stage("已报废"));
    CHECK_FALSE(read_stage("retired"));
}

TEST_CASE("a day is a day of the calendar") {
    const base::Zone utc;
    CHECK(read_day("1990-01-02", utc) == utc.to_utc(1990, 1, 2, 0));
    CHECK(read_day("2026/3/3", utc) == utc.to_utc(2026, 3, 3, 0));
    CHECK(read_day("2024-02-29", utc).has_value());
    for (const char* cell : {"2026-02-29", "2026-02-31", "2026-13-01", "2026-03/03", "2026-3-3 ", "26-3-3", "3.3.2026",
                             "2026-+3-3", "2026- 3- 3", "2026--3-3", ""})
        CHECK_FALSE(read_day(cell, utc));
}

TEST_CASE("a price is in yuan, with two digits of fen at most") {
    CHECK(read_money("199") == 19'900);
    CHECK(read_money("199.9") == 19'990);
    CHECK(read_money("0.05") == 5);
    for (const char* cell : {"", ".", "1.234", "-1", "1,000", "1.2.3", "9999999999999"}) CHECK_FALSE(read_money(cell));
}

#include "upkeep/life.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace shoumen::upkeep {
namespace {

std::string_view reason_of(const Standing& at, Stage to) {
    for (const auto& choice : choices(at)) {
        if (choice.to != to) continue;
        CHECK(choice.allowed == choice.reason.empty());
        return choice.reason;
    }
    return "no such choice";
}

}  // namespace

TEST_CASE("a device goes from bought to retired one step after the other, and says why a step cannot be taken") {
    Standing at{.stage = Stage::bought};
    CHECK(reason_of(at, Stage::installed) == "place-missing");
    CHECK(reason_of(at, Stage::in_service) == "put-up-first");
    CHECK(reason_of(at, Stage::repair) == "put-up-first");
    CHECK(reason_of(at, Stage::retired).empty());
    at = {.stage = Stage::installed, .placed = true};
    CHECK(reason_of(at, Stage::in_service) == "not-heard-yet");
    at.heard = true;
    CHECK(reason_of(at, Stage::in_service).empty());
    CHECK(reason_of(at, Stage::bought) == "not-bought-again");
    at.stage = Stage::in_service;
    CHECK(reason_of(at, Stage::installed) == "take-down-first");
    CHECK(reason_of(at, Stage::repair).empty());
    at.stage = Stage::repair;
    CHECK(reason_of(at, Stage::in_service).empty());
    CHECK(reason_of(at, Stage::installed).empty());
    at.has_order = true;
    CHECK(reason_of(at, Stage::retired) == "work-open");
    at.has_order = false;
    CHECK(reason_of(at, Stage::retired).empty());
    at.stage = Stage::retired;
    for (const auto& choice : choices(at)) CHECK(choice.reason == "device-retired");
}

TEST_CASE("words of stages and of work are read as they are written") {
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto stage = static_cast<Stage>(i);
        CHECK(parse_stage(to_word(stage)) == stage);
    }
    CHECK_FALSE(parse_stage("sold"));
    for (const auto work : {Work::open, Work::taken, Work::done, Work::dropped, Work::passed})
        CHECK(parse_work(to_word(work)) == work);
}

TEST_CASE("work is taken, then done; what is over stays so") {
    CHECK(why_not(Work::open, Work::taken).empty());
    CHECK(why_not(Work::open, Work::done) == "take-work-first");
    CHECK(why_not(Work::taken, Work::taken) == "work-taken");
    CHECK(why_not(Work::taken, Work::done).empty());
    CHECK(why_not(Work::open, Work::dropped).empty());
    CHECK(why_not(Work::done, Work::taken) == "work-over");
    CHECK(why_not(Work::open, Work::passed) == "bad-step");
}

TEST_CASE("a tick is proven by code, position and signal together") {
    Presence p;
    CHECK(what_is_missing(p) == "no-code");
    p.code_fits = true;
    CHECK(what_is_missing(p) == "no-position");
    p.has_position = true;
    CHECK(what_is_missing(p) == "too-far");
    p.near = true;
    CHECK(what_is_missing(p) == "no-test-signal");
    p.heard = true;
    CHECK(what_is_missing(p).empty());
}

}  // namespace shoumen::upkeep

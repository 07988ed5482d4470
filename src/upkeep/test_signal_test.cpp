#include "upkeep/test_signal.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace shoumen::upkeep {
namespace {

using model::FlatValue;
using model::SignalKind;

bool shows(SignalKind kind, std::vector<FlatValue> values) { return shows_a_test(kind, values); }

}  // namespace

TEST_CASE("who presses the test button has been there; a report that comes by itself shows nobody") {
    CHECK(shows(SignalKind::smoke, {{"smoke", false}, {"test", true}}));
    CHECK(shows(SignalKind::smoke, {{"smoke", true}}));
    CHECK(shows(SignalKind::smoke, {{"tamper", true}}));
    CHECK_FALSE(shows(SignalKind::smoke, {{"smoke", false}, {"battery", 90.0}, {"online", true}}));
    CHECK_FALSE(shows(SignalKind::smoke, {{"battery_low", true}}));
    CHECK_FALSE(shows(SignalKind::smoke, {}));
    CHECK_FALSE(shows(SignalKind::gas, {{"lel", 3.0}, {"gas", false}}));
    CHECK_FALSE(shows(SignalKind::elder_bracelet, {{"worn", true}, {"heart_rate", 71.0}}));
    CHECK(shows(SignalKind::elder_bracelet, {{"sos", true}}));
}

TEST_CASE("a contact is opened, a button and a card say a word") {
    CHECK(shows(SignalKind::door_contact, {{"contact", false}}));
    CHECK_FALSE(shows(SignalKind::door_contact, {{"contact", true}}));
    CHECK(shows(SignalKind::one_key, {{"pressed", std::string_view("single")}}));
    CHECK_FALSE(shows(SignalKind::one_key, {{"pressed", std::string_view()}}));
    CHECK_FALSE(shows(SignalKind::one_key, {{"firmware", std::string_view("1.2")}}));
    CHECK(shows(SignalKind::door_access, {{"result", std::string_view("granted")}}));
}

TEST_CASE("what only measures has no button: whatever it says shows that it hangs there") {
    CHECK(shows(SignalKind::water_level, {{"level_cm", 12.0}}));
    CHECK(shows(SignalKind::link, {{"online", true}}));
    CHECK(shows(SignalKind::camera_fight, {}));
}

}  // namespace shoumen::upkeep

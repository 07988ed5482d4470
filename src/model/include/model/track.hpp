// What is known of how often a rule was right by one device in one scene, for those who look after rules and devices.
#pragma once
#include <cstdint>
#include <string>

#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/precision.hpp"

namespace shoumen::model {

struct Policy;

// A scene holds what was said, and in its upper half of which type it is.
constexpr Scene scene_of_symbol = Scene{1} << 32U;
constexpr Scene scene_of_boolean = Scene{2} << 32U;
constexpr Scene scene_of_number = Scene{3} << 32U;
// Something was said that nobody can tell from other such: a word that the policy does not know (the core sees no free
// text), no whole number. What is true of one would be learned of all.
constexpr Scene scene_untold = Scene{4} << 32U;
// For people: the symbol's word, the number, true or false; empty for 0 and what is untold.
std::string scene_text(const Policy& policy, Scene scene);

struct TrackView {
    Track track;
    std::string scene{};  // in words; empty: none
    Record record;
    Stage stage = Stage::trusted;  // also where the rule asks for no precision
    bool asked = false;            // the rule asks for one
    std::uint32_t mean = 0;        // thousandths, of 0 verdicts 0
    std::uint32_t at_least = 0;
    std::uint32_t at_most = 1000;
    IncidentId latest;  // where its last alert went
    base::Time latest_alert = base::Time::none();
    base::Time trusted_again = base::Time::none();
};

}  // namespace shoumen::model

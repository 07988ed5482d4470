#include <doctest/doctest.h>

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;
using Phase = EvidencePhase;
using Standing = EvidenceStanding;

TEST_CASE("a photo used before is refused as `after`") {
    Story s;
    s.reach(IncidentState::on_scene);
    CHECK(s.photo(1, Phase::before).empty());
    CHECK(s.photo(1, Phase::after) == "evidence-used-before");
    CHECK(s.photo(2, Phase::after).empty());
    CHECK(s.photo(2, Phase::after) == "evidence-used-before");
    CHECK(s.photo(2, Phase::before) == "evidence-used-before");
    s.incident = s.opened(Severity::orange);
    s.reach(IncidentState::on_scene);
    CHECK(s.photo(1, Phase::after) == "evidence-used-before");  // stood for `before` elsewhere
    CHECK(s.photo(2, Phase::after) == "evidence-used-before");
    CHECK(s.photo(1, Phase::before).empty());  // one photo may show how two began
    CHECK(s.incident.evidence.size() == 1);
    CHECK(s.photo(0, Phase::after) == "evidence-unknown");
}

TEST_CASE("EXIF before the arrival is refused, none is unproven") {
    Story s;
    s.now = noon + base::milliseconds(700);
    CHECK(s.photo(1, Phase::after, s.now) == "evidence-before-arrival");  // nobody has arrived
    CHECK(s.photo(2, Phase::after).empty());
    CHECK(s.incident.evidence.back().standing == Standing::unproven);
    s.reach(IncidentState::on_scene);
    CHECK(s.photo(3, Phase::after, noon - base::seconds(1)) == "evidence-before-arrival");
    CHECK(s.photo(4, Phase::after, noon).empty());  // the same second, as EXIF counts
    CHECK(s.incident.evidence.back().standing == Standing::proven);
    CHECK(s.photo(5, Phase::after).empty());
    CHECK(s.incident.evidence.back().standing == Standing::unproven);
    CHECK(s.photo(6, Phase::after, s.now + base::hours(8)).empty());  // a clock that runs ahead
    CHECK(s.incident.evidence.back().standing == Standing::unproven);
    CHECK(s.photo(7, Phase::before, noon - base::days(1)).empty());
    CHECK(s.incident.evidence.back().standing == Standing::proven);
}

TEST_CASE("what is handled from afar has no arrival to be earlier than") {
    Story s(Severity::blue);
    s.reach(IncidentState::acknowledged);
    CHECK(s.photo(1, Phase::after, s.now).empty());
    CHECK(s.incident.evidence.back().standing == Standing::unproven);
}

TEST_CASE("evidence stands on the timeline and in the book") {
    Story s;
    s.photo(1, Phase::before, s.now);
    CHECK(s.effects.events.back().type == EventType::evidence_added);
    CHECK(s.effects.events.back().detail == "before");
    CHECK(s.effects.events.back().evidence[0] == 1);
    CHECK(s.book.size() == 1);
    CHECK(s.book.begin()->second == s.incident.id);
    CHECK(s.incident.evidence.back().by.code == "p-manager");
}

TEST_CASE("a photo before the arrival does not let it be resolved") {
    Story s;
    s.photo(1, Phase::after);
    s.now = s.now + base::minutes(1);
    s.reach(IncidentState::on_scene);
    CHECK(s.manager(Action::resolve) == "needs-after-evidence");
    s.photo(2, Phase::before);
    CHECK(s.manager(Action::resolve) == "needs-after-evidence");
    s.photo(3, Phase::after);
    CHECK(s.manager(Action::resolve).empty());
}

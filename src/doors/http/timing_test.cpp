#include "timing.hpp"

#include <doctest/doctest.h>

#include "testing/fakes.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;
namespace base = shoumen::base;
using shoumen::model::Incident;
using shoumen::model::IncidentState;

namespace {

std::string_view next(const Incident& i, base::Duration later = {}) {
    const auto t = timing(i, fake_now + later);
    return t.next ? t.next->kind : "-";
}
std::string_view overdue(const Incident& i, base::Duration later = {}) {
    const auto t = timing(i, fake_now + later);
    return t.overdue ? t.overdue->kind : "-";
}
Incident in(IncidentState state) {
    auto i = small_incident();
    i.state = state;
    return i;
}

}  // namespace

TEST_CASE("the deadline that counts goes with the state") {
    CHECK(next(in(IncidentState::open)) == "acknowledge");
    CHECK(next(in(IncidentState::acknowledged)) == "arrive");
    CHECK(next(in(IncidentState::en_route)) == "arrive");
    CHECK(next(in(IncidentState::on_scene)) == "close");
    for (const auto state :
         {IncidentState::resolved, IncidentState::closed, IncidentState::false_alarm, IncidentState::merged}) {
        CHECK(next(in(state)) == "-");
        CHECK(overdue(in(state), base::days(9)) == "-");
    }
}

TEST_CASE("what has passed is overdue, and the next one ahead is shown") {
    const auto i = in(IncidentState::open);
    CHECK(overdue(i) == "-");
    CHECK(overdue(i, base::seconds(59)) == "-");
    CHECK(overdue(i, base::minutes(1)) == "acknowledge");  // at the moment itself
    CHECK(next(i, base::minutes(1)) == "arrive");
    CHECK(overdue(i, base::minutes(20)) == "acknowledge");  // the first, though a second has passed
    CHECK(next(i, base::minutes(20)) == "close");
    CHECK(next(i, base::days(9)) == "-");
    CHECK(timing(i, fake_now + base::minutes(20)).overdue->at == i.acknowledge_by);
}

TEST_CASE("a miss that was acted upon is overdue whatever the clock says, and what is not set is nothing") {
    auto i = in(IncidentState::acknowledged);
    i.missed_arrive = true;
    CHECK(overdue(i) == "arrive");
    CHECK(next(i) == "close");
    i.arrive_by = base::Time::none();
    i.close_by = base::Time::never();
    CHECK(overdue(i) == "-");
    CHECK(next(i) == "-");
}

TEST_CASE("after verification the reporter's time runs") {
    auto i = in(IncidentState::resolved);
    i.reporter_due = fake_now + base::hours(72);
    CHECK(next(i) == "reporter");
    CHECK(next(i, base::hours(72)) == "-");
    i.reporter_answer = shoumen::model::ReporterAnswer::satisfied;
    CHECK(next(i) == "-");
}

#include "records/judged.hpp"

#include <doctest/doctest.h>

using namespace shoumen;
using namespace shoumen::records;
using model::SignalKind;
using model::Verdict;

namespace {

const base::Time since{1'000'000};

struct Yard {
    model::Policy policy;
    model::Incident incident;

    Yard() {
        for (const SignalKind kind : {SignalKind::camera_fall, SignalKind::gathering, SignalKind::smoke}) {
            model::Device d;
            d.kind = kind;
            policy.devices.push_back(d);
        }
    }
    void source(std::uint32_t device, Verdict verdict, base::Time judged = since, std::uint32_t alerts = 1) {
        model::Source s;
        s.track.device = model::DeviceId{device};
        s.verdict = verdict;
        s.judged = judged;
        s.alerts = alerts;
        incident.sources.push_back(s);
    }
    [[nodiscard]] Judged judged() const {
        Judged sum;
        add_judged(sum, policy, incident, since);
        return sum;
    }
};

}  // namespace

TEST_CASE(
    "a verdict counts once, however often the camera alerted; a test and what nobody can tell count neither way") {
    Yard yard;
    yard.source(0, Verdict::real, since, 7);
    yard.source(1, Verdict::mistaken);
    yard.source(0, Verdict::test);
    yard.source(0, Verdict::unknown);
    yard.source(0, Verdict::none, base::Time::none());
    CHECK(yard.judged().judged == 2);
    CHECK(yard.judged().right == 1);
}

TEST_CASE("what recognises nothing, what was judged before, and a device that is not known do not count") {
    Yard yard;
    yard.source(2, Verdict::real);
    yard.source(0, Verdict::mistaken, since - base::seconds(1));
    yard.source(9, Verdict::real);
    model::Source absent;
    absent.verdict = Verdict::real;
    absent.judged = since;
    yard.incident.sources.push_back(absent);
    CHECK(yard.judged().judged == 0);
}

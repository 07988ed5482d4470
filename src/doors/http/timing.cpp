#include "timing.hpp"

namespace shoumen::doors::http {

namespace {

// Steps of work that are still to be done in this state; 3: none.
unsigned first_open_step(model::IncidentState state) {
    using enum model::IncidentState;
    switch (state) {
        case open:
            return 0;
        case acknowledged:
        case en_route:
            return 1;
        case on_scene:
            return 2;
        default:
            return 3;
    }
}

}  // namespace

Timing timing(const model::Incident& incident, base::Time now) {
    struct Step {
        Deadline deadline;
        bool missed;
    };
    const Step steps[] = {{{"acknowledge", incident.acknowledge_by}, incident.missed_acknowledge},
                          {{"arrive", incident.arrive_by}, incident.missed_arrive},
                          {{"close", incident.close_by}, incident.missed_close}};
    Timing out;
    for (unsigned i = first_open_step(incident.state); i < 3; ++i) {
        const auto& [deadline, missed] = steps[i];
        if (!deadline.at.is_set()) continue;
        auto& place = missed || deadline.at <= now ? out.overdue : out.next;
        if (!place) place = deadline;
    }
    const bool waits_for_reporter = incident.state == model::IncidentState::resolved &&
                                    incident.reporter_due.is_set() &&
                                    incident.reporter_answer == model::ReporterAnswer::none;
    if (waits_for_reporter && incident.reporter_due > now) out.next = Deadline{"reporter", incident.reporter_due};
    return out;
}

}  // namespace shoumen::doors::http

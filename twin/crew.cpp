#include "crew.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "act/life.hpp"
#include "base/hash.hpp"

namespace shoumen::twin {
namespace {

using base::Duration;
using base::seconds;
using base::Time;
using model::Action;
using model::IncidentState;

constexpr double spread = 0.5;  // of the logarithm of a time

bool taken(const model::Incident& i) { return i.state != IncidentState::open; }

}  // namespace

Crew::Crew(std::shared_ptr<const model::Policy> policy, World& world, const CrewOptions& options, std::uint64_t seed,
           Ask ask)
    : policy_(std::move(policy)), world_(world), options_(options), random_(seed), ask_(std::move(ask)) {}

// Log-normal: most are quick, a few take long.
Duration Crew::about(std::int64_t median_s) {
    const double bell = 2 * (random_.unit() + random_.unit() + random_.unit() - 1.5);
    return {static_cast<std::int64_t>(static_cast<double>(median_s) * 1e6 * std::exp(spread * bell))};
}

model::Actor Crew::actor_of(const model::Told& told) const {
    model::Actor actor;
    actor.person = told.person;
    if (told.body.valid()) {
        actor.bodies = {told.body};
        actor.roles.add(policy_->bodies[told.body.value].role);
    }
    return actor;
}

void Crew::changed(const model::Incident& incident) {
    if (!act::is_live(incident.state)) {
        cases_.erase(incident.id.value);
        return;
    }
    Case& c = cases_[incident.id.value];
    hear(c, incident);
    const bool was_taken = taken(c.incident) && c.incident.id.valid();
    c.incident = incident;
    if (was_taken && !taken(incident))
        c.in_hand = c.looked = false;  // expired, rejected or reopened: somebody must take it anew
    if (incident.look == model::Look::wanted) return consider_look(c);
    c.glancing = false;
    if (!taken(incident)) consider(c);
}

// The desk looks at the picture, or does not.
void Crew::consider_look(Case& c) {
    if (c.glancing || c.incident.told.empty()) return;
    c.glancing = true;
    c.considered = c.incident.told.size();
    if (!random_.chance(options_.answers)) return;
    c.actor = actor_of(c.incident.told.back());
    put(c.incident.told.back().at + about(options_.glance_s), c, Step::glance);
}

// Who is there when a further alarm sounds goes there too.
void Crew::hear(Case& c, const model::Incident& incident) {
    const bool more = incident.alert_count > c.incident.alert_count && incident.state == IncidentState::on_scene;
    if (!more || !c.looked || c.looking) return;
    c.looking = true;
    put(incident.latest_alert + about(90), c, Step::look_again);
}

// Whoever has been told and not been asked yet may take it.
void Crew::consider(Case& c) {
    for (; !c.in_hand && c.considered < c.incident.told.size(); ++c.considered) {
        const model::Told& told = c.incident.told[c.considered];
        if (!random_.chance(options_.answers)) continue;
        c.in_hand = true;
        c.actor = actor_of(told);
        put(told.at + about(options_.answer_s), c, Step::acknowledge);
    }
    c.considered = c.in_hand ? c.incident.told.size() : c.considered;
}

void Crew::act(Time until) {
    if (next() > until) return;
    const Due due = queue_.top();
    queue_.pop();
    work_off(due);
}

void Crew::work_off(const Due& due) {
    const auto it = cases_.find(due.incident.value);
    if (it == cases_.end()) return;
    Case& c = it->second;
    if (due.step == Step::look) return look(c, due.at);
    if (due.step == Step::look_again) return look_again(c, due.at);
    if (due.step == Step::glance) return glance(c, due.at);
    command(c, due.step, due.at);
}

// On the scene one sees what the sensors could only tell of, goes wherever an alarm of the incident sounds, and ends
// it.
bool Crew::end_all(const model::Incident& incident, Time now) {
    bool real = false;
    const auto end_at = [&](model::PlaceId place) {
        for (const std::size_t h : world_.under_way(place)) {
            real = real || world_.happenings()[h].real;
            world_.end(h, now);
        }
    };
    end_at(incident.place);
    for (const model::PlaceId place : incident.reached) end_at(place);
    return real;
}

void Crew::look_again(Case& c, Time now) {
    c.looking = false;
    if (c.incident.state == IncidentState::on_scene) end_all(c.incident, now);
}

// A thing thrown from a height, or a fight that is over, was real all the same.
bool Crew::is_real(const model::Incident& incident) const {
    const std::string_view kind = policy_->incident_kinds[incident.kind.value].code;
    return std::ranges::any_of(world_.happenings(), [&](const Happening& h) {
        return h.real && h.incident == kind && h.place == incident.place && h.begins <= incident.opened &&
               incident.opened - h.begins < base::hours(2);
    });
}

// What is told of in the picture goes on, whatever the desk says of it.
void Crew::glance(Case& c, Time now) {
    if (c.incident.look == model::Look::wanted)
        command(c, is_real(c.incident) ? Step::confirm : Step::false_alarm, now);
}

void Crew::look(Case& c, Time now) {
    c.looked = true;
    bool real = end_all(c.incident, now);
    real = real || is_real(c.incident);
    if (!real) return put(now + about(60), c, Step::false_alarm);
    put(now + about(options_.work_s), c, Step::photo);
}

void Crew::command(Case& c, Step step, Time now) {
    static constexpr std::array actions{Action::acknowledge,      Action::depart,       Action::arrive,
                                        Action::add_note,         Action::add_evidence, Action::resolve,
                                        Action::mark_false_alarm, Action::verify,       Action::confirm};
    model::Command command;
    command.incident = c.incident.id;
    command.action = actions[static_cast<std::size_t>(step)];
    command.actor = c.actor;
    if (step == Step::photo) {
        command.evidence = base::sha256(fmt::format("picture {}", ++pictures_));
        command.phase = model::EvidencePhase::after;
    }
    if (step == Step::verify) {
        command.actor = {};
        command.actor.person.code = "t-verify";
        command.actor.roles.add(model::Role::verifier);
    }
    ask_(std::move(command), [this, id = c.incident.id, step, now](base::Result<model::CommandResult> result) {
        const auto it = cases_.find(id.value);
        if (result && result->accepted) {
            if (it != cases_.end()) done(it->second, step, now);
            return;
        }
        ++refused_[result ? result->code : result.error().code];
        if (it != cases_.end()) it->second.in_hand = false;
    });
}

void Crew::done(Case& c, Step step, Time now) {
    switch (step) {
        case Step::acknowledge:
            if (!random_.chance(options_.forgets)) put(now + about(40), c, Step::depart);
            return;
        case Step::depart:
            return put(now + about(options_.travel_s), c, Step::arrive);
        case Step::arrive:
            return put(now + about(120), c, Step::look);
        case Step::photo:
            return put(now + about(60), c, Step::resolve);
        case Step::resolve:
            return put(now + about(1'800), c, Step::verify);
        case Step::look:
        case Step::look_again:
        case Step::glance:
        case Step::false_alarm:
        case Step::verify:
        case Step::confirm:
            return;
    }
}

}  // namespace shoumen::twin

#include "model/incident.hpp"

#include <algorithm>

#include "fields.hpp"

namespace shoumen::model {
namespace {

// 2: severity that moves with time (severity_floor, standing). 3: the places reached. Rows of the forms before are
// read: their severity stays, and they have reached no place but their own. 4: sources with their verdicts, second
// looks; what was found before has none, so nobody's precision is learned from it.
constexpr std::uint8_t form = 4;

template <class IO, class E>
void evidence_fields(IO&& io, E& e) {
    io(e.sha256, e.phase, e.standing, e.taken, e.added, e.by);
}
template <class IO, class T>
void told_fields(IO&& io, T& t) {
    io(t.notice, t.person, t.body, t.channel, t.at, t.seen);
}

template <class IO, class S>
void step_fields(IO&& io, S& s) {
    io(s.at, s.to);
}
void put(base::ByteWriter& out, const SeverityTimer::Step& s) { step_fields(Writing{out}, s); }
void get(base::ByteReader& in, SeverityTimer::Step& s) { step_fields(Reading{in}, s); }
void put(base::ByteWriter& out, const SeverityTimer& s) {
    Writing{out}(s.alert, s.severity, s.fall_after, s.fall_to, s.falls);
    out.varint(s.rises.size());
    for (const auto& step : s.rises) put(out, step);
}
void get(base::ByteReader& in, SeverityTimer& s) {
    Reading{in}(s.alert, s.severity, s.fall_after, s.fall_to, s.falls);
    const std::size_t n = in.count();
    for (std::size_t k = 0; k < n && in.ok(); ++k) get(in, s.rises.emplace_back());
}

template <class IO, class S>
void source_fields(IO&& io, S& s) {
    io(s.track.rule, s.track.device, s.track.scene, s.alert, s.first, s.latest, s.alerts, s.verdict, s.judged,
       s.by_hand);
}
void put(base::ByteWriter& out, const Source& s) { source_fields(Writing{out}, s); }
void get(base::ByteReader& in, Source& s) { source_fields(Reading{in}, s); }

template <class IO, class I>
void look_fields(IO&& io, I& i) {
    io(i.look, i.look_by, i.doubt.stage, i.doubt.real, i.doubt.mistaken, i.doubt.at_most, i.trust_again);
}

void put(base::ByteWriter& out, const Evidence& e) { evidence_fields(Writing{out}, e); }
void get(base::ByteReader& in, Evidence& e) { evidence_fields(Reading{in}, e); }
void put(base::ByteWriter& out, const Told& t) { told_fields(Writing{out}, t); }
void get(base::ByteReader& in, Told& t) { told_fields(Reading{in}, t); }

template <class IO, class I>
void incident_fields(IO io, I& i) {
    io(i.id, i.kind, i.cause, i.severity, i.place, i.anchor, i.state, i.level);
    io(i.lead, i.assist, i.supervisor, i.matrix_line, i.policy_version);
    io(i.opened, i.latest_alert, i.alert_count, i.alerts, i.late);
    io(i.acknowledge_by, i.arrive_by, i.close_by, i.climb_at, i.missed_acknowledge, i.missed_arrive, i.missed_close);
    io(i.acknowledge_within, i.arrive_within, i.close_within);
    io(i.acknowledged, i.departed, i.arrived, i.resolved, i.verified, i.ended, i.responder, i.resolver, i.verifier);
    io(i.reporter, i.reporter_answer, i.reporter_due, i.request, i.text, i.reopened_times, i.merged_into);
    io(i.event_count, i.notice_count);
}

template <class T>
void put_list(base::ByteWriter& out, const std::vector<T>& list) {
    out.varint(list.size());
    for (const auto& x : list) put(out, x);
}
template <class T>
void get_list(base::ByteReader& in, std::vector<T>& list) {
    const std::size_t n = in.count();
    for (std::size_t k = 0; k < n && in.ok(); ++k) get(in, list.emplace_back());
}

bool plausible(const Incident& i) {
    const auto known = [](Severity s) { return s <= Severity::blue; };
    const auto sound = [&](const SeverityTimer& s) {
        return known(s.severity) && known(s.fall_to) &&
               std::ranges::all_of(s.rises, [&](const SeverityTimer::Step& step) { return known(step.to); });
    };
    const auto judged = [](const Source& s) { return s.verdict <= Verdict::unknown; };
    return i.state <= IncidentState::quiet && i.look <= Look::confirmed && i.doubt.stage <= Stage::quiet &&
           std::ranges::all_of(i.sources, judged) && known(i.severity) && i.level <= LadderLevel::district &&
           known(i.severity_floor) && std::ranges::all_of(i.standing, sound);
}

}  // namespace

void encode(const Incident& incident, base::ByteWriter& out) {
    out.u8(form);
    incident_fields(Writing{out}, incident);
    put_list(out, incident.evidence);
    put_list(out, incident.told);
    Writing{out}(incident.severity_floor);
    put_list(out, incident.standing);
    Writing{out}(incident.reached);
    put_list(out, incident.sources);
    look_fields(Writing{out}, incident);
}

base::Result<Incident> decode_incident(std::string_view bytes) {
    base::ByteReader in(bytes);
    Incident incident;
    const std::uint8_t written = in.u8();
    if (written < 1 || written > form)
        return base::fail("bad-row", "an incident row has a form this program does not know");
    incident_fields(Reading{in}, incident);
    get_list(in, incident.evidence);
    get_list(in, incident.told);
    incident.severity_floor = incident.severity;
    if (written >= 2) {
        Reading{in}(incident.severity_floor);
        get_list(in, incident.standing);
    }
    if (written >= 3) Reading{in}(incident.reached);
    if (written >= 4) {
        get_list(in, incident.sources);
        look_fields(Reading{in}, incident);
    }
    if (!in.ok() || !in.at_end() || !plausible(incident)) return base::fail("bad-row", "an incident row is damaged");
    return incident;
}

}  // namespace shoumen::model

#include "render.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

#include <fmt/format.h>

#include "render_names.hpp"
#include "render_persons.hpp"
#include "timing.hpp"

namespace shoumen::doors::http {

namespace {

void write_level_use(JsonWriter& out, const model::Place& place) {
    out.field("level", to_word(place.level)).field("use", to_word(place.use));
}

void write_path(JsonWriter& out, const model::Policy& policy, model::PlaceId id) {
    std::vector<const model::Place*> steps;
    // No tree is deeper than its number of levels, two for doubt: a broken one ends too.
    while (id.valid() && id.value < policy.places.size() && steps.size() < 32) {
        steps.push_back(&policy.places[id.value]);
        id = steps.back()->parent;
    }
    out.key("path").begin_array();
    for (const model::Place* place : std::views::reverse(steps)) {
        out.begin();
        write_code_and_name(out, *place);
        write_level_use(out, *place);
        out.end();
    }
    out.end_array();
}

void write_place_on_path(JsonWriter& out, const model::Policy& policy, model::PlaceId id) {
    const model::Place& place = policy.places[id.value];
    out.begin();
    write_code_and_name(out, place);
    write_level_use(out, place);
    write_path(out, policy, id);
    out.end();
}

void write_time(JsonWriter& out, const Phrases& phrases, std::string_view name, base::Time t) {
    if (t.is_set()) out.field(name, phrases.time(t));
}

void write_text(JsonWriter& out, std::string_view name, std::string_view text) {
    if (!text.empty()) out.field(name, text);
}

template <class Id>
std::string decimal(Id id) {
    return std::to_string(id.value);
}

void write_deadline(JsonWriter& out, const Phrases& phrases, std::string_view name, std::string_view moment,
                    const std::optional<Deadline>& deadline) {
    if (!deadline) return;
    out.key(name).begin().field("kind", deadline->kind).field(moment, phrases.time(deadline->at)).end();
}

void write_bodies(JsonWriter& out, Phrases& phrases, const std::vector<model::BodyId>& bodies) {
    out.begin_array();
    for (const auto body : bodies) out.raw(phrases.body(body));
    out.end_array();
}

// A share is kept in whole thousandths.
void write_share(JsonWriter& out, std::string_view name, std::uint32_t thousandths) {
    out.key(name).raw(fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000));
}

// Why it waits for a second look, had one, or is quiet.
void write_doubt(JsonWriter& out, const Phrases& phrases, const model::Incident& i) {
    if (i.look != model::Look::none) out.field("look", to_word(i.look));
    write_time(out, phrases, "look_by", i.look_by);
    if (i.doubt.stage == model::Stage::trusted) return;
    out.key("doubt").begin().field("stage", to_word(i.doubt.stage)).field("true", i.doubt.real);
    out.field("false", i.doubt.mistaken);
    write_share(out, "at_most", i.doubt.at_most);
    out.end();
}

// The fields of the summary, without the braces: the detail has them too.
void write_summary(JsonWriter& out, Phrases& phrases, const model::Incident& i, base::Time now) {
    out.field("id", decimal(i.id)).field("kind", phrases.kind(i.kind)).key("kind_name").raw(phrases.kind_name(i.kind));
    out.field("cause", phrases.cause(i.cause)).field("severity", to_word(i.severity));
    out.field("state", to_word(i.state)).field("level", to_word(i.level));
    out.key("place").raw(phrases.place_on_path(i.place)).key("lead").raw(phrases.body(i.lead)).key("assist");
    write_bodies(out, phrases, i.assist);
    if (i.supervisor.valid()) out.key("supervisor").raw(phrases.body(i.supervisor));
    write_text(out, "responder", i.responder.code);
    write_time(out, phrases, "opened", i.opened);
    write_time(out, phrases, "latest_alert", i.latest_alert);
    out.field("alert_count", i.alert_count).field("late", i.late);
    const Timing when = timing(i, now);
    write_deadline(out, phrases, "deadline", "at", when.next);
    write_deadline(out, phrases, "overdue", "since", when.overdue);
    write_time(out, phrases, "climbs_at", i.climb_at);
    write_time(out, phrases, "ended", i.ended);
    write_doubt(out, phrases, i);
    out.key("missed").begin().field("acknowledge", i.missed_acknowledge).field("arrive", i.missed_arrive);
    out.field("close", i.missed_close).end();
    out.field("reopened_times", i.reopened_times).field("evidence_count", std::uint64_t{i.evidence.size()});
    out.field("policy_version", i.policy_version);
}

// Empty: none, erased, or not to be seen.
std::string_view text_of(const ports::IncidentView& view, model::Handle handle) {
    const auto it = view.texts.find(handle.value);
    return it == view.texts.end() ? std::string_view() : std::string_view(it->second);
}

void write_event(JsonWriter& out, Phrases& phrases, const model::TimelineEvent& e, const ports::IncidentView& view) {
    out.begin().field("n", e.nth).field("at", phrases.time(e.at)).field("type", to_word(e.type));
    out.field("from", to_word(e.from)).field("to", to_word(e.to));
    write_text(out, "actor", e.actor.code);
    if (e.body.valid()) out.key("body").raw(phrases.body(e.body));
    if (e.alert.valid()) out.field("alert", decimal(e.alert));
    if (e.type == model::EventType::escalated) out.field("level", to_word(e.level));
    if (e.type == model::EventType::severity_changed || e.type == model::EventType::opened)
        out.field("severity", to_word(e.severity));
    write_text(out, "detail", e.detail);
    write_text(out, "text", text_of(view, e.text));
    if (e.evidence != base::Digest{}) out.field("evidence", base::to_hex(e.evidence));
    out.end();
}

void write_alert(JsonWriter& out, Phrases& phrases, const ports::AlertRow& row) {
    const model::Policy& policy = phrases.policy();
    const model::Alert& a = row.alert;
    out.begin().field("id", decimal(a.id)).key("place").raw(phrases.place(a.place));
    out.field("severity", to_word(a.severity)).field("at", phrases.time(a.at)).field("late", a.late);
    if (a.rule.valid() && a.rule.value < policy.rules.size()) {
        out.key("rule");
        write_named(out, policy.rules[a.rule.value]);
    }
    if (a.device.valid() && a.device.value < policy.devices.size()) {
        out.key("device");
        write_named(out, policy.devices[a.device.value]);
    }
    write_time(out, phrases, "cleared", row.cleared);
    out.end();
}

void write_source(JsonWriter& out, Phrases& phrases, const model::Source& s) {
    const model::Policy& policy = phrases.policy();
    out.begin().field("alert", decimal(s.alert));
    if (s.track.rule.value < policy.rules.size()) {
        out.key("rule");
        write_named(out, policy.rules[s.track.rule.value]);
    }
    if (s.track.device.value < policy.devices.size()) {
        out.key("device");
        write_named(out, policy.devices[s.track.device.value]);
    }
    write_text(out, "scene", model::scene_text(policy, s.track.scene));
    out.field("alerts", s.alerts).field("verdict", to_word(s.verdict));
    write_time(out, phrases, "judged", s.judged);
    out.end();
}

void write_evidence(JsonWriter& out, const Phrases& phrases, const model::Evidence& e) {
    const std::string hash = base::to_hex(e.sha256);
    out.begin().field("sha256", hash).field("phase", to_word(e.phase)).field("standing", to_word(e.standing));
    write_time(out, phrases, "taken", e.taken);
    out.field("added", phrases.time(e.added)).field("by", e.by.code).field("url", "/api/v1/evidence/" + hash).end();
}

void write_told(JsonWriter& out, Phrases& phrases, const model::Told& t) {
    out.begin().field("person", t.person.code).key("body").raw(phrases.body(t.body));
    out.field("channel", to_word(t.channel)).field("at", phrases.time(t.at));
    write_time(out, phrases, "seen", t.seen);
    out.end();
}

void write_action(JsonWriter& out, const ports::ActionState& state, const Catalogue& catalogue) {
    out.begin().field("action", to_word(state.action)).field("allowed", state.allowed);
    if (!state.allowed && !state.reason.empty()) {
        const CatalogueEntry& entry = catalogue.of(state.reason);
        out.key("reason").begin().field("code", state.reason).field("zh", entry.zh).field("en", entry.en).end();
    }
    out.end();
}

void write_merge_target(JsonWriter& out, Phrases& phrases, const model::Incident& i) {
    out.begin().field("id", decimal(i.id)).field("kind", phrases.kind(i.kind));
    out.key("kind_name").raw(phrases.kind_name(i.kind)).field("severity", to_word(i.severity));
    out.field("state", to_word(i.state))
        .key("place")
        .raw(phrases.place(i.place))
        .field("opened", phrases.time(i.opened))
        .end();
}

void write_times(JsonWriter& out, const Phrases& phrases, const model::Incident& i) {
    out.key("times").begin();
    write_time(out, phrases, "acknowledged", i.acknowledged);
    write_time(out, phrases, "departed", i.departed);
    write_time(out, phrases, "arrived", i.arrived);
    write_time(out, phrases, "resolved", i.resolved);
    write_time(out, phrases, "verified", i.verified);
    write_time(out, phrases, "ended", i.ended);
    out.end();
}

std::uint64_t whole_seconds(base::Duration d) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(d.us, 0)) / 1'000'000;
}

void write_people(JsonWriter& out, const Phrases& phrases, const ports::IncidentView& view) {
    const model::Incident& i = view.incident;
    write_text(out, "resolver", i.resolver.code);
    write_text(out, "verifier", i.verifier.code);
    write_text(out, "reporter", i.reporter.code);
    if (i.reporter_answer != model::ReporterAnswer::none)
        out.field("reporter_answer",
                  i.reporter_answer == model::ReporterAnswer::satisfied ? "satisfied" : "unsatisfied");
    write_time(out, phrases, "reporter_due", i.reporter_due);
    write_text(out, "text", text_of(view, i.text));
    if (i.merged_into.valid()) out.field("merged_into", decimal(i.merged_into));
}

template <class Items, class Write>
void write_array(JsonWriter& out, std::string_view name, const Items& items, Write write) {
    out.key(name).begin_array();
    for (const auto& item : items) write(item);
    out.end_array();
}

void write_roles(JsonWriter& out, model::RoleSet roles) {
    out.key("roles").begin_array();
    for (std::size_t r = 0; r < model::role_count; ++r) {
        if (roles.has(static_cast<model::Role>(r))) out.text(to_word(static_cast<model::Role>(r)));
    }
    out.end_array();
}

}  // namespace

Phrases::Phrases(std::shared_ptr<const model::Policy> policy) : policy_(std::move(policy)) {}

std::string_view Phrases::kept(std::vector<std::string>& texts, std::size_t size, std::uint32_t index,
                               const std::function<void(JsonWriter&)>& write) {
    if (texts.size() < size) texts.resize(size);
    if (texts[index].empty()) {
        JsonWriter out;
        write(out);
        texts[index] = out.take();
    }
    return texts[index];
}

std::string_view Phrases::place_on_path(model::PlaceId id) {
    if (id.value >= policy_->places.size())
        return R"({"code":"?","name":{"zh":"?","en":"?"},"level":"point","use":"public_area","path":[]})";
    return kept(paths_, policy_->places.size(), id.value,
                [&](JsonWriter& out) { write_place_on_path(out, *policy_, id); });
}

std::string_view Phrases::place(model::PlaceId id) {
    if (id.value >= policy_->places.size()) return R"({"code":"?","name":{"zh":"?","en":"?"}})";
    return kept(places_, policy_->places.size(), id.value,
                [&](JsonWriter& out) { write_named(out, policy_->places[id.value]); });
}

std::string_view Phrases::body(model::BodyId id) {
    if (id.value >= policy_->bodies.size()) return R"({"code":"?","name":{"zh":"?","en":"?"},"role":"administrator"})";
    return kept(bodies_, policy_->bodies.size(), id.value, [&](JsonWriter& out) {
        const auto& body = policy_->bodies[id.value];
        out.begin();
        write_code_and_name(out, body);
        out.field("role", to_word(body.role)).end();
    });
}

std::string_view Phrases::kind_name(model::IncidentKindId id) {
    if (id.value >= policy_->incident_kinds.size()) return R"({"zh":"?","en":"?"})";
    return kept(kinds_, policy_->incident_kinds.size(), id.value, [&](JsonWriter& out) {
        const auto& kind = policy_->incident_kinds[id.value];
        write_names(out, kind.name, kind.code);
    });
}

std::string_view Phrases::kind(model::IncidentKindId id) const {
    return id.value < policy_->incident_kinds.size() ? std::string_view(policy_->incident_kinds[id.value].code) : "?";
}

std::string_view Phrases::cause(model::CauseId id) const {
    return id.value < policy_->causes.size() ? std::string_view(policy_->causes[id.value]) : "?";
}

std::string render_summary(Phrases& phrases, const model::Incident& incident, base::Time now) {
    JsonWriter out;
    out.reserve(2'048);
    out.begin();
    write_summary(out, phrases, incident, now);
    out.end();
    return out.take();
}

std::string render_list(Phrases& phrases, const std::vector<model::Incident>& incidents, bool more, base::Time now) {
    JsonWriter out;
    out.reserve(256 + incidents.size() * 2'048);
    out.begin().key("incidents").begin_array();
    for (const auto& incident : incidents) {
        out.begin();
        write_summary(out, phrases, incident, now);
        out.end();
    }
    out.end_array().field("now", phrases.time(now)).field("more", more).end();
    return out.take();
}

std::string render_detail(Phrases& phrases, const ports::IncidentView& view, base::Time now, const DetailParts& parts) {
    const model::Incident& i = view.incident;
    JsonWriter out;
    out.reserve(8'192);
    out.begin();
    write_summary(out, phrases, i, now);
    write_array(out, "timeline", view.timeline, [&](const auto& e) { write_event(out, phrases, e, view); });
    write_array(out, "sources", view.incident.sources, [&](const auto& s) { write_source(out, phrases, s); });
    write_time(out, phrases, "trusted_again", view.incident.trust_again);
    write_array(out, "alerts", view.alerts, [&](const auto& a) { write_alert(out, phrases, a); });
    write_array(out, "evidence", i.evidence, [&](const auto& e) { write_evidence(out, phrases, e); });
    write_array(out, "told", i.told, [&](const auto& t) { write_told(out, phrases, t); });
    write_array(out, "actions", view.actions, [&](const auto& a) { write_action(out, a, parts.catalogue); });
    out.key("transfer_targets");
    write_bodies(out, phrases, view.transfer_targets);
    write_array(out, "merge_targets", parts.merge_targets, [&](const auto& m) { write_merge_target(out, phrases, m); });
    write_times(out, phrases, i);
    out.key("within").begin().field("acknowledge", whole_seconds(i.acknowledge_within));
    out.field("arrive", whole_seconds(i.arrive_within)).field("close", whole_seconds(i.close_within)).end();
    out.field("matrix_line", i.matrix_line);
    write_people(out, phrases, view);
    write_held_back(out, view.held_back);
    write_array(out, "needs_help", view.concerned, [&](const auto& p) { write_person(out, phrases, p); });
    out.end();
    return out.take();
}

std::string render_session(Phrases& phrases, const ports::Session& session, const ItemsOf& items,
                           std::string_view token) {
    JsonWriter out;
    out.begin().field("account", session.account).field("person", session.actor.person.code);
    write_roles(out, session.actor.roles);
    write_array(out, "sees", items.sees, [&](model::Item item) { out.text(to_word(item)); });
    write_array(out, "changes", items.changes, [&](model::Item item) { out.text(to_word(item)); });
    out.key("bodies");
    write_bodies(out, phrases, session.actor.bodies);
    out.field("must_change", session.must_change);
    out.field("must_enrol", session.must_enrol).field("language", session.language);
    out.field("expires", phrases.time(session.expires));
    write_text(out, "token", token);
    out.end();
    return out.take();
}

std::string render_quarantine(Phrases& phrases, const std::vector<ports::QuarantineRow>& rows,
                              const ports::QuarantineCounts& counts) {
    JsonWriter out;
    out.begin();
    write_array(out, "rows", rows, [&](const ports::QuarantineRow& row) {
        out.begin()
            .field("id", std::to_string(row.id))
            .field("received", phrases.time(row.received))
            .field("door", row.door);
        out.field("speaker", row.speaker).field("code", row.code).field("message", row.message);
        write_text(out, "field", row.field);
        write_text(out, "topic", row.topic);
        out.field("payload", row.payload).field("payload_size", row.payload_size);
        out.field("payload_sha256", base::to_hex(row.payload_hash)).end();
    });
    out.field("kept", counts.kept).field("dropped", counts.dropped).end();
    return out.take();
}

std::string render_acts(Phrases& phrases, const std::vector<ports::ActRow>& acts) {
    JsonWriter out;
    out.begin();
    write_array(out, "acts", acts, [&](const ports::ActRow& act) {
        out.begin().field("id", std::to_string(act.id)).field("at", phrases.time(act.at)).field("kind", act.kind);
        write_text(out, "actor", act.actor);
        write_text(out, "role", act.role);
        write_text(out, "purpose", act.purpose);
        out.field("subject", act.subject).field("count", act.count);
        write_text(out, "detail", act.detail);
        out.end();
    });
    out.end();
    return out.take();
}

std::string render_devices(Phrases& phrases, const std::vector<ports::DeviceView>& devices) {
    const auto& known = phrases.policy().devices;
    JsonWriter out;
    out.reserve(64 + devices.size() * 256);
    out.begin();
    write_array(out, "devices", devices, [&](const ports::DeviceView& view) {
        if (view.device.value >= known.size()) return;
        const model::Device& device = known[view.device.value];
        out.begin();
        write_code_and_name(out, device);
        if (!device.is_gateway) out.field("kind", to_word(device.kind));
        out.key("place").raw(phrases.place(device.place));
        if (device.gateway.value < known.size()) out.field("gateway", known[device.gateway.value].code);
        out.field("is_gateway", device.is_gateway);
        write_time(out, phrases, "last_heard", view.last_heard);
        out.field("clock_wrong", view.clock_wrong).field("has_token", view.has_token).end();
    });
    out.end();
    return out.take();
}

std::string render_precision(Phrases& phrases, const std::vector<model::TrackView>& tracks) {
    const model::Policy& policy = phrases.policy();
    JsonWriter out;
    out.reserve(64 + tracks.size() * 400);
    out.begin();
    write_array(out, "tracks", tracks, [&](const model::TrackView& view) {
        if (view.track.rule.value >= policy.rules.size()) return;
        const model::Rule& rule = policy.rules[view.track.rule.value];
        out.begin().key("rule");
        write_named(out, rule);
        if (view.track.device.value < policy.devices.size()) {
            const model::Device& device = policy.devices[view.track.device.value];
            out.key("device");
            write_named(out, device);
            out.key("place").raw(phrases.place(device.place));
        }
        write_text(out, "scene", view.scene);
        if (view.track.scene == model::scene_untold) out.field("scene_untold", true);
        out.key("verdicts").begin().field("true", view.record.real).field("false", view.record.mistaken);
        out.field("test", view.record.test).field("unknown", view.record.unknown).end();
        if (view.record.real + view.record.mistaken > 0) {
            write_share(out, "mean", view.mean);
            write_share(out, "low", view.at_least);
            write_share(out, "high", view.at_most);
        }
        out.field("stage", to_word(view.stage));
        if (rule.precision) {
            write_share(out, "target", rule.precision->target);
            if (rule.precision->quiet_below > 0) write_share(out, "quiet_below", rule.precision->quiet_below);
        }
        out.field("last_incident", decimal(view.latest)).field("last_alert", phrases.time(view.latest_alert));
        write_time(out, phrases, "trusted_again", view.trusted_again);
        out.end();
    });
    out.end();
    return out.take();
}

std::string render_health(const ports::Health& health, bool demo) {
    JsonWriter out;
    out.begin().field("ready", health.ready).field("storing", health.storing);
    if (demo) out.field("demo", true);
    write_text(out, "trouble", health.trouble);
    if (!health.degraded.empty()) {
        out.key("degraded").begin_array();
        for (const std::string& word : health.degraded) out.text(word);
        out.end_array();
    }
    out.end();
    return out.take();
}

std::string render_live_hello(Phrases& phrases, base::Time now) {
    JsonWriter out;
    out.begin().field("type", "hello").field("now", phrases.time(now)).end();
    return out.take();
}

std::string render_live_incident(Phrases& phrases, const model::Incident& incident, base::Time now) {
    JsonWriter out;
    out.reserve(2'048);
    out.begin().field("type", "incident").key("incident").begin();
    write_summary(out, phrases, incident, now);
    out.end().end();
    return out.take();
}

std::string render_live_quarantine(std::uint64_t kept) {
    JsonWriter out;
    out.begin().field("type", "quarantine").field("kept", kept).end();
    return out.take();
}

std::string render_live_policy(std::uint64_t version) {
    JsonWriter out;
    out.begin().field("type", "policy").field("version", version).end();
    return out.take();
}

}  // namespace shoumen::doors::http

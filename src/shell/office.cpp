#include "shell/office.hpp"

#include <algorithm>

#include "act/life.hpp"
#include "protect/password.hpp"
#include "protect/photo.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t largest_evidence = 20U << 20U;
constexpr std::size_t longest_text = 4'000;
constexpr std::size_t merge_targets_shown = 50;

bool is_staff(const model::Actor& actor) {
    return (actor.roles.bits & ~(1U << static_cast<unsigned>(model::Role::resident))) != 0;
}

bool may_look_behind(const model::Actor& actor) {
    return actor.roles.has(model::Role::administrator) || actor.roles.has(model::Role::duty_officer) ||
           actor.roles.has(model::Role::technical_team);
}

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }

bool answers_for(const model::Policy& policy, const model::Body& body, model::PlaceId place) {
    const auto holds = [&](model::PlaceId scope) { return policy.is_within(place, scope); };
    return std::any_of(body.places.begin(), body.places.end(), holds) ||
           std::any_of(body.grids.begin(), body.grids.end(), [&](model::GridId g) {
               const auto& places = policy.grids[g.value].places;
               return std::any_of(places.begin(), places.end(), holds);
           });
}

std::vector<model::BodyId> transfer_targets(const model::Policy& policy, const model::Incident& incident,
                                            base::Time now) {
    std::vector<model::BodyId> out;
    for (std::size_t i = 0; i < policy.bodies.size(); ++i) {
        const model::BodyId id{i};
        const auto& body = policy.bodies[i];
        if (!body.retired && id != incident.lead && answers_for(policy, body, incident.place) &&
            !policy.on_duty(id, now).empty())
            out.push_back(id);
    }
    return out;
}

}  // namespace

Office::Office(Node& node, ports::EvidenceFiles& files, const ports::Clock& clock, Node::Post post, Compile compile,
               Unpack unpack)
    : node_(node),
      files_(files),
      clock_(clock),
      post_(post),
      compile_(std::move(compile)),
      log_salt_(protect::new_token()),
      unpack_(std::move(unpack)),
      tasks_(node, std::move(post)) {
    node_.on_committed([this](const Committed& what) { on_committed(what); });
}

Office::~Office() { node_.on_committed({}); }

base::Result<void> Office::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    auto other = node_.reader();
    if (!other) return tl::unexpected(other.error());
    worker_reader_ = std::move(*other);
    return tasks_.start(*reader_);
}

base::Result<std::vector<model::Incident>> Office::incidents(const ports::Session& session,
                                                             const ports::IncidentQuery& query) {
    if (!is_staff(session.actor)) return forbidden();
    return reader_->incidents(query);
}

base::Result<ports::IncidentView> Office::incident(const ports::Session& session, model::IncidentId id) {
    auto row = reader_->incident(id);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return base::fail("unknown-incident", "there is no such incident");
    ports::IncidentView view;
    view.incident = std::move(**row);
    if (!is_staff(session.actor) && view.incident.reporter != session.actor.person) return forbidden();
    auto timeline = reader_->timeline(id);
    if (!timeline) return tl::unexpected(timeline.error());
    view.timeline = std::move(*timeline);
    auto alerts = reader_->alerts_of(id);
    if (!alerts) return tl::unexpected(alerts.error());
    view.alerts = std::move(*alerts);

    const auto policy = node_.policy();
    const base::Time now = clock_.now();
    for (std::size_t a = 0; a < model::action_count; ++a) {
        const auto action = static_cast<model::Action>(a);
        if (action == model::Action::report) continue;
        const auto why = act::refusal(*policy, view.incident, session.actor, action, now);
        view.actions.push_back({action, why.empty(), std::string(why)});
    }
    view.transfer_targets = transfer_targets(*policy, view.incident, now);
    if (act::is_live(view.incident.state)) {
        ports::IncidentQuery live;
        live.live_only = true;
        auto others = reader_->incidents(live);
        if (!others) return tl::unexpected(others.error());
        const model::PlaceId estate = policy->ancestor(view.incident.place, model::PlaceLevel::estate);
        for (const auto& other : *others) {
            if (other.id == id || policy->ancestor(other.place, model::PlaceLevel::estate) != estate) continue;
            view.merge_targets.push_back(other.id);
            if (view.merge_targets.size() == merge_targets_shown) break;
        }
    }
    return view;
}

base::Result<std::string> Office::text(const ports::Session& session, model::Handle handle) {
    if (!is_staff(session.actor)) return forbidden();
    auto text = reader_->text(handle);
    if (!text) return tl::unexpected(text.error());
    return std::move(*text).value_or(std::string{});
}

base::Result<std::vector<ports::QuarantineRow>> Office::quarantine(const ports::Session& session,
                                                                   std::optional<std::uint64_t> before,
                                                                   std::size_t limit) {
    if (!may_look_behind(session.actor)) return forbidden();
    return reader_->quarantine(before, limit);
}

base::Result<ports::QuarantineCounts> Office::quarantine_counts(const ports::Session& session) {
    if (!may_look_behind(session.actor)) return forbidden();
    return reader_->quarantine_counts();
}

base::Result<std::vector<ports::DeviceView>> Office::devices(const ports::Session& session) {
    if (!is_staff(session.actor)) return forbidden();
    std::vector<ports::DeviceView> out;
    const auto policy = node_.policy();
    for (std::size_t i = 0; i < policy->devices.size(); ++i) {
        const model::DeviceId id{i};
        if (!policy->devices[i].retired)
            out.push_back({id, node_.last_heard(id), node_.clock_wrong(id), node_.has_token(policy->devices[i].code)});
    }
    // A gateway is heard when one of its devices is.
    const auto through = node_.gateways_heard();
    for (ports::DeviceView& view : out) {
        if (const auto at = through.find(view.device); at != through.end()) view.last_heard = at->second;
    }
    return out;
}

void Office::command(const ports::Session& session, model::Command command, std::string text,
                     std::function<void(base::Result<model::CommandResult>)> done) {
    if (text.size() > longest_text) return done(base::fail("text-too-long", "at most 4,000 bytes of text", "text"));
    command.actor = session.actor;
    node_.command(std::move(command), std::move(text), {}, std::move(done));
}

void Office::add_evidence(const ports::Session& session, model::IncidentId incident, model::EvidencePhase phase,
                          std::string media_type, std::string bytes,
                          std::function<void(base::Result<model::CommandResult>)> done) {
    if (bytes.size() > largest_evidence) return done(base::fail("too-large", "a picture has at most 20 MB"));
    if (protect::media_type_of(bytes) != media_type) {
        return done(base::fail("unsupported-media",
                               "only JPEG, PNG and WebP pictures, and the content must be what its type says"));
    }
    const auto row = reader_->incident(incident);
    if (!row) return done(tl::unexpected(row.error()));
    if (!*row) return done(base::fail("unknown-incident", "there is no such incident"));
    // Asked here already, so that nobody without a right fills the disk; the core asks again.
    const auto why = act::refusal(*node_.policy(), **row, session.actor, model::Action::add_evidence, clock_.now());
    if (!why.empty()) return done(base::fail(std::string(why), "this may not be added now"));

    const bool queued = worker_.run([this, session, incident, phase, media_type, bytes = std::move(bytes), done,
                                     zone = node_.policy()->zone]() {
        if (!protect::is_picture(bytes)) {
            return post_([done] {
                done(base::fail("broken-picture", "the picture cannot be shown: its end is missing, or it is none"));
            });
        }
        const auto taken = protect::taken_at(bytes, zone);
        auto stored = files_.put(bytes);
        post_(
            [this, session, incident, phase, media_type, size = bytes.size(), taken, stored = std::move(stored), done] {
                if (!stored) return done(tl::unexpected(stored.error()));
                model::Command command;
                command.action = model::Action::add_evidence;
                command.incident = incident;
                command.actor = session.actor;
                command.evidence = *stored;
                command.phase = phase;
                command.taken = taken.value_or(base::Time::none());
                const ports::EvidenceRow row{*stored, size, media_type, clock_.now(), command.taken, incident};
                node_.command(std::move(command), {}, {row}, done);
            });
    });
    if (!queued) done(base::fail("busy", "too many pictures are arriving at this moment; try again"));
}

base::Result<std::pair<ports::EvidenceRow, std::string>> Office::evidence(const ports::Session& session,
                                                                          const base::Digest& sha256) {
    if (!is_staff(session.actor)) return forbidden();
    const auto row = reader_->evidence(sha256);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return base::fail("not-found", "there is no such evidence");
    auto bytes = files_.get(sha256);
    if (!bytes) return tl::unexpected(bytes.error());
    return std::pair{**row, std::move(*bytes)};
}

std::uint64_t Office::follow(std::function<void(const ports::Push&)> call) {
    followers_.emplace_back(next_registration_, std::move(call));
    return next_registration_++;
}

void Office::forget(std::uint64_t registration) {
    std::erase_if(followers_, [&](const auto& f) { return f.first == registration; });
}

void Office::on_committed(const Committed& what) {
    if (followers_.empty()) return;
    const auto tell = [&](const ports::Push& push) {
        const auto calls = followers_;  // a call may register or forget others
        for (const auto& call : calls) call.second(push);
    };
    for (const auto& incident : what.incidents) tell({ports::Push::What::incident, incident, what.at});
    if (what.quarantined > 0) tell({ports::Push::What::quarantine, {}, what.at});
    if (what.policy_version > 0) tell({ports::Push::What::policy, {}, what.at});
}

}  // namespace shoumen::shell

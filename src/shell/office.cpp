#include "shell/office.hpp"

#include <algorithm>

#include "act/life.hpp"
#include "protect/free_text.hpp"
#include "protect/password.hpp"
#include "protect/photo.hpp"
#include "shell/upkeep.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t largest_evidence = 20U << 20U;
constexpr std::size_t longest_text = 4'000;

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }

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
      tasks_(node, post),
      persons_(*this, node, files, clock, post),
      upkeep_(std::make_unique<Upkeep>(*this, node, clock, std::move(post))) {
    node_.on_committed([this](const Committed& what) { on_committed(what); });
}

ports::UpkeepDesk& Office::upkeep() { return *upkeep_; }

void Office::log_to(ports::Log log) {
    upkeep_->log_to(log);
    log_ = std::move(log);
}

Office::~Office() { node_.on_committed({}); }

base::Result<void> Office::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    auto other = node_.reader();
    if (!other) return tl::unexpected(other.error());
    worker_reader_ = std::move(*other);
    if (auto done = book_.load(*reader_); !done) return done;
    const auto newest = reader_->acts({.subject = {}, .actor = {}, .before = {}, .limit = 1});
    if (!newest) return tl::unexpected(newest.error());
    if (!newest->empty()) latest_ = newest->front().at;
    latest_ = std::max(latest_, node_.state().last_received);
    if (auto done = move_roles_to_grants(); !done) return done;
    if (auto done = persons_.start(); !done) return done;
    if (auto done = upkeep_->start(); !done) return done;
    return tasks_.start(*reader_);
}

base::Result<std::vector<ports::QuarantineRow>> Office::quarantine(const ports::Session& session,
                                                                   std::optional<std::uint64_t> before,
                                                                   std::size_t limit) {
    if (!may(session, model::Item::quarantine, model::Sight::clear, {})) return forbidden();
    auto rows = reader_->quarantine(before, limit);
    if (!rows) return rows;
    // What a device could not say rightly may hold anything that people have said to it.
    for (auto& row : *rows) {
        node_.open_quarantined(row);
        row.payload = protect::mask_free_text(row.payload);
        row.topic = protect::mask_topic(row.topic);
        row.message = protect::mask_free_text(row.message);
    }
    return rows;
}

base::Result<ports::QuarantineCounts> Office::quarantine_counts(const ports::Session& session) {
    if (!may(session, model::Item::quarantine, model::Sight::clear, {})) return forbidden();
    return reader_->quarantine_counts();
}

base::Result<std::vector<ports::DeviceView>> Office::devices(const ports::Session& session) {
    if (!admit(session, model::Item::devices, model::Sight::clear)) return forbidden();
    std::vector<ports::DeviceView> out;
    const protect::Gate gate(*node_.policy());
    const protect::Viewer viewer = viewer_of(session);
    std::vector<std::optional<bool>> known(node_.policy()->places.size());  // many hang at one place
    const auto sees = [&, now = clock_.now()](model::PlaceId place) {
        auto& seen = known[place.value];
        if (!seen) seen = gate.may_see(viewer, model::Item::devices, {.place = place}, now);
        return *seen;
    };
    const auto policy = node_.policy();
    for (std::size_t i = 0; i < policy->devices.size(); ++i) {
        const model::DeviceId id{i};
        if (!policy->devices[i].retired && sees(policy->devices[i].place))
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
    model::PlaceId place = command.place;
    if (command.action != model::Action::report) {
        const auto seen = visible(session, command.incident);
        if (!seen) return done(tl::unexpected(seen.error()));
        place = seen->place;
    }
    if (command.action == model::Action::merge) {
        if (const auto seen = visible(session, command.other); !seen) return done(tl::unexpected(seen.error()));
    }
    command.actor = actor_at(session, place);
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
    const auto row = visible(session, incident);
    if (!row) return done(tl::unexpected(row.error()));
    // Asked here already, so that nobody without a right fills the disk; the core asks again.
    const auto why =
        act::refusal(*node_.policy(), *row, actor_at(session, row->place), model::Action::add_evidence, clock_.now());
    if (!why.empty()) return done(base::fail(std::string(why), "this may not be added now"));

    const bool queued = pictures_.run([this, actor = actor_at(session, row->place), incident, phase, media_type,
                                       bytes = std::move(bytes), done, zone = node_.policy()->zone]() {
        if (!protect::is_picture(bytes)) {
            return post_([done] {
                done(base::fail("broken-picture", "the picture cannot be shown: its end is missing, or it is none"));
            });
        }
        const auto taken = protect::taken_at(bytes, zone);
        auto stored = files_.put(bytes);
        post_([this, actor, incident, phase, media_type, size = bytes.size(), taken, stored = std::move(stored), done] {
            if (!stored) return done(tl::unexpected(stored.error()));
            model::Command command;
            command.action = model::Action::add_evidence;
            command.incident = incident;
            command.actor = actor;
            command.evidence = *stored;
            command.phase = phase;
            command.taken = taken.value_or(base::Time::none());
            const ports::EvidenceRow row{*stored, size, media_type, clock_.now(), command.taken, incident};
            node_.command(std::move(command), {}, {row}, done);
        });
    });
    if (!queued) done(base::fail("busy", "too many pictures are arriving at this moment; try again"));
}

std::uint64_t Office::follow(std::function<void(const ports::Push&)> call) {
    followers_.emplace_back(next_registration_, std::move(call));
    return next_registration_++;
}

void Office::forget(std::uint64_t registration) {
    std::erase_if(followers_, [&](const auto& f) { return f.first == registration; });
}

void Office::on_committed(const Committed& what) {
    // Bodies and places may be others now: who somebody is is asked again.
    if (what.policy_version > 0) sessions_.clear();
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

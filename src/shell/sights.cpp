// The office's part that asks the gate: what of an incident a session sees, and what is written down of it.
#include <algorithm>

#include <fmt/core.h>

#include "act/life.hpp"
#include "protect/free_text.hpp"
#include "protect/photo.hpp"
#include "shell/notary.hpp"
#include "shell/office.hpp"

#include "looks.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;
using protect::IncidentSights;

constexpr std::size_t merge_targets_shown = 50;
constexpr std::size_t viewers_remembered = 4'096;
constexpr std::size_t largest_page = 20'000;

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }
tl::unexpected<base::Error> unknown() { return base::fail("unknown-incident", "there is no such incident"); }

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

// What cannot be cut by places: a role held in a part of the community does not reach it.
bool is_of_the_whole(Item item) {
    return item == Item::policy || item == Item::accounts || item == Item::tasks || item == Item::figures ||
           item == Item::acts || item == Item::quarantine;
}

// Which of the items that redact() asks for are seen, as bits in this order.
constexpr std::array redacted{Item::door, Item::actors, Item::reporter, Item::words, Item::pictures};

std::uint32_t bits_of(const IncidentSights::Sights& sights) {
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < redacted.size(); ++i) {
        const bool there = redacted[i] == Item::words ? sights.names(Item::words) : sights.sees(redacted[i]);
        if (there) bits |= 1U << i;
    }
    return bits;
}

IncidentSights::Sights sights_of_bits(std::uint32_t bits) {
    IncidentSights::Sights sights;
    for (std::size_t i = 0; i < redacted.size(); ++i) {
        if ((bits >> i) & 1U)
            sights.of[static_cast<std::size_t>(redacted[i])] = protect::Verdict{.sight = Sight::clear};
    }
    return sights;
}

std::string_view word_of(const std::optional<model::Role>& role) {
    return role ? model::to_word(*role) : std::string_view();
}

}  // namespace

struct Office::Looks : LookList {};

namespace {

// What is held back is told of only where there is something.
bool is_there(const ports::IncidentView& view, Item item) {
    switch (item) {
        case Item::words:
            return !view.texts.empty();
        case Item::reporter:
            return view.incident.reporter.valid();
        case Item::pictures:
            return !view.incident.evidence.empty();
        default:
            return false;
    }
}

// Whose words and pictures an incident's are: the reporter's, where there is one.
std::string subject_of(const model::Incident& incident) {
    return incident.reporter.valid() ? "person:" + incident.reporter.code
                                     : fmt::format("incident:{}", incident.id.value);
}

}  // namespace

protect::Viewer Office::viewer_of(const ports::Session& session) const { return shell::viewer_of(session); }

IncidentSights& Office::sights_of(const ports::Session& session) {
    const auto policy = node_.policy();
    auto viewer = viewer_of(session);
    if (const auto it = sights_.find(session.token_hash); it != sights_.end()) {
        if (it->second.is_good(*policy, viewer, clock_.now())) return it->second;
        sights_.erase(it);
    }
    if (sights_.size() >= viewers_remembered) sights_.clear();
    return sights_.try_emplace(session.token_hash, policy, std::move(viewer), clock_.now()).first->second;
}

bool Office::may(const ports::Session& session, Item item, Sight least, const protect::Thing& thing) const {
    const auto policy = node_.policy();
    const auto verdict = protect::Gate(*policy).judge(viewer_of(session), item, thing, clock_.now());
    return verdict && verdict->sight >= least;
}

base::Result<void> Office::admit(const ports::Session& session, Item item, Sight least) {
    if (!may(session, item, least, {.anywhere = !is_of_the_whole(item)})) return forbidden();
    return {};
}

std::optional<std::uint32_t> Office::how_seen(const ports::Session& session, const model::Incident& incident) {
    const auto& sights = sights_of(session).of(incident);
    if (!sights.sees(Item::incidents)) return std::nullopt;
    return bits_of(sights);
}

model::Incident Office::seen_as(std::uint32_t how, const model::Incident& incident) {
    model::Incident seen = incident;
    protect::redact(*node_.policy(), sights_of_bits(how), seen);
    return seen;
}

// Pages are read until enough of them is seen: who answers for one estate sees a few of many.
base::Result<std::vector<model::Incident>> Office::incidents(const ports::Session& session,
                                                             const ports::IncidentQuery& query) {
    const auto policy = node_.policy();
    auto& sights = sights_of(session);
    std::vector<model::Incident> seen;
    ports::IncidentQuery page = query;
    for (;;) {
        auto some = reader_->incidents(page);
        if (!some) return tl::unexpected(some.error());
        const bool last = some->size() < page.limit;
        if (!last) page.before = some->back().id;
        for (auto& incident : *some) {
            const auto& of = sights.of(incident);
            if (!of.sees(Item::incidents)) continue;
            protect::redact(*policy, of, incident);
            seen.push_back(std::move(incident));
            if (seen.size() == query.limit) return seen;
        }
        if (last) return seen;
        page.limit = std::min(largest_page, page.limit * 4);
    }
}

base::Result<model::Incident> Office::visible(const ports::Session& session, model::IncidentId id) {
    auto row = reader_->incident(id);
    if (!row) return tl::unexpected(row.error());
    if (!*row || !sights_of(session).of(**row).sees(Item::incidents)) return unknown();
    return std::move(**row);
}

bool Office::has_asked(const ports::Session& session, model::IncidentId id, Item item) const {
    const auto it = asked_.find({session.token_hash, id.value, item});
    return it != asked_.end() && clock_.now() < it->second;
}

base::Result<void> Office::add_texts(const ports::Session& session, const IncidentSights::Sights& sights,
                                     ports::IncidentView& view, Looks& looks) {
    const auto& verdict = sights[Item::words];
    if (!verdict) {
        for (auto& event : view.timeline) event.text = {};
        return {};
    }
    const bool clear = verdict->sight >= Sight::clear ||
                       (verdict->sight == Sight::ask && has_asked(session, view.incident.id, Item::words));
    std::uint64_t shown = 0;
    const auto add = [&](model::Handle handle) -> base::Result<void> {
        if (!handle.valid() || view.texts.contains(handle.value)) return {};
        auto text = reader_->text(handle);
        if (!text) return tl::unexpected(text.error());
        if (*text) *text = node_.opened_text(handle, std::move(**text));
        if (!*text) return {};
        if (clear) shown += protect::find_personal(**text).size();
        view.texts[handle.value] = clear ? std::move(**text) : protect::mask_free_text(**text);
        return {};
    };
    auto done = add(view.incident.text);
    for (const auto& event : view.timeline) {
        if (done) done = add(event.text);
    }
    looks.add(session, *verdict, subject_of(view.incident), Item::words, shown, clock_.now());
    return done;
}

void Office::add_choices(const ports::Session& session, ports::IncidentView& view) {
    const auto policy = node_.policy();
    const base::Time now = clock_.now();
    const model::Actor actor = actor_at(session, view.incident.place);
    for (std::size_t a = 0; a < model::action_count; ++a) {
        const auto action = static_cast<model::Action>(a);
        if (action == model::Action::report) continue;
        const auto why = act::refusal(*policy, view.incident, actor, action, now);
        view.actions.push_back({action, why.empty(), std::string(why)});
    }
    view.transfer_targets = transfer_targets(*policy, view.incident, now);
    if (!act::is_live(view.incident.state)) return;
    ports::IncidentQuery live;
    live.live_only = true;
    const auto others = incidents(session, live);
    if (!others) return;
    const model::PlaceId estate = policy->ancestor(view.incident.place, model::PlaceLevel::estate);
    for (const auto& other : *others) {
        if (other.id == view.incident.id || policy->ancestor(other.place, model::PlaceLevel::estate) != estate)
            continue;
        view.merge_targets.push_back(other.id);
        if (view.merge_targets.size() == merge_targets_shown) break;
    }
}

base::Result<ports::IncidentView> Office::view_of(const ports::Session& session, model::IncidentId id, Looks& looks) {
    auto incident = visible(session, id);
    if (!incident) return tl::unexpected(incident.error());
    ports::IncidentView view;
    view.incident = std::move(*incident);
    const IncidentSights::Sights sights = sights_of(session).of(view.incident);
    auto timeline = reader_->timeline(id);
    if (!timeline) return tl::unexpected(timeline.error());
    view.timeline = std::move(*timeline);
    auto alerts = reader_->alerts_of(id);
    if (!alerts) return tl::unexpected(alerts.error());
    view.alerts = std::move(*alerts);
    add_choices(session, view);
    if (auto done = add_texts(session, sights, view, looks); !done) return tl::unexpected(done.error());
    if (view.incident.reporter.valid() && sights.sees(Item::reporter) && !persons_.is_erased(view.incident.reporter))
        looks.add(session, *sights[Item::reporter], subject_of(view.incident), Item::reporter, 1, clock_.now());
    for (std::size_t i = 0; i < model::item_count; ++i) {
        const auto& verdict = sights.of[i];
        if (!is_there(view, static_cast<Item>(i))) continue;
        if (!verdict || verdict->sight > Sight::ask || has_asked(session, id, static_cast<Item>(i))) continue;
        view.held_back.push_back({static_cast<Item>(i), verdict->sight, verdict->purpose, verdict->lasts});
    }
    const auto policy = node_.policy();
    view.concerned = persons_.concerned(
        session, view.incident, view.alerts, protect::Gate(*policy).thing_of(viewer_of(session), view.incident),
        [&](Item item) { return has_asked(session, id, item); }, looks);
    const model::Person reporter = view.incident.reporter;
    // Who has been erased is named to nobody any more.
    if (persons_.is_erased(reporter)) view.incident.reporter = {};
    for (auto& event : view.timeline) {
        if (persons_.is_erased(event.actor)) event.actor = {};
    }
    protect::redact(*policy, sights, view.incident);
    for (auto& event : view.timeline) {
        if (!sights.sees(Item::actors)) event.actor = {};
        if (event.actor == reporter && !sights.sees(Item::reporter)) event.actor = {};
        if (!sights.sees(Item::pictures)) event.evidence = {};
    }
    for (auto& row : view.alerts) {
        if (sights.sees(Item::door)) continue;
        row.alert.place = protect::without_door(*policy, row.alert.place);
        row.alert.device = {};  // its name says where it hangs
    }
    return view;
}

void Office::incident(const ports::Session& session, model::IncidentId id,
                      std::function<void(base::Result<ports::IncidentView>)> done) {
    Looks looks;
    auto view = view_of(session, id, looks);
    if (!view || looks.acts.empty()) return done(std::move(view));
    node_.write_records(looks.take(), [done, view = std::move(view)](const base::Result<void>& stored) mutable {
        if (!stored) return done(tl::unexpected(stored.error()));
        done(std::move(view));
    });
}

void Office::ask_to_see(const ports::Session& session, model::IncidentId id, std::vector<Item> items,
                        model::Purpose purpose, std::function<void(base::Result<ports::IncidentView>)> done) {
    const auto incident = visible(session, id);
    if (!incident) return done(tl::unexpected(incident.error()));
    const auto& sights = sights_of(session).of(*incident);
    std::string detail;
    std::optional<protect::Verdict> by;
    std::vector<std::pair<Item, protect::Verdict>> given;  // each as long as its own row says
    for (const Item item : items) {
        const auto& verdict = sights[item];
        if (!verdict || verdict->sight == Sight::masked) return done(forbidden());
        if (verdict->sight > Sight::ask) continue;
        if (verdict->purpose != purpose)
            return done(base::fail("wrong-purpose",
                                   fmt::format("{} is shown for the purpose {} only", model::to_word(item),
                                               model::to_word(verdict->purpose)),
                                   "purpose"));
        by = verdict;
        given.emplace_back(item, *verdict);
        detail += (detail.empty() ? "" : " ") + std::string(model::to_word(item));
    }
    if (!by) return this->incident(session, id, std::move(done));
    ports::ActRow act;
    act.at = clock_.now();
    act.actor = session.actor.person.code;
    act.role = std::string(word_of(by->role));
    act.kind = "asked_to_see";
    act.purpose = std::string(model::to_word(purpose));
    act.subject = fmt::format("incident:{}", id.value);
    act.detail = detail;
    node_.write_records({act}, [this, session, id, given, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        const base::Time now = clock_.now();
        std::erase_if(asked_, [&](const auto& a) { return a.second <= now; });
        for (const auto& [item, verdict] : given)
            asked_[{session.token_hash, id.value, item}] = std::min(now + verdict.lasts, verdict.until);
        this->incident(session, id, done);
    });
}

base::Result<std::vector<ports::ActRow>> Office::acts(const ports::Session& session, const ports::ActQuery& query) {
    const auto on = [&](const model::Person& person) { return query.subject == "person:" + person.code; };
    protect::Thing thing;
    // What somebody did is theirs to prove; what others did is not.
    thing.own = query.actor == session.actor.person.code || on(session.actor.person) ||
                std::ranges::any_of(session.acts_for, on);
    if (!may(session, Item::acts, Sight::clear, thing)) return forbidden();
    return reader_->acts(query);
}

base::Result<ports::LedgerState> Office::ledger(const ports::Session&) {
    if (!notary_) return base::fail("not-ready", "the ledger is not there yet");
    return notary_->state();
}

base::Result<ports::RetentionState> Office::retention(const ports::Session&) {
    if (!sweeper_) return base::fail("not-ready", "nothing is swept yet");
    return sweeper_->state();
}

base::Result<ports::ActReceipt> Office::receipt(const ports::Session& session, std::uint64_t id) {
    if (!notary_) return base::fail("not-ready", "the ledger is not there yet");
    const auto act = reader_->act(id);
    if (!act) return tl::unexpected(act.error());
    const auto is_on = [&](const model::Person& person) {
        return *act && ((*act)->subject == "person:" + person.code || (*act)->actor == person.code);
    };
    protect::Thing thing;
    thing.own = is_on(session.actor.person) || std::ranges::any_of(session.acts_for, is_on);
    if (!*act || !may(session, Item::acts, Sight::clear, thing)) return base::fail("not-found", "there is no such act");
    return notary_->receipt(**act);
}

void Office::evidence(const ports::Session& session, const base::Digest& sha256,
                      std::function<void(base::Result<std::pair<ports::EvidenceRow, std::string>>)> done) {
    const auto nothing = [] { return base::fail("not-found", "there is no such evidence"); };
    const auto row = reader_->evidence(sha256);
    if (!row) return done(tl::unexpected(row.error()));
    if (!*row) return done(nothing());
    const auto incident = visible(session, (*row)->incident);
    if (!incident)
        return done(incident.error().code == "unknown-incident" ? nothing() : tl::unexpected(incident.error()));
    const auto& verdict = sights_of(session).of(*incident)[Item::pictures];
    if (!verdict || verdict->sight < Sight::clear) return done(forbidden());
    if ((*row)->removed.is_set())
        return done(base::fail("evidence-removed", "this picture has been kept for as long as pictures are"));
    Looks looks;
    looks.add(session, *verdict, subject_of(*incident), Item::pictures, 1, clock_.now());
    // What the camera wrote beside the picture, its position above all, stays in the sealed original.
    const bool queued = pictures_.run([this, done, row = **row, looks = looks.take()]() mutable {
        auto bytes = files_.get(row.sha256);
        if (bytes) {
            if (auto bare = protect::without_metadata(*bytes))
                *bytes = std::move(*bare);
            else
                bytes = base::fail("data-damaged", "a picture cannot be read; bring it back from a backup");
        }
        post_([this, done, row, looks = std::move(looks), bytes = std::move(bytes)]() mutable {
            if (!bytes) return done(tl::unexpected(bytes.error()));
            node_.write_records(std::move(looks), [done, found = std::pair{row, std::move(*bytes)}](
                                                      const base::Result<void>& stored) mutable {
                if (!stored) return done(tl::unexpected(stored.error()));
                done(std::move(found));
            });
        });
    });
    if (!queued) done(base::fail("busy", "too many pictures are asked for at this moment; try again"));
}

}  // namespace shoumen::shell

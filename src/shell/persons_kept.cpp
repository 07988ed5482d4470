// The register's part that says what is kept about somebody, and hands it out.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "act/life.hpp"
#include "protect/free_text.hpp"
#include "shell/office.hpp"

#include "gathered.hpp"
#include "person_rules.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;

constexpr std::size_t acts_at_a_time = 20'000;
constexpr std::size_t most_live = 20'000;
constexpr std::size_t picture_bytes = std::size_t{256} << 20U;

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }
tl::unexpected<base::Error> unknown() { return base::fail("unknown-person", "nobody stands under this code"); }

base::Result<std::vector<ports::ActRow>> all_acts(ports::StoreReader& reader, ports::ActQuery query) {
    std::vector<ports::ActRow> out;
    query.limit = acts_at_a_time;
    for (;;) {
        auto some = reader.acts(query);
        if (!some) return some;
        const bool last = some->size() < query.limit;
        if (!last) query.before = some->back().id;
        std::ranges::move(*some, std::back_inserter(out));
        if (last) break;
    }
    std::ranges::reverse(out);
    return out;
}

// Roles one has for oneself, and not for others.
constexpr std::uint32_t private_roles =
    model::RoleSet{}.add(model::Role::resident).add(model::Role::family).add(model::Role::volunteer).bits;

}  // namespace

base::Result<Persons::Gathered> Persons::gather(const model::Person& person) {
    Gathered out;
    auto events = reader_->events_by(person);
    if (!events) return tl::unexpected(std::move(events.error()));
    std::set<std::uint64_t> seen, handles;
    const auto add_word = [&](const model::TimelineEvent& event, model::Handle handle) {
        if (handle.valid() && handles.insert(handle.value).second)
            out.words.push_back({event.incident, event.at, event.type, handle});
    };
    for (const auto& event : *events) {
        add_word(event, event.text);
        if (event.type == model::EventType::evidence_added) out.pictures.push_back({event.evidence, event.incident});
        if (!seen.insert(event.incident.value).second) continue;
        auto incident = reader_->incident(event.incident);
        if (!incident) return tl::unexpected(std::move(incident.error()));
        if (!*incident || (*incident)->reporter != person) continue;
        add_word(event, (*incident)->text);
        out.reported.push_back(std::move(**incident));
    }
    auto on = all_acts(*reader_, {.subject = "person:" + person.code, .actor = {}, .before = {}});
    if (!on) return tl::unexpected(std::move(on.error()));
    out.on = std::move(*on);
    auto by = all_acts(*reader_, {.subject = {}, .actor = person.code, .before = {}});
    if (!by) return tl::unexpected(std::move(by.error()));
    out.by = std::move(*by);
    std::erase_if(out.by, [&](const auto& act) { return act.subject == "person:" + person.code; });
    auto accounts = office_.accounts_of(person);
    if (!accounts) return tl::unexpected(std::move(accounts.error()));
    out.accounts = std::move(*accounts);
    out.delegations = office_.delegations_of(person);
    return out;
}

base::Result<protect::Verdict> Persons::may_have(const ports::Session& session, const model::Person& person, Item item,
                                                 const std::string& reason) const {
    const auto thing = thing_of(session, person);
    const auto verdict = protect::Gate(*node_.policy()).judge(viewer_of(session), item, thing, clock_.now());
    if (!verdict || verdict->sight < Sight::change) return forbidden();
    if (!thing.own && reason.empty())
        return base::fail("missing-field", "for whom it is and why is written down", "reason");
    return *verdict;
}

std::string Persons::why_not_erase(const model::Person& person) {
    if (is_erased(person)) return "erased";
    const auto policy = node_.policy();
    const auto accounts = office_.accounts_of(person);
    if (!accounts) return accounts.error().code;
    for (const auto& account : *accounts) {
        if (account.disabled) continue;
        const auto roles = office_.book_.rights(account, *policy, office_.moment()).roles;
        if ((roles.bits & ~private_roles) != 0) return "person-on-duty";
    }
    ports::IncidentQuery live;
    live.live_only = true;
    live.limit = most_live;
    const auto incidents = reader_->incidents(live);
    if (!incidents) return incidents.error().code;
    const auto home = home_of(person.code);
    for (const auto& incident : *incidents) {
        const auto at_home = [&](model::PlaceId place) {
            return home.valid() && place.valid() && policy->is_within(place, home);
        };
        if (incident.reporter == person || incident.responder == person || at_home(incident.place) ||
            std::ranges::any_of(incident.reached, at_home))
            return "person-in-incident";
    }
    return {};
}

ports::KeptCounts Persons::counts_of(const ports::Session& session, const model::Person& person,
                                     const Gathered& gathered) {
    ports::KeptCounts out;
    out.person = person;
    out.listed = is_listed(person.code);
    out.accounts = gathered.accounts.size();
    out.reported = gathered.reported.size();
    out.words = gathered.words.size();
    out.pictures = gathered.pictures.size();
    out.looked = static_cast<std::size_t>(
        std::ranges::count_if(gathered.on, [](const auto& act) { return act.kind.starts_with("looked"); }));
    out.acts = gathered.on.size() - out.looked + gathered.by.size();
    out.delegations = gathered.delegations.size();
    const std::string some_reason = "asked";
    out.may_take_out = may_have(session, person, Item::archive, some_reason).has_value();
    const bool in_person = thing_of(session, person).own ? person == session.actor.person : true;
    out.may_erase = in_person && !session.by_token && may_have(session, person, Item::erasure, some_reason).has_value();
    if (out.may_erase) out.may_not_erase = why_not_erase(person);
    return out;
}

void Persons::kept(const ports::Session& session, const model::Person& person,
                   std::function<void(base::Result<ports::KeptCounts>)> done) {
    if (const auto may = may_have(session, person, Item::archive, "asked"); !may)
        return done(tl::unexpected(may.error()));
    const auto gathered = gather(person);
    if (!gathered) return done(tl::unexpected(gathered.error()));
    if (!is_known(person, *gathered) && person != session.actor.person) return done(unknown());
    done(counts_of(session, person, *gathered));
}

bool Persons::is_known(const model::Person& person, const Gathered& gathered) const {
    return heads_.contains(person.code) || !gathered.accounts.empty() || !gathered.on.empty() || !gathered.by.empty() ||
           !gathered.words.empty() || !gathered.reported.empty();
}

void Persons::take_out(const ports::Session& session, const model::Person& person, const std::string& reason,
                       std::function<void(base::Result<ports::Kept>)> done) {
    const auto may = may_have(session, person, Item::archive, reason);
    if (!may) return done(tl::unexpected(may.error()));
    auto gathered = gather(person);
    if (!gathered) return done(tl::unexpected(gathered.error()));
    if (!is_known(person, *gathered) && person != session.actor.person) return done(unknown());
    const base::Time now = clock_.now();
    auto kept = std::make_shared<ports::Kept>();
    auto looks = std::make_shared<LookList>();
    kept->counts = counts_of(session, person, *gathered);
    kept->at = now;
    // All of it is shown by the one leave to hand it out.
    protect::Gate::Verdicts verdicts;
    protect::Verdict shown = *may;
    shown.sight = Sight::clear;
    verdicts.fill(shown);
    if (is_listed(person.code)) {
        ports::PersonView view;
        view.person = person;
        const auto entry = entry_of(person, &view.changed);
        if (entry) show_entry(session, verdicts, *entry, now, view, *looks);
        show_home(session, verdicts, home_of(person.code), *node_.policy(), now, view, *looks);
        kept->entry = std::move(view);
    }
    std::uint64_t values = 0;
    for (const auto& word : gathered->words) {
        auto stored = reader_->text(word.handle);
        if (!stored) return done(tl::unexpected(stored.error()));
        if (!*stored) continue;
        const auto text = node_.opened_text(word.handle, std::move(**stored));
        if (!text || text->empty()) continue;
        values += protect::find_personal(*text).size();
        kept->words.push_back({word.incident, word.at, word.what, *text});
    }
    looks->add(session, shown, "person:" + person.code, Item::words, values, now);
    for (const auto& account : gathered->accounts) kept->accounts.push_back(account.name);
    kept->reported = std::move(gathered->reported);
    kept->delegations = std::move(gathered->delegations);
    kept->on = std::move(gathered->on);
    kept->by = std::move(gathered->by);
    for (const auto& picture : gathered->pictures) {
        const auto row = reader_->evidence(picture.sha256);
        if (!row) return done(tl::unexpected(row.error()));
        if (*row) kept->pictures.push_back({**row, {}});
    }
    auto act = act_of(session, person, "archive_given", reason.empty() ? "own" : reason);
    act.role = shown.role ? std::string(model::to_word(*shown.role)) : std::string();
    act.purpose = std::string(model::to_word(shown.purpose));
    // Pictures are read and opened where that holds up nobody.
    const bool queued = worker_.run([this, kept, looks, act, shown, session, person, now, done] {
        std::size_t bytes = 0;
        std::uint64_t pictures = 0;
        for (auto& picture : kept->pictures) {
            if (bytes + picture.row.size > picture_bytes) continue;
            auto read = files_.get(picture.row.sha256);
            if (!read) continue;
            bytes += read->size();
            picture.bytes = std::move(*read);
            ++pictures;
        }
        post_([this, kept, looks, act, shown, session, person, now, pictures, done] {
            looks->add(session, shown, "person:" + person.code, Item::pictures, pictures, now);
            auto writes = looks->take();
            writes.emplace_back(act);
            node_.write_records(std::move(writes), [kept, done](const base::Result<void>& stored) {
                if (!stored) return done(tl::unexpected(stored.error()));
                done(std::move(*kept));
            });
        });
    });
    if (!queued) done(base::fail("busy", "others are fetching theirs; try again in a moment"));
}

}  // namespace shoumen::shell

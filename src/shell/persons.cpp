#include "shell/persons.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "protect/vault.hpp"

#include "looks.hpp"
#include "person_rules.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;

constexpr std::size_t rows_at_a_time = 5'000;
constexpr std::size_t most_found = 50;
// A number that is masked shows all but four digits: who may try as often as they like reads the rest.
constexpr unsigned misses_allowed = 30;
constexpr base::Duration misses_counted_over = base::hours(1);

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }
tl::unexpected<base::Error> unknown() { return base::fail("unknown-person", "nobody stands under this code"); }
tl::unexpected<base::Error> no_keys() {
    return base::fail("keys-missing", "without keys nothing of persons can be kept");
}

// What cannot be opened is not shown; that somebody stands there is.
bool is_unreadable(const base::Error& error) {
    return error.code == "key-missing" || error.code == "erased" || error.code == "sealed-unreadable";
}

}  // namespace

protect::Viewer viewer_of(const ports::Session& session) {
    return {session.actor.person, session.holdings, session.actor.bodies, session.acts_for};
}

Persons::Persons(Office& office, Node& node, ports::EvidenceFiles& files, const ports::Clock& clock, Node::Post post)
    : office_(office), node_(node), files_(files), clock_(clock), post_(std::move(post)), vault_(node.vault()) {}

base::Result<void> Persons::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    auto other = node_.reader();
    if (!other) return tl::unexpected(other.error());
    table_reader_ = std::move(*other);
    std::string after;
    for (;;) {
        const auto rows = reader_->persons(after, rows_at_a_time);
        if (!rows) return tl::unexpected(rows.error());
        for (const auto& row : *rows) remember(row);
        if (rows->size() < rows_at_a_time) break;
        after = rows->back().person.code;
    }
    finish_erasures();
    return {};
}

void Persons::remember(const ports::PersonRow& row) {
    const auto& code = row.person.code;
    if (const auto it = heads_.find(code); it != heads_.end()) {
        if (const auto home = by_home_.find(it->second.home); home != by_home_.end()) home->second.erase(code);
        auto [from, to] = by_phone_.equal_range(it->second.phone_index);
        for (; from != to; ++from) {
            if (from->second != code) continue;
            by_phone_.erase(from);
            break;
        }
    }
    needs_help_.erase(code);
    heads_[code] = {row.home, row.status, row.phone_index};
    if (!row.home.empty()) by_home_[row.home].insert(code);
    if (!row.phone_index.empty()) by_phone_.emplace(row.phone_index, code);
}

bool Persons::is_listed(std::string_view code) const {
    const auto it = heads_.find(code);
    return it != heads_.end() && it->second.status == listed;
}

model::PlaceId Persons::home_of(std::string_view code) const {
    const auto it = heads_.find(code);
    if (it == heads_.end()) return {};
    const auto policy = node_.policy();
    const auto place = policy->place_by_code.find(it->second.home);
    if (place == policy->place_by_code.end() || policy->places[place->second.value].retired) return {};
    return place->second;
}

protect::Thing Persons::thing_of(const ports::Session& session, const model::Person& person) const {
    protect::Thing thing;
    thing.place = home_of(person.code);
    thing.own = person == session.actor.person || std::ranges::find(session.acts_for, person) != session.acts_for.end();
    return thing;
}

protect::Gate::Verdicts Persons::verdicts_of(const ports::Session& session, const model::Person& person) const {
    const auto policy = node_.policy();
    const base::Time now = clock_.now();
    auto verdicts = protect::Gate(*policy).judge_all(viewer_of(session), thing_of(session, person), now);
    for (std::size_t i = 0; i < model::item_count; ++i) {
        auto& verdict = verdicts[i];
        if (!verdict || verdict->sight != Sight::ask) continue;
        const auto it = asked_.find({session.token_hash, person.code, static_cast<Item>(i)});
        if (it != asked_.end() && now < it->second) verdict->sight = Sight::clear;
    }
    return verdicts;
}

base::Result<protect::PersonEntry> Persons::entry_of(const model::Person& person, base::Time* changed) {
    if (!vault_) return no_keys();
    const auto row = reader_->person(person.code);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->status != listed) return unknown();
    if (changed) *changed = (*row)->changed;
    const auto key = vault_->known_key(key_owner(person.code));
    if (!key) return tl::unexpected(key.error());
    return protect::open_entry(**key, person.code, (*row)->fields);
}

base::Result<ports::PersonView> Persons::view_of(const ports::Session& session, const model::Person& person,
                                                 LookList& looks) {
    const auto verdicts = verdicts_of(session, person);
    if (!is_listed(person.code) || !verdicts[static_cast<std::size_t>(Item::people)]) return unknown();
    ports::PersonView view;
    view.person = person;
    auto entry = entry_of(person, &view.changed);
    if (!entry && !is_unreadable(entry.error())) return tl::unexpected(entry.error());
    if (entry) show_entry(session, verdicts, *entry, clock_.now(), view, looks);
    show_home(session, verdicts, home_of(person.code), *node_.policy(), clock_.now(), view, looks);
    return view;
}

// The looks first, then the answer.
template <class T>
void Persons::answer(LookList& looks, T value, std::function<void(base::Result<T>)> done) {
    if (looks.acts.empty()) return done(std::move(value));
    node_.write_records(looks.take(), [done, value = std::move(value)](const base::Result<void>& stored) mutable {
        if (!stored) return done(tl::unexpected(stored.error()));
        done(std::move(value));
    });
}

void Persons::list(const ports::Session& session, ports::PersonQuery query,
                   std::function<void(base::Result<ports::PersonPage>)> done) {
    const auto policy = node_.policy();
    model::PlaceId within = policy->root;
    if (!query.place.empty()) {
        const auto it = policy->place_by_code.find(query.place);
        if (it == policy->place_by_code.end())
            return done(base::fail("unknown-place", "no such place in the community directory", "place"));
        within = it->second;
    }
    LookList looks;
    ports::PersonPage page;
    const protect::Gate gate(*policy);
    const auto viewer = viewer_of(session);
    for (auto it = heads_.upper_bound(query.after); it != heads_.end() && !page.more; ++it) {
        if (it->second.status != listed) continue;
        const auto home = home_of(it->first);
        if (within != policy->root && (!home.valid() || !policy->is_within(home, within))) continue;
        const model::Person person{it->first};
        if (!gate.judge(viewer, Item::people, thing_of(session, person), clock_.now())) continue;
        // Of who is not on this page nothing is read: that would be a look nobody took.
        page.more = page.persons.size() == query.limit;
        if (page.more) break;
        auto view = view_of(session, person, looks);
        if (!view) return done(tl::unexpected(view.error()));
        page.persons.push_back(std::move(*view));
    }
    answer(looks, std::move(page), std::move(done));
}

void Persons::find(const ports::Session& session, const std::string& phone,
                   std::function<void(base::Result<std::vector<ports::PersonView>>)> done) {
    if (!vault_) return done(no_keys());
    const auto key = vault_->key(index_owner);
    if (!key) return done(tl::unexpected(key.error()));
    const auto index = protect::Sealer::index(**key, protect::Phone(phone));
    if (!index) return done(tl::unexpected(index.error()));
    const base::Time now = clock_.now();
    std::erase_if(misses_,
                  [&](const auto& m) { return now >= m.second.from + misses_counted_over || now < m.second.from; });
    Misses& misses = misses_.try_emplace(session.account, Misses{now, 0}).first->second;
    if (misses.count >= misses_allowed) return done(base::fail("find-wait", "too many numbers that nobody has"));
    LookList looks;
    std::vector<ports::PersonView> views;
    const auto [from, to] = by_phone_.equal_range(*index);
    for (auto it = from; it != to && views.size() < most_found; ++it) {
        auto view = view_of(session, {it->second}, looks);
        if (view) {
            // Now it is known whose number it is, shown or masked.
            looks.acts.push_back(act_of(session, view->person, "found_by_phone", "phone"));
            views.push_back(std::move(*view));
        } else if (view.error().code != "unknown-person")
            return done(tl::unexpected(view.error()));
    }
    if (views.empty()) ++misses.count;
    std::ranges::sort(views, {}, [](const auto& v) { return v.person.code; });
    answer(looks, std::move(views), std::move(done));
}

void Persons::person(const ports::Session& session, const model::Person& person,
                     std::function<void(base::Result<ports::PersonView>)> done) {
    LookList looks;
    auto view = view_of(session, person, looks);
    if (!view) return done(std::move(view));
    answer(looks, std::move(*view), std::move(done));
}

void Persons::ask_to_see(const ports::Session& session, const model::Person& person, std::vector<Item> items,
                         model::Purpose purpose, std::function<void(base::Result<ports::PersonView>)> done) {
    const auto verdicts = verdicts_of(session, person);
    if (!is_listed(person.code) || !verdicts[static_cast<std::size_t>(Item::people)]) return done(unknown());
    std::string detail;
    std::optional<protect::Verdict> by;
    std::vector<std::pair<Item, protect::Verdict>> given;  // each as long as its own row says
    for (const Item item : items) {
        const auto& verdict = verdicts[static_cast<std::size_t>(item)];
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
    if (!by) return this->person(session, person, std::move(done));
    auto act = act_of(session, person, "asked_to_see", detail);
    act.role = by->role ? std::string(model::to_word(*by->role)) : std::string();
    act.purpose = std::string(model::to_word(purpose));
    node_.write_records({act}, [this, session, person, given, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        const base::Time now = clock_.now();
        std::erase_if(asked_, [&](const auto& a) { return a.second <= now; });
        for (const auto& [item, verdict] : given)
            asked_[{session.token_hash, person.code, item}] = std::min(now + verdict.lasts, verdict.until);
        this->person(session, person, done);
    });
}

ports::ActRow Persons::act_of(const ports::Session& session, const model::Person& person, std::string kind,
                              std::string detail) const {
    ports::ActRow act;
    act.at = clock_.now();
    act.actor = session.actor.person.code;
    const auto verdict =
        protect::Gate(*node_.policy()).judge(viewer_of(session), Item::people, {.anywhere = true}, act.at);
    if (verdict && verdict->role) act.role = std::string(model::to_word(*verdict->role));
    act.kind = std::move(kind);
    act.purpose = std::string(model::to_word(verdict ? verdict->purpose : model::Purpose::care));
    act.subject = "person:" + person.code;
    act.detail = std::move(detail);
    return act;
}

void Persons::put(const ports::Session& session, ports::PersonAsked asked,
                  std::function<void(base::Result<ports::PersonPut>)> done) {
    if (!vault_) return done(no_keys());
    if (importing_ || writing_.contains(asked.person.code))
        return done(base::fail("busy", "the register is being changed; try again in a moment"));
    const auto policy = node_.policy();
    const protect::Gate gate(*policy);
    const auto viewer = viewer_of(session);
    const auto may_at = [&](model::PlaceId place) {
        return gate.may_change(viewer, Item::people, {.place = place}, clock_.now());
    };
    // Where they lived until now and where they live from now on.
    if (is_listed(asked.person.code) && !may_at(home_of(asked.person.code))) return done(forbidden());
    // Before a key is made for them. A home that is none is told of below.
    const auto to = asked.home ? place_of(*asked.home, *policy) : home_of(asked.person.code);
    const bool mistaken = asked.home && !asked.home->empty() && !to.valid();
    if (!(mistaken ? gate.may_change(viewer, Item::people, {.anywhere = true}, clock_.now()) : may_at(to)))
        return done(forbidden());
    const auto change = change_person(asked, *reader_, *policy, *vault_, clock_.now());
    if (!change) return done(tl::unexpected(change.error()));
    if (!may_at(place_of(change->row.home, *policy))) return done(forbidden());
    const auto show = [this, session, is_new = change->is_new, person = asked.person, done] {
        this->person(session, person, [done, is_new](base::Result<ports::PersonView> view) {
            if (!view) return done(tl::unexpected(view.error()));
            done(ports::PersonPut{is_new, std::move(*view)});
        });
    };
    if (change->fields.empty()) return show();
    const auto act = act_of(session, asked.person, change->is_new ? "person_listed" : "person_changed", change->fields);
    writing_.insert(asked.person.code);
    node_.write_records({change->row, act}, [this, row = change->row, show, done](const base::Result<void>& stored) {
        writing_.erase(row.person.code);
        if (!stored) return done(tl::unexpected(stored.error()));
        remember(row);
        show();
    });
}

}  // namespace shoumen::shell

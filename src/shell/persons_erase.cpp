// The register's part that erases somebody (docs/decisions/021-persons.md). In this order, so that a stop anywhere is
// made good at the next start:
//   1  one commit: the entry is emptied and says `erasing`, accounts, sessions, tokens, delegations end;
//   2  the person's key is destroyed, and those of the pictures they reported with; it is written down apart;
//   3  one commit: the act of erasing, acts that name the person emptied, the entry says `erased`.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "protect/vault.hpp"
#include "prove/leaf.hpp"
#include "shell/office.hpp"

#include "gathered.hpp"
#include "person_rules.hpp"

namespace shoumen::shell {
namespace {

using model::Item;

constexpr std::string_view key_prefix = "person/";

// Acts somebody did for themselves; what they did in a duty stays. Where an act names no role (several were held), of
// who ever held a duty only what is plainly a resident's goes: reporting, saying whether it was done well.
bool is_private(const ports::ActRow& act, bool on_duty_once) {
    if (!act.role.empty()) return act.role == "resident" || act.role == "family" || act.role == "volunteer";
    if (!on_duty_once) return true;
    return act.kind == "report" || act.kind == "reporter_satisfied" || act.kind == "reporter_unsatisfied";
}

// A shift of the roster gives the role of its body: who works for one held its duty.
bool held_duties(const ports::AccountRow& account, const std::vector<ports::GrantRow>& grants) {
    return !account.bodies.empty() || std::ranges::any_of(grants, [](const auto& g) {
        return g.role != model::Role::resident && g.role != model::Role::family && g.role != model::Role::volunteer;
    });
}

}  // namespace

struct Persons::Erasure {
    model::Person person;
    ports::ActRow act;
    Gathered gathered;
    ports::Erased result;
    std::function<void(base::Result<ports::Erased>)> done;
};

void Persons::erase(const ports::Session& session, const model::Person& person, const std::string& reason,
                    std::function<void(base::Result<ports::Erased>)> done) {
    if (!vault_) return done(base::fail("keys-missing", "without keys nothing of persons is kept"));
    if (session.by_token) return done(base::fail("by-token", "erasing is a person's own word"));
    const auto may = may_have(session, person, Item::erasure, reason);
    if (!may) return done(tl::unexpected(may.error()));
    // Who acts for somebody may not do this for them; nobody comes back from it.
    if (person != session.actor.person && thing_of(session, person).own)
        return done(base::fail("forbidden", "only the person themselves, or an administrator at their request"));
    auto gathered = gather(person);
    if (!gathered) return done(tl::unexpected(gathered.error()));
    if (!is_known(person, *gathered) && person != session.actor.person)
        return done(base::fail("unknown-person", "nobody stands under this code"));
    if (const auto why = why_not_erase(person); !why.empty()) return done(base::fail(why, "not now"));
    if (importing_ || writing_.contains(person.code))
        return done(base::fail("busy", "the register is being changed; try again in a moment"));
    auto erasure = std::make_shared<Erasure>();
    erasure->person = person;
    erasure->act = act_of(session, person, "person_erased", {});
    erasure->act.role = may->role ? std::string(model::to_word(*may->role)) : std::string();
    erasure->act.purpose = std::string(model::to_word(may->purpose));
    erasure->act.detail = reason.empty() ? "own" : reason;
    erasure->gathered = std::move(*gathered);
    erasure->done = std::move(done);
    begin_erasing(erasure);
}

void Persons::begin_erasing(const std::shared_ptr<Erasure>& erasure) {
    auto closing = office_.closing_of(erasure->person, erasure->act.actor);
    if (!closing) return erasure->done(tl::unexpected(closing.error()));
    ports::PersonRow row{erasure->person, {}, std::string(erasing), {}, {}, clock_.now()};
    auto writes = closing->writes;
    writes.emplace_back(row);
    writing_.insert(erasure->person.code);
    office_.end_rows(closing->sessions, std::move(writes),
                     [this, erasure, row, closing = std::move(*closing)](const base::Result<void>& stored) {
                         if (!stored) {
                             writing_.erase(erasure->person.code);
                             return erasure->done(tl::unexpected(stored.error()));
                         }
                         office_.closed(closing);
                         remember(row);
                         std::erase_if(asked_, [&](const auto& a) { return std::get<1>(a.first) == row.person.code; });
                         erase_key(erasure);
                     });
}

void Persons::erase_key(const std::shared_ptr<Erasure>& erasure) {
    const auto owner = key_owner(erasure->person.code);
    auto done = vault_->erase(owner);
    // Pictures of what they reported themselves; those somebody added in a duty belong to the incident.
    for (const auto& picture : erasure->gathered.pictures) {
        const bool own = std::ranges::any_of(erasure->gathered.reported,
                                             [&](const auto& incident) { return incident.id == picture.incident; });
        if (!own || !done) continue;
        const auto name = "picture/" + base::to_hex(picture.sha256);
        done = vault_->erase(name);
        ++erasure->result.pictures;
    }
    erasure->result.words = erasure->gathered.words.size();
    if (done) return empty_acts(erasure);
    writing_.erase(erasure->person.code);
    erasure->done(tl::unexpected(done.error()));
}

void Persons::empty_acts(const std::shared_ptr<Erasure>& erasure) {
    const auto fail = [&](const base::Error& error) {
        writing_.erase(erasure->person.code);
        erasure->done(tl::unexpected(error));
    };
    // Once more: others may have been written since it was begun.
    const auto now = gather(erasure->person);
    if (!now) return fail(now.error());
    const std::string subject = "person:" + erasure->person.code;
    std::vector<ports::ActErased> emptied;
    const auto empty = [&](const ports::ActRow& act, bool names_subject) {
        if (act.kind == "person_erased" || act.salt == base::Digest{}) return;
        const bool is_actor = act.actor == erasure->person.code;
        emptied.push_back({act.id, is_actor ? "" : act.actor, names_subject ? "" : act.subject, 0});
    };
    for (const auto& act : now->on) empty(act, true);
    const auto had_duty = [&](const auto& account) {
        return held_duties(account, office_.book_.grants_of(account.name));
    };
    const bool on_duty_once = std::ranges::any_of(now->accounts, had_duty);
    for (const auto& act : now->by) {
        if (is_private(act, on_duty_once)) empty(act, act.subject == subject);
    }
    for (const auto& account : now->accounts) {
        if (had_duty(account)) continue;
        const auto on =
            reader_->acts({.subject = "account:" + account.name, .actor = {}, .before = {}, .limit = 20'000});
        if (!on) return fail(on.error());
        for (const auto& act : *on) empty(act, true);
    }
    std::ranges::sort(emptied, {}, &ports::ActErased::id);
    const auto doubled = std::ranges::unique(emptied, {}, &ports::ActErased::id);
    emptied.erase(doubled.begin(), doubled.end());
    std::vector<std::uint64_t> ids;
    for (const auto& act : emptied) ids.push_back(act.id);
    erasure->act.at = clock_.now();
    erasure->act.detail = fmt::format("{} {}", prove::emptied_detail(ids), erasure->act.detail);
    erasure->result.acts = ids.size();
    const ports::PersonRow row{erasure->person, {}, std::string(erased), {}, {}, clock_.now()};
    std::vector<ports::RecordWrite> writes{erasure->act};
    writes.insert(writes.end(), emptied.begin(), emptied.end());
    writes.emplace_back(row);
    node_.write_records(std::move(writes), [this, erasure, row](const base::Result<void>& stored) {
        writing_.erase(erasure->person.code);
        if (!stored) return erasure->done(tl::unexpected(stored.error()));
        remember(row);
        erasure->done(erasure->result);
    });
}

// What a stop has cut off, and what database and keys of different times do not agree on: erased is erased.
void Persons::finish_erasures() {
    if (!vault_) return;
    std::set<std::string> left;
    for (const auto& [code, head] : heads_) {
        if (head.status == erasing) left.insert(code);
        if (head.status == erased && !vault_->is_erased(key_owner(code)))
            static_cast<void>(vault_->erase(key_owner(code)));
    }
    for (const auto& owner : vault_->erased()) {
        if (!owner.starts_with(key_prefix)) continue;
        const auto code = owner.substr(key_prefix.size());
        const auto it = heads_.find(code);
        if (it == heads_.end() || it->second.status == listed) left.insert(code);
    }
    for (const auto& code : left) {
        auto erasure = std::make_shared<Erasure>();
        erasure->person = {code};
        erasure->act.kind = "person_erased";
        erasure->act.subject = "person:" + code;
        erasure->act.detail = "resumed";
        erasure->done = [](const auto&) {};
        auto gathered = gather(erasure->person);
        if (gathered) erasure->gathered = std::move(*gathered);
        begin_erasing(erasure);
    }
}

}  // namespace shoumen::shell

// The office's part that gives and ends roles, and looks after accounts: who may do so is the gate's answer for the
// item `accounts`. Every change is an act in the same commit.
#include <algorithm>

#include <fmt/core.h>

#include "act/life.hpp"
#include "protect/codes.hpp"
#include "protect/password.hpp"
#include "protect/vault.hpp"
#include "shell/leaf_of.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;

constexpr std::size_t longest_why = 500;
constexpr base::Duration longest_delegation = base::hours(24 * 366);
constexpr std::size_t most_live = 20'000;
constexpr const char* why_context = "role/why";
constexpr const char* consent_context = "delegation/reason";
constexpr std::string_view sealed_mark = "sealed:";

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }
tl::unexpected<base::Error> unknown_account() {
    return base::fail("unknown-account", "there is no account of this name", "account");
}

}  // namespace

// --- What others ask of it ---------------------------------------------------------------------------------------

// Accounts of a database from before grants: what they hold goes on without an end.
base::Result<void> Office::move_roles_to_grants() {
    const auto rows = reader_->accounts();
    if (!rows) return tl::unexpected(rows.error());
    std::vector<ports::RecordWrite> writes;
    for (const auto& row : *rows) {
        if (row.roles.bits == 0) continue;
        auto given = give_all(row, "");
        given.emplace_back(with_grants(act_at_machine(moment(), "role_given", "account:" + row.name), given));
        std::ranges::move(given, std::back_inserter(writes));
    }
    for (const auto& write : writes) {
        if (const auto* grant = std::get_if<ports::GrantRow>(&write)) book_.put(*grant);
    }
    if (!writes.empty()) node_.write_records(std::move(writes), [](const auto&) {});
    return {};
}

// What was given stands in the act too, so that a role nobody gave is found (app/verify_rows.hpp).
ports::ActRow Office::with_grants(ports::ActRow act, const std::vector<ports::RecordWrite>& writes) {
    std::string given;
    for (const auto& write : writes) {
        if (const auto* grant = std::get_if<ports::GrantRow>(&write))
            given += fmt::format(" {}:{}", grant->id, model::to_word(grant->role));
    }
    act.detail += (act.detail.empty() ? "grants" : " grants") + (given.empty() ? " none" : given);
    return act;
}

// The account without its roles, and those as grants it does not hold yet.
std::vector<ports::RecordWrite> Office::give_all(ports::AccountRow row, const std::string& given_by) {
    std::vector<ports::RecordWrite> writes;
    const base::Time now = moment();
    model::RoleSet held;
    for (const auto& grant : book_.grants_of(row.name)) {
        if (holds_at(grant, now) && grant.until == base::Time::never() && grant.place.empty()) held.add(grant.role);
    }
    for (unsigned r = 0; r < model::role_count; ++r) {
        const auto role = static_cast<model::Role>(r);
        if (!row.roles.has(role) || held.has(role)) continue;
        ports::GrantRow grant;
        grant.id = book_.new_grant();
        grant.account = row.name;
        grant.role = role;
        grant.since = given_by.empty() ? base::Time::none() : now;
        grant.given_by = given_by;
        writes.emplace_back(std::move(grant));
    }
    row.roles = {};
    writes.insert(writes.begin(), std::move(row));
    return writes;
}

ports::ActRow Office::act_of(const ports::Session& session, std::string kind, std::string subject,
                             std::string detail) const {
    ports::ActRow act;
    act.at = clock_.now();
    act.actor = session.actor.person.code;
    const auto verdict =
        protect::Gate(*node_.policy()).judge(viewer_of(session), Item::accounts, {.anywhere = true}, act.at);
    if (verdict && verdict->role) act.role = std::string(model::to_word(*verdict->role));
    act.kind = std::move(kind);
    act.purpose = std::string(model::to_word(model::Purpose::administration));
    act.subject = std::move(subject);
    act.detail = std::move(detail);
    return act;
}

// The roles that are held at this very place: one held elsewhere does nothing here.
model::Actor Office::actor_at(const ports::Session& session, model::PlaceId place) const {
    model::Actor actor = session.actor;
    const auto policy = node_.policy();
    if (!place.valid() || place.value >= policy->places.size()) return actor;
    actor.roles = {};
    const base::Time now = clock_.now();
    for (const auto& held : session.holdings) {
        if (now < held.until && !held.opened && policy->is_within(place, held.place)) actor.roles.add(held.role);
    }
    return actor;
}

base::Result<ports::AccountRow> Office::known_account(std::string_view name) {
    auto row = reader_->account(name);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return unknown_account();
    return std::move(**row);
}

base::Result<ports::AccountRow> Office::may_change_account(const ports::Session& session, std::string_view name) {
    if (!may(session, Item::accounts, Sight::change, {})) return forbidden();
    if (session.by_token) return base::fail("by-token", "a program's token changes nothing of accounts");
    auto row = known_account(name);
    if (row && persons_.is_erased(row->person)) return base::fail("erased", "whose account this was has been erased");
    return row;
}

base::Result<ports::AccountRow> Office::own_or_others(const ports::Session& session, std::string_view name,
                                                      Sight least) {
    if (session.by_token && least == Sight::change)
        return base::fail("by-token", "a program's token changes nothing of accounts");
    if (name.empty()) return known_account(session.account);
    if (!may(session, Item::accounts, least, {})) return forbidden();
    return known_account(name);
}

// --- Words ---------------------------------------------------------------------------------------------------------

base::Result<std::string> Office::sealed_words(const std::string& owner, std::string_view context, std::string words) {
    if (words.empty() || !node_.vault()) return words;
    const auto sealed = node_.vault()->seal(owner, context, words);
    if (!sealed) return tl::unexpected(sealed.error());
    return std::string(sealed_mark) + protect::to_hex_text(*sealed);
}

std::string Office::opened_words(std::string_view context, std::string kept) {
    if (!node_.vault() || !kept.starts_with(sealed_mark)) return kept;
    const auto sealed = protect::from_hex_text(std::string_view(kept).substr(sealed_mark.size()));
    const auto words = node_.vault()->open(context, sealed);
    return words ? *words : std::string();  // whose key is gone has nothing to read
}

// --- Accounts ----------------------------------------------------------------------------------------------------

ports::AccountView Office::account_view(ports::AccountRow row) {
    ports::AccountView view;
    view.roles = row.disabled ? model::RoleSet{} : book_.rights(row, *node_.policy(), moment()).roles;
    view.grants = book_.grants_of(row.name);
    std::ranges::reverse(view.grants);
    for (auto& grant : view.grants) grant.why = opened_words(why_context, std::move(grant.why));
    for (const auto& key : {row.name, " code " + row.name}) {
        if (const auto it = attempts_.find(key); it != attempts_.end() && clock_.now() < it->second.wait_until)
            view.locked_until = std::max(view.locked_until, it->second.wait_until);
    }
    view.second_factor = has_second_factor(row.name).value_or(false);
    row.password_hash.clear();
    view.account = std::move(row);
    return view;
}

base::Result<std::vector<ports::AccountView>> Office::accounts(const ports::Session& session) {
    if (!may(session, Item::accounts, Sight::clear, {})) return forbidden();
    auto rows = reader_->accounts();
    if (!rows) return tl::unexpected(rows.error());
    std::vector<ports::AccountView> out;
    out.reserve(rows->size());
    for (auto& row : *rows) out.push_back(account_view(std::move(row)));
    return out;
}

base::Result<ports::AccountView> Office::account(const ports::Session& session, std::string_view name) {
    auto row = own_or_others(session, name, Sight::clear);
    if (!row) return tl::unexpected(row.error());
    const auto sessions = live_sessions(row->name);
    if (!sessions) return tl::unexpected(sessions.error());
    auto view = account_view(std::move(*row));
    view.sessions = sessions->size();
    return view;
}

// --- Roles -------------------------------------------------------------------------------------------------------

void Office::give_role(const ports::Session& session, ports::GrantAsked asked,
                       std::function<void(base::Result<ports::GrantRow>)> done) {
    const auto row = may_change_account(session, asked.account);
    if (!row) return done(tl::unexpected(row.error()));
    if (row->disabled) return done(base::fail("account-disabled", "the account is shut; reset its password first"));
    const auto policy = node_.policy();
    const auto place = policy->place_by_code.find(asked.place);
    if (!asked.place.empty() && (place == policy->place_by_code.end() || policy->places[place->second.value].retired))
        return done(base::fail("unknown-place", "no such place in the community directory", "place"));
    const base::Time now = moment();
    ports::GrantRow grant;
    grant.since = asked.since.is_set() ? std::max(asked.since, now) : now;
    grant.until = asked.until;
    if (grant.until <= grant.since) return done(base::fail("bad-span", "it must end after it begins", "until"));
    if (asked.why.size() > longest_why) return done(base::fail("bad-value", "at most 500 bytes", "why"));
    grant.id = book_.new_grant();
    grant.account = row->name;
    grant.role = asked.role;
    grant.place = std::move(asked.place);
    grant.given_by = session.actor.person.code;
    auto why = sealed_words(phone_owner(*row), why_context, asked.why);
    if (!why) return done(tl::unexpected(why.error()));
    grant.why = std::move(*why);
    const auto act = act_of(session, "role_given", "account:" + row->name,
                            fmt::format("{} at {} grant {}", model::to_word(grant.role),
                                        grant.place.empty() ? "own bodies" : grant.place, grant.id));
    node_.write_records({grant, act}, [this, grant, why = asked.why, done](base::Result<void> stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        book_.put(grant);
        auto shown = grant;
        shown.why = why;
        done(shown);
    });
}

// Without one, nobody could ever give a role again.
bool Office::is_last_administrator(std::string_view account, std::uint64_t grant) {
    const base::Time now = moment();
    const auto root = node_.policy()->root;
    const auto leaves = [&](const ports::GrantRow& g) { return g.account == account && (grant == 0 || g.id == grant); };
    bool was_one = false;
    for (const auto& g : book_.grants_of_role(model::Role::administrator)) {
        if (!holds_at(g, now) || g.until != base::Time::never()) continue;
        if (leaves(g)) {
            was_one = true;
            continue;
        }
        const auto row = reader_->account(g.account);
        if (!row || !*row || (*row)->disabled) continue;
        const auto rights = book_.rights(**row, *node_.policy(), now);
        const bool everywhere = std::ranges::any_of(rights.holdings, [&](const auto& h) {
            return h.role == model::Role::administrator && node_.policy()->is_within(root, h.place);
        });
        if (everywhere) return false;
    }
    return was_one;
}

void Office::end_role(const ports::Session& session, std::string_view account, std::uint64_t id,
                      std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    auto grants = book_.grants_of(account);
    const auto it = std::ranges::find(grants, id, &ports::GrantRow::id);
    const base::Time now = moment();
    if (it == grants.end() || now >= it->until || now >= it->ended)
        return done(base::fail("unknown-grant", "there is no such role any more"));
    if (is_last_administrator(account, id))
        return done(base::fail("last-administrator", "nobody could give a role any more; give it to another first"));
    ports::GrantRow grant = *it;
    grant.ended = now;
    grant.ended_by = session.actor.person.code;
    const auto act = act_of(session, "role_ended", "account:" + row->name,
                            fmt::format("{} grant {}", model::to_word(grant.role), grant.id));
    node_.write_records({grant, act}, [this, grant, done](base::Result<void> stored) {
        if (stored) book_.put(grant);
        done(std::move(stored));
    });
}

// --- Passwords ---------------------------------------------------------------------------------------------------

void Office::reset_password(const ports::Session& session, std::string_view account,
                            std::function<void(base::Result<std::string>)> done) {
    auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    const std::string password = protect::new_password();
    const bool queued = worker_.run([this, session, row = std::move(*row), password, done]() mutable {
        row.password_hash = protect::hash_password(password);
        row.must_change = true;
        row.disabled = false;
        post_([this, session, row, password, done] {
            auto rows = live_sessions(row.name);
            if (!rows) return done(tl::unexpected(rows.error()));
            forget_failures(row.name);
            end_rows(std::move(*rows),
                     {row, ports::SecondFactorDelete{row.name},
                      act_of(session, "password_reset", "account:" + row.name, "")},
                     [password, done](base::Result<void> stored) {
                         if (!stored) return done(tl::unexpected(stored.error()));
                         done(password);
                     });
        });
    });
    if (!queued) done(base::fail("busy", "too many people are signing in at this moment; try again"));
}

void Office::unlock(const ports::Session& session, std::string_view account,
                    std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    forget_failures(row->name);
    node_.write_records({act_of(session, "account_unlocked", "account:" + row->name, "")}, std::move(done));
}

// --- Leaving -----------------------------------------------------------------------------------------------------

base::Result<std::vector<model::IncidentId>> Office::incidents_with(const model::Person& person) {
    ports::IncidentQuery query;
    query.live_only = true;
    query.limit = most_live;
    const auto live = reader_->incidents(query);
    if (!live) return tl::unexpected(live.error());
    std::vector<model::IncidentId> out;
    for (const auto& incident : *live) {
        if (incident.responder == person && incident.state != model::IncidentState::resolved)
            out.push_back(incident.id);
    }
    return out;
}

void Office::leave(const ports::Session& session, std::string_view account, bool anyway,
                   std::function<void(base::Result<ports::Left>)> done) {
    auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    if (is_last_administrator(row->name, 0))
        return done(base::fail("last-administrator", "nobody could give a role any more; give it to another first"));
    const auto incidents = incidents_with(row->person);
    if (!incidents) return done(tl::unexpected(incidents.error()));
    if (!incidents->empty() && !anyway) {
        std::string names;
        for (const auto& id : *incidents) names += fmt::format("{}{}", names.empty() ? "" : ", ", id.value);
        return done(base::fail("has-live-incidents", names, "account"));
    }
    auto rows = live_sessions(row->name);
    if (!rows) return done(tl::unexpected(rows.error()));
    const base::Time now = moment();
    ports::Left left;
    left.incidents = *incidents;
    left.sessions = rows->size();
    row->disabled = true;
    const auto ways = reader_->ways_in_of(row->name);
    if (!ways) return done(tl::unexpected(ways.error()));
    std::vector<ports::RecordWrite> writes = without_ways(*ways, "");
    writes.emplace_back(*row);
    writes.emplace_back(ports::SecondFactorDelete{row->name});
    std::vector<ports::GrantRow> grants;
    for (auto grant : book_.grants_of(row->name)) {
        if (now >= grant.until || now >= grant.ended) continue;
        grant.ended = now;
        grant.ended_by = session.actor.person.code;
        grants.push_back(std::move(grant));
    }
    std::vector<ports::DelegationRow> delegations;
    for (auto d : book_.delegations_of(row->person)) {
        if (now >= d.until || now >= d.ended) continue;
        d.ended = now;
        d.ended_by = session.actor.person.code;
        delegations.push_back(std::move(d));
    }
    std::vector<ports::ApiTokenRow> tokens;
    for (auto token : book_.tokens_of(row->name)) {
        if (!holds_at(token, now)) continue;
        token.revoked = true;
        tokens.push_back(std::move(token));
    }
    left.grants = grants.size();
    left.delegations = delegations.size();
    left.tokens = tokens.size();
    writes.insert(writes.end(), grants.begin(), grants.end());
    writes.insert(writes.end(), delegations.begin(), delegations.end());
    writes.insert(writes.end(), tokens.begin(), tokens.end());
    writes.emplace_back(act_of(session, "account_left", "account:" + row->name,
                               fmt::format("{} roles {} sessions {} tokens {} delegations {} incidents", left.grants,
                                           left.sessions, left.tokens, left.delegations, left.incidents.size())));
    end_rows(std::move(*rows), std::move(writes),
             [this, left, grants, delegations, tokens, done](const base::Result<void>& stored) {
                 if (!stored) return done(tl::unexpected(stored.error()));
                 for (const auto& grant : grants) book_.put(grant);
                 for (const auto& d : delegations) book_.put(d);
                 for (const auto& token : tokens) book_.put(token);
                 book_.account_changed();
                 done(left);
             });
}

// --- Erasing -----------------------------------------------------------------------------------------------------

base::Result<std::vector<ports::AccountRow>> Office::accounts_of(const model::Person& person) {
    auto rows = reader_->accounts();
    if (rows) std::erase_if(*rows, [&](const auto& row) { return row.person != person; });
    return rows;
}

base::Result<Office::Closing> Office::closing_of(const model::Person& person, const std::string& by) {
    Closing out;
    const auto accounts = accounts_of(person);
    if (!accounts) return tl::unexpected(accounts.error());
    const base::Time now = moment();
    for (auto row : *accounts) {
        if (is_last_administrator(row.name, 0))
            return base::fail("last-administrator", "nobody could give a role any more; give it to another first");
        auto sessions = reader_->sessions_of(row.name);
        if (!sessions) return tl::unexpected(sessions.error());
        std::ranges::move(*sessions, std::back_inserter(out.sessions));
        row.disabled = true;
        out.writes.emplace_back(row);
        out.writes.emplace_back(ports::SecondFactorDelete{row.name});
        // A telephone and who somebody is elsewhere are theirs too.
        const auto ways = reader_->ways_in_of(row.name);
        if (!ways) return tl::unexpected(ways.error());
        for (const auto& way : *ways) out.writes.emplace_back(ports::WayInDelete{way.kind, way.lookup});
        for (auto grant : book_.grants_of(row.name)) {
            if (now >= grant.until || now >= grant.ended) continue;
            grant.ended = now;
            grant.ended_by = by;
            out.grants.push_back(std::move(grant));
        }
        for (auto token : book_.tokens_of(row.name)) {
            if (!holds_at(token, now)) continue;
            token.revoked = true;
            out.tokens.push_back(std::move(token));
        }
    }
    for (auto d : book_.delegations_of(person)) {
        d.reason.clear();  // somebody's words
        if (now < d.until && now < d.ended) {
            d.ended = now;
            d.ended_by = by;
        }
        out.delegations.push_back(std::move(d));
    }
    out.writes.insert(out.writes.end(), out.grants.begin(), out.grants.end());
    out.writes.insert(out.writes.end(), out.tokens.begin(), out.tokens.end());
    out.writes.insert(out.writes.end(), out.delegations.begin(), out.delegations.end());
    return out;
}

void Office::closed(const Closing& closing) {
    for (const auto& grant : closing.grants) book_.put(grant);
    for (const auto& token : closing.tokens) book_.put(token);
    for (const auto& d : closing.delegations) book_.put(d);
    book_.account_changed();
}

// --- Acting for somebody -----------------------------------------------------------------------------------------

// Where they live; of who is in no register, at the whole community.
std::optional<protect::Verdict> Office::may_witness(const ports::Session& session, const model::Person& person) const {
    const protect::Thing thing{.place = persons_.home_of(person.code)};
    auto verdict = protect::Gate(*node_.policy()).judge(viewer_of(session), Item::people, thing, clock_.now());
    if (verdict && verdict->sight < Sight::change) verdict.reset();
    return verdict;
}

// By whose word it is: one's own, or the role in which somebody has heard it.
ports::ActRow Office::act_of_consent(const ports::Session& session, const std::optional<protect::Verdict>& heard,
                                     std::string kind, const ports::DelegationRow& row, std::string detail) const {
    auto act = act_of(session, std::move(kind), "person:" + row.from.code, std::move(detail));
    act.purpose = std::string(model::to_word(heard ? model::Purpose::care : model::Purpose::own));
    act.role = heard && heard->role ? std::string(model::to_word(*heard->role)) : std::string();
    return act;
}

std::vector<ports::DelegationRow> Office::delegations_of(const model::Person& person) {
    auto rows = book_.delegations_of(person);
    for (auto& row : rows) row.reason = opened_words(consent_context, std::move(row.reason));
    return rows;
}

base::Result<std::vector<ports::DelegationRow>> Office::delegations(const ports::Session& session,
                                                                    const model::Person& of) {
    const bool own = !of.valid() || of == session.actor.person;
    if (!own && !may_witness(session, of) && !may(session, Item::accounts, Sight::clear, {})) return forbidden();
    auto rows = delegations_of(of.valid() ? of : session.actor.person);
    std::ranges::reverse(rows);
    return rows;
}

void Office::delegate(const ports::Session& session, ports::DelegationAsked asked,
                      std::function<void(base::Result<ports::DelegationRow>)> done) {
    if (session.by_token) return done(base::fail("by-token", "consent is a person's own word"));
    const bool own = !asked.from.valid() || asked.from == session.actor.person;
    const auto heard = own ? std::nullopt : may_witness(session, asked.from);
    if (!own && !heard) return done(forbidden());
    const base::Time now = moment();
    ports::DelegationRow row;
    row.from = own ? session.actor.person : asked.from;
    row.to = asked.to;
    if (!row.from.valid() || !row.to.valid() || row.from == row.to || (!own && row.to == session.actor.person))
        return done(base::fail("bad-delegation", "two persons, and the witness is neither", "to"));
    if (!own && asked.reason.empty())
        return done(base::fail("missing-field", "a witness writes down how consent was given", "reason"));
    if (asked.until <= now || asked.until > now + longest_delegation)
        return done(base::fail("bad-span", "it ends within a year", "until"));
    row.id = book_.new_delegation();
    row.since = now;
    row.until = asked.until;
    row.consent = own ? "own" : "witnessed";
    if (!own) row.witness = session.actor.person.code;
    auto sealed = sealed_words("person/" + row.from.code, consent_context, asked.reason);
    if (!sealed) return done(tl::unexpected(sealed.error()));
    row.reason = std::move(*sealed);
    const auto act = act_of_consent(session, heard, "delegation_given", row,
                                    fmt::format("to {} {} delegation {}", row.to.code, row.consent, row.id));
    node_.write_records({row, act}, [this, row, reason = asked.reason, done](base::Result<void> stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        book_.put(row);
        auto shown = row;
        shown.reason = reason;
        done(shown);
    });
}

void Office::end_delegation(const ports::Session& session, std::uint64_t id,
                            std::function<void(base::Result<void>)> done) {
    if (session.by_token) return done(base::fail("by-token", "consent is a person's own word"));
    const auto* found = book_.delegation(id);
    const base::Time now = moment();
    const bool mine = found && (found->from == session.actor.person || found->to == session.actor.person);
    const auto heard = found && !mine ? may_witness(session, found->from) : std::nullopt;
    if (!found || (!mine && !heard) || now >= found->until || now >= found->ended)
        return done(base::fail("unknown-delegation", "there is none, or it has ended"));
    ports::DelegationRow row = *found;
    row.ended = now;
    row.ended_by = session.actor.person.code;
    book_.put(row);  // from now on, even where the disk is slow
    const auto act = act_of_consent(session, heard, "delegation_ended", row,
                                    fmt::format("to {} delegation {}", row.to.code, row.id));
    node_.write_records({row, act}, std::move(done));
}

}  // namespace shoumen::shell

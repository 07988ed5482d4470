// The office's part that knows sessions: beginning them, finding them again, ending them, and the tokens of programs.
#include <algorithm>

#include <fmt/core.h>

#include "protect/password.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

constexpr base::Duration session_life = base::hours(12);
constexpr base::Duration idle_life = base::hours(2);
constexpr base::Duration seen_every = base::minutes(5);  // how often a use is written down
constexpr base::Duration sweep_every = base::hours(1);
constexpr base::Duration longest_token = base::hours(24 * 366);
constexpr std::size_t longest_name = 100;
constexpr const char* name_context = "token/name";

tl::unexpected<base::Error> nobody() { return base::fail("not-signed-in", "sign in first"); }
tl::unexpected<base::Error> by_token() {
    return base::fail("by-token", "a program's token changes nothing of accounts; sign in for that");
}

// Stands for a session where it is listed: the hash of what the database keeps of it.
std::string id_of(const ports::SessionRow& row) {
    return base::to_hex(base::sha256(base::as_bytes(row.token_hash))).substr(0, 16);
}

base::Time last_use(const ports::SessionRow& row) { return std::max(row.seen, row.created); }

bool is_over(const ports::SessionRow& row, base::Time now) {
    return now >= row.expires || now >= last_use(row) + idle_life;
}

}  // namespace

base::Time Office::moment() const {
    const base::Time now = clock_.now();
    latest_ = std::max(latest_, now);
    return latest_ - now <= base::hours(2) ? latest_ : now;
}

void Office::finish_sign_in(const ports::AccountRow& account, const ports::Caller& from,
                            std::function<void(base::Result<ports::SignedIn>)> done) {
    const auto two_steps = has_second_factor(account.name);
    if (!two_steps) return done(tl::unexpected(two_steps.error()));
    if (*two_steps) return done(begin_half(account, from));
    begin_session(account, from, std::move(done));
}

void Office::begin_session(const ports::AccountRow& account, const ports::Caller& from,
                           std::function<void(base::Result<ports::SignedIn>)> done) {
    ports::SignedIn in;
    in.token = protect::new_token();
    const base::Time now = clock_.now();
    HeldSession held;
    held.row = {protect::token_hash(in.token), account.name, now, now + session_life, now, from.agent};
    std::vector<ports::RecordWrite> writes{held.row};
    if (!sessions_swept_.is_set() || now >= sessions_swept_ + sweep_every || now < sessions_swept_) {
        sessions_swept_ = now;
        std::erase_if(sessions_,
                      [&](const auto& s) { return !s.second.session.by_token && is_over(s.second.row, now); });
        writes.insert(writes.begin(), ports::SessionsPastDelete{now});
    }
    node_.write_records(std::move(writes), [this, in, held, done](base::Result<void> stored) mutable {
        if (!stored) return done(tl::unexpected(stored.error()));
        // A password that was changed meanwhile, an account that was shut: asked anew.
        if (auto fine = refresh(held, held.row.account, nullptr); !fine) return done(tl::unexpected(fine.error()));
        in.session = held.session;
        sessions_[held.row.token_hash] = std::move(held);
        done(in);
    });
}

// What the session may, as of now.
base::Result<void> Office::refresh(HeldSession& held, const std::string& account, const ports::ApiTokenRow* token) {
    const auto row = reader_->account(account);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->disabled) return nobody();
    const auto policy = node_.policy();
    Rights rights = book_.rights(**row, *policy, moment());
    if (token) narrow(rights, *token, *policy);
    ports::Session& s = held.session;
    s.account = (*row)->name;
    s.actor = {(*row)->person, rights.roles, std::move(rights.bodies)};
    s.holdings = std::move(rights.holdings);
    s.acts_for = std::move(rights.acts_for);
    s.must_change = (*row)->must_change;
    s.must_enrol = false;
    if (!token && (s.actor.roles.bits & policy->accounts.second_step.bits) != 0) {
        const auto two_steps = has_second_factor(account);
        if (!two_steps) return tl::unexpected(two_steps.error());
        s.must_enrol = !*two_steps;
    }
    s.language = (*row)->language;
    s.by_token = token != nullptr;
    s.expires = token ? token->until : held.row.expires;
    s.token_hash = token ? token->token_hash : held.row.token_hash;
    held.good_until = rights.good_until;
    held.changes = book_.changes();
    held.policy = policy;
    return {};
}

base::Result<ports::Session> Office::session(std::string_view token, const ports::Caller* from) {
    if (token.empty() || token.size() > 128) return nobody();
    const base::Digest hash = protect::token_hash(token);
    if (const auto* program = book_.token(hash)) return token_session(*program, from);
    if (ending_.contains(hash)) return nobody();
    const base::Time now = clock_.now();
    auto it = sessions_.find(hash);
    if (it == sessions_.end()) {
        auto row = reader_->session(hash);
        if (!row) return tl::unexpected(row.error());
        if (!*row) return nobody();
        HeldSession held;
        held.row = std::move(**row);
        it = sessions_.emplace(hash, std::move(held)).first;
    }
    HeldSession& held = it->second;
    // A token that has left the browser it was given to: nobody goes on with it.
    const bool elsewhere = from && !held.row.agent.empty() && from->agent != held.row.agent;
    if (elsewhere || is_over(held.row, now)) {
        if (elsewhere && log_)
            log_({ports::LogLevel::warning,
                  "session_elsewhere",
                  "a session was shown by another kind of browser; ended",
                  {}});
        end_rows({held.row}, {}, [](const auto&) {});
        return nobody();
    }
    if (held.changes != book_.changes() || moment() >= held.good_until || held.policy != node_.policy()) {
        if (auto fine = refresh(held, held.row.account, nullptr); !fine) {
            sessions_.erase(it);
            return tl::unexpected(fine.error());
        }
    }
    if (now >= last_use(held.row) + seen_every) {
        held.row.seen = now;
        node_.write_records({held.row}, [](const auto&) {});
    }
    return held.session;
}

base::Result<ports::Session> Office::token_session(const ports::ApiTokenRow& token, const ports::Caller* from) {
    const base::Time now = moment();
    if (!holds_at(token, now)) return nobody();
    if (from && !token.network.empty() && !network_holds(token.network, from->address)) return nobody();
    HeldSession& held = sessions_[token.token_hash];
    if (held.changes != book_.changes() || moment() >= held.good_until || held.policy != node_.policy()) {
        if (auto fine = refresh(held, token.account, &token); !fine) {
            sessions_.erase(token.token_hash);
            return tl::unexpected(fine.error());
        }
    }
    if (!token.used.is_set() || now >= token.used + seen_every) {
        book_.used(token.id, now);
        node_.write_records({token}, [](const auto&) {});
    }
    return held.session;
}

// Ends them with the commit of what goes `with` it; from now on nobody goes on with them.
void Office::end_rows(std::vector<ports::SessionRow> rows, std::vector<ports::RecordWrite> with,
                      std::function<void(base::Result<void>)> done) {
    for (const auto& row : rows) {
        sessions_.erase(row.token_hash);
        ++ending_[row.token_hash];
        with.emplace_back(ports::SessionDelete{row.token_hash});
    }
    node_.write_records(std::move(with), [this, rows = std::move(rows), done](base::Result<void> stored) {
        for (const auto& row : rows) {
            if (const auto it = ending_.find(row.token_hash); it != ending_.end() && --it->second == 0)
                ending_.erase(it);
        }
        done(std::move(stored));
    });
}

void Office::sign_out(const ports::Session& session, std::function<void(base::Result<void>)> done) {
    if (session.by_token) return done(by_token());
    end_rows({{session.token_hash, session.account, {}, session.expires}}, {}, std::move(done));
}

base::Result<std::vector<ports::SessionRow>> Office::live_sessions(std::string_view account) {
    auto rows = reader_->sessions_of(account);
    if (!rows) return rows;
    for (auto& row : *rows) {
        if (const auto it = sessions_.find(row.token_hash); it != sessions_.end()) row.seen = it->second.row.seen;
    }
    std::erase_if(*rows,
                  [&](const auto& row) { return ending_.contains(row.token_hash) || is_over(row, clock_.now()); });
    std::ranges::sort(*rows, std::ranges::greater(), last_use);
    return rows;
}

base::Result<std::vector<ports::SessionView>> Office::sessions(const ports::Session& session,
                                                               std::string_view account) {
    const auto whose = own_or_others(session, account, model::Sight::clear);
    if (!whose) return tl::unexpected(whose.error());
    const auto rows = live_sessions(whose->name);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<ports::SessionView> out;
    for (const auto& row : *rows)
        out.push_back(
            {id_of(row), row.created, last_use(row), row.expires, row.agent, row.token_hash == session.token_hash});
    return out;
}

void Office::end_session(const ports::Session& session, std::string_view account, std::string_view id,
                         std::function<void(base::Result<void>)> done) {
    const auto whose = own_or_others(session, account, model::Sight::change);
    if (!whose) return done(tl::unexpected(whose.error()));
    auto rows = live_sessions(whose->name);
    if (!rows) return done(tl::unexpected(rows.error()));
    std::erase_if(*rows, [&](const auto& row) { return id_of(row) != id; });
    if (rows->empty()) return done(base::fail("unknown-session", "there is no such session, or it has ended"));
    end_rows(std::move(*rows), {act_of(session, "session_ended", "account:" + whose->name, "one")}, std::move(done));
}

void Office::end_sessions(const ports::Session& session, std::string_view account,
                          std::function<void(base::Result<void>)> done) {
    const auto whose = own_or_others(session, account, model::Sight::change);
    if (!whose) return done(tl::unexpected(whose.error()));
    auto rows = live_sessions(whose->name);
    if (!rows) return done(tl::unexpected(rows.error()));
    std::erase_if(*rows, [&](const auto& row) { return row.token_hash == session.token_hash; });
    if (rows->empty()) return done({});
    auto act = act_of(session, "session_ended", "account:" + whose->name, "all");
    act.count = rows->size();
    end_rows(std::move(*rows), {std::move(act)}, std::move(done));
}

// --- Tokens of programs ------------------------------------------------------------------------------------------

base::Result<std::vector<ports::ApiTokenRow>> Office::api_tokens(const ports::Session& session,
                                                                 std::string_view account) {
    const auto whose = own_or_others(session, account, model::Sight::clear);
    if (!whose) return tl::unexpected(whose.error());
    auto rows = book_.tokens_of(whose->name);
    std::ranges::reverse(rows);
    for (auto& row : rows) row.name = opened_words(name_context, std::move(row.name));
    return rows;
}

void Office::make_api_token(const ports::Session& session, ports::TokenAsked asked,
                            std::function<void(base::Result<ports::TokenMade>)> done) {
    if (session.by_token) return done(by_token());
    const base::Time now = moment();
    if (asked.name.empty() || asked.name.size() > longest_name)
        return done(base::fail("bad-value", "a token has a name of 1 to 100 bytes", "name"));
    if (asked.roles.bits == 0 || (asked.roles.bits & ~session.actor.roles.bits) != 0)
        return done(base::fail("role-not-held", "a token may only what you may yourself", "roles"));
    if (!asked.place.empty() && !node_.policy()->place_by_code.contains(asked.place))
        return done(base::fail("unknown-place", "no such place in the community directory", "place"));
    if (!asked.network.empty() && !is_network(asked.network))
        return done(base::fail("bad-network", "write a network as 10.1.0.0/16, or an address", "network"));
    if (asked.until <= now || asked.until > now + longest_token)
        return done(base::fail("bad-span", "a token ends within a year", "until"));
    const auto whose = known_account(session.account);
    if (!whose) return done(tl::unexpected(whose.error()));
    auto name = sealed_words(phone_owner(*whose), name_context, std::move(asked.name));
    if (!name) return done(tl::unexpected(name.error()));
    const std::string secret = protect::new_token();
    const ports::ApiTokenRow row{
        book_.new_token(), protect::token_hash(secret), session.account,          std::move(*name),
        asked.roles,       std::move(asked.place),      std::move(asked.network), now,
        asked.until};
    const auto act = act_of(session, "api_token_made", "account:" + session.account, fmt::format("token {}", row.id));
    node_.write_records({row, act}, [this, row, secret, done](base::Result<void> stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        book_.put(row);
        done(ports::TokenMade{row.id, secret});
    });
}

void Office::revoke_api_token(const ports::Session& session, std::string_view account, std::uint64_t id,
                              std::function<void(base::Result<void>)> done) {
    const auto whose = own_or_others(session, account, model::Sight::change);
    if (!whose) return done(tl::unexpected(whose.error()));
    auto rows = book_.tokens_of(whose->name);
    std::erase_if(rows, [&](const auto& row) { return row.id != id; });
    if (rows.empty()) return done(base::fail("not-found", "there is no such token", "id"));
    ports::ApiTokenRow row = std::move(rows.front());
    row.revoked = true;
    book_.put(row);  // from now on, even where the disk is slow
    const auto act = act_of(session, "api_token_revoked", "account:" + whose->name, fmt::format("token {}", id));
    node_.write_records({row, act}, std::move(done));
}

}  // namespace shoumen::shell

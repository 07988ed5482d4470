// The office's part that knows the second step of signing in: codes by time, and recovery codes.
//
// After the password of an account that has a second factor comes half a session: a token that opens nothing and lasts
// five minutes and five tries. Half sessions live in memory: a restart ends them. What an account keeps is sealed with
// a key of its own. Wrong codes are counted apart from wrong passwords, and a right password forgets none of them.
#include <algorithm>

#include <fmt/core.h>

#include "protect/password.hpp"
#include "protect/totp.hpp"
#include "protect/vault.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

constexpr base::Duration half_life = base::minutes(5);
constexpr unsigned tries = 5;
constexpr std::size_t most_halves = 10'000;

std::string owner_of(std::string_view account) { return fmt::format("account/{}", account); }
std::string secret_context(std::string_view account) { return fmt::format("account/{}/totp", account); }
std::string recovery_context(std::string_view account) { return fmt::format("account/{}/recovery", account); }
std::string code_key(const std::string& account) { return " code " + account; }

tl::unexpected<base::Error> wrong_code() {
    return base::fail("second-step-failed", "the code is not right, or was used already", "code");
}
tl::unexpected<base::Error> off(const char* why) { return base::fail("second-factor-off", why); }

}  // namespace

base::Result<bool> Office::has_second_factor(std::string_view account) {
    const auto row = reader_->second_factor(account);
    if (!row) return tl::unexpected(row.error());
    return *row && (*row)->confirmed;
}

template <class T>
bool Office::takes_factor(const std::string& account, const std::function<void(base::Result<T>)>& done) {
    if (!factors_under_way_.contains(account)) return true;
    done(base::fail("busy", "another change of this second factor is under way"));
    return false;
}

void Office::write_factor(const std::string& account, std::vector<ports::RecordWrite> writes,
                          std::function<void(base::Result<void>)> done) {
    ++factors_under_way_[account];
    node_.write_records(std::move(writes), [this, account, done](base::Result<void> stored) {
        if (--factors_under_way_[account] == 0) factors_under_way_.erase(account);
        done(std::move(stored));
    });
}

// The row as it is to be kept after a good code: its step used, or one recovery code fewer. None: no good code.
std::optional<ports::SecondFactorRow> Office::after_code(ports::SecondFactorRow row, std::string_view code) const {
    protect::Vault* vault = node_.vault();
    if (!vault) return std::nullopt;
    auto secret = vault->open(secret_context(row.account), row.secret);
    if (secret) {
        const auto step = protect::totp_step_of(*secret, code, clock_.now(), row.last_step);
        protect::wipe(*secret);
        if (step) {
            row.last_step = *step;
            return row;
        }
    }
    if (row.recovery.empty()) return std::nullopt;
    const auto hashes = vault->open(recovery_context(row.account), row.recovery);
    if (!hashes) return std::nullopt;
    const auto left = protect::without_code(*hashes, code);
    if (!left) return std::nullopt;
    auto sealed = vault->seal(owner_of(row.account), recovery_context(row.account), *left);
    if (!sealed) return std::nullopt;
    row.recovery = std::move(*sealed);
    return row;
}

base::Result<ports::SignedIn> Office::begin_half(const ports::AccountRow& account, const ports::Caller& from) {
    const base::Time now = clock_.now();
    std::erase_if(halves_, [&](const auto& h) { return now >= h.second.until; });
    if (halves_.size() >= most_halves) return base::fail("busy", "too many people are signing in at this moment");
    ports::SignedIn in;
    in.half = true;
    in.token = protect::new_token();
    in.session.account = account.name;
    in.session.expires = now + half_life;
    halves_[protect::token_hash(in.token)] = {account.name, account.password_hash, from.agent, in.session.expires, 0};
    return in;
}

void Office::second_step(std::string half, std::string code, const ports::Caller& from,
                         std::function<void(base::Result<ports::SignedIn>)> done) {
    const auto lost = [] { return base::fail("sign-in-again", "begin again with the password"); };
    const auto it = half.empty() || half.size() > 128 ? halves_.end() : halves_.find(protect::token_hash(half));
    if (it == halves_.end() || clock_.now() >= it->second.until || it->second.agent != from.agent) return done(lost());
    const std::string name = it->second.account;
    const std::string address = is_limited(from.address) ? " from " + from.address : "";
    for (const auto& key : {code_key(name), address}) {
        const auto waiting = waits(key);
        if (waiting) continue;
        log_failure(name, "sign-in-wait");
        return done(tl::unexpected(waiting.error()));
    }
    if (!takes_factor<ports::SignedIn>(name, done)) return;
    const auto account = reader_->account(name);
    if (!account) return done(tl::unexpected(account.error()));
    const auto row = reader_->second_factor(name);
    if (!row) return done(tl::unexpected(row.error()));
    // Whose password or factor was changed meanwhile begins again.
    if (!*account || (*account)->disabled || (*account)->password_hash != it->second.password_hash || !*row ||
        !(*row)->confirmed) {
        halves_.erase(it);
        return done(lost());
    }
    const auto after = after_code(**row, code);
    if (!after) {
        if (++it->second.tried >= tries) halves_.erase(it);
        note_failure(code_key(name), failures_allowed);
        if (!address.empty()) note_failure(address, failures_of_an_address);
        log_failure(name, "second-step-failed");
        return done(wrong_code());
    }
    halves_.erase(it);
    attempts_.erase(code_key(name));
    write_factor(name, {*after}, [this, account = **account, from, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        begin_session(account, from, done);
    });
}

// --- One's own ---------------------------------------------------------------------------------------------------

base::Result<ports::SecondFactorState> Office::second_factor(const ports::Session& session) {
    const auto row = reader_->second_factor(session.account);
    if (!row) return tl::unexpected(row.error());
    ports::SecondFactorState state;
    state.required = (session.actor.roles.bits & node_.policy()->accounts.second_step.bits) != 0;
    state.on = *row && (*row)->confirmed;
    if (!state.on || !node_.vault() || (*row)->recovery.empty()) return state;
    const auto hashes = node_.vault()->open(recovery_context(session.account), (*row)->recovery);
    if (hashes) state.recovery = hashes->size() / sizeof(base::Digest);
    return state;
}

base::Result<ports::SecondFactorRow> Office::factor_of(const ports::Session& session, bool confirmed) {
    if (session.by_token) return base::fail("by-token", "a program's token changes nothing of accounts");
    if (const auto waiting = waits(code_key(session.account)); !waiting) return tl::unexpected(waiting.error());
    auto row = reader_->second_factor(session.account);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->confirmed != confirmed) return off(confirmed ? "there is none" : "begin with a new secret");
    return std::move(**row);
}

void Office::begin_second_factor(const ports::Session& session, std::string password,
                                 std::function<void(base::Result<ports::Enrolment>)> done) {
    if (!node_.vault()) return done(off("the program has no keys to keep secrets with"));
    with_password(session, std::move(password), "password", [this, session, done](const auto& account) {
        if (!account) return done(tl::unexpected(account.error()));
        if (!takes_factor<ports::Enrolment>(session.account, done)) return;
        const auto there = has_second_factor(session.account);
        if (!there) return done(tl::unexpected(there.error()));
        if (*there) return done(base::fail("second-factor-there", "take the one there is off first"));
        std::string secret = protect::new_totp_secret();
        auto sealed = node_.vault()->seal(owner_of(session.account), secret_context(session.account), secret);
        if (!sealed) return done(tl::unexpected(sealed.error()));
        ports::Enrolment out{protect::base32(secret),
                             protect::otpauth_uri(node_.policy()->community_name.zh, session.account, secret)};
        protect::wipe(secret);
        write_factor(session.account, {ports::SecondFactorRow{session.account, std::move(*sealed), false, 0, {}}},
                     [out, done](const base::Result<void>& stored) {
                         if (!stored) return done(tl::unexpected(stored.error()));
                         done(out);
                     });
    });
}

void Office::confirm_second_factor(const ports::Session& session, std::string code,
                                   std::function<void(base::Result<std::vector<std::string>>)> done) {
    if (!takes_factor<std::vector<std::string>>(session.account, done)) return;
    auto row = factor_of(session, false);
    if (!row) return done(tl::unexpected(row.error()));
    auto after = after_code(std::move(*row), code);
    if (!after) {
        note_failure(code_key(session.account), failures_allowed);
        return done(wrong_code());
    }
    attempts_.erase(code_key(session.account));
    const auto codes = protect::new_recovery_codes();
    auto sealed =
        node_.vault()->seal(owner_of(session.account), recovery_context(session.account), protect::hashes_of(codes));
    if (!sealed) return done(tl::unexpected(sealed.error()));
    after->confirmed = true;
    after->recovery = std::move(*sealed);
    // Whoever signed in by the password alone does so again.
    auto others = live_sessions(session.account);
    if (!others) return done(tl::unexpected(others.error()));
    std::erase_if(*others, [&](const auto& other) { return other.token_hash == session.token_hash; });
    auto act = act_of(session, "second_factor_set", "account:" + session.account, "");
    act.purpose = std::string(model::to_word(model::Purpose::own));
    ++factors_under_way_[session.account];
    end_rows(std::move(*others), {*after, act}, [this, session, codes, done](const base::Result<void>& stored) {
        if (--factors_under_way_[session.account] == 0) factors_under_way_.erase(session.account);
        if (!stored) return done(tl::unexpected(stored.error()));
        book_.account_changed();
        done(codes);
    });
}

void Office::remove_second_factor(const ports::Session& session, std::string password, std::string code,
                                  std::function<void(base::Result<void>)> done) {
    with_password(session, std::move(password), "password", [this, session, code, done](const auto& account) {
        if (!account) return done(tl::unexpected(account.error()));
        if (!takes_factor<void>(session.account, done)) return;
        auto row = factor_of(session, true);
        if (!row) return done(tl::unexpected(row.error()));
        if (!after_code(std::move(*row), code)) {
            note_failure(code_key(session.account), failures_allowed);
            return done(wrong_code());
        }
        attempts_.erase(code_key(session.account));
        auto act = act_of(session, "second_factor_removed", "account:" + session.account, "");
        act.purpose = std::string(model::to_word(model::Purpose::own));
        write_factor(session.account, {ports::SecondFactorDelete{session.account}, act},
                     [this, done](base::Result<void> stored) {
                         book_.account_changed();
                         done(std::move(stored));
                     });
    });
}

// --- Somebody else's ---------------------------------------------------------------------------------------------

void Office::reset_second_factor(const ports::Session& session, std::string_view account,
                                 std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    const auto there = has_second_factor(row->name);
    if (!there) return done(tl::unexpected(there.error()));
    if (!*there) return done(off("there is none"));
    auto rows = live_sessions(row->name);
    if (!rows) return done(tl::unexpected(rows.error()));
    attempts_.erase(code_key(row->name));
    ++factors_under_way_[row->name];
    end_rows(std::move(*rows),
             {ports::SecondFactorDelete{row->name}, act_of(session, "second_factor_reset", "account:" + row->name, "")},
             [this, name = row->name, done](base::Result<void> stored) {
                 if (--factors_under_way_[name] == 0) factors_under_way_.erase(name);
                 book_.account_changed();
                 done(std::move(stored));
             });
}

}  // namespace shoumen::shell

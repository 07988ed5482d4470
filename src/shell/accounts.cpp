// The office's part that knows who somebody is: signing in, sessions, accounts, tokens.
#include <algorithm>

#include <fmt/core.h>

#include "protect/password.hpp"
#include "shell/camera_book.hpp"
#include "shell/leaf_of.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"

namespace shoumen::shell {
namespace {

constexpr base::Duration first_wait = base::seconds(30);
constexpr base::Duration longest_wait = base::minutes(15);
constexpr std::size_t attempts_remembered = 10'000;
constexpr unsigned failures_a_minute = 20;

bool is_plain_word(std::string_view s) {
    return !s.empty() && s.size() <= 64 && std::all_of(s.begin(), s.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
    });
}

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }

}  // namespace

// Many people sign in from one address: it is forgiven by and by.
bool Office::is_limited(const std::string& address) {
    return !address.empty() && !network_holds("127.0.0.0/8", address) && !network_holds("::1", address);
}

void Office::note_failure(const std::string& name, unsigned allowed) {
    if (attempts_.size() >= attempts_remembered && !attempts_.contains(name)) {
        // The least dangerous is forgotten, so that naming many others does not free a locked one.
        attempts_.erase(std::ranges::min_element(
            attempts_, {}, [](const auto& a) { return std::pair(a.second.wait_until, a.second.failures); }));
    }
    Attempts& a = attempts_[name];
    const base::Time now = clock_.now();
    if (allowed == failures_of_an_address && now > a.last + longest_wait) a.failures = 0;
    a.last = now;
    if (++a.failures < allowed) return;
    const unsigned doublings = std::min(a.failures - allowed, 10U);
    a.wait_until = now + std::min(first_wait * (std::int64_t{1} << doublings), longest_wait);
}

base::Result<void> Office::waits(const std::string& name) const {
    const auto it = attempts_.find(name);
    if (it == attempts_.end() || clock_.now() >= it->second.wait_until) return {};
    const std::int64_t s = (it->second.wait_until - clock_.now()).us / 1'000'000 + 1;
    return base::fail("sign-in-wait", fmt::format("too many failed attempts; wait {} seconds", s));
}

// Whose account it was cannot be read from the line, only that it was the same as in another line of this run.
void Office::log_failure(const std::string& name, const char* code) {
    ++failed_sign_ins_;
    if (!log_) return;
    const base::Time now = clock_.now();
    if (now >= failures_counted_from_ + base::minutes(1) || now < failures_counted_from_) {
        if (failures_left_out_ > 0) {
            log_({ports::LogLevel::warning,
                  "sign_in_failed_more",
                  "more failed sign-ins in that minute",
                  {{"left_out", static_cast<std::int64_t>(failures_left_out_)}}});
        }
        failures_counted_from_ = now;
        failures_logged_ = 0;
        failures_left_out_ = 0;
    }
    if (++failures_logged_ > failures_a_minute) {
        ++failures_left_out_;
        return;
    }
    const auto hash = base::to_hex(base::sha256(log_salt_ + name)).substr(0, 8);
    log_({ports::LogLevel::warning,
          "sign_in_failed",
          "a sign-in was refused",
          {{"account_hash", hash}, {"code", std::string(code)}}});
}

void Office::sign_in(std::string name, std::string password, const ports::Caller& from,
                     std::function<void(base::Result<ports::SignedIn>)> done) {
    // No name begins with a blank.
    const std::string address = is_limited(from.address) ? " from " + from.address : "";
    for (const auto& key : {name, address}) {
        const auto waiting = waits(key);
        if (waiting) continue;
        log_failure(name, "sign-in-wait");
        return done(tl::unexpected(waiting.error()));
    }
    auto row = reader_->account(name);
    if (!row) return done(tl::unexpected(row.error()));
    const bool known = row->has_value() && !(*row)->disabled;
    ports::AccountRow account = known ? **row : ports::AccountRow{};
    const bool queued =
        worker_.run([this, known, name, address, from, account, password = std::move(password), done]() mutable {
            if (!known) protect::waste_a_check(password);
            const bool right = known && protect::password_matches(password, account.password_hash);
            post_([this, right, name, address, from, account, done] {
                if (!right) {
                    log_failure(name, "sign-in-failed");
                    return done(base::fail("sign-in-failed", "the account or the password is not right"));
                }
                attempts_.erase(name);
                if (const auto it = attempts_.find(address); it != attempts_.end() && it->second.failures > 0) {
                    --it->second.failures;  // this one was none
                    if (it->second.failures < failures_of_an_address) it->second.wait_until = base::Time::none();
                }
                finish_sign_in(account, from, done);
            });
        });
    if (!queued) return done(base::fail("busy", "too many people are signing in at this moment; try again"));
    // Counted now and forgotten when it was right: else many at once would all be tried before the first is counted.
    note_failure(name, failures_allowed);
    if (!address.empty()) note_failure(address, failures_of_an_address);
}

void Office::change_password(const ports::Session& session, std::string old_password, std::string new_password,
                             std::function<void(base::Result<void>)> done) {
    if (new_password.size() < protect::shortest_password || new_password.size() > protect::longest_password ||
        new_password == old_password) {
        return done(
            base::fail("password-weak", "a new password has 10 to 256 characters and differs from the old one", "new"));
    }
    with_password(
        session, std::move(old_password), "old",
        [this, session, new_password, done](base::Result<ports::AccountRow> account) {
            if (!account) return done(tl::unexpected(account.error()));
            const bool queued = worker_.run([this, session, name = account->name, new_password, done] {
                const auto hash = protect::hash_password(new_password);
                post_([this, session, name, hash, done] {
                    const auto now = still_open(name);
                    if (!now) return done(tl::unexpected(now.error()));
                    auto account = *now;
                    account.password_hash = hash;
                    account.must_change = false;
                    // Whoever knew the old password is signed out everywhere but here.
                    auto others = live_sessions(account.name);
                    if (!others) return done(tl::unexpected(others.error()));
                    std::erase_if(*others, [&](const auto& row) { return row.token_hash == session.token_hash; });
                    end_rows(std::move(*others),
                             {account, act_of(session, "password_changed", "account:" + account.name, "")},
                             [this, session, done](base::Result<void> stored) {
                                 sessions_.erase(session.token_hash);  // is read again, as one that need not change it
                                 done(std::move(stored));
                             });
                });
            });
            if (!queued) done(base::fail("busy", "too many people are signing in at this moment; try again"));
        });
}

// The account as it is now: while a password was being hashed somebody may have shut it.
base::Result<ports::AccountRow> Office::still_open(const std::string& name) {
    auto row = reader_->account(name);
    if (!row) return tl::unexpected(std::move(row.error()));
    if (!*row || (*row)->disabled) return base::fail("not-signed-in", "this account has been shut");
    return std::move(**row);
}

void Office::with_password(const ports::Session& session, std::string password, const char* field,
                           std::function<void(base::Result<ports::AccountRow>)> then) {
    if (session.by_token) return then(base::fail("by-token", "a program's token changes nothing of accounts"));
    if (const auto waiting = waits(session.account); !waiting) return then(tl::unexpected(waiting.error()));
    auto row = reader_->account(session.account);
    if (!row) return then(tl::unexpected(row.error()));
    if (!*row) return then(base::fail("not-signed-in", "sign in first"));
    const bool queued = worker_.run([this, account = **row, password = std::move(password), field, then]() mutable {
        const bool right = protect::password_matches(password, account.password_hash);
        post_([this, account, right, field, then] {
            if (!right) return then(base::fail("old-password-wrong", "the password is not right", field));
            attempts_.erase(account.name);
            then(account);
        });
    });
    if (!queued) return then(base::fail("busy", "too many people are signing in at this moment; try again"));
    note_failure(session.account, failures_allowed);  // as in sign_in
}

void Office::forget_failures(const std::string& account) {
    attempts_.erase(account);
    attempts_.erase(" code " + account);
}

void Office::put_account(ports::AccountRow row, std::string password, std::function<void(base::Result<void>)> done) {
    auto act = act_at_machine(clock_.now(), "account_added", "account:" + row.name);
    put_account_by({}, std::move(row), std::move(password), std::move(act), std::move(done));
}

void Office::put_account_by(std::string giver, ports::AccountRow row, std::string password,
                            std::optional<ports::ActRow> act, std::function<void(base::Result<void>)> done) {
    const bool queued = worker_.run([this, giver = std::move(giver), row = std::move(row), act = std::move(act),
                                     password = std::move(password), done]() mutable {
        row.password_hash = protect::hash_password(password);
        post_([this, giver, row, act, done] {
            auto writes = give_all(row, giver);
            if (act) writes.emplace_back(with_grants(*act, writes));
            node_.write_records(writes, [this, writes, done](base::Result<void> stored) {
                if (!stored) return done(std::move(stored));
                for (const auto& write : writes) {
                    if (const auto* grant = std::get_if<ports::GrantRow>(&write)) book_.put(*grant);
                }
                done({});
            });
        });
    });
    if (!queued) done(base::fail("busy", "too many people are signing in at this moment; try again"));
}

void Office::add_account(const ports::Session& session, ports::NewAccount account,
                         std::function<void(base::Result<std::string>)> done) {
    if (!admit(session, model::Item::accounts, model::Sight::change)) return done(forbidden());
    if (!is_plain_word(account.name))
        return done(base::fail("bad-request", "1 to 64 of letters, digits, . _ -", "name"));
    if (!is_plain_word(account.person.code))
        return done(base::fail("bad-request", "1 to 64 of letters, digits, . _ -", "person"));
    if (persons_.is_erased(account.person)) return done(base::fail("erased", "this person has been erased", "person"));
    for (const auto& code : account.bodies) {
        if (!node_.policy()->body_by_code.contains(code))
            return done(base::fail("unknown-body", "no such body in the community directory", "bodies"));
    }
    const auto there = reader_->account(account.name);
    if (!there) return done(tl::unexpected(there.error()));
    if (*there) return done(base::fail("account-exists", "an account of this name exists already", "name"));
    ports::AccountRow row;
    row.name = std::move(account.name);
    row.person = std::move(account.person);
    row.roles = account.roles;
    row.bodies = std::move(account.bodies);
    row.must_change = true;
    const std::string password = protect::new_password();
    auto act = act_of(session, "account_added", "account:" + row.name, row.person.code);
    put_account_by(session.actor.person.code, std::move(row), password, std::move(act),
                   [password, done](base::Result<void> stored) {
                       if (!stored) return done(tl::unexpected(stored.error()));
                       done(password);
                   });
}

void Office::put_device_token(std::string device, std::function<void(base::Result<std::string>)> done) {
    auto act = act_at_machine(clock_.now(), "device_token_given", "device:" + device);
    put_device_token_by(std::move(act), std::move(device), std::move(done));
}

void Office::put_device_token_by(ports::ActRow act, std::string device,
                                 std::function<void(base::Result<std::string>)> done) {
    const auto id = node_.device(device);
    if (!id || node_.policy()->devices[id->value].retired) {
        return done(base::fail("unknown-device", "no such device in the community directory", "device"));
    }
    const std::string token = new_token_for(*node_.policy(), device);
    const base::Digest hash = protect::token_hash(token);
    std::vector<ports::RecordWrite> rows{ports::DeviceTokenRow{hash, device, clock_.now(), false}, std::move(act)};
    auto beside = camera_password(node_.vault(), *node_.policy(), device, token);
    if (!beside) return done(tl::unexpected(beside.error()));
    if (*beside) rows.emplace_back(std::move(**beside));
    node_.write_records(std::move(rows), [this, hash, device, token, done](base::Result<void> stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        node_.know_token(hash, device);
        done(token);
    });
}

// A device elsewhere is not known, whoever asks.
base::Result<void> Office::may_give_tokens(const ports::Session& session, const std::string& device) const {
    const auto id = node_.device(device);
    const auto policy = node_.policy();
    if (!id || !may(session, model::Item::tokens, model::Sight::change, {.place = policy->devices[id->value].place}))
        return base::fail("unknown-device", "no such device in the community directory", "device");
    return {};
}

void Office::issue_device_token(const ports::Session& session, std::string device,
                                std::function<void(base::Result<std::string>)> done) {
    if (const auto known = may_give_tokens(session, device); !known) return done(tl::unexpected(known.error()));
    auto act = act_of(session, "device_token_given", "device:" + device, "");
    put_device_token_by(std::move(act), std::move(device), std::move(done));
}

void Office::revoke_device_tokens(const ports::Session& session, std::string device,
                                  std::function<void(base::Result<void>)> done) {
    if (const auto known = may_give_tokens(session, device); !known) return done(tl::unexpected(known.error()));
    auto act = act_of(session, "device_tokens_revoked", "device:" + device, "");
    put_out_device_tokens_by(std::move(act), device, std::move(done));
}

void Office::put_out_device_tokens(const std::string& device, std::function<void(base::Result<void>)> done) {
    put_out_device_tokens_by(act_at_machine(clock_.now(), "device_tokens_revoked", "device:" + device), device,
                             std::move(done));
}

void Office::put_out_device_tokens_by(ports::ActRow act, const std::string& device,
                                      std::function<void(base::Result<void>)> done) {
    const auto rows = reader_->device_tokens();
    if (!rows) return done(tl::unexpected(rows.error()));
    std::vector<ports::RecordWrite> writes;
    for (ports::DeviceTokenRow row : *rows) {
        if (row.device != device) continue;
        row.revoked = true;
        writes.emplace_back(std::move(row));
    }
    act.count = static_cast<std::uint32_t>(writes.size());
    writes.emplace_back(std::move(act));
    if (auto beside = camera_password(node_.vault(), *node_.policy(), device, {}); beside && *beside)
        writes.emplace_back(std::move(**beside));
    node_.forget_tokens(device);
    upkeep_->end_rotation(device);
    node_.write_records(std::move(writes), std::move(done));
}

}  // namespace shoumen::shell

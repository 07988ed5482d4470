// The office's part that knows a city's single sign-on: beginning it, taking back who somebody is, and the accounts
// that are linked to subjects of the provider.
//
// What is begun lives in memory and is good once: state, nonce, PKCE's verifier, and what binds it to the browser it
// began in. An account is made for somebody new only where a rule of accounts.yaml says which roles; it has a password
// that nobody knows.
#include <algorithm>

#include <fmt/core.h>

#include "protect/codes.hpp"
#include "protect/password.hpp"
#include "protect/vault.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

constexpr base::Duration begun_life = base::minutes(10);
constexpr std::size_t most_begun = 10'000;
constexpr std::ptrdiff_t most_begun_by_address = 200;  // a whole office behind one
constexpr std::size_t longest_text = 4'096;
constexpr const char* kind_sign_on = "sign_on";
constexpr const char* index_owner = "ways-in";

std::string owner_of(std::string_view account) { return fmt::format("account/{}", account); }
tl::unexpected<base::Error> off() { return base::fail("way-in-off", "there is no single sign-on here"); }
tl::unexpected<base::Error> unknown() {
    return base::fail("sign-on-unknown", "no account is linked, and no rule says which roles a new one has");
}

}  // namespace

std::string Office::sign_on_context(std::string_view account) { return fmt::format("account/{}/sign-on", account); }

// Hexadecimal first: the index takes letters that look alike for the same, and subjects that differ are never the same.
base::Result<std::string> Office::sign_on_lookup(const std::string& issuer, const std::string& subject) {
    if (!node_.vault()) return off();
    const auto key = node_.vault()->key(index_owner);
    if (!key) return tl::unexpected(key.error());
    return protect::Sealer::index(
        **key, protect::Personal<protect::PersonalKind::account>(protect::to_hex_text(issuer + "\n" + subject)));
}

void Office::begin_sign_on(const ports::Caller& from, std::function<void(base::Result<ports::SignOnBegun>)> done) {
    if (!provider_ || !node_.vault()) return done(off());
    const std::string address = is_limited(from.address) ? " from " + from.address : "";
    if (const auto waiting = waits(address); !waiting) return done(tl::unexpected(waiting.error()));
    const base::Time now = clock_.now();
    std::erase_if(begun_, [&](const auto& b) { return now >= b.second.until; });
    const auto from_there = std::ranges::count_if(
        begun_, [&](const auto& b) { return !address.empty() && b.second.address == from.address; });
    if (begun_.size() >= most_begun || from_there >= most_begun_by_address)
        return done(base::fail("busy", "too many people are signing in at this moment"));
    const std::string state = protect::new_token();
    const std::string nonce = protect::new_token();
    const std::string verifier = protect::new_token() + protect::new_token();
    const std::string binding = protect::new_token();
    begun_[protect::token_hash(state)] = {nonce,      verifier,     protect::token_hash(binding),
                                          from.agent, from.address, now + begun_life};
    provider_->begin(state, nonce, protect::url_base64(base::as_bytes(base::sha256(verifier))),
                     [binding, done](const base::Result<std::string>& url) {
                         if (!url) return done(tl::unexpected(url.error()));
                         done(ports::SignOnBegun{*url, binding});
                     });
}

void Office::finish_sign_on(ports::SignOnReturn back, const ports::Caller& from,
                            std::function<void(base::Result<ports::SignedIn>)> done) {
    if (!provider_ || !node_.vault()) return done(off());
    const auto it = back.state.size() > longest_text ? begun_.end() : begun_.find(protect::token_hash(back.state));
    if (it == begun_.end()) return done(base::fail("sign-in-again", "this was not begun here, or came back before"));
    const BegunSignOn begun = it->second;
    begun_.erase(it);  // once, right or wrong
    const auto binding = protect::token_hash(back.binding);
    if (clock_.now() >= begun.until || begun.agent != from.agent ||
        !protect::same_bytes(base::as_bytes(binding), base::as_bytes(begun.binding)))
        return done(base::fail("sign-in-again", "it took too long, or began in another browser"));
    if (back.code.empty() || back.code.size() > longest_text)
        return done(base::fail("sign-on-failed", "the provider gave no code", "code"));
    provider_->finish(std::move(back.code), begun.verifier, begun.nonce,
                      [this, from, done](const base::Result<ports::SignOnIdentity>& identity) {
                          if (identity) return sign_on_as(*identity, from, done);
                          log_failure("sign-on", "sign-on-failed");
                          if (log_)
                              log_({ports::LogLevel::warning,
                                    "sign_on_refused",
                                    "what came back from single sign-on was refused: " + identity.error().message,
                                    {{"code", identity.error().code}}});
                          const bool lies = identity.error().code == "id-token-refused";
                          done(base::fail(lies ? "sign-on-failed" : identity.error().code, identity.error().message));
                      });
}

void Office::sign_on_as(const ports::SignOnIdentity& identity, const ports::Caller& from,
                        std::function<void(base::Result<ports::SignedIn>)> done) {
    const auto lookup = sign_on_lookup(identity.issuer, identity.subject);
    if (!lookup) return done(tl::unexpected(lookup.error()));
    const auto way = reader_->way_in(kind_sign_on, *lookup);
    if (!way) return done(tl::unexpected(way.error()));
    if (*way) {
        const auto account = reader_->account((*way)->account);
        if (!account) return done(tl::unexpected(account.error()));
        if (!*account || (*account)->disabled) return done(unknown());
        return finish_other_way(**account, from, std::move(done));
    }
    ports::AccountRow row;
    row.name = "sso-" + lookup->substr(0, 12);
    row.person.code = row.name;
    const auto policy = node_.policy();
    for (const auto& rule : policy->accounts.sign_on) {
        const auto claim = identity.claims.find(rule.claim);
        if (claim == identity.claims.end() || std::ranges::find(claim->second, rule.value) == claim->second.end())
            continue;
        row.roles.bits |= rule.roles.bits;
        for (const auto& body : rule.bodies) {
            if (std::ranges::find(row.bodies, body) == row.bodies.end()) row.bodies.push_back(body);
        }
    }
    const auto there = reader_->account(row.name);
    if (!there) return done(tl::unexpected(there.error()));
    if (row.roles.bits == 0 || *there) return done(unknown());  // there: an administrator has unlinked it
    auto sealed = node_.vault()->seal(owner_of(row.name), sign_on_context(row.name), identity.subject);
    if (!sealed) return done(tl::unexpected(sealed.error()));
    ports::WayInRow link{kind_sign_on, *lookup, row.name, std::move(*sealed), clock_.now()};
    const bool queued = worker_.run([this, row, link = std::move(link), from, done]() mutable {
        row.password_hash = protect::hash_password(protect::new_token());
        post_([this, row, link, from, done] {
            auto writes = give_all(row, "sign_on");
            writes.emplace_back(link);
            ports::ActRow act;
            act.at = clock_.now();
            act.kind = "account_added";
            act.purpose = std::string(model::to_word(model::Purpose::administration));
            act.subject = "account:" + row.name;
            act.detail = "by single sign-on";
            writes.emplace_back(with_grants(std::move(act), writes));
            node_.write_records(writes, [this, writes, row, from, done](const base::Result<void>& stored) {
                if (!stored) return done(tl::unexpected(stored.error()));
                for (const auto& write : writes) {
                    if (const auto* grant = std::get_if<ports::GrantRow>(&write)) book_.put(*grant);
                }
                finish_sign_in(row, from, done);
            });
        });
    });
    if (!queued) done(base::fail("busy", "too many people are signing in at this moment; try again"));
}

void Office::finish_other_way(ports::AccountRow account, const ports::Caller& from,
                              std::function<void(base::Result<ports::SignedIn>)> done) {
    if (!account.must_change) return finish_sign_in(account, from, std::move(done));
    const bool queued = worker_.run([this, account = std::move(account), from, done] {
        const auto hash = protect::hash_password(protect::new_token());
        post_([this, name = account.name, hash, from, done] {
            const auto now = still_open(name);
            if (!now) return done(tl::unexpected(now.error()));
            auto account = *now;
            account.password_hash = hash;
            account.must_change = false;
            node_.write_records({account}, [this, account, from, done](const base::Result<void>& stored) {
                if (!stored) return done(tl::unexpected(stored.error()));
                finish_sign_in(account, from, done);
            });
        });
    });
    if (!queued) done(base::fail("busy", "too many people are signing in at this moment; try again"));
}

void Office::link_sign_on(const ports::Session& session, std::string_view account, std::string subject,
                          std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    if (!provider_) return done(off());
    const auto lookup = sign_on_lookup(provider_->issuer(), subject);
    if (!lookup) return done(tl::unexpected(lookup.error()));
    const auto there = reader_->way_in(kind_sign_on, *lookup);
    if (!there) return done(tl::unexpected(there.error()));
    if (*there && (*there)->account != row->name)
        return done(base::fail("subject-taken", "another account is linked to it", "subject"));
    const auto ways = reader_->ways_in_of(row->name);
    if (!ways) return done(tl::unexpected(ways.error()));
    auto sealed = node_.vault()->seal(owner_of(row->name), sign_on_context(row->name), subject);
    if (!sealed) return done(tl::unexpected(sealed.error()));
    auto writes = without_ways(*ways, kind_sign_on);
    writes.emplace_back(ports::WayInRow{kind_sign_on, *lookup, row->name, std::move(*sealed), clock_.now()});
    writes.emplace_back(act_of(session, "sign_on_linked", "account:" + row->name, ""));
    node_.write_records(std::move(writes), std::move(done));
}

void Office::unlink_sign_on(const ports::Session& session, std::string_view account,
                            std::function<void(base::Result<void>)> done) {
    const auto row = may_change_account(session, account);
    if (!row) return done(tl::unexpected(row.error()));
    const auto ways = reader_->ways_in_of(row->name);
    if (!ways) return done(tl::unexpected(ways.error()));
    auto writes = without_ways(*ways, kind_sign_on);
    if (writes.empty()) return done({});
    writes.emplace_back(act_of(session, "sign_on_unlinked", "account:" + row->name, ""));
    node_.write_records(std::move(writes), std::move(done));
}

}  // namespace shoumen::shell

// The desk's part that knows accounts: which roles they hold where and until when, their sessions, the tokens of
// programs, who acts for whom, and the second step of signing in.
//
// Called on the io thread; answers by callback come on it too, after the commit. What changes something is an act
// (ports::ActRow) of the same commit. Whoever signed in with a token of a program may ask but change nothing here
// (code by-token). Errors carry codes of api/errors.json.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/incident.hpp"
#include "ports/store.hpp"

namespace shoumen::ports {

struct Session;
struct SignedIn;

// Whom a request comes from, as far as the door can tell.
struct Caller {
    std::string address;  // "10.1.2.3"; empty: not known
    std::string agent;    // the kind of browser ("Firefox Linux"); empty: not said
};

struct GrantAsked {
    std::string account;
    model::Role role{};
    std::string place;                      // code; empty: where the account's bodies answer
    base::Time since = base::Time::none();  // none: at once
    base::Time until = base::Time::never();
    std::string why;
};

struct SessionView {
    std::string id;  // stands for it in lists and when it is ended; opens nothing
    base::Time created;
    base::Time seen;
    base::Time expires;
    std::string agent;
    bool own = false;  // the one that asks
};

struct AccountView {
    AccountRow account;    // without its password's hash
    model::RoleSet roles;  // held now, by the duty roster too
    std::vector<GrantRow> grants;
    std::size_t sessions = 0;
    bool second_factor = false;
    base::Time locked_until = base::Time::none();  // too many wrong passwords
};

struct TokenAsked {
    std::string name;
    model::RoleSet roles;
    std::string place;
    std::string network;
    base::Time until;
};
struct TokenMade {
    std::uint64_t id = 0;
    std::string token;  // shown once
};

struct DelegationAsked {
    model::Person from;  // not valid: whoever asks, in a session of their own
    model::Person to;
    base::Time until;
    std::string reason;  // of a witness
};

// Of somebody who has left.
struct Left {
    std::uint64_t grants = 0;
    std::uint64_t sessions = 0;
    std::uint64_t tokens = 0;
    std::uint64_t delegations = 0;
    std::vector<model::IncidentId> incidents;  // live ones they were on the way to, or at
};

// Of whoever asks.
struct SecondFactorState {
    bool on = false;
    bool required = false;     // by a role held now
    std::size_t recovery = 0;  // codes that are left
};

struct Enrolment {
    std::string secret;  // base32, to type in
    std::string uri;     // otpauth://, for the QR code
};

class AccountDesk {
public:
    virtual ~AccountDesk() = default;

    // --- Accounts and roles: of those who may see accounts, or change them.
    virtual base::Result<std::vector<AccountView>> accounts(const Session& session) = 0;  // by name
    virtual base::Result<AccountView> account(const Session& session, std::string_view name) = 0;
    // Codes: unknown-account, account-disabled, unknown-place, bad-span.
    virtual void give_role(const Session& session, GrantAsked asked,
                           std::function<void(base::Result<GrantRow>)> done) = 0;
    // Holds no longer from this moment on, for sessions under way too. Codes: unknown-grant, last-administrator.
    virtual void end_role(const Session& session, std::string_view account, std::uint64_t grant,
                          std::function<void(base::Result<void>)> done) = 0;
    // A new one-time password; all sessions end, the second factor goes, and an account that was left opens again.
    virtual void reset_password(const Session& session, std::string_view account,
                                std::function<void(base::Result<std::string>)> done) = 0;
    // Wrong passwords are forgotten.
    virtual void unlock(const Session& session, std::string_view account,
                        std::function<void(base::Result<void>)> done) = 0;
    // Somebody leaves: the account is shut, roles, sessions, tokens and delegations end. While live incidents stand
    // with the person it is refused and they are named, unless `anyway`. Codes: has-live-incidents, last-administrator.
    virtual void leave(const Session& session, std::string_view account, bool anyway,
                       std::function<void(base::Result<Left>)> done) = 0;

    // --- Sessions. Account empty: one's own.
    virtual base::Result<std::vector<SessionView>> sessions(const Session& session, std::string_view account) = 0;
    // Code: unknown-session.
    virtual void end_session(const Session& session, std::string_view account, std::string_view id,
                             std::function<void(base::Result<void>)> done) = 0;
    // All of them; of one's own all but the one that asks.
    virtual void end_sessions(const Session& session, std::string_view account,
                              std::function<void(base::Result<void>)> done) = 0;

    // --- Tokens of programs. Account empty: one's own.
    virtual base::Result<std::vector<ApiTokenRow>> api_tokens(const Session& session, std::string_view account) = 0;
    // For one's own account, with roles it holds. Codes: role-not-held, unknown-place, bad-network, bad-span.
    virtual void make_api_token(const Session& session, TokenAsked asked,
                                std::function<void(base::Result<TokenMade>)> done) = 0;
    virtual void revoke_api_token(const Session& session, std::string_view account, std::uint64_t id,
                                  std::function<void(base::Result<void>)> done) = 0;

    // --- The second step of signing in. One's own; codes: by-token, old-password-wrong, second-step-failed, busy.
    virtual base::Result<SecondFactorState> second_factor(const Session& session) = 0;
    // A new secret; counts from the first right code on. Code: second-factor-there.
    virtual void begin_second_factor(const Session& session, std::string password,
                                     std::function<void(base::Result<Enrolment>)> done) = 0;
    // The recovery codes, shown once. All other sessions end. Code: second-factor-off.
    virtual void confirm_second_factor(const Session& session, std::string code,
                                       std::function<void(base::Result<std::vector<std::string>>)> done) = 0;
    virtual void remove_second_factor(const Session& session, std::string password, std::string code,
                                      std::function<void(base::Result<void>)> done) = 0;
    // Somebody else's, by who may change accounts; all their sessions end. Code: second-factor-off.
    virtual void reset_second_factor(const Session& session, std::string_view account,
                                     std::function<void(base::Result<void>)> done) = 0;

    // --- Acting for somebody (代管): given by the person, or before a witness who may change the register of people.
    virtual base::Result<std::vector<DelegationRow>> delegations(const Session& session, const model::Person& of) = 0;
    // At most a year. Codes: bad-span, bad-delegation.
    virtual void delegate(const Session& session, DelegationAsked asked,
                          std::function<void(base::Result<DelegationRow>)> done) = 0;
    // By either of the two, or a witness. Code: unknown-delegation.
    virtual void end_delegation(const Session& session, std::uint64_t id,
                                std::function<void(base::Result<void>)> done) = 0;
};

}  // namespace shoumen::ports

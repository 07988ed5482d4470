// Which account holds which role where and until when, what the tokens of programs may, and who acts for whom: all of
// it in memory, as the store has it.
//
// Rows are put here once they are on disk. `rights` is pure: the same rows, policy and time give the same answer, good
// until `good_until` or the next change (`changes`). Roles come from three sources:
// - grants: where their place is; without one, where the account's bodies answer; of an account without bodies, in the
//   whole community. A place or body that is no more holds nothing.
// - the duty roster: whoever is on duty for a body holds its role where it answers, for as long as the shift lasts, and
//   belongs to it meanwhile. Only for an account that works for that body or holds that role at some time by a grant:
//   a code in the roster opens no door to somebody who was let in for something else.
// - nothing else. Beside them, a wider sight that was opened holds the role that let it be opened once more, as opened.
// One thread: the io thread.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/access.hpp"
#include "model/policy.hpp"
#include "ports/store.hpp"

namespace shoumen::shell {

struct Rights {
    model::RoleSet roles;
    std::vector<model::BodyId> bodies;
    std::vector<model::Holding> holdings;
    std::vector<model::Person> acts_for;
    base::Time good_until = base::Time::never();
};

// Less than the account's: the token's roles, and its place.
void narrow(Rights& rights, const ports::ApiTokenRow& token, const model::Policy& policy);

// "10.1.0.0/16" or "2001:db8::/32" holds the address; an address alone holds itself. False for what is neither.
bool network_holds(std::string_view network, std::string_view address);
bool is_network(std::string_view network);

[[nodiscard]] inline bool holds_at(const ports::GrantRow& g, base::Time now) {
    return now >= g.since && now < g.until && now < g.ended;
}
[[nodiscard]] inline bool holds_at(const ports::DelegationRow& d, base::Time now) {
    return now >= d.since && now < d.until && now < d.ended;
}
[[nodiscard]] inline bool holds_at(const ports::WiderSightRow& w, base::Time now) {
    return now >= w.since && now < w.until && now < w.ended;
}
[[nodiscard]] inline bool holds_at(const ports::ApiTokenRow& t, base::Time now) { return !t.revoked && now < t.until; }

class AccountBook {
public:
    base::Result<void> load(ports::StoreReader& reader);

    [[nodiscard]] Rights rights(const ports::AccountRow& account, const model::Policy& policy, base::Time now) const;

    void put(ports::GrantRow row);
    void put(ports::ApiTokenRow row);
    void put(ports::DelegationRow row);
    void put(ports::WiderSightRow row);
    void account_changed() { ++changes_; }  // one was shut or opened
    void used(std::uint64_t token, base::Time at) { tokens_.at(token).used = at; }
    [[nodiscard]] std::uint64_t changes() const { return changes_; }

    // Numbers are given before the commit, and not twice.
    std::uint64_t new_grant() { return ++last_grant_; }
    std::uint64_t new_token() { return ++last_token_; }
    std::uint64_t new_delegation() { return ++last_delegation_; }
    std::uint64_t new_wider_sight() { return ++last_wider_sight_; }

    [[nodiscard]] std::vector<ports::GrantRow> grants_of(std::string_view account) const;  // by id
    [[nodiscard]] std::vector<ports::GrantRow> grants_of_role(model::Role role) const;
    [[nodiscard]] std::vector<ports::ApiTokenRow> tokens_of(std::string_view account) const;
    [[nodiscard]] const ports::ApiTokenRow* token(const base::Digest& hash) const;
    // Those of late, the newest first; open ones are among them.
    [[nodiscard]] std::vector<ports::WiderSightRow> wider_sights() const;
    [[nodiscard]] const ports::WiderSightRow* wider_sight(std::string_view account, base::Time now) const;
    [[nodiscard]] const ports::DelegationRow* delegation(std::uint64_t id) const;
    // In which the person is one of the two.
    [[nodiscard]] std::vector<ports::DelegationRow> delegations_of(const model::Person& person) const;

private:
    std::map<std::string, std::map<std::uint64_t, ports::GrantRow>, std::less<>> grants_;  // by account
    std::map<std::uint64_t, ports::ApiTokenRow> tokens_;
    std::unordered_map<base::Digest, std::uint64_t, base::DigestHash> token_by_hash_;
    std::map<std::uint64_t, ports::DelegationRow> delegations_;
    std::map<std::uint64_t, ports::WiderSightRow> wider_sights_;
    std::uint64_t changes_ = 0;
    std::uint64_t last_grant_ = 0;
    std::uint64_t last_token_ = 0;
    std::uint64_t last_delegation_ = 0;
    std::uint64_t last_wider_sight_ = 0;
};

}  // namespace shoumen::shell

#include "shell/account_book.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

namespace shoumen::shell {
namespace {

constexpr std::size_t wider_sights_kept = 500;

using model::BodyId;
using model::Holding;
using model::Policy;
using model::Role;

struct Network {
    int family = 0;
    std::array<unsigned char, 16> bytes{};
    unsigned bits = 0;
};

std::optional<Network> network_of(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    Network out;
    for (const int family : {AF_INET, AF_INET6}) {
        if (inet_pton(family, address.c_str(), out.bytes.data()) == 1) out.family = family;
    }
    if (out.family == 0) return std::nullopt;
    const unsigned most = out.family == AF_INET ? 32 : 128;
    out.bits = most;
    if (slash == std::string_view::npos) return out;
    const auto digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.bits);
    if (error != std::errc() || end != digits.data() + digits.size() || out.bits > most) return std::nullopt;
    return out;
}

void add_body(Rights& rights, BodyId body) {
    if (std::ranges::find(rights.bodies, body) == rights.bodies.end()) rights.bodies.push_back(body);
}

// A role where a body answers.
void hold_for_body(Rights& rights, const Policy& policy, Role role, BodyId id, base::Time until) {
    const auto& body = policy.bodies[id.value];
    for (const auto place : body.places) rights.holdings.push_back({role, place, until});
    for (const auto grid : body.grids) {
        for (const auto place : policy.grids[grid.value].places) rights.holdings.push_back({role, place, until});
    }
}

std::optional<model::PlaceId> place_of(const Policy& policy, const std::string& code) {
    const auto it = policy.place_by_code.find(code);
    if (it == policy.place_by_code.end() || policy.places[it->second.value].retired) return std::nullopt;
    return it->second;
}

constexpr base::Duration minute = base::minutes(1);
constexpr int minutes_a_day = 24 * 60;

base::Time next_minute(base::Time now) { return {now.us - now.us % minute.us + minute.us}; }

// When the shift that goes on at `now` ends by the clock on the wall. A summer time's change of clocks may move it:
// then it is asked again.
base::Time end_of_shift(const model::Schedule& hours, const base::LocalTime& local, base::Time now) {
    const int from = hours.from_minute;
    const int to = hours.to_minute;
    int left = to - local.minute;
    if (from == to) left = minutes_a_day - local.minute;
    if (from > to && local.minute >= from) left += minutes_a_day;
    return next_minute(now) + minute * (std::max(left, 1) - 1);
}

}  // namespace

bool is_network(std::string_view network) { return network_of(network).has_value(); }

bool network_holds(std::string_view network, std::string_view address) {
    const auto net = network_of(network);
    const auto one = network_of(address);
    if (!net || !one || net->family != one->family || address.find('/') != std::string_view::npos) return false;
    for (unsigned bit = 0; bit < net->bits; ++bit) {
        const auto mask = static_cast<unsigned char>(0x80U >> (bit % 8));
        if (((net->bytes[bit / 8] ^ one->bytes[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

void narrow(Rights& rights, const ports::ApiTokenRow& token, const Policy& policy) {
    rights.roles.bits &= token.roles.bits;
    rights.acts_for.clear();
    const auto place = place_of(policy, token.place);
    std::vector<Holding> kept;
    for (Holding held : rights.holdings) {
        if (!token.roles.has(held.role) || held.opened) continue;  // a program opens nothing
        if (!token.place.empty()) {
            if (!place) continue;
            if (policy.is_within(*place, held.place))
                held.place = *place;
            else if (!policy.is_within(held.place, *place))
                continue;
        }
        held.until = std::min(held.until, token.until);
        kept.push_back(held);
    }
    rights.holdings = std::move(kept);
    rights.good_until = std::min(rights.good_until, token.until);
}

base::Result<void> AccountBook::load(ports::StoreReader& reader) {
    auto grants = reader.grants();
    if (!grants) return tl::unexpected(grants.error());
    auto tokens = reader.api_tokens();
    if (!tokens) return tl::unexpected(tokens.error());
    auto delegations = reader.delegations();
    if (!delegations) return tl::unexpected(delegations.error());
    for (auto& row : *grants) put(std::move(row));
    for (auto& row : *tokens) put(std::move(row));
    for (auto& row : *delegations) put(std::move(row));
    auto sights = reader.wider_sights(wider_sights_kept);
    if (!sights) return tl::unexpected(sights.error());
    for (auto& row : *sights) put(std::move(row));
    return {};
}

Rights AccountBook::rights(const ports::AccountRow& account, const Policy& policy, base::Time now) const {
    Rights out;
    const auto changes_at = [&](base::Time t) {
        if (t > now) out.good_until = std::min(out.good_until, t);
    };
    for (const auto& code : account.bodies) {
        const auto it = policy.body_by_code.find(code);
        if (it != policy.body_by_code.end() && !policy.bodies[it->second.value].retired) add_body(out, it->second);
    }
    const std::vector<BodyId> own = out.bodies;
    model::RoleSet ever;
    if (const auto it = grants_.find(account.name); it != grants_.end()) {
        for (const auto& [id, grant] : it->second) {
            if (now >= grant.ended || now >= grant.until) continue;
            ever.add(grant.role);
            changes_at(grant.since);
            changes_at(std::min(grant.until, grant.ended));
            if (!holds_at(grant, now)) continue;
            const base::Time until = std::min(grant.until, grant.ended);
            if (!grant.place.empty()) {
                const auto place = place_of(policy, grant.place);
                if (!place) continue;
                out.holdings.push_back({grant.role, *place, until});
            } else if (account.bodies.empty()) {
                out.holdings.push_back({grant.role, policy.root, until});
            } else {
                for (const auto body : own) hold_for_body(out, policy, grant.role, body, until);
            }
            out.roles.add(grant.role);
        }
    }
    for (const auto& duty : policy.duty) {
        if (duty.person != account.person || duty.person.code.empty()) continue;
        const auto& body = policy.bodies[duty.body.value];
        const bool let_in = ever.has(body.role) || std::ranges::find(own, duty.body) != own.end();
        if (body.retired || !let_in || now >= duty.to) continue;
        // Shifts begin and end with a minute of the clock on the wall.
        changes_at(duty.to);
        const base::LocalTime local = policy.zone.local(now);
        if ((duty.from != base::Time::none() && now < duty.from) ||
            !model::schedule_holds(duty.hours, local, policy.calendar)) {
            changes_at(next_minute(now));
            continue;
        }
        const base::Time until = std::min(end_of_shift(duty.hours, local, now), duty.to);
        changes_at(until);
        hold_for_body(out, policy, body.role, duty.body, until);
        add_body(out, duty.body);
        out.roles.add(body.role);
    }
    for (const auto& [id, sight] : wider_sights_) {
        if (sight.account != account.name) continue;
        changes_at(std::min(sight.until, sight.ended));
        const auto role = model::parse_Role(sight.role);
        if (!role || !holds_at(sight, now)) continue;
        const std::size_t plain = out.holdings.size();
        for (std::size_t i = 0; i < plain; ++i) {
            Holding held = out.holdings[i];
            if (held.role != *role || held.opened) continue;
            held.opened = true;
            held.until = std::min({held.until, sight.until, sight.ended});
            out.holdings.push_back(held);
        }
    }
    for (const auto& [id, d] : delegations_) {
        if (d.to != account.person || d.to.code.empty()) continue;
        changes_at(d.since);
        changes_at(std::min(d.until, d.ended));
        if (holds_at(d, now)) out.acts_for.push_back(d.from);
    }
    return out;
}

void AccountBook::put(ports::WiderSightRow row) {
    ++changes_;
    last_wider_sight_ = std::max(last_wider_sight_, row.id);
    wider_sights_[row.id] = std::move(row);
    while (wider_sights_.size() > wider_sights_kept) wider_sights_.erase(wider_sights_.begin());
}

std::vector<ports::WiderSightRow> AccountBook::wider_sights() const {
    std::vector<ports::WiderSightRow> out;
    for (auto it = wider_sights_.rbegin(); it != wider_sights_.rend(); ++it) out.push_back(it->second);
    return out;
}

const ports::WiderSightRow* AccountBook::wider_sight(std::string_view account, base::Time now) const {
    for (const auto& [id, row] : wider_sights_) {
        if (row.account == account && holds_at(row, now)) return &row;
    }
    return nullptr;
}

void AccountBook::put(ports::GrantRow row) {
    ++changes_;
    last_grant_ = std::max(last_grant_, row.id);
    grants_[row.account][row.id] = std::move(row);
}

void AccountBook::put(ports::ApiTokenRow row) {
    ++changes_;
    last_token_ = std::max(last_token_, row.id);
    token_by_hash_[row.token_hash] = row.id;
    tokens_[row.id] = std::move(row);
}

void AccountBook::put(ports::DelegationRow row) {
    ++changes_;
    last_delegation_ = std::max(last_delegation_, row.id);
    delegations_[row.id] = std::move(row);
}

std::vector<ports::GrantRow> AccountBook::grants_of(std::string_view account) const {
    std::vector<ports::GrantRow> out;
    if (const auto it = grants_.find(account); it != grants_.end()) {
        for (const auto& [id, grant] : it->second) out.push_back(grant);
    }
    return out;
}

std::vector<ports::GrantRow> AccountBook::grants_of_role(Role role) const {
    std::vector<ports::GrantRow> out;
    for (const auto& [account, grants] : grants_) {
        for (const auto& [id, grant] : grants) {
            if (grant.role == role) out.push_back(grant);
        }
    }
    return out;
}

std::vector<ports::ApiTokenRow> AccountBook::tokens_of(std::string_view account) const {
    std::vector<ports::ApiTokenRow> out;
    for (const auto& [id, token] : tokens_) {
        if (token.account == account) out.push_back(token);
    }
    return out;
}

const ports::ApiTokenRow* AccountBook::token(const base::Digest& hash) const {
    const auto it = token_by_hash_.find(hash);
    return it == token_by_hash_.end() ? nullptr : &tokens_.at(it->second);
}

const ports::DelegationRow* AccountBook::delegation(std::uint64_t id) const {
    const auto it = delegations_.find(id);
    return it == delegations_.end() ? nullptr : &it->second;
}

std::vector<ports::DelegationRow> AccountBook::delegations_of(const model::Person& person) const {
    std::vector<ports::DelegationRow> out;
    for (const auto& [id, d] : delegations_) {
        if (d.from == person || d.to == person) out.push_back(d);
    }
    return out;
}

}  // namespace shoumen::shell

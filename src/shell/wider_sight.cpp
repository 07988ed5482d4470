// The office's part that opens a wider sight for a short time: who may and how long is the access list's (`while:
// opened`). It is an act with its reason, the administrators are told by the platform's own incident (shell/watcher),
// and each look made by it is on record as one of it.
#include <algorithm>

#include "protect/free_text.hpp"
#include "protect/vault.hpp"
#include "shell/office.hpp"

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;

constexpr std::size_t shortest_reason = 6;  // two characters of Chinese
constexpr std::size_t longest_reason = 500;
constexpr const char* reason_context = "wider-sight/reason";

std::string owner_of(std::string_view account) { return "account/" + std::string(account); }

}  // namespace

// By which role held now, and for how long; none: by none.
std::optional<std::pair<model::Role, base::Duration>> Office::may_open_wider(const ports::Session& session) const {
    std::optional<std::pair<model::Role, base::Duration>> best;
    if (session.by_token) return best;
    for (const auto& row : node_.policy()->access) {
        if (!row.opened) continue;
        for (const auto& held : session.holdings) {
            if (held.opened || !row.roles.has(held.role) || clock_.now() >= held.until) continue;
            if (!best || best->second < row.lasts) best = {held.role, row.lasts};
        }
    }
    return best;
}

base::Result<ports::WiderSights> Office::wider_sights(const ports::Session& session) {
    ports::WiderSights out;
    if (const auto by = may_open_wider(session)) {
        out.may = true;
        out.lasts = by->second;
    }
    const bool all = may(session, Item::accounts, Sight::clear, {});
    for (auto row : book_.wider_sights()) {
        if (!all && row.account != session.account) continue;
        if (node_.vault() && protect::Vault::is_sealed(row.reason)) {
            auto reason = node_.vault()->open(reason_context, row.reason);
            row.reason = reason ? std::move(*reason) : std::string();
        }
        out.rows.push_back(std::move(row));
    }
    return out;
}

void Office::open_wider(const ports::Session& session, std::string reason,
                        std::function<void(base::Result<ports::WiderSightRow>)> done) {
    if (session.by_token) return done(base::fail("by-token", "a wider sight is a person's own word"));
    const auto by = may_open_wider(session);
    if (!by) return done(base::fail("forbidden", "your roles do not include this"));
    if (reason.size() < shortest_reason || reason.size() > longest_reason)
        return done(base::fail("reason-needed", "say why, in 6 to 500 bytes", "reason"));
    const base::Time now = moment();
    if (book_.wider_sight(session.account, now)) return done(base::fail("wider-open", "one is open already"));
    ports::WiderSightRow row;
    row.id = book_.new_wider_sight();
    row.account = session.account;
    row.person = session.actor.person.code;
    row.role = std::string(model::to_word(by->first));
    row.since = now;
    row.until = now + by->second;
    row.reason = reason;
    if (node_.vault()) {
        auto sealed = node_.vault()->seal(owner_of(session.account), reason_context, reason);
        if (!sealed) return done(tl::unexpected(sealed.error()));
        row.reason = std::move(*sealed);
    }
    ports::ActRow act;
    act.at = clock_.now();
    act.actor = row.person;
    act.role = row.role;
    act.kind = "wider_opened";
    act.purpose = std::string(model::to_word(model::Purpose::response));
    act.subject = "account:" + session.account;
    act.detail = protect::mask_free_text(reason);
    node_.write_records({row, std::move(act)}, [this, row, reason, done](const base::Result<void>& stored) {
        if (!stored) return done(tl::unexpected(stored.error()));
        book_.put(row);
        auto shown = row;
        shown.reason = reason;
        done(shown);
    });
}

void Office::close_wider(const ports::Session& session, std::uint64_t id,
                         std::function<void(base::Result<void>)> done) {
    if (session.by_token) return done(base::fail("by-token", "a program's token changes nothing of accounts"));
    const base::Time now = moment();
    auto rows = book_.wider_sights();
    const auto it = std::ranges::find(rows, id, &ports::WiderSightRow::id);
    const bool others = may(session, Item::accounts, Sight::change, {});
    if (it == rows.end() || (it->account != session.account && !others) || !holds_at(*it, now))
        return done(base::fail("unknown-wider-sight", "there is none, or it has ended"));
    ports::WiderSightRow row = *it;
    row.ended = now;
    row.ended_by = session.actor.person.code;
    book_.put(row);  // from now on, even where the disk is slow
    auto act = act_of(session, "wider_closed", "account:" + row.account, "");
    node_.write_records({row, std::move(act)}, std::move(done));
}

std::size_t Office::wider_sights_open() const {
    const base::Time now = moment();
    return static_cast<std::size_t>(
        std::ranges::count_if(book_.wider_sights(), [&](const auto& row) { return holds_at(row, now); }));
}

}  // namespace shoumen::shell

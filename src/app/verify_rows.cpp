#include "verify_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

namespace shoumen::app {
namespace {

using model::Action;
using model::EventType;

constexpr std::size_t at_a_time = 5'000;
constexpr std::size_t most_findings = 100;

// What somebody must have done for this to stand in a timeline; none: the program itself may write it.
std::optional<Action> done_for(EventType type) {
    switch (type) {
        case EventType::opened:
            return Action::report;
        case EventType::acknowledged:
            return Action::acknowledge;
        case EventType::departed:
            return Action::depart;
        case EventType::arrived:
            return Action::arrive;
        case EventType::resolved:
            return Action::resolve;
        case EventType::verified:
            return Action::verify;
        case EventType::rejected:
            return Action::reject;
        case EventType::false_alarm:
            return Action::mark_false_alarm;
        case EventType::transferred:
            return Action::transfer;
        case EventType::merged:
            return Action::merge;
        case EventType::reopened:
            return Action::reopen;
        case EventType::escalated:
            return Action::escalate;
        case EventType::note:
            return Action::add_note;
        case EventType::evidence_added:
            return Action::add_evidence;
        case EventType::reporter_satisfied:
            return Action::reporter_satisfied;
        case EventType::reporter_unsatisfied:
            return Action::reporter_unsatisfied;
        case EventType::look_confirmed:
            return Action::confirm;
        case EventType::judged:
            return Action::judge;
        case EventType::trusted_again:
            return Action::trust_again;
        default:
            return std::nullopt;
    }
}

class Rows {
public:
    explicit Rows(ports::StoreReader& reader) : reader_(reader) {}

    base::Result<RowsChecked> check() {
        if (auto done = read_acts(); !done) return tl::unexpected(std::move(done.error()));
        if (!began_.is_set()) return out_;
        if (auto done = incidents(); !done) return tl::unexpected(std::move(done.error()));
        if (auto done = states(); !done) return tl::unexpected(std::move(done.error()));
        if (auto done = grants(); !done) return tl::unexpected(std::move(done.error()));
        if (more_ > 0) out_.findings.push_back(fmt::format("and {} more", more_));
        return out_;
    }

private:
    // kind, subject, moment; of an emptied act the subject is gone.
    static std::string key(std::string_view kind, std::string_view subject, base::Time at) {
        return fmt::format("{} {} {}", kind, subject, at.us);
    }

    // A verdict decides whom a device brings tomorrow: the word itself must be the one that was given.
    static std::string judged_by(std::string_view actor, std::string_view verdict) {
        return fmt::format("{} {}", actor, verdict);
    }

    void found(std::string sentence) {
        if (out_.findings.size() < most_findings)
            out_.findings.push_back(std::move(sentence));
        else
            ++more_;
    }

    base::Result<void> read_acts() {
        for (std::uint64_t from = 1;;) {
            auto page = reader_.acts_from(from, at_a_time);
            if (!page) return tl::unexpected(std::move(page.error()));
            if (page->empty()) return {};
            from = page->back().id + 1;
            for (const auto& act : *page) take(act);
        }
    }

    void take(const ports::ActRow& act) {
        if (act.leaf < 0) return;
        ++out_.acts;
        if (!began_.is_set()) began_ = act.at;
        const bool emptied = act.salt == base::Digest{};
        auto& by = done_[key(act.kind, emptied ? "" : act.subject, act.at)];
        by.insert(emptied ? "" : act.actor);
        if (act.kind == to_word(Action::judge)) by.insert(judged_by(act.actor, act.detail));
        if (!emptied && act.subject.starts_with("account:")) of_account_[act.subject.substr(8)].push_back(act);
    }

    base::Result<void> incidents() {
        ports::IncidentQuery query;
        query.limit = at_a_time;
        for (;;) {
            auto page = reader_.incidents(query);
            if (!page) return tl::unexpected(std::move(page.error()));
            if (page->empty()) return {};
            query.before = page->back().id;
            for (const auto& incident : *page) {
                ++out_.incidents;
                if (auto done = look_at(incident); !done) return done;
            }
        }
    }

    // Lists are chosen by columns, what is shown of an incident stands in its body: they must say the same.
    base::Result<void> states() {
        for (unsigned s = 0; s <= static_cast<unsigned>(model::IncidentState::quiet); ++s) {
            const auto state = static_cast<model::IncidentState>(s);
            ports::IncidentQuery query;
            query.states = {state};
            query.limit = at_a_time;
            for (;;) {
                auto page = reader_.incidents(query);
                if (!page) return tl::unexpected(std::move(page.error()));
                if (page->empty()) break;
                query.before = page->back().id;
                for (const auto& incident : *page) {
                    if (incident.state != state)
                        found(fmt::format("incident {} is {}, its row is filed as {}", incident.id.value,
                                          to_word(incident.state), to_word(state)));
                }
            }
        }
        return {};
    }

    base::Result<void> look_at(const model::Incident& incident) {
        auto events = reader_.timeline(incident.id);
        if (!events) return tl::unexpected(std::move(events.error()));
        const auto id = incident.id.value;
        if (events->size() != incident.event_count)
            found(fmt::format("incident {}: {} entries in its timeline, {} were written", id, events->size(),
                              incident.event_count));
        if (!events->empty() && events->back().to != incident.state)
            found(fmt::format("incident {} is {}, its timeline ends with {}", id, to_word(incident.state),
                              to_word(events->back().to)));
        for (const auto& event : *events) {
            const auto action = done_for(event.type);
            if (!action || !event.actor.valid() || (event.at < began_ && incident.opened < began_)) continue;
            // Sent on by a merge: the act is the merge.
            if (event.type == EventType::look_confirmed && event.detail == "another-source") continue;
            if (!has_act(*action, id, event))
                found(fmt::format("incident {}: no act stands for \"{}\" of {} (entry {})", id, to_word(event.type),
                                  base::format_utc(event.at), event.nth));
        }
        return {};
    }

    bool has_act(Action action, std::uint64_t incident, const model::TimelineEvent& event) const {
        const auto kind = to_word(action);
        const auto by = done_.find(key(kind, fmt::format("incident:{}", incident), event.at));
        const auto whom =
            action == Action::judge ? judged_by(event.actor.code, event.detail) : std::string(event.actor.code);
        if (by != done_.end() && by->second.contains(whom)) return true;
        return done_.contains(key(kind, "", event.at));
    }

    base::Result<void> grants() {
        auto rows = reader_.grants();
        if (!rows) return tl::unexpected(std::move(rows.error()));
        for (const auto& grant : *rows) {
            ++out_.grants;
            // One that has ended gives nothing; one from before the ledger has no act.
            if (grant.ended != base::Time::never() || (grant.since.is_set() && grant.since < began_)) continue;
            if (!given(grant))
                found(fmt::format("account {}: no act gave it the role {} (grant {})", grant.account,
                                  to_word(grant.role), grant.id));
        }
        return {};
    }

    // Given, and not taken back since.
    bool given(const ports::GrantRow& grant) const {
        const auto acts = of_account_.find(grant.account);
        if (acts == of_account_.end()) return false;
        const auto as_role = fmt::format("{} at {} grant {}", to_word(grant.role),
                                         grant.place.empty() ? "own bodies" : grant.place, grant.id);
        const auto among = fmt::format(" {}:{} ", grant.id, to_word(grant.role));
        const auto back = fmt::format("{} grant {}", to_word(grant.role), grant.id);
        bool is_given = false;
        for (const auto& act : acts->second) {
            if (act.kind == "role_given" && act.detail == as_role) is_given = true;
            const bool lists = (" " + act.detail).find(" grants ") != std::string::npos;
            if (lists && (act.detail + " ").find(among) != std::string::npos) is_given = true;
            if (act.kind == "account_added" && !lists) is_given = true;  // of before acts listed them
            if ((act.kind == "role_ended" && act.detail == back) || act.kind == "account_left") is_given = false;
        }
        return is_given;
    }

    ports::StoreReader& reader_;
    RowsChecked out_;
    std::uint64_t more_ = 0;
    base::Time began_ = base::Time::none();
    std::unordered_map<std::string, std::set<std::string>> done_;  // who did it, by key
    std::unordered_map<std::string, std::vector<ports::ActRow>> of_account_;
};

}  // namespace

base::Result<RowsChecked> check_rows(ports::StoreReader& reader) { return Rows(reader).check(); }

}  // namespace shoumen::app

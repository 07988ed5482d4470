// What the office says of the node to those who watch it: health and metrics.
#include <algorithm>

#include "base/exposition.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"
#include "shell/version.hpp"

namespace shoumen::shell {
namespace {

// From here on health says that something is wrong though all goes on. The community's rules have thresholds of their
// own; these are for machines that ask.
constexpr double low_disk_percent = 10;
constexpr double full_queue_percent = 80;
constexpr double old_backlog_s = 5;
constexpr double wrong_clock_s = 10;

double seconds_of(base::Duration d) { return static_cast<double>(d.us) / 1e6; }

void write_signals(const Figures& f, base::Exposition& out) {
    out.family("shoumen_signals_taken_total", "counter", "Signals handed in, by kind and what became of them");
    for (std::size_t k = 0; k < model::signal_kind_count; ++k) {
        const auto kind = to_word(static_cast<model::SignalKind>(k));
        if (f.accepted[k] > 0) out.sample({{"kind", kind}, {"outcome", "accepted"}}, f.accepted[k]);
        if (f.busy[k] > 0) out.sample({{"kind", kind}, {"outcome", "busy"}}, f.busy[k]);
    }
    out.family("shoumen_quarantined_total", "counter", "Payloads put into the quarantine, by door and error code");
    for (const auto& [of, n] : f.quarantined) out.sample({{"door", of.first}, {"code", of.second}}, n);
    out.counter("shoumen_signals_total", "Signals committed since start, repeats included", f.counts.signals);
    out.counter("shoumen_signals_repeated_total", "Signals dropped as repeats since start", f.counts.repeats);
    out.counter("shoumen_signals_late_total", "Signals older than the clock rule allows since start", f.counts.late);
    out.counter("shoumen_signals_clock_wrong_total", "Signals from devices with a wrong clock since start",
                f.counts.clock_wrong);
}

void write_store(const Figures& f, const Node::State& s, base::Time now, base::Exposition& out) {
    out.gauge("shoumen_inputs_queued", "Inputs waiting to be committed", static_cast<double>(s.queued));
    out.gauge("shoumen_inputs_room", "Inputs that may wait before doors are told busy", static_cast<double>(s.room));
    out.gauge("shoumen_oldest_input_seconds", "Age of the oldest input that is not on disk yet", seconds_of(s.oldest));
    out.gauge("shoumen_next_input", "Number the next input will have", static_cast<double>(s.next_seq));
    out.gauge("shoumen_storing", "1 while commits succeed", s.storing ? 1 : 0);
    out.gauge("shoumen_store_trouble_seconds", "For so long storing has been failing", seconds_of(s.trouble_for));
    out.counter("shoumen_commits_total", "Transactions since start", f.commits);
    out.counter("shoumen_commits_failed_total", "Transactions that the store refused; each is taken again",
                f.failed_commits);
    out.histogram("shoumen_commit_seconds", "Time a transaction took to be on disk", f.commit_seconds);
    out.histogram("shoumen_batch_inputs", "Inputs in one transaction", f.batch_inputs);
    out.counter("shoumen_snapshots_total", "Snapshots written since start", f.snapshots);
    if (f.snapshot_at.is_set())
        out.gauge("shoumen_snapshot_age_seconds", "Age of the newest snapshot", seconds_of(now - f.snapshot_at));
}

void write_incidents(const Figures& f, const model::Policy& policy, std::size_t live, base::Exposition& out) {
    const auto code = [&](model::IncidentKindId kind) -> std::string_view {
        return kind.value < policy.incident_kinds.size() ? std::string_view(policy.incident_kinds[kind.value].code)
                                                         : std::string_view("unknown");
    };
    out.family("shoumen_alerts_total", "counter", "Alerts raised since start, by kind of incident and severity");
    for (const auto& [of, n] : f.alerts) out.sample({{"kind", code(of.first)}, {"severity", to_word(of.second)}}, n);
    out.family("shoumen_incidents_opened_total", "counter", "Incidents opened since start, by kind and severity");
    for (const auto& [of, n] : f.opened) out.sample({{"kind", code(of.first)}, {"severity", to_word(of.second)}}, n);
    out.gauge("shoumen_incidents_live", "Incidents open to resolved", static_cast<double>(live));
    out.family("shoumen_incidents_standing", "gauge", "Incidents open to resolved, by state, kind and severity");
    for (const auto& [of, n] : f.live) {
        const auto& [state, kind, severity] = of;
        out.sample({{"state", to_word(state)}, {"kind", code(kind)}, {"severity", to_word(severity)}}, n);
    }
    out.family("shoumen_notices_total", "counter", "Notices to people since start, by channel and reason");
    for (const auto& [of, n] : f.notices)
        out.sample({{"channel", to_word(of.first)}, {"reason", to_word(of.second)}}, n);
    out.family("shoumen_deadlines_missed_total", "counter", "Deadlines missed since start, by which");
    for (const auto& [which, n] : f.missed) out.sample({{"deadline", which}}, n);
}

void write_machine(const Watcher& watcher, base::Exposition& out) {
    const Reading& r = watcher.reading();
    if (r.disk) {
        out.gauge("shoumen_disk_free_bytes", "Free space where the data lies", static_cast<double>(r.disk->free_bytes));
        out.gauge("shoumen_disk_total_bytes", "Size of the disk where the data lies",
                  static_cast<double>(r.disk->total_bytes));
    }
    if (const auto bytes = watcher.machine().store_bytes())
        out.gauge("shoumen_store_bytes", "Size of database, its log and snapshots", static_cast<double>(*bytes));
    if (const auto bytes = watcher.machine().memory_bytes())
        out.gauge("process_resident_memory_bytes", "Memory held", static_cast<double>(*bytes));
    out.gauge("shoumen_clock_off_seconds", "How far the clock has jumped, or lies behind the newest receive time",
              r.clock_off_s);
    if (r.clock_synchronised)
        out.gauge("shoumen_clock_synchronised", "1 while the system's clock follows a time server",
                  *r.clock_synchronised ? 1 : 0);
    out.gauge("shoumen_gateways_silent", "Gateways heard before and not lately", static_cast<double>(r.bridges_silent));
    out.gauge("shoumen_ledger_wrong", "1 while the ledger has a fault and needs somebody to look",
              r.ledger_fault.empty() ? 0 : 1);
    out.gauge("shoumen_ledger_witnesses_silent", "Witnesses of the ledger that have not co-signed lately",
              static_cast<double>(r.witnesses_silent));
    out.counter("shoumen_platform_signals_total", "Signals of the platform about itself", watcher.signals());
}

}  // namespace

ports::Health Office::health() {
    const Node::State s = node_.state();
    ports::Health h{true, s.storing, s.trouble, s.next_seq, s.queued, node_.policy()->version, {}};
    const double full = s.room > 0 ? 100 * static_cast<double>(s.queued) / static_cast<double>(s.room) : 0;
    if (seconds_of(s.oldest) >= old_backlog_s || full >= full_queue_percent) h.degraded.emplace_back("backlog");
    if (!watcher_) return h;
    const Reading& r = watcher_->reading();
    if (r.disk_free_percent && *r.disk_free_percent < low_disk_percent) h.degraded.emplace_back("disk");
    if (r.clock_off_s >= wrong_clock_s) h.degraded.emplace_back("clock");
    if (r.bridges_silent > 0) h.degraded.emplace_back("gateway");
    if (!r.ledger_fault.empty() || r.witnesses_silent > 0) h.degraded.emplace_back("ledger");
    return h;
}

std::string Office::metrics() {
    const Node::State s = node_.state();
    const Figures f = node_.figures();
    const auto policy = node_.policy();
    base::Exposition out;
    out.family("shoumen_build_info", "gauge", "Always 1; the version is a label");
    out.sample({{"version", version}}, std::uint64_t{1});
    out.gauge("shoumen_policy_version", "Version of the policy in force", static_cast<double>(policy->version));
    write_signals(f, out);
    write_store(f, s, clock_.now(), out);
    write_incidents(f, *policy, s.live_incidents, out);
    out.counter("shoumen_sign_ins_failed_total", "Sign-ins with a wrong name or password since start",
                failed_sign_ins_);
    upkeep_->write_figures(out);
    if (watcher_) write_machine(*watcher_, out);
    return out.take();
}

}  // namespace shoumen::shell

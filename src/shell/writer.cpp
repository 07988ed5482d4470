#include "writer.hpp"

#include <algorithm>
#include <chrono>

#include "act/life.hpp"
#include "base/hash.hpp"
#include "shell/driver.hpp"

namespace shoumen::shell {
namespace {

constexpr auto longest_wait = std::chrono::seconds(1);
constexpr auto retry_wait = std::chrono::milliseconds(250);

std::chrono::microseconds as_chrono(base::Duration d) {
    return std::chrono::microseconds(std::max<std::int64_t>(d.us, 0));
}

double seconds_of(base::Duration d) { return static_cast<double>(d.us) / 1e6; }

void add(model::SenseCounts& sum, const model::SenseCounts& c) {
    sum.signals += c.signals;
    sum.repeats += c.repeats;
    sum.late += c.late;
    sum.clock_wrong += c.clock_wrong;
}

}  // namespace

Node::Writer::Writer(Node& n, std::unique_ptr<ports::Store> s)
    : node(n), store(std::move(s)), tree(n.options_.ledger_suite) {}

Node::Writer::~Writer() { stop(); }

void Node::Writer::launch() {
    if (node.options_.threads) thread = std::thread([this] { run(); });
}

void Node::Writer::stop() {
    {
        const std::lock_guard lock(mutex);
        stopping = true;
    }
    wake.notify_all();
    const bool ran = thread.joinable();
    if (ran) thread.join();
    if (snapshot_thread.joinable()) snapshot_thread.join();
    if (ran && node.options_.snapshots && head.next_seq > snapshot_seq) save_snapshot(true);
}

void Node::Writer::run() {
    while (wait_for_work()) {
        prepare();
        if (!commit_until_done()) return;  // stopping: what was not committed was not acknowledged either
        after_commit(work);
        snapshot_if_due();
    }
}

bool Node::Writer::turn() {
    if (!uncommitted) {
        const std::lock_guard lock(mutex);
        if (!has_work()) return false;
        take();
    }
    if (!uncommitted) prepare();
    uncommitted = !commit_once();
    if (uncommitted) return false;
    after_commit(work);
    snapshot_if_due();
    return true;
}

bool Node::Writer::has_work() {
    return !pending.empty() || core->next_due() <= std::max(node.clock_.now(), last_received);
}

void Node::Writer::take() {
    work.clear();
    std::swap(pending, work);
    pending.last_ticket = work.last_ticket;
    if (work.empty()) {
        work.batch.inputs.push_back({model::InputType::timer, 0, node.stamp()});
        work.began = std::exchange(pending.began, std::nullopt);
    }
    work_began = work.began;
    in_work = work.batch.inputs.size() + work.quarantine.size();
}

bool Node::Writer::wait_for_work() {
    std::unique_lock lock(mutex);
    while (!has_work()) {
        if (stopping) return false;
        auto wait = std::chrono::duration_cast<std::chrono::microseconds>(longest_wait);
        if (const base::Time due = core->next_due(); due != base::Time::never()) {
            wait = std::min(wait, as_chrono(node.clock_.real_until(due)));
        }
        waiting = true;
        wake.wait_for(lock, std::max(wait, std::chrono::microseconds(100)));
        waiting = false;
    }
    if (stopping && pending.empty()) return false;
    take();
    return true;
}

void Node::Writer::prepare() {
    effects.clear();
    unit.clear();
    if (!work.batch.inputs.empty()) step(work);
    fill_unit(work);
}

void Node::Writer::step(Pending& taken) {
    for (auto& policy : taken.fresh) policies[policy->version] = policy;
    model::Batch& batch = taken.batch;
    batch.shard = node.options_.shard;
    batch.first_seq = head.next_seq;
    batch.prev_hash = head.hash;
    drive(*core, batch, Timers::own, effects);
    bytes.clear();
    encode(batch, bytes);
    ports::EncodedBatch encoded;
    encoded.shard = batch.shard;
    encoded.first_seq = batch.first_seq;
    encoded.count = batch.inputs.size();
    encoded.bytes = std::string(bytes.view());
    encoded.hash = base::leaf_hash(encoded.bytes);
    encoded.prev_hash = batch.prev_hash;
    encoded.received = batch.inputs.back().received;
    unit.batches.push_back(std::move(encoded));
}

void Node::Writer::fill_unit(Pending& taken) {
    for (const model::IncidentId id : effects.changed) {
        if (const model::Incident* incident = core->incident(id)) unit.incidents.push_back(*incident);
    }
    unit.alerts = std::move(effects.alerts);
    unit.cleared = std::move(effects.cleared);
    unit.events = std::move(effects.events);
    unit.notices = std::move(effects.notices);
    unit.quarantine = std::move(taken.quarantine);
    unit.texts = std::move(taken.texts);
    unit.records = std::move(taken.records);
    unit.counts = effects.counts;
    for (std::size_t i = 0; i < taken.commands.size(); ++i) {
        if (!effects.results[i].accepted) continue;
        Asked& asked = taken.commands[i];
        std::move(asked.records.begin(), asked.records.end(), std::back_inserter(unit.records));
        if (asked.text) unit.texts.push_back(std::move(*asked.text));
    }
    const base::Time at = unit.batches.empty() ? node.clock_.now() : unit.batches.back().received;
    for (auto& text : unit.texts) text.added = at;
    record_commands(taken);
    add_leaves();
}

bool Node::Writer::commit_once() {
    const auto began = Steady::now();
    auto done = store->commit(unit);
    const auto ended = Steady::now();
    const std::lock_guard lock(mutex);
    if (done) {
        figures.commit_seconds.add(seconds_of(since(began, ended)));
        if (!trouble.empty()) {
            node.options_.log({ports::LogLevel::info,
                               "store_recovered",
                               "storing works again; nothing was lost",
                               {{"after_s", seconds_of(since(trouble_began, ended))}}});
        }
        trouble.clear();
        return true;
    }
    ++figures.failed_commits;
    if (trouble.empty()) trouble_began = began;
    if (trouble != done.error().message) {
        node.options_.log({ports::LogLevel::error,
                           "store_trouble",
                           "storing failed: " + done.error().message + "; trying again until it works",
                           {{"code", done.error().code}}});
    }
    trouble = done.error().message;
    return false;
}

base::Duration Node::Writer::oldest_wait(Steady::time_point now) const {
    if (work_began) return since(*work_began, now);
    return pending.began ? since(*pending.began, now) : base::Duration{};
}

void Node::Writer::count_standing(const model::Incident& incident) {
    if (act::is_live(incident.state))
        live[incident.id.value] = {incident.state, incident.kind, incident.severity};
    else
        live.erase(incident.id.value);
}

// What the unit that has just been committed holds.
void Node::Writer::count_committed(const Pending& taken) {
    add(figures.counts, effects.counts);
    ++figures.commits;
    if (!taken.batch.inputs.empty()) figures.batch_inputs.add(static_cast<double>(taken.batch.inputs.size()));
    for (const auto& raised : unit.alerts) ++figures.alerts[{raised.alert.kind, raised.alert.severity}];
    for (const auto& notice : unit.notices) ++figures.notices[{notice.channel, notice.reason}];
    for (const auto& incident : unit.incidents) count_standing(incident);
    for (const auto& event : unit.events) {
        if (event.type == model::EventType::deadline_missed) ++figures.missed[event.detail];
        if (event.type != model::EventType::opened) continue;
        if (const auto it = live.find(event.incident.value); it != live.end())
            ++figures.opened[{std::get<1>(it->second), std::get<2>(it->second)}];
    }
    if (work_began) worst_wait = std::max(worst_wait, since(*work_began, Steady::now()));
    work_began.reset();
}

bool Node::Writer::commit_until_done() {
    while (!commit_once()) {
        std::unique_lock lock(mutex);
        if (stopping) return false;
        wake.wait_for(lock, retry_wait, [this] { return stopping; });
    }
    return true;
}

void Node::Writer::after_commit(Pending& taken) {
    Committed what;
    what.quarantined = unit.quarantine.size();
    what.at = node.clock_.now();
    if (!unit.batches.empty()) {
        head.next_seq = unit.batches.back().first_seq + unit.batches.back().count;
        head.hash = unit.batches.back().hash;
        head.last_received = unit.batches.back().received;
    }
    if (!taken.batch.policies.empty()) what.policy_version = taken.batch.policies.back().version;
    {
        const std::lock_guard lock(mutex);
        next_seq = head.next_seq;
        live_incidents = core->live_incidents();
        in_work = 0;
        if (!unit.tiles.empty()) publish_ledger();
        count_committed(taken);
    }
    what.incidents = std::move(unit.incidents);
    node.post_([n = &node, what = std::move(what), ticket = taken.last_ticket, commands = std::move(taken.commands),
                results = std::move(effects.results), writes = std::move(taken.record_writes)]() mutable {
        for (std::size_t i = 0; i < commands.size(); ++i) commands[i].done(results[i]);
        for (auto& done : writes) done({});
        n->delivered(ticket, what);
    });
}

std::uint64_t Node::snapshot_from() const {
    const std::lock_guard lock(writer_->mutex);
    return writer_->saved_seq;
}

void Node::Writer::snapshot_if_due() {
    if (!node.options_.snapshots || snapshot_running || head.next_seq == snapshot_seq) return;
    const base::Time now = head.last_received;
    if (!snapshot_time.is_set()) snapshot_time = now;
    if (head.next_seq - snapshot_seq < node.options_.snapshot_inputs &&
        now - snapshot_time < node.options_.snapshot_after)
        return;
    save_snapshot(false);
}

void Node::Writer::save_snapshot(bool wait) {
    if (snapshot_thread.joinable()) snapshot_thread.join();
    snapshot_running = true;
    snapshot_seq = head.next_seq;
    snapshot_time = head.last_received;
    // Only the copy is made here; writing it down takes its time on a thread of its own.
    auto state = std::make_shared<loop::WindowState>(core->windows());
    snapshot_thread = std::thread([this, state, seq = head.next_seq] {
        base::ByteWriter out;
        state->encode(out);
        const auto saved = store->save_snapshot({seq, out.take()});
        if (!saved) {
            node.options_.log({ports::LogLevel::warning,
                               "snapshot_failed",
                               "no snapshot: " + saved.error().message + "; the next start will take longer",
                               {{"code", saved.error().code}}});
        }
        {
            const std::lock_guard lock(mutex);
            if (saved) {
                ++figures.snapshots;
                saved_seq = seq;
                figures.snapshot_at = node.clock_.now();
            }
        }
        snapshot_running = false;
    });
    if (wait || !node.options_.threads) snapshot_thread.join();
}

}  // namespace shoumen::shell

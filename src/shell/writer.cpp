#include "writer.hpp"

#include <algorithm>
#include <chrono>

#include "base/hash.hpp"
#include "shell/driver.hpp"

namespace shoumen::shell {
namespace {

constexpr auto longest_wait = std::chrono::seconds(1);
constexpr auto retry_wait = std::chrono::milliseconds(250);

std::chrono::microseconds as_chrono(base::Duration d) {
    return std::chrono::microseconds(std::max<std::int64_t>(d.us, 0));
}

void add(model::SenseCounts& sum, const model::SenseCounts& c) {
    sum.signals += c.signals;
    sum.repeats += c.repeats;
    sum.late += c.late;
    sum.clock_wrong += c.clock_wrong;
}

}  // namespace

Node::Writer::Writer(Node& n, std::unique_ptr<ports::Store> s) : node(n), store(std::move(s)) {}

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
    if (work.empty()) work.batch.inputs.push_back({model::InputType::timer, 0, node.stamp()});
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
}

bool Node::Writer::commit_once() {
    auto done = store->commit(unit);
    const std::lock_guard lock(mutex);
    if (done) {
        if (!trouble.empty()) node.options_.log("storing works again; nothing was lost");
        trouble.clear();
        return true;
    }
    if (trouble != done.error().message)
        node.options_.log("storing failed: " + done.error().message + "; trying again until it works");
    trouble = done.error().message;
    return false;
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
    what.incidents = std::move(unit.incidents);
    {
        const std::lock_guard lock(mutex);
        next_seq = head.next_seq;
        live_incidents = core->live_incidents();
        in_work = 0;
        ++commits;
        add(counts, effects.counts);
    }
    node.post_([n = &node, what = std::move(what), ticket = taken.last_ticket, commands = std::move(taken.commands),
                results = std::move(effects.results), writes = std::move(taken.record_writes)]() mutable {
        for (std::size_t i = 0; i < commands.size(); ++i) commands[i].done(results[i]);
        for (auto& done : writes) done({});
        n->delivered(ticket, what);
    });
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
        if (!saved) node.options_.log("no snapshot: " + saved.error().message + "; the next start will take longer");
        {
            const std::lock_guard lock(mutex);
            if (saved) ++snapshots;
        }
        snapshot_running = false;
    });
    if (wait || !node.options_.threads) snapshot_thread.join();
}

}  // namespace shoumen::shell

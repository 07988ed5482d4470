#include "shell/tasks.hpp"

#include <algorithm>

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

namespace shoumen::shell {
namespace {

constexpr std::uint8_t form = 1;
constexpr int lowest_priority = 19;

// Tasks take turns in so many rows of `meta`: the newest takes the place of the oldest.
std::string key_of(std::uint64_t id) { return fmt::format("task/{}", id % tasks_kept); }

void put(const std::vector<ports::TriedAlert>& list, base::ByteWriter& out) {
    out.varint(list.size());
    for (const auto& a : list) {
        out.zigzag(a.at.us);
        for (const auto* text : {&a.place, &a.place_name.zh, &a.place_name.en, &a.device}) out.text(*text);
    }
}

std::vector<ports::TriedAlert> get_alerts(base::ByteReader& in) {
    std::vector<ports::TriedAlert> list;
    for (std::size_t n = in.count(); n > 0 && in.ok(); --n) {
        ports::TriedAlert a;
        a.at.us = in.zigzag();
        for (auto* text : {&a.place, &a.place_name.zh, &a.place_name.en, &a.device}) *text = std::string(in.text());
        list.push_back(std::move(a));
    }
    return list;
}

void put(const ports::TrialResult& r, base::ByteWriter& out) {
    for (const auto n : {r.signals, r.alerts_before, r.alerts_after, r.incidents_before, r.incidents_after})
        out.varint(n);
    out.varint(r.rules.size());
    for (const auto& rule : r.rules) {
        for (const auto* text : {&rule.code, &rule.name.zh, &rule.name.en}) out.text(*text);
        for (const auto n : {rule.before, rule.after, rule.added, rule.gone}) out.varint(n);
        put(rule.added_examples, out);
        put(rule.gone_examples, out);
        put(rule.examples, out);
    }
}

ports::TrialResult get_result(base::ByteReader& in) {
    ports::TrialResult r;
    for (auto* n : {&r.signals, &r.alerts_before, &r.alerts_after, &r.incidents_before, &r.incidents_after})
        *n = in.varint();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        ports::TriedRule rule;
        for (auto* text : {&rule.code, &rule.name.zh, &rule.name.en}) *text = std::string(in.text());
        for (auto* n : {&rule.before, &rule.after, &rule.added, &rule.gone}) *n = in.varint();
        rule.added_examples = get_alerts(in);
        rule.gone_examples = get_alerts(in);
        rule.examples = get_alerts(in);
        r.rules.push_back(std::move(rule));
    }
    return r;
}

}  // namespace

void encode(const ports::Task& t, base::ByteWriter& out) {
    out.u8(form);
    out.varint(t.id);
    out.text(t.kind);
    out.u8(static_cast<std::uint8_t>(t.state));
    out.varint(t.done);
    out.varint(t.total);
    for (const auto time : {t.started, t.ended, t.from, t.to}) out.zigzag(time.us);
    out.text(t.by);
    out.varint(t.based_on);
    out.raw(base::as_bytes(t.digest));
    out.text(t.error);
    out.varint(t.findings.size());
    for (const auto& f : t.findings) {
        out.text(f.file);
        out.varint(f.line);
        out.text(f.code);
        out.text(f.message);
    }
    out.boolean(t.result.has_value());
    if (t.result) put(*t.result, out);
}

base::Result<ports::Task> decode_task(std::string_view bytes) {
    base::ByteReader in(bytes);
    ports::Task t;
    const bool known = in.u8() == form;
    t.id = in.varint();
    t.kind = std::string(in.text());
    const std::uint8_t state = in.u8();
    t.state = static_cast<ports::TaskState>(state);
    t.done = in.varint();
    t.total = in.varint();
    for (auto* time : {&t.started, &t.ended, &t.from, &t.to}) time->us = in.zigzag();
    t.by = std::string(in.text());
    t.based_on = in.varint();
    const auto digest = in.raw(t.digest.size());
    if (digest.size() == t.digest.size()) std::copy(digest.begin(), digest.end(), t.digest.begin());
    t.error = std::string(in.text());
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
        ports::Finding f;
        f.file = std::string(in.text());
        f.line = static_cast<std::uint32_t>(in.varint());
        f.code = std::string(in.text());
        f.message = std::string(in.text());
        t.findings.push_back(std::move(f));
    }
    if (in.boolean()) t.result = get_result(in);
    if (!known || !in.ok() || !in.at_end() || t.state > ports::TaskState::interrupted)
        return base::fail("bad-row", "a kept task cannot be read; it was written by another version, or is damaged");
    return t;
}

Tasks::Tasks(Node& node, Node::Post post) : node_(node), post_(std::move(post)) {}

Tasks::~Tasks() {
    if (progress_) progress_->cancelled = true;
    if (thread_.joinable()) thread_.join();
}

base::Result<void> Tasks::start(ports::StoreReader& reader) {
    for (std::uint64_t slot = 0; slot < tasks_kept; ++slot) {
        const auto row = reader.meta(key_of(slot));
        if (!row) return tl::unexpected(row.error());
        if (!*row) continue;
        auto task = decode_task(**row);
        if (!task) continue;  // of another version: no reason not to start
        tasks_.push_back(std::move(*task));
    }
    std::ranges::sort(tasks_, {}, &ports::Task::id);
    if (!tasks_.empty()) last_id_ = tasks_.back().id;
    for (auto& task : tasks_) {
        if (task.state != ports::TaskState::running) continue;
        task.state = ports::TaskState::interrupted;
        task.ended = node_.clock().now();
        keep(task, [](const base::Result<void>&) {});
    }
    return {};
}

void Tasks::keep(const ports::Task& task, Node::RecordsDone done) {
    base::ByteWriter bytes;
    encode(task, bytes);
    node_.write_records({ports::MetaPut{key_of(task.id), bytes.take()}}, std::move(done));
}

void Tasks::begin(ports::Task task, Work work, std::function<void(base::Result<ports::Task>)> done) {
    if (under_way_) return done(base::fail("busy", "another dry run is under way; wait for its end, or cancel it"));
    under_way_ = true;
    task.id = ++last_id_;
    task.started = node_.clock().now();
    tasks_.push_back(task);
    if (tasks_.size() > tasks_kept) tasks_.pop_front();
    progress_ = std::make_shared<Progress>();
    keep(task, [this, task, work = std::move(work), done](const base::Result<void>& stored) {
        if (!stored) {
            under_way_ = false;
            return done(tl::unexpected(stored.error()));
        }
        if (thread_.joinable()) thread_.join();  // the one before has posted its end: nothing is left to do there
        thread_ = std::thread([this, task, work] { run(task, work); });
        done(task);
    });
}

void Tasks::run(ports::Task task, const Work& work) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), lowest_priority);  // of this thread alone, on Linux
    const auto progress = progress_;
    task.state = ports::TaskState::done;
    work(task, *progress);
    if (progress->cancelled) {
        task.state = ports::TaskState::cancelled;
        task.result.reset();
    }
    task.done = progress->done;
    task.total = progress->total;
    post_([this, task]() mutable {
        task.ended = node_.clock().now();
        keep(task, [this, task](const base::Result<void>&) {
            const auto mine = std::ranges::find(tasks_, task.id, &ports::Task::id);
            if (mine != tasks_.end()) *mine = task;
            under_way_ = false;
        });
    });
}

ports::Task Tasks::shown(const ports::Task& task) const {
    ports::Task out = task;
    if (task.state == ports::TaskState::running && progress_) {
        out.done = progress_->done;
        out.total = progress_->total;
    }
    return out;
}

std::vector<ports::Task> Tasks::list() const {
    std::vector<ports::Task> out;
    for (auto it = tasks_.rbegin(); it != tasks_.rend(); ++it) {
        out.push_back(shown(*it));
        out.back().result.reset();
        out.back().findings.clear();
    }
    return out;
}

base::Result<ports::Task> Tasks::task(std::uint64_t id) const {
    const auto found = std::ranges::find(tasks_, id, &ports::Task::id);
    if (found == tasks_.end()) return base::fail("unknown-task", "there is no such task, or it is no longer kept");
    return shown(*found);
}

base::Result<ports::Task> Tasks::cancel(std::uint64_t id) {
    auto found = task(id);
    if (found && found->state == ports::TaskState::running && progress_) progress_->cancelled = true;
    return found;
}

}  // namespace shoumen::shell

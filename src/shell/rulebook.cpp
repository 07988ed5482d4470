// The office's part that knows the policy: its files and versions, what its rules did, trying and switching on another.
#include <algorithm>

#include <fmt/core.h>

#include "loop/precision.hpp"
#include "shell/office.hpp"

#include "added_devices.hpp"
#include "log_trial.hpp"
#include "on_worker.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t most_finding_lines = 50;
constexpr std::size_t most_findings_kept = 200;
constexpr std::size_t alerts_at_a_time = 20'000;
constexpr std::size_t most_incidents = 20'000;  // what a query gives at most
constexpr base::Duration lately = base::hours(7 * 24);

tl::unexpected<base::Error> forbidden() { return base::fail("forbidden", "your roles do not include this"); }

// A line each, as `shoumen check` says them.
std::string lines_of(const std::vector<ports::Finding>& findings) {
    std::string lines;
    for (std::size_t i = 0; i < std::min(most_finding_lines, findings.size()); ++i) {
        const ports::Finding& f = findings[i];
        lines += fmt::format("{}:{}: {}: {}\n", f.file, f.line, f.code, f.message);
    }
    if (findings.size() > most_finding_lines)
        lines += fmt::format("… and {} more\n", findings.size() - most_finding_lines);
    return lines;
}

// Devices taken in while the program runs stay, unless the files say which there are.
void keep_added(std::map<std::string, std::string>& files, ports::StoreReader& reader, const Office::Unpack& unpack) {
    const std::string name(AddedDevices::file);
    if (!unpack || files.contains(name)) return;
    const auto row = reader.newest_policy();
    if (!row || !*row) return;
    auto before = unpack((*row)->files);
    if (before && before->contains(name)) files[name] = std::move((*before)[name]);
}

ports::PolicyVersion version_of(const ports::PolicyRow& row) { return {row.version, row.digest, row.activated}; }

base::Result<std::vector<ports::RuleView>> count_alerts(ports::StoreReader& reader, std::uint32_t shard,
                                                        const model::Policy& policy, base::Time since) {
    std::vector<ports::RuleView> out(policy.rules.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i].rule = model::RuleId{i};
    const auto seq = first_seq_at(reader, shard, since);
    if (!seq) return tl::unexpected(seq.error());
    std::uint64_t after = base::make_id<model::AlertId>(*seq, 0).value;
    after -= std::min<std::uint64_t>(after, 1);
    for (;;) {
        const auto some = reader.alerts(after, alerts_at_a_time);
        if (!some) return tl::unexpected(some.error());
        for (const auto& row : *some) {
            after = row.alert.id.value;
            if (row.alert.rule.value >= out.size() || row.alert.at < since) continue;
            ports::RuleView& rule = out[row.alert.rule.value];
            ++rule.alerts;
            rule.last = rule.last.is_set() ? std::max(rule.last, row.alert.at) : row.alert.at;
        }
        if (some->size() < alerts_at_a_time) break;
    }
    std::erase_if(out, [&](const ports::RuleView& r) { return policy.rules[r.rule.value].retired; });
    return out;
}

}  // namespace

void Office::precision(const ports::Session& session,
                       std::function<void(base::Result<std::vector<model::TrackView>>)> done) {
    if (!admit(session, model::Item::devices, model::Sight::clear)) return done(forbidden());
    const auto policy = node_.policy();
    const base::Time now = clock_.now();
    const auto ask = [policy, now](ports::StoreReader& reader) -> base::Result<std::vector<model::TrackView>> {
        ports::IncidentQuery query;
        query.limit = most_incidents;
        auto held = reader.incidents(query);
        if (!held) return tl::unexpected(held.error());
        return loop::precision_of(*policy, std::move(*held), now);
    };
    on_worker<std::vector<model::TrackView>>(
        ask, [this, session, policy, done](base::Result<std::vector<model::TrackView>> found) {
            if (found) {
                std::erase_if(*found, [&](const model::TrackView& view) {
                    const auto& devices = policy->devices;
                    const std::size_t device = view.track.device.value;
                    const model::PlaceId place = device < devices.size() ? devices[device].place : policy->root;
                    return !may(session, model::Item::devices, model::Sight::clear, {.place = place});
                });
            }
            done(std::move(found));
        });
}

void Office::activate_policy(const ports::Session& session, std::map<std::string, std::string> files,
                             std::uint64_t based_on, std::function<void(base::Result<std::uint64_t>)> done) {
    if (!may(session, model::Item::policy, model::Sight::change, {}) || !compile_) return done(forbidden());
    const bool queued = worker_.run([this, files = std::move(files), before = node_.policy(), based_on,
                                     done]() mutable {
        keep_added(files, *worker_reader_, unpack_);
        auto compiled = compile_(files, *before);
        post_([this, compiled = std::move(compiled), before, based_on, done]() mutable {
            if (!compiled.policy) return done(base::fail("policy-refused", lines_of(compiled.findings)));
            if (compiled.digest == before->digest) return done(before->version);
            if (based_on != 0 && based_on != before->version) {
                return done(base::fail("policy-changed",
                                       fmt::format("version {} is in force, these files were written over version {}",
                                                   before->version, based_on)));
            }
            const std::uint64_t version = compiled.policy->version;
            node_.activate(before, std::move(compiled.policy), std::move(compiled.files),
                           [this, version, done](base::Result<void> stored) {
                               if (!stored) return done(tl::unexpected(stored.error()));
                               if (log_) {
                                   log_({ports::LogLevel::info,
                                         "policy_in_force",
                                         "a changed community directory is in force",
                                         {{"policy", static_cast<std::int64_t>(version)}}});
                               }
                               sessions_.clear();  // whose bodies somebody belongs to may have changed
                               done(version);
                           });
        });
    });
    if (!queued) done(base::fail("busy", "too much is being worked on at this moment; try again"));
}

void Office::check_policy(const ports::Session& session, std::map<std::string, std::string> files,
                          std::function<void(base::Result<std::vector<ports::Finding>>)> done) {
    if (!may(session, model::Item::policy, model::Sight::change, {}) || !compile_) return done(forbidden());
    on_worker<std::vector<ports::Finding>>(
        [this, files = std::move(files),
         before = node_.policy()](ports::StoreReader& reader) mutable -> base::Result<std::vector<ports::Finding>> {
            keep_added(files, reader, unpack_);
            return compile_(files, *before).findings;
        },
        std::move(done));
}

void Office::try_policy(const ports::Session& session, std::map<std::string, std::string> files, base::Time from,
                        base::Time to, std::function<void(base::Result<ports::Task>)> done) {
    if (!may(session, model::Item::policy, model::Sight::change, {}) || !compile_) return done(forbidden());
    const base::Time now = clock_.now();
    ports::Task task;
    task.kind = "policy-try";
    task.to = to.is_set() ? to : now;
    task.from = from.is_set() ? from : task.to - lately;
    if (task.from >= task.to) return done(base::fail("bad-time", "`from` must lie before `to`", "from"));
    task.by = session.actor.person.code;
    task.based_on = node_.policy()->version;
    auto readers = std::pair{node_.reader(), node_.reader()};
    if (!readers.first || !readers.second)
        return done(tl::unexpected(readers.first ? readers.second.error() : readers.first.error()));
    // Shared: what a std::function holds must be copied.
    auto log = std::shared_ptr<ports::StoreReader>(std::move(*readers.first));
    auto policies = std::shared_ptr<ports::StoreReader>(std::move(*readers.second));
    keep_added(files, *reader_, unpack_);
    auto work = [compile = compile_, files = std::move(files), before = node_.policy(), log, policies,
                 shard = node_.shard()](ports::Task& t, Progress& progress) {
        auto compiled = compile(files, *before);
        t.digest = compiled.digest;
        t.findings = std::move(compiled.findings);
        if (t.findings.size() > most_findings_kept) t.findings.resize(most_findings_kept);
        if (!compiled.policy) {
            t.state = ports::TaskState::failed;
            t.error = "policy-refused";
            return;
        }
        auto result = try_on_log(*log, *policies, shard, t.from, t.to, std::move(compiled.policy), progress);
        if (result) {
            t.result = std::move(*result);
            return;
        }
        t.state = ports::TaskState::failed;
        t.error = result.error().code;
    };
    tasks_.begin(std::move(task), std::move(work), std::move(done));
}

void Office::policy_files(const ports::Session& session, std::uint64_t version,
                          std::function<void(base::Result<ports::PolicyFiles>)> done) {
    if (!may(session, model::Item::policy, model::Sight::clear, {}) || !unpack_) return done(forbidden());
    on_worker<ports::PolicyFiles>(
        [this, version](ports::StoreReader& reader) -> base::Result<ports::PolicyFiles> {
            const auto row = version == 0 ? reader.newest_policy() : reader.policy(version);
            if (!row) return tl::unexpected(row.error());
            if (!*row) return base::fail("not-found", "there is no such version", "version");
            auto files = unpack_((*row)->files);
            if (!files) return tl::unexpected(files.error());
            return ports::PolicyFiles{version_of(**row), std::move(*files)};
        },
        std::move(done));
}

void Office::policy_versions(const ports::Session& session, std::size_t limit,
                             std::function<void(base::Result<std::vector<ports::PolicyVersion>>)> done) {
    if (!may(session, model::Item::policy, model::Sight::clear, {})) return done(forbidden());
    on_worker<std::vector<ports::PolicyVersion>>(
        [limit](ports::StoreReader& reader) -> base::Result<std::vector<ports::PolicyVersion>> {
            auto row = reader.newest_policy();
            std::vector<ports::PolicyVersion> out;
            while (row && *row && out.size() < limit) {
                out.push_back(version_of(**row));
                row = reader.policy((*row)->version - 1);
            }
            if (!row) return tl::unexpected(row.error());
            return out;
        },
        std::move(done));
}

void Office::rules(const ports::Session& session,
                   std::function<void(base::Result<std::vector<ports::RuleView>>)> done) {
    if (!admit(session, model::Item::rules, model::Sight::clear)) return done(forbidden());
    on_worker<std::vector<ports::RuleView>>(
        [policy = node_.policy(), shard = node_.shard(), since = clock_.now() - lately](ports::StoreReader& reader) {
            return count_alerts(reader, shard, *policy, since);
        },
        std::move(done));
}

base::Result<std::vector<ports::Task>> Office::tasks(const ports::Session& session) {
    if (!may(session, model::Item::tasks, model::Sight::clear, {})) return forbidden();
    return tasks_.list();
}

base::Result<ports::Task> Office::task(const ports::Session& session, std::uint64_t id) {
    if (!may(session, model::Item::tasks, model::Sight::clear, {})) return forbidden();
    return tasks_.task(id);
}

base::Result<ports::Task> Office::cancel_task(const ports::Session& session, std::uint64_t id) {
    if (!may(session, model::Item::tasks, model::Sight::change, {})) return forbidden();
    return tasks_.cancel(id);
}

}  // namespace shoumen::shell

// Recorded inputs through the same core on their own clock.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "policy/directory.hpp"
#include "shell/driver.hpp"
#include "shell/trial.hpp"

#include "commands.hpp"
#include "recording.hpp"
#include "report.hpp"

namespace shoumen::app {
namespace {

constexpr std::size_t batch_inputs = 4096;

class Replay {
public:
    explicit Replay(std::shared_ptr<const model::Policy> policy)
        : policy_(std::move(policy)), core_([this](std::uint64_t version) { return policies_[version]; }) {
        policies_[policy_->version] = policy_;
        reader_.on_report([this](std::uint64_t request) {
            flush();  // it may have been reported in the lines just read
            const auto it = reported_.find(request);
            return it == reported_.end() ? model::IncidentId{} : it->second;
        });
    }

    base::Result<void> run(const std::string& path) {
        std::error_code ec;
        const auto kind = std::filesystem::status(path, ec).type();
        if (kind == std::filesystem::file_type::directory)
            return base::fail("file-missing", "is a directory: name the files of recorded inputs in it", path);
        std::ifstream file(path);
        if (!file) return base::fail("file-missing", "cannot be read", path);
        if (kind == std::filesystem::file_type::regular) {
            timers_ = holds_timers(file) ? shell::Timers::recorded : shell::Timers::own;
            file.clear();
            file.seekg(0);
            return run_lines(path, file);
        }
        // A pipe is read once.
        std::stringstream whole;
        whole << file.rdbuf();
        timers_ = holds_timers(whole) ? shell::Timers::recorded : shell::Timers::own;
        whole.clear();
        whole.seekg(0);
        return run_lines(path, whole);
    }

    base::Result<void> run_lines(const std::string& path, std::istream& in) {
        Lines lines(in);
        std::optional<std::string_view> line;
        for (std::uint64_t number = 1; (line = lines.next()); ++number) {
            if (line->empty()) continue;
            if (auto done = take(*line); !done) {
                done.error().where = fmt::format("{}:{}", path, number);
                return done;
            }
        }
        flush();
        return {};
    }

    [[nodiscard]] std::string counts() const {
        std::string quarantined;
        for (const auto& [code, n] : reader_.quarantined())
            quarantined += fmt::format("{}\"{}\":{}", quarantined.empty() ? "" : ",", code, n);
        return fmt::format(
            "\"inputs\":{{\"signals\":{},\"repeats\":{},\"late\":{},\"clock_wrong\":{},\"quarantined\":{{{}}}}}",
            counts_.signals, counts_.repeats, counts_.late, counts_.clock_wrong, quarantined);
    }
    [[nodiscard]] const Decisions& decisions() const { return decisions_; }
    [[nodiscard]] const model::Policy& policy() const { return *policy_; }
    [[nodiscard]] std::uint64_t inputs() const { return inputs_; }

private:
    base::Result<void> take(std::string_view line) {
        std::shared_ptr<const model::Policy> fresh;
        const auto brought = reader_.read(line, policy_.get(), batch_, fresh);
        if (!brought) return tl::unexpected(brought.error());
        if (!*brought) return {};
        const std::size_t before = batch_.inputs.size() - 1;
        // A recording with timers keeps its own numbers; where they leap, a new batch begins.
        if (timers_ == shell::Timers::recorded && reader_.seq() != 0 && reader_.seq() != next_seq_ + before) {
            if (before > 0)
                return base::fail("bad-recording", "the numbers of a recording with timers must follow one another",
                                  "seq");
            next_seq_ = reader_.seq();
        }
        if (fresh) {
            policies_[fresh->version] = fresh;
            policy_ = fresh;
            loaded_ = true;
        } else if (!loaded_) {
            core_.load_policy(policy_, batch_.inputs.front().received);
            loaded_ = true;
        }
        if (batch_.inputs.size() >= batch_inputs || fresh) flush();
        return {};
    }

    void flush() {
        if (batch_.inputs.empty()) return;
        batch_.shard = 1;
        batch_.first_seq = next_seq_;
        effects_.clear();
        shell::drive(core_, batch_, timers_, effects_);
        next_seq_ += batch_.inputs.size();
        inputs_ += batch_.inputs.size();
        collect();
        batch_.clear();
    }

    void collect() {
        for (const auto& a : effects_.alerts) decisions_.alerts[a.alert.id] = {a.alert, a.incident, base::Time::none()};
        for (const auto& c : effects_.cleared) {
            if (const auto it = decisions_.alerts.find(c.id); it != decisions_.alerts.end()) it->second.cleared = c.at;
        }
        for (const auto id : effects_.changed) {
            if (const auto* i = core_.incident(id)) decisions_.incidents[id] = *i;
        }
        for (std::size_t i = 0; i < effects_.results.size(); ++i) {
            const model::Command& c = batch_.commands[i];
            if (c.action == model::Action::report && effects_.results[i].accepted)
                reported_[c.request] = effects_.results[i].incident;
        }
        for (auto& e : effects_.events) decisions_.timeline[e.incident].push_back(std::move(e));
        counts_.signals += effects_.counts.signals;
        counts_.repeats += effects_.counts.repeats;
        counts_.late += effects_.counts.late;
        counts_.clock_wrong += effects_.counts.clock_wrong;
    }

    std::shared_ptr<const model::Policy> policy_;
    std::map<std::uint64_t, std::shared_ptr<const model::Policy>> policies_;
    loop::Core core_;
    RecordingReader reader_;
    model::Batch batch_;
    model::Effects effects_;
    Decisions decisions_;
    std::map<std::uint64_t, model::IncidentId> reported_;  // by request
    model::SenseCounts counts_;
    shell::Timers timers_ = shell::Timers::own;
    std::uint64_t next_seq_ = 1;
    std::uint64_t inputs_ = 0;
    bool loaded_ = false;
};

// The policy of a directory, compiled on top of another. Nothing: said on stderr; `code` is the exit code then.
std::shared_ptr<const model::Policy> compiled(const char* command, const std::string& directory,
                                              const model::Policy* before, int& code) {
    const auto files = policy::read_directory(directory);
    if (!files) {
        fmt::print(stderr, "shoumen {}: {}: {}\n", command, directory, files.error().message);
        code = cannot_run;
        return nullptr;
    }
    auto made = policy::compile(*files, before, before ? before->version + 1 : 1);
    for (const auto& f : made.findings) fmt::print(stderr, "{}/{}\n", directory, policy::to_line(f));
    if (!made.policy) code = findings;
    return made.policy;
}

template <class Run>
bool run_all(Run& run, const std::vector<std::string>& files) {
    for (const auto& file : files) {
        if (const auto done = run.run(file); !done) {
            fmt::print(stderr, "{}: {}: {}{}\n", done.error().where, done.error().code, done.error().message,
                       "; nothing was printed");
            return false;
        }
    }
    return true;
}

// Recorded signals, read by two policies and judged by both; what else the recording says is passed over.
class RecordedTrial {
public:
    RecordedTrial(std::shared_ptr<const model::Policy> before, std::shared_ptr<const model::Policy> after)
        : before_(std::move(before)), after_(std::move(after)), trial_(before_, after_) {}

    base::Result<void> run(const std::string& path) {
        std::error_code ec;
        if (std::filesystem::is_directory(path, ec))
            return base::fail("file-missing", "is a directory: name the files of recorded inputs in it", path);
        std::ifstream file(path);
        if (!file) return base::fail("file-missing", "cannot be read", path);
        Lines lines(file);
        std::optional<std::string_view> line;
        for (std::uint64_t number = 1; (line = lines.next()); ++number) {
            if (line->empty() || !is_signal(*line)) continue;
            if (auto done = take(*line); !done) {
                done.error().where = fmt::format("{}:{}", path, number);
                return done;
            }
        }
        step();
        return {};
    }
    ports::TrialResult finish() { return trial_.finish(); }

private:
    static bool is_signal(std::string_view line) {
        return line.find(R"("input":"signal")") != line.npos || line.find(R"("input": "signal")") != line.npos;
    }

    base::Result<void> take(std::string_view line) {
        std::shared_ptr<const model::Policy> none;
        for (const bool old : {true, false}) {
            auto read = reader_.read(line, old ? before_.get() : after_.get(), old ? old_batch_ : new_batch_, none);
            if (!read) return tl::unexpected(read.error());
        }
        if (old_batch_.inputs.size() >= batch_inputs || new_batch_.inputs.size() >= batch_inputs) step();
        return {};
    }

    void step() {
        trial_.step(old_batch_, new_batch_);
        old_batch_.clear();
        new_batch_.clear();
    }

    std::shared_ptr<const model::Policy> before_;
    std::shared_ptr<const model::Policy> after_;
    shell::Trial trial_;
    RecordingReader reader_;
    model::Batch old_batch_;
    model::Batch new_batch_;
};

boost::json::array examples_of(const std::vector<ports::TriedAlert>& alerts) {
    boost::json::array out;
    for (const auto& alert : alerts) {
        boost::json::object example{{"at", base::format_utc(alert.at)}, {"place", alert.place}};
        if (!alert.device.empty()) example["device"] = alert.device;
        out.push_back(std::move(example));
    }
    return out;
}

boost::json::array by_rule(const ports::TrialResult& result) {
    boost::json::array out;
    for (const auto& rule : result.rules) {
        out.push_back({{"rule", rule.code},
                       {"before", rule.before},
                       {"after", rule.after},
                       {"added", rule.added},
                       {"gone", rule.gone},
                       {"examples", examples_of(rule.examples)},
                       {"added_examples", examples_of(rule.added_examples)},
                       {"gone_examples", examples_of(rule.gone_examples)}});
    }
    return out;
}

}  // namespace

int policy_try(const PolicyTryOptions& options) {
    int code = fine;
    const auto old_policy = compiled("policy try", options.community, nullptr, code);
    if (!old_policy) return code;
    const auto new_policy = compiled("policy try", options.candidate, old_policy.get(), code);
    if (!new_policy) return code;
    RecordedTrial trial(old_policy, new_policy);
    if (!run_all(trial, options.files)) return cannot_run;
    const ports::TrialResult result = trial.finish();
    const auto figures = [](std::uint64_t alerts, std::uint64_t incidents) {
        return boost::json::object{{"alerts", alerts}, {"incidents", incidents}};
    };
    fmt::print("{}\n", boost::json::serialize(
                           boost::json::object{{"signals", result.signals},
                                               {"before", figures(result.alerts_before, result.incidents_before)},
                                               {"after", figures(result.alerts_after, result.incidents_after)},
                                               {"rules", by_rule(result)}}));
    return fine;
}

int replay(const ReplayOptions& options) {
    int code = fine;
    const auto policy = compiled("replay", options.community, nullptr, code);
    if (!policy) return code;
    const auto began = std::chrono::steady_clock::now();
    Replay run(policy);
    if (!run_all(run, options.files)) return cannot_run;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    write_report(std::cout, run.policy(), run.decisions(), options.timeline, run.counts());
    std::cout.flush();
    fmt::print(stderr, "{} inputs in {:.3f} s, {:.0f}/s\n", run.inputs(), seconds,
               static_cast<double>(run.inputs()) / seconds);
    return std::cout ? fine : cannot_run;
}

}  // namespace shoumen::app

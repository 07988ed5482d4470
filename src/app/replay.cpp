// Recorded inputs through the same core on their own clock.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/core.h>

#include "policy/directory.hpp"
#include "shell/driver.hpp"

#include "commands.hpp"
#include "recording.hpp"
#include "report.hpp"

namespace shoumen::app {
namespace {

constexpr std::size_t batch_inputs = 4096;

bool holds_timers(std::istream& in) {
    std::string line;
    while (std::getline(in, line)) {
        if (line.find("\"input\":\"timer\"") != std::string::npos ||
            line.find("\"input\": \"timer\"") != std::string::npos)
            return true;
    }
    return false;
}

class Replay {
public:
    explicit Replay(std::shared_ptr<const model::Policy> policy)
        : policy_(std::move(policy)), core_([this](std::uint64_t version) { return policies_[version]; }) {
        policies_[policy_->version] = policy_;
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
        std::string line;
        for (std::uint64_t number = 1; std::getline(in, line); ++number) {
            if (line.empty()) continue;
            if (auto done = take(line); !done) {
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
    base::Result<void> take(const std::string& line) {
        std::shared_ptr<const model::Policy> fresh;
        const std::size_t before = batch_.inputs.size();
        const auto brought = reader_.read(line, policy_.get(), batch_, fresh);
        if (!brought) return tl::unexpected(brought.error());
        if (!*brought) return {};
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
    model::SenseCounts counts_;
    shell::Timers timers_ = shell::Timers::own;
    std::uint64_t next_seq_ = 1;
    std::uint64_t inputs_ = 0;
    bool loaded_ = false;
};

}  // namespace

int replay(const ReplayOptions& options) {
    const auto files = policy::read_directory(options.community);
    if (!files) {
        fmt::print(stderr, "shoumen replay: {}\n", files.error().message);
        return cannot_run;
    }
    const auto compiled = policy::compile(*files, nullptr, 1);
    if (!compiled.policy) {
        for (const auto& f : compiled.findings) fmt::print(stderr, "{}\n", policy::to_line(f));
        return findings;
    }
    const auto began = std::chrono::steady_clock::now();
    Replay run(compiled.policy);
    for (const auto& file : options.files) {
        if (const auto done = run.run(file); !done) {
            fmt::print(stderr, "{}: {}: {}{}\n", done.error().where, done.error().code, done.error().message,
                       "; nothing was printed");
            return cannot_run;
        }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    write_report(std::cout, run.policy(), run.decisions(), options.timeline, run.counts());
    std::cout.flush();
    fmt::print(stderr, "{} inputs in {:.3f} s, {:.0f}/s\n", run.inputs(), seconds,
               static_cast<double>(run.inputs()) / seconds);
    return std::cout ? fine : cannot_run;
}

}  // namespace shoumen::app

#include "simulate.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <boost/json.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "policy/directory.hpp"
#include "store/sqlite/store.hpp"
#include "twin/simulation.hpp"
#include "twin/town.hpp"

#include "commands.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

int refuse(std::string_view what, const std::string& why, std::string_view command = "simulate") {
    fmt::print(stderr, "shoumen {}: {}: {}\n", command, what, why);
    return cannot_run;
}

struct Lived {
    policy::Files files;
    std::shared_ptr<const model::Policy> policy;
};

int read_community(const SimulateOptions& options, Lived& out) {
    if (options.community.empty()) {
        const auto made = twin::make_town({options.homes, options.seed});
        out.files = policy::Files(made.begin(), made.end());
    } else {
        auto files = policy::read_directory(options.community);
        if (!files) return refuse(options.community, files.error().message);
        out.files = std::move(*files);
    }
    auto compiled = policy::compile(out.files, nullptr, 1);
    if (compiled.policy) {
        for (auto& f : policy::check_matrix(*compiled.policy)) compiled.findings.push_back(std::move(f));
    }
    for (const auto& f : compiled.findings)
        fmt::print(stderr, "{}/{}\n", options.community.empty() ? "town" : options.community, policy::to_line(f));
    out.policy = compiled.policy;
    return compiled.policy && compiled.findings.empty() ? fine : findings;
}

// A data directory that goes when the run is over.
class Scratch {
public:
    explicit Scratch(const std::string& wanted) : path_(wanted), own_(wanted.empty()) {
        if (!own_) return;
        path_ = (fs::temp_directory_path() / fmt::format("shoumen-simulate-{}", ::getpid())).string();
    }
    ~Scratch() {
        std::error_code ignored;
        if (own_) fs::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] bool own() const { return own_; }

private:
    std::string path_;
    bool own_;
};

double rounded(double v) { return std::round(v * 10'000) / 10'000; }

json::object of(const twin::Spans& s) {
    return {{"count", s.count}, {"p50", rounded(s.p50)}, {"p90", rounded(s.p90)}, {"max", rounded(s.max)}};
}

json::object of(const std::map<std::string, twin::StoryFigures>& stories) {
    json::object out;
    for (const auto& [what, f] : stories) {
        out[what] = json::object{
            {"happened", f.happened},
            {"found", f.found},
            {"recall", f.happened == 0 ? 1.0 : rounded(static_cast<double>(f.found) / static_cast<double>(f.happened))},
            {"incidents", f.incidents},
            {"outings", f.outings},
            {"doubled", f.doubled},
            {"delay_s", of(f.delay)}};
    }
    return out;
}

json::object of(const twin::SimulationReport& r) {
    std::uint64_t happened = 0;
    std::uint64_t found = 0;
    std::uint64_t doubled = 0;
    for (const auto& [what, f] : r.real) {
        happened += f.happened;
        found += f.found;
        doubled += f.doubled;
    }
    json::object refused;
    for (const auto& [code, count] : r.refused) refused[code] = count;
    json::object out{
        {"lived_days", rounded(static_cast<double>(r.lived.us) / 86'400e6)},
        {"messages", json::object{{"said", r.messages.said},
                                  {"lost", r.messages.lost},
                                  {"repeated", r.messages.repeated},
                                  {"arrived", r.messages.arrived}}},
        {"node", json::object{{"signals", r.counts.signals},
                              {"repeats", r.counts.repeats},
                              {"late", r.counts.late},
                              {"clock_wrong", r.counts.clock_wrong},
                              {"quarantined", r.quarantined}}},
        {"recall", happened == 0 ? 1.0 : rounded(static_cast<double>(found) / static_cast<double>(happened))},
        {"precision", rounded(r.precision())},
        {"doubled_incidents", doubled},
        {"alerts", r.alerts},
        {"alerts_without_cause", r.alerts_without_cause},
        {"incidents", r.incidents},
        {"incidents_real", r.incidents_real},
        {"acknowledged_s", of(r.acknowledged)},
        {"arrived_s", of(r.arrived)},
        {"closed_s", of(r.closed)},
        {"people", json::object{{"told", r.told},
                                {"never_answered", r.never_answered},
                                {"still_open", r.still_open},
                                {"reopened", r.reopened},
                                {"rungs_climbed", r.escalations},
                                {"missed_deadlines", r.missed_deadlines},
                                {"refused", std::move(refused)}}},
        {"happened", of(r.real)},
        {"false_and_near", of(r.nothing)}};
    if (r.episodes > 0) {
        out["episodes"] = json::object{{"count", r.episodes},
                                       {"two_causes", r.episodes_two},
                                       {"pair_precision", rounded(r.pairs.precision())},
                                       {"pair_recall", rounded(r.pairs.recall())},
                                       {"source_pair_precision", rounded(r.sources.precision())},
                                       {"source_pair_recall", rounded(r.sources.recall())},
                                       {"source_pairs_same_cause", r.sources.same_cause},
                                       {"source_pairs_same_incident", r.sources.same_incident},
                                       {"source_pairs_both", r.sources.both},
                                       {"pairs_same_cause", r.pairs.same_cause},
                                       {"pairs_same_incident", r.pairs.same_incident},
                                       {"pairs_both", r.pairs.both}};
    }
    out["decisions"] = base::to_hex(r.decisions);
    return out;
}

// Two spaces a level; objects of plain values stay on one line.
void print(const json::object& o, std::string& out, int depth) {
    const bool nested = std::any_of(o.begin(), o.end(), [](const auto& e) { return e.value().is_object(); });
    const std::string indent = nested ? "\n" + std::string(static_cast<std::size_t>(depth + 1) * 2, ' ') : "";
    out += "{";
    bool first = true;
    for (const auto& e : o) {
        out += fmt::format("{}{}\"{}\": ", first ? "" : nested ? "," : ", ", indent, std::string_view(e.key()));
        first = false;
        if (e.value().is_object())
            print(e.value().get_object(), out, depth + 1);
        else if (e.value().is_double())
            out += fmt::format("{:.10g}", e.value().get_double());
        else
            out += json::serialize(e.value());
    }
    if (nested) out += "\n" + std::string(static_cast<std::size_t>(depth) * 2, ' ');
    out += "}";
}

int read_times(const SimulateOptions& options, twin::SimulationOptions& out) {
    const auto from = base::parse_rfc3339(options.from);
    if (!from) return refuse("--from", from.error().message);
    const auto length = base::parse_duration(options.length);
    if (!length) return refuse("--for", length.error().message);
    if (*length < base::minutes(1)) return refuse("--for", "live a minute at least, as in 7d, 12h or 90m");
    out.from = *from;
    out.length = *length;
    return fine;
}

}  // namespace

int simulate(const SimulateOptions& options) {
    twin::SimulationOptions run;
    if (const int code = read_times(options, run); code != fine) return code;
    run.seed = options.seed;
    run.trouble = options.trouble;
    run.channel.lose = options.lose;
    run.channel.repeat = options.repeat;
    run.channel.lag = options.lag;
    run.channel.outages_per_year = options.outages;
    run.channel.wrong_clocks = options.wrong_clocks;
    run.crew.answers = options.answers;
    run.episodes.count = options.episodes;
    if (options.episodes > 0) run.crew = {.answers = 1, .forgets = 0};
    if (options.episodes > 0) run.length = run.episodes.every * (static_cast<std::int64_t>(options.episodes) + 2);
    Lived lived;
    if (const int code = read_community(options, lived); code != fine) return code;

    const Scratch scratch(options.data);
    if (!scratch.own() && fs::exists(scratch.path()))
        return refuse(scratch.path(), "is there already: a simulated life begins in a directory of its own");
    store::SqliteOptions store_options;
    store_options.shard = run.shard;
    store_options.sync = !scratch.own();  // what is thrown away need not outlive a power cut
    auto store = store::open_sqlite(scratch.path(), store_options);
    if (!store)
        return refuse(store.error().where.empty() ? scratch.path() : store.error().where, store.error().message);
    const bool shown = ::isatty(STDERR_FILENO) != 0;
    run.progress = [shown](double share) {
        if (shown) fmt::print(stderr, "\r{:.0f} %", share * 100);
    };

    const auto began = std::chrono::steady_clock::now();
    const auto report = twin::simulate(lived.policy, policy::pack(lived.files), std::move(*store), run);
    if (!report) return refuse(report.error().code, report.error().message);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::string text;
    print(of(*report), text, 0);
    fmt::print("{}\n", text);
    fmt::print(stderr, "{}{} messages in {:.1f} s: {:.0f} times real time\n", shown ? "\r" : "", report->messages.said,
               seconds, static_cast<double>(run.length.us) / 1e6 / seconds);
    return fine;
}

int town(const TownFiles& options) {
    if (fs::exists(options.directory))
        return refuse(options.directory, "is there already: name a directory to make", "town");
    for (const auto& [name, content] : twin::make_town({options.homes, options.seed})) {
        const fs::path path = fs::path(options.directory) / name;
        std::error_code failed;
        fs::create_directories(path.parent_path(), failed);
        std::ofstream file(path, std::ios::binary);
        file << content;
        file.flush();
        if (!file) return refuse(path.string(), "cannot be written", "town");
    }
    fmt::print("{}: a made-up community; look at it with: shoumen check {}\n", options.directory, options.directory);
    return fine;
}

}  // namespace shoumen::app

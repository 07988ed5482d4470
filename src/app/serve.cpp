// The running program: store, node, office, doors, in this order, and back.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "doors/http/server.hpp"
#include "doors/mqtt/listener.hpp"
#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/node.hpp"
#include "shell/office.hpp"
#include "store/files/evidence.hpp"

#include "clocks.hpp"
#include "commands.hpp"
#include "feed.hpp"
#include "first_start.hpp"
#include "place.hpp"

namespace shoumen::app {
namespace {

namespace asio = boost::asio;

int refuse(const base::Error& e) {
    fmt::print(stderr, "shoumen: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
    return cannot_run;
}

// The directory's policy where it differs from the one in force; null where it does not, or where no directory was
// named.
struct Fresh {
    std::shared_ptr<const model::Policy> policy;
    std::string files;
};

base::Result<Fresh> fresh_policy(ports::Store& store, const std::string& directory) {
    if (directory.empty()) return Fresh{};
    auto reader = store.reader();
    if (!reader) return tl::unexpected(reader.error());
    auto newest = (*reader)->newest_policy();
    if (!newest) return tl::unexpected(newest.error());
    auto files = policy::read_directory(directory);
    if (!files) return tl::unexpected(files.error());
    if (*newest && (*newest)->digest == policy::digest_of(*files)) return Fresh{};

    std::optional<model::Policy> before;
    if (*newest) {
        auto decoded = model::decode_policy((*newest)->compiled);
        if (!decoded) return tl::unexpected(decoded.error());
        before = std::move(*decoded);
    }
    auto compiled = policy::compile(*files, before ? &*before : nullptr, before ? before->version + 1 : 1);
    if (compiled.policy) {
        for (auto& f : policy::check_matrix(*compiled.policy)) compiled.findings.push_back(std::move(f));
    }
    if (!compiled.findings.empty() || !compiled.policy) {
        for (const auto& f : compiled.findings) fmt::print(stderr, "{}/{}\n", directory, policy::to_line(f));
        return base::fail(
            "policy-refused",
            fmt::format("{} findings in the community directory; mend them, then start again (shoumen check {})",
                        compiled.findings.size(), directory));
    }
    return Fresh{compiled.policy, policy::pack(*files)};
}

// Findings, a line each: whoever sent the directory is to read them.
base::Result<shell::Office::Compiled> compile_on_top(const std::map<std::string, std::string>& given,
                                                     const model::Policy& before) {
    const policy::Files files(given.begin(), given.end());
    auto compiled = policy::compile(files, &before, before.version + 1);
    if (compiled.policy) {
        for (auto& f : policy::check_matrix(*compiled.policy)) compiled.findings.push_back(std::move(f));
    }
    if (compiled.findings.empty() && compiled.policy)
        return shell::Office::Compiled{compiled.policy, policy::pack(files)};
    constexpr std::size_t most_lines = 50;
    std::string lines;
    for (std::size_t i = 0; i < std::min(most_lines, compiled.findings.size()); ++i)
        lines += policy::to_line(compiled.findings[i]) + "\n";
    if (compiled.findings.size() > most_lines)
        lines += fmt::format("… and {} more\n", compiled.findings.size() - most_lines);
    return base::fail("policy-refused", std::move(lines));
}

std::unique_ptr<ports::Clock> make_clock(const ServeOptions& options, base::Result<void>& result) {
    if (options.clock_start.empty() && options.clock_rate == 1) return std::make_unique<SystemClock>();
    base::Time start = SystemClock().now();
    if (!options.clock_start.empty()) {
        const auto t = base::parse_rfc3339(options.clock_start);
        if (!t) {
            result = base::fail("bad-time", t.error().message, "--clock-start");
        } else {
            start = *t;
        }
    }
    return std::make_unique<ScaledClock>(start, options.clock_rate);
}

std::string share_directory(const std::string& wanted) {
    if (!wanted.empty()) return wanted;
    std::error_code ignored;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return (self.parent_path().parent_path() / "share" / "shoumen").string();
}

void log_line(std::string_view line) { spdlog::info("{}", line); }

}  // namespace

int serve(const ServeOptions& options) {
    spdlog::set_default_logger(spdlog::stderr_logger_mt("shoumen"));
    spdlog::set_pattern("%Y-%m-%dT%H:%M:%S%z %l %v");
    std::signal(SIGPIPE, SIG_IGN);
    const auto http_at = parse_endpoint(options.http);
    const auto mqtt_at = parse_endpoint(options.mqtt);
    if (!http_at) return refuse({"bad-endpoint", "write it as 127.0.0.1:8080", "--http"});
    if (!mqtt_at) return refuse({"bad-endpoint", "write it as 127.0.0.1:1883", "--mqtt"});
    if (!protect::start_crypto())
        return refuse({"no-crypto", "the system gives no random numbers; nothing can be kept safe without them", ""});
    base::Result<void> clock_result;
    const auto clock = make_clock(options, clock_result);
    if (!clock_result) return refuse(clock_result.error());

    // From here on the data directory is ours alone.
    auto store = open_store(options.place, Missing::made);
    if (!store) return refuse(store.error());
    log_line(where(options.place));
    auto fresh = fresh_policy(**store, options.community);
    if (!fresh) return refuse(fresh.error());
    store::EvidenceDirectory evidence(options.place.data);
    evidence.remove_unfinished();

    asio::io_context io(1);
    const auto stay =
        asio::make_work_guard(io);  // answers come from other threads: no work now does not mean none to come
    const auto post = [&io](std::function<void()> call) { asio::post(io, std::move(call)); };
    SystemRandom random;
    shell::NodeOptions node_options;
    node_options.shard = shard;
    node_options.snapshots = options.snapshots;
    node_options.snapshot_inputs = options.snapshot_inputs;
    node_options.log = log_line;
    shell::Node node(std::move(*store), *clock, random, node_options, post);
    if (auto done = node.start(fresh->policy, std::move(fresh->files)); !done) return refuse(done.error());
    shell::Office office(node, evidence, *clock, post, compile_on_top);
    if (auto done = office.start(); !done) return refuse(done.error());

    // From here on nothing that was acknowledged before is missing. Accounts first, then the doors: nobody is served,
    // and nothing says that it is ready, before what is shown once has been shown.
    auto first = first_start(io, node, office, options.demo, options.demo && options.demo_feed);
    if (!first) return refuse(first.error());

    doors::http::Options http_options;
    http_options.address = http_at->address;
    http_options.port = http_at->port;
    const std::string share = share_directory(options.share);
    http_options.static_dir = share + "/console";
    http_options.api_dir = share + "/api";
    http_options.demo = options.demo;
    http_options.log = log_line;
    doors::http::Server http(io, node, office, http_options);
    if (auto done = http.start(); !done) return refuse(done.error());
    doors::mqtt::Options mqtt_options;
    mqtt_options.address = mqtt_at->address;
    mqtt_options.port = mqtt_at->port;
    mqtt_options.log = [](doors::mqtt::LogLevel level, std::string_view line) {
        spdlog::log(level == doors::mqtt::LogLevel::warning ? spdlog::level::warn : spdlog::level::info, "{}", line);
    };
    doors::mqtt::Listener mqtt(io, node, mqtt_options);
    if (auto done = mqtt.start(); !done) return refuse(done.error());

    // Whoever reads `ready` may stop us at once.
    bool running = true;
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& e, int) { running = running && static_cast<bool>(e); });
    fmt::print("ready http://{}:{} mqtt {}:{} community {} policy {}\n", http_at->address, http.port(),
               mqtt_at->address, mqtt.port(), node.policy()->community, node.policy()->version);
    std::fflush(stdout);

    std::unique_ptr<Feed> feed;
    if (options.demo && options.demo_feed && !first->gateway_token.empty()) {
        feed = std::make_unique<Feed>(FeedOptions{node.policy(), mqtt.port(), http.port(), first->gateway,
                                                  first->gateway_token, first->crew_account, first->crew_password,
                                                  options.demo_seed, options.demo_speed, log_line});
        feed->start();
    }

    asio::steady_timer limit(io);
    if (options.stop_after_s > 0) {
        limit.expires_after(std::chrono::seconds(options.stop_after_s));
        limit.async_wait([&](const boost::system::error_code& e) { running = running && static_cast<bool>(e); });
    }
    while (running) io.run_one();

    // The way back: no new input, then what is pending onto the disk, then its answers.
    spdlog::info("stopping");
    feed.reset();
    mqtt.stop();
    http.stop();
    node.stop();
    io.poll();
    return fine;
}

}  // namespace shoumen::app

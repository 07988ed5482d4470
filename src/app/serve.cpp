// The running program: store, node, office, doors, in this order, and back.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <optional>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/core.h>

#include "base/exposition.hpp"
#include "doors/http/server.hpp"
#include "doors/mqtt/listener.hpp"
#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/device_pictures.hpp"
#include "shell/family.hpp"
#include "shell/node.hpp"
#include "shell/notary.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"
#include "shell/version.hpp"
#include "shell/watcher.hpp"
#include "store/files/evidence.hpp"
#include "store/files/posix.hpp"

#include "clocks.hpp"
#include "commands.hpp"
#include "feed.hpp"
#include "field_doors.hpp"
#include "first_start.hpp"
#include "keys.hpp"
#include "ledger_keys.hpp"
#include "log.hpp"
#include "machine.hpp"
#include "mqtt_metrics.hpp"
#include "other_servers.hpp"
#include "place.hpp"
#include "service_manager.hpp"
#include "tls_doors.hpp"

namespace shoumen::app {
namespace {

namespace asio = boost::asio;

int refuse(const base::Error& e) {
    fmt::print(stderr, "shoumen: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
    return cannot_run;
}

// The directory's policy where it has changed since it was last read and differs from the one in force; null where not,
// or where no directory was named. An unchanged directory does not displace what was switched on while running.
struct Fresh {
    std::shared_ptr<const model::Policy> policy;
    std::string files;
    std::string directory;           // digest of its files, as hex
    bool noted = false;              // this very directory has been read before
    std::uint64_t kept_version = 0;  // in force although the directory holds another; 0: they are the same
};
constexpr std::string_view directory_mark = "community-directory";  // in meta: the digest read last

base::Result<Fresh> fresh_policy(ports::Store& store, const std::string& directory) {
    if (directory.empty()) return Fresh{};
    auto reader = store.reader();
    if (!reader) return tl::unexpected(reader.error());
    auto newest = (*reader)->newest_policy();
    if (!newest) return tl::unexpected(newest.error());
    auto files = policy::read_directory(directory);
    if (!files) return tl::unexpected(files.error());
    const std::string read_from = base::to_hex(policy::digest_of(*files));
    // Devices taken in while the program ran stay.
    const std::string added = "devices-added.yaml";
    if (*newest && !files->contains(added)) {
        auto before = policy::unpack((*newest)->files);
        if (!before) return tl::unexpected(before.error());
        if (before->contains(added)) (*files)[added] = std::move((*before)[added]);
    }
    const base::Digest digest = policy::digest_of(*files);
    const auto mark = (*reader)->meta(directory_mark);
    if (!mark) return tl::unexpected(mark.error());
    Fresh fresh{.policy = {}, .files = {}, .directory = read_from};
    fresh.noted = *mark == fresh.directory;
    if (*newest && (*newest)->digest == digest) return fresh;
    if (*newest && fresh.noted) {
        fresh.kept_version = (*newest)->version;
        return fresh;
    }

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
    fresh.policy = compiled.policy;
    fresh.files = policy::pack(*files);
    return fresh;
}

shell::Office::Compiled compile_on_top(const std::map<std::string, std::string>& given, const model::Policy& before) {
    const policy::Files files(given.begin(), given.end());
    auto compiled = policy::compile(files, &before, before.version + 1);
    if (compiled.policy) {
        for (auto& f : policy::check_matrix(*compiled.policy)) compiled.findings.push_back(std::move(f));
    }
    shell::Office::Compiled out;
    out.digest = policy::digest_of(files);
    for (auto& f : compiled.findings)
        out.findings.push_back({std::move(f.file), f.line, std::move(f.code), std::move(f.message)});
    if (!out.findings.empty()) return out;
    out.policy = std::move(compiled.policy);
    out.files = policy::pack(files);
    return out;
}

// Numbers of places are kept, so that they are those of the policy in force.
model::Coverage plan_of(const std::map<std::string, std::string>& given, const model::Policy& policy) {
    return policy::compile(policy::Files(given.begin(), given.end()), &policy, policy.version).coverage;
}

base::Result<std::map<std::string, std::string>> unpack_files(std::string_view packed) {
    return policy::unpack(packed);
}

// "5s,-1h"
base::Result<ClockStep> clock_step_of(const std::string& text) {
    const auto comma = text.find(',');
    const auto after = base::parse_duration(text.substr(0, comma));
    const bool back = comma != std::string::npos && text.compare(comma + 1, 1, "-") == 0;
    const auto by = base::parse_duration(comma == std::string::npos ? "" : text.substr(comma + (back ? 2 : 1)));
    if (!after || !by) return base::fail("bad-time", "write it as 5s,-1h", "--clock-step");
    return ClockStep{*after, back ? -*by : *by};
}

// The clock, and the steady time beside it where it is not the system's.
struct Clocks {
    std::unique_ptr<ports::Clock> clock;
    std::function<base::Duration()> steady;
};

Clocks make_clock(const ServeOptions& options, base::Result<void>& result) {
    if (options.clock_start.empty() && options.clock_rate == 1 && options.clock_step.empty())
        return {std::make_unique<SystemClock>(), {}};
    base::Time start = SystemClock().now();
    if (!options.clock_start.empty()) {
        const auto t = base::parse_rfc3339(options.clock_start);
        if (!t) {
            result = base::fail("bad-time", t.error().message, "--clock-start");
        } else {
            start = *t;
        }
    }
    std::optional<ClockStep> step;
    if (!options.clock_step.empty()) {
        const auto read = clock_step_of(options.clock_step);
        if (!read) {
            result = tl::unexpected(read.error());
        } else {
            step = *read;
        }
    }
    auto clock = std::make_unique<ScaledClock>(start, options.clock_rate, step);
    const ScaledClock* of = clock.get();
    return {std::move(clock), [of] { return of->unstepped(); }};
}

// The hash of the token in the file; none where no file is named.
base::Result<std::optional<base::Digest>> metrics_token_of(const std::string& file) {
    if (file.empty()) return std::optional<base::Digest>{};
    std::ifstream in(file);
    if (!in) return base::fail("bad-metrics-token", "the file is not there, or cannot be read", file);
    std::string token;
    in >> token;
    constexpr std::size_t shortest = 16;
    if (token.size() < shortest)
        return base::fail("bad-metrics-token", "the file must hold one token of 16 characters or more", file);
    return std::optional(base::sha256(token));
}

// Calls at an interval, on the io thread, until it ends.
class Ticker {
public:
    Ticker(asio::io_context& io, base::Duration every, std::function<void()> call)
        : timer_(io), every_(every), call_(std::move(call)) {
        tick();
    }

private:
    void tick() {
        timer_.expires_after(std::chrono::microseconds(every_.us));
        timer_.async_wait([this](const boost::system::error_code& e) {
            if (e) return;
            call_();
            tick();
        });
    }

    asio::steady_timer timer_;
    base::Duration every_;
    std::function<void()> call_;
};

std::string picture_metrics(const shell::DevicePictures::Counts& c) {
    base::Exposition out;
    out.counter("shoumen_device_pictures_total", "Pictures that came with signals of devices", c.came);
    out.counter("shoumen_device_pictures_kept_total", "Of them, those kept as evidence of an incident", c.kept);
    out.counter("shoumen_device_pictures_refused_total", "Of them, those too large, no pictures, or too many",
                c.refused);
    out.counter("shoumen_device_pictures_forgotten_total", "Of them, those no incident came of, or that had enough",
                c.forgotten);
    return out.take();
}

// Lines of parts that name no event of their own.
std::function<void(std::string_view)> lines_of(ports::Log log, const char* event) {
    return [log = std::move(log), event](std::string_view line) {
        log({ports::LogLevel::info, event, std::string(line), {}});
    };
}

}  // namespace

int serve(const ServeOptions& options) {
    const auto format = log_format(options.log_format);
    if (!format) return refuse(format.error());
    const ports::Log log = stderr_log(*format);
    std::signal(SIGPIPE, SIG_IGN);
    const auto http_at = parse_endpoint(options.http);
    const auto mqtt_at = parse_endpoint(options.mqtt);
    if (!http_at) return refuse({"bad-endpoint", "write it as 127.0.0.1:8080", "--http"});
    if (!mqtt_at) return refuse({"bad-endpoint", "write it as 127.0.0.1:1883", "--mqtt"});
    if (!protect::start_crypto())
        return refuse({"no-crypto", "the system gives no random numbers; nothing can be kept safe without them", ""});
    base::Result<void> clock_result;
    const auto [clock, steady] = make_clock(options, clock_result);
    if (!clock_result) return refuse(clock_result.error());
    const auto metrics_token = metrics_token_of(options.metrics_token_file);
    if (!metrics_token) return refuse(metrics_token.error());

    // From here on the data directory is ours alone.
    auto store = open_store(options.place, Missing::made);
    if (!store) return refuse(store.error());
    log({.event = "storing", .text = where(options.place), .fields = {}});
    auto fresh = fresh_policy(**store, options.community);
    if (!fresh) return refuse(fresh.error());
    auto vault = open_vault(**store, options.keys, options.place);
    if (!vault) return refuse(vault.error());
    const auto erased_list = erased_path(options.keys, options.place);
    const auto came_back = settle_erased(**vault, erased_list);
    if (!came_back) return refuse(came_back.error());
    if (*came_back > 0)
        log({ports::LogLevel::warning,
             "erased_again",
             "these keys are from before erasures that are written down; they have been carried out once more",
             {{"erased", static_cast<std::int64_t>(*came_back)}}});
    (*vault)->write_down_erasures(erased_list);
    store::EvidenceDirectory pictures(options.place.data);
    pictures.remove_unfinished();
    SealedEvidence evidence(pictures, **vault);

    asio::io_context io(1);
    const auto stay =
        asio::make_work_guard(io);  // answers come from other threads: no work now does not mean none to come
    const auto post = [&io](std::function<void()> call) { asio::post(io, std::move(call)); };
    SystemRandom random;
    shell::NodeOptions node_options;
    node_options.shard = shard;
    node_options.snapshots = options.snapshots;
    node_options.snapshot_inputs = options.snapshot_inputs;
    node_options.log = log;
    node_options.ledger_suite = prove::suite_of(options.ledger_hash).value_or(prove::Suite::sha256);
    node_options.vault = vault->get();
    shell::Node node(std::move(*store), *clock, random, node_options, post);
    if (auto done = node.start(fresh->policy, std::move(fresh->files)); !done) return refuse(done.error());
    if (!fresh->directory.empty() && !fresh->noted)
        node.write_records({ports::MetaPut{std::string(directory_mark), fresh->directory}}, [](const auto&) {});
    if (fresh->kept_version != 0)
        log({ports::LogLevel::warning,
             "policy_kept",
             "what was switched on while running stays in force; the community directory has not changed since it was "
             "last read, and holds something else",
             {{"policy", static_cast<std::int64_t>(fresh->kept_version)}}});
    shell::Office office(node, evidence, *clock, post, compile_on_top, unpack_files);
    office.log_to(log);
    office.plan_by(plan_of);
    if (auto done = office.start(); !done) return refuse(done.error());
    const auto elsewhere = other_servers(options, [c = clock.get()] { return c->now(); }, post);
    if (!elsewhere) return refuse(elsewhere.error());
    office.text_by(elsewhere->texts.get());
    office.sign_on_by(elsewhere->sign_on.get());
    shell::Family family(node, *clock, log);
    family.text_by(elsewhere->texts.get());
    if (auto done = family.start(); !done) return refuse(done.error());
    office.follow([&family](const ports::Push& push) {
        if (push.what == ports::Push::What::incident) family.changed(push.incident);
    });
    const std::string keys = keys_folder(options.place.data);
    auto ledger_signing_keys = ledger_keys(keys);
    if (!ledger_signing_keys) return refuse(ledger_signing_keys.error());
    shell::NotaryOptions notary_options;
    notary_options.folder = keys;
    notary_options.witness_silent_after = base::seconds(options.witness_silent_after_s);
    notary_options.witnesses = [keys] { return read_witnesses(keys); };
    notary_options.log = log;
    shell::Notary notary(node, store::posix_files(), *clock, std::move(*ledger_signing_keys), notary_options, post);
    if (auto done = notary.start(); !done) return refuse(done.error());
    office.prove_by(&notary);
    shell::Sweeper sweeper(node, evidence, *clock, {base::hours(24), vault->get(), log}, post);
    if (auto done = sweeper.start(); !done) return refuse(done.error());
    office.sweep_by(&sweeper);
    const LinuxMachine machine(options.place.data, steady);
    shell::WatcherOptions watcher_options;
    watcher_options.gateway_silent_after = base::seconds(options.gateway_silent_after_s);
    watcher_options.log = log;
    shell::Watcher watcher(node, machine, watcher_options);
    watcher.look_at(&notary);
    watcher.count_wider_sights([&office] { return office.wider_sights_open(); });
    office.show(&watcher);
    shell::DevicePictures device_pictures(node, evidence, post, log);
    office.follow([&device_pictures](const ports::Push& push) {
        if (push.what == ports::Push::What::incident) device_pictures.on_incident(push.incident);
    });

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
    http_options.log = log;
    http_options.ledger = &notary;
    http_options.metrics_token = *metrics_token;
    doors::mqtt::Options mqtt_options;
    mqtt_options.address = mqtt_at->address;
    mqtt_options.port = mqtt_at->port;
    mqtt_options.log = [log](doors::mqtt::LogLevel level, std::string_view line) {
        const bool warns = level == doors::mqtt::LogLevel::warning;
        log({warns ? ports::LogLevel::warning : ports::LogLevel::info, "mqtt", std::string(line), {}});
    };
    mqtt_options.pushed_out = [&office](const ports::Speaker& speaker) {
        office.devices_kept().pushed_out(speaker.device);
    };
    doors::mqtt::Listener mqtt(io, node, mqtt_options);
    std::unique_ptr<FieldDoors> field;
    http_options.more_metrics = [&mqtt, &field, &device_pictures] {
        return mqtt_metrics(mqtt.counters()) + (field ? field->metrics() : std::string()) +
               picture_metrics(device_pictures.counts());
    };
    doors::http::Server http(io, node, office, http_options);
    if (auto done = http.start(); !done) return refuse(done.error());
    if (auto done = mqtt.start(); !done) return refuse(done.error());

    auto tls = TlsDoors::open(io, options, node.policy()->community, *clock, log, http, mqtt);
    if (!tls) return refuse(tls.error());
    auto opened_field = FieldDoors::open(io, options, node, *clock, log);
    if (!opened_field) return refuse(opened_field.error());
    field = std::move(*opened_field);
    office.certify_by((*tls)->authority());
    office.commands_go_by(&mqtt);
    family.commands_go_by(&mqtt);
    family.catch_up();

    // Whoever reads `ready` may stop us at once.
    bool running = true;
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& e, int) { running = running && static_cast<bool>(e); });
    fmt::print("ready http://{}:{} mqtt {}:{} community {} policy {}{}\n", http_at->address, http.port(),
               mqtt_at->address, mqtt.port(), node.policy()->community, node.policy()->version,
               (*tls)->where() + field->where());
    std::fflush(stdout);
    log({ports::LogLevel::info,
         "ready",
         "doors are open",
         {{"version", std::string(shell::version)},
          {"http", fmt::format("{}:{}", http_at->address, http.port())},
          {"mqtt", fmt::format("{}:{}", mqtt_at->address, mqtt.port())},
          {"community", node.policy()->community},
          {"policy", static_cast<std::int64_t>(node.policy()->version)}}});
    tell_service_manager("READY=1");
    const Ticker devices(io, base::seconds(1), [&] {
        office.devices_kept().check();
        device_pictures.check();
    });
    const Ticker watching(io, {static_cast<std::int64_t>(options.watch_every_s * 1e6)}, [&] { watcher.check(); });
    const Ticker certificates(io, {static_cast<std::int64_t>(options.watch_every_s * 12e6)},
                              [&] { (*tls)->look_after(); });
    const Ticker telling(io, {static_cast<std::int64_t>(options.watch_every_s * 6e6)}, [&] { family.retry(); });
    const Ticker signing(io, base::milliseconds(250), [&] { notary.tick(); });
    const Ticker sweeping(io, {static_cast<std::int64_t>(options.watch_every_s * 12e6)}, [&] { sweeper.tick(); });
    std::optional<Ticker> watchdog;
    if (const auto every = watchdog_interval())
        watchdog.emplace(io, *every, [] { tell_service_manager("WATCHDOG=1"); });

    std::unique_ptr<Feed> feed;
    if (options.demo && options.demo_feed && !first->gateway_token.empty()) {
        feed = std::make_unique<Feed>(FeedOptions{node.policy(), mqtt.port(), http.port(), first->gateway,
                                                  first->gateway_token, first->crew_account, first->crew_password,
                                                  options.demo_seed, options.demo_speed, lines_of(log, "demo")});
        feed->start();
    }

    asio::steady_timer limit(io);
    if (options.stop_after_s > 0) {
        limit.expires_after(std::chrono::seconds(options.stop_after_s));
        limit.async_wait([&](const boost::system::error_code& e) { running = running && static_cast<bool>(e); });
    }
    while (running) io.run_one();

    // The way back: no new input, then what is pending onto the disk, then its answers.
    log({ports::LogLevel::info, "stopping", "no new input; what is pending goes onto the disk", {}});
    tell_service_manager("STOPPING=1");
    feed.reset();
    office.commands_go_by(nullptr);
    family.commands_go_by(nullptr);
    office.certify_by(nullptr);
    (*tls)->stop();
    field->stop();
    mqtt.stop();
    http.stop();
    notary.stop();
    office.devices_kept().keep();
    node.stop();
    io.poll();
    return fine;
}

}  // namespace shoumen::app

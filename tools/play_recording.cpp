// Sends the signals of a recording to a running node over MQTT, at N times the pace at which they happened: what a
// replay decides at once, a node must decide live.
//
// A node that keeps recorded time is started with --clock-start and --clock-rate. Its clock rule lets an event's own
// time count only within 120 s of receipt, which at 1,000 times the pace is 0.12 s. So this asks the node for its clock
// first (--http), and sends each signal somewhat early: early is as good as punctual, and what a busy machine holds up
// is not late at once.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <fmt/format.h>

#include "app/http_client.hpp"
#include "app/mqtt_client.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace {

using namespace shoumen;
namespace json = boost::json;
using Steady = std::chrono::steady_clock;

constexpr auto clock_rule = base::seconds(120);
constexpr auto look_every = std::chrono::milliseconds(1);

struct Options {
    std::string recording;
    std::string mqtt = "127.0.0.1:1883";
    std::string user = "gw-home";
    std::string token;
    double rate = 1;
    std::string span;
    std::string early = "90s";
    std::string http;
    std::string account;
    std::string password;
};

struct Signal {
    base::Time at;
    std::string topic;
    std::string payload;
};

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};

base::Result<Endpoint> endpoint_of(const std::string& text, const char* option) {
    const auto colon = text.rfind(':');
    const unsigned long port = colon == std::string::npos ? 0 : std::strtoul(text.c_str() + colon + 1, nullptr, 10);
    if (port == 0 || port > 65'535) return base::fail("bad-endpoint", "write it as 127.0.0.1:1883", option);
    return Endpoint{text.substr(0, colon), static_cast<std::uint16_t>(port)};
}

// --- The recording -----------------------------------------------------------------------------------------------

// nullopt: an input of another kind.
base::Result<std::optional<Signal>> signal_of(const std::string& line) {
    boost::system::error_code ec;
    const json::value value = json::parse(line, ec);
    const auto* root = ec ? nullptr : value.if_object();
    const auto text = [](const json::object& o, const char* key) {
        const auto* v = o.if_contains(key);
        return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
    };
    if (root == nullptr) return base::fail("bad-recording", "not a JSON object; a recording has one input a line");
    if (text(*root, "input") != "signal") return std::nullopt;
    const auto* body = root->if_contains("body");
    if (body == nullptr || !body->is_object()) return base::fail("bad-recording", "a signal without body");
    const std::string time = text(body->get_object(), "time");
    const auto at = base::parse_rfc3339(time.empty() ? text(*root, "received") : time);
    if (!at) return base::fail("bad-time", at.error().message);
    return Signal{*at, fmt::format("shoumen/v1/{}/signal", text(body->get_object(), "device")), json::serialize(*body)};
}

base::Result<std::vector<Signal>> read_recording(const std::string& path, base::Duration span) {
    std::ifstream in(path);
    if (!in) return base::fail("file-missing", "cannot be read", path);
    std::vector<Signal> signals;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        auto signal = signal_of(line);
        if (!signal) return base::fail(signal.error().code, signal.error().message, fmt::format("{}:{}", path, number));
        if (!*signal) continue;
        if (span.us > 0 && !signals.empty() && (*signal)->at - signals.front().at >= span) break;
        signals.push_back(std::move(**signal));
    }
    if (signals.empty()) return base::fail("bad-recording", "holds no signal", path);
    return signals;
}

// --- The node's clock --------------------------------------------------------------------------------------------

// What the node's clock shows at a moment of ours.
struct Reading {
    base::Time node;
    Steady::time_point here;
};

std::optional<json::object> object_of(const std::optional<app::HttpAnswer>& answer) {
    if (!answer || answer->status != 200) return std::nullopt;
    boost::system::error_code ec;
    auto value = json::parse(answer->body, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

// Of several readings the one with the shortest way there and back.
base::Result<Reading> read_clock(const Options& options) {
    const auto at = endpoint_of(options.http, "--http");
    if (!at) return tl::unexpected(at.error());
    app::HttpClient http(at->address, at->port);
    const json::object names{{"account", options.account}, {"password", options.password}};
    const auto session = object_of(http.ask({.method = "POST",
                                             .target = "/api/v1/session",
                                             .bearer = {},
                                             .content_type = "application/json",
                                             .body = json::serialize(names)}));
    if (!session || !session->contains("token"))
        return base::fail("sign-in-failed", "no session for this account and password", "--account");
    const std::string token(session->at("token").as_string());
    std::optional<Reading> best;
    Steady::duration shortest = std::chrono::hours(1);
    for (int i = 0; i < 7; ++i) {
        const auto asked = Steady::now();
        const auto list = object_of(
            http.ask({.target = "/api/v1/incidents?limit=1", .bearer = token, .content_type = {}, .body = {}}));
        const auto way = Steady::now() - asked;
        if (!list || !list->contains("now") || way > shortest) continue;
        const auto now = base::parse_rfc3339(std::string(list->at("now").as_string()));
        if (!now) continue;
        shortest = way;
        best = Reading{*now, asked + way / 2};
    }
    if (!best) return base::fail("no-clock", "the node does not say what time it is there", "--http");
    return *best;
}

// --- Playing -----------------------------------------------------------------------------------------------------

class Player {
public:
    Player(const Options& options, const Endpoint& at, base::Duration early)
        : rate_(options.rate),
          early_(early),
          mqtt_({.address = at.address,
                 .port = at.port,
                 .client_id = "play-recording",
                 .user = options.user,
                 .password = options.token,
                 .log = [](const std::string& line) { fmt::print(stderr, "{}\n", line); }}) {}

    base::Result<void> connect() {
        const auto patience = Steady::now() + std::chrono::seconds(30);
        while (!mqtt_.connected() && !mqtt_.refused() && Steady::now() < patience)
            mqtt_.serve_until(Steady::now() + std::chrono::milliseconds(5));
        if (mqtt_.connected()) return {};
        return base::fail("not-connected",
                          mqtt_.refused() ? "the token is not accepted; make one with shoumen token" : "nobody answers",
                          "--mqtt");
    }

    base::Result<void> play(const std::vector<Signal>& signals, const Reading& clock) {
        for (const Signal& s : signals) {
            const auto due = clock.here + real(s.at - early_ - clock.node);
            serve_until(due);
            if (!mqtt_.publish(s.topic, s.payload))
                return base::fail("not-connected", "the connection was lost: what came of it would prove nothing",
                                  "--mqtt");
            waiting_.push_back(due);
        }
        const auto patience = Steady::now() + std::chrono::seconds(60);
        while (!waiting_.empty() && Steady::now() < patience) serve_until(Steady::now() + look_every);
        if (!waiting_.empty())
            return base::fail("not-acknowledged", fmt::format("{} signals without acknowledgement", waiting_.size()),
                              "--mqtt");
        return {};
    }

    // How long after it was due to be sent a signal was on the node's disk, at worst, in the node's time: it was
    // received before that.
    [[nodiscard]] base::Duration worst() const {
        return {static_cast<std::int64_t>(std::chrono::duration<double, std::micro>(worst_).count() * rate_)};
    }

private:
    [[nodiscard]] Steady::duration real(base::Duration d) const {
        return std::chrono::duration_cast<Steady::duration>(
            std::chrono::duration<double, std::micro>(static_cast<double>(d.us) / rate_));
    }
    // While something waits for its acknowledgement we look often: a home may be silent for hours after it.
    void serve_until(Steady::time_point end) {
        do {
            mqtt_.serve_until(waiting_.empty() ? end : std::min(end, Steady::now() + look_every));
            note_acknowledged();
        } while (Steady::now() < end);
    }
    // Acknowledgements come in the order of the signals.
    void note_acknowledged() {
        for (; acknowledged_ < mqtt_.acknowledged(); ++acknowledged_) {
            worst_ = std::max(worst_, Steady::now() - waiting_.front());
            waiting_.pop_front();
        }
    }

    double rate_;
    base::Duration early_;
    app::MqttClient mqtt_;
    std::deque<Steady::time_point> waiting_;
    std::uint64_t acknowledged_ = 0;
    Steady::duration worst_{};
};

int refuse(const base::Error& e) {
    fmt::print(stderr, "play_recording: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
    return 2;
}

int run(const Options& options) {
    base::Duration span;
    if (!options.span.empty()) {
        const auto d = base::parse_duration(options.span);
        if (!d) return refuse({"bad-duration", d.error().message, "--for"});
        span = *d;
    }
    const auto early = base::parse_duration(options.early);
    if (!early) return refuse({"bad-duration", early.error().message, "--early"});
    const auto at = endpoint_of(options.mqtt, "--mqtt");
    if (!at) return refuse(at.error());
    const auto signals = read_recording(options.recording, span);
    if (!signals) return refuse(signals.error());

    Player player(options, *at, *early);
    if (const auto done = player.connect(); !done) return refuse(done.error());
    Reading clock{signals->front().at - *early, Steady::now()};  // without a clock to keep to: the first one now
    if (!options.http.empty()) {
        const auto reading = read_clock(options);
        if (!reading) return refuse(reading.error());
        clock = *reading;
        if (clock.node > signals->front().at - *early) {
            return refuse(
                {"too-late",
                 fmt::format(
                     "the node's clock shows {} and the first signal is of {}: start it with an earlier --clock-start",
                     base::format_utc(clock.node), base::format_utc(signals->front().at)),
                 "--http"});
        }
    }
    const auto began = Steady::now();
    if (const auto done = player.play(*signals, clock); !done) return refuse(done.error());
    const double seconds = std::chrono::duration<double>(Steady::now() - began).count();
    const double worst_s = static_cast<double>(player.worst().us) / 1e6;
    fmt::print(stderr,
               "{} signals in {:.1f} s, all acknowledged; the slowest was on disk {:.1f} s of the node's time after it "
               "was due to be sent\n",
               signals->size(), seconds, worst_s);
    if (player.worst() <= *early + clock_rule) return 0;
    fmt::print(stderr,
               "play_recording: behind: the machine was too busy for this pace; a signal may have counted as late\n");
    return 1;
}

constexpr const char* about =
    "Sends the signals of a recording to a running node over MQTT, at N times their pace.\n"
    "Ends with 0: all acknowledged, and in time; 1: all acknowledged, but some too late for their own time to be sure "
    "to count;\n"
    "2: cannot run.\n\n"
    "All 30 days of a home at 1,000 times their pace, 43 minutes. First the accounts and the token, at the pace of the "
    "world, then the run; the\n"
    "clock starts less than the shortest --absence before the first event, since a home never heard counts from the "
    "start:\n"
    "  home_to_recording events.txt --recording home.jsonl --community home --absence 2h --absence 3h --absence 4h\n"
    "  shoumen replay --community home home.jsonl > replayed.json\n"
    "  shoumen serve --community home --data live --demo --no-feed --stop-after 1 --clock-start "
    "2011-06-14T23:20:00-07:00\n"
    "  shoumen token --community home --data live gw-home\n"
    "  shoumen serve --data live --clock-start 2011-06-14T23:30:00-07:00 --clock-rate 1000 &\n"
    "  SHOUMEN_TOKEN=... SHOUMEN_PASSWORD=... play_recording home.jsonl --rate 1000 --http 127.0.0.1:8080 --account "
    "duty\n"
    "  kill %1; wait; shoumen decisions --data live > live.json\n"
    "and compare kind, place and opened of the incidents in replayed.json and live.json.";

}  // namespace

int main(int argc, char** argv) try {
    CLI::App app(about);
    Options options;
    app.add_option("recording", options.recording, "file of recorded inputs")->required();
    app.add_option("--mqtt", options.mqtt, "the node's MQTT door")->capture_default_str();
    app.add_option("--user", options.user, "device that speaks: a gateway for all devices under it")
        ->capture_default_str();
    app.add_option("--token", options.token, "its token")->envname("SHOUMEN_TOKEN")->required();
    app.add_option("--rate", options.rate, "how many times faster than it happened")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    app.add_option("--for", options.span, "only so much from the first signal on, such as 24h");
    app.add_option("--early", options.early, "send each signal so long before its moment of the node's time")
        ->capture_default_str();
    app.add_option("--http", options.http,
                   "the node's HTTP door, to keep to its clock (default: the first signal at once)");
    app.add_option("--account", options.account, "account to ask for the time with");
    app.add_option("--password", options.password, "its password")->envname("SHOUMEN_PASSWORD");
    CLI11_PARSE(app, argc, argv);
    return run(options);
} catch (const std::exception& e) {
    fmt::print(stderr, "play_recording: {}\n", e.what());
    return 2;
}

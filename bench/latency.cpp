// `latency`: at 10,000 signals a second over MQTT, from the moment a smoke alarm is published to the moment its
// incident has come to a page's WebSocket. Most signals are ordinary; about fifty a second are alarms, each of a unit
// of its own.
#include <charconv>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>

#include "app/http_client.hpp"
#include "support/program.hpp"

#include "community.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

using namespace support;

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;
using Instant = std::chrono::steady_clock::time_point;

std::string sign_in(std::uint16_t port, const std::string& account, const std::string& password) {
    app::HttpClient client("127.0.0.1", port);
    const auto answer =
        client.ask({"POST",
                    "/api/v1/session",
                    {},
                    "application/json",
                    boost::json::serialize(boost::json::object{{"account", account}, {"password", password}})});
    if (!answer || answer->status != 200) throw std::runtime_error("cannot sign in");
    return std::string(boost::json::parse(answer->body).at("token").as_string());
}

// A page: follows the live connection and notes when each place's incident comes.
class Page {
public:
    Page(std::uint16_t port, const std::string& token) : socket_(io_) {
        beast::get_lowest_layer(socket_).connect({asio::ip::make_address("127.0.0.1"), port});
        socket_.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
            request.set(beast::http::field::authorization, "Bearer " + token);
        }));
        socket_.handshake("127.0.0.1:" + std::to_string(port), "/api/v1/live");
        thread_ = std::thread([this] { read(); });
    }
    ~Page() {
        beast::get_lowest_layer(socket_).shutdown(tcp::socket::shutdown_both, ignored_);
        thread_.join();
    }

    void published(const std::string& place, Instant at) {
        const std::lock_guard lock(mutex_);
        published_.emplace(place, at);
    }
    [[nodiscard]] std::size_t seen() {
        const std::lock_guard lock(mutex_);
        return times_.count();
    }
    Times times() {
        const std::lock_guard lock(mutex_);
        return times_;
    }

private:
    void read() {
        beast::flat_buffer buffer;
        for (;;) {
            buffer.clear();
            beast::error_code e;
            socket_.read(buffer, e);
            if (e) return;
            const Instant now = std::chrono::steady_clock::now();
            const auto text = static_cast<const char*>(buffer.data().data());
            const auto frame = boost::json::parse({text, buffer.data().size()}).as_object();
            if (frame.at("type") != "incident") continue;
            const auto& incident = frame.at("incident").as_object();
            const std::string place(incident.at("place").at("code").as_string());
            const std::lock_guard lock(mutex_);
            // Only the first push of an incident: the one that opened it.
            if (const auto it = published_.find(place); it != published_.end()) {
                times_.add(static_cast<std::uint64_t>(
                    std::chrono::duration_cast<std::chrono::microseconds>(now - it->second).count()));
                published_.erase(it);
            }
        }
    }

    asio::io_context io_;
    beast::websocket::stream<tcp::socket> socket_;
    beast::error_code ignored_;
    std::thread thread_;
    std::mutex mutex_;
    std::unordered_map<std::string, Instant> published_;
    Times times_;
};

boost::json::object run_latency(Arguments arguments) {
    std::uint64_t seconds = 60;
    std::uint64_t per_second = 10'000;
    if (const auto text = argument(arguments, "seconds", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (const auto text = argument(arguments, "rate", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), per_second);
    constexpr std::uint64_t gateways = 50;
    const std::uint64_t alarms = seconds * 50;
    raise_file_limit();
    Scratch scratch;
    const Town town = write_town(scratch.path("town"), 10'000 + alarms, gateways, alarms);
    std::vector<std::string> ask{"token", "--new", "--community", town.directory, "--data", scratch.path("data")};
    ask.insert(ask.end(), town.gateways.begin(), town.gateways.end());
    const auto tokens = secrets_in(run_program(ask), "device");
    const Server server({"--demo", "--no-feed", "--community", town.directory, "--data", scratch.path("data")});
    const auto accounts = secrets_in(server.output(), "account");
    Page page(server.http_port(), sign_in(server.http_port(), "duty", accounts.at("duty")));

    // Each gateway speaks for its ordinary devices in turn, and now and then for one of its alarms: each alarm exactly
    // once.
    Load load;
    load.target = {"127.0.0.1", server.mqtt_port()};
    load.messages = seconds * per_second;
    load.per_second = static_cast<double>(per_second);
    const std::uint64_t ordinary_between = load.messages / alarms - 1;
    std::vector<std::vector<std::size_t>> alarm_at(gateways);
    for (std::size_t g = 0; g < gateways; ++g) {
        Speaker speaker{{town.gateways[g], tokens.at(town.gateways[g])}, {}};
        std::size_t next = 0;
        for (std::size_t a = 0; a < town.alarms.size(); ++a) {
            if (town.gateway_of_alarm[a] != g) continue;
            for (std::uint64_t n = 0; n < ordinary_between; ++n) {
                speaker.voices.push_back(town.voices[g][next++ % town.voices[g].size()]);
                alarm_at[g].push_back(0);
            }
            speaker.voices.push_back(town.alarms[a]);
            alarm_at[g].push_back(a + 1);
        }
        load.speakers.push_back(std::move(speaker));
    }
    std::uint64_t published = 0;
    load.on_sent = [&](const Sent& sent) {
        const std::size_t alarm = alarm_at[sent.speaker][sent.voice];
        if (alarm == 0) return;
        ++published;
        page.published("a" + std::to_string(alarm - 1), sent.at);
    };
    const auto outcome = run_load(load);
    if (!outcome) throw std::runtime_error(outcome.error().message);
    for (int i = 0; i < 50 && page.seen() < published; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const Times times = page.times();
    const auto ms = [&](double q) { return static_cast<double>(times.quantile(q)) / 1000; };
    return {{"page_p50_ms", ms(0.5)},
            {"page_p99_ms", ms(0.99)},
            {"page_max_ms", static_cast<double>(times.largest()) / 1000},
            {"incidents", times.count()},
            {"signals_per_s", static_cast<double>(outcome->acknowledged) / outcome->seconds},
            {"ack_p99_ms", static_cast<double>(outcome->acknowledgement.quantile(0.99)) / 1000},
            {"checks",
             {{"every_alarm_came", times.count() == published && published > 0},
              {"all_acknowledged", outcome->acknowledged == load.messages}}}};
}

const Registered here({"latency", "from publish to the incident on a page", run_latency});

}  // namespace
}  // namespace shoumen::bench

#include "feed.hpp"

#include <chrono>
#include <exception>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "app/http_client.hpp"
#include "app/mqtt_client.hpp"
#include "base/hash.hpp"
#include "twin/script.hpp"

#include "clocks.hpp"
#include "feed_crew.hpp"

namespace shoumen::app {
namespace {

using Steady = std::chrono::steady_clock;
using twin::Message;
using twin::Script;

MqttOptions mqtt_of(const FeedOptions& o) {
    return {.port = o.mqtt_port, .client_id = "demo-feed", .user = o.gateway, .password = o.gateway_token, .log = {}};
}
CrewOptions crew_of(const FeedOptions& o) {
    return {o.policy, o.http_port, o.crew_account, o.crew_password, o.seed, o.log};
}

}  // namespace

struct Feed::Impl {
    FeedOptions options;
    Script script;
    MqttClient mqtt;
    HttpClient http;
    Crew crew;
    std::map<std::string, std::string> said_last;  // by device, for repeats
    std::thread player;
    std::thread people;

    explicit Impl(FeedOptions o)
        : options(std::move(o)),
          script(twin::make_script(*options.policy, options.gateway, options.seed)),
          mqtt(mqtt_of(options)),
          http("127.0.0.1", options.http_port),
          crew(crew_of(options)) {}

    void say(const std::string& line) const {
        if (options.log) options.log("demo feed: " + line);
    }

    // A thread's work; what goes wrong in it must not take the server along.
    template <class Work>
    std::thread begin(Work work) {
        return std::thread([this, work] {
            try {
                work();
            } catch (const std::exception& e) {
                say(fmt::format("stopped: {}", e.what()));
            }
        });
    }

    [[nodiscard]] Steady::duration real(base::Duration script_time) const {
        return std::chrono::duration_cast<Steady::duration>(
            std::chrono::duration<double, std::micro>(static_cast<double>(script_time.us) / options.speed));
    }

    // While the server is away the script stands still.
    bool wait_for_server(Steady::time_point& began) {
        const auto from = Steady::now();
        while (!mqtt.connected()) {
            if (mqtt.refused()) return say("the gateway's token is not accepted"), false;
            if (!mqtt.serve_until(Steady::now() + std::chrono::milliseconds(20))) return false;
        }
        began += Steady::now() - from;
        return true;
    }

    void send(const Message& m, const std::string& run) {
        std::string& payload = said_last[m.device];
        if (!m.repeat) payload = render(m, run, options.policy->zone, SystemClock().now());
        if (m.door == twin::FeedDoor::mqtt) {
            mqtt.publish(fmt::format("shoumen/v1/{}/signal", m.device), payload);
        } else {
            http.ask({.method = "POST",
                      .target = "/api/v1/signals",
                      .bearer = options.gateway_token,
                      .content_type = "application/json",
                      .body = payload});
        }
    }

    bool play_day(const std::string& run) {
        auto began = Steady::now();
        auto scene = script.scenes.begin();
        for (const Message& m : script.messages) {
            if (!mqtt.serve_until(began + real(m.at)) || !wait_for_server(began)) return false;
            for (; scene != script.scenes.end() && scene->at <= m.at; ++scene)
                say(fmt::format("{} ({})", scene->what, scene->place));
            send(m, run);
        }
        return mqtt.serve_until(began + real(script.length));
    }

    void play() {
        // The ids of this run are its own: the server may still know those of an earlier one.
        const std::string run = fmt::format("{:x}", SystemClock().now().us);
        for (int day = 1; play_day(fmt::format("{}.{}", run, day)); ++day) {
        }
    }
};

Feed::Feed(FeedOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Feed::~Feed() { stop(); }

void Feed::start() {
    Impl& m = *impl_;
    m.say(fmt::format("{} messages a day, seed {}, {} script seconds a second", m.script.messages.size(),
                      m.options.seed, m.options.speed));
    m.player = m.begin([&m] { m.play(); });
    m.people = m.begin([&m] { m.crew.run(); });
}

// The caller may be the very thread that answers for the server: nothing here waits for an answer.
void Feed::stop() {
    Impl& m = *impl_;
    m.mqtt.wake();
    m.http.interrupt();
    m.crew.stop();
    if (m.player.joinable()) m.player.join();
    if (m.people.joinable()) m.people.join();
}

}  // namespace shoumen::app

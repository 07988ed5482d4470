// Devices that misbehave, through the doors of the real program: one that changes its topic, one that speaks in
// another's name, one that replays yesterday, one that floods. Each is seen, none alerts for another, and none keeps
// another's alarm waiting.
#include <algorithm>
#include <chrono>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/time.hpp"

#include "stage.hpp"

using namespace shoumen::service;

namespace {

constexpr const char* one = "smoke-gh-1-203";
constexpr const char* other = "smoke-gh-3-301";

std::string now_and(shoumen::base::Duration later) {
    using namespace std::chrono;
    return shoumen::base::format_utc(
        {duration_cast<microseconds>(system_clock::now().time_since_epoch()).count() + later.us});
}

class Yard {
public:
    Yard() {
        own_password(stage);
        token = new_token(stage, one);
        gateway = new_token(stage, "gw-demo");
    }
    template <class Holds>
    bool soon(const Holds& holds) {
        for (int i = 0; i < 100; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        return false;
    }
    json::object get(const std::string& path) {
        const auto answer = stage.ask("admin", "GET", path);
        REQUIRE_MESSAGE(answer.status == 200, path, " ", answer.body);
        return json::parse(answer.body).as_object();
    }
    // Work for the technical team on what was found of this device.
    bool has_work(const std::string& device, const std::string& finding) {
        const auto all = get("/api/v1/upkeep/work");
        return std::ranges::any_of(all.at("work").as_array(), [&](const json::value& work) {
            return work.at("device").as_string() == device && work.at("finding").as_string() == finding;
        });
    }
    std::size_t quarantined(const std::string& code) {
        std::size_t n = 0;
        const auto rows = get("/api/v1/quarantine?limit=100");
        for (const auto& row : rows.at("rows").as_array()) n += row.at("code").as_string() == code ? 1 : 0;
        return n;
    }

    Stage stage;
    std::string token, gateway;
};

std::string smoke(const std::string& device, bool is, const std::string& more = {}) {
    return fmt::format(R"({{"device":"{}","kind":"smoke"{},"values":{{"smoke":{}}}}})", device, more, is);
}

}  // namespace

TEST_CASE("a device that changes its topic speaks for nobody there, and is taken again where it belongs") {
    Yard yard;
    const std::string smokes = R"({"kind":"smoke","values":{"smoke":true}})";
    // Another's topic, a topic of nobody, a topic that no map reads.
    CHECK(yard.stage.publish(fmt::format("shoumen/v1/{}/signal", other), smokes, one, yard.token) == 0);
    CHECK(yard.stage.publish("shoumen/v1/smoke-moved/signal", smokes, one, yard.token) == 0);
    CHECK(yard.stage.publish("somewhere/else", smokes, one, yard.token) == 0);
    REQUIRE(yard.soon([&] { return yard.get("/api/v1/quarantine?limit=100").at("rows").as_array().size() == 3; }));
    CHECK(yard.quarantined("not-your-device") == 1);
    CHECK(yard.quarantined("unknown-device") == 1);
    CHECK(yard.quarantined("unknown-topic") == 1);
    CHECK(yard.stage.live_incidents().empty());
    // Which topic it was is said: whoever writes the missing map needs it.
    const auto kept = yard.get("/api/v1/quarantine?limit=100");
    for (const auto& row : kept.at("rows").as_array()) {
        const auto topic = row.at("topic").as_string();
        const bool unread = row.at("code") == "unknown-topic";
        CHECK(topic == (unread                               ? "somewhere/else"
                        : row.at("code") == "unknown-device" ? "shoumen/v1/smoke-moved/signal"
                                                             : fmt::format("shoumen/v1/{}/signal", other)));
    }
    // The name it took waits in the tray, with who spoke so.
    const auto tray = yard.get("/api/v1/upkeep/tray").at("waiting").as_array();
    REQUIRE(tray.size() == 1);
    CHECK(tray.at(0).at("device") == "smoke-moved");
    CHECK(tray.at(0).at("speaker") == one);

    CHECK(yard.stage.publish(fmt::format("shoumen/v1/{}/signal", one), smokes, one, yard.token) == 0);
    CHECK(yard.stage.wait_until([](const json::array& live) { return live.size() == 1; }));
}

TEST_CASE("a device that sends another's name is refused; one that sends another's message id takes nothing away") {
    Yard yard;
    const auto said = yard.stage.signal(smoke(other, true), yard.token);
    CHECK(said.status == 202);
    CHECK(json::parse(said.body).at("quarantined") == 1);
    CHECK(json::parse(said.body).at("results").at(0).at("code") == "not-your-device");
    CHECK(yard.stage.live_incidents().empty());
    CHECK(yard.quarantined("not-your-device") == 1);

    // Message ids are a device's own: the alarm with an id that somebody else has used is no repeat.
    CHECK(yard.stage.signal(smoke(one, false, R"(,"id":"m-1")"), yard.token).status == 202);
    CHECK(yard.stage.signal(smoke(other, true, R"(,"id":"m-1")"), yard.gateway).status == 202);
    CHECK(yard.stage.wait_until([](const json::array& live) { return live.size() == 1; }));
}

TEST_CASE("a device that replays yesterday is found, and yesterday's fire burns no second time") {
    Yard yard;
    const auto fire =
        smoke(one, true, fmt::format(R"(,"id":"y-fire","time":"{}")", now_and(shoumen::base::hours(-24))));
    const auto say = [&](const std::string& message) { CHECK(yard.stage.signal(message, yard.token).status == 202); };
    for (int i = 0; i < 3; ++i) say(smoke(one, false, fmt::format(R"(,"id":"t-{}","time":"{}")", i, now_and({}))));
    // Kept back for a day, a fire is told all the same, late.
    say(fire);
    REQUIRE(yard.stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    const auto id = std::string(yard.stage.live_incidents().at(0).at("id").as_string());
    const auto before = yard.stage.incident(id).at("alerts");
    // Told again and again, it is no further fire.
    for (int i = 0; i < 8; ++i) say(fire);
    REQUIRE(yard.soon([&] { return yard.has_work(one, "replaying"); }));
    CHECK(yard.get("/api/v1/upkeep/devices?finding=replaying").at("found") == 1);
    CHECK(yard.stage.live_incidents().size() == 1);
    CHECK(yard.stage.incident(id).at("alerts") == before);
}

TEST_CASE("a device that floods with 1,000 a second is found, and another's alarm is not kept waiting") {
    Yard yard;
    std::string block = "[";
    for (int i = 0; i < 1'000; ++i) block += (i > 0 ? "," : "") + smoke(one, false);
    block += "]";
    using namespace std::chrono;
    const auto began = steady_clock::now();
    std::thread flood([&] {
        shoumen::app::HttpClient client("127.0.0.1", yard.stage.server().http_port());
        for (int i = 0; i < 5; ++i) {
            const auto answer = client.ask({"POST", "/api/v1/signals", yard.token, "application/json", block, {}});
            CHECK((answer && answer->status == 202));
            std::this_thread::sleep_until(began + seconds(i + 1));
        }
    });
    std::this_thread::sleep_for(milliseconds(1'500));  // in the midst of it
    const auto said = steady_clock::now();
    CHECK(yard.stage.signal(smoke(other, true), yard.gateway).status == 202);
    CHECK(yard.stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    CHECK(steady_clock::now() - said < seconds(2));
    flood.join();
    REQUIRE(yard.soon([&] { return yard.has_work(one, "flooding"); }));
    CHECK_FALSE(yard.has_work(other, "flooding"));
    CHECK(yard.quarantined("not-your-device") == 0);
    CHECK(yard.stage.live_incidents().size() == 1);
}

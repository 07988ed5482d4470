// The script of the demo's day, played through the real core at the usual speed.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "twin/script.hpp"

#include "feed_testing.hpp"

using namespace shoumen;
using namespace shoumen::app;
using namespace shoumen::twin;
using namespace shoumen::app::testing;

namespace {

constexpr const char* morning = "2026-03-04T10:00:00+08:00";

std::set<KindAndPlace> promised(const Script& script) {
    std::set<KindAndPlace> out;
    for (const Scene& s : script.scenes) {
        if (!s.incident.empty()) out.emplace(s.incident, s.place);
    }
    return out;
}

std::string words(const std::set<KindAndPlace>& set) {
    std::string out;
    for (const auto& [kind, place] : set) out += fmt::format("{} {}; ", kind, place);
    return out;
}

Script script_of(std::uint64_t seed) { return make_script(*demo(), "gw-demo", seed); }

}  // namespace

TEST_CASE("the same seed gives the same day, another seed another") {
    const Script a = script_of(7);
    const Script b = script_of(7);
    CHECK(a.messages == b.messages);
    CHECK(a.scenes == b.scenes);
    CHECK(a.messages != script_of(8).messages);
}

TEST_CASE("a gateway that is not there has nothing to say") {
    CHECK(make_script(*demo(), "gw-none", 7).messages.empty());
}

TEST_CASE("every kind of device speaks, in order, within the day, and calmly") {
    const Script script = script_of(usual_seed);
    std::set<std::string> kinds;
    for (const Message& m : script.messages) kinds.insert(m.kind);
    CHECK(kinds.size() == model::signal_kind_count - 1);  // all but the platform, which speaks for itself
    CHECK(std::ranges::is_sorted(script.messages, {}, &Message::at));
    CHECK(script.messages.back().at < script.length);
    CHECK(script.messages.size() > 2'000);
    CHECK(script.messages.size() < 6'000);  // two to four a second at the usual speed
    std::set<std::string> devices;
    for (const Message& m : script.messages) devices.insert(m.device);
    for (const auto& d : demo()->devices) {
        const bool silent = d.is_gateway || d.kind == model::SignalKind::platform;
        CHECK_MESSAGE((silent || devices.contains(d.code)), d.code);
    }
}

TEST_CASE("the day brings the incidents its scenes promise, and no others") {
    for (std::uint64_t seed :
         {usual_seed, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}, std::uint64_t{4}, std::uint64_t{5}}) {
        CAPTURE(seed);
        const Script script = script_of(seed);
        Stage60 stage(at(morning));
        const Played played = stage.play(script, "a");
        CHECK_MESSAGE(played.incidents == promised(script), "came: ", words(played.incidents),
                      "\npromised: ", words(promised(script)));
        CHECK(promised(script).size() >= 16);
    }
}

TEST_CASE("the beginning shows several incidents within seconds, red among them") {
    const Script script = script_of(usual_seed);
    Stage60 stage(at(morning));
    const Played played = stage.play(script, "a");
    const auto soon = std::ranges::count_if(played.opened, [](const auto& o) { return o.first <= base::seconds(5); });
    CHECK(soon >= 3);
    CHECK(played.opened.front().second == "fire");
    CHECK(played.red.contains({"fire", script.scenes[1].place}));
    // Then one now and again.
    for (std::size_t i = 1; i < played.opened.size(); ++i)
        CHECK(played.opened[i].first - played.opened[i - 1].first < base::minutes(5));
}

TEST_CASE("three smoke alarms of a stairwell are one fire, and three objects from one tower become red") {
    const Script script = script_of(usual_seed);
    Stage60 stage(at(morning));
    const Played played = stage.play(script, "a");
    const auto fires = std::ranges::count_if(played.incidents, [](const auto& i) { return i.first == "fire"; });
    CHECK(fires == 2);  // the kitchen, and the alarm that is alone
    CHECK(std::ranges::any_of(played.red, [](const auto& i) { return i.first == "falling_object"; }));
}

TEST_CASE("the clothes rack flutters often enough to be learned in a day, and twice with time to go and look") {
    const Script script = script_of(usual_seed);
    std::vector<base::Duration> at;
    for (const Message& m : script.messages) {
        if (m.values.find("晾衣架") != std::string::npos && m.values.find("true") != std::string::npos)
            at.push_back(m.at);
    }
    CHECK(at.size() >= 17);  // two outings, thirteen looks, then quiet
    CHECK(at[1] - at[0] >= base::minutes(270));
    CHECK(at[2] - at[1] >= base::minutes(270));
}

TEST_CASE("at night more of it is trouble") {
    const Script script = script_of(usual_seed);
    Stage60 stage(at("2026-03-04T23:05:00+08:00"));
    const Played played = stage.play(script, "a");
    auto more = played.incidents;
    for (const auto& what : promised(script)) more.erase(what);
    CHECK_MESSAGE(more.size() == 3, words(more));  // a crowd, a plant room, somebody in an empty home
}

TEST_CASE("the day can be played again at once") {
    const Script script = script_of(usual_seed);
    Stage60 stage(at(morning));
    const Played first = stage.play(script, "a.1");
    const Played second = stage.play(script, "a.2");
    CHECK(second.counts.signals == first.counts.signals);
    CHECK(second.counts.repeats == first.counts.repeats);
    // A low battery is told once a week.
    auto expected = first.incidents;
    std::erase_if(expected, [](const auto& i) { return i.first == "device_fault"; });
    for (const auto& what : expected) CHECK_MESSAGE(second.incidents.contains(what), what.first, " ", what.second);
}

TEST_CASE("what cannot be read is there for each reason, and a repeat, a wrong clock and late news") {
    Stage60 stage(at(morning));
    const Played played = stage.play(script_of(usual_seed), "a");
    for (const char* code :
         {"bad-json", "unknown-device", "bad-utf8", "doubled-key", "bad-number", "bad-time", "wrong-kind"}) {
        CAPTURE(code);
        CHECK(played.quarantined.contains(code));
    }
    CHECK(played.quarantined.size() == 7);
    CHECK(played.counts.repeats >= 3);
    CHECK(played.counts.clock_wrong > 10);
    CHECK(played.counts.late == 4);
}

TEST_CASE(
    "the smoke alarm of the README is the user's: it only tells of its battery, and nothing burns in its stairwell") {
    const auto stairwell = demo()->place_by_code.at("gh-2-u1");
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const Script script = script_of(seed);
        for (const Message& m : script.messages) {
            if (m.device == "d-1") CHECK(m.values.find("smoke") == std::string::npos);
        }
        for (const Scene& s : script.scenes) {
            if (s.incident == "fire") CHECK_FALSE(demo()->is_within(demo()->place_by_code.at(s.place), stairwell));
        }
    }
}

TEST_CASE("ids tell messages, days and runs apart; a repeat has the id of what it repeats") {
    const Script script = script_of(usual_seed);
    std::set<std::string> seen;
    for (const Message& m : script.messages) {
        const std::string key = fmt::format("{}", m.number);
        CHECK(seen.insert(key).second == !m.repeat);
    }
    const Message& m = script.messages.front();
    const base::Time now = at(morning);
    CHECK(render(m, "a", demo()->zone, now) != render(m, "b", demo()->zone, now));
    CHECK(render(m, "a", demo()->zone, now).find("2026-03-04T10:00:00+08:00") != std::string::npos);
}

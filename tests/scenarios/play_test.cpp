// The runner itself: a story that is not as told is found, at its line.
#include "play.hpp"

#include <string>

#include <doctest/doctest.h>

#include "files.hpp"
#include "words.hpp"

using namespace shoumen::scenarios;

namespace {

std::string after_start(const std::string& lines) {
    static const Communities communities = source_communities();
    const auto broken = play("scenario: a test\ncommunity: small\nat 2026-03-03 22:00\n" + lines, communities);
    return broken ? std::to_string(broken->line) + ": " + broken->message : "as told";
}

std::string alone(const std::string& text) {
    static const Communities communities = source_communities();
    const auto broken = play(text, communities);
    return broken ? std::to_string(broken->line) + ": " + broken->message : "as told";
}

const std::string fire = "signal smoke-101 smoke=true\n";

}  // namespace

TEST_CASE("words of a line") {
    using List = std::vector<std::string>;
    CHECK(words_of("expect timeline fire#2: opened, told  # and so on") ==
          List{"expect", "timeline", "fire#2", "opened", "told"});
    CHECK(words_of("# nothing") == List{});
    CHECK(words_of("signal d text=\"help, me\"\r") == List{"signal", "d", "text=help, me"});
    CHECK(words_of("at 22:00:00") == List{"at", "22:00:00"});
    CHECK_THROWS_AS(words_of("a \"b"), Failure);
}

TEST_CASE("what a scenario must begin with") {
    CHECK(alone("community: small\nat 2026-03-03 22:00\n").starts_with("2: a scenario begins with"));
    CHECK(alone("scenario: s\nat 2026-03-03 22:00\n")
              .starts_with("2: before this there must be a line with the community"));
    CHECK(alone("scenario: s\ncommunity: small\nsignal smoke-101\n")
              .starts_with("3: before this there must be a line with the moment"));
    CHECK(alone("scenario: s\ncommunity: nowhere\n").starts_with("2: there is no community 'nowhere'"));
    CHECK(alone("") != "as told");
}

TEST_CASE("lines that cannot be read are named") {
    CHECK(after_start("") == "as told");
    CHECK(after_start("perhaps\n").starts_with("4: 'perhaps' is no word a line can begin with"));
    CHECK(after_start("\nafter soon\n").starts_with("5: 'soon' is no duration"));
    CHECK(after_start("at 21:59\n").starts_with("4: time runs forward only"));
    CHECK(after_start("at nine\n").starts_with("4: 'nine' is no moment"));
    CHECK(after_start("signal smoke-101 smoke\n").starts_with("4: 'smoke' should be like smoke=true"));
    CHECK(after_start("expect fire\n").starts_with("4: 'fire' is nothing that can be expected"));
    CHECK(after_start("expect incidents many\n").starts_with("4: there is no kind of incident 'many'"));
    CHECK(after_start("expect live 0 0\n").starts_with("4: '0' is one word too many"));
    CHECK(after_start("person nemo seen fire\n").starts_with("4: nobody knows 'nemo'"));
    CHECK(after_start("person mia dance fire\n").starts_with("4: 'dance' is nothing a person can do"));
    CHECK(after_start("person mia seen fire\n").starts_with("4: there is no such incident 'fire'"));
    CHECK(after_start("person x is king\n").starts_with("4: 'king' is no role"));
    CHECK(after_start("0 times every 1s person\n").starts_with("4: 'signal' should stand where 'person' stands"));
}

TEST_CASE("what is not as told is found") {
    CHECK(after_start(fire + "expect incidents 2\n")
              .starts_with("5: incidents: 2 expected, there are 1; fire at u1-101"));
    CHECK(after_start(fire + "expect incident fire state closed\n").starts_with("5: state is open, not closed"));
    CHECK(after_start(fire + "expect incident fire lead brigade\n").starts_with("5: lead is manager, not brigade"));
    CHECK(
        after_start(fire + "expect incident fire assist brigade\n").starts_with("5: assisting are brigade, grid-team"));
    CHECK(after_start(fire + "expect incident fire deadline acknowledge 22:03\n")
              .starts_with("5: the deadline to acknowledge is"));
    CHECK(after_start(fire + "expect timeline fire: told, opened\n").starts_with("5: the timeline lacks opened here"));
    CHECK(after_start(fire + "expect timeline fire without opened\n").starts_with("5: the timeline has opened"));
    CHECK(after_start(fire + "expect told song of fire\n")
              .starts_with("5: nobody like this was told; mia for opened by screen"));
    CHECK(after_start(fire + "expect not told mia of fire\n").starts_with("5: they were told"));
    CHECK(after_start(fire + "expect no incident fire\n").starts_with("5: there is one: fire at u1-101"));
    CHECK(after_start(fire + "expect allowed song acknowledge fire\n") == "5: it is not allowed: not-involved");
    CHECK(after_start(fire + "expect forbidden mia acknowledge fire not-told\n")
              .starts_with("5: the reason is none: it is allowed"));
    CHECK(after_start(fire + "expect alerts gas-alarm 1\n")
              .starts_with("5: alerts of gas-alarm: 1 expected, there are 0"));
    CHECK(after_start(fire + "signal smoke-201 smoke=true\nexpect incident fire state open\n")
              .starts_with("6: there are 2 such incidents"));
}

TEST_CASE("a refusal that nobody expects is a failure at the command's line") {
    CHECK(after_start(fire + "person song acknowledge fire\nafter 1s\n") == "5: this was refused: not-involved");
    CHECK(after_start(fire + "person song acknowledge fire\n") == "5: this was refused: not-involved");
    CHECK(after_start(fire + "person song acknowledge fire\nexpect live 1\n") == "5: this was refused: not-involved");
    CHECK(after_start(fire + "person song acknowledge fire\nexpect refused not-involved\n") == "as told");
    CHECK(after_start(fire + "person song acknowledge fire\nexpect refused not-told\n") ==
          "6: it was refused: not-involved");
    CHECK(after_start(fire + "expect refused not-told\n") == "5: nothing has been refused");
    CHECK(after_start("signal nemo-1 smoke=true\n") == "4: this was quarantined: unknown-device");
    CHECK(after_start("signal nemo-1 smoke=true\nexpect quarantined unknown-device\n") == "as told");
    CHECK(after_start("signal smoke-101 kind gas smoke=true\nexpect quarantined wrong-kind\n") == "as told");
    CHECK(after_start("signal smoke-101 from smoke-102 smoke=true\nexpect quarantined not-your-device\n") == "as told");
}

TEST_CASE("times, ids and repeats of signals") {
    CHECK(after_start("signal smoke-101 id m1 smoke=true\nsignal smoke-101 id m1 smoke=true\nexpect repeats 1\nexpect "
                      "signals 2\n") == "as told");
    CHECK(after_start("signal smoke-101 sent 10m ago smoke=true\nexpect late 1\nexpect incident fire late yes\n") ==
          "as told");
    CHECK(after_start("signal smoke-101 sent 10m ahead smoke=false\nexpect clock_wrong 1\n") == "as told");
    CHECK(after_start("signal smoke-101 sent at 1970-01-01 00:00 smoke=false\nexpect clock_wrong 1\n") == "as told");
    CHECK(after_start("3 times every 1m signal water-yard level_cm=10\nexpect signals 3\nat 22:02\n") == "as told");
}

TEST_CASE("another policy takes over, incidents and windows go on") {
    CHECK(after_start(fire +
                      "adopt community small\nexpect incident fire state open\nafter 1m\nrestart\n"
                      "signal smoke-101 smoke=true\nexpect alerts 1\nat 22:02\nexpect incident fire level street\n") ==
          "as told");
}

#include "doors/mqtt/session.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "doors/mqtt/topics.hpp"
#include "testing/line.hpp"

using namespace shoumen;
using namespace shoumen::doors::mqtt;
using namespace std::string_literals;
using testing::Line;

namespace {

std::string connect(std::string_view user, std::string_view password, std::string_view client = "c",
                    bool clean = true) {
    std::string out;
    write_connect(out, {.level = 4,
                        .clean_session = clean,
                        .keep_alive = 30,
                        .client_id = client,
                        .user = user,
                        .password = password});
    return out;
}

std::string publish(std::string_view topic, std::string_view payload, std::uint16_t id = 0, std::uint8_t qos = 1,
                    bool dup = false) {
    std::string out;
    write_publish(out, {.topic = topic, .payload = payload, .id = id, .qos = id ? qos : std::uint8_t{0}, .dup = dup});
    return out;
}

std::string smoke(std::string_view id) {
    return R"({"id":")"s.append(id) + R"(","kind":"smoke","values":{"smoke":true}})";
}

std::string xs(std::size_t count) {
    std::string text;
    text.resize(count, 'x');
    return text;
}

std::string puback(std::uint16_t id) {
    std::string out;
    write_puback(out, id);
    return out;
}

const std::string connack = "\x20\2\0\0"s;
const std::string topic = "shoumen/v1/d-1/signal";

}  // namespace

TEST_CASE("a device signs in with its token") {
    Line line;
    CHECK(line.send(connect("d-1", "token-d-1")) == Verdict::more);
    CHECK(line.answers() == connack);
    CHECK(line.session.signed_in());
    CHECK(line.session.device() == "d-1");
    CHECK(line.session.keep_alive() == 30);
    CHECK(line.session.client() != 0);
}

TEST_CASE("without the right token the answer is no") {
    const auto answer = [](const std::string& packet) {
        Line line;
        CHECK(line.send(packet) == Verdict::close);
        CHECK_FALSE(line.session.signed_in());
        CHECK_FALSE(std::string(line.session.why()).empty());
        CHECK(line.common.counters.sign_in_refused == 1);
        return line.answers();
    };
    CHECK(answer(connect("d-1", "token-d-3")) == "\x20\2\0\5"s);
    CHECK(answer(connect("d-1", "token-d-2")) == "\x20\2\0\5"s);  // another device's token
    CHECK(answer(connect("d-3", "token-d-1")) == "\x20\2\0\5"s);
    CHECK(answer(connect("", "token-d-1")) == "\x20\2\0\5"s);
    CHECK(answer(connect("d-1", "token-d-1", "", false)) == "\x20\2\0\2"s);
    std::string nameless;
    write_connect(nameless, {.level = 4, .clean_session = true, .client_id = "c"});
    CHECK(answer(nameless) == "\x20\2\0\4"s);
    std::string version6;
    write_connect(version6,
                  {.level = 6, .clean_session = true, .client_id = "c", .user = "d-1", .password = "token-d-1"});
    CHECK(answer(version6) == "\x20\2\0\1"s);
}

TEST_CASE("an empty client id is fine with a clean session, and no session is ever kept") {
    Line line;
    CHECK(line.send(connect("d-1", "token-d-1", "")) == Verdict::more);
    CHECK(line.answers() == connack);
    CHECK(line.session.client() == 0);
    Line old;
    CHECK(old.send(connect("d-1", "token-d-1", "c", false)) == Verdict::more);
    CHECK(old.answers() == connack);
}

TEST_CASE("before signing in nothing else is heard") {
    for (const auto& packet :
         {publish(topic, smoke("m1"), 1), "\xc0\0"s, "\xe0\0"s, "GET / HTTP/1.1\r\n\r\n"s, "\x10\xff\xff\xff\x7f"s}) {
        Line line;
        CHECK(line.send(packet) == Verdict::close);
        CHECK(line.answers().empty());
        CHECK(line.intake.taken.empty());
        CHECK(line.session.is_fault());
    }
}

TEST_CASE("a message is submitted, and acknowledged when it is on disk") {
    Line line;
    line.sign_in();
    line.intake.commit_at_once = false;
    CHECK(line.send(publish(topic, smoke("m1"), 7) + publish(topic, smoke("m2"), 8)) == Verdict::more);
    CHECK(line.answers().empty());
    REQUIRE(line.intake.taken.size() == 2);
    CHECK(line.intake.taken[0].device == "d-1");
    CHECK(line.intake.taken[0].kind == "smoke");
    CHECK(line.intake.taken[0].id == "m1");
    CHECK(line.intake.taken[0].raw == smoke("m1"));
    CHECK(line.session.waits_for_commit());
    line.session.acknowledge(1, line.out);
    CHECK(line.answers() == puback(7));
    line.session.acknowledge(1, line.out);
    CHECK(line.answers().empty());
    line.session.acknowledge(2, line.out);
    CHECK(line.answers() == puback(8));
    CHECK_FALSE(line.session.waits_for_commit());
    CHECK(line.common.counters.messages == 2);
    CHECK(line.common.counters.acknowledged == 2);
}

TEST_CASE("QoS 0 is submitted and not acknowledged") {
    Line line;
    line.sign_in();
    CHECK(line.send(publish(topic, smoke("m1"))) == Verdict::more);
    CHECK(line.answers().empty());
    CHECK(line.intake.taken.size() == 1);
}

TEST_CASE("a packet id means nothing after its PUBACK, and DUP nothing at all") {
    Line line;
    line.sign_in();
    CHECK(line.send(publish(topic, smoke("m1"), 1)) == Verdict::more);
    CHECK(line.send(publish(topic, smoke("sos"), 1, 1, true)) == Verdict::more);
    CHECK(line.answers() == puback(1) + puback(1));
    REQUIRE(line.intake.taken.size() == 2);
    CHECK(line.intake.taken[1].id == "sos");
    line.intake.commit_at_once = false;
    line.intake.on_disk = 2;
    CHECK(line.send(publish(topic, smoke("m3"), 1) + publish(topic, smoke("m4"), 1, 1, true)) == Verdict::more);
    CHECK(line.intake.taken.size() == 4);
    line.session.acknowledge(4, line.out);
    CHECK(line.answers() == puback(1) + puback(1));
}

TEST_CASE("what cannot be read is quarantined and acknowledged") {
    Line line;
    line.sign_in();
    line.send(publish(topic, "{", 1) + publish("shoumen/v1/d-1/state", "on", 2) + publish("other", "", 3) +
              publish(topic, "", 4) + publish(topic, R"({"device":"d-2","kind":"smoke"})", 5) +
              publish("shoumen/v1/d-2/signal", smoke("x"), 6) + publish(topic, "[]", 7));
    CHECK(line.verdict == Verdict::more);
    CHECK(line.answers() == puback(1) + puback(2) + puback(3) + puback(4) + puback(5) + puback(6) + puback(7));
    std::vector<std::string> codes;
    codes.reserve(line.intake.taken.size());
    for (const auto& taken : line.intake.taken) codes.push_back(taken.code);
    CHECK(codes == std::vector<std::string>{"bad-json", "unknown-topic", "unknown-topic", "bad-json", "device-mismatch",
                                            "not-your-device", "missing-field"});
    CHECK(line.intake.taken[1].raw == "on");
    CHECK(line.common.counters.quarantined == 7);
}

TEST_CASE("an array is several signals under one PUBACK") {
    Line line;
    line.sign_in();
    line.intake.commit_at_once = false;
    line.send(publish(topic, "[" + smoke("a") + ",7," + smoke("b") + "]", 3));
    REQUIRE(line.intake.taken.size() == 3);
    CHECK(line.intake.taken[0].id == "a");
    CHECK(line.intake.taken[1].code == "wrong-type");
    CHECK(line.intake.taken[1].raw == "7");
    CHECK(line.intake.taken[2].raw == smoke("b"));
    line.session.acknowledge(2, line.out);
    CHECK(line.answers().empty());
    line.session.acknowledge(3, line.out);
    CHECK(line.answers() == puback(3));
}

TEST_CASE("while the shell is busy nothing is dropped and nothing is taken twice") {
    Line line;
    line.sign_in();
    line.intake.room = 1;
    const auto packets = publish(topic, smoke("m1"), 1) +
                         publish(topic, "[" + smoke("m2") + "," + smoke("m3") + "]", 2) +
                         publish(topic, smoke("m4"), 3);
    CHECK(line.send(packets) == Verdict::stalled);
    CHECK(line.answers() == puback(1));
    CHECK(line.go_on() == Verdict::stalled);
    line.intake.room = 1;
    CHECK(line.go_on() == Verdict::stalled);
    line.intake.room = 2;
    CHECK(line.go_on() == Verdict::more);
    CHECK(line.held.empty());
    CHECK(line.answers() == puback(2) + puback(3));
    REQUIRE(line.intake.taken.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) CHECK(line.intake.taken[i].id == "m" + std::to_string(i + 1));
    CHECK(line.common.counters.stalls == 3);
}

TEST_CASE("packets may be cut anywhere") {
    const auto all = connect("d-1", "token-d-1") + publish(topic, smoke("m1"), 1) + "\xc0\0"s +
                     publish(topic, smoke("m2"), 2) + "\xe0\0"s;
    for (std::size_t cut = 0; cut <= all.size(); ++cut) {
        CAPTURE(cut);
        Line line;
        line.send(all.substr(0, cut));
        if (cut < all.size()) CHECK(line.send(all.substr(cut)) == Verdict::close);
        auto answers = line.answers();  // PINGRESP may overtake a PUBACK
        const auto pong = answers.find("\xd0\0"s);
        REQUIRE(pong != std::string::npos);
        CHECK(answers.erase(pong, 2) == connack + puback(1) + puback(2));
        CHECK(line.intake.taken.size() == 2);
        CHECK_FALSE(line.session.is_fault());
    }
    Line line;
    for (const char byte : all) {
        CHECK(line.session.needed() > line.held.size());
        line.send(std::string_view(&byte, 1));
    }
    CHECK(line.verdict == Verdict::close);
    CHECK(line.intake.taken.size() == 2);
}

TEST_CASE("needed() tells when it is worth while to come again") {
    Line line;
    line.sign_in();
    CHECK(line.session.needed() == 1);
    const auto packet = publish(topic, smoke("m1"), 1);
    line.send(packet.substr(0, 1));
    CHECK(line.session.needed() == 2);
    line.send(packet.substr(1, 20));
    CHECK(line.session.needed() == packet.size());
    line.send(packet.substr(21));
    CHECK(line.session.needed() == 1);
}

TEST_CASE("QoS 2 ends the connection with a reason") {
    Line line;
    line.sign_in();
    CHECK(line.send(publish(topic, smoke("m1"), 1, 2)) == Verdict::close);
    CHECK(std::string(line.session.why()).starts_with("QoS 2"));
    CHECK(line.intake.taken.empty());
    CHECK(line.answers().empty());
}

TEST_CASE("breaches of the protocol end the connection") {
    for (const auto& packet :
         {connect("d-1", "token-d-1"), "\x32\3\0\1t"s, "\xc0\1x"s, "\xe0\1x"s, "\x20\2\0\0"s, "\x62\2\0\1"s,
          "\x40\1\0"s, "\x82\2\0\1"s, "\xf0\0"s, "\x30\4\0\2a#"s, "\x36\6\0\2ab\0\1"s}) {
        Line line;
        line.sign_in();
        CAPTURE(packet);
        CHECK(line.send(packet) == Verdict::close);
        CHECK(line.session.is_fault());
        CHECK(line.answers().empty());
    }
}

TEST_CASE("a stray PUBACK is passed over") {
    Line line;
    line.sign_in();
    CHECK(line.send(puback(4)) == Verdict::more);
}

TEST_CASE("a device may subscribe to its own commands only") {
    Line line;
    line.sign_in();
    std::string packet;
    const std::vector<Filter> wanted{{"shoumen/v1/d-1/command", 2},
                                     {"shoumen/v1/d-2/command", 0},
                                     {"#", 1},
                                     {"shoumen/v1/+/command", 1},
                                     {"shoumen/v1/d-1/command", 0}};
    write_subscribe(packet, 5, wanted);
    CHECK(line.send(packet) == Verdict::more);
    CHECK(line.answers() == "\x90\7\0\5\1\x80\x80\x80\0"s);
    packet.clear();
    write_unsubscribe(packet, 6, std::span(wanted).first(1));
    CHECK(line.send(packet) == Verdict::more);
    CHECK(line.answers() == "\xb0\2\0\6"s);
}

TEST_CASE("a will on a topic that the device may not publish on is refused at CONNECT") {
    const auto answer = [](Line& line, std::string_view will_topic) {
        std::string packet;
        write_connect(packet, {.level = 4,
                               .clean_session = true,
                               .client_id = "c",
                               .will = Will{.topic = will_topic, .payload = "x"},
                               .user = "d-1",
                               .password = "token-d-1"});
        line.send(packet);
        line.session.lost();
        return line.answers();
    };
    for (const auto* elsewhere : {"home/status", "shoumen/v1/d-2/signal", "shoumen/v1/d-9/signal"}) {
        Line line;
        CHECK(answer(line, elsewhere) == "\x20\2\0\5"s);
        CHECK(std::string(line.session.why()).starts_with("the will stands on a topic"));
        CHECK_FALSE(line.session.signed_in());
        CHECK(line.intake.taken.empty());
    }
    // d-1 as a gateway with d-2 under it, and a map that reads home/{device}/status.
    Line gateway;
    gateway.intake.know_gateway();
    CHECK(answer(gateway, "shoumen/v1/d-2/signal") == connack);
    Line mapped;
    mapped.intake.know_gateway();
    CHECK(answer(mapped, "home/d-2/status") == connack);
    REQUIRE(mapped.intake.taken.size() == 1);
    CHECK(mapped.intake.taken[0].device == "d-2");
    Line foreign;
    foreign.intake.know_gateway();
    CHECK(answer(foreign, "home/d-3/status") == "\x20\2\0\5"s);
}

TEST_CASE("commands go to who has subscribed, until they are acknowledged no more than twenty") {
    Line line;
    line.intake.know_gateway();
    line.sign_in();
    CHECK(line.session.send("shoumen/v1/d-1/command", "{}", line.out) == Session::Sending::not_subscribed);
    std::string packet;
    const std::vector<Filter> wanted{
        {"shoumen/v1/d-1/command", 1}, {"shoumen/v1/d-2/command", 0}, {"shoumen/v1/d-3/command", 1}};
    write_subscribe(packet, 5, wanted);
    line.send(packet);
    CHECK(line.answers() == "\x90\5\0\5\1\0\x80"s);  // a gateway hears its devices' commands too
    CHECK(line.session.send("shoumen/v1/d-1/command", "{}", line.out) == Session::Sending::sent);
    CHECK(line.answers() == publish("shoumen/v1/d-1/command", "{}", 1));
    CHECK(line.session.send("shoumen/v1/d-2/command", "{}", line.out) == Session::Sending::sent);
    CHECK(line.answers() == publish("shoumen/v1/d-2/command", "{}"));
    for (int i = 0; i < 19; ++i)
        CHECK(line.session.send("shoumen/v1/d-1/command", "{}", line.out) == Session::Sending::sent);
    CHECK(line.session.send("shoumen/v1/d-1/command", "{}", line.out) == Session::Sending::too_many);
    line.answers();
    line.send(puback(7));
    CHECK(line.session.send("shoumen/v1/d-1/command", "{}", line.out) == Session::Sending::sent);
    CHECK(line.answers() == publish("shoumen/v1/d-1/command", "{}", 21));
    packet.clear();
    write_unsubscribe(packet, 6, std::span(wanted).first(1));
    line.send(packet);
    CHECK(line.session.send("shoumen/v1/d-1/command", "{}", line.out) == Session::Sending::not_subscribed);
}

TEST_CASE("a payload of 10 MB is read in passing, refused and acknowledged") {
    for (const std::size_t step : {std::size_t{1} << 24U, std::size_t{65'536}, std::size_t{9'999}}) {
        Line line;
        line.sign_in();
        line.intake.commit_at_once = false;
        const auto big = publish(topic, xs(10'000'000), 7);
        for (std::size_t at = 0; at < big.size(); at += step) {
            CHECK(line.send(std::string_view(big).substr(at, step)) == Verdict::more);
            CHECK(line.held.size() < 10'000);
        }
        REQUIRE(line.intake.taken.size() == 1);
        CHECK(line.intake.taken[0].code == "too-large");
        CHECK(line.intake.taken[0].raw == std::string(4'096, 'x'));
        CHECK(line.intake.taken[0].size == 10'000'000);
        CHECK(line.intake.taken[0].hash == base::sha256(xs(10'000'000)));
        CHECK(line.send(publish(topic, smoke("m1"), 8)) == Verdict::more);
        line.session.acknowledge(2, line.out);
        CHECK(line.answers() == puback(7) + puback(8));
        CHECK(line.intake.taken[1].id == "m1");
    }
}

TEST_CASE("a large payload waits when the shell is busy") {
    Line line;
    line.sign_in();
    line.intake.room = 0;
    CHECK(line.send(publish(topic, std::string(100'000, 'x'), 7) + publish(topic, smoke("m1"), 8)) == Verdict::stalled);
    CHECK(line.go_on() == Verdict::stalled);
    line.intake.room = 2;
    CHECK(line.go_on() == Verdict::more);
    REQUIRE(line.intake.taken.size() == 2);
    CHECK(line.intake.taken[0].code == "too-large");
    CHECK(line.answers() == puback(7) + puback(8));
}

TEST_CASE("just too large is refused whole, far too large ends the connection") {
    Line line;
    line.sign_in();
    CHECK(line.send(publish(topic, std::string(65'537, ' '), 1)) == Verdict::more);
    CHECK(line.intake.taken.at(0).code == "too-large");
    CHECK(line.intake.taken.at(0).raw.size() == 65'537);
    CHECK(line.answers() == puback(1));
    std::string head = publish(topic, xs(17'000'000), 2).substr(0, 20'000);
    CHECK(line.send(head) == Verdict::close);
    CHECK(line.intake.taken.at(1).code == "too-large");
    CHECK(line.session.is_fault());
    Line other;
    other.sign_in();
    CHECK(other.send(publish(std::string(5'000, 't'), std::string(70'000, 'x'), 2)) == Verdict::close);
    Line subscriber;
    subscriber.sign_in();
    CHECK(subscriber.send("\x82\x80\x80\x80\1"s + std::string(10'000, 'x')) == Verdict::close);
}

TEST_CASE("a will on a signal topic counts when the connection is lost") {
    const auto with_will = [](Line& line, std::string_view will_topic) {
        std::string packet;
        const auto payload = smoke("gone");
        write_connect(packet, {.level = 4,
                               .clean_session = true,
                               .client_id = "c",
                               .will = Will{.topic = will_topic, .payload = payload, .qos = 1},
                               .user = "d-1",
                               .password = "token-d-1"});
        REQUIRE(line.send(packet) == Verdict::more);
    };
    Line lost;
    with_will(lost, topic);
    lost.session.lost();
    REQUIRE(lost.intake.taken.size() == 1);
    CHECK(lost.intake.taken[0].id == "gone");
    CHECK(lost.common.counters.wills == 1);
    lost.session.lost();
    CHECK(lost.intake.taken.size() == 1);

    Line said_goodbye;
    with_will(said_goodbye, topic);
    CHECK(said_goodbye.send("\xe0\0"s) == Verdict::close);
    said_goodbye.session.lost();
    CHECK(said_goodbye.intake.taken.empty());

    Line busy;
    with_will(busy, topic);
    busy.intake.room = 0;
    busy.session.lost();
    CHECK(busy.intake.taken.empty());
    busy.common.submit_waiting_wills();
    busy.intake.room = 1;
    busy.common.submit_waiting_wills();
    busy.common.submit_waiting_wills();
    CHECK(busy.intake.taken.size() == 1);
}

TEST_CASE("a listener may turn a device away") {
    Line line;
    line.common.admit = [](Session& session) { return session.device() != "d-1"; };
    CHECK(line.send(connect("d-1", "token-d-1")) == Verdict::close);
    CHECK(line.answers() == "\x20\2\0\3"s);
    CHECK_FALSE(line.session.signed_in());
}

TEST_CASE("a revoked token is noticed") {
    Line line;
    line.sign_in();
    CHECK(line.session.token_still_good());
    line.intake.revoked = "token-d-1";
    CHECK_FALSE(line.session.token_still_good());
}

TEST_CASE("however bytes are cut and however busy the shell is, each message is taken once and acknowledged in order") {
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        base::SeededRandom random(seed);
        Line line;
        line.sign_in();
        line.intake.commit_at_once = false;
        std::string all;
        std::vector<std::string> ids;
        std::string acks;
        for (std::uint16_t i = 1; i <= 200; ++i) {
            if (random.chance(0.03)) {
                all += publish(topic, std::string(66'000 + random.below(20'000), 'x'), i);
                ids.emplace_back();
            } else if (random.chance(0.2)) {
                all += publish(topic, "[" + smoke(std::to_string(i)) + "," + smoke("b") + "]", i);
                ids.push_back(std::to_string(i));
                ids.emplace_back("b");
            } else {
                all += publish(topic, smoke(std::to_string(i)), i);
                ids.push_back(std::to_string(i));
            }
            acks += puback(i);
        }
        line.intake.room = 0;
        std::string answers;
        for (std::size_t at = 0; at < all.size() || !line.held.empty();) {
            const auto step = random.below(3) == 0 ? random.below(8) : random.below(9'000);
            const auto piece =
                line.verdict == Verdict::stalled ? std::string_view() : std::string_view(all).substr(at, step);
            at += piece.size();
            line.intake.room = random.below(30);
            line.intake.on_disk += random.below(line.intake.taken.size() - line.intake.on_disk + 1);
            REQUIRE(line.send(piece) != Verdict::close);
            answers += line.answers();
        }
        line.session.acknowledge(line.intake.taken.size(), answers);
        CHECK(answers == acks);
        REQUIRE(line.intake.taken.size() == ids.size());
        for (std::size_t i = 0; i < ids.size(); ++i) CHECK(line.intake.taken[i].id == ids[i]);
    }
}

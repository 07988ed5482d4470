// What MQTT 5 has beyond 3.1.1, on one connection.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "doors/mqtt/session.hpp"
#include "testing/line.hpp"

using namespace shoumen;
using namespace shoumen::doors::mqtt;
using namespace std::string_literals;
using testing::Line;

namespace {

constexpr Version v5 = Version::v5;
const std::string topic = "shoumen/v1/d-1/signal";
const std::string payload = R"({"id":"m1","kind":"smoke","values":{"smoke":true}})";

Connect hello() {
    return {
        .level = 5, .clean_session = true, .keep_alive = 30, .client_id = "c", .user = "d-1", .password = "token-d-1"};
}

std::string publish(std::uint16_t id, std::uint8_t qos = 1, bool retain = false, std::string_view on = topic) {
    std::string out;
    write_publish(out, {.topic = on, .payload = payload, .id = id, .qos = qos, .retain = retain}, v5);
    return out;
}

std::string puback(std::uint16_t id) {
    std::string out;
    write_puback(out, id);
    return out;
}

// What stands in `answers`, which must be exactly one packet.
struct Answer {
    explicit Answer(std::string answers) : bytes(std::move(answers)) {
        const auto read = read_frame(bytes);
        REQUIRE(read);
        REQUIRE(*read);
        frame = **read;
        REQUIRE(frame.size() == bytes.size());
    }
    [[nodiscard]] std::string_view body() const { return std::string_view(bytes).substr(frame.header); }
    std::string bytes;
    Frame frame;
};

struct Ended {
    Reason code{};
    std::string reason;
};

// The DISCONNECT that its listener would send.
Ended farewell(Line& line) {
    line.session.farewell(line.session.fault_code(), line.session.why(), line.out);
    const Answer answer(line.answers());
    REQUIRE(answer.frame.type == PacketType::disconnect);
    const auto goodbye = read_disconnect(answer.body(), v5);
    REQUIRE(goodbye);
    return {goodbye->code, std::string(goodbye->reason)};
}

Connack connack_of(const Answer& answer) {
    REQUIRE(answer.frame.type == PacketType::connack);
    const auto connack = read_connack(answer.body(), v5);
    REQUIRE(connack);
    return *connack;
}

void sign_in(Line& line, const Connect& connect = hello()) {
    std::string packet;
    write_connect(packet, connect);
    REQUIRE(line.send(packet) == Verdict::more);
    const Answer answer(line.answers());
    REQUIRE(connack_of(answer).code == 0);
}

}  // namespace

TEST_CASE("CONNACK of MQTT 5 says what is offered") {
    Line line;
    Connect connect = hello();
    connect.properties.session_expiry = 3'600;
    connect.client_id = "";
    connect.clean_session = false;
    std::string packet;
    write_connect(packet, connect);
    CHECK(line.send(packet) == Verdict::more);
    const Answer answer(line.answers());
    const auto connack = connack_of(answer);
    CHECK_FALSE(connack.session_present);
    CHECK(connack.code == 0);
    CHECK(connack.properties.session_expiry == 0);
    CHECK(connack.properties.receive_maximum == receive_maximum);
    CHECK(connack.properties.maximum_packet == max_packet);
    CHECK(connack.properties.topic_alias_maximum == 0);
    CHECK(connack.properties.maximum_qos == 1);
    CHECK(connack.properties.retain_available == false);
    CHECK(connack.properties.wildcards_available == false);
    CHECK(connack.properties.identifiers_available == false);
    CHECK(connack.properties.shared_available == false);
    REQUIRE(connack.properties.assigned_client);
    CHECK(connack.properties.assigned_client->starts_with("shoumen-"));
    CHECK(line.session.client() != 0);
    Line plain;
    write_connect(packet = {}, hello());
    plain.send(packet);
    const Answer second(plain.answers());
    CHECK_FALSE(connack_of(second).properties.session_expiry);
    CHECK_FALSE(connack_of(second).properties.assigned_client);
}

TEST_CASE("CONNECT of MQTT 5 is refused with a reason that says how to mend it") {
    const auto answer = [](const Connect& connect) {
        Line line;
        std::string packet;
        write_connect(packet, connect);
        CHECK(line.send(packet) == Verdict::close);
        CHECK_FALSE(line.session.signed_in());
        const Answer got(line.answers());
        const auto connack = connack_of(got);
        REQUIRE(connack.properties.reason);
        return std::pair(static_cast<Reason>(connack.code), std::string(*connack.properties.reason));
    };
    auto wrong = hello();
    wrong.password = "guess";
    CHECK(answer(wrong).first == Reason::not_authorised);
    CHECK(answer(wrong).second.starts_with("the token is unknown"));
    auto nameless = hello();
    nameless.user.reset();
    CHECK(answer(nameless).first == Reason::bad_user_or_password);
    auto will = hello();
    will.will = Will{.topic = "home/status", .payload = "x"};
    CHECK(answer(will).first == Reason::not_authorised);
    CHECK(answer(will).second.starts_with("the will stands on a topic"));
    will.will = Will{.topic = topic, .payload = payload, .qos = 2};
    CHECK(answer(will).first == Reason::qos_not_supported);
    will.will = Will{.topic = topic, .payload = payload, .retain = true};
    CHECK(answer(will).first == Reason::retain_not_supported);
    Line line;
    CHECK(line.send("\x10\x10\0\4MQTT\5\2\0\x3c\2\x17\2\0\1c"s) == Verdict::close);  // a flag that is 2
    const Answer refused(line.answers());
    CHECK(connack_of(refused).code == static_cast<std::uint8_t>(Reason::protocol_error));
    Line method;
    CHECK(method.send("\x10\x12\0\4MQTT\5\2\0\x3c\4\x15\0\1m\0\1c"s) == Verdict::close);
    const Answer other(method.answers());
    CHECK(connack_of(other).code == static_cast<std::uint8_t>(Reason::bad_authentication_method));
}

TEST_CASE("a reason is left out where the device takes only small packets") {
    Line line;
    auto connect = hello();
    connect.password = "guess";
    connect.properties.maximum_packet = 20;
    std::string packet;
    write_connect(packet, connect);
    line.send(packet);
    CHECK(line.answers() == "\x20\3\0\x87\0"s);
}

TEST_CASE("PUBACK of MQTT 5 comes after the commit, and for what is quarantined too") {
    Line line;
    sign_in(line);
    line.intake.commit_at_once = false;
    CHECK(line.send(publish(7) + publish(8, 1, false, "elsewhere")) == Verdict::more);
    CHECK(line.answers().empty());
    REQUIRE(line.intake.taken.size() == 2);
    CHECK(line.intake.taken[0].raw == payload);
    CHECK(line.intake.taken[1].code == "unknown-topic");
    line.session.acknowledge(1, line.out);
    CHECK(line.answers() == puback(7));
    line.session.acknowledge(2, line.out);
    CHECK(line.answers() == puback(8));
}

TEST_CASE("what MQTT 5 does not allow here ends the connection with its code") {
    const auto ended = [](const std::string& packet) {
        Line line;
        sign_in(line);
        CHECK(line.send(packet) == Verdict::close);
        CHECK(line.session.is_fault());
        CHECK(line.intake.taken.empty());
        return farewell(line);
    };
    CHECK(ended(publish(1, 2)).code == Reason::qos_not_supported);
    CHECK(ended(publish(1, 2)).reason == "QoS 2 is not offered: publish with QoS 0 or 1");
    CHECK(ended(publish(1, 1, true)).code == Reason::retain_not_supported);
    CHECK(ended("\x32\x09\0\1t\0\1\3\x23\0\1"s).code == Reason::topic_alias_invalid);
    CHECK(ended("\x32\x0a\0\1t\0\1\4\1\0\1\0"s).code == Reason::protocol_error);  // twice
    CHECK(ended("\x32\x08\0\1t\0\1\2\x7f\0"s).code == Reason::malformed_packet);  // unknown
    CHECK(ended("\x32\x09\0\1t\0\1\3\x21\0\1"s).code == Reason::protocol_error);  // not PUBLISH's
    CHECK(ended("\x82\x09\0\1\2\x0b\1\0\1t\0"s).code == Reason::subscription_identifiers_not_supported);
    CHECK(ended("\x82\x07\0\1\0\0\1t\x40"s).code == Reason::protocol_error);  // reserved option
    CHECK(ended("\xf0\0"s).code == Reason::protocol_error);                   // AUTH
    CHECK(ended("\xe0\2\0\x05"s).code == Reason::malformed_packet);
}

TEST_CASE("more unacknowledged messages than Receive Maximum end the connection") {
    Line line;
    sign_in(line);
    line.intake.commit_at_once = false;
    for (std::uint16_t i = 1; i <= receive_maximum; ++i) REQUIRE(line.send(publish(i)) == Verdict::more);
    line.session.acknowledge(1, line.out);
    CHECK(line.answers() == puback(1));
    CHECK(line.send(publish(1)) == Verdict::more);
    CHECK(line.send(publish(0, 0)) == Verdict::more);  // QoS 0 does not count
    CHECK(line.send(publish(2'000)) == Verdict::close);
    CHECK(farewell(line).code == Reason::receive_maximum_exceeded);
    CHECK(line.intake.taken.size() == receive_maximum + 2U);
}

TEST_CASE("SUBACK of MQTT 5 says why not") {
    Line line;
    sign_in(line);
    const std::vector<Filter> wanted{
        {"shoumen/v1/d-1/command", 2}, {"#", 0}, {"$share/g/shoumen/v1/d-1/command", 0}, {"shoumen/v1/d-2/command", 0}};
    std::string packet;
    write_subscribe(packet, 5, wanted, v5);
    CHECK(line.send(packet) == Verdict::more);
    const auto answer = line.answers();
    CHECK(answer.starts_with("\x90"));
    CHECK(answer.ends_with("\1\xa2\x9e\x87"s));
    CHECK(answer.find("no wildcards: subscribe to") != std::string::npos);
    write_unsubscribe(packet = {}, 6, std::span(wanted).first(2), v5);
    CHECK(line.send(packet) == Verdict::more);
    CHECK(line.answers() == "\xb0\5\0\6\0\0\x11"s);

    Line curt;
    auto connect = hello();
    connect.properties.wants_reasons = false;
    sign_in(curt, connect);
    write_subscribe(packet = {}, 5, std::span(wanted).subspan(1, 1), v5);
    curt.send(packet);
    CHECK(curt.answers() == "\x90\4\0\5\0\xa2"s);
}

TEST_CASE("a will of MQTT 5 counts unless DISCONNECT takes it back") {
    const auto end_with = [](const std::string& packet) {
        Line line;
        auto connect = hello();
        connect.will = Will{.topic = topic, .payload = payload, .qos = 1};
        sign_in(line, connect);
        if (!packet.empty()) CHECK(line.send(packet) == Verdict::close);
        line.session.lost();
        return line.intake.taken.size();
    };
    CHECK(end_with("") == 1);
    CHECK(end_with("\xe0\0"s) == 0);
    CHECK(end_with("\xe0\1\0"s) == 0);
    CHECK(end_with("\xe0\1\4"s) == 1);  // disconnect with will
    CHECK(end_with("\xe0\2\4\0"s) == 1);
    CHECK(end_with(publish(1, 2)) == 1);
}

TEST_CASE("commands respect what an MQTT 5 device takes") {
    Line line;
    auto connect = hello();
    connect.properties.receive_maximum = std::uint16_t{1};
    connect.properties.maximum_packet = 64;
    sign_in(line, connect);
    std::string packet;
    const std::vector<Filter> wanted{{"shoumen/v1/d-1/command", 1}};
    write_subscribe(packet, 5, wanted, v5);
    line.send(packet);
    line.answers();
    CHECK(line.session.send(wanted[0].topic, std::string(64, 'x'), line.out) == Session::Sending::too_many);
    CHECK(line.session.send(wanted[0].topic, "{}", line.out) == Session::Sending::sent);
    std::string expected;
    write_publish(expected, {.topic = wanted[0].topic, .payload = "{}", .id = 1, .qos = 1}, v5);
    CHECK(line.answers() == expected);
    CHECK(line.session.send(wanted[0].topic, "{}", line.out) == Session::Sending::too_many);
    CHECK(line.send("\x40\4\0\1\x10\0"s) == Verdict::more);  // PUBACK with a code and no properties
    CHECK(line.session.send(wanted[0].topic, "{}", line.out) == Session::Sending::sent);
}

TEST_CASE("a large payload behind properties is refused whole, and acknowledged") {
    Line line;
    sign_in(line);
    const std::string body = "\0\x15"s + topic + "\0\7"s + "\x0b\x26\0\1a\0\5value"s + std::string(100'000, 'x');
    std::string packet = "\x32"s;
    for (auto left = body.size(); left > 0; left >>= 7U)
        packet += static_cast<char>((left & 0x7fU) | (left > 0x7f ? 0x80U : 0U));
    CHECK(line.send(packet + body + publish(8)) == Verdict::more);
    CHECK(line.answers() == puback(7) + puback(8));
    REQUIRE(line.intake.taken.size() == 2);
    CHECK(line.intake.taken[0].code == "too-large");
    CHECK(line.intake.taken[0].raw == std::string(kept_head, 'x'));
    CHECK(line.intake.taken[0].size == 100'000);
}

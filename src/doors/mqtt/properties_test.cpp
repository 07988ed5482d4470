#include "doors/mqtt/properties.hpp"

#include <string>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "doors/mqtt/codec.hpp"

using namespace shoumen;
using namespace shoumen::doors::mqtt;
using namespace std::string_literals;

TEST_CASE("properties are written and read") {
    Properties all;
    all.session_expiry = 70'000;
    all.receive_maximum = std::uint16_t{300};
    all.maximum_packet = 16'777'216;
    all.topic_alias_maximum = std::uint16_t{0};
    all.maximum_qos = std::uint8_t{1};
    all.retain_available = false;
    all.wildcards_available = true;
    all.assigned_client = "shoumen-1";
    all.reason = "because";
    std::string bytes;
    write_properties(bytes, all);
    REQUIRE(bytes.size() == static_cast<std::uint8_t>(bytes[0]) + 1U);
    bytes.erase(0, 1);
    const auto read = read_properties(bytes, Where::connack);
    REQUIRE(read);
    CHECK(read->session_expiry == 70'000);
    CHECK(read->receive_maximum == 300);
    CHECK(read->maximum_packet == 16'777'216);
    CHECK(read->topic_alias_maximum == 0);
    CHECK(read->maximum_qos == 1);
    CHECK(read->retain_available == false);
    CHECK(read->wildcards_available == true);
    CHECK_FALSE(read->shared_available);
    CHECK(read->assigned_client == "shoumen-1");
    CHECK(read->reason == "because");
    CHECK_FALSE(read_properties(bytes, Where::connect));
}

TEST_CASE("user properties may come again, others may not") {
    CHECK(read_properties("\x26\0\1a\0\1b\x26\0\1a\0\1b"s, Where::publish));
    const auto twice = read_properties("\x01\1\x01\1"s, Where::publish);
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code == Reason::protocol_error);
    const auto unknown = read_properties("\x04\1"s, Where::publish);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Reason::malformed_packet);
    const auto elsewhere = read_properties("\x18\0\0\0\1"s, Where::connect);  // a will's
    REQUIRE_FALSE(elsewhere);
    CHECK(elsewhere.error().code == Reason::protocol_error);
    CHECK(read_properties("\x18\0\0\0\1"s, Where::will)->will_delay == 1);
}

TEST_CASE("values that MQTT 5 does not allow are faults") {
    CHECK_FALSE(read_properties("\x21\0\0"s, Where::connect));           // Receive Maximum 0
    CHECK_FALSE(read_properties("\x27\0\0\0\0"s, Where::connect));       // Maximum Packet Size 0
    CHECK_FALSE(read_properties("\x17\2"s, Where::connect));             // neither 0 nor 1
    CHECK_FALSE(read_properties("\x23\0\0"s, Where::publish));           // Topic Alias 0
    CHECK_FALSE(read_properties("\x0b\0"s, Where::subscribe));           // Subscription Identifier 0
    CHECK_FALSE(read_properties("\x11\0\0\1"s, Where::connect));         // cut short
    CHECK_FALSE(read_properties("\x03\0\4abc"s, Where::publish));        // cut short
    CHECK_FALSE(read_properties("\x26\0\1a\0"s, Where::publish));        // cut short
    CHECK_FALSE(read_properties("\x26\0\1\xff\0\1b"s, Where::publish));  // no UTF-8
    CHECK_FALSE(read_properties("\x03\0\1\0"s, Where::publish));         // NUL
    CHECK_FALSE(read_properties("\x0b\xff\xff\xff\xff"s, Where::subscribe));
    CHECK(read_properties("\x09\0\1\xff"s, Where::publish));  // bytes, no text
}

TEST_CASE("CONNECT of MQTT 5 with everything is read") {
    Connect full{.level = 5, .clean_session = true, .keep_alive = 9, .client_id = "c", .user = "u", .password = "p"};
    full.properties.session_expiry = 5;
    full.properties.receive_maximum = std::uint16_t{7};
    full.will = Will{.topic = "t", .payload = "gone", .qos = 1};
    std::string packet;
    write_connect(packet, full);
    const auto frame = **read_frame(packet);
    const auto read = read_connect(std::string_view(packet).substr(frame.header));
    REQUIRE(read);
    CHECK(read->version() == Version::v5);
    CHECK(read->properties.session_expiry == 5);
    CHECK(read->properties.receive_maximum == 7);
    CHECK(read->client_id == "c");
    CHECK(read->will->topic == "t");
    CHECK(read->will->payload == "gone");
    CHECK(read->user == "u");
    CHECK(read->password == "p");
    // A password without a user name is allowed in 5 alone.
    CHECK(read_connect("\0\4MQTT\5\x42\0\x3c\0\0\1c\0\1p"s));
    CHECK_FALSE(read_connect("\0\4MQTT\4\x42\0\x3c\0\1c\0\1p"s));
    CHECK_FALSE(read_connect("\0\4MQTT\5\2\0\x3c"s));  // no properties
}

TEST_CASE("the head of a PUBLISH waits for the end of its properties") {
    CHECK_FALSE(*read_publish_head(0, "\0\1t"s, Version::v5));
    CHECK_FALSE(*read_publish_head(0, "\0\1t\3"s, Version::v5));
    CHECK_FALSE(*read_publish_head(0, "\0\1t\x80"s, Version::v5));
    CHECK_FALSE(read_publish_head(0, "\0\1t\x80\x80\x80\x80"s, Version::v5));
    CHECK((*read_publish_head(0, "\0\1t\2\1\1x"s, Version::v5))->payload == "x");
    CHECK_FALSE(read_publish(0, "\0\1t\3\1\1"s, Version::v5));
}

TEST_CASE("PUBACK and DISCONNECT of MQTT 5 are read") {
    CHECK(read_puback("\0\1"s, Version::v5)->code == Reason::success);
    CHECK(read_puback("\0\1\x10"s, Version::v5)->id == 1);
    CHECK(read_puback("\0\1\x80\4\x1f\0\1x"s, Version::v5)->code == Reason::unspecified);
    CHECK_FALSE(read_puback("\0\1\x10"s, Version::v3));
    CHECK_FALSE(read_puback("\0\1\0\0x"s, Version::v5));
    CHECK(read_disconnect(""s, Version::v5)->code == Reason::success);
    CHECK(read_disconnect("\4"s, Version::v5)->code == Reason::disconnect_with_will);
    CHECK_FALSE(read_disconnect("\0"s, Version::v3));
    CHECK_FALSE(read_disconnect("\0\0x"s, Version::v5));
}

TEST_CASE("properties by chance are read without harm") {
    base::SeededRandom random(5);
    for (int round = 0; round < 50'000; ++round) {
        std::string bytes;
        for (auto n = random.below(30); n > 0; --n)
            bytes += static_cast<char>(random.below(random.chance(0.5) ? 256 : 0x2b));
        (void)read_properties(bytes, static_cast<Where>(1U << random.below(9)));
        (void)read_connect("\0\4MQTT\5"s + bytes);
        (void)read_publish(static_cast<std::uint8_t>(random.below(16)), bytes, Version::v5);
        (void)read_disconnect(bytes, Version::v5);
        (void)read_connack(bytes, Version::v5);
    }
}

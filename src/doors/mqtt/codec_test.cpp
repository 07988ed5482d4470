#include "doors/mqtt/codec.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.hpp"
#include "doors/mqtt/topics.hpp"

using namespace shoumen;
using namespace shoumen::doors::mqtt;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string body_of(const std::string& packet) {
    const auto frame = read_frame(packet);
    REQUIRE(frame);
    REQUIRE(*frame);
    REQUIRE((*frame)->size() == packet.size());
    return packet.substr((*frame)->header);
}

Frame frame_of(const std::string& packet) { return **read_frame(packet); }

std::string connect_packet(const Connect& connect) {
    std::string packet;
    write_connect(packet, connect);
    return packet;
}

const Connect plain{
    .level = 4, .clean_session = true, .keep_alive = 60, .client_id = "c", .user = "d-1", .password = "secret"};

}  // namespace

TEST_CASE("a frame is found from its first bytes") {
    CHECK_FALSE(*read_frame(""));
    CHECK_FALSE(*read_frame("\x30"));
    CHECK_FALSE(*read_frame("\x30\x80"));
    const auto frame = read_frame("\x32\xff\x7f");
    REQUIRE(*frame);
    CHECK((*frame)->type == PacketType::publish);
    CHECK((*frame)->flags == 2);
    CHECK((*frame)->header == 3);
    CHECK((*frame)->body == 16'383);
    CHECK(frame_of("\x30\xff\xff\xff\x7f").body == 268'435'455);
    CHECK(frame_of("\xc0\0"s).size() == 2);
}

TEST_CASE("a frame that is none is a fault") {
    CHECK_FALSE(read_frame("\x30\xff\xff\xff\xff"));
    CHECK_FALSE(read_frame("\0\0"s));
    CHECK_FALSE(read_frame("\xf0\0"s));
    CHECK_FALSE(read_frame("\x11\0"s));
    CHECK_FALSE(read_frame("\x80\x05"));  // SUBSCRIBE without its flag
    CHECK_FALSE(read_frame("\xc1\0"s));
    CHECK_FALSE(read_frame("GET / HTTP/1.1"));
}

TEST_CASE("lengths of one to four bytes are written and read") {
    for (const std::size_t size : {0UL, 100UL, 117UL, 118UL, 16'373UL, 16'374UL, 2'097'141UL, 2'097'142UL}) {
        std::string packet;
        const std::string payload(size, 'x');
        write_publish(packet, {.topic = "t/topic", .payload = payload, .id = 9, .qos = 1});
        const auto frame = frame_of(packet);
        CHECK(frame.size() == packet.size());
        const auto publish = read_publish(frame.flags, std::string_view(packet).substr(frame.header));
        REQUIRE(publish);
        CHECK(publish->payload.size() == size);
    }
}

TEST_CASE("CONNECT with everything is read") {
    Connect full = plain;
    full.clean_session = false;
    full.will = Will{.topic = "shoumen/v1/d-1/signal", .payload = "\0gone"sv, .qos = 1, .retain = true};
    const auto body = body_of(connect_packet(full));
    const auto connect = read_connect(body);
    REQUIRE(connect);
    CHECK(connect->level == 4);
    CHECK_FALSE(connect->clean_session);
    CHECK(connect->keep_alive == 60);
    CHECK(connect->client_id == "c");
    CHECK(connect->will->topic == "shoumen/v1/d-1/signal");
    CHECK(connect->will->payload == "\0gone"sv);
    CHECK(connect->will->qos == 1);
    CHECK(connect->will->retain);
    CHECK(connect->user == "d-1");
    CHECK(connect->password == "secret");
}

TEST_CASE("CONNECT of another version is told apart") {
    CHECK(read_connect("\0\6MQIsdp\3\2\0\x3c\0\0"s)->level == 3);
    CHECK(read_connect("\0\4MQTT\5\2\0\x3c\0\0\0"s)->level == 5);
    CHECK_FALSE(read_connect("\0\4mqtt\4\2\0\x3c\0\0"s));
    CHECK_FALSE(read_connect("\0\4MQ"s));
}

TEST_CASE("a CONNECT that breaks the rules is a fault") {
    const auto with_flags = [](unsigned flags, const std::string& rest) {
        return read_connect("\0\4MQTT\4"s + static_cast<char>(flags) + "\0\x3c"s + rest).has_value();
    };
    CHECK(with_flags(2, "\0\1c"s));
    CHECK_FALSE(with_flags(3, "\0\1c"s));          // reserved flag
    CHECK_FALSE(with_flags(2, "\0\2c"s));          // cut short
    CHECK_FALSE(with_flags(2, "\0\1c!"s));         // too long
    CHECK_FALSE(with_flags(0x42, "\0\1c\0\1p"s));  // password, no user
    CHECK(with_flags(0xc2, "\0\1c\0\1u\0\1p"s));
    CHECK_FALSE(with_flags(0x0a, "\0\1c"s));  // will QoS, no will
    CHECK_FALSE(with_flags(0x22, "\0\1c"s));  // will retain, no will
    CHECK(with_flags(0x06, "\0\1c\0\1t\0\0"s));
    CHECK_FALSE(with_flags(0x1e, "\0\1c\0\1t\0\0"s));  // will QoS 3
    CHECK_FALSE(with_flags(0x06, "\0\1c\0\1#\0\0"s));  // will on a filter
    CHECK_FALSE(with_flags(0x06, "\0\1c\0\0\0\0"s));   // will on no topic
    CHECK_FALSE(with_flags(2, "\0\1\xff"s));           // no UTF-8
    CHECK_FALSE(with_flags(2, "\0\1\0"s));             // NUL
}

TEST_CASE("PUBLISH is read, and its faults are found") {
    const auto publish = read_publish(0x0b, "\0\3a/b\1\2payload"sv);
    REQUIRE(publish);
    CHECK(publish->topic == "a/b");
    CHECK(publish->id == 0x0102);
    CHECK(publish->qos == 1);
    CHECK(publish->dup);
    CHECK(publish->retain);
    CHECK(publish->payload == "payload");
    CHECK(read_publish(0, "\0\1t"s)->payload.empty());
    CHECK(read_publish(4, "\0\1t\0\1"s)->qos == 2);
    CHECK_FALSE(read_publish(6, "\0\1t\0\1"s));  // QoS 3
    CHECK_FALSE(read_publish(2, "\0\1t\0\0"s));  // id 0
    CHECK_FALSE(read_publish(2, "\0\1t\0"s));    // cut short
    CHECK_FALSE(read_publish(0, "\0\5t"s));
    CHECK_FALSE(read_publish(0, "\0\0"s));  // no topic
    CHECK_FALSE(read_publish(0, "\0\3a/+"s));
    CHECK_FALSE(read_publish(0, "\0\1#"s));
    CHECK_FALSE(read_publish(0, "\0\2t\xff"s));
    CHECK_FALSE(*read_publish_head(2, "\0\1t\0"s));
    CHECK((*read_publish_head(2, "\0\1t\0\7beg"sv))->payload == "beg");
}

TEST_CASE("SUBSCRIBE and UNSUBSCRIBE are read, and their faults are found") {
    const std::vector<Filter> wanted{{"a/b", 0}, {"c/#", 2}};
    std::string packet;
    write_subscribe(packet, 7, wanted);
    auto filters = read_filters(frame_of(packet), body_of(packet));
    REQUIRE(filters);
    CHECK(filters->id == 7);
    const auto body = body_of(packet);
    filters = read_filters(frame_of(packet), body);
    Filter filter;
    REQUIRE(filters->next(filter));
    CHECK(filter.topic == "a/b");
    REQUIRE(filters->next(filter));
    CHECK(filter.topic == "c/#");
    CHECK(filter.qos == 2);
    CHECK_FALSE(filters->next(filter));

    const Frame subscribe{PacketType::subscribe, 2, 2, 0};
    const Frame unsubscribe{PacketType::unsubscribe, 2, 2, 0};
    CHECK_FALSE(read_filters(subscribe, "\0\1"s));
    CHECK_FALSE(read_filters(subscribe, "\0\0\0\1t\0"s));
    CHECK_FALSE(read_filters(subscribe, "\0\1\0\1t"s));
    CHECK_FALSE(read_filters(subscribe, "\0\1\0\1t\3"s));
    CHECK_FALSE(read_filters(subscribe, "\0\1\0\0\1"s));
    CHECK(read_filters(unsubscribe, "\0\1\0\1t"s));
    CHECK_FALSE(read_filters(unsubscribe, "\0\1\0\2t"s));
}

TEST_CASE("answers have the bytes of the standard") {
    std::string out;
    write_connack(out, ConnectCode::not_authorised);
    CHECK(out == "\x20\2\0\5"s);
    CHECK(read_connack(body_of(out))->code == 5);
    out.clear();
    write_puback(out, 0xfffe);
    CHECK(out == "\x40\2\xff\xfe"s);
    CHECK(read_packet_id(body_of(out)) == 0xfffe);
    out.clear();
    const std::uint8_t granted[] = {1, subscription_refused};
    write_suback(out, 3, granted);
    CHECK(out == "\x90\4\0\3\1\x80"s);
    out.clear();
    write_unsuback(out, 3);
    CHECK(out == "\xb0\2\0\3"s);
    out.clear();
    write_pingresp(out);
    CHECK(out == "\xd0\0"s);
    out.clear();
    write_pingreq(out);
    write_disconnect(out);
    CHECK(out == "\xc0\0\xe0\0"s);
}

TEST_CASE("the signal topic names its device") {
    CHECK(device_of_signal_topic("shoumen/v1/smoke-301/signal") == "smoke-301");
    CHECK_FALSE(device_of_signal_topic("shoumen/v1//signal"));
    CHECK_FALSE(device_of_signal_topic("shoumen/v1/signal"));
    CHECK_FALSE(device_of_signal_topic("shoumen/v1/a/b/signal"));
    CHECK_FALSE(device_of_signal_topic("shoumen/v2/a/signal"));
    CHECK_FALSE(device_of_signal_topic("shoumen/v1/a/signals"));
    CHECK_FALSE(device_of_signal_topic("/shoumen/v1/a/signal"));
    CHECK(device_of_signal_topic(signal_topic("d-1")) == "d-1");
    CHECK(command_topic("d-1") == "shoumen/v1/d-1/command");
}

TEST_CASE("bytes by chance are read without harm") {
    const std::uint64_t seed = 311;
    CAPTURE(seed);
    base::SeededRandom random(seed);
    for (int round = 0; round < 100'000; ++round) {
        std::string body;
        for (auto n = random.below(40); n > 0; --n)
            body += static_cast<char>(random.below(random.chance(0.5) ? 256 : 8));
        const auto frame = read_frame(body);
        if (frame && *frame) CHECK((*frame)->header <= 5);
        (void)read_connect("\0\4MQTT\4"s + body);
        if (const auto publish = read_publish(static_cast<std::uint8_t>(random.below(16)), body)) {
            CHECK(publish->topic.size() + publish->payload.size() < body.size());
        }
        for (const auto type : {PacketType::subscribe, PacketType::unsubscribe}) {
            if (auto filters = read_filters({type, 2, 2, body.size()}, body)) {
                Filter filter;
                int count = 0;
                while (filters->next(filter)) ++count;
                CHECK(count > 0);
            }
        }
    }
}

// The listener over real sockets on loopback.
#include "doors/mqtt/listener.hpp"

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "testing/client.hpp"
#include "testing/fake_intake.hpp"

using namespace shoumen;
using namespace shoumen::doors::mqtt;
using namespace std::string_literals;
using testing::Client;
using testing::FakeIntake;
using testing::run_until;
using testing::settle;

namespace {

struct House {
    explicit House(Options with = {}) : options(std::move(with)) {
        options.port = 0;
        options.log = [this](LogLevel, std::string_view line) { log.emplace_back(line); };
        listener = std::make_unique<Listener>(io, intake, options);
        const auto started = listener->start();
        REQUIRE(started);
    }
    [[nodiscard]] std::uint16_t port() const { return listener->port(); }
    [[nodiscard]] const Counters& counters() const { return listener->counters(); }
    [[nodiscard]] bool logged(std::string_view words) const {
        for (const auto& line : log) {
            if (line.find(words) != std::string::npos) return true;
        }
        return false;
    }

    boost::asio::io_context io;
    FakeIntake intake{{"d-0", "d-1", "d-2", "d-3"}};
    Options options;
    std::vector<std::string> log;
    std::unique_ptr<Listener> listener;
};

std::string smoke(std::string_view id) {
    return fmt::format(R"({{"id":"{}","kind":"smoke","values":{{"smoke":true}}}})", id);
}

std::string message(std::uint16_t id, std::string_view payload, std::string_view device = "d-1", std::uint8_t qos = 1) {
    std::string packet;
    write_publish(packet,
                  {.topic = fmt::format("shoumen/v1/{}/signal", device), .payload = payload, .id = id, .qos = qos});
    return packet;
}

std::string puback(std::uint16_t id) {
    std::string out;
    write_puback(out, id);
    return out;
}

Options quick() {
    Options options;
    options.milliseconds_of_a_second = 5;
    return options;
}

}  // namespace

TEST_CASE("a message over a socket is acknowledged once it is on disk") {
    House house;
    house.intake.commit_at_once = false;
    Client client(house.io, house.port());
    client.sign_in("d-1");
    client.send(message(1, smoke("m1")) + message(2, smoke("m2")) + message(3, "{") +
                message(9, smoke("m3"), "d-1", 0));
    run_until(house.io, [&] { return house.intake.taken.size() == 4; });
    settle(house.io);
    CHECK(client.peek().empty());
    house.intake.commit_up_to(2);
    CHECK(client.receive(8) == puback(1) + puback(2));
    settle(house.io);
    CHECK(client.peek().empty());
    house.intake.commit_up_to(4);
    CHECK(client.receive(4) == puback(3));
    CHECK(house.counters().messages == 4);
    CHECK(house.counters().quarantined == 1);
    CHECK(house.counters().acknowledged == 3);
}

TEST_CASE("a packet id is used again after its PUBACK") {
    House house;
    Client client(house.io, house.port());
    client.sign_in("d-1");
    for (int i = 0; i < 5; ++i) {
        client.send(message(1, smoke(i == 4 ? "sos" : "m")));
        CHECK(client.receive(4) == puback(1));
    }
    REQUIRE(house.intake.taken.size() == 5);
    CHECK(house.intake.taken.back().id == "sos");
}

TEST_CASE("packets may come in pieces of any size") {
    House house;
    std::string all;
    write_connect(all, {.level = 4, .clean_session = true, .client_id = "c", .user = "d-1", .password = "token-d-1"});
    all += message(1, smoke("m1")) + message(2, smoke("m2"));
    for (std::size_t cut = 1; cut < all.size(); ++cut) {
        Client client(house.io, house.port());
        client.send(all.substr(0, cut));
        settle(house.io);
        client.send(all.substr(cut));
        CHECK(client.receive(12) == "\x20\2\0\0"s + puback(1) + puback(2));
        client.send("\xe0\0"s);
        client.expect_closed();
    }
    CHECK(house.intake.taken.size() == 2 * (all.size() - 1));
    CHECK(house.counters().protocol_faults == 0);
}

TEST_CASE("thousands of messages in one stream keep their order") {
    House house;
    house.intake.commit_at_once = false;
    Client client(house.io, house.port());
    client.sign_in("d-1");
    std::string all;
    std::string acks;
    for (unsigned i = 0; i < 20'000; ++i) {
        all += message(static_cast<std::uint16_t>(i % 65'535 + 1), smoke(std::to_string(i)));
        acks += puback(static_cast<std::uint16_t>(i % 65'535 + 1));
    }
    client.send(all);
    run_until(house.io, [&] { return house.intake.taken.size() == 20'000; });
    for (std::uint64_t ticket = 0; ticket <= 20'000; ticket += 777) house.intake.commit_up_to(ticket);
    house.intake.commit_up_to(20'000);
    CHECK(client.receive(acks.size()) == acks);
    for (unsigned i = 0; i < 20'000; ++i) REQUIRE(house.intake.taken[i].id == std::to_string(i));
}

TEST_CASE("while the shell is busy nothing is read, and nothing is lost") {
    House house;
    house.intake.room = 1'000;
    std::vector<std::unique_ptr<Client>> clients;
    for (unsigned c = 0; c < 4; ++c) {
        clients.push_back(std::make_unique<Client>(house.io, house.port()));
        clients.back()->sign_in(fmt::format("d-{}", c));
    }
    std::string all[4];
    for (unsigned c = 0; c < 4; ++c) {
        for (std::uint16_t i = 1; i <= 3'000; ++i)
            all[c] += message(i, smoke(std::to_string(i)), fmt::format("d-{}", c));
        std::string_view rest = all[c];
        rest.remove_prefix(clients[c]->push(rest));
        all[c] = rest;
    }
    run_until(house.io, [&] { return house.intake.taken.size() == 1'000; });
    settle(house.io);
    CHECK(house.intake.taken.size() == 1'000);
    CHECK(house.counters().bytes_in < 3 * 65'536);  // the rest lies in the sockets
    run_until(house.io, [&] {
        house.intake.make_room(137);
        for (unsigned c = 0; c < 4; ++c) all[c].erase(0, clients[c]->push(all[c]));
        return house.intake.taken.size() == 12'000;
    });
    std::vector<unsigned> last(4, 0);
    for (const auto& taken : house.intake.taken) REQUIRE(taken.id == std::to_string(++last[taken.speaker]));
    for (auto& client : clients) CHECK(client->receive(12'000).substr(11'996) == puback(3'000));
    CHECK(house.counters().stalls > 0);
}

TEST_CASE("a large payload that ends while the shell is busy is acknowledged afterwards") {
    House house;
    house.intake.room = 0;
    Client client(house.io, house.port());
    client.sign_in("d-1");
    client.send(message(5, std::string(5'000'000, 'x') + std::string(5'000'000, 'x')));
    settle(house.io);
    CHECK(client.peek().empty());
    house.intake.make_room(10);
    CHECK(client.receive(4) == puback(5));
    CHECK(house.intake.taken.at(0).code == "too-large");
    client.send(message(6, smoke("m1")));
    CHECK(client.receive(4) == puback(6));
}

TEST_CASE("refusals arrive before the connection ends") {
    House house;
    const auto answer = [&](const Connect& connect, std::string_view behind) {
        std::string packet;
        write_connect(packet, connect);
        Client client(house.io, house.port());
        client.send(packet.append(behind));
        auto bytes = client.receive(4);
        client.expect_closed();
        CHECK_FALSE(client.was_reset());
        return bytes;
    };
    const Connect wrong{.level = 4, .clean_session = true, .client_id = "c", .user = "d-1", .password = "guess"};
    CHECK(answer(wrong, "") == "\x20\2\0\5"s);
    CHECK(answer(wrong, message(1, std::string(100'000, 'x'))) == "\x20\2\0\5"s);
    CHECK(answer({.level = 6, .clean_session = true, .client_id = "c"}, "") == "\x20\2\0\1"s);
    CHECK(house.intake.taken.empty());
    CHECK(house.logged("somebody was turned away: the token is unknown"));
    CHECK_FALSE(house.logged("guess"));
    Client stranger(house.io, house.port());
    stranger.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    stranger.expect_closed();
    CHECK(stranger.peek().empty());
    stranger.hang_up();
    run_until(house.io, [&] { return house.counters().connections == 0; });
}

TEST_CASE("QoS 2 closes the connection and the log says why") {
    House house;
    Client client(house.io, house.port());
    client.sign_in("d-2");
    client.send(message(1, smoke("m1"), "d-2", 2));
    client.expect_closed();
    CHECK(house.logged("closed the connection of d-2 (127.0.0.1): QoS 2 is not offered"));
    CHECK(house.counters().protocol_faults == 1);
    CHECK(house.intake.taken.empty());
}

TEST_CASE("silence ends a connection: before CONNECT, and beyond one and a half keep-alives") {
    House house(quick());
    Client mute(house.io, house.port());
    mute.expect_closed();
    CHECK(house.logged("no CONNECT came in time"));
    Client silent(house.io, house.port());
    silent.sign_in("d-1", "", 4);
    silent.expect_closed();
    CHECK(house.logged("d-1 (127.0.0.1): the device was silent"));
    CHECK(house.counters().timeouts == 2);
    Client alive(house.io, house.port());
    alive.sign_in("d-1", "", 30);
    for (int i = 0; i < 20; ++i) {
        alive.send("\xc0\0"s);
        CHECK(alive.receive(2) == "\xd0\0"s);
    }
    Client without(house.io, house.port());
    without.sign_in("d-2", "", 0);
    Client other(house.io, house.port());
    other.sign_in("d-3", "", 50);
    other.expect_closed();
    CHECK_FALSE(without.is_closed());
}

TEST_CASE("a device that is not listened to is not called silent") {
    House house(quick());
    house.intake.room = 0;
    Client first(house.io, house.port());
    first.sign_in("d-1", "", 2);
    Client second(house.io, house.port());
    second.sign_in("d-2", "", 2);
    first.send(message(1, smoke("m1")));
    second.send(message(1, smoke("m2"), "d-2"));
    Client watch(house.io, house.port());
    watch.expect_closed();  // ten quick seconds
    CHECK_FALSE(first.is_closed());
    CHECK_FALSE(second.is_closed());
    house.intake.make_room(2);
    CHECK(first.receive(4) == puback(1));
    CHECK(second.receive(4) == puback(1));
}

TEST_CASE("the will of a lost connection is submitted, that of a finished one is not") {
    House house;
    const auto connect = [&](Client& client) {
        std::string packet;
        const auto will = smoke("gone");
        write_connect(packet, {.level = 4,
                               .clean_session = true,
                               .client_id = "",
                               .will = Will{.topic = "shoumen/v1/d-1/signal", .payload = will},
                               .user = "d-1",
                               .password = "token-d-1"});
        client.send(packet);
        REQUIRE(client.receive(4) == "\x20\2\0\0"s);
    };
    Client polite(house.io, house.port());
    connect(polite);
    polite.send("\xe0\0"s);
    polite.expect_closed();
    Client lost(house.io, house.port());
    connect(lost);
    lost.hang_up();
    run_until(house.io, [&] { return !house.intake.taken.empty(); });
    Client at_stop(house.io, house.port());
    connect(at_stop);
    house.listener->stop();
    at_stop.expect_closed();
    REQUIRE(house.intake.taken.size() == 1);
    CHECK(house.intake.taken[0].id == "gone");
    CHECK(house.intake.listeners() == 0);
}

TEST_CASE("the same client takes over its old connection, another device's does not") {
    std::vector<std::uint32_t> pushed;
    Options options;
    options.pushed_out = [&](const ports::Speaker& speaker) { pushed.push_back(speaker.device.value); };
    House house(std::move(options));
    Client old(house.io, house.port());
    old.sign_in("d-1", "phone");
    Client namesake(house.io, house.port());
    namesake.sign_in("d-2", "phone");
    Client again(house.io, house.port());
    again.sign_in("d-1", "phone");
    old.expect_closed();
    CHECK_FALSE(namesake.is_closed());
    CHECK(pushed == std::vector<std::uint32_t>{1});
    again.send(message(1, smoke("m1")));
    CHECK(again.receive(4) == puback(1));
    CHECK(house.counters().connections == 2);
}

namespace {

// The code of the DISCONNECT that comes before the connection ends.
Reason last_word(Client& client) {
    const auto packet = client.receive_packet();
    client.expect_closed();
    CHECK_FALSE(client.was_reset());
    REQUIRE(packet.starts_with("\xe0"));
    REQUIRE(packet.size() > 2);
    return static_cast<Reason>(static_cast<std::uint8_t>(packet[2]));
}

}  // namespace

TEST_CASE("a device of MQTT 5 is told why its connection ends") {
    House house(quick());
    Client exact(house.io, house.port());
    exact.sign_in5("d-1");
    std::string packet;
    write_publish(packet, {.topic = "shoumen/v1/d-1/signal", .payload = "{}", .id = 1, .qos = 2}, Version::v5);
    exact.send(packet + std::string(100'000, 'x'));  // more behind it
    CHECK(last_word(exact) == Reason::qos_not_supported);
    CHECK(house.logged("d-1 (127.0.0.1): QoS 2 is not offered"));
    exact.hang_up();
    run_until(house.io, [&] { return house.counters().connections == 0; });
    CHECK(house.counters().protocol_faults == 1);
    Client silent(house.io, house.port());
    silent.sign_in5("d-1", "", 4);
    CHECK(last_word(silent) == Reason::keep_alive_timeout);
    Client old(house.io, house.port());
    old.sign_in5("d-1", "phone");
    Client again(house.io, house.port());
    again.sign_in5("d-1", "phone");
    CHECK(last_word(old) == Reason::session_taken_over);
    Client revoked(house.io, house.port());
    revoked.sign_in5("d-2");
    house.intake.revoked = "token-d-2";
    CHECK(last_word(revoked) == Reason::not_authorised);
    CHECK_FALSE(again.is_closed());
    house.listener->stop();
    CHECK(last_word(again) == Reason::server_shutting_down);
}

TEST_CASE("the will of a device of MQTT 5 counts as soon as it is told to go") {
    House house(quick());
    const auto will = smoke("gone");
    Client silent(house.io, house.port());
    silent.sign_in5("d-1", "", 4, Will{.topic = "shoumen/v1/d-1/signal", .payload = will});
    run_until(house.io, [&] { return !house.intake.taken.empty(); });
    CHECK(house.intake.taken[0].id == "gone");
    CHECK(last_word(silent) == Reason::keep_alive_timeout);
    silent.hang_up();
    run_until(house.io, [&] { return house.counters().connections == 0; });
    CHECK(house.intake.taken.size() == 1);
    CHECK(house.counters().wills == 1);
}

TEST_CASE("a command reaches the device that listens, else its gateway, else nobody") {
    using Delivery = ports::Courier::Delivery;
    House house;
    house.intake.know_gateway();  // d-0, with d-1 under it
    const auto subscribed = [](Client& client, std::string_view device) {
        std::string packet;
        const auto topic = fmt::format("shoumen/v1/{}/command", device);
        write_subscribe(packet, 1, std::vector<Filter>{{topic, 1}});
        client.send(packet);
        REQUIRE(client.receive(5) == "\x90\3\0\1\1"s);
    };
    const auto expected = [](std::string_view device, std::uint16_t id) {
        std::string packet;
        const auto topic = fmt::format("shoumen/v1/{}/command", device);
        write_publish(packet, {.topic = topic, .payload = "{}", .id = id, .qos = 1});
        return packet;
    };
    CHECK_FALSE(house.listener->reaches("d-1"));
    CHECK_FALSE(house.listener->reaches("no-such-device"));
    CHECK(house.listener->command("d-1", "{}") == Delivery::not_connected);
    Client gateway(house.io, house.port());
    gateway.sign_in("d-0");
    CHECK_FALSE(house.listener->reaches("d-1"));  // it has not subscribed
    subscribed(gateway, "d-1");
    CHECK(house.listener->reaches("d-1"));
    CHECK_FALSE(house.listener->reaches("d-2"));
    CHECK(house.listener->command("d-1", "{}") == Delivery::sent);
    CHECK(gateway.receive_packet() == expected("d-1", 1));
    Client own(house.io, house.port());
    own.sign_in("d-1");
    subscribed(own, "d-1");
    CHECK(house.listener->command("d-1", "{}") == Delivery::sent);
    CHECK(own.receive_packet() == expected("d-1", 1));
    settle(house.io);
    CHECK(gateway.peek().empty());
    for (int i = 0; i < 19; ++i) CHECK(house.listener->command("d-1", "{}") == Delivery::sent);
    CHECK(house.listener->command("d-1", "{}") == Delivery::busy);
    house.intake.revoked = "token-d-1";
    own.hang_up();
    run_until(house.io, [&] { return house.counters().connections == 1; });
    CHECK(house.listener->command("d-1", "{}") == Delivery::sent);
    CHECK(gateway.receive_packet() == expected("d-1", 2));
    house.intake.revoked = "token-d-0";
    CHECK_FALSE(house.listener->reaches("d-1"));
    house.listener->stop();
    CHECK(house.listener->command("d-1", "{}") == Delivery::not_connected);
}

TEST_CASE("connections are limited, in all and for each device") {
    Options options;
    options.max_connections = 3;
    options.max_connections_of_device = 2;
    House house(options);
    Client first(house.io, house.port());
    first.sign_in("d-1");
    Client second(house.io, house.port());
    second.sign_in("d-1");
    Client third(house.io, house.port());
    std::string packet;
    write_connect(packet, {.level = 4, .clean_session = true, .client_id = "", .user = "d-1", .password = "token-d-1"});
    third.send(packet);
    CHECK(third.receive(4) == "\x20\2\0\3"s);
    third.expect_closed();
    third.hang_up();
    run_until(house.io, [&] { return house.counters().connections == 2; });
    Client fourth(house.io, house.port());
    fourth.sign_in("d-2");
    Client fifth(house.io, house.port());
    fifth.expect_closed();
    CHECK(house.counters().over_limit == 2);
    first.hang_up();
    run_until(house.io, [&] { return house.counters().connections == 2; });
    Client sixth(house.io, house.port());
    sixth.sign_in("d-1");
}

TEST_CASE("a revoked token loses its connection") {
    House house(quick());
    Client client(house.io, house.port());
    client.sign_in("d-1");
    Client other(house.io, house.port());
    other.sign_in("d-2");
    house.intake.revoked = "token-d-1";
    client.expect_closed();
    CHECK(house.logged("its token was revoked"));
    CHECK_FALSE(other.is_closed());
}

TEST_CASE("half-sent packets cannot fill the memory") {
    Options options;
    options.max_held_bytes = 100'000;
    House house(options);
    std::vector<std::unique_ptr<Client>> clients;
    const auto half = message(1, std::string(60'000, 'x')).substr(0, 40'000);
    for (int i = 0; i < 4; ++i) {
        clients.push_back(std::make_unique<Client>(house.io, house.port()));
        clients.back()->sign_in(fmt::format("d-{}", i));
        clients.back()->send(half);
    }
    run_until(house.io, [&] { return house.counters().connections == 2; });
    CHECK(house.logged("too much memory is held"));
}

TEST_CASE("a device that does not read its answers is not read either, and let go in the end") {
    House house(quick());
    Client client(house.io, house.port());
    client.sign_in("d-1");
    std::string pings;
    for (int i = 0; i < 50'000; ++i) pings += "\xc0\0"s;
    for (int quiet = 0; quiet < 50;) {
        const auto pushed = client.push(pings);
        quiet = pushed == 0 ? quiet + 1 : 0;
        house.io.restart();
        house.io.poll();
        if (pushed == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (house.counters().connections == 0) break;
    }
    run_until(house.io, [&] { return house.counters().connections == 0; });
    CHECK(house.logged("does not read its answers"));
}

TEST_CASE("a taken port is said so") {
    House house;
    Options options;
    options.port = house.port();
    Listener second(house.io, house.intake, options);
    const auto started = second.start();
    REQUIRE_FALSE(started);
    CHECK(started.error().code == "port-in-use");
    CHECK(started.error().message.find(std::to_string(house.port())) != std::string::npos);
    options.address = "no address";
    Listener third(house.io, house.intake, options);
    CHECK(third.start().error().code == "listen-failed");
    options.address = "203.0.113.7";
    Listener fourth(house.io, house.intake, options);
    CHECK(fourth.start().error().code == "listen-failed");
}

TEST_CASE("the log is not flooded") {
    House house;
    for (int i = 0; i < 100; ++i) {
        Client client(house.io, house.port());
        client.send("garbage");
        client.expect_closed();
    }
    CHECK(house.log.size() < 100);
}

TEST_CASE("a listener may end before its io_context runs again") {
    boost::asio::io_context io;
    FakeIntake intake{{"d-1"}};
    auto listener = std::make_unique<Listener>(io, intake, Options{.port = 0});
    REQUIRE(listener->start());
    Client client(io, listener->port());
    client.sign_in("d-1");
    listener.reset();
    client.expect_closed();
    settle(io);
}

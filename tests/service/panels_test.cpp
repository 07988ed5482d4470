// Fire panels by GB/T 26875.3 before the program's door.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/hash.hpp"
#include "doors/panel/frame.hpp"

#include "stage.hpp"

using namespace shoumen::service;
namespace support = shoumen::support;
namespace panel = shoumen::doors::panel;

namespace {

std::string community_with_panel(const support::Scratch& scratch) {
    const auto directory = scratch.path("community");
    std::filesystem::copy(demo, directory, std::filesystem::copy_options::recursive);
    std::ofstream(directory + "/devices.yaml", std::ios::app)
        << "\n  - {id: panel-1, gateway: true, place: guanghua}\n"
           "  - {id: link-panel, kind: link, place: guanghua, gateway: panel-1}\n"
           "  - {id: smoke-panel, kind: smoke, place: gh-3-301, gateway: panel-1}\n";
    std::ofstream(directory + "/maps/panels.yaml")
        << "map: panels\ndevices:\n  \"gb26875:060504030201\": panel-1\n"
           "  \"gb26875:060504030201/1.2/0.0.3.17\": smoke-panel\ntopics:\n  - {topic: gb26875/#, ignore: true}\n";
    return directory;
}

// A part's state with the panel's own clock, in a frame of that serial.
std::string frame(int serial, int state = 3) {
    const std::string tag("\x05\x04\x0b\x03\x03\x1a", 6);
    std::string data("\x02\x01\x01\x02\x28\x11\x03\x00\x00", 9);
    data += static_cast<char>(state);
    data += '\0';
    data += std::string(31, '\0') + tag;
    panel::Frame f;
    f.serial = static_cast<std::uint16_t>(serial);
    f.version = 0x0101;
    f.time = {5, 4, 11, 3, 3, 26};
    f.from = "060504030201";
    f.to = "000000000000";
    f.command = static_cast<std::uint8_t>(panel::Command::send);
    f.data = data;
    return panel::write_frame(f);
}

class Line {
public:
    explicit Line(std::uint16_t port, const char* from = "127.0.0.1")
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = ::inet_addr(from);
        REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.sin_port = htons(port);
        const timeval patience{0, 500'000};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
    }
    ~Line() { ::close(fd_); }
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    bool send(const std::string& bytes) const {
        return ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    // The next answer; none: nothing came, or the line is cut.
    std::optional<panel::Frame> answer() {
        for (int i = 0; i < 10; ++i) {
            const auto found = panel::find_frame(held_);
            if (found.frame) {
                auto out = *found.frame;
                out.data = {};
                held_.erase(0, found.used);
                return out;
            }
            char buffer[4'096];
            const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
            if (n <= 0) return {};
            held_.append(buffer, static_cast<std::size_t>(n));
        }
        return {};
    }

private:
    int fd_;
    bool connected_ = false;
    std::string held_;
};

std::uint16_t port_of(Stage& stage) {
    const auto& said = stage.server().output();
    const auto at = said.find(" panel 127.0.0.1:");
    REQUIRE(at != std::string::npos);
    return static_cast<std::uint16_t>(std::stoi(said.substr(at + 17)));
}

}  // namespace

TEST_CASE("the door for fire panels does not open without a list of who may come") {
    const support::Scratch scratch;
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> all{"serve",      "--community", demo,     "--data",      scratch.path("data"),
                                     "--http",     "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--panel",
                                     "127.0.0.1:0"};
        all.insert(all.end(), more.begin(), more.end());
        return support::run_to_end(all);
    };
    CHECK(run({}).code == 2);
    CHECK(run({"--panel-peer", "nowhere"}).err.find("bad-address") != std::string::npos);
}

TEST_CASE("a fire panel's alarm opens an incident, and is confirmed; from an address that was not allowed nothing is") {
    const support::Scratch scratch;
    Stage stage({"--panel", "127.0.0.1:0", "--panel-peer", "127.0.0.1"}, false, community_with_panel(scratch));
    const auto port = port_of(stage);
    Line stranger(port, "127.0.0.2");
    stranger.send(frame(1));
    CHECK_FALSE(stranger.answer());
    CHECK(stage.live_incidents().empty());

    Line line(port);
    REQUIRE(line.send("noise" + frame(1)));
    auto answer = line.answer();
    REQUIRE(answer);
    CHECK(answer->command == static_cast<std::uint8_t>(panel::Command::confirm));
    CHECK(answer->serial == 1);
    CHECK(stage.wait_until([](const json::array& live) { return live.size() == 1 && live[0].at("kind") == "fire"; }));
    auto broken = frame(2);
    broken[broken.size() - 3] = static_cast<char>(broken[broken.size() - 3] + 1);
    line.send(broken);
    answer = line.answer();
    REQUIRE(answer);
    CHECK(answer->command == static_cast<std::uint8_t>(panel::Command::deny));
}

TEST_CASE("kill -9 while a panel reports: every frame that was confirmed is there, once") {
    const support::Scratch scratch;
    Stage stage({"--panel", "127.0.0.1:0", "--panel-peer", "127.0.0.0/8"}, false, community_with_panel(scratch));
    std::set<int> confirmed;
    int next = 1;
    for (int round = 0; round < 4; ++round) {
        {
            Line line(port_of(stage));
            REQUIRE(line.connected());
            std::thread killer([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(100 + 70 * round));
                stage.kill();
            });
            while (line.send(frame(next++))) {
                const auto answer = line.answer();
                if (!answer) break;
                if (answer->command == static_cast<std::uint8_t>(panel::Command::confirm))
                    confirmed.insert(answer->serial);
            }
            killer.join();
        }
        stage.restart();
    }
    stage.stop();
    CHECK(confirmed.size() > 10);
    std::multiset<std::string> recorded;
    std::istringstream lines(support::run_program({"export", "--data", stage.data()}));
    for (std::string l; std::getline(lines, l);) {
        const auto input = json::parse(l);
        if (input.at("input") != "signal") continue;
        if (const auto* id = input.at("body").as_object().if_contains("id"))
            recorded.insert(std::string(id->as_string()));
    }
    for (const int serial : confirmed) {
        const auto id = fmt::format("gb26875 060504030201 {} 05040b03031a 0", serial);
        CHECK(recorded.count("#" + shoumen::base::to_hex(shoumen::base::fast_hash(id))) == 1);
    }
}

// Cameras by GB/T 28181: sipp as the camera and as the recorder, and the program behind its SIP door.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <thread>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.hpp"
#include "base/random.hpp"

#include "stage.hpp"

using namespace shoumen::service;
namespace support = shoumen::support;

namespace {

constexpr const char* platform = "34020000002000000001";
constexpr const char* recorder = "34020000001180000001";
constexpr const char* camera = "34020000001320000001";
constexpr const char* alarm_input = "34020000001340000002";  // the smoke alarm wired to the recorder

// The demo with a camera, a recorder and what is wired to it.
std::string community_with_cameras(const support::Scratch& scratch) {
    const auto directory = scratch.path("community");
    std::filesystem::copy(demo, directory, std::filesystem::copy_options::recursive);
    std::ofstream(directory + "/devices.yaml", std::ios::app) << fmt::format(
        "\n  - {{id: \"{}\", kind: resident_camera, place: gh-1-204}}\n"
        "  - {{id: \"{}\", gateway: true, place: guanghua}}\n"
        "  - {{id: link-recorder, kind: link, place: guanghua, gateway: \"{}\"}}\n"
        "  - {{id: smoke-wired, kind: smoke, place: gh-3-301, gateway: \"{}\"}}\n",
        camera, recorder, recorder, recorder);
    std::ofstream(directory + "/maps/cameras.yaml") << fmt::format(
        "map: cameras\ndevices: {{\"{}\": smoke-wired}}\ntopics:\n  - {{topic: gb28181/#, ignore: true}}\n",
        alarm_input);
    return directory;
}

std::string content_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
}

// The same after each restart: cameras are told it once.
std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    ::close(fd);
    return ntohs(at.sin_port);
}

// The program with its SIP door open, and sipp before it.
class Estate {
public:
    explicit Estate(std::vector<std::string> more = {})
        : community_(community_with_cameras(scratch_)), stage_(arguments(std::move(more)), false, community_) {
        own_password(stage_);
    }

    Stage& stage() { return stage_; }
    std::uint16_t port() {
        const auto& said = stage_.server().output();
        const auto at = said.find(" sip 127.0.0.1:");
        REQUIRE(at != std::string::npos);
        return static_cast<std::uint16_t>(std::stoi(said.substr(at + 15)));
    }
    std::string password(const std::string& device) { return new_token(stage_, device); }

    // sipp with this scenario, once; its exit code (0: everything came as it says there).
    int sipp(const std::string& scenario, const std::string& out_of_call = {}, int calls = 1, bool stream = false) {
        const auto file = scratch_.path("scenario.xml");
        std::ofstream(file, std::ios::binary) << scenario;
        std::string beside;
        if (!out_of_call.empty()) {
            const auto other = scratch_.path("beside.xml");
            std::ofstream(other, std::ios::binary) << out_of_call;
            beside = "-oocsf " + other;
        }
        const auto command = fmt::format(
            "cd {} && sipp 127.0.0.1:{} -i 127.0.0.1 -sf {} {} -m {} -r 20 -t {} -nostdin -timeout 60 -timeout_error "
            "-trace_err -error_file {} >{} 2>&1",
            scratch_.path("."), port(), file, beside, calls, stream ? "t1" : "u1", scratch_.path("errors"),
            scratch_.path("sipp.out"));
        const int code = std::system(command.c_str());
        const int ended = WIFEXITED(code) ? WEXITSTATUS(code) : -1;
        if (ended != 0) std::cerr << content_of(scratch_.path("errors")).substr(0, 4'000);
        return ended;
    }
    double figure(const std::string& name) {
        std::istringstream lines(stage_.metrics());
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
        }
        return -1;
    }
    bool wait_figure(const std::string& name, double wanted, int seconds = 20) {
        for (int i = 0; i < seconds * 5; ++i) {
            if (figure(name) >= wanted) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
        return false;
    }

private:
    static std::vector<std::string> arguments(std::vector<std::string> more) {
        std::vector<std::string> all{"--sip", fmt::format("127.0.0.1:{}", free_port()), "--sip-code", platform};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    support::Scratch scratch_;
    std::string community_;
    Stage stage_;
};

// --- Scenarios of sipp -------------------------------------------------------------------------------------------

std::string send(const std::string& method, const std::string& from, int sequence, const std::string& more,
                 const std::string& body = {}, bool again = true) {
    return fmt::format(
        "<send{}><![CDATA[\n{} sip:{}@3402000000 SIP/2.0\nVia: SIP/2.0/[transport] "
        "[local_ip]:[local_port];rport;branch=[branch]\n"
        "From: <sip:{}@3402000000>;tag=[pid]c[call_number]\nTo: <sip:{}@3402000000>\nCall-ID: [call_id]\n"
        "CSeq: {} {}\nMax-Forwards: 70\nContact: <sip:{}@[local_ip]:[local_port]>\n{}{}Content-Length: "
        "[len]\n\n{}]]></send>\n",
        again ? " retrans=\"500\"" : "", method, platform, from, platform, sequence, method, from, more,
        body.empty() ? "" : "Content-Type: Application/MANSCDP+xml\n", body);
}

std::string receive(int status, bool with_challenge = false) {
    return fmt::format("<recv response=\"{}\"{}></recv>\n", status, with_challenge ? " auth=\"true\"" : "");
}

std::string scenario(const std::string& steps) {
    return "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"camera\">\n" + steps + "</scenario>\n";
}

std::string credentials(const std::string& user, const std::string& password) {
    return fmt::format("[authentication username={} password={}]\n", user, password);
}

// REGISTER, the challenge, REGISTER with the password, and what comes of it.
std::string registering(const std::string& code, const std::string& password, int expected = 200, int expires = 3600) {
    const auto more = fmt::format("Expires: {}\n", expires);
    return send("REGISTER", code, 1, more) + receive(401, true) +
           send("REGISTER", code, 2, more + credentials(code, password)) + receive(expected);
}

std::string alarm(const std::string& channel, const std::string& serial, int method, int type,
                  const std::string& description) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<Notify>\n<CmdType>Alarm</CmdType>\n<SN>{}</SN>\n"
        "<DeviceID>{}</DeviceID>\n<AlarmPriority>1</AlarmPriority>\n<AlarmMethod>{}</AlarmMethod>\n"
        "<AlarmTime>2026-03-03T08:00:00</AlarmTime>\n<AlarmDescription>{}</AlarmDescription>\n<Info>\n"
        "<AlarmType>{}</AlarmType>\n</Info>\n</Notify>\n",
        serial, channel, method, description, type);
}

constexpr const char* hallway = "\xc2\xa5\xb5\xc0";               // 楼道 in GB 18030
constexpr const char* hallway_utf8 = "\xe6\xa5\xbc\xe9\x81\x93";  // the same

// Answers the catalogue's question in packets of twenty channels; a subscription with 200. sipp reads 64 KiB of
// scenario.
std::string answering_catalogue(int channels) {
    const auto answer = [](const char* to) {
        return fmt::format(
            "<send{}><![CDATA[\nSIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]o[call_number]\n"
            "[last_Call-ID:]\n[last_CSeq:]\nExpires: 3600\nContent-Length: 0\n\n]]></send>\n",
            to);
    };
    std::string out =
        "<recv request=\"SUBSCRIBE\" optional=\"true\" next=\"1\"></recv>\n"
        "<recv request=\"MESSAGE\"><action><ereg regexp=\"<SN>([0-9]+)</SN>\" search_in=\"msg\" check_it=\"true\" "
        "assign_to=\"1,2\"/></action></recv>\n";
    out += answer("");
    int sequence = 10;
    constexpr int in_a_packet = 20;
    for (int from = 0; from < channels; from += in_a_packet) {
        std::string items;
        for (int i = from; i < std::min(from + in_a_packet, channels); ++i)
            items +=
                fmt::format("<Item><DeviceID>3402000000131{:07}</DeviceID><Name>{}{}</Name></Item>\n", i, hallway, i);
        out += send("MESSAGE", recorder, ++sequence, "",
                    fmt::format("<?xml version=\"1.0\" encoding=\"GB2312\"?>\n<Response>\n<CmdType>Catalog</CmdType>\n"
                                "<SN>[$2]</SN>\n<DeviceID>{}</DeviceID>\n<SumNum>{}</SumNum>\n<DeviceList "
                                "Num=\"{}\">\n{}</DeviceList>\n</Response>\n",
                                recorder, channels, in_a_packet, items)) +
               receive(200);
    }
    out += "<nop next=\"2\"></nop>\n<label id=\"1\"/>\n" + answer("") +
           "<label id=\"2\"/>\n<Reference variables=\"1\"/>\n";
    return scenario(out);
}

bool there_is(const char* program) {
    return std::system(fmt::format("command -v {} >/dev/null", program).c_str()) == 0;
}

// Raw datagrams, for what sipp does not count for us.
class Datagrams {
public:
    Datagrams() : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
        timeval patience{0, 5'000};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Datagrams() { ::close(fd_); }
    Datagrams(const Datagrams&) = delete;
    Datagrams& operator=(const Datagrams&) = delete;

    void send(std::uint16_t port, const std::string& bytes) const {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port = htons(port);
        ::sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    }
    [[nodiscard]] std::string receive() const {
        std::string out(65'536, '\0');
        const auto n = ::recv(fd_, out.data(), out.size(), 0);
        out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return out;
    }

private:
    int fd_;
};

std::string alarm_datagram(const std::string& from, const std::string& serial) {
    const auto body = alarm(camera, serial, 5, 6, "x");
    return fmt::format(
        "MESSAGE sip:{0}@3402000000 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;rport;branch=z9hG4bK{1}\r\n"
        "From: <sip:{2}@3402000000>;tag=1\r\nTo: <sip:{0}@3402000000>\r\nCall-ID: {1}@127.0.0.1\r\nCSeq: 1 "
        "MESSAGE\r\nMax-Forwards: 70\r\nContent-Type: Application/MANSCDP+xml\r\nContent-Length: {3}\r\n\r\n{4}",
        platform, serial, from, body.size(), body);
}

}  // namespace

TEST_CASE("nothing listens for cameras unless it is asked to, and then not without a code") {
    const support::Scratch scratch;
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> all{"serve",  "--community", demo,     "--data",     scratch.path("data"),
                                     "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"};
        all.insert(all.end(), more.begin(), more.end());
        return support::run_to_end(all);
    };
    CHECK(run({"--sip", "127.0.0.1:0"}).code == 2);
    const auto short_code = run({"--sip", "127.0.0.1:0", "--sip-code", "123"});
    CHECK(short_code.code == 2);
    CHECK(short_code.err.find("bad-sip-code") != std::string::npos);
    CHECK(run({"--sip", "0.0.0.0:0", "--sip-code", platform}).err.find("--sip-reached-by") != std::string::npos);
    Stage stage;
    CHECK(stage.server().output().find(" sip ") == std::string::npos);
}

TEST_CASE("sipp as a recorder: it registers by digest, and the smoke alarm wired to it opens an incident") {
    REQUIRE_MESSAGE(there_is("sipp"), "sipp is missing: ./dev setup test");
    Estate estate;
    const auto secret = estate.password(recorder);
    CHECK(secret.size() == 16);
    CHECK(estate.sipp(scenario(registering(recorder, secret + "x", 403))) == 0);
    CHECK(estate.figure("shoumen_sip_refused_total") == 1);
    CHECK(estate.figure("shoumen_sip_registered") == 0);

    // 三楼楼道烟感报警, in GB 18030, over UDP and then over TCP.
    const std::string words = "\xc8\xfd\xc2\xa5\xc2\xa5\xb5\xc0\xd1\xcc\xb8\xd0\xb1\xa8\xbe\xaf";
    const auto steps = [&](const std::string& serial) {
        return scenario(registering(recorder, secret) +
                        send("MESSAGE", recorder, 3, "", alarm(alarm_input, serial, 2, 4, words)) + receive(200));
    };
    CHECK(estate.sipp(steps("1")) == 0);
    CHECK(estate.stage().wait_until([](const json::array& live) { return live.size() == 1; }));
    CHECK(estate.sipp(steps("2"), {}, 1, true) == 0);
    CHECK(estate.figure("shoumen_sip_alarms_total") == 2);
    CHECK(estate.figure("shoumen_sip_quarantined_total") == 0);
    CHECK(estate.figure("shoumen_sip_registered") == 1);

    // A channel that nobody has entered waits in the quarantine, and says why.
    CHECK(estate.sipp(scenario(registering(recorder, secret) +
                               send("MESSAGE", recorder, 3, "", alarm("34020000001320000777", "3", 5, 6, words)) +
                               receive(200))) == 0);
    CHECK(estate.figure("shoumen_sip_quarantined_total") == 1);
    CHECK(estate.stage().metrics().find("code=\"unknown-device\"") != std::string::npos);

    // Its password is revoked: it may say nothing more.
    CHECK(estate.stage().ask("admin", "DELETE", fmt::format("/api/v1/devices/{}/token", recorder)).status == 204);
    CHECK(estate.sipp(scenario(registering(recorder, secret, 403))) == 0);
    CHECK(estate.sipp(
              scenario(send("MESSAGE", recorder, 3, "", alarm(alarm_input, "4", 2, 4, words)) + receive(401))) == 0);
}

TEST_CASE("a nonce that was used is answered with another one, and so is one made up") {
    REQUIRE_MESSAGE(there_is("sipp"), "sipp is missing: ./dev setup test");
    Estate estate;
    const auto secret = estate.password(camera);
    const std::string more = "Expires: 3600\n";
    // The same challenge answered twice, in two messages.
    CHECK(estate.sipp(scenario(send("REGISTER", camera, 1, more) + receive(401, true) +
                               send("REGISTER", camera, 2, more + credentials(camera, secret)) + receive(200) +
                               send("REGISTER", camera, 3, more + credentials(camera, secret)) + receive(401, true) +
                               send("REGISTER", camera, 4, more + credentials(camera, secret)) + receive(200))) == 0);
    CHECK(estate.figure("shoumen_sip_registrations_total") == 2);
    CHECK(estate.figure("shoumen_sip_refused_total") == 0);
}

TEST_CASE("a recorder with 500 channels answers in 25 packets, and they wait to be taken in") {
    REQUIRE_MESSAGE(there_is("sipp"), "sipp is missing: ./dev setup test");
    Estate estate;
    const auto secret = estate.password(recorder);
    const auto stays = registering(recorder, secret) + "<pause milliseconds=\"8000\"/>\n";
    CHECK(estate.sipp(scenario(stays), answering_catalogue(500)) == 0);
    CHECK(estate.figure("shoumen_sip_catalogues_total") == 1);
    CHECK(estate.figure("shoumen_sip_catalogues_incomplete_total") == 0);
    CHECK(estate.figure("shoumen_sip_announced_total") == 500);
    auto& stage = estate.stage();
    CHECK(stage.server().log().find("holds 500 channels") != std::string::npos);
    // No signals, no quarantine, no line for each: only the tray.
    CHECK(stage.metrics().find("code=\"unknown-device\"") == std::string::npos);
    const auto tray = [&] {
        const auto answer = stage.ask("admin", "GET", "/api/v1/upkeep/tray");
        REQUIRE(answer.status == 200);
        return json::parse(answer.body).at("waiting").as_array();
    };
    const auto name_of = [](int n) { return fmt::format("{}{}", hallway_utf8, n); };
    const auto waiting = tray();
    REQUIRE(waiting.size() == 500);
    const json::object expected{
        {"device", "34020000001310000007"}, {"speaker", recorder}, {"door", "sip"}, {"kind", "resident_camera"},
        {"said_kind", "resident_camera"},   {"name", name_of(7)},  {"times", 0}};
    for (const auto& [key, value] : expected) CHECK(waiting.at(7).at(key) == value);

    // One is taken in under the name it has there, one is not wanted.
    const auto taken =
        stage.ask("admin", "POST", "/api/v1/upkeep/tray/34020000001310000007",
                  json::object{{"speaker", recorder}, {"kind", "resident_camera"}, {"place", "gh-1-204"}});
    REQUIRE(taken.status == 201);
    CHECK(json::parse(taken.body).at("device").at("name").at("zh").as_string() == name_of(7));
    CHECK(json::parse(taken.body).at("device").at("gateway") == recorder);
    CHECK(stage.ask("admin", "DELETE", "/api/v1/upkeep/tray/34020000001310000008").status == 204);
    CHECK(tray().size() == 498);
    // Its alarm now is a signal of its own.
    CHECK(estate.sipp(scenario(send("MESSAGE", recorder, 3, "", alarm("34020000001310000007", "8", 5, 6, "x")) +
                               receive(200))) == 0);
    CHECK(estate.figure("shoumen_sip_quarantined_total") == 0);

    // They wait after a restart too, with their names; and what is told again adds nothing.
    std::this_thread::sleep_for(std::chrono::seconds(11));
    CHECK(stage.stop() == 0);
    stage.restart();
    const auto after = tray();
    REQUIRE(after.size() == 498);
    CHECK(after.at(7).at("name").as_string() == name_of(9));
    CHECK(estate.sipp(scenario(stays), answering_catalogue(500)) == 0);
    CHECK(tray().size() == 498);
    // Names of channels are sealed where keys are: here none is in the database in clear.
    if (std::filesystem::exists(stage.data() + "/keys"))
        CHECK(content_of(stage.data() + "/shoumen.db").find(name_of(9)) == std::string::npos);
}

TEST_CASE("keep-alives that stop are noticed, and a device that registers anew is there again") {
    REQUIRE_MESSAGE(there_is("sipp"), "sipp is missing: ./dev setup test");
    Estate estate({"--sip-keepalive", "1"});
    const auto secret = estate.password(recorder);
    CHECK(estate.sipp(scenario(registering(recorder, secret))) == 0);
    CHECK(estate.wait_figure("shoumen_sip_silent", 1));
    CHECK(estate.figure("shoumen_sip_lost_total") == 1);
    // The demo's rule for a lost link waits half a minute before it alerts; the signal itself is there at once.
    CHECK(estate.sipp(scenario(registering(recorder, secret))) == 0);
    CHECK(estate.figure("shoumen_sip_silent") == 0);
    CHECK(estate.stage().stop() == 0);
    const auto log = support::run_program({"export", "--data", estate.stage().data()});
    CHECK(log.find("\"online\":false") != std::string::npos);
}

TEST_CASE("kill -9 while alarms come in: every one that was answered with 200 is there, and none twice") {
    Estate estate;
    const auto secret = estate.password(camera);
    REQUIRE(there_is("sipp"));
    REQUIRE(estate.sipp(scenario(registering(camera, secret))) == 0);
    shoumen::base::SeededRandom random(28181);
    const Datagrams line;
    std::set<std::string> answered;
    std::uint64_t next = 1'000'000;
    const auto port = estate.port();
    for (int round = 0; round < 5; ++round) {
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(100 + static_cast<int>(random.below(400)));
        std::thread killer([&] {
            std::this_thread::sleep_until(until);
            estate.stage().kill();
        });
        while (std::chrono::steady_clock::now() < until + std::chrono::milliseconds(50)) {
            line.send(port, alarm_datagram(camera, std::to_string(next++)));
            for (auto got = line.receive(); !got.empty(); got = line.receive()) {
                if (!got.starts_with("SIP/2.0 200")) continue;
                const auto at = got.find("Call-ID: ");
                answered.insert(got.substr(at + 9, got.find('@', at) - at - 9));
                if (std::chrono::steady_clock::now() > until + std::chrono::milliseconds(50)) break;
            }
        }
        killer.join();
        estate.stage().restart();
    }
    // Registered as before, without having registered anew.
    line.send(port, alarm_datagram(camera, "9999999"));
    bool took = false;
    for (int i = 0; i < 400 && !took; ++i) took = line.receive().starts_with("SIP/2.0 200");
    CHECK(took);
    estate.stage().stop();
    CHECK(answered.size() > 20);
    std::cout << answered.size() << " alarms answered over 5 kills\n";
    const auto log = support::run_program({"export", "--data", estate.stage().data()});
    std::multiset<std::string> recorded;
    std::istringstream lines(log);
    for (std::string l; std::getline(lines, l);) {
        const auto input = json::parse(l);
        if (input.at("input") != "signal") continue;
        if (const auto* id = input.at("body").as_object().if_contains("id"))
            recorded.insert(std::string(id->as_string()));
    }
    std::size_t lost = 0;
    std::size_t doubled = 0;
    for (const auto& serial : answered) {
        const auto id = fmt::format("gb28181 {} {} 2026-03-03T08:00:00 5.6", camera, serial);
        const auto times = recorded.count("#" + shoumen::base::to_hex(shoumen::base::fast_hash(id)));
        lost += times == 0 ? 1 : 0;
        doubled += times > 1 ? 1 : 0;
    }
    CHECK(lost == 0);
    CHECK(doubled == 0);
}

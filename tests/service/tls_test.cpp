// The doors by TLS, spoken to with openssl and mosquitto's own clients.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/wait.h>

#include "stage.hpp"

using namespace shoumen::service;

namespace {

struct Told {
    int code = -1;
    std::string out;
};

Told run(const Stage& stage, const std::string& command) {
    const std::string file = stage.scratch("told");
    const int status = std::system(fmt::format("timeout 20 {} >'{}' 2>&1", command, file).c_str());
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str()};
}

std::string port_of(Stage& stage, const std::string& door) {
    std::smatch found;
    const std::string said = stage.server().output();
    REQUIRE(std::regex_search(said, found, std::regex(" " + door + " [0-9.]+:([0-9]+)")));
    return found[1];
}

struct Keys {
    std::string dir;
    explicit Keys(const Stage& stage) : dir(stage.data() + "/keys/tls") {}
    [[nodiscard]] std::string authority() const { return dir + "/authority.crt"; }
};

// A device's own key and certificate, as a technician makes them; the paths without .key and .crt.
std::string certified(Stage& stage, const std::string& device) {
    const std::string base = stage.scratch(device);
    REQUIRE(run(stage, fmt::format("openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x "
                                   "-keyout '{0}.key' -out '{0}.csr'",
                                   base))
                .code == 0);
    std::ostringstream request;
    request << std::ifstream(base + ".csr").rdbuf();
    const auto made =
        stage.ask("admin", "POST", "/api/v1/devices/" + device + "/certificate", {{"request", request.str()}});
    REQUIRE_MESSAGE(made.status == 201, made.body);
    std::ofstream(base + ".crt") << std::string_view(json::parse(made.body).at("certificate").as_string());
    return base;
}

std::string alarm_of(const std::string& device, const std::string& id) {
    return fmt::format(R"({{"id":"{}","device":"{}","kind":"smoke","values":{{"smoke":true}}}})", id, device);
}

std::string publish(Stage& stage, const std::string& more, const std::string& device, const std::string& id) {
    return fmt::format("mosquitto_pub -h localhost -p {} --cafile '{}' -q 1 -t shoumen/v1/{}/signal -m '{}' {}",
                       port_of(stage, "mqtts"), Keys(stage).authority(), device, alarm_of(device, id), more);
}

Told https(Stage& stage, const std::string& request, const std::string& more = {}) {
    const std::string file = stage.scratch("request");
    std::ofstream(file) << request;
    return run(stage,
               fmt::format("openssl s_client -quiet -verify_return_error -verify_hostname localhost -CAfile '{}' "
                           "-connect localhost:{} {} <'{}'",
                           Keys(stage).authority(), port_of(stage, "https"), more, file));
}

constexpr const char* ask_health = "GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("by TLS: pages and the API, with a certificate of the node's own; old protocols and plain text are refused") {
    Stage stage({"--https", "127.0.0.1:0", "--mqtts", "127.0.0.1:0", "--tls-name", "localhost"});
    const auto fine = https(stage, ask_health);
    CHECK_MESSAGE(fine.out.find("HTTP/1.1 200") != std::string::npos, fine.out);
    CHECK(fine.out.find("\"ready\":true") != std::string::npos);
    CHECK(https(stage, ask_health, "-tls1_1").out.find("200 OK") == std::string::npos);
    CHECK(https(stage, ask_health, "-tls1_2 -cipher AES128-SHA").out.find("200 OK") == std::string::npos);
    CHECK(https(stage, ask_health, "-tls1_2").out.find("200 OK") != std::string::npos);
    CHECK(https(stage, ask_health, "-alpn h2,http/1.1").out.find("200 OK") != std::string::npos);
    // The session's cookie is for TLS alone then.
    const std::string body = fmt::format(R"({{"account":"duty","password":"{}"}})", stage.passwords().at("duty"));
    const auto in = https(stage, fmt::format("POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                             "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                                             body.size(), body));
    CHECK_MESSAGE(in.out.find("; Secure") != std::string::npos, in.out);
    CHECK(in.out.find("Strict-Transport-Security: max-age=") != std::string::npos);
    // What is no TLS gets no answer, and the next one does.
    shoumen::app::HttpClient plain("127.0.0.1", static_cast<std::uint16_t>(std::stoi(port_of(stage, "https"))));
    CHECK_FALSE(plain.ask({"GET", "/api/v1/health", {}, {}, {}}));
    CHECK(https(stage, ask_health).out.find("200 OK") != std::string::npos);
    // What the keys' directory lets others read.
    using std::filesystem::perms;
    CHECK((std::filesystem::status(Keys(stage).dir).permissions() & perms::all) == perms::owner_all);
    CHECK(stage.stop() == 0);
}

TEST_CASE("a device by mutual TLS: its certificate stands for its token, and ends when that is revoked") {
    Stage stage({"--mqtts", "127.0.0.1:0", "--tls-name", "localhost"});
    own_password(stage);
    const std::string device = "smoke-gh-4-102";
    const std::string base = certified(stage, device);
    const std::string shown = fmt::format("--cert '{0}.crt' --key '{0}.key'", base);
    const auto sent = run(stage, publish(stage, shown, device, "t1"));
    CHECK_MESSAGE(sent.code == 0, sent.out);
    CHECK(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    // As itself and nobody else.
    CHECK(run(stage, publish(stage, shown + " -u " + device, device, "t2")).code == 0);
    CHECK(run(stage, publish(stage, shown + " -u smoke-jx-1-801", device, "t3")).code != 0);
    // Taken for the quarantine, as by a token: nothing comes of it.
    run(stage, publish(stage, shown, "smoke-jx-1-801", "t4"));
    CHECK(stage.ask("duty", "GET", "/api/v1/quarantine").body.find("smoke-jx-1-801") != std::string::npos);
    CHECK(stage.live_incidents().size() == 1);
    // A token by TLS, without a certificate.
    CHECK(run(stage, publish(stage, "-u d-1 -P " + stage.device_token(), "d-1", "t5")).code == 0);
    // Without either; with the fingerprint of another's certificate said for a token.
    CHECK(run(stage, publish(stage, "-u " + device, device, "t6")).code != 0);
    const auto print = run(stage, fmt::format("openssl x509 -in '{}.crt' -noout -fingerprint -sha256", base)).out;
    std::string hex;
    for (const char c : print.substr(print.find('=') + 1)) {
        if (std::isxdigit(static_cast<unsigned char>(c)) != 0)
            hex += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    REQUIRE(hex.size() == 64);
    CHECK(run(stage, publish(stage, "-u " + device + " -P certificate:" + hex, device, "t7")).code != 0);
    CHECK(stage.publish("shoumen/v1/" + device + "/signal", alarm_of(device, "t8"), device, "certificate:" + hex) != 0);
    CHECK(stage.signal(alarm_of(device, "t9"), "certificate:" + hex).status == 401);
    // Signed by itself: it does not get through the handshake.
    REQUIRE(
        run(stage, fmt::format("openssl req -x509 -key '{0}.key' -subj /CN={1} -days 30 -out '{0}.self'", base, device))
            .code == 0);
    CHECK(run(stage, publish(stage, fmt::format("--cert '{0}.self' --key '{0}.key'", base), device, "t10")).code != 0);
    // Revoked, and after a restart still.
    CHECK(stage.ask("admin", "DELETE", "/api/v1/devices/" + device + "/token").status == 204);
    CHECK(run(stage, publish(stage, shown, device, "t11")).code != 0);
    CHECK(stage.stop() == 0);
    stage.restart();
    CHECK(run(stage, publish(stage, shown, device, "t12")).code != 0);
    for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE("device certificates required: no token gets through; a bad request for one is told why") {
    Stage stage({"--mqtts", "127.0.0.1:0", "--tls-name", "localhost", "--device-certificates", "required"});
    own_password(stage);
    CHECK(run(stage, publish(stage, "-u d-1 -P " + stage.device_token(), "d-1", "r1")).code != 0);
    const std::string base = certified(stage, "d-1");
    CHECK(run(stage, publish(stage, fmt::format("--cert '{0}.crt' --key '{0}.key'", base), "d-1", "r2")).code == 0);
    const auto bad = stage.ask("admin", "POST", "/api/v1/devices/d-1/certificate", {{"request", "hello"}});
    CHECK(bad.status == 422);
    CHECK(code_of(bad) == "bad-certificate-request");
    CHECK(stage.ask("duty", "POST", "/api/v1/devices/d-1/certificate", {{"request", "hello"}}).status == 403);
    Stage closed;
    own_password(closed);
    CHECK(code_of(closed.ask("admin", "POST", "/api/v1/devices/d-1/certificate", {{"request", "hello"}})) ==
          "no-authority");
}

TEST_CASE("a certificate of the city's authority is taken from files, and exchanged without a restart") {
    Stage seed;  // for its scratch folder
    const std::string base = seed.scratch("city");
    const auto make = [&](const std::string& name) {
        REQUIRE(
            run(seed, fmt::format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={0} "
                                  "-addext subjectAltName=DNS:localhost -days 30 -keyout '{1}.key' -out '{1}.crt'",
                                  name, base))
                .code == 0);
    };
    make("first");
    Stage stage({"--https", "127.0.0.1:0", "--tls-certificate", base + ".crt", "--tls-key", base + ".key",
                 "--watch-every", "0.05"});
    const auto shown = [&] {
        return run(stage, fmt::format("sh -c \"openssl s_client -connect localhost:{} </dev/null | openssl x509 -noout "
                                      "-subject\"",
                                      port_of(stage, "https")))
            .out;
    };
    CHECK(shown().find("first") != std::string::npos);
    make("second");
    std::string now;
    for (int i = 0; i < 100 && (now = shown()).find("second") == std::string::npos; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK_MESSAGE(now.find("second") != std::string::npos, now);
    // A key that does not belong to it is said before anybody is served.
    const auto ended =
        shoumen::support::run_to_end({"serve", "--community", demo, "--data", seed.scratch("other"), "--http",
                                      "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--https", "127.0.0.1:0",
                                      "--tls-certificate", base + ".crt", "--tls-key", seed.scratch("nowhere.key")});
    CHECK(ended.code == 2);
    CHECK(ended.err.find("bad-certificate") != std::string::npos);
}

#include "stage.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <sys/wait.h>

namespace shoumen::service {
namespace {

std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string u16(unsigned v) { return {static_cast<char>(v & 0xffU), static_cast<char>(v >> 8U)}; }
std::string u32(unsigned v) { return u16(v & 0xffffU) + u16(v >> 16U); }

// The rest of a JPEG of eight by eight grey dots.
std::string grey_square() {
    constexpr char bytes[] =
        "\xff\xe0\x00\x10\x4a\x46\x49\x46\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00\x43\x00\x50"
        "\x37\x3c\x46\x3c\x32\x50\x46\x41\x46\x5a\x55\x50\x5f\x78\xc8\x82\x78\x6e\x6e\x78\xf5\xaf\xb9\x91"
        "\xc8\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xc0\x00\x0b\x08\x00\x08\x00\x08"
        "\x01\x01\x11\x00\xff\xc4\x00\x14\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\x00\x00\xff\xc4\x00\x14\x10\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
        "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9";
    return {bytes, sizeof bytes - 1};
}

}  // namespace

Stage::Stage(std::vector<std::string> more, bool feed, std::string community)
    : data_(scratch_.path("data")), contract_(testing::OpenApi::read(SHOUMEN_SOURCE_DIR "/api/openapi.json")) {
    setenv("SHOUMEN_PROGRAM", SHOUMEN_PROGRAM, 1);
    arguments_ = {"--demo", "--community", std::move(community), "--data", data_};
    if (!feed) arguments_.emplace_back("--no-feed");
    arguments_.insert(arguments_.end(), more.begin(), more.end());
    restart();
    passwords_ = support::secrets_in(server_->output(), "account");
    device_token_ = support::secrets_in(server_->output(), "device").at("d-1");
}

void Stage::restart() {
    client_.reset();
    server_.reset();
    server_ = std::make_unique<support::Server>(arguments_);
    client_ = std::make_unique<app::HttpClient>("127.0.0.1", server_->http_port());
}

void Stage::restart(const std::vector<std::string>& more) {
    const auto before = arguments_;
    arguments_.insert(arguments_.end(), more.begin(), more.end());
    tokens_.clear();
    restart();
    arguments_ = before;
}

app::HttpAnswer Stage::checked(const app::HttpRequest& request) {
    const auto answer = client_->ask(request);
    if (!answer) throw std::runtime_error("no answer to " + request.target);
    const bool picture = request.target.starts_with("/api/v1/evidence/") && answer->status == 200;
    const bool archive = request.target.ends_with("/archive") && answer->status == 200;
    const std::string type = picture                ? "image/jpeg"
                             : archive              ? "application/zip"
                             : answer->body.empty() ? ""
                                                    : "application/json";
    for (auto& f : contract_.check_answer(request.method, request.target, answer->status, type, answer->body))
        findings_.push_back(std::move(f));
    return *answer;
}

std::string Stage::token_of(const std::string& account) {
    auto& token = tokens_[account];
    if (token.empty()) {
        const auto answer =
            checked({"POST",
                     "/api/v1/session",
                     {},
                     "application/json",
                     json::serialize(json::object{{"account", account}, {"password", passwords_.at(account)}})});
        if (answer.status != 200) throw std::runtime_error("cannot sign in as " + account);
        token = json::parse(answer.body).at("token").as_string();
    }
    return token;
}

app::HttpAnswer Stage::ask(const std::string& account, const std::string& method, const std::string& target,
                           const json::value& body) {
    const std::string token = account.empty() ? std::string{} : token_of(account);
    const bool has_body = !body.is_null();
    return checked({method, target, token, has_body ? "application/json" : "", has_body ? json::serialize(body) : ""});
}

app::HttpAnswer Stage::raw(const std::string& account, const std::string& method, const std::string& target) {
    const auto answer = client_->ask({method, target, token_of(account), "", ""});
    if (!answer) throw std::runtime_error("no answer to " + target);
    return *answer;
}

void Stage::know(const std::string& account, const std::string& one_time_password) {
    passwords_[account] = one_time_password;
    const std::string own = "a-password-of-" + account;
    const auto changed = ask(account, "PUT", "/api/v1/session/password", {{"old", one_time_password}, {"new", own}});
    if (changed.status != 204) throw std::runtime_error("cannot change the password of " + account);
    passwords_[account] = own;
}

app::HttpAnswer Stage::ask_with(const std::string& token, const std::string& method, const std::string& target,
                                const json::value& body, std::vector<std::pair<std::string, std::string>> headers) {
    const bool has_body = !body.is_null();
    return checked({method, target, token, has_body ? "application/json" : "", has_body ? json::serialize(body) : "",
                    std::move(headers)});
}

app::HttpAnswer Stage::send_picture(const std::string& account, const std::string& target, const std::string& bytes) {
    return checked({"POST", target, token_of(account), "image/jpeg", bytes});
}

app::HttpAnswer Stage::send_table(const std::string& account, const std::string& target, const std::string& bytes) {
    return checked({"POST", target, token_of(account), "text/csv", bytes});
}

app::HttpAnswer Stage::signal(const std::string& body, const std::string& token) {
    return checked({"POST", "/api/v1/signals", token.empty() ? device_token_ : token, "application/json", body});
}

int Stage::publish(const std::string& topic, const std::string& payload, const std::string& user,
                   const std::string& token) {
    const std::string command = fmt::format(
        "timeout 20 mosquitto_pub -h 127.0.0.1 -p {} -q 1 -u {} -P {} -t {} -m {} 2>/dev/null", server_->mqtt_port(),
        quoted(user), quoted(token.empty() ? device_token_ : token), quoted(topic), quoted(payload));
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int Stage::publish_as_user(const std::string& topic, const std::string& payload, const std::string& user) {
    const std::string command =
        fmt::format("timeout 20 mosquitto_pub -h 127.0.0.1 -p {} -q 1 -u {} -t {} -m {} 2>/dev/null",
                    server_->mqtt_port(), quoted(user), quoted(topic), quoted(payload));
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

json::array Stage::live_incidents() {
    return json::parse(ask("duty", "GET", "/api/v1/incidents?live=1").body).at("incidents").as_array();
}

std::string Stage::metrics() {
    const auto answer = client_->ask({"GET", "/api/v1/metrics", token_of("admin"), "", ""});
    return answer ? answer->body : std::string();
}

json::object Stage::incident(const std::string& id, const std::string& account) {
    return json::parse(ask(account, "GET", "/api/v1/incidents/" + id).body).as_object();
}

bool Stage::wait_until(const std::function<bool(const json::array&)>& holds) {
    for (int i = 0; i < 100; ++i) {
        if (holds(live_incidents())) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

std::string photo(const std::string& mark, const std::string& taken) {
    std::string jpeg = "\xff\xd8";
    if (!taken.empty()) {
        const unsigned exif_ifd = 8 + 2 + 12 + 4;
        const unsigned data = exif_ifd + 2 + 12 + 4;
        std::string tiff = "II" + u16(42) + u32(8) + u16(1) + u16(0x8769) + u16(4) + u32(1) + u32(exif_ifd) + u32(0);
        tiff += u16(1) + u16(0x9003) + u16(2) + u32(20) + u32(data) + u32(0) + taken + '\0';
        const std::string body = std::string("Exif\0\0", 6) + tiff;
        const auto n = static_cast<unsigned>(body.size() + 2);
        jpeg += std::string("\xff\xe1") + static_cast<char>(n >> 8U) + static_cast<char>(n & 0xffU) + body;
    }
    const auto n = static_cast<unsigned>(mark.size() + 2);
    jpeg += std::string("\xff\xfe") + static_cast<char>(n >> 8U) + static_cast<char>(n & 0xffU) + mark;
    return jpeg + grey_square();
}

std::string code_of(const app::HttpAnswer& answer) {
    boost::system::error_code e;
    const auto v = json::parse(answer.body, e);
    if (e || !v.is_object() || !v.as_object().contains("error")) return {};
    return std::string(v.at("error").at("code").as_string());
}

void own_password(Stage& stage) {
    REQUIRE(stage
                .ask("admin", "PUT", "/api/v1/session/password",
                     {{"old", stage.passwords().at("admin")}, {"new", "a-password-of-the-test"}})
                .status == 204);
}

std::string new_token(Stage& stage, const std::string& device) {
    const auto made = stage.ask("admin", "POST", "/api/v1/devices/" + device + "/token");
    REQUIRE(made.status == 201);
    return std::string(json::parse(made.body).at("token").as_string());
}

json::object files_of(const std::string& dir) {
    json::object files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir)) {
        if (!entry.is_regular_file()) continue;
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        files[std::filesystem::relative(entry.path(), dir).string()] = text.str();
    }
    return files;
}

}  // namespace shoumen::service

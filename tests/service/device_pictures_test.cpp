// Pictures that cameras push with their events: kept as evidence where an incident comes of the event, sealed; the
// alarm stands whatever becomes of the picture.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "stage.hpp"

using namespace shoumen::service;

namespace {

constexpr const char* camera = "camera-gh-1-204";

std::string event(const std::string& type, const std::string& state = "active") {
    return fmt::format(
        "<EventNotificationAlert version=\"2.0\"><ipAddress>192.0.2.9</ipAddress><channelID>1</channelID>"
        "<eventType>{}</eventType><eventState>{}</eventState></EventNotificationAlert>",
        type, state);
}

// As a camera of Hikvision's kind sends it.
shoumen::app::HttpAnswer push(Stage& stage, const std::string& token, const std::string& xml,
                              const std::vector<std::string>& pictures) {
    const std::string mark = "----boundary7f3a";
    std::string body =
        "--" + mark +
        "\r\nContent-Disposition: form-data; name=\"MoveDetection.xml\"; filename=\"MoveDetection.xml\"\r\n"
        "Content-Type: application/xml\r\n\r\n" +
        xml + "\r\n";
    for (const auto& picture : pictures)
        body +=
            "--" + mark +
            "\r\nContent-Disposition: form-data; name=\"p\"; filename=\"p.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n" +
            picture + "\r\n";
    body += "--" + mark + "--\r\n";
    shoumen::app::HttpClient client("127.0.0.1", stage.server().http_port());
    const auto answer = client.ask({"POST",
                                    fmt::format("/api/v1/push/{}/hikvision", token),
                                    "",
                                    "multipart/form-data; boundary=" + mark,
                                    body,
                                    {}});
    REQUIRE(answer);
    return *answer;
}

double figure(Stage& stage, const std::string& name) {
    std::istringstream lines(stage.metrics());
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name + " ")) return std::stod(line.substr(name.size() + 1));
    }
    return -1;
}

bool wait_figure(Stage& stage, const std::string& name, double wanted) {
    for (int i = 0; i < 100; ++i) {
        if (figure(stage, name) >= wanted) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
}

bool lies_in(const std::string& folder, const std::string& bytes) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ostringstream content;
        content << std::ifstream(entry.path(), std::ios::binary).rdbuf();
        if (content.str().find(bytes) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("the picture a camera pushes with its alarm is evidence of the incident, sealed, and shown as any other") {
    Stage stage;
    own_password(stage);
    const auto token = new_token(stage, camera);
    const auto mark = std::string("a-mark-in-the-picture");
    CHECK(push(stage, token, event("fireDetection"), {photo(mark)}).status == 200);
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    REQUIRE(wait_figure(stage, "shoumen_device_pictures_kept_total", 1));
    const auto id = std::string(stage.live_incidents().at(0).at("id").as_string());
    const auto incident = stage.incident(id);
    const auto& evidence = incident.at("evidence").as_array();
    REQUIRE(evidence.size() == 1);
    CHECK(evidence.at(0).at("phase") == "before");
    CHECK(evidence.at(0).at("by") == "device:camera-gh-1-204");
    const auto hash = std::string(evidence.at(0).at("sha256").as_string());
    const auto shown = stage.raw("duty", "GET", "/api/v1/evidence/" + hash);
    CHECK(shown.status == 200);
    CHECK(shown.body.starts_with("\xff\xd8"));
    CHECK_FALSE(lies_in(stage.data(), mark));  // on the disk it is sealed
    CHECK(stage.contract_findings().empty());

    // The same again is no second piece of evidence; a ninth of one incident is none either.
    for (int i = 0; i < 10; ++i) push(stage, token, event("fireDetection"), {photo("n" + std::to_string(i))});
    CHECK(stage.live_incidents().size() == 1);
    CHECK(stage.incident(id).at("evidence").as_array().size() <= 8);
    CHECK(stage.stop() == 0);
    CHECK(shoumen::support::run_to_end({"verify", "--data", stage.data()}).code == 0);
}

TEST_CASE("the alarm stands though its picture is none, is too large, or is cut off; and nothing of it is kept") {
    Stage stage;
    own_password(stage);
    const auto token = new_token(stage, camera);
    const auto whole = photo("whole");
    CHECK(push(stage, token, event("fireDetection"),
               {"no picture at all", std::string("\xff\xd8\xff\xe0", 4) + std::string(5'000'000, 'x'),
                whole.substr(0, whole.size() / 2)})
              .status == 200);
    REQUIRE(stage.wait_until([](const json::array& live) { return live.size() == 1; }));
    CHECK(wait_figure(stage, "shoumen_device_pictures_refused_total", 3));
    CHECK(figure(stage, "shoumen_device_pictures_kept_total") == 0);
    const auto log = stage.server().log();
    for (const char* why : {"unsupported-media", "too-large", "broken-picture"})
        CHECK_MESSAGE(log.find(why) != std::string::npos, why);
    const auto id = std::string(stage.live_incidents().at(0).at("id").as_string());
    CHECK(stage.incident(id).at("evidence").as_array().empty());
}

TEST_CASE("a picture of which no incident comes is nobody's business") {
    Stage stage;
    own_password(stage);
    const auto token = new_token(stage, camera);
    const auto mark = std::string("somebody-walks-by");
    CHECK(push(stage, token, event("VMD"), {photo(mark)}).status == 200);
    CHECK(wait_figure(stage, "shoumen_device_pictures_total", 1));
    CHECK(stage.live_incidents().empty());
    CHECK(figure(stage, "shoumen_device_pictures_kept_total") == 0);
    CHECK_FALSE(lies_in(stage.data(), mark));
}

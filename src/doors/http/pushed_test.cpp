// What devices push in the form of others: by a token in the address, read by the maps of the policy.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "testing/served.hpp"

using namespace shoumen::doors::http;
using namespace shoumen::doors::http::testing;

namespace model = shoumen::model;

namespace {

const std::string as_xml = "Content-Type: application/xml\r\n";

// push/cam/xml and push/cam/json: the value x of whoever sent it, a smoke; "gone" is passed over.
std::shared_ptr<model::Policy> with_maps() {
    auto policy = small_policy();
    model::Map map;
    map.code = "cam";
    map.file = "maps/cam.yaml";
    for (const auto form : {model::MapForm::xml, model::MapForm::json}) {
        model::MapTopic topic;
        topic.line = 3;
        topic.levels = {"push", "cam", form == model::MapForm::xml ? "xml" : "json"};
        topic.form = form;
        topic.device = model::MapDevice::own;
        topic.values = {""};
        topic.reading.kinds = {{"", "smoke"}};
        model::MapCase gone;
        gone.when = {{"gone", {"*"}}};
        gone.reading.ignored = true;
        topic.cases = {gone, {}};
        map.topics.push_back(topic);
    }
    model::MapTopic telemetry = map.topics.back();
    telemetry.levels = {"v1", "devices", "me", "telemetry"};
    map.topics.push_back(telemetry);
    policy->maps = {map};
    return policy;
}

struct Pushing {
    Served served;
    Pushing() {
        served.on_io([&] { served.intake.held_policy = with_maps(); });
    }
    std::string at(const std::string& target, const std::string& headers, const std::string& body) {
        const Got got = served.ask("POST", target, headers, body);
        return fmt::format("{} {}", got.status, got.body);
    }
};

}  // namespace

TEST_CASE("an event is read by the map of its source and form, alone or in a multipart with a picture") {
    Pushing push;
    const std::string taken = R"(200 {"accepted":1,"quarantined":0,"results":[{"index":0}]})";
    CHECK(push.at("/api/v1/push/dev-smoke/cam", as_xml, "<a><x>1</x></a>") == taken);
    CHECK(push.at("/api/v1/push/dev-smoke/cam", as_json, R"({"x":1})") == taken);
    CHECK(push.at("/api/v1/push/dev-smoke/cam", "", R"({"x":1})") == taken);
    CHECK(push.at("/api/v1/dev-smoke/telemetry", as_json, R"({"smoke":true})") == taken);
    const std::string multipart =
        "--b\r\nContent-Type: application/xml\r\n\r\n<a><x>1</x></a>\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n" +
        std::string(200'000, 'j') + "\r\n--b--\r\n";
    CHECK(push.at("/api/v1/push/dev-smoke/cam", "Content-Type: multipart/form-data; boundary=b\r\n", multipart) ==
          taken);
    push.served.on_io([&] {
        REQUIRE(push.served.intake.taken.size() == 5);
        CHECK(push.served.intake.taken[4].raw == "<a><x>1</x></a>");
        CHECK_FALSE(push.served.intake.taken[4].refused);
        // The picture goes with it; one that comes with what is refused goes nowhere.
        const auto& pictures = push.served.intake.pictures;
        REQUIRE(pictures.size() == 1);
        CHECK(pictures[0] == std::pair{push.served.intake.taken[4].device, std::string(200'000, 'j')});
    });
    push.at("/api/v1/push/dev-smoke/other", "Content-Type: multipart/form-data; boundary=b\r\n", multipart);
    push.served.on_io([&] { CHECK(push.served.intake.pictures.size() == 1); });
    CHECK(push.at("/api/v1/push/dev-smoke/cam", as_json, R"({"gone":1})") ==
          R"(200 {"accepted":0,"quarantined":0,"results":[]})");
}

TEST_CASE("what no map reads is kept with its reason, and acknowledged: whoever pushes would send it for ever") {
    Pushing push;
    CHECK(push.at("/api/v1/push/dev-smoke/other", as_xml, "<a/>").find("unknown-topic") != std::string::npos);
    CHECK(push.at("/api/v1/push/dev-smoke/cam/more", as_xml, "<a/>").find("unknown-topic") != std::string::npos);
    CHECK(push.at("/api/v1/push/dev-smoke/cam", as_xml, "<!DOCTYPE a><a><x>1</x></a>").find("xml-doctype") !=
          std::string::npos);
    CHECK(push.at("/api/v1/push/dev-smoke/cam", "Content-Type: multipart/form-data\r\n", "x").find("bad-multipart") !=
          std::string::npos);
    const std::string mixed = push.at("/api/v1/push/dev-smoke/cam", as_json, R"([{"x":1},{}])");
    CHECK(mixed.starts_with(R"(200 {"accepted":1,"quarantined":1,)"));
    push.served.on_io([&] { CHECK(push.served.intake.taken.size() == 6); });
}

TEST_CASE("the token in the address is one of a device, and a fingerprint is none") {
    Pushing push;
    for (const char* token : {"nobody", "tok-officer", "certificate:00", "%20"})
        CHECK(push.at(fmt::format("/api/v1/push/{}/cam", token), as_json, R"({"x":1})").starts_with("401 "));
    CHECK(push.served.ask("GET", "/api/v1/push/dev-smoke/cam", "", "").status == 401);
    push.served.on_io([&] { CHECK(push.served.intake.taken.empty()); });
}

TEST_CASE("a sample is tried by the maps in force, and nothing is kept of it") {
    Pushing push;
    const std::string made = push.at("/api/v1/maps/try", admin + as_json,
                                     R"({"topic":"push/cam/xml","payload":"<a><x>1</x></a>","own":"cam-1"})");
    CHECK(made.find(R"("device":"cam-1")") != std::string::npos);
    CHECK(made.find(R"("entry":"maps/cam.yaml:3")") != std::string::npos);
    CHECK(push.at("/api/v1/maps/try", admin + as_json, R"({"topic":"z","payload":"{}"})").find("unknown-topic") !=
          std::string::npos);
    push.served.on_io([&] { CHECK(push.served.intake.taken.empty()); });
}

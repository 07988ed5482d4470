// The duty roster against the running program.
#include <doctest/doctest.h>

#include "stage.hpp"

using namespace shoumen::service;
namespace app = shoumen::app;

namespace {

json::value parsed(const app::HttpAnswer& answer) { return json::parse(answer.body); }
std::string text(const json::value& value, const char* name) { return std::string(value.at(name).as_string()); }

// An account whose own bodies are none: its role reaches the whole community.
void newcomer(Stage& stage, const std::string& name, const char* role) {
    const auto made = stage.ask("admin", "POST", "/api/v1/accounts",
                                json::object{{"name", name}, {"person", "p-" + name}, {"roles", {role}}});
    REQUIRE_MESSAGE(made.status == 201, made.body);
    stage.know(name, text(parsed(made), "one_time_password"));
}

}  // namespace

TEST_CASE("the roster says who is on duty today and tomorrow, to whom it may be said") {
    Stage stage;
    own_password(stage);
    newcomer(stage, "guest", "resident");
    newcomer(stage, "everywhere", "street_office");
    CHECK(stage.ask("guest", "GET", "/api/v1/roster").status == 403);
    const auto all = parsed(stage.ask("everywhere", "GET", "/api/v1/roster"));
    std::size_t shifts = 0;
    for (const auto& body : all.at("bodies").as_array()) {
        std::string last;
        for (const auto& shift : body.at("shifts").as_array()) {
            CHECK(text(shift, "from") < text(shift, "until"));
            CHECK(text(shift, "from") >= last);
            last = text(shift, "from");
            ++shifts;
        }
    }
    CHECK(shifts > 40);
    const auto own = parsed(stage.ask("responder", "GET", "/api/v1/roster")).at("bodies").as_array().size();
    CHECK(own > 0);
    CHECK(own <= all.at("bodies").as_array().size());
    CHECK(stage.contract_findings().empty());
}

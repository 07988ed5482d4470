// A changed community directory takes force in a running node, by its API.
#include <cstdlib>
#include <iostream>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "app/http_client.hpp"
#include "policy/directory.hpp"

#include "commands.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;

int refuse(const std::string& message) {
    fmt::print(stderr, "shoumen policy activate: {}\n", message);
    return cannot_run;
}

// Never on the command line, where others can read it.
std::string asked_for(const char* what) {
    fmt::print(stderr, "{}: ", what);
    std::string line;
    std::getline(std::cin, line);
    return line;
}
std::string password_of() {
    const char* given = std::getenv("SHOUMEN_PASSWORD");
    return given ? given : asked_for("password");
}

// What an error of the API says; its findings, where it has them, stand in `detail`.
std::string said(const HttpAnswer& answer, const char* key) {
    boost::system::error_code ec;
    const json::value v = json::parse(answer.body, ec);
    const json::object* o = ec ? nullptr : v.if_object();
    const json::value* error = o ? o->if_contains("error") : nullptr;
    const json::value* text = error && error->is_object() ? error->get_object().if_contains(key) : nullptr;
    return text && text->is_string() ? std::string(text->get_string()) : std::string();
}

}  // namespace

int policy_activate(const PolicyActivateOptions& options) {
    const auto at = parse_endpoint(options.http);
    if (!at) return refuse("--http: write it as 127.0.0.1:8080");
    const auto files = policy::read_directory(options.directory);
    if (!files) return refuse(options.directory + ": " + files.error().message);
    json::object contents;
    for (const auto& [name, content] : *files) contents[name] = content;
    HttpClient client(at->address, at->port, base::seconds(60));
    auto signed_in =
        client.ask({"POST",
                    "/api/v1/session",
                    {},
                    "application/json",
                    json::serialize(json::object{{"account", options.account}, {"password", password_of()}})});
    if (!signed_in) return refuse("no answer from " + options.http + ": is the node running there?");
    if (signed_in->status == 202) {
        const std::string half(json::parse(signed_in->body).at("half").as_string());
        signed_in = client.ask({"POST",
                                "/api/v1/session/second-step",
                                {},
                                "application/json",
                                json::serialize(json::object{{"half", half}, {"code", asked_for("code")}})});
        if (!signed_in) return refuse("no answer from " + options.http);
    }
    if (signed_in->status != 200) return refuse("sign-in refused: " + said(*signed_in, "code"));
    const std::string token(json::parse(signed_in->body).at("token").as_string());
    const auto answer = client.ask({"POST", "/api/v1/policy", token, "application/json",
                                    json::serialize(json::object{{"files", std::move(contents)}})});
    client.ask({"DELETE", "/api/v1/session", token, {}, {}});
    if (!answer) return refuse("no answer; look at the version in force before you try again");
    if (answer->status == 200) {
        fmt::print("in force: version {}\n", json::parse(answer->body).at("version").as_int64());
        return fine;
    }
    const std::string code = said(*answer, "code");
    if (code != "policy-refused") return refuse(code + ": " + said(*answer, "detail"));
    fmt::print("{}", said(*answer, "detail"));
    return findings;
}

}  // namespace shoumen::app

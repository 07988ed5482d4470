// For the tests of the ledger: somebody who may see all acts, a witness, an insider with the database in hand.
#pragma once
#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "stage.hpp"

namespace shoumen::service {

inline void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

inline std::string fetch(Stage& stage, const std::string& target) {
    app::HttpClient client("127.0.0.1", stage.server().http_port());
    const auto answer = client.ask({"GET", target, "", "", ""});
    return answer && answer->status == 200 ? answer->body : "";
}

struct Street {
    std::string key;
    std::string state;

    explicit Street(const Stage& stage) : key(stage.scratch("street.key")), state(stage.scratch("street.state")) {}
    support::Ended look(Stage& stage) const {
        return support::run_to_end({"witness", "--log",
                                    "http://127.0.0.1:" + std::to_string(stage.server().http_port()), "--key", key,
                                    "--state", state, "--name", "street.example", "--once"});
    }
};

inline std::string act(Stage& stage, const std::string& who, const std::string& id, const std::string& action) {
    const auto answer = stage.ask(who, "POST", "/api/v1/incidents/" + id + "/actions/" + action, json::object{});
    return answer.status == 200 ? std::string{} : code_of(answer);
}

inline std::string an_incident(Stage& stage, const std::string& message) {
    REQUIRE(
        stage.signal(R"({"id":")" + message + R"(","device":"d-1","kind":"smoke","values":{"smoke":true}})").status ==
        202);
    REQUIRE(stage.wait_until([](const json::array& live) { return !live.empty(); }));
    return std::string(stage.live_incidents()[0].at("id").as_string());
}

// Asked again where the ledger is being signed just then.
inline app::HttpAnswer receipt(Stage& stage, const std::string& who, const std::string& id) {
    for (int i = 0;; ++i) {
        auto answer = stage.ask(who, "GET", "/api/v1/acts/" + id + "/receipt");
        if (answer.status != 409 || i == 30) return answer;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

// Somebody who may see all acts.
class Auditor {
public:
    explicit Auditor(Stage& stage) : stage_(stage) {
        const auto made = stage.ask("admin", "POST", "/api/v1/accounts",
                                    json::object{{"name", "audit"}, {"person", "p-audit"}, {"roles", {"auditor"}}});
        REQUIRE(made.status == 201);
        const std::string once(json::parse(made.body).at("one_time_password").as_string());
        const std::string first = sign_in(once);
        REQUIRE(ask("PUT", "/api/v1/session/password", first,
                    json::object{{"old", once}, {"new", "a-password-of-the-test"}})
                    .status == 204);
    }
    app::HttpAnswer get(const std::string& target) {
        return ask("GET", target, sign_in("a-password-of-the-test"), nullptr);
    }
    std::string newest_act(const std::string& kind) {
        const auto answer = get("/api/v1/acts?limit=100");
        REQUIRE(answer.status == 200);
        const auto list = json::parse(answer.body);
        for (const auto& a : list.at("acts").as_array()) {
            if (a.at("kind").as_string() == kind) return std::string(a.at("id").as_string());
        }
        return "";
    }

private:
    std::string sign_in(const std::string& password) {
        const auto in = ask("POST", "/api/v1/session", "", json::object{{"account", "audit"}, {"password", password}});
        REQUIRE(in.status == 200);
        return std::string(json::parse(in.body).at("token").as_string());
    }
    app::HttpAnswer ask(const std::string& method, const std::string& target, const std::string& token,
                        const json::value& body) {
        app::HttpClient client("127.0.0.1", stage_.server().http_port());
        auto answer = body.is_null() ? client.ask({method, target, token, "", ""})
                                     : client.ask({method, target, token, "application/json", json::serialize(body)});
        REQUIRE(answer);
        return std::move(*answer);
    }
    Stage& stage_;
};

inline void change(const std::string& data, const std::string& sql) {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open((data + "/shoumen.db").c_str(), &db) == SQLITE_OK);
    char* why = nullptr;
    const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &why);
    if (why) FAIL_CHECK(why);
    CHECK(code == SQLITE_OK);
    CHECK(sqlite3_changes(db) >= 1);
    sqlite3_close(db);
}

inline void copy_database(const std::string& from, const std::string& to) {
    std::filesystem::create_directories(to);
    for (const char* name : {"shoumen.db", "shoumen.db-wal", "shoumen.db-shm"}) {
        std::filesystem::remove(to + "/" + name);
        if (std::filesystem::exists(from + "/" + name)) std::filesystem::copy_file(from + "/" + name, to + "/" + name);
    }
}

// The ledger of a data directory, exported and checked with keys handed over before.
inline support::Ended audit(const Stage& stage, const std::string& name, const std::string& keys,
                            std::vector<std::string> more = {}) {
    const std::string to = stage.scratch(name);
    const auto made = support::run_to_end({"ledger", "export", "--data", stage.data(), "--to", to});
    CHECK_MESSAGE(made.code == 0, made.err);
    std::vector<std::string> arguments{"ledger", "verify", "--key", keys, to};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return support::run_to_end(arguments);
}

inline bool has(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

}  // namespace shoumen::service

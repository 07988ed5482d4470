// The program, started on a made-up demo, and people and devices who speak with it through its doors. Every answer that
// comes by HTTP is held against api/openapi.json.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "app/http_client.hpp"
#include "support/openapi_check.hpp"
#include "support/program.hpp"

namespace shoumen::service {

namespace json = boost::json;

inline const std::string demo = SHOUMEN_SOURCE_DIR "/community/demo";

class Stage {
public:
    explicit Stage(std::vector<std::string> more = {}, bool feed = false, std::string community = demo);

    void restart();  // the same data, after whatever ended it
    // The same with these arguments besides, and everybody signing in anew.
    void restart(const std::vector<std::string>& more);
    void kill() { server_->kill_hard(); }
    int stop() { return server_->stop(); }

    // As a person; the sign-in is done when it is first needed.
    app::HttpAnswer ask(const std::string& account, const std::string& method, const std::string& target,
                        const json::value& body = nullptr);
    app::HttpAnswer send_picture(const std::string& account, const std::string& target, const std::string& bytes);
    app::HttpAnswer send_table(const std::string& account, const std::string& target, const std::string& bytes);
    // The same, not held against the contract.
    app::HttpAnswer raw(const std::string& account, const std::string& method, const std::string& target);
    // A new account with its one-time password: it gets a password of its own.
    void know(const std::string& account, const std::string& one_time_password);
    // As device d-1 (or with another token).
    app::HttpAnswer signal(const std::string& body, const std::string& token = {});
    // mosquitto_pub; its exit code.
    int publish(const std::string& topic, const std::string& payload, const std::string& user = "d-1",
                const std::string& token = {});
    // The same without a password.
    int publish_as_user(const std::string& topic, const std::string& payload, const std::string& user);

    json::array live_incidents();
    std::string metrics();  // the administrator's; his password has been changed
    json::object incident(const std::string& id, const std::string& account = "duty");
    // Waits until `holds` is true of the live incidents; false after ten seconds.
    bool wait_until(const std::function<bool(const json::array&)>& holds);

    // As whoever shows the token, with these headers besides.
    app::HttpAnswer ask_with(const std::string& token, const std::string& method, const std::string& target,
                             const json::value& body = nullptr,
                             std::vector<std::pair<std::string, std::string>> headers = {});

    [[nodiscard]] support::Server& server() { return *server_; }
    [[nodiscard]] const std::string& data() const { return data_; }
    [[nodiscard]] const std::string& device_token() const { return device_token_; }
    [[nodiscard]] const std::map<std::string, std::string>& passwords() const { return passwords_; }
    [[nodiscard]] const std::vector<std::string>& contract_findings() const { return findings_; }
    [[nodiscard]] std::string scratch(const std::string& name) const { return scratch_.path(name); }

private:
    app::HttpAnswer checked(const app::HttpRequest& request);
    std::string token_of(const std::string& account);

    support::Scratch scratch_;
    std::string data_;
    std::vector<std::string> arguments_;
    std::unique_ptr<support::Server> server_;
    std::unique_ptr<app::HttpClient> client_;
    std::map<std::string, std::string> passwords_;
    std::map<std::string, std::string> tokens_;
    std::string device_token_;
    testing::OpenApi contract_;
    std::vector<std::string> findings_;
};

// A JPEG of a few bytes with this EXIF time ("2026:03:03 08:00:00"; empty: none), different for each `mark`.
std::string photo(const std::string& mark, const std::string& taken = {});
std::string code_of(const app::HttpAnswer& answer);  // of an error

// The administrator changes the one-time password, and may then do the rest.
void own_password(Stage& stage);
std::string new_token(Stage& stage, const std::string& device);
json::object files_of(const std::string& dir);  // of a community directory: name → content

}  // namespace shoumen::service

// A device that listens for commands: mosquitto_sub in the background.
#pragma once
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <fmt/core.h>

#include "stage.hpp"

namespace shoumen::service {

inline std::string content_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

// Until `count` messages have come or half a minute has passed: topic, QoS and payload, a line each.
class Listening {
public:
    struct Who {
        std::string device;
        std::string token;
    };
    Listening(Stage& stage, const std::string& version, const Who& who, const std::string& topic, int count)
        : out_(stage.scratch("heard-" + version)) {
        std::ofstream(out_).flush();
        const std::string command = fmt::format(
            "timeout 30 stdbuf -oL mosquitto_sub -h 127.0.0.1 -p {} -V {} -q 1 -u {} -P '{}' -t {} -C {} -F '%t %q %p' "
            ">'{}' 2>&1",
            stage.server().mqtt_port(), version, who.device, who.token, topic, count, out_);
        thread_ = std::thread([this, command] { code_ = std::system(command.c_str()); });
    }
    ~Listening() { wait(); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
    int wait() {
        if (thread_.joinable()) thread_.join();
        return code_;
    }
    [[nodiscard]] std::string said() const { return content_of(out_); }

private:
    std::string out_;
    int code_ = -1;
    std::thread thread_;
};

}  // namespace shoumen::service

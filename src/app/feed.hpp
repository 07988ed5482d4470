// The demo feed: a scripted day of the demo community, sent through the doors like any device and any person. Seeded
// and repeatable: the same seed gives the same messages in the same order at the same moments of the script; `speed`
// only says how fast the script runs. Private to room app.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "model/policy.hpp"

namespace shoumen::app {

struct FeedOptions {
    std::shared_ptr<const model::Policy> policy;
    std::uint16_t mqtt_port = 0;  // on 127.0.0.1
    std::uint16_t http_port = 0;
    std::string gateway;        // device code of the gateway all demo devices are registered under
    std::string gateway_token;  // made for this run, never printed
    std::string crew_account;   // an account of the demo's crew, who answers some incidents and misses others
    std::string crew_password;  // made for this run, never printed
    std::uint64_t seed = 20260303;
    double speed = 60;  // script seconds a real second
    std::function<void(std::string)> log;
};

class Feed {
public:
    explicit Feed(FeedOptions options);
    ~Feed();       // stops
    void start();  // on a thread of its own
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::app

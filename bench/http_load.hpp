// A load of devices that speak HTTP, on one thread: each connection sends a signal, waits for its answer and sends the
// next, as HTTP clients do; or it has several on the way (pipelining). Signals go round the devices in turn.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

#include "ingest_client.hpp"

namespace shoumen::bench {

struct HttpLoad {
    Target target;
    std::string path;
    std::string token;
    std::vector<Voice> voices;
    std::uint64_t messages = 0;
    std::size_t connections = 64;
    std::size_t pipeline = 1;        // requests of a connection on the way
    std::uint64_t first_number = 0;  // message ids count up from here
};

struct HttpOutcome {
    std::uint64_t answered = 0;  // with 202
    std::uint64_t refused = 0;   // with anything else
    double seconds = 0;
};

// Codes: load-failed.
base::Result<HttpOutcome> run_http_load(const HttpLoad& load);

}  // namespace shoumen::bench

// What the door counts of itself, for Prometheus.
#pragma once
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "catalogue.hpp"

namespace shoumen::doors::http {

struct Figures {
    struct Answered {
        std::string_view method;  // of the route, not as the client wrote it
        std::string_view route;   // its pattern; "page": the console's files, "other": no route
        unsigned status = 0;
        auto operator<=>(const Answered&) const = default;
    };

    std::map<Answered, std::uint64_t> answers;
    std::map<std::string, std::uint64_t, std::less<>> error_answers;  // by code
    std::uint64_t connections = 0;                                    // open now
    std::uint64_t live_clients = 0;                                   // open now
    std::uint64_t live_frames = 0;                                    // written
    std::uint64_t live_too_slow = 0;                                  // clients cut off

    void count_error(std::string_view code) {
        const auto it = error_answers.find(code);
        if (it != error_answers.end())
            ++it->second;
        else
            error_answers.emplace(code, 1);
    }
};

// Error answers are counted under the metric that the catalogue gives their code.
std::string to_prometheus(const Figures& figures, const Catalogue& catalogue);

}  // namespace shoumen::doors::http

// A made-up community of any size for measurements: homes of four devices each (motion, door, smoke, gas), gateways
// that speak for them, and about twenty rules of every operator.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "ingest_client.hpp"

namespace shoumen::bench {

struct Town {
    std::string directory;
    std::vector<std::string> gateways;
    // The voices of the devices under each gateway, in the order of `gateways`.
    std::vector<std::vector<Voice>> voices;
    // Smoke alarms, each alone in a unit, so that each makes an incident of its own; under the gateways too, but in no
    // voice.
    std::vector<Voice> alarms;
    std::vector<std::uint32_t> gateway_of_alarm;
};

// Writes the community directory. `devices` in all, of which `alarms` are lone smoke alarms.
Town write_town(const std::string& directory, std::size_t devices, std::size_t gateways, std::size_t alarms);

}  // namespace shoumen::bench

// A made-up community of any size, as the files of a community directory (name → content), ready to be compiled or
// written down: estates of a dozen houses, houses of three units and six floors, with the devices such a place has. One
// home in ten is an elder's who lives alone. The same options give the same files.
#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace shoumen::twin {

struct TownOptions {
    std::uint32_t homes = 3'000;  // 36 … 20,000; rounded up to whole houses of 36
    std::uint64_t seed = 1;
};

std::map<std::string, std::string> make_town(const TownOptions& options);

}  // namespace shoumen::twin

#include "model/national.hpp"

#include <algorithm>

namespace shoumen::model {

bool is_national_code(std::string_view code) {
    constexpr std::size_t digits = 20;
    return code.size() == digits && std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view device_of_name(const Policy& policy, std::string_view name) {
    for (const Map& map : policy.maps) {
        for (const MapPair& pair : map.devices) {
            if (pair.from == name) return pair.to;
        }
    }
    return name;
}

std::string_view national_code_of(const Policy& policy, std::string_view device) {
    if (is_national_code(device)) return device;
    for (const Map& map : policy.maps) {
        for (const MapPair& pair : map.devices) {
            if (pair.to == device && is_national_code(pair.from)) return pair.from;
        }
    }
    return {};
}

}  // namespace shoumen::model

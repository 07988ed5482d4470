// Codes of the national standards for devices: 20 digits by GB/T 28181 (cameras, recorders, alarm inputs).
//
// A device of the community is known by one where its own code is one, or where a map says which device a name is
// (model/map.hpp, `devices`).
#pragma once
#include <string_view>

#include "model/policy.hpp"

namespace shoumen::model {

[[nodiscard]] bool is_national_code(std::string_view code);

// The code that the device of this name has in the community; the name itself where no map says.
[[nodiscard]] std::string_view device_of_name(const Policy& policy, std::string_view name);

// The national code that a device of the community is known by; empty: none.
[[nodiscard]] std::string_view national_code_of(const Policy& policy, std::string_view device);

}  // namespace shoumen::model

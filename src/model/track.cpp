#include "model/track.hpp"

#include "model/policy.hpp"

namespace shoumen::model {

std::string scene_text(const Policy& policy, Scene scene) {
    constexpr Scene said_bits = 0xffffffff;
    const auto said = static_cast<std::uint32_t>(scene & said_bits);
    switch (scene & ~said_bits) {
        case scene_of_symbol:
            return said < policy.symbols.size() ? policy.symbols[said] : std::string{};
        case scene_of_boolean:
            return said != 0 ? "true" : "false";
        case scene_of_number:
            return std::to_string(static_cast<std::int32_t>(said));
        default:
            return {};
    }
}

}  // namespace shoumen::model

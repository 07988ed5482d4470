#include <charconv>

#include "commands.hpp"

namespace shoumen::app {

std::optional<Endpoint> parse_endpoint(const std::string& text, const std::string& default_address) {
    Endpoint e;
    e.address = default_address;
    std::string port = text;
    if (const auto colon = text.rfind(':'); colon != std::string::npos) {
        e.address = text.substr(0, colon);
        port = text.substr(colon + 1);
        if (e.address.size() >= 2 && e.address.front() == '[' && e.address.back() == ']')
            e.address = e.address.substr(1, e.address.size() - 2);
    }
    const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), e.port);
    if (port.empty() || fault != std::errc{} || end != port.data() + port.size() || e.address.empty())
        return std::nullopt;
    return e;
}

}  // namespace shoumen::app

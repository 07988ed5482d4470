#include "values.hpp"

#include <fmt/format.h>

namespace shoumen::twin {
namespace {

struct Text {
    std::string operator()(std::monostate) const { return "null"; }
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(double d) const { return fmt::format("{:g}", d); }
    std::string operator()(std::string_view word) const { return fmt::format("\"{}\"", word); }
};

}  // namespace

std::string json_of(const Values& values) {
    std::string out = "{";
    for (const auto& v : values.span())
        out += fmt::format("{}\"{}\":{}", out.size() > 1 ? "," : "", v.name, std::visit(Text{}, v.value));
    return out + "}";
}

}  // namespace shoumen::twin

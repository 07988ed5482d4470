#include "ports/upkeep.hpp"

#include <charconv>

namespace shoumen::ports {
namespace {

constexpr std::string_view again = "again ";
constexpr std::string_view between = "; ";

}  // namespace

std::string to_text(const WorkDetail& detail) {
    if (detail.again_of == 0) return detail.figure;
    std::string out = std::string(again) + std::to_string(detail.again_of);
    if (!detail.figure.empty()) out += std::string(between) + detail.figure;
    return out;
}

WorkDetail work_detail_of(std::string_view text) {
    WorkDetail out{0, std::string(text)};
    if (!text.starts_with(again)) return out;
    const char* from = text.data() + again.size();
    const char* const to = text.data() + text.size();
    const auto [end, wrong] = std::from_chars(from, to, out.again_of);
    const std::string_view rest(end, static_cast<std::size_t>(to - end));
    if (wrong != std::errc{} || (!rest.empty() && !rest.starts_with(between))) return {0, std::string(text)};
    out.figure = rest.empty() ? "" : rest.substr(between.size());
    return out;
}

}  // namespace shoumen::ports

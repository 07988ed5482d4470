#include "figures.hpp"

#include <iterator>

#include <fmt/format.h>

namespace shoumen::doors::http {

namespace {

void write_plain(std::string& out, std::string_view name, std::string_view type, std::uint64_t value) {
    fmt::format_to(std::back_inserter(out), "# TYPE {} {}\n{} {}\n", name, type, name, value);
}

}  // namespace

std::string to_prometheus(const Figures& figures, const Catalogue& catalogue) {
    std::string out = "# TYPE shoumen_http_answers_total counter\n";
    for (const auto& [status, n] : figures.answers)
        fmt::format_to(std::back_inserter(out), "shoumen_http_answers_total{{status=\"{}\"}} {}\n", status, n);

    std::map<std::string_view, std::string> families;  // metric → its lines
    for (const auto& [code, n] : figures.error_answers)
        fmt::format_to(std::back_inserter(families[catalogue.of(code).metric]), "{}{{code=\"{}\"}} {}\n",
                       catalogue.of(code).metric, code, n);
    for (const auto& [metric, lines] : families)
        fmt::format_to(std::back_inserter(out), "# TYPE {} counter\n{}", metric, lines);

    write_plain(out, "shoumen_http_connections", "gauge", figures.connections);
    write_plain(out, "shoumen_live_clients", "gauge", figures.live_clients);
    write_plain(out, "shoumen_live_frames_total", "counter", figures.live_frames);
    write_plain(out, "shoumen_live_too_slow_total", "counter", figures.live_too_slow);
    return out;
}

}  // namespace shoumen::doors::http

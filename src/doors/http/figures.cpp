#include "figures.hpp"

#include "base/exposition.hpp"

namespace shoumen::doors::http {

std::string to_prometheus(const Figures& figures, const Catalogue& catalogue) {
    base::Exposition out;
    out.family("shoumen_http_requests_total", "counter", "HTTP answers since start, by route and status");
    for (const auto& [of, n] : figures.answers)
        out.sample({{"method", of.method}, {"route", of.route}, {"status", std::to_string(of.status)}}, n);

    std::map<std::string_view, std::map<std::string_view, std::uint64_t>> families;  // metric → code → number
    for (const auto& [code, n] : figures.error_answers) families[catalogue.of(code).metric][code] = n;
    for (const auto& [metric, codes] : families) {
        out.family(metric, "counter", "HTTP errors answered since start, by code of api/errors.json");
        for (const auto& [code, n] : codes) out.sample({{"code", code}}, n);
    }

    out.gauge("shoumen_http_connections", "HTTP connections open now", static_cast<double>(figures.connections));
    out.gauge("shoumen_live_clients", "Pages followed live now", static_cast<double>(figures.live_clients));
    out.counter("shoumen_live_frames_total", "Pushes written since start", figures.live_frames);
    out.counter("shoumen_live_too_slow_total", "Live clients cut off because they did not read", figures.live_too_slow);
    return out.take();
}

}  // namespace shoumen::doors::http

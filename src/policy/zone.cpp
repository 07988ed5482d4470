#include <stdexcept>

#include <date/tz.h>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

std::int64_t seconds_since_1970(int year) {
    return std::int64_t{date::sys_days{date::year{year} / 1 / 1}.time_since_epoch().count()} * 86'400;
}

}  // namespace

// The system lists the changes of zones with summer time up to 2037; after that their last offset holds.
std::optional<base::Zone> make_zone(const std::string& name) {
    const std::int64_t last = seconds_since_1970(2101);
    try {
        const date::time_zone* zone = date::locate_zone(name);
        std::vector<base::Zone::Change> changes;
        for (std::int64_t at = seconds_since_1970(1970); at < last;) {
            const date::sys_info info = zone->get_info(date::sys_seconds{std::chrono::seconds{at}});
            const auto offset = static_cast<std::int32_t>(info.offset.count());
            if (changes.empty() || changes.back().offset_s != offset)
                changes.push_back({base::Time{at * 1'000'000}, offset});
            const std::int64_t end = info.end.time_since_epoch().count();
            if (end <= at) break;
            at = end;
        }
        return base::Zone(name, std::move(changes));
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

}  // namespace shoumen::policy

// The part of shell/upkeep that counts for those who watch the program (docs/operating/metrics.md).
#include <algorithm>
#include <array>

#include "base/exposition.hpp"
#include "shell/upkeep.hpp"

#include "upkeep_rules.hpp"

namespace shoumen::shell {

void Upkeep::write_figures(base::Exposition& out) const {
    std::array<std::uint64_t, upkeep::stage_count> stages{};
    std::array<std::uint64_t, upkeep::finding_count> findings{};
    std::uint64_t well = 0;
    std::uint64_t ill = 0;
    for (const auto& [code, entry] : entries_) {
        ++stages.at(static_cast<std::size_t>(entry.stage));
        if (!entry.device.valid() || entry.stage != upkeep::Stage::in_service) continue;
        const auto bits = findings_of(entry.device);
        ++(bits == 0 ? well : ill);
        for (std::size_t f = 0; f < findings.size(); ++f) findings.at(f) += bits >> f & 1U;
    }
    out.family("shoumen_devices", "gauge", "Devices by stage");
    for (std::size_t i = 0; i < stages.size(); ++i)
        out.sample({{"stage", to_word(static_cast<upkeep::Stage>(i))}}, stages.at(i));
    out.family("shoumen_devices_health", "gauge", "Devices in service by health: something found of them, or nothing");
    out.sample({{"health", "well"}}, well);
    out.sample({{"health", "ill"}}, ill);
    out.family("shoumen_device_findings", "gauge", "What is wrong with devices now, by kind");
    for (std::size_t f = 0; f < findings.size(); ++f)
        out.sample({{"finding", to_word(static_cast<upkeep::Finding>(f))}}, findings.at(f));

    const base::Time now = clock_.now();
    std::uint64_t open = 0;
    std::uint64_t taken = 0;
    std::uint64_t overdue = 0;
    for (const auto& [key, id] : live_) {
        const auto& row = orders_.at(id);
        ++(work_of(row) == upkeep::Work::taken ? taken : open);
        if (now - row.found > work_is_due_after) ++overdue;
    }
    out.family("shoumen_work_orders", "gauge", "Work on devices that is not over, by state");
    out.sample({{"state", "open"}}, open);
    out.sample({{"state", "taken"}}, taken);
    out.gauge("shoumen_work_orders_overdue", "Of it, what was found more than three days ago",
              static_cast<double>(overdue));
    out.family("shoumen_work_orders_opened_total", "counter", "Work opened since start, by what was found");
    for (std::size_t f = 0; f < findings.size(); ++f)
        out.sample({{"finding", to_word(static_cast<upkeep::Finding>(f))}}, counted_.opened.at(f));
    out.counter("shoumen_work_orders_again_total", "Of it, opened because the finding went on after work was ended",
                counted_.again);
    out.family("shoumen_work_orders_ended_total", "counter", "Work ended since start, by how");
    out.sample({{"state", "done"}}, counted_.done);
    out.sample({{"state", "dropped"}}, counted_.dropped);
    out.sample({{"state", "passed"}}, counted_.passed);
    const auto late = std::ranges::count_if(
        rounds_, [&](const auto& r) { return r.second.state == round_planned && r.second.due < now; });
    out.gauge("shoumen_rounds_overdue", "Inspection rounds past their day", static_cast<double>(late));
    out.gauge("shoumen_tray_waiting", "Unknown devices that wait to be taken in",
              static_cast<double>(waiting_in_tray()));
    out.gauge("shoumen_quiet_windows", "Windows in which devices are quiet on purpose, now or to come",
              static_cast<double>(quiet_.size()));
    out.gauge("shoumen_token_rotations", "Devices whose old tokens are ending", static_cast<double>(rotations_.size()));
}

}  // namespace shoumen::shell

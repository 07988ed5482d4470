// Devices and the work on them as JSON (ports/upkeep.hpp). Pure.
#pragma once
#include <string>
#include <vector>

#include "ports/upkeep.hpp"

#include "catalogue.hpp"
#include "render.hpp"

namespace shoumen::doors::http {

std::string render_device_page(Phrases& phrases, const ports::DevicePage& page);
std::string render_kept_device(Phrases& phrases, const Catalogue& catalogue, const ports::KeptDeviceWhole& whole);
std::string render_rotated(Phrases& phrases, const ports::Rotated& rotated);

std::string render_tray(Phrases& phrases, const ports::Tray& tray);
std::string render_work(Phrases& phrases, const Catalogue& catalogue, const ports::WorkView& work);
std::string render_work_list(Phrases& phrases, const Catalogue& catalogue, const std::vector<ports::WorkView>& work);
std::string render_round(Phrases& phrases, const ports::RoundView& round);
std::string render_rounds(Phrases& phrases, const std::vector<ports::RoundView>& rounds);
std::string render_tick(Phrases& phrases, const Catalogue& catalogue, const ports::TickRow& tick);
std::string render_quiet(Phrases& phrases, const ports::QuietWindowRow& window);
std::string render_quiet_list(Phrases& phrases, const std::vector<ports::QuietWindowRow>& windows);
std::string render_upkeep_figures(Phrases& phrases, const ports::UpkeepFigures& figures);

}  // namespace shoumen::doors::http

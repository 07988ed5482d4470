// From what a request about devices says to what is asked of ports/upkeep.hpp; as parse.hpp, in parse.cpp. What stands
// in the path is for the caller to fill in.
#pragma once
#include <string_view>

#include "base/result.hpp"
#include "ports/upkeep.hpp"

#include "message.hpp"

namespace shoumen::doors::http {

constexpr std::size_t max_device_list = 1'000;
constexpr std::size_t max_work_list = 1'000;

// ?q=&stage=&finding=&place=&after=&limit=
base::Result<ports::DeviceQuery> parse_device_query(const Target& target);
// {"to": "repair", "why": "…"}
base::Result<ports::MoveAsked> parse_device_move(std::string_view body);
// {"grace_minutes": 60}; left out: an hour
base::Result<ports::RotateAsked> parse_rotation(std::string_view body);
// {"place": …, "maker": …, "product": …, "serial": …, "bought": …, "cost_fen": …}; what is left out stays as it is.
base::Result<ports::DeviceAsked> parse_device_change(std::string_view body);
// {"speaker": …, "kind": …, "place": …, "name": …}
base::Result<ports::TakeAsked> parse_take(std::string_view body);
// ?state=&place=&limit=
base::Result<ports::WorkQuery> parse_work_query(const Target& target);
// {"to": "done", "why": "…", "cost_fen": 1200}
base::Result<ports::WorkAsked> parse_work(std::string_view body);
// {"kind": "weekly", "place": …, "due": …}
base::Result<ports::RoundAsked> parse_round(std::string_view body);
// {"device": …, "code": …, "latitude": …, "longitude": …}; without a code or a position it stands unproven.
base::Result<ports::TickAsked> parse_tick(std::string_view body);
// {"devices": […], "from": …, "until": …, "why": …}
base::Result<ports::QuietAsked> parse_quiet(std::string_view body);

}  // namespace shoumen::doors::http

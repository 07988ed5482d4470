// The statements of what is kept of devices (migration 008), beside those of statements.hpp. Columns stand in the order
// in which upkeep.cpp binds and reads them.
#pragma once
#include <array>
#include <string_view>

namespace shoumen::store::sql {

inline constexpr std::string_view put_device_record =
    "INSERT INTO device_record (shard, device, stage, kind, place, name, gateway, maker, product, serial, bought, "
    "cost_fen, installed, since, moves) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
    "ON CONFLICT (shard, device) DO UPDATE SET stage = excluded.stage, kind = excluded.kind, place = "
    "excluded.place, name = excluded.name, gateway = excluded.gateway, maker = excluded.maker, product = "
    "excluded.product, serial = excluded.serial, bought = excluded.bought, cost_fen = excluded.cost_fen, "
    "installed = excluded.installed, since = excluded.since, moves = excluded.moves";
inline constexpr std::string_view device_records =
    "SELECT device, stage, kind, place, name, gateway, maker, product, serial, bought, cost_fen, installed, "
    "since, moves FROM device_record WHERE shard = $1 AND device > $2 ORDER BY device LIMIT $3";
inline constexpr std::string_view put_device_move =
    "INSERT INTO device_move (shard, device, nth, at, from_stage, to_stage, by_person, why) VALUES ($1, "
    "$2, $3, $4, $5, $6, $7, $8) ON CONFLICT (shard, device, nth) DO UPDATE SET at = excluded.at, from_stage "
    "= excluded.from_stage, to_stage = excluded.to_stage, by_person = excluded.by_person, why = excluded.why";
inline constexpr std::string_view device_moves =
    "SELECT device, nth, at, from_stage, to_stage, by_person, why FROM device_move WHERE shard = $1 AND "
    "device = $2 ORDER BY nth LIMIT $3";
inline constexpr std::string_view put_work_order =
    "INSERT INTO work_order (shard, id, device, finding, place, state, found, last, times, detail, by_person, "
    "taken, ended, ended_by, why, cost_fen, round) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
    "$13, $14, $15, $16, $17) ON CONFLICT (shard, id) DO UPDATE SET device = excluded.device, finding = "
    "excluded.finding, place = excluded.place, state = excluded.state, found = excluded.found, last = "
    "excluded.last, times = excluded.times, detail = excluded.detail, by_person = excluded.by_person, taken = "
    "excluded.taken, ended = excluded.ended, ended_by = excluded.ended_by, why = excluded.why, cost_fen = "
    "excluded.cost_fen, round = excluded.round";
inline constexpr std::string_view work_orders =
    "SELECT id, device, finding, place, state, found, last, times, detail, by_person, taken, ended, ended_by, "
    "why, cost_fen, round FROM work_order WHERE shard = $1 AND id > $2 ORDER BY id LIMIT $3";
inline constexpr std::string_view put_round =
    "INSERT INTO round (shard, id, kind, place, from_time, due, state, by_person, devices, ended, ended_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (shard, id) DO UPDATE SET kind = "
    "excluded.kind, place = excluded.place, from_time = excluded.from_time, due = excluded.due, state = "
    "excluded.state, by_person = excluded.by_person, devices = excluded.devices, ended = excluded.ended, ended_by "
    "= excluded.ended_by";
inline constexpr std::string_view rounds =
    "SELECT id, kind, place, from_time, due, state, by_person, devices, ended, ended_by FROM round WHERE shard = "
    "$1 AND id > $2 ORDER BY id LIMIT $3";
inline constexpr std::string_view put_tick =
    "INSERT INTO tick (shard, round, device, at, by_person, proven, why, distance_m) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7, $8) ON CONFLICT (shard, round, device) DO UPDATE SET at = excluded.at, by_person = "
    "excluded.by_person, proven = excluded.proven, why = excluded.why, distance_m = excluded.distance_m";
inline constexpr std::string_view ticks =
    "SELECT round, device, at, by_person, proven, why, distance_m FROM tick WHERE shard = $1 AND round = $2 ORDER "
    "BY device LIMIT $3";
inline constexpr std::string_view put_quiet_window =
    "INSERT INTO quiet_window (shard, id, devices, from_time, until_time, by_person, why, ended, ended_by) VALUES "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (shard, id) DO UPDATE SET devices = excluded.devices, "
    "from_time = excluded.from_time, until_time = excluded.until_time, by_person = excluded.by_person, why = "
    "excluded.why, ended = excluded.ended, ended_by = excluded.ended_by";
inline constexpr std::string_view quiet_windows =
    "SELECT id, devices, from_time, until_time, by_person, why, ended, ended_by FROM quiet_window WHERE shard = "
    "$1 AND id > $2 ORDER BY id LIMIT $3";
inline constexpr std::string_view put_found_device =
    "INSERT INTO found_device (shard, device, speaker, door, kind, first, last, times, state) VALUES ($1, $2, $3, "
    "$4, $5, $6, $7, $8, $9) ON CONFLICT (shard, device, speaker) DO UPDATE SET door = excluded.door, kind = "
    "excluded.kind, first = excluded.first, last = excluded.last, times = excluded.times, state = excluded.state";
inline constexpr std::string_view found_devices =
    "SELECT device, speaker, door, kind, first, last, times, state FROM found_device WHERE shard = $1 ORDER BY "
    "device, speaker LIMIT $2";

inline constexpr auto of_upkeep = std::to_array<std::string_view>(
    {put_device_record, device_records, put_device_move, device_moves, put_work_order, work_orders, put_round, rounds,
     put_tick, ticks, put_quiet_window, quiet_windows, put_found_device, found_devices});

}  // namespace shoumen::store::sql

// What is kept of devices, into rows and out of them.
#include <algorithm>

#include "store/sql/reader.hpp"
#include "store/sql/rows.hpp"
#include "store/sql/upkeep_statements.hpp"
#include "store/sql/writer.hpp"

namespace shoumen::store {
namespace {

using base::Result;

constexpr std::size_t most_rows = 20'000;
constexpr auto above_all = static_cast<std::uint64_t>(INT64_MAX);

std::size_t limit_of(std::size_t asked) { return std::clamp<std::size_t>(asked, 1, most_rows); }

Result<ports::DeviceRecordRow> record_of(const Query& row) {
    ports::DeviceRecordRow out;
    out.device = row.string(0);
    out.stage = row.string(1);
    out.kind = row.string(2);
    out.place = row.string(3);
    out.name = row.string(4);
    out.gateway = row.string(5);
    out.maker = row.string(6);
    out.product = row.string(7);
    out.serial = row.string(8);
    out.bought = row.time(9);
    out.cost_fen = row.number(10);
    out.installed = row.time(11);
    out.since = row.time(12);
    out.moves = row.whole<std::uint64_t>(13);
    return out;
}

Result<ports::DeviceMoveRow> move_of(const Query& row) {
    ports::DeviceMoveRow out;
    out.device = row.string(0);
    out.nth = row.whole<std::uint64_t>(1);
    out.at = row.time(2);
    out.from = row.string(3);
    out.to = row.string(4);
    out.by = row.string(5);
    out.why = row.string(6);
    return out;
}

Result<ports::WorkOrderRow> order_of(const Query& row) {
    ports::WorkOrderRow out;
    out.id = row.whole<std::uint64_t>(0);
    out.device = row.string(1);
    out.finding = row.string(2);
    out.place = row.string(3);
    out.state = row.string(4);
    out.found = row.time(5);
    out.last = row.time(6);
    out.times = row.whole<std::uint64_t>(7);
    out.detail = row.string(8);
    out.by = row.string(9);
    out.taken = row.time(10);
    out.ended = row.time(11);
    out.ended_by = row.string(12);
    out.why = row.string(13);
    out.cost_fen = row.number(14);
    out.round = row.whole<std::uint64_t>(15);
    return out;
}

Result<ports::RoundRow> round_of(const Query& row) {
    auto devices = codes_of_bytes(row.bytes(7), "round");
    if (!devices) return tl::unexpected(std::move(devices.error()));
    ports::RoundRow out;
    out.id = row.whole<std::uint64_t>(0);
    out.kind = row.string(1);
    out.place = row.string(2);
    out.from = row.time(3);
    out.due = row.time(4);
    out.state = row.string(5);
    out.by = row.string(6);
    out.devices = std::move(*devices);
    out.ended = row.time(8);
    out.ended_by = row.string(9);
    return out;
}

Result<ports::TickRow> tick_of(const Query& row) {
    ports::TickRow out;
    out.round = row.whole<std::uint64_t>(0);
    out.device = row.string(1);
    out.at = row.time(2);
    out.by = row.string(3);
    out.proven = row.number(4) != 0;
    out.why = row.string(5);
    out.distance_m = row.number(6);
    return out;
}

Result<ports::QuietWindowRow> quiet_of(const Query& row) {
    auto devices = codes_of_bytes(row.bytes(1), "quiet_window");
    if (!devices) return tl::unexpected(std::move(devices.error()));
    ports::QuietWindowRow out;
    out.id = row.whole<std::uint64_t>(0);
    out.devices = std::move(*devices);
    out.from = row.time(2);
    out.until = row.time(3);
    out.by = row.string(4);
    out.why = row.string(5);
    out.ended = row.time(6);
    out.ended_by = row.string(7);
    return out;
}

Result<ports::FoundDeviceRow> found_of(const Query& row) {
    ports::FoundDeviceRow out;
    out.device = row.string(0);
    out.speaker = row.string(1);
    out.door = row.string(2);
    out.kind = row.string(3);
    out.first = row.time(4);
    out.last = row.time(5);
    out.times = row.whole<std::uint64_t>(6);
    out.state = row.string(7);
    return out;
}

}  // namespace

// --- Into rows ---------------------------------------------------------------------------------------------------

Result<void> UnitWriter::put(const ports::DeviceRecordRow& row) {
    Query query(db_, sql::put_device_record);
    query.whole(1, shard_).text(2, row.device).text(3, row.stage).text(4, row.kind).text(5, row.place);
    query.text(6, row.name).text(7, row.gateway).text(8, row.maker).text(9, row.product).text(10, row.serial);
    query.time(11, row.bought).whole(12, row.cost_fen).time(13, row.installed).time(14, row.since);
    query.whole(15, row.moves);
    return query.run();
}

Result<void> UnitWriter::put(const ports::DeviceMoveRow& row) {
    Query query(db_, sql::put_device_move);
    query.whole(1, shard_).text(2, row.device).whole(3, row.nth).time(4, row.at).text(5, row.from).text(6, row.to);
    query.text(7, row.by).blob(8, row.why);
    return query.run();
}

Result<void> UnitWriter::put(const ports::WorkOrderRow& row) {
    Query query(db_, sql::put_work_order);
    query.whole(1, shard_).whole(2, row.id).text(3, row.device).text(4, row.finding).text(5, row.place);
    query.text(6, row.state).time(7, row.found).time(8, row.last).whole(9, row.times).text(10, row.detail);
    query.text(11, row.by).time(12, row.taken).time(13, row.ended).text(14, row.ended_by).blob(15, row.why);
    query.whole(16, row.cost_fen).whole(17, row.round);
    return query.run();
}

Result<void> UnitWriter::put(const ports::RoundRow& row) {
    Query query(db_, sql::put_round);
    const auto devices = bytes_of_codes(row.devices);
    query.whole(1, shard_).whole(2, row.id).text(3, row.kind).text(4, row.place).time(5, row.from).time(6, row.due);
    query.text(7, row.state).text(8, row.by).blob(9, devices).time(10, row.ended).text(11, row.ended_by);
    return query.run();
}

Result<void> UnitWriter::put(const ports::TickRow& row) {
    Query query(db_, sql::put_tick);
    query.whole(1, shard_).whole(2, row.round).text(3, row.device).time(4, row.at).text(5, row.by);
    query.whole(6, row.proven ? 1 : 0).text(7, row.why).whole(8, row.distance_m);
    return query.run();
}

Result<void> UnitWriter::put(const ports::QuietWindowRow& row) {
    Query query(db_, sql::put_quiet_window);
    const auto devices = bytes_of_codes(row.devices);
    query.whole(1, shard_).whole(2, row.id).blob(3, devices).time(4, row.from).time(5, row.until).text(6, row.by);
    query.blob(7, row.why).time(8, row.ended).text(9, row.ended_by);
    return query.run();
}

Result<void> UnitWriter::put(const ports::FoundDeviceRow& row) {
    Query query(db_, sql::put_found_device);
    query.whole(1, shard_).text(2, row.device).text(3, row.speaker).text(4, row.door).text(5, row.kind);
    query.time(6, row.first).time(7, row.last).whole(8, row.times).text(9, row.state);
    return query.run();
}

// --- And out of them ---------------------------------------------------------------------------------------------

Result<std::vector<ports::DeviceRecordRow>> SqlUpkeepReader::device_records(std::string_view after, std::size_t limit) {
    Query query(db_, sql::device_records);
    query.whole(1, shard_).text(2, after).whole(3, limit_of(limit));
    return all<ports::DeviceRecordRow>(query, record_of);
}

Result<std::vector<ports::DeviceMoveRow>> SqlUpkeepReader::device_moves(std::string_view device) {
    Query query(db_, sql::device_moves);
    query.whole(1, shard_).text(2, device).whole(3, most_rows);
    return all<ports::DeviceMoveRow>(query, move_of);
}

Result<std::vector<ports::WorkOrderRow>> SqlUpkeepReader::work_orders(std::uint64_t after, std::size_t limit) {
    Query query(db_, sql::work_orders);
    query.whole(1, shard_).whole(2, std::min(after, above_all)).whole(3, limit_of(limit));
    return all<ports::WorkOrderRow>(query, order_of);
}

Result<std::vector<ports::RoundRow>> SqlUpkeepReader::rounds(std::uint64_t after, std::size_t limit) {
    Query query(db_, sql::rounds);
    query.whole(1, shard_).whole(2, std::min(after, above_all)).whole(3, limit_of(limit));
    return all<ports::RoundRow>(query, round_of);
}

Result<std::vector<ports::TickRow>> SqlUpkeepReader::ticks(std::uint64_t round) {
    Query query(db_, sql::ticks);
    query.whole(1, shard_).whole(2, std::min(round, above_all)).whole(3, most_rows);
    return all<ports::TickRow>(query, tick_of);
}

Result<std::vector<ports::QuietWindowRow>> SqlUpkeepReader::quiet_windows(std::uint64_t after, std::size_t limit) {
    Query query(db_, sql::quiet_windows);
    query.whole(1, shard_).whole(2, std::min(after, above_all)).whole(3, limit_of(limit));
    return all<ports::QuietWindowRow>(query, quiet_of);
}

Result<std::vector<ports::FoundDeviceRow>> SqlUpkeepReader::found_devices() {
    Query query(db_, sql::found_devices);
    query.whole(1, shard_).whole(2, most_rows);
    return all<ports::FoundDeviceRow>(query, found_of);
}

}  // namespace shoumen::store

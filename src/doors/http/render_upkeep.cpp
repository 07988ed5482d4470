#include "render_upkeep.hpp"

#include <fmt/format.h>

namespace shoumen::doors::http {
namespace {

void text(JsonWriter& out, std::string_view name, const std::string& value) {
    if (!value.empty()) out.field(name, value);
}
void time(JsonWriter& out, Phrases& phrases, std::string_view name, base::Time value) {
    if (value.is_set()) out.field(name, phrases.time(value));
}
void whole(JsonWriter& out, std::string_view name, std::int64_t value) { out.key(name).raw(std::to_string(value)); }
void count(JsonWriter& out, std::string_view name, std::size_t value) {
    out.field(name, static_cast<std::uint64_t>(value));
}
void real(JsonWriter& out, std::string_view name, double value) { out.key(name).raw(fmt::format("{:.4f}", value)); }

void write_words(JsonWriter& out, const Catalogue& catalogue, std::string_view code) {
    const auto& entry = catalogue.of(code);
    out.begin().field("code", code).field("zh", entry.zh).field("en", entry.en).end();
}

void write_choices(JsonWriter& out, const Catalogue& catalogue, const std::vector<ports::StageChoice>& choices) {
    out.key("choices").begin_array();
    for (const auto& choice : choices) {
        out.begin().field("to", choice.to).field("allowed", choice.allowed);
        if (!choice.allowed) write_words(out.key("reason"), catalogue, choice.reason);
        out.end();
    }
    out.end_array();
}

void write_device(JsonWriter& out, Phrases& phrases, const ports::KeptDevice& device) {
    out.begin().field("code", device.code);
    out.key("name").begin().field("zh", device.name.zh).field("en", device.name.en).end();
    text(out, "kind", device.kind);
    out.field("is_gateway", device.kind.empty());
    if (device.place.valid()) out.key("place").raw(phrases.place_on_path(device.place));
    text(out, "gateway", device.gateway);
    out.field("stage", device.stage);
    time(out, phrases, "since", device.record.since);
    time(out, phrases, "installed", device.record.installed);
    time(out, phrases, "bought", device.record.bought);
    text(out, "maker", device.record.maker);
    text(out, "product", device.record.product);
    text(out, "serial", device.record.serial);
    whole(out, "cost_fen", device.record.cost_fen);
    out.field("in_directory", device.device.valid()).field("by_hand", device.by_hand);
    time(out, phrases, "last_heard", device.last_heard);
    out.field("clock_wrong", device.clock_wrong).field("has_token", device.has_token);
    out.key("findings").begin_array();
    for (const auto& finding : device.findings) out.text(finding);
    out.end_array();
    time(out, phrases, "quiet_until", device.quiet_until);
    out.end();
}

void write_order(JsonWriter& out, Phrases& phrases, const ports::WorkOrderRow& row) {
    out.field("id", std::to_string(row.id)).field("device", row.device).field("finding", row.finding);
    text(out, "building", row.place);
    out.field("state", row.state);
    time(out, phrases, "found", row.found);
    time(out, phrases, "last", row.last);
    count(out, "times", row.times);
    const auto detail = ports::work_detail_of(row.detail);
    text(out, "detail", detail.figure);
    if (detail.again_of != 0) out.field("again_of", std::to_string(detail.again_of));
    text(out, "by", row.by);
    time(out, phrases, "taken", row.taken);
    time(out, phrases, "ended", row.ended);
    text(out, "ended_by", row.ended_by);
    text(out, "why", row.why);
    whole(out, "cost_fen", row.cost_fen);
    if (row.round != 0) out.field("round", std::to_string(row.round));
}

void write_work(JsonWriter& out, Phrases& phrases, const Catalogue& catalogue, const ports::WorkView& work) {
    out.begin();
    write_order(out, phrases, work.row);
    if (work.place.valid()) out.key("place").raw(phrases.place_on_path(work.place));
    out.field("is_over", work.is_over).field("overdue", work.overdue);
    write_choices(out, catalogue, work.choices);
    out.end();
}

void write_tick(JsonWriter& out, Phrases& phrases, const ports::TickRow& tick) {
    out.field("device", tick.device).field("at", phrases.time(tick.at)).field("by", tick.by);
    out.field("proven", tick.proven);
    text(out, "missing", tick.why);
    if (tick.distance_m >= 0) whole(out, "distance_m", tick.distance_m);
}

void write_round(JsonWriter& out, Phrases& phrases, const ports::RoundView& round) {
    out.begin().field("id", std::to_string(round.row.id)).field("kind", round.row.kind);
    if (round.place.valid()) out.key("place").raw(phrases.place_on_path(round.place));
    out.field("from", phrases.time(round.row.from)).field("due", phrases.time(round.row.due));
    out.field("state", round.row.state).field("overdue", round.overdue);
    text(out, "by", round.row.by);
    time(out, phrases, "ended", round.row.ended);
    text(out, "ended_by", round.row.ended_by);
    count(out, "count", round.row.devices.size());
    count(out, "proven", round.proven);
    count(out, "unproven", round.unproven);
    out.key("devices").begin_array();
    for (const auto& device : round.devices) write_device(out, phrases, device);
    out.end_array().key("ticks").begin_array();
    for (const auto& tick : round.ticks) {
        out.begin();
        write_tick(out, phrases, tick);
        out.end();
    }
    out.end_array().end();
}

void write_quiet(JsonWriter& out, Phrases& phrases, const ports::QuietWindowRow& window) {
    out.begin().field("id", std::to_string(window.id)).key("devices").begin_array();
    for (const auto& device : window.devices) out.text(device);
    out.end_array();
    out.field("from", phrases.time(window.from)).field("until", phrases.time(window.until));
    out.field("by", window.by).field("why", window.why).end();
}

void write_groups(JsonWriter& out, std::string_view name, const std::vector<ports::UpkeepGroup>& groups) {
    out.key(name).begin_array();
    for (const auto& group : groups) {
        out.begin().field("key", group.key);
        count(out, "devices", group.devices);
        count(out, "idle", group.idle);
        count(out, "faults", group.faults);
        count(out, "repaired", group.repaired);
        if (group.repaired > 0)
            real(out, "repair_hours_mean", group.repair_hours / static_cast<double>(group.repaired));
        whole(out, "upkeep_fen", group.upkeep_fen);
        whole(out, "bought_fen", group.bought_fen);
        out.end();
    }
    out.end_array();
}

}  // namespace

std::string render_device_page(Phrases& phrases, const ports::DevicePage& page) {
    JsonWriter out;
    out.begin().key("devices").begin_array();
    for (const auto& device : page.devices) write_device(out, phrases, device);
    out.end_array().field("more", page.more);
    count(out, "found", page.found);
    for (const auto& [name, counts] : {std::pair{"stages", &page.stages}, std::pair{"findings", &page.findings}}) {
        out.key(name).begin();
        for (const auto& [word, n] : *counts) count(out, word, n);
        out.end();
    }
    out.end();
    return out.take();
}

std::string render_kept_device(Phrases& phrases, const Catalogue& catalogue, const ports::KeptDeviceWhole& device) {
    JsonWriter out;
    out.begin();
    write_device(out.key("device"), phrases, device.device);
    write_choices(out, catalogue, device.choices);
    out.key("moves").begin_array();
    for (const auto& move : device.moves) {
        out.begin().field("at", phrases.time(move.at));
        text(out, "from", move.from);
        out.field("to", move.to);
        text(out, "by", move.by);
        text(out, "why", move.why);
        out.end();
    }
    out.end_array().key("work").begin_array();
    for (const auto& row : device.orders) {
        out.begin();
        write_order(out, phrases, row);
        out.end();
    }
    out.end_array().key("rhythm").begin().field("own", device.rhythm_own).field("gaps", device.rhythm_gaps);
    whole(out, "usual_s", device.rhythm_usual.us / 1'000'000);
    whole(out, "silent_after_s", device.silent_after.us / 1'000'000);
    out.end();
    time(out, phrases, "old_tokens_until", device.old_tokens_until);
    out.end();
    return out.take();
}

std::string render_rotated(Phrases& phrases, const ports::Rotated& rotated) {
    JsonWriter out;
    out.begin().field("token", rotated.token);
    time(out, phrases, "old_until", rotated.old_until);
    out.end();
    return out.take();
}

std::string render_tray(Phrases& phrases, const ports::Tray& tray) {
    JsonWriter out;
    out.begin().key("waiting").begin_array();
    for (const auto& row : tray.waiting) {
        out.begin().field("device", row.device).field("speaker", row.speaker).field("door", row.door);
        if (const auto kind = tray.kinds.find(row.device); kind != tray.kinds.end()) out.field("kind", kind->second);
        text(out, "said_kind", row.kind);
        if (const auto said = tray.announced.find({row.device, row.speaker}); said != tray.announced.end()) {
            text(out, "name", said->second.name);
            text(out, "maker", said->second.maker);
            text(out, "product", said->second.product);
            text(out, "parent", said->second.parent);
        }
        out.field("first", phrases.time(row.first)).field("last", phrases.time(row.last));
        count(out, "times", row.times);
        out.end();
    }
    out.end_array().end();
    return out.take();
}

std::string render_work(Phrases& phrases, const Catalogue& catalogue, const ports::WorkView& work) {
    JsonWriter out;
    write_work(out, phrases, catalogue, work);
    return out.take();
}

std::string render_work_list(Phrases& phrases, const Catalogue& catalogue, const std::vector<ports::WorkView>& work) {
    JsonWriter out;
    out.begin().key("work").begin_array();
    for (const auto& one : work) write_work(out, phrases, catalogue, one);
    out.end_array().end();
    return out.take();
}

std::string render_round(Phrases& phrases, const ports::RoundView& round) {
    JsonWriter out;
    write_round(out, phrases, round);
    return out.take();
}

std::string render_rounds(Phrases& phrases, const std::vector<ports::RoundView>& rounds) {
    JsonWriter out;
    out.begin().key("rounds").begin_array();
    for (const auto& round : rounds) write_round(out, phrases, round);
    out.end_array().end();
    return out.take();
}

std::string render_tick(Phrases& phrases, const Catalogue& catalogue, const ports::TickRow& tick) {
    JsonWriter out;
    out.begin();
    write_tick(out, phrases, tick);
    if (!tick.why.empty()) write_words(out.key("reason"), catalogue, tick.why);
    out.end();
    return out.take();
}

std::string render_quiet(Phrases& phrases, const ports::QuietWindowRow& window) {
    JsonWriter out;
    write_quiet(out, phrases, window);
    return out.take();
}

std::string render_quiet_list(Phrases& phrases, const std::vector<ports::QuietWindowRow>& windows) {
    JsonWriter out;
    out.begin().key("windows").begin_array();
    for (const auto& window : windows) write_quiet(out, phrases, window);
    out.end_array().end();
    return out.take();
}

std::string render_upkeep_figures(Phrases& phrases, const ports::UpkeepFigures& figures) {
    JsonWriter out;
    out.begin().field("at", phrases.time(figures.at));
    count(out, "devices", figures.devices);
    count(out, "idle", figures.idle);
    real(out, "idle_share",
         figures.devices == 0 ? 0 : static_cast<double>(figures.idle) / static_cast<double>(figures.devices));
    real(out, "idle_share_planned", figures.idle_share_planned);
    if (figures.fault_rate) real(out, "fault_rate", *figures.fault_rate);
    if (figures.repair_hours_mean) real(out, "repair_hours_mean", *figures.repair_hours_mean);
    whole(out, "upkeep_fen", figures.upkeep_fen);
    write_groups(out, "by_kind", figures.by_kind);
    write_groups(out, "by_maker", figures.by_maker);
    write_groups(out, "by_age", figures.by_age);
    out.end();
    return out.take();
}

}  // namespace shoumen::doors::http

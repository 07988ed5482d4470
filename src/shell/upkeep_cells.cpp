#include "upkeep_cells.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace shoumen::shell {
namespace {

struct Heading {
    std::string_view text;
    Column column;
};
constexpr auto headings = std::to_array<Heading>({
    {"code", Column::code},       {"编号", Column::code},        {"设备编号", Column::code},
    {"kind", Column::kind},       {"类别", Column::kind},        {"设备类别", Column::kind},
    {"place", Column::place},     {"位置编号", Column::place},   {"安装位置编号", Column::place},
    {"name", Column::name},       {"名称", Column::name},        {"设备名称", Column::name},
    {"gateway", Column::gateway}, {"网关编号", Column::gateway}, {"maker", Column::maker},
    {"厂家", Column::maker},      {"生产厂家", Column::maker},   {"model", Column::product},
    {"型号", Column::product},    {"serial", Column::serial},    {"序列号", Column::serial},
    {"bought", Column::bought},   {"购置日期", Column::bought},  {"cost", Column::cost},
    {"价格", Column::cost},       {"购置价格", Column::cost},    {"stage", Column::stage},
    {"状态", Column::stage},
});

constexpr std::array<std::pair<std::string_view, upkeep::Stage>, 4> stages_zh = {{{"已采购", upkeep::Stage::bought},
                                                                                  {"已安装", upkeep::Stage::installed},
                                                                                  {"使用中", upkeep::Stage::in_service},
                                                                                  {"维修中", upkeep::Stage::repair}}};

// As the pages name them.
constexpr std::array<std::pair<std::string_view, model::SignalKind>, model::signal_kind_count - 1> kinds_zh = {
    {{"门禁", model::SignalKind::door_access},
     {"门磁", model::SignalKind::door_contact},
     {"烟感", model::SignalKind::smoke},
     {"高空抛物监测", model::SignalKind::falling_object},
     {"打架识别摄像机", model::SignalKind::camera_fight},
     {"跌倒识别摄像机", model::SignalKind::camera_fall},
     {"居民共享摄像机", model::SignalKind::resident_camera},
     {"充电桩过载", model::SignalKind::ebike_overload},
     {"充电桩断电", model::SignalKind::ebike_power_cut},
     {"一键呼叫", model::SignalKind::one_key},
     {"老人手环", model::SignalKind::elder_bracelet},
     {"儿童手环", model::SignalKind::child_bracelet},
     {"水位计", model::SignalKind::water_level},
     {"燃气报警器", model::SignalKind::gas},
     {"人群聚集监测", model::SignalKind::gathering},
     {"人体感应", model::SignalKind::motion},
     {"网关连接", model::SignalKind::link}}};

}  // namespace

Column column_of(std::string_view heading) {
    const auto it = std::ranges::find(headings, heading, &Heading::text);
    return it == headings.end() ? Column::none : it->column;
}

std::optional<model::SignalKind> read_kind(const std::string& cell) {
    for (const auto& [word, kind] : kinds_zh) {
        if (cell == word) return kind;
    }
    const auto kind = model::parse_SignalKind(cell);
    return kind == model::SignalKind::platform ? std::nullopt : kind;
}

std::optional<upkeep::Stage> read_stage(const std::string& cell) {
    for (const auto& [word, stage] : stages_zh) {
        if (cell == word) return stage;
    }
    const auto stage = upkeep::parse_stage(cell);
    return stage == upkeep::Stage::retired ? std::nullopt : stage;
}

std::optional<base::Time> read_day(const std::string& cell, const base::Zone& zone) {
    if (cell.find_first_of(" +") != std::string::npos) return std::nullopt;  // sscanf passes them over
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    char a = 0;
    char b = 0;
    int used = 0;
    if (std::sscanf(cell.c_str(), "%4d%c%2u%c%2u%n", &year, &a, &month, &b, &day, &used) != 5) return std::nullopt;
    if (static_cast<std::size_t>(used) != cell.size() || a != b || (a != '-' && a != '/')) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (year < 1990 || year > 2199 || !date.ok()) return std::nullopt;
    return zone.to_utc(year, month, day, 0);
}

std::optional<std::int64_t> read_money(const std::string& cell) {
    std::int64_t fen = 0;
    std::size_t digits = 0;
    std::size_t after = 0;
    bool point = false;
    for (const char c : cell) {
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9' && ++digits <= 12 && (!point || ++after <= 2)) {
            fen = fen * 10 + (c - '0');
        } else {
            return std::nullopt;
        }
    }
    if (digits == 0) return std::nullopt;
    for (; after < 2; ++after) fen *= 10;
    return fen;
}

}  // namespace shoumen::shell

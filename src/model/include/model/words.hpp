// The closed word lists of the field. The code words (to_word) are what stands in YAML, JSON and the database; what a
// person reads is translated by the pages.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace shoumen::model {

// Position in the tree of places, from the widest to the narrowest.
enum class PlaceLevel : std::uint8_t { district, street, community, estate, building, unit, floor, home, room, point };

// What a place is used for (场所类型): the column `place` of the responsibility matrix.
enum class PlaceUse : std::uint8_t {
    home,         // 住户
    stairwell,    // 楼道
    lift,         // 电梯
    parking,      // 停车位
    fire_lane,    // 消防通道
    charging,     // 充电棚
    gate,         // 出入口
    public_area,  // 公共区域
    facility,     // 设备房、配套用房
};

enum class EstateType : std::uint8_t { old_estate, new_estate, mixed };  // words: old new mixed

enum class SignalKind : std::uint8_t {
    door_access,
    door_contact,
    smoke,
    falling_object,
    camera_fight,
    camera_fall,
    resident_camera,
    ebike_overload,
    ebike_power_cut,
    one_key,
    elder_bracelet,
    child_bracelet,
    water_level,
    gas,
    gathering,
    motion,
    platform,  // the program itself, of what it measures of its machine
    link,      // how a gateway or bridge stands to us
};
constexpr std::size_t signal_kind_count = 18;

enum class Severity : std::uint8_t { red, orange, yellow, blue };  // red is the gravest
constexpr std::size_t severity_count = 4;

enum class IncidentState : std::uint8_t {
    open,
    acknowledged,
    en_route,
    on_scene,
    resolved,
    closed,
    false_alarm,
    merged,
    quiet,  // kept, and nobody was told: what found it is too often wrong (model/precision.hpp)
};

// Rung of the ladder an incident stands on.
enum class LadderLevel : std::uint8_t { community, street, district };

// What a body or a person is in the community. Leads of the matrix, duty entries and accounts name these.
enum class Role : std::uint8_t {
    property_manager,    // 物业
    committee,           // 社区居委会
    community_police,    // 社区民警
    grid_worker,         // 网格员
    duty_officer,        // 值班员 (the desk)
    technical_team,      // 技防队
    mediation_team,      // 调解队
    patrol_team,         // 巡逻队
    fire_station,        // 微型消防站 / 消防
    community_doctor,    // 社区医生
    street_office,       // 街道
    district_office,     // 区
    lift_maintainer,     // 电梯维保
    owners_committee,    // 业委会
    verifier,            // 核验员
    administrator,       // 管理员
    resident,            // 居民
    family,              // 家属
    floor_captain,       // 楼长
    unit_captain,        // 单元长
    volunteer,           // 志愿者
    committee_director,  // 平安建设委员会主任
    auditor,             // 审计员
    assessor,            // 第三方评估员
};
constexpr std::size_t role_count = 24;

// How a notice travels. Only `screen` (a signed-in page) is carried by the program itself.
enum class Channel : std::uint8_t { screen, push, sms, voice, robot };

#define SHOUMEN_WORDS(Type)                                  \
    std::string_view to_word(Type value);                    \
    std::optional<Type> parse_##Type(std::string_view word); \
    std::span<const std::string_view> words_of_##Type();

SHOUMEN_WORDS(PlaceLevel)
SHOUMEN_WORDS(PlaceUse)
SHOUMEN_WORDS(EstateType)
SHOUMEN_WORDS(SignalKind)
SHOUMEN_WORDS(Severity)
SHOUMEN_WORDS(IncidentState)
SHOUMEN_WORDS(LadderLevel)
SHOUMEN_WORDS(Role)
SHOUMEN_WORDS(Channel)
#undef SHOUMEN_WORDS

// A set of roles as bits.
struct RoleSet {
    std::uint32_t bits = 0;
    [[nodiscard]] constexpr bool has(Role r) const { return (bits >> static_cast<unsigned>(r)) & 1U; }
    constexpr RoleSet& add(Role r) {
        bits |= 1U << static_cast<unsigned>(r);
        return *this;
    }
    bool operator==(const RoleSet&) const = default;
};

}  // namespace shoumen::model

// A policy: everything the core must know of one community, as plain data of one dated version. Made from a community
// directory by room `policy`, immutable afterwards, shared between threads by shared_ptr<const Policy>.
//
// Numbers of places, devices, grids, bodies, fields, symbols, causes, incident kinds and rules are kept from version to
// version: things are added at the end or marked retired, never renumbered. A rule's windows go on where its `identity`
// is the same.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/access.hpp"
#include "model/calendar.hpp"
#include "model/ids.hpp"
#include "model/map.hpp"
#include "model/retention.hpp"
#include "model/rule.hpp"
#include "model/words.hpp"

namespace shoumen::model {

struct Coordinates {
    double latitude_deg = 0;   // WGS-84, −90 … 90
    double longitude_deg = 0;  // WGS-84, −180 … 180
    bool operator==(const Coordinates&) const = default;
};

struct Place {
    std::string code;
    Names name;
    PlaceId parent;  // invalid for the district at the top
    PlaceLevel level = PlaceLevel::point;
    PlaceUse use = PlaceUse::public_area;
    std::optional<Coordinates> at;
    EstateType estate_type = EstateType::mixed;  // of an estate
    bool retired = false;
    std::optional<std::int32_t> storey;  // of a floor: 1 the ground floor, below it −1, −2 …; none: not said
};

struct Grid {
    std::string code;
    Names name;
    std::vector<PlaceId> places;  // the highest places it holds; what lies below belongs to it
    bool retired = false;
};

// An organisation or team that can lead, assist or be told. Its scope is the places (or grids) it answers for; where
// several of one role answer for a place, the one with the narrowest scope is meant.
struct Body {
    std::string code;
    Names name;
    Role role{};
    std::vector<PlaceId> places;
    std::vector<GridId> grids;
    bool retired = false;
};

// Who holds a body's duty when. Recurring by weekday and hour within [from, to), days of the community's local time.
struct Duty {
    BodyId body;
    Person person;
    std::vector<Channel> channels;  // by preference; empty: not reachable
    Schedule hours;
    base::Time from = base::Time::none();  // none: since ever
    base::Time to = base::Time::never();   // never: until further notice
    std::uint32_t line = 0;                // in duty.yaml
};

struct Device {
    std::string code;
    SignalKind kind{};
    Names name;
    PlaceId place;
    DeviceId gateway;  // the device whose token may speak for this one; invalid: none
    WatchedId person;  // who wears it, or alone lives where it stands; invalid: not said
    bool is_gateway = false;
    bool retired = false;
};

struct IncidentKind {
    std::string code;
    Names name;
    bool retired = false;
};

// One row of the matrix with its lists. All of kinds × places × severities × hours is meant.
struct MatrixRow {
    std::uint32_t line = 0;
    std::vector<IncidentKindId> kinds;  // empty: any
    std::vector<PlaceUse> places;       // empty: any
    std::vector<Severity> severities;   // empty: any
    bool any_hour = false;
    Schedule hours;
    std::optional<Role> lead;  // none: the row only adds assisting bodies
    std::vector<Role> assist;
    base::Duration acknowledge;
    base::Duration arrive;
    base::Duration close;
};

struct LadderRung {
    LadderLevel level{};
    Role role{};  // who takes over the supervision here
};

struct Ladder {
    std::vector<LadderRung> rungs;         // community, street, district
    base::Duration climb[severity_count];  // time on a rung before the next, once a deadline is missed
};

struct Policy {
    std::uint64_t version = 0;
    base::Digest digest{};  // of the directory's files
    std::string community;
    Names community_name;
    base::Zone zone;
    PlaceId root;  // the community's place

    std::vector<Place> places;
    std::vector<Grid> grids;
    std::vector<Body> bodies;
    std::vector<Duty> duty;
    std::vector<Device> devices;
    std::vector<std::string> fields;
    std::vector<std::string> symbols;
    std::vector<std::string> causes;
    std::vector<IncidentKind> incident_kinds;
    std::vector<Rule> rules;
    std::vector<MatrixRow> matrix;
    Ladder ladder;
    std::vector<Map> maps;             // by file
    std::vector<std::string> persons;  // codes of those devices belong to
    Calendar calendar;
    std::vector<AccessRow> access;  // who may see what
    Retention retention;
    AccountRules accounts;

    // Look-ups; rebuilt by index(), not part of the canonical bytes.
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
    };
    template <class Id>
    using Names_to = std::unordered_map<std::string, Id, TextHash, std::equal_to<>>;
    Names_to<PlaceId> place_by_code;
    Names_to<DeviceId> device_by_code;
    Names_to<BodyId> body_by_code;
    Names_to<FieldId> field_by_name;
    Names_to<SymbolId> symbol_by_name;
    Names_to<CauseId> cause_by_name;
    Names_to<IncidentKindId> incident_kind_by_code;
    std::vector<std::vector<GridId>> grids_of_place;
    struct Storey {
        std::int32_t storey = 0;
        PlaceId floor;
        std::uint32_t kinds = 0;  // bit per SignalKind of the devices in service there
    };
    std::unordered_map<PlaceId, std::vector<Storey>> storeys_of;  // by what the floors lie in

    void index();

    // The place of this level at or above `place`; `place` itself where it stands higher than that; invalid stays
    // invalid.
    [[nodiscard]] PlaceId ancestor(PlaceId place, PlaceLevel level) const;
    [[nodiscard]] bool is_within(PlaceId place, PlaceId ancestor) const;
    // The floors of the unit the place's floor lies in, from the lowest; those without a storey are not among them.
    // Empty where the place is on no such floor.
    [[nodiscard]] std::span<const Storey> storeys_around(PlaceId place) const;
    // The body of this role that answers for the place: narrowest scope first, then the first in the file. Invalid:
    // nobody.
    [[nodiscard]] BodyId body_for(Role role, PlaceId place) const;
    // Duty entries of the body that hold at t and are reachable, in file order.
    [[nodiscard]] std::vector<const Duty*> on_duty(BodyId body, base::Time t) const;

private:
    void index_storeys();
};

[[nodiscard]] bool schedule_holds(const Schedule& s, const base::LocalTime& t, const Calendar& calendar);

// Canonical bytes of everything but the look-ups; decode calls index().
void encode(const Policy& policy, base::ByteWriter& out);
base::Result<Policy> decode_policy(std::string_view bytes);

}  // namespace shoumen::model

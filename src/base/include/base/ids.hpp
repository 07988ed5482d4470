// Strong identifiers: two kinds of id never mix, and none is made at random inside the core.
//
// Index ids (PlaceId, DeviceId, ...) number things of a policy; a thing keeps its number over later versions, since a
// new version is compiled on top of the one before it. Event ids (IncidentId, ...) come from the input sequence by
// make_id. Value 0 of an event id, and `none` of an index id, mean "no such thing".
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace shoumen::base {

template <class Tag>
struct IndexId {
    static constexpr std::uint32_t none_value = 0xffffffffU;
    std::uint32_t value = none_value;

    constexpr IndexId() = default;
    constexpr explicit IndexId(std::uint32_t v) : value(v) {}
    constexpr explicit IndexId(std::size_t v) : value(static_cast<std::uint32_t>(v)) {}
    [[nodiscard]] constexpr bool valid() const { return value != none_value; }
    constexpr auto operator<=>(const IndexId&) const = default;
};

template <class Tag>
struct EventId {
    std::uint64_t value = 0;

    constexpr EventId() = default;
    constexpr explicit EventId(std::uint64_t v) : value(v) {}
    [[nodiscard]] constexpr bool valid() const { return value != 0; }
    constexpr auto operator<=>(const EventId&) const = default;
};

// One input may give rise to up to a million things; sequence numbers up to 2^43 fit.
constexpr unsigned id_shift = 20;

template <class Id>
constexpr Id make_id(std::uint64_t seq, std::uint64_t nth) {
    return Id{(seq << id_shift) | nth};
}

}  // namespace shoumen::base

template <class Tag>
struct std::hash<shoumen::base::IndexId<Tag>> {
    std::size_t operator()(shoumen::base::IndexId<Tag> id) const noexcept { return id.value; }
};
template <class Tag>
struct std::hash<shoumen::base::EventId<Tag>> {
    std::size_t operator()(shoumen::base::EventId<Tag> id) const noexcept {
        return static_cast<std::size_t>(id.value * 0x9e3779b97f4a7c15ULL);
    }
};

// A policy's rules made ready to run: which rules a device's signals touch, and where the state of each rule and
// subject lies. Immutable once made; shared by copies of the windows.
//
// State lies in cells of four bytes. A device has one block: first one cell for each rule that keeps its state by
// place, a link (the cell of the place's slot), then one for each that is sparse, then the slots of the others, aligned
// to eight bytes. A place's slot stands behind the block of the first device that uses it, with the numbers of its rule
// and its place in the two cells before it. (So do those of persons and gateways.)
// A threshold is sparse if it changes only as it alerts, which is seldom: its slot is one cell, the number of a record
// that is there only while it is not idle. One with a hold or a schedule may begin and end at every signal: it has its
// state in the slot.
// Last of a device's own cells come the values it said last (Remembered), of the fields some rule of it compares with
// their last value or asks for a flat battery.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "model/policy.hpp"

#include "reading.hpp"

namespace shoumen::analyse {

constexpr std::uint32_t no_number = 0xffffffffU;

// Counts up to this size keep their times in the slot; larger ones apart, from their first signal on.
constexpr std::uint32_t largest_inline_count = 8;

struct Code {
    Test raise;
    Test clear;
    std::uint32_t where_begin = 0;
    std::uint16_t where_count = 0;
    model::Operator op{};
    model::KeyLevel key{};
    bool has_clear = false;
    bool sparse = false;
    bool counts_inline = false;
    bool marks_alerts = false;  // keeps the time of its last alert
    bool has_unless = false;
    bool learned = false;  // an absence that asks a habit for its span; its unless is the way out
    std::uint16_t flat_count = 0;
    std::uint32_t flat_begin = 0;  // among the wheres
    std::uint16_t event_count = 0;
    std::uint32_t event_begin = 0;  // of a sequence or together; its unless stands behind
    std::uint32_t rule = 0;         // its place in the policy
    std::uint32_t hours = no_number;
    std::uint32_t at_least = 0;
    std::int64_t hold = 0;
    std::int64_t repeat = 0;
    std::int64_t cooldown = 0;
    std::int64_t auto_clear = 0;
    std::int64_t within = 0;
    std::int64_t link = 0;

    [[nodiscard]] bool is_pattern() const { return op == model::Operator::sequence || op == model::Operator::together; }
    [[nodiscard]] bool by_device() const { return key == model::KeyLevel::device; }
    [[nodiscard]] bool has_hours() const { return hours != no_number; }
};

// An event of a sequence or together, made ready.
struct Kind {
    std::uint32_t kinds = 0;  // 0: all
    std::uint32_t where_begin = 0;
    std::uint16_t where_count = 0;
    bool absent = false;
    std::uint32_t at_least = 1;
};

struct Step {
    std::uint32_t rule = 0;
    std::uint32_t cell = 0;  // within the device's block: the slot, or the link to it
};

struct Program {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t cells = 0;
    std::uint32_t links = 0;     // the first cells of the block
    std::uint32_t memories = 0;  // the last, from here on
    std::uint32_t memory_begin = 0;
    std::uint32_t memory_end = 0;
    model::SignalKind kind{};
};

struct Row {
    std::uint32_t program = 0;  // program 0 is empty
    std::uint32_t block = 0;
};

// Of a subject that is no device: a place, a person, a gateway.
struct PlaceSlot {
    std::uint32_t place = 0;
    std::uint32_t rule = 0;
    std::uint32_t cell = 0;
    [[nodiscard]] auto key() const { return std::pair(place, rule); }
};

struct Plan {
    Plan();
    // `places` becomes the list of all slots by place, in their order.
    Plan(std::shared_ptr<const model::Policy> policy, std::vector<PlaceSlot>& places);

    std::shared_ptr<const model::Policy> policy;
    std::vector<Code> rules;
    std::vector<Test> wheres;
    std::vector<Kind> events;                // by Code::event_begin
    std::vector<model::Schedule> schedules;  // by Code::hours
    std::vector<std::uint32_t> memories;     // fields, by Program::memory_begin
    std::vector<Step> steps;
    std::vector<Program> programs;
    std::vector<Row> rows;                    // by device; blocks ascend
    std::vector<std::uint32_t> device_hints;  // for each 256 cells, the device whose block the first lies in
    std::uint32_t cells = 0;
    std::size_t fields = 0;  // more than any rule looks at

    [[nodiscard]] std::span<const Step> steps_of(const Program& program) const {
        return std::span(steps).subspan(program.begin, program.end - program.begin);
    }
    // The subject of a rule that is not by device; no_number: the device has none.
    [[nodiscard]] std::uint32_t subject_of(const Code& code, std::uint32_t device) const;
    [[nodiscard]] std::span<const std::uint32_t> memories_of(const Program& program) const {
        return std::span(memories).subspan(program.memory_begin, program.memory_end - program.memory_begin);
    }
    // Where the device's last value of a field lies; no_number: nobody asks for it.
    [[nodiscard]] std::uint32_t memory_of(std::uint32_t device, std::uint32_t field) const;
    // The slot of a rule and a subject, which is a device or one of these as the rule's key says; no_number: there is
    // none.
    [[nodiscard]] std::uint32_t find(std::uint32_t rule, std::uint32_t subject,
                                     std::span<const PlaceSlot> places) const;
    // The device whose block, or what stands behind it, holds the cell.
    [[nodiscard]] std::uint32_t device_at(std::uint32_t cell) const;
    void prefetch_device_at(std::uint32_t cell) const {
        const std::uint32_t hint = cell / hint_every;
        if (hint < device_hints.size()) __builtin_prefetch(&rows[device_hints[hint]]);
    }
    [[nodiscard]] std::uint32_t end_of(std::uint32_t device) const {
        return device + 1 < rows.size() ? rows[device + 1].block : cells;
    }
    [[nodiscard]] std::size_t bytes() const;

private:
    static constexpr std::uint32_t hint_every = 256;
    [[nodiscard]] std::uint32_t find_device(std::uint32_t cell, std::uint32_t first, std::uint32_t end) const;
};

constexpr std::uint32_t even(std::uint32_t cell) { return (cell + 1U) & ~1U; }
// Cells of a slot.
std::uint32_t cells_of(const Code& code);

}  // namespace shoumen::analyse

// What a device said last, of the fields that some rule of it compares with their last value (`changed`) or asks for a
// flat battery. News older than what is remembered changes nothing.
#include <bit>

#include "engine.hpp"

namespace shoumen::analyse {

Remembered Remembered::of(const model::Value& v, std::int64_t at) {
    Remembered r{.at = at, .type = v.type, .known = true};
    if (v.type < model::ValueType::symbol)
        r.bits = std::bit_cast<std::uint64_t>(v.number == 0 ? 0.0 : v.number);  // no minus zero
    else if (v.type == model::ValueType::symbol)
        r.bits = v.index;
    return r;
}

model::Value Remembered::value() const {
    model::Value v;
    v.type = type;
    if (type < model::ValueType::symbol)
        v.number = std::bit_cast<double>(bits);
    else
        v.index = bits;
    return v;
}

void Engine::remember(const Row& row, const Program& program, std::int64_t at) {
    std::uint32_t cell = row.block + program.memories;
    for (const std::uint32_t field : plan_->memories_of(program)) {
        const model::Value* value = reading_.value(field);
        const Remembered before = Remembered::load(&cells_[cell]);
        if (value != nullptr && (!before.known || at >= before.at)) {
            const Remembered now = Remembered::of(*value, at);
            reading_.mark_changed(field, before.known && now.differs(before));
            now.store(&cells_[cell]);
        }
        cell += Remembered::cells;
    }
}

void Engine::forget_changes(const Program& program) {
    for (const std::uint32_t field : plan_->memories_of(program)) reading_.mark_changed(field, false);
}

bool Engine::is_flat(const Code& code, std::uint32_t device) const {
    const auto ask = [&](const Test& test) {
        const std::uint32_t cell = plan_->memory_of(device, test.field);
        const Remembered last = cell == no_number ? Remembered{} : Remembered::load(&cells_[cell]);
        return last.known ? compare(test, last.value()) : Answer::unknown;
    };
    return all_hold(code.flat_begin, code.flat_count, ask);
}

// --- As bytes ----------------------------------------------------------------------------------------------------

void Engine::encode_memories(base::ByteWriter& out) const {
    each_memory([&](std::uint32_t device, std::uint32_t field, std::uint32_t cell) {
        const Remembered r = Remembered::load(&cells_[cell]);
        if (!r.known) return;
        out.varint(std::uint64_t{device} + 1);
        out.varint(field);
        out.u8(static_cast<std::uint8_t>(r.type));
        out.u64(r.bits);
        out.zigzag(r.at);
    });
    out.varint(0);
}

bool Engine::decode_memories(base::ByteReader& in) {
    for (std::uint64_t device = in.varint(); device != 0; device = in.varint()) {
        const auto field = static_cast<std::uint32_t>(in.varint());
        Remembered r{.known = true};
        r.type = static_cast<model::ValueType>(in.u8());
        r.bits = in.u64();
        r.at = in.zigzag();
        if (!in.ok() || r.type > model::ValueType::text || !is_credible(r.at) || device > no_number) return false;
        const std::uint32_t cell = plan_->memory_of(static_cast<std::uint32_t>(device - 1), field);
        if (cell != no_number) r.store(&cells_[cell]);
    }
    return in.ok();
}

}  // namespace shoumen::analyse

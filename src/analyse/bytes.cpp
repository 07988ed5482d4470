// The windows as bytes, version 4: the identities and operators of the rules, then the slots that hold anything, in the
// order in which they lie, each as (rule, subject, state), 0 behind the last. State does not depend on how a rule is
// compiled, so that slots of rules that are gone can be passed over. Then what devices said last, then habits. Versions
// 2, without both, and 3, without habits, are read as well.
#include <algorithm>
#include <initializer_list>
#include <utility>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

constexpr std::uint8_t form = 4;
constexpr std::uint8_t without_habits = 3;
constexpr std::uint8_t without_memories = 2;
const Code nothing{};

// Times, of which "none" is common.
void put_time(base::ByteWriter& out, std::int64_t us) {
    out.boolean(us != no_time);
    if (us != no_time) out.zigzag(us);
}

std::int64_t get_time(base::ByteReader& in) { return in.boolean() ? in.zigzag() : no_time; }

// Times that may stand in a slot: with these no sum of a time and a span overflows.
bool is_time(std::int64_t us) { return us == no_time || is_credible(us); }
bool are_times(std::initializer_list<std::int64_t> times) { return std::ranges::all_of(times, is_time); }

void put_number(base::ByteWriter& out, std::uint32_t number) { out.varint((std::uint64_t{number} + 1) & 0xffffffffU); }

std::uint32_t get_number(base::ByteReader& in) { return static_cast<std::uint32_t>(in.varint()) - 1U; }

tl::unexpected<base::Error> broken() {
    return base::fail("data-damaged",
                      "The windows of the analyse step are damaged or of another version. Start from an older "
                      "snapshot, or restore a backup.",
                      "analyse");
}

}  // namespace

void Engine::encode(base::ByteWriter& out) const {
    out.u8(form);
    out.varint(plan_->rules.size());
    for (const Code& code : plan_->rules) {
        out.raw(base::as_bytes(plan_->policy->rules[code.rule].identity));
        out.u8(static_cast<std::uint8_t>(code.op));
    }
    each_slot([&](const Slot& slot) { encode_slot(slot, out); });
    out.varint(0);
    encode_memories(out);
    encode_habits(out);
}

void Engine::encode_slot(const Slot& slot, base::ByteWriter& out) const {
    const auto head = [&] {
        out.varint(slot.code.rule + 1U);
        out.varint(slot.subject);
    };
    if (slot.code.op == model::Operator::threshold) {
        if (slot.code.sparse && is_idle(slot)) return;
        const Threshold t = load_threshold(slot);
        if (!t.holds && t.alert_at == no_time && t.late_minute == no_number) return;
        head();
        out.u8(static_cast<std::uint8_t>((t.holds ? 1U : 0U) | (t.pending ? 2U : 0U)));
        // What a threshold that no longer holds remembers of the time when it did is of no use and differs after a
        // restart.
        put_time(out, t.holds ? t.since : no_time);
        put_time(out, t.holds ? t.last_raise : no_time);
        put_time(out, t.alert_at);
        out.varint(t.open);
        put_number(out, t.device);
        put_number(out, t.late_minute);
    } else if (slot.code.op == model::Operator::count) {
        const Count count = Count::load(slot.code, &cells_[slot.cell]);
        if (count.size == 0 && count.alert_at == no_time) return;
        head();
        encode_count(slot, out);
    } else if (slot.code.op == model::Operator::absence) {
        const Absence absence = Absence::load(slot.code, &cells_[slot.cell]);
        head();
        put_time(out, absence.last);
        out.varint(absence.alert);
        put_number(out, absence.device);
        put_time(out, absence.heard);
        put_time(out, absence.alert_at);
    } else {
        const Pattern p = pattern_of(slot);
        if (p.is_idle()) return;
        head();
        for (const std::int64_t time : {p.waits_since, p.alert_at, p.last_raise}) put_time(out, time);
        out.varint(p.open);
        put_number(out, p.device);
        out.varint(p.seen.size());
        for (const Pattern::Seen& s : p.seen) {
            out.zigzag(s.at);
            out.varint(s.events);
        }
    }
}

void Engine::encode_count(const Slot& slot, base::ByteWriter& out) const {
    const Count count = Count::load(slot.code, &cells_[slot.cell]);
    for (const std::int64_t time : {count.alert_at, count.last_raise}) put_time(out, time);
    out.varint(count.open);
    out.varint(slot.code.at_least);
    out.varint(count.size);
    if (count.size == 0) return;  // a large one has no ring before its first signal
    const std::uint32_t* times =
        slot.code.counts_inline ? &cells_[slot.cell + Count::times_cell(slot.code)] : rings_.data() + count.ring;
    for (std::size_t i = 0; i < count.size; ++i) out.zigzag(count_time(times, (count.first + i) % slot.code.at_least));
}

base::Result<void> Engine::decode(base::ByteReader& in) {
    Engine fresh = *this;
    fresh.forget();
    if (!fresh.decode_slots(in)) return broken();
    fresh.queue_all();
    *this = std::move(fresh);
    return {};
}

bool Engine::decode_slots(base::ByteReader& in) {
    const std::uint8_t written = in.u8();
    if (written != form && written != without_habits && written != without_memories) return false;
    std::vector<base::Digest> identities(in.count());
    std::vector<model::Operator> operators;
    for (base::Digest& identity : identities) {
        identity = base::digest_from_bytes(in.raw(identity.size()));
        operators.push_back(static_cast<model::Operator>(in.u8()));
    }
    const auto numbers = match_rules(identities, *plan_);
    const auto places = place_slots();
    for (std::uint64_t rule = in.varint(); rule != 0; rule = in.varint()) {
        if (rule > identities.size()) return false;
        const auto subject = static_cast<std::uint32_t>(in.varint());
        const model::Operator op = operators[rule - 1];
        const std::uint32_t number = numbers[rule - 1];
        const std::uint32_t cell = number == no_number ? no_number : plan_->find(number, subject, places);
        const bool ours = cell != no_number && plan_->rules[number].op == op;
        const Slot slot{ours ? plan_->rules[number] : nothing, subject, cell};
        if (!decode_slot(ours ? &slot : nullptr, op, in)) return false;
    }
    if (written != without_memories && !decode_memories(in)) return false;
    return in.ok() && (written != form || decode_habits(numbers, in));
}

// What bytes may bring back. Absences keep the time their slots were made.
void Engine::forget() {
    sparse_.clear();
    unused_.clear();
    rings_.clear();
    patterns_.clear();
    each_slot([&](const Slot& slot) {
        std::uint32_t* cells = &cells_[slot.cell];
        if (slot.code.sparse)
            *cells = 0;
        else if (slot.code.op == model::Operator::threshold)
            Threshold().store(slot.code, cells);
        else if (slot.code.op == model::Operator::count)
            Count().store(slot.code, cells);
        else
            *cells = not_queued;
        if (slot.code.is_pattern()) cells[1] = 0;
        if (slot.code.learned) learned_of(slot) = {.habit = {}, .within = slot.code.within};
    });
    each_memory([&](std::uint32_t, std::uint32_t, std::uint32_t cell) { Remembered().store(&cells_[cell]); });
}

bool Engine::decode_slot(const Slot* slot, model::Operator op, base::ByteReader& in) {
    switch (op) {
        case model::Operator::threshold:
            return decode_threshold(slot, in);
        case model::Operator::count:
            return decode_count(slot, in);
        case model::Operator::absence:
            return decode_absence(slot, in);
        case model::Operator::sequence:
        case model::Operator::together:
            return decode_pattern(slot, in);
    }
    return false;
}

bool Engine::decode_threshold(const Slot* slot, base::ByteReader& in) {
    Threshold t;
    const std::uint8_t flags = in.u8();
    t.holds = (flags & 1U) != 0;
    t.pending = (flags & 2U) != 0;
    for (std::int64_t* time : {&t.since, &t.last_raise, &t.alert_at}) *time = get_time(in);
    t.open = in.varint();
    t.device = get_number(in);
    t.late_minute = get_number(in);
    const bool sound = are_times({t.since, t.last_raise, t.alert_at}) && flags != 2 && flags <= 3 &&
                       (!t.holds || t.since != no_time) && (t.open != 0) == (flags == 1) &&
                       (t.open == 0 || t.alert_at != no_time);
    if (!in.ok() || !sound) return false;
    if (t.holds && t.last_raise == no_time) t.last_raise = t.since;  // of a rule that has no use for it
    if (slot) {
        open_threshold(*slot);
        store_threshold(*slot, t);
    }
    return true;
}

bool Engine::decode_count(const Slot* slot, base::ByteReader& in) {
    Count count;
    for (std::int64_t* time : {&count.alert_at, &count.last_raise}) *time = get_time(in);
    count.open = in.varint();
    const std::uint64_t at_least = in.varint();
    sorted_.resize(in.count());
    for (std::int64_t& time : sorted_) time = in.zigzag();
    const bool sound = sorted_.size() <= at_least && std::ranges::is_sorted(sorted_) &&
                       std::ranges::all_of(sorted_, is_time) && are_times({count.alert_at, count.last_raise}) &&
                       (count.open == 0 || count.alert_at != no_time);
    if (!in.ok() || !sound) return false;
    if (!slot || slot->code.at_least != at_least) return true;
    count.size = static_cast<std::uint32_t>(sorted_.size());
    if (count.size > 0) {
        std::uint32_t* times = count_times(*slot, count);
        for (std::size_t i = 0; i < sorted_.size(); ++i) put_count_time(times, i, sorted_[i]);
    }
    count.store(slot->code, &cells_[slot->cell]);
    return true;
}

bool Engine::decode_absence(const Slot* slot, base::ByteReader& in) {
    Absence absence;
    absence.last = get_time(in);
    absence.alert = in.varint();
    absence.device = get_number(in);
    absence.heard = get_time(in);
    absence.alert_at = get_time(in);
    const bool linked = slot && slot->code.link > 0;
    const bool sound = absence.last != no_time && are_times({absence.last, absence.heard, absence.alert_at}) &&
                       (!linked || (absence.heard != no_time && (!absence.is_open() || absence.alert_at != no_time)));
    if (!in.ok() || !sound) return false;
    if (slot) absence.store(slot->code, &cells_[slot->cell]);
    return true;
}

bool Engine::decode_pattern(const Slot* slot, base::ByteReader& in) {
    Pattern p;
    for (std::int64_t* time : {&p.waits_since, &p.alert_at, &p.last_raise}) *time = get_time(in);
    p.open = in.varint();
    p.device = get_number(in);
    p.seen.resize(in.count());
    for (Pattern::Seen& s : p.seen) {
        s.at = in.zigzag();
        s.events = static_cast<std::uint32_t>(in.varint());
    }
    const bool sound = are_times({p.waits_since, p.alert_at, p.last_raise}) && (p.open == 0 || p.alert_at != no_time) &&
                       std::ranges::is_sorted(p.seen, {}, &Pattern::Seen::at) &&
                       std::ranges::all_of(p.seen, is_time, &Pattern::Seen::at);
    if (!in.ok() || !sound) return false;
    if (slot) pattern_put(*slot, std::move(p));
    return true;
}

}  // namespace shoumen::analyse

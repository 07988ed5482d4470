// Learned absences: what stands between a slot and the habit of its subject.
//
// A quiet teaches when it began with a sign of activity and ended with one, and when its subject could be heard all the
// while: not where the link was taken for dead, or the battery for flat. Its span is asked for as it begins, so that it
// stays the same until the next sign, whatever is learned meanwhile.
#include <algorithm>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

constexpr std::int64_t second_us = 1'000'000;

HabitTerms terms_of(const Code& code) {
    return {.plain_s = std::max<std::int64_t>(code.within / second_us, 1),
            .least_s = std::max<std::int64_t>(code.hold / second_us, 1),
            .away_most_s = code.repeat / second_us,
            .alarms_in_90d = code.at_least};
}

std::int64_t floor_s(std::int64_t us) { return us / second_us - (us % second_us < 0 ? 1 : 0); }

}  // namespace

// The sign with which the quiet at hand began.
Sign Engine::sign_of(const Learned& learned, std::int64_t at) const {
    const std::int64_t s = floor_s(at);
    const std::int64_t offset = plan_->policy->zone.offset_at(base::Time{at}).us / second_us;
    return {.at_s = s, .clock_s = s + offset, .spot = learned.spot, .left = learned.left};
}

void Engine::learn(const Slot& slot, std::int64_t began, std::int64_t at) {
    Learned& learned = learned_of(slot);
    if (learned.spot == no_number) return;
    const Sign sign = sign_of(learned, began);
    learned.habit.learn(sign, floor_s(at) - sign.at_s, terms_of(slot.code));
}

void Engine::begin_quiet(const Slot& slot, std::uint32_t device, std::int64_t at) {
    Learned& learned = learned_of(slot);
    learned.spot = device;
    learned.left = learned.way_out != no_time && at - learned.way_out <= Habit::way_out_s * second_us;
    learned.within = learned.habit.alarm_after_s(sign_of(learned, at), terms_of(slot.code)) * second_us;
    if (!learned.habit.learned()) learned.within = slot.code.within;
}

void Engine::begin_unknown(const Slot& slot) {
    Learned& learned = learned_of(slot);
    learned.spot = no_number;
    learned.left = false;
    learned.within = slot.code.within;
}

void Engine::note_way_out(const Slot& slot, model::SignalKind kind, std::int64_t at) {
    if (!slot.code.has_unless || !fits(plan_->events[slot.code.event_begin], kind)) return;
    Learned& learned = learned_of(slot);
    learned.way_out = std::max(learned.way_out, at);
}

void Engine::explain(const Slot& slot, const Absence& absence, std::uint64_t alert, Moment& moment) const {
    const Learned& learned = learned_of(slot);
    QuietReason why{.alert = model::AlertId{alert}, .since = base::Time{absence.last}, .left = learned.left};
    if (learned.spot != no_number) {
        const Expected e = learned.habit.expected(sign_of(learned, absence.last), terms_of(slot.code));
        why.learned = e.learned;
        why.usual = base::seconds(e.usual_s);
        why.up_by_minute = e.up_by_min;
        why.spot = model::DeviceId{learned.spot};
    }
    moment.out.reasons.push_back(why);
}

std::string to_words(const QuietReason& why) {
    std::string words = "quiet since=" + std::to_string(floor_s(why.since.us));
    words += why.left ? " left=yes" : " left=no";
    words += why.learned ? " learned=yes" : " learned=no";
    if (why.learned) words += " usual_min=" + std::to_string(why.usual.us / (60 * second_us));
    if (why.up_by_minute >= 0) words += " up_by_min=" + std::to_string(why.up_by_minute);
    return words;
}

// A rule that was changed is told by its code: its windows begin anew, but nobody's habits have changed.
void Engine::keep_habits(Engine& before, std::span<const PlaceSlot> places) {
    const auto& rules = plan_->policy->rules;
    before.each_slot([&](const Slot& from) {
        if (!from.code.learned) return;
        const model::Rule& was = before.plan_->policy->rules[from.code.rule];
        const auto now =
            std::ranges::find_if(rules, [&](const model::Rule& r) { return !r.retired && r.code == was.code; });
        if (now == rules.end()) return;
        const auto number = static_cast<std::uint32_t>(now - rules.begin());
        const Code& code = plan_->rules[number];
        if (!code.learned || code.key != from.code.key) return;
        const std::uint32_t cell = plan_->find(number, from.subject, places);
        if (cell != no_number) learned_of({code, from.subject, cell}).habit = before.learned_of(from).habit;
    });
}

// --- As bytes ----------------------------------------------------------------------------------------------------

void Engine::encode_habits(base::ByteWriter& out) const {
    each_slot([&](const Slot& slot) {
        if (!slot.code.learned) return;
        const Learned& learned = learned_of(slot);
        out.varint(slot.code.rule + 1U);
        out.varint(slot.subject);
        out.zigzag(learned.within);
        out.boolean(learned.way_out != no_time);
        if (learned.way_out != no_time) out.zigzag(learned.way_out);
        out.varint((std::uint64_t{learned.spot} + 1) & 0xffffffffU);
        out.boolean(learned.left);
        learned.habit.encode(out);
    });
    out.varint(0);
}

bool Engine::decode_habits(std::span<const std::uint32_t> numbers, base::ByteReader& in) {
    const auto places = place_slots();
    for (std::uint64_t rule = in.varint(); rule != 0; rule = in.varint()) {
        if (rule > numbers.size()) return false;
        const auto subject = static_cast<std::uint32_t>(in.varint());
        Learned learned;
        learned.within = in.zigzag();
        if (in.boolean()) learned.way_out = in.zigzag();
        learned.spot = static_cast<std::uint32_t>(in.varint()) - 1U;
        learned.left = in.boolean();
        constexpr std::int64_t most = 400 * 86'400 * second_us;
        const bool sound = learned.within > 0 && learned.within <= most &&
                           (learned.way_out == no_time || is_credible(learned.way_out));
        if (!learned.habit.decode(in) || !sound || !in.ok()) return false;
        const std::uint32_t number = numbers[rule - 1];
        const std::uint32_t cell = number == no_number ? no_number : plan_->find(number, subject, places);
        if (cell == no_number || !plan_->rules[number].learned) continue;
        learned_of({plan_->rules[number], subject, cell}) = std::move(learned);
    }
    return in.ok();
}

}  // namespace shoumen::analyse

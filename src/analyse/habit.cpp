#include "analyse/habit.hpp"

#include <algorithm>
#include <functional>

namespace shoumen::analyse {

namespace {

constexpr std::uint8_t form = 1;
constexpr std::int64_t day_s = 86'400;
constexpr std::uint32_t days_of_epoch = 15;
constexpr std::int64_t reach_s = 2 * 3'600;      // hours so near teach about each other
constexpr std::int64_t less_at_reach = 154;      // in 1,024 parts: what a quiet so far off counts less
constexpr std::uint64_t seldom = 8 * 256;        // a kind seen so often is believed half
constexpr std::uint64_t kept_of_a_day = 64'800;  // in 65,536 parts: half is left after sixty days
constexpr std::uint32_t score_one = 256;
constexpr std::uint32_t grown_up = 90;  // days
constexpr std::uint32_t least_bar = score_one * 5 / 4;
constexpr std::uint32_t most_bar = score_one * 4;
constexpr std::uint32_t no_fit = 3;  // quiets beyond the bar within two epochs

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

// --- Where things lie --------------------------------------------------------------------------------------------

std::size_t Habit::spot_of(std::uint32_t spot) const {
    const auto found = std::ranges::find(spots_, spot);
    if (found == spots_.end() && spots_.size() == most_spots) return most_spots;
    return static_cast<std::size_t>(found - spots_.begin()) + 1;
}

std::size_t Habit::add_spot(std::uint32_t spot) {
    const std::size_t number = spot_of(spot);
    if (number > spots_.size()) {
        spots_.push_back(spot);
        cells_.resize(cells_.size() + 2 * hours);
    }
    return number;
}

const Habit::Cell& Habit::cell(std::size_t spot, bool left, std::size_t hour) const {
    return cells_[(spot * 2 + (left ? 1 : 0)) * hours + hour];
}

Habit::Cell& Habit::cell(std::size_t spot, bool left, std::size_t hour) {
    return cells_[(spot * 2 + (left ? 1 : 0)) * hours + hour];
}

// --- What is usual -----------------------------------------------------------------------------------------------

Habit::Around Habit::around(std::size_t spot, bool left, std::int64_t second) const {
    Around all;
    for (std::size_t hour = 0; hour < hours; ++hour) {
        const std::int64_t apart = std::abs(static_cast<std::int64_t>(hour) * 3'600 + 1'800 - second);
        const std::int64_t off = std::min(apart, day_s - apart);
        if (off > reach_s) continue;
        const Cell& c = cell(spot, left, hour);
        all.seen += c.seen;
        all.longest_s = std::max(all.longest_s, c.longest_s * (1'024 - less_at_reach * off / reach_s) / 1'024);
    }
    return all;
}

std::int64_t Habit::usual(const Sign& sign, const HabitTerms& terms) const {
    const std::int64_t second = sign.clock_s - floor_div(sign.clock_s, day_s) * day_s;
    const Around any = around(0, sign.left, second);
    const auto mixed = [](std::int64_t own, std::uint64_t seen, std::int64_t other) {
        const auto weight = static_cast<std::int64_t>(seen * 1'024 / (seen + seldom));
        return (own * weight + other * (1'024 - weight)) / 1'024;
    };
    const std::int64_t of_all = mixed(any.longest_s, any.seen, terms.plain_s);
    const std::size_t number = spot_of(sign.spot);
    if (number > spots_.size()) return std::max(of_all, terms.least_s);
    const Around own = around(number, sign.left, second);
    return std::max(mixed(own.longest_s, own.seen, std::max(of_all, own.longest_s)), terms.least_s);
}

// The score that no more quiets than are allowed went beyond, and a little more.
std::uint32_t Habit::bar(const HabitTerms& terms) const {
    std::vector<std::uint32_t> all;
    for (const auto& epoch : scores_) all.insert(all.end(), epoch.begin(), epoch.end());
    const std::size_t nth = std::min<std::size_t>(terms.alarms_in_90d, kept - 1);
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(nth), std::greater{});
    // Of few days the longest quiets have not been seen yet.
    const std::uint32_t young = days_ < grown_up ? score_one * (grown_up - days_) / grown_up : 0;
    return std::clamp(all[nth] + all[nth] / 16, least_bar + young, most_bar);
}

std::int64_t Habit::alarm_after(const Sign& sign, const HabitTerms& terms, std::int64_t usual_s,
                                std::uint32_t bar) const {
    const std::int64_t wanted = usual_s * bar / score_one;
    // Whoever has left is not silent at home; only much later than at home does it mean something.
    const std::int64_t away_most = terms.away_most_s > 0 ? terms.away_most_s : 3 * terms.plain_s;
    if (sign.left) return std::clamp(wanted, terms.plain_s, std::max(away_most, terms.plain_s));
    return std::clamp(wanted, std::min(terms.least_s, terms.plain_s), terms.plain_s);
}

bool Habit::learned() const { return days_ >= days_before_learned; }

Expected Habit::expected(const Sign& sign, const HabitTerms& terms) const {
    if (!learned()) return {.alarm_after_s = terms.plain_s};
    Expected e{.learned = true, .usual_s = usual(sign, terms)};
    e.alarm_after_s = alarm_after(sign, terms, e.usual_s, bar(terms));
    std::vector<std::uint16_t> ups;
    std::ranges::copy_if(ups_, std::back_inserter(ups), [](std::uint16_t up) { return up > 0; });
    if (ups.size() >= mornings / 4) {
        std::ranges::sort(ups);
        e.up_by_min = (ups[ups.size() * 9 / 10] - 1 + 4) / 5 * 5;
    }
    return e;
}

std::int64_t Habit::alarm_after_s(const Sign& sign, const HabitTerms& terms) const {
    return learned() ? alarm_after(sign, terms, usual(sign, terms), bar(terms)) : terms.plain_s;
}

// --- Learning ----------------------------------------------------------------------------------------------------

bool Habit::learn(const Sign& sign, std::int64_t quiet_s, const HabitTerms& terms) {
    if (quiet_s <= least_taught_s || sign.at_s < last_s_) return false;
    // By what was known when it began.
    const std::int64_t usual_s = usual(sign, terms);
    const bool beyond = learned() && quiet_s > alarm_after(sign, terms, usual_s, bar(terms));
    const bool scored = days_ >= days_before_scores && (!sign.left || quiet_s > terms.plain_s);
    last_s_ = sign.at_s + quiet_s;
    pass_days(floor_div(sign.clock_s + quiet_s, day_s));
    if (scored) note_score(static_cast<std::uint32_t>(std::min<std::int64_t>(quiet_s * score_one / usual_s, 0xffff)));
    if (beyond && ++beyond_[0] + beyond_[1] >= no_fit) {
        drop();
        return true;
    }
    const auto second = sign.clock_s - floor_div(sign.clock_s, day_s) * day_s;
    const auto hour = static_cast<std::size_t>(second / 3'600);
    for (const std::size_t number : {std::size_t{0}, add_spot(sign.spot)}) {
        Cell& c = cell(number, sign.left, hour);
        c.seen = std::min(c.seen + one, 1'000 * one);
        c.longest_s = std::max(c.longest_s, static_cast<std::uint32_t>(std::min<std::int64_t>(quiet_s, 30 * day_s)));
    }
    note_morning(sign, quiet_s, day_);
    return beyond;
}

// Only days from which something was learned count: a gateway dead for a month makes nothing fade.
void Habit::pass_days(std::int64_t day) {
    if (day_ == 0) day_ = day;
    if (day <= day_) return;
    fade();
    longest_up_s_ = 0;
    ++days_;
    ups_[days_ % mornings] = 0;
    if (days_ % days_of_epoch == 0) {
        std::ranges::rotate(scores_, scores_.end() - 1);
        std::ranges::rotate(beyond_, beyond_.end() - 1);
        scores_[0] = {};
        beyond_[0] = 0;
    }
    day_ = day;
}

void Habit::fade() {
    for (Cell& c : cells_) {
        c.seen = static_cast<std::uint32_t>(c.seen * kept_of_a_day >> 16U);
        c.longest_s = static_cast<std::uint32_t>(c.longest_s * kept_of_a_day >> 16U);
    }
}

void Habit::note_score(std::uint32_t score) {
    auto& epoch = scores_[0];
    if (score <= epoch.back()) return;
    epoch.back() = score;
    std::ranges::sort(epoch, std::greater{});
}

// The end of the longest quiet that ends in the morning.
void Habit::note_morning(const Sign& sign, std::int64_t quiet_s, std::int64_t day) {
    const std::int64_t minute = (sign.clock_s + quiet_s - day * day_s) / 60;
    if (minute < 4 * 60 || minute >= 12 * 60 || quiet_s < 3'600 || sign.left) return;
    if (quiet_s <= static_cast<std::int64_t>(longest_up_s_)) return;
    longest_up_s_ = static_cast<std::uint32_t>(std::min<std::int64_t>(quiet_s, day_s));
    ups_[days_ % mornings] = static_cast<std::uint16_t>(minute + 1);
}

void Habit::drop() {
    const std::uint32_t dropped = dropped_ + 1;
    const std::int64_t last = last_s_;
    const std::int64_t day = day_;
    *this = Habit();
    dropped_ = dropped;
    last_s_ = last;
    day_ = day;
}

// --- As bytes ----------------------------------------------------------------------------------------------------

void Habit::encode(base::ByteWriter& out) const {
    out.u8(form);
    out.varint(spots_.size());
    for (const std::uint32_t spot : spots_) out.varint(spot);
    for (const Cell& c : cells_) {
        out.varint(c.longest_s);
        if (c.longest_s > 0) out.varint(c.seen);
    }
    out.zigzag(day_);
    out.zigzag(last_s_);
    out.varint(days_);
    out.varint(dropped_);
    for (const auto& epoch : scores_) {
        for (const std::uint32_t score : epoch) out.varint(score);
    }
    for (const std::uint8_t n : beyond_) out.u8(n);
    for (const std::uint16_t up : ups_) out.varint(up);
    out.varint(longest_up_s_);
}

bool Habit::decode(base::ByteReader& in) {
    constexpr std::int64_t credible_s = 8'000'000'000;
    Habit h;
    if (in.u8() != form) return false;
    const std::uint64_t spots = in.varint();
    if (spots > most_spots) return false;
    for (std::uint64_t i = 0; i < spots; ++i) h.spots_.push_back(static_cast<std::uint32_t>(in.varint()));
    h.cells_.resize((spots + 1) * 2 * hours);
    bool sound = true;
    for (Cell& c : h.cells_) {
        const std::uint64_t longest = in.varint();
        const std::uint64_t seen = longest > 0 ? in.varint() : 0;
        sound = sound && longest <= 30 * day_s && seen <= 1'000 * one;
        c = {static_cast<std::uint32_t>(longest), static_cast<std::uint32_t>(seen)};
    }
    h.day_ = in.zigzag();
    h.last_s_ = in.zigzag();
    const std::uint64_t days = in.varint();
    h.days_ = static_cast<std::uint32_t>(days);
    h.dropped_ = static_cast<std::uint32_t>(in.varint());
    for (auto& epoch : h.scores_) {
        for (std::uint32_t& score : epoch)
            score = static_cast<std::uint32_t>(std::min<std::uint64_t>(in.varint(), 0xffff));
        sound = sound && std::ranges::is_sorted(epoch, std::greater{});
    }
    for (std::uint8_t& n : h.beyond_) n = in.u8();
    for (std::uint16_t& up : h.ups_) {
        const std::uint64_t minute = in.varint();
        sound = sound && minute <= 12 * 60;
        up = static_cast<std::uint16_t>(minute);
    }
    const std::uint64_t longest_up = in.varint();
    h.longest_up_s_ = static_cast<std::uint32_t>(longest_up);
    auto sorted = h.spots_;
    std::ranges::sort(sorted);
    sound = sound && std::ranges::adjacent_find(sorted) == sorted.end() && days < 1'000'000 && longest_up <= day_s &&
            std::abs(h.day_) < credible_s / day_s && std::abs(h.last_s_) < credible_s;
    if (!sound || !in.ok()) return false;
    *this = std::move(h);
    return true;
}

std::size_t Habit::bytes() const { return sizeof *this + spots_.capacity() * 4 + cells_.capacity() * sizeof(Cell); }

}  // namespace shoumen::analyse

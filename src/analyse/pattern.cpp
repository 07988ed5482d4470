// Sequences and togethers.
//
// What was seen of the events is kept by time, as far back as it can still count, and looked through whenever one is
// added: signals may come out of order, and the events are few. An event that comes in hundreds pushes out its own kind
// first (thin_out), so that a flood of one step does not make the others forgotten.
//
// As with counts, within the cooldown or outside the schedule what was seen stays, and the next event may find it
// enough. One signal stands for one step of a sequence only; in a together it may stand for each event it matches.
#include <algorithm>
#include <array>
#include <optional>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

using Seen = Pattern::Seen;
constexpr std::size_t most_seen = 128;  // most_times of each of most_events

// Of a run of the same events only the first and the last `most_times` can make a difference.
void thin_out(std::vector<Seen>& seen) {
    std::vector<Seen> kept;
    for (std::size_t begin = 0; begin < seen.size();) {
        std::size_t end = begin;
        while (end < seen.size() && seen[end].events == seen[begin].events) ++end;
        for (std::size_t i = begin; i < end; ++i) {
            if (i < begin + model::most_times || i + model::most_times >= end) kept.push_back(seen[i]);
        }
        begin = end;
    }
    if (kept.size() >= most_seen) kept.erase(kept.begin());
    seen = std::move(kept);
}

// How far each step of a sequence has come, with the latest moment at which it can have begun.
class Steps {
public:
    Steps(std::span<const Kind> kinds, std::int64_t within) : kinds_(kinds), within_(within) {}

    // The last step is complete by this.
    bool add(const Seen& s) {
        if ((s.events & Pattern::unless_bit) != 0) {
            for (Step& step : steps_) step = {};
            return false;
        }
        for (std::size_t i = kinds_.size(); i-- > 0;) {  // from the last, so that one signal is one step only
            if ((s.events >> i & 1U) == 0) continue;
            const std::int64_t begun = i == 0 ? s.at : steps_[i - 1].begun;
            if (begun == no_time || s.at - begun > within_) continue;
            Step& step = steps_[i];
            if (step.count == kinds_[i].at_least)
                std::shift_left(step.begins.begin(), step.begins.begin() + step.count, 1);
            else
                ++step.count;
            step.begins[step.count - 1U] = begun;
            if (step.count == kinds_[i].at_least) step.begun = step.begins[0];
        }
        const std::int64_t begun = steps_[kinds_.size() - 1].begun;
        return begun != no_time && s.at - begun <= within_;
    }

private:
    struct Step {
        std::array<std::int64_t, model::most_times> begins{};
        std::uint32_t count = 0;
        std::int64_t begun = no_time;
    };
    std::span<const Kind> kinds_;
    std::int64_t within_;
    std::array<Step, model::most_events> steps_{};
};

// When the sequence is complete; nothing: it is not.
std::optional<std::int64_t> find_sequence(std::span<const Kind> kinds, std::int64_t within,
                                          const std::vector<Seen>& seen) {
    Steps steps(kinds, within);
    for (const Seen& s : seen) {
        if (steps.add(s)) return s.at;
    }
    return std::nullopt;
}

bool enough(std::span<const Kind> kinds, std::uint32_t wanted, std::span<const Seen> seen) {
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto times = std::ranges::count_if(seen, [&](const Seen& s) { return (s.events >> i & 1U) != 0; });
        if (static_cast<std::uint32_t>(times) >= kinds[i].at_least) ++found;
    }
    return found >= wanted;
}

std::optional<std::int64_t> find_together(std::span<const Kind> kinds, std::uint32_t wanted, std::int64_t within,
                                          const std::vector<Seen>& seen) {
    std::size_t begin = 0;
    for (std::size_t end = 0; end < seen.size(); ++end) {
        if ((seen[end].events & Pattern::unless_bit) != 0) begin = end + 1;
        while (begin < end && seen[end].at - seen[begin].at > within) ++begin;
        if (begin <= end && enough(kinds, wanted, std::span(seen).subspan(begin, end + 1 - begin))) return seen[end].at;
    }
    return std::nullopt;
}

}  // namespace

bool Engine::fits(const Kind& kind, model::SignalKind of) const {
    if (kind.kinds != 0 && ((kind.kinds >> static_cast<unsigned>(of)) & 1U) == 0) return false;
    return all_hold(kind.where_begin, kind.where_count);
}

void Engine::pattern_signal(const Slot& slot, std::uint32_t device, model::SignalKind kind, std::int64_t at,
                            Moment& moment) {
    const Code& code = slot.code;
    std::uint32_t events = 0;
    for (std::uint32_t i = 0; i < code.event_count; ++i) {
        if (fits(plan_->events[code.event_begin + i], kind)) events |= 1U << i;
    }
    if (code.has_unless && fits(plan_->events[code.event_begin + code.event_count], kind))
        events |= Pattern::unless_bit;
    if (events == 0) return;
    std::uint32_t& number = cells_[slot.cell + 1U];
    if (number == 0) {
        if ((events & ~Pattern::unless_bit) == 0) return;
        patterns_.emplace_back();
        number = static_cast<std::uint32_t>(patterns_.size());
    }
    Pattern& p = patterns_[number - 1U];
    for (Coming coming = pattern_coming(code, p); coming.at <= at; coming = pattern_coming(code, p))
        pattern_step(slot, p, coming, moment);
    p.device = device;
    pattern_add(code, p, {at, events});
    pattern_look(slot, p, device, moment);
    arm(slot, pattern_coming(code, p).at, cells_[slot.cell]);
}

void Engine::pattern_add(const Code& code, Pattern& p, Pattern::Seen seen) {
    const auto place = std::ranges::upper_bound(p.seen, seen.at, {}, &Seen::at);
    p.seen.insert(place, seen);
    const std::int64_t newest = p.seen.back().at;
    std::erase_if(p.seen, [&](const Seen& s) { return newest - s.at > code.within + code.hold; });
    if (p.seen.size() >= most_seen) thin_out(p.seen);
}

// Are the events complete with what has just been added?
void Engine::pattern_look(const Slot& slot, Pattern& p, std::uint32_t device, Moment& moment) {
    const Code& code = slot.code;
    const std::span kinds(&plan_->events[code.event_begin], code.event_count);
    const bool last_absent = kinds.back().absent;
    if (last_absent) return pattern_look_absent(slot, p);
    const auto found = code.op == model::Operator::sequence ? find_sequence(kinds, code.within, p.seen)
                                                            : find_together(kinds, code.at_least, code.within, p.seen);
    if (!found) return;
    p.last_raise = std::max(p.last_raise, *found);
    const bool cool = p.alert_at == no_time || *found >= p.alert_at + code.cooldown;
    if (!cool || !open_at(code, *found)) return;
    p.open = raise(slot, device, *found, false, moment, p.open);
    p.alert_at = *found;
    p.seen.clear();
}

// Have all but the last come, and the last not since?
void Engine::pattern_look_absent(const Slot& slot, Pattern& p) {
    const Code& code = slot.code;
    const std::span kinds(&plan_->events[code.event_begin], code.event_count - 1U);
    const std::uint32_t stops = Pattern::unless_bit | 1U << kinds.size();
    Steps steps(kinds, code.within);
    p.waits_since = no_time;
    for (const Seen& s : p.seen) {
        if ((s.events & stops) != 0) {
            steps.add({s.at, Pattern::unless_bit});
            p.waits_since = no_time;
        } else if (steps.add(s) && p.waits_since == no_time) {
            p.waits_since = s.at;
        }
    }
}

Engine::Coming Engine::pattern_coming(const Code& code, const Pattern& p) {
    Coming coming;
    if (p.open != 0 && code.auto_clear > 0) coming = {std::max(p.alert_at, p.last_raise) + code.auto_clear, Next::over};
    if (p.waits_since != no_time && p.waits_since + code.hold < coming.at)
        coming = {p.waits_since + code.hold, Next::alert};
    return coming;
}

void Engine::pattern_step(const Slot& slot, Pattern& p, Coming coming, Moment& moment) {
    if (coming.what == Next::over) {
        clear(p.open, coming.at, moment);
        p.open = 0;
        return;
    }
    const Code& code = slot.code;
    p.last_raise = std::max(p.last_raise, coming.at);
    if ((p.alert_at == no_time || coming.at >= p.alert_at + code.cooldown) && open_at(code, coming.at)) {
        p.open = raise(slot, p.device, coming.at, false, moment, p.open);
        p.alert_at = coming.at;
    }
    p.waits_since = no_time;
    p.seen.clear();
}

std::int64_t Engine::pattern_due(const Slot& slot) {
    const std::uint32_t number = cells_[slot.cell + 1U];
    return number == 0 ? never : pattern_coming(slot.code, patterns_[number - 1U]).at;
}

void Engine::pattern_fire(const Slot& slot, Moment& moment) {
    Pattern& p = patterns_[cells_[slot.cell + 1U] - 1U];
    pattern_step(slot, p, pattern_coming(slot.code, p), moment);
    arm(slot, pattern_coming(slot.code, p).at, cells_[slot.cell]);
}

// Takes over what was kept elsewhere.
void Engine::pattern_put(const Slot& slot, Pattern pattern) {
    std::uint32_t& number = cells_[slot.cell + 1U];
    number = 0;
    if (pattern.is_idle()) return;
    patterns_.push_back(std::move(pattern));
    number = static_cast<std::uint32_t>(patterns_.size());
}

}  // namespace shoumen::analyse

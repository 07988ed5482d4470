// The windows at work: a plan, the state of its slots, and their deadlines. What the operators do stands in
// threshold.cpp, count.cpp and absence.cpp; each begins with its rules of order and time.
//
// A slot's entry among the deadlines stands there no later than what is really due next, and is put right when it comes
// up. So a window that is put off again and again costs nothing but the slot.
#pragma once
#include <array>
#include <memory>
#include <span>
#include <vector>

#include "analyse/habit.hpp"
#include "analyse/windows.hpp"

#include "deadlines.hpp"
#include "hours.hpp"
#include "plan.hpp"
#include "slots.hpp"

namespace shoumen::analyse {

// The input in hand, and where its alerts go.
struct Moment {
    std::uint64_t seq;
    std::uint32_t& next_nth;
    Finding& out;
};

// What a learned absence keeps of its subject.
struct Learned {
    Habit habit;
    std::int64_t within = 0;         // of the quiet at hand
    std::int64_t way_out = no_time;  // when it last moved
    std::uint32_t spot = no_number;  // of the last sign; none: it was no sign that the quiet began with
    bool left = false;
};

struct Slot {
    const Code& code;
    std::uint32_t subject;
    std::uint32_t cell;
};

// For each of these identities the number of the plan's rule that goes on with its state; no_number: none.
std::vector<std::uint32_t> match_rules(const std::vector<base::Digest>& before, const Plan& plan);

// The devices called for last.
class CalledFor {
public:
    struct Before {
        std::uint32_t some = no_number;
        std::uint32_t more = no_number;
    };
    Before next(std::uint32_t device) {
        last_[at_ % last_.size()] = device;
        const Before before{last_[(at_ - apart) % last_.size()], last_[(at_ - 2 * apart) % last_.size()]};
        ++at_;
        return before;
    }

private:
    static constexpr std::uint32_t apart = 4;
    std::array<std::uint32_t, 16> last_ = filled();
    std::uint32_t at_ = 0;
    static constexpr std::array<std::uint32_t, 16> filled() {
        std::array<std::uint32_t, 16> none{};
        none.fill(no_number);
        return none;
    }
};

class Engine {
public:
    void adopt(std::shared_ptr<const model::Policy> policy, base::Time now);
    void prefetch(std::uint32_t device) const;
    void signal(const model::Signal& signal, std::span<const model::Value> values, base::Time effective,
                model::TimeVerdict verdict, Moment moment);
    void fire_due(base::Time now, Moment moment);
    std::int64_t next_due() { return exact_ || settle_first() ? exact_due_ : never; }
    [[nodiscard]] std::size_t bytes() const;
    [[nodiscard]] std::size_t pattern_bytes() const;
    [[nodiscard]] std::size_t habit_bytes() const;

    void encode(base::ByteWriter& out) const;
    base::Result<void> decode(base::ByteReader& in);

private:
    enum class Next : std::uint8_t { nothing, alert, over, lapse };
    struct Coming {
        std::int64_t at = never;
        Next what = Next::nothing;
    };

    // windows.cpp
    void prefetch_block(std::uint32_t device) const;
    void prefetch_links(const Row& row) const;
    [[nodiscard]] Slot slot_of(const Step& step, const Row& row, std::uint32_t device) const;
    [[nodiscard]] bool concerns(const Code& code) const {
        return code.where_count == 0 || all_hold(code.where_begin, code.where_count);
    }
    [[nodiscard]] bool all_hold(std::uint32_t begin, std::uint32_t count) const {
        return all_hold(begin, count, [this](const Test& test) { return reading_.ask(test); });
    }
    template <class Ask>
    [[nodiscard]] bool all_hold(std::uint32_t begin, std::uint32_t count, Ask ask) const {
        bool one_of_them = false;
        for (std::uint32_t i = begin; i < begin + count; ++i) {
            const Test& test = plan_->wheres[i];
            one_of_them = one_of_them || (ask(test) == Answer::yes) != test.negated;
            if (test.or_next && i + 1 < begin + count) continue;
            if (!one_of_them) return false;
            one_of_them = false;
        }
        return true;
    }
    void step_over(const Step& step, const Row& row, const model::Signal& signal, std::int64_t at, Moment& moment);
    void late_signal(const model::Signal& signal, const Row& row, std::int64_t received, Moment& moment);
    // `renews`: the alert whose place it takes, 0: none.
    std::uint64_t raise(const Slot& slot, std::uint32_t device, std::int64_t at, bool late, Moment& moment,
                        std::uint64_t renews = 0);
    [[nodiscard]] model::PlaceId place_of(const Slot& slot) const;
    static void clear(std::uint64_t open, std::int64_t at, Moment& moment);
    bool open_at(const Code& code, std::int64_t at);
    std::int64_t open_from(const Code& code, std::int64_t at);

    // due.cpp
    // To be called after every change of a slot, with what is due of it now and its mark.
    void arm(const Slot& slot, std::int64_t due, Mark& queued) {
        if ((queued & exact_bit) == 0 && mark_of(due) >= queued)
            return;  // an entry stands early enough, or none is wanted
        queue(entry_of(slot), due, queued);
    }
    void queue(std::uint32_t entry, std::int64_t due, Mark& queued);
    void tidy();
    bool settle_first();
    void make_exact();
    void make_exact(Mark mark, std::uint32_t entry);
    [[nodiscard]] Mark& mark_at(std::uint32_t entry);
    [[nodiscard]] std::uint32_t entry_of(const Slot& slot) const {
        return slot.code.sparse ? (cells_[slot.cell] - 1U) | sparse_bit : slot.cell;
    }
    [[nodiscard]] Slot owner_of(std::uint32_t entry) const;
    std::int64_t due_of(const Slot& slot);
    void fire(const Slot& slot, Moment& moment);
    void queue_all();

    // memory.cpp
    void remember(const Row& row, const Program& program, std::int64_t at);
    void forget_changes(const Program& program);
    [[nodiscard]] bool is_flat(const Code& code, std::uint32_t device) const;
    void encode_memories(base::ByteWriter& out) const;
    bool decode_memories(base::ByteReader& in);
    template <class Each>
    void each_memory(Each each) const {
        for (std::uint32_t device = 0; device < plan_->rows.size(); ++device) {
            const Row& row = plan_->rows[device];
            const Program& program = plan_->programs[row.program];
            std::uint32_t cell = row.block + program.memories;
            for (const std::uint32_t field : plan_->memories_of(program)) {
                each(device, field, cell);
                cell += Remembered::cells;
            }
        }
    }

    // threshold.cpp
    void threshold_signal(const Slot& slot, Answer raised, std::uint32_t device, std::int64_t at, Moment& moment);
    void threshold_late(const Slot& slot, std::uint32_t device, std::int64_t claimed, std::int64_t received,
                        Moment& moment);
    void threshold_raise(const Slot& slot, Threshold& t, std::uint32_t device, std::int64_t at, Moment& moment);
    void threshold_clear(const Slot& slot, Threshold& t, std::int64_t at, Moment& moment);
    Coming threshold_coming(const Code& code, const Threshold& t);
    void threshold_step(const Slot& slot, Threshold& t, Coming coming, Moment& moment);
    void threshold_catch_up(const Slot& slot, Threshold& t, std::int64_t at, Moment& moment);
    void threshold_fire(const Slot& slot, Moment& moment);
    [[nodiscard]] bool is_idle(const Slot& slot) const {
        return slot.code.sparse ? cells_[slot.cell] == 0 : !Threshold::holds_in(&cells_[slot.cell]);
    }
    [[nodiscard]] Threshold load_threshold(const Slot& slot) const;
    Threshold open_threshold(const Slot& slot);
    void store_threshold(const Slot& slot, const Threshold& t);
    void close_threshold(const Slot& slot, const Threshold& t, std::int64_t at);

    // count.cpp
    void count_signal(const Slot& slot, std::uint32_t device, std::int64_t at, Moment& moment);
    std::uint32_t* count_times(const Slot& slot, Count& count);
    std::int64_t count_in(const Slot& slot, Count& count, std::int64_t at);
    std::int64_t count_out_of_order(const Code& code, Count& count, std::uint32_t* times, std::int64_t at);
    static std::int64_t count_due(const Code& code, const Count& count);
    void count_fire(const Slot& slot, Moment& moment);

    // learned.cpp
    Learned& learned_of(const Slot& slot) { return learned_[cells_[slot.cell + Absence::habit_cell(slot.code)]]; }
    [[nodiscard]] const Learned& learned_of(const Slot& slot) const {
        return learned_[cells_[slot.cell + Absence::habit_cell(slot.code)]];
    }
    [[nodiscard]] std::int64_t within_of(const Slot& slot) const {
        return slot.code.learned ? learned_of(slot).within : slot.code.within;
    }
    [[nodiscard]] Sign sign_of(const Learned& learned, std::int64_t at) const;
    void learn(const Slot& slot, std::int64_t began, std::int64_t at);
    void begin_quiet(const Slot& slot, std::uint32_t device, std::int64_t at);
    void begin_unknown(const Slot& slot);
    void note_way_out(const Slot& slot, model::SignalKind kind, std::int64_t at);
    void explain(const Slot& slot, const Absence& absence, std::uint64_t alert, Moment& moment) const;
    void keep_habits(Engine& before, std::span<const PlaceSlot> places);
    void encode_habits(base::ByteWriter& out) const;
    bool decode_habits(std::span<const std::uint32_t> numbers, base::ByteReader& in);

    // absence.cpp
    void absence_heard(const Slot& slot, std::int64_t at, Moment& moment);
    void absence_charged(const Slot& slot, std::int64_t at);
    static std::uint32_t absence_device(const Slot& slot, const Absence& absence);
    void absence_signal(const Slot& slot, std::uint32_t device, std::int64_t at, Moment& moment);
    Coming absence_coming(const Slot& slot, const Absence& absence);
    std::int64_t absence_alert_at(const Slot& slot, const Absence& absence);
    void absence_step(const Slot& slot, Absence& absence, Coming coming, Moment& moment);
    void absence_fire(const Slot& slot, Moment& moment);

    // pattern.cpp
    [[nodiscard]] bool fits(const Kind& kind, model::SignalKind of) const;
    void pattern_signal(const Slot& slot, std::uint32_t device, model::SignalKind kind, std::int64_t at,
                        Moment& moment);
    static void pattern_add(const Code& code, Pattern& p, Pattern::Seen seen);
    void pattern_look(const Slot& slot, Pattern& p, std::uint32_t device, Moment& moment);
    void pattern_look_absent(const Slot& slot, Pattern& p);
    static Coming pattern_coming(const Code& code, const Pattern& p);
    void pattern_step(const Slot& slot, Pattern& p, Coming coming, Moment& moment);
    std::int64_t pattern_due(const Slot& slot);
    void pattern_fire(const Slot& slot, Moment& moment);
    void pattern_put(const Slot& slot, Pattern pattern);
    [[nodiscard]] Pattern pattern_of(const Slot& slot) const {
        const std::uint32_t number = cells_[slot.cell + 1U];
        return number == 0 ? Pattern{} : patterns_[number - 1U];
    }

    // adopt.cpp
    void make_slots(std::span<const PlaceSlot> places, std::int64_t now);
    [[nodiscard]] std::vector<PlaceSlot> place_slots() const;
    void move_slots(Engine& before, std::span<const PlaceSlot> places);
    void move_slot(Engine& before, const Slot& from, const Slot& to);
    template <class Each>
    void each_slot(Each each) const {
        for (std::uint32_t device = 0; device < plan_->rows.size(); ++device) {
            const Row& row = plan_->rows[device];
            const Program& program = plan_->programs[row.program];
            for (const Step& step : plan_->steps_of(program)) {
                const Code& code = plan_->rules[step.rule];
                if (code.by_device()) each(Slot{code, device, row.block + step.cell});
            }
            const std::uint32_t end = plan_->end_of(device);
            for (std::uint32_t cell = even(row.block + program.cells) + 2U; cell < end;) {
                const Code& code = plan_->rules[cells_[cell - 2]];
                each(Slot{code, cells_[cell - 1], cell});
                cell = even(cell + cells_of(code)) + 2U;
            }
        }
    }

    // bytes.cpp
    void encode_slot(const Slot& slot, base::ByteWriter& out) const;
    void encode_count(const Slot& slot, base::ByteWriter& out) const;
    bool decode_slots(base::ByteReader& in);
    void forget();
    bool decode_slot(const Slot* slot, model::Operator op, base::ByteReader& in);
    bool decode_threshold(const Slot* slot, base::ByteReader& in);
    bool decode_count(const Slot* slot, base::ByteReader& in);
    bool decode_absence(const Slot* slot, base::ByteReader& in);
    bool decode_pattern(const Slot* slot, base::ByteReader& in);

    std::shared_ptr<const Plan> plan_ = std::make_shared<const Plan>();
    Cells cells_;
    std::vector<SparseThreshold> sparse_;
    std::vector<std::uint32_t> unused_;  // of sparse_, number + 1
    std::vector<std::uint32_t> rings_;   // times of large counts
    std::vector<Pattern> patterns_;
    std::vector<Learned> learned_;
    std::vector<Hours> hours_;  // by Code::hours
    Deadlines deadlines_;
    bool exact_ = false;  // exact_due_ is known to be right
    std::int64_t exact_due_ = never;
    Reading reading_;
    std::vector<std::int64_t> sorted_;  // room for count_out_of_order
    mutable CalledFor coming_;
};

}  // namespace shoumen::analyse

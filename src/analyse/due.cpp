// Deadlines: when each slot is looked at next, and what happens then in what order.
#include "engine.hpp"

namespace shoumen::analyse {

void Engine::queue(std::uint32_t entry, std::int64_t due, Mark& queued) {
    exact_ = false;
    // Before the slot changes: what its cells say of its entry still holds.
    if (deadlines_.rough.size() >= deadlines_.tidy_at) tidy();
    queued = mark_of(due);
    if (queued != not_queued) deadlines_.rough.push(queued, entry);
}

// Entries that were overtaken, or whose slots are idle, would else stay until their time.
void Engine::tidy() {
    deadlines_.rough.keep_if([this](Mark mark, std::uint32_t entry) { return mark_at(entry) == mark; });
    deadlines_.tidy_at = 64 + deadlines_.rough.size() + deadlines_.rough.size() / 2;
}

Mark& Engine::mark_at(std::uint32_t entry) {
    return (entry & sparse_bit) != 0 ? sparse_[entry & ~sparse_bit].state.queued : cells_[entry];
}

Slot Engine::owner_of(std::uint32_t entry) const {
    if ((entry & sparse_bit) != 0) {
        const SparseThreshold& t = sparse_[entry & ~sparse_bit];
        return {plan_->rules[t.rule], t.subject, t.cell};
    }
    const std::uint32_t device = plan_->device_at(entry);
    const Row& row = plan_->rows[device];
    const Program& program = plan_->programs[row.program];
    const std::uint32_t cell = entry - row.block;
    if (cell >= program.cells) return {plan_->rules[cells_[entry - 2]], cells_[entry - 1], entry};
    const auto steps = plan_->steps_of(program);
    const auto step = std::ranges::find(steps, cell, &Step::cell);
    return {plan_->rules[step->rule], device, entry};
}

// Brings to the front of the exact deadlines what is really due first. False: nothing waits.
bool Engine::settle_first() {
    auto& [rough, exact, tidy_at] = deadlines_;
    for (;;) {
        if (!rough.empty() && (exact.empty() || rough.first_mark() <= mark_of(exact.first().due))) {
            make_exact();
            continue;
        }
        if (exact.empty()) return false;
        const ExactDeadline& first = exact.first();
        const Mark mark = mark_at(first.entry);
        if (mark != not_queued && (mark & exact_bit) != 0) {
            const Slot slot = owner_of(first.entry);
            if (slot.code.rule == first.rule && slot.subject == first.subject && due_of(slot) == first.due) {
                exact_due_ = first.due;
                exact_ = true;
                return true;
            }
        }
        exact.pop();
    }
}

// The first rough entries are looked at: each goes among the exact ones, is put off, or dropped.
void Engine::make_exact() {
    const Mark mark = deadlines_.rough.first_mark();
    const auto entries = deadlines_.rough.pop();
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + ahead < entries.size()) {
            __builtin_prefetch(&mark_at(entries[i + ahead]));
            plan_->prefetch_device_at(entries[i + ahead]);
        }
        make_exact(mark, entries[i]);
    }
}

void Engine::make_exact(Mark mark, std::uint32_t entry) {
    Mark& queued = mark_at(entry);
    if (queued != mark) return;
    const Slot slot = owner_of(entry);
    const std::int64_t due = due_of(slot);
    queued = mark_of(due);
    if (due == never) return;
    if (queued > mark) {
        deadlines_.rough.push(queued, entry);
    } else {
        queued |= exact_bit;
        deadlines_.exact.push({due, slot.code.rule, slot.subject, entry});
    }
}

void Engine::fire_due(base::Time now, Moment moment) {
    while (settle_first() && exact_due_ <= now.us) {
        const ExactDeadline first = deadlines_.exact.pop();
        exact_ = false;
        mark_at(first.entry) = not_queued;
        fire(owner_of(first.entry), moment);
    }
}

std::int64_t Engine::due_of(const Slot& slot) {
    switch (slot.code.op) {
        case model::Operator::threshold:
            return is_idle(slot) ? never : threshold_coming(slot.code, load_threshold(slot)).at;
        case model::Operator::count:
            return count_due(slot.code, Count::load(slot.code, &cells_[slot.cell]));
        case model::Operator::absence:
            return absence_coming(slot, Absence::load(slot.code, &cells_[slot.cell])).at;
        case model::Operator::sequence:
        case model::Operator::together:
            return pattern_due(slot);
    }
    return never;
}

void Engine::fire(const Slot& slot, Moment& moment) {
    switch (slot.code.op) {
        case model::Operator::threshold:
            return threshold_fire(slot, moment);
        case model::Operator::count:
            return count_fire(slot, moment);
        case model::Operator::absence:
            return absence_fire(slot, moment);
        case model::Operator::sequence:
        case model::Operator::together:
            return pattern_fire(slot, moment);
    }
}

// After slots were made or moved, all of them without a mark.
void Engine::queue_all() {
    deadlines_ = {};
    exact_ = false;
    each_slot([&](const Slot& slot) {
        const std::int64_t due = due_of(slot);
        if (due != never) queue(entry_of(slot), due, mark_at(entry_of(slot)));
    });
}

}  // namespace shoumen::analyse

// A new policy: new slots are laid out, and the state of the old ones moves over where rule and subject are in both.
#include <algorithm>
#include <map>
#include <utility>

#include "engine.hpp"

namespace shoumen::analyse {

namespace {

// Rules are told apart by what they do; of several that do the same the first goes on as the first, and so on.
class Identities {
public:
    explicit Identities(const std::vector<model::Rule>& rules) {
        for (std::uint32_t number = 0; number < rules.size(); ++number)
            numbers_[rules[number].identity].push_back(number);
    }
    std::uint32_t take(const base::Digest& identity) {
        const auto found = numbers_.find(identity);
        if (found == numbers_.end() || found->second.empty()) return no_number;
        const std::uint32_t number = found->second.front();
        found->second.erase(found->second.begin());
        return number;
    }

private:
    std::map<base::Digest, std::vector<std::uint32_t>> numbers_;
};

}  // namespace

std::vector<std::uint32_t> match_rules(const std::vector<base::Digest>& before, const Plan& plan) {
    Identities identities(plan.policy->rules);
    std::vector<std::uint32_t> numbers;
    for (const base::Digest& identity : before) numbers.push_back(identities.take(identity));
    return numbers;
}

void Engine::adopt(std::shared_ptr<const model::Policy> policy, base::Time now) {
    Engine before = std::exchange(*this, Engine());
    std::vector<PlaceSlot> places;
    plan_ = std::make_shared<const Plan>(std::move(policy), places);
    make_slots(places, now.us);
    move_slots(before, places);
    queue_all();
}

void Engine::make_slots(std::span<const PlaceSlot> places, std::int64_t now) {
    hours_.clear();
    for (const model::Schedule& schedule : plan_->schedules) hours_.emplace_back(schedule);
    reading_.resize(plan_->fields);
    cells_.assign(plan_->cells, 0);
    for (const PlaceSlot& slot : places) {
        cells_[slot.cell - 2] = slot.rule;
        cells_[slot.cell - 1] = slot.place;
    }
    for (std::uint32_t device = 0; device < plan_->rows.size(); ++device) {
        const Row& row = plan_->rows[device];
        for (const Step& step : plan_->steps_of(plan_->programs[row.program])) {
            const Code& code = plan_->rules[step.rule];
            if (!code.by_device())
                cells_[row.block + step.cell] = plan_->find(step.rule, plan_->subject_of(code, device), places);
        }
    }
    learned_.clear();
    each_slot([&](const Slot& slot) {
        std::uint32_t* cells = &cells_[slot.cell];
        if (slot.code.learned) {
            cells[Absence::habit_cell(slot.code)] = static_cast<std::uint32_t>(learned_.size());
            learned_.push_back({.habit = {}, .within = slot.code.within});
        }
        if (slot.code.op == model::Operator::threshold && !slot.code.sparse) Threshold().store(slot.code, cells);
        if (slot.code.op == model::Operator::count) Count().store(slot.code, cells);
        if (slot.code.op == model::Operator::absence) Absence{.last = now, .heard = now}.store(slot.code, cells);
        if (slot.code.is_pattern()) cells[0] = not_queued, cells[1] = 0;
    });
}

std::vector<PlaceSlot> Engine::place_slots() const {
    std::vector<PlaceSlot> places;
    each_slot([&](const Slot& slot) {
        if (!slot.code.by_device()) places.push_back({slot.subject, slot.code.rule, slot.cell});
    });
    std::ranges::sort(places, {}, &PlaceSlot::key);
    return places;
}

void Engine::move_slots(Engine& before, std::span<const PlaceSlot> places) {
    std::vector<base::Digest> identities;
    for (const model::Rule& rule : before.plan_->policy->rules) identities.push_back(rule.identity);
    const auto numbers = match_rules(identities, *plan_);
    before.each_slot([&](const Slot& from) {
        const std::uint32_t rule = numbers[from.code.rule];
        if (rule == no_number) return;
        const Code& code = plan_->rules[rule];
        const std::uint32_t cell = plan_->find(rule, from.subject, places);
        // By identity they are the same; only by mistake do they differ.
        const bool alike = code.op == from.code.op && code.key == from.code.key &&
                           code.at_least == from.code.at_least && code.link == from.code.link &&
                           code.flat_count == from.code.flat_count && code.learned == from.code.learned &&
                           code.event_count == from.code.event_count;
        if (cell != no_number && alike) move_slot(before, from, {code, from.subject, cell});
    });
    keep_habits(before, places);
    before.each_memory([&](std::uint32_t device, std::uint32_t field, std::uint32_t from) {
        const std::uint32_t to = plan_->memory_of(device, field);
        if (to != no_number) Remembered::load(&before.cells_[from]).store(&cells_[to]);
    });
}

void Engine::move_slot(Engine& before, const Slot& from, const Slot& to) {
    if (from.code.op == model::Operator::threshold) {
        if (from.code.sparse && before.is_idle(from)) return;
        open_threshold(to);
        Threshold t = before.load_threshold(from);
        t.queued = not_queued;
        store_threshold(to, t);
    } else if (from.code.op == model::Operator::count) {
        Count count = Count::load(from.code, &before.cells_[from.cell]);
        const std::uint32_t* times = count.size > 0 ? before.count_times(from, count) : nullptr;
        count.queued = not_queued;
        count.ring = no_number;
        if (times) std::copy_n(times, std::size_t{2} * from.code.at_least, count_times(to, count));
        count.store(to.code, &cells_[to.cell]);
    } else if (from.code.op == model::Operator::absence) {
        Absence absence = Absence::load(from.code, &before.cells_[from.cell]);
        absence.queued = not_queued;
        absence.store(to.code, &cells_[to.cell]);
        if (to.code.learned) learned_of(to) = before.learned_of(from);
    } else {
        pattern_put(to, before.pattern_of(from));
    }
}

}  // namespace shoumen::analyse

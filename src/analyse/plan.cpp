#include "plan.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <unordered_set>

#include "slots.hpp"

namespace shoumen::analyse {

namespace {

using model::KeyLevel;
using model::Operator;
using model::PlaceLevel;

PlaceLevel level_of(KeyLevel key) {
    switch (key) {
        case KeyLevel::device:
            return PlaceLevel::point;
        case KeyLevel::room:
            return PlaceLevel::room;
        case KeyLevel::home:
            return PlaceLevel::home;
        case KeyLevel::floor:
            return PlaceLevel::floor;
        case KeyLevel::unit:
            return PlaceLevel::unit;
        case KeyLevel::building:
            return PlaceLevel::building;
        case KeyLevel::estate:
            return PlaceLevel::estate;
        case KeyLevel::community:
        case KeyLevel::person:  // no places: see subject_of()
        case KeyLevel::gateway:
            return PlaceLevel::community;
    }
    return PlaceLevel::community;
}

std::uint32_t size32(const auto& list) { return static_cast<std::uint32_t>(list.size()); }

// --- Rules -------------------------------------------------------------------------------------------------------

void add_event(const model::Event& event, Plan& plan) {
    plan.events.push_back({.kinds = event.kinds,
                           .where_begin = size32(plan.wheres),
                           .where_count = static_cast<std::uint16_t>(event.where.size()),
                           .absent = event.absent,
                           .at_least = std::clamp(event.at_least, 1U, model::most_times)});
    for (const model::Condition& condition : event.where) plan.wheres.push_back(make_test(condition));
}

Code make_code(const model::Rule& rule, std::uint32_t number, Plan& plan) {
    Code code;
    code.op = rule.op;
    code.key = rule.key;
    code.rule = number;
    if (rule.op == Operator::threshold) code.raise = make_test(rule.raise);
    code.has_clear = rule.clear.has_value();
    if (rule.clear) code.clear = make_test(*rule.clear);
    code.where_begin = size32(plan.wheres);
    code.where_count = static_cast<std::uint16_t>(rule.where.size());
    for (const model::Condition& condition : rule.where) plan.wheres.push_back(make_test(condition));
    code.event_begin = size32(plan.events);
    code.event_count = static_cast<std::uint16_t>(std::min(rule.events.size(), model::most_events));
    for (std::size_t i = 0; i < code.event_count; ++i) add_event(rule.events[i], plan);
    code.has_unless = rule.unless.has_value();
    if (rule.unless) add_event(*rule.unless, plan);
    if (rule.op == Operator::absence) {
        code.flat_begin = size32(plan.wheres);
        code.flat_count = static_cast<std::uint16_t>(rule.flat.size());
        for (const model::Condition& condition : rule.flat) plan.wheres.push_back(make_test(condition));
    }
    code.learned = rule.op == Operator::absence && rule.at_least > 0;
    code.link = rule.op == Operator::absence ? rule.link.us : 0;
    code.sparse = rule.op == Operator::threshold && rule.hold.us == 0 && !rule.during;
    code.at_least = std::max(rule.at_least, 1U);
    code.counts_inline = code.at_least <= largest_inline_count;
    code.hold = rule.hold.us;
    code.repeat = rule.repeat.us;
    code.cooldown = rule.op == Operator::absence ? 0 : rule.cooldown.us;
    code.auto_clear = rule.auto_clear.us;
    code.within = rule.within.us;
    code.marks_alerts = code.cooldown > 0 || code.auto_clear > 0 || code.repeat > 0 || rule.during;
    if (rule.during) {
        code.hours = size32(plan.schedules);
        plan.schedules.push_back(*rule.during);
    }
    return code;
}

// --- Which rules a device's signals touch ------------------------------------------------------------------------

class Scopes {
public:
    explicit Scopes(const model::Policy& policy)
        : policy_(policy), at_place_(policy.places.size()), of_device_(policy.devices.size()) {
        for (std::uint32_t rule = 0; rule < policy.rules.size(); ++rule) enter(policy.rules[rule], rule);
    }

    // In the order of the policy.
    [[nodiscard]] std::vector<std::uint32_t> rules_of(std::uint32_t number) const {
        const model::Device& device = policy_.devices[number];
        std::vector<std::uint32_t> found;
        if (device.retired || device.is_gateway) return found;
        const auto add = [&](const std::vector<std::uint32_t>& list) {
            std::ranges::copy_if(list, std::back_inserter(found),
                                 [&](std::uint32_t rule) { return watches(rule, device); });
        };
        add(everywhere_);
        add(of_device_[number]);
        for (model::PlaceId at = device.place; at.value < policy_.places.size(); at = policy_.places[at.value].parent)
            add(at_place_[at.value]);
        std::ranges::sort(found);
        const auto doubled = std::ranges::unique(found);
        found.erase(doubled.begin(), doubled.end());
        return found;
    }

private:
    // Where only some devices are meant, the rule is found by them, else by the places.
    void enter(const model::Rule& rule, std::uint32_t number) {
        for (const model::DeviceId device : rule.only_devices) {
            if (device.value < of_device_.size()) of_device_[device.value].push_back(number);
        }
        if (!rule.only_devices.empty()) return;
        for (const model::PlaceId place : rule.within_places) {
            if (place.value < at_place_.size()) at_place_[place.value].push_back(number);
        }
        if (rule.within_places.empty()) everywhere_.push_back(number);
    }

    [[nodiscard]] bool watches(std::uint32_t number, const model::Device& device) const {
        const model::Rule& rule = policy_.rules[number];
        if (((rule.kinds >> static_cast<unsigned>(device.kind)) & 1U) == 0) return false;
        if (rule.only_devices.empty() || rule.within_places.empty()) return true;
        return std::ranges::any_of(rule.within_places,
                                   [&](model::PlaceId p) { return policy_.is_within(device.place, p); });
    }

    const model::Policy& policy_;
    std::vector<std::vector<std::uint32_t>> at_place_;
    std::vector<std::vector<std::uint32_t>> of_device_;
    std::vector<std::uint32_t> everywhere_;
};

// --- What is remembered of a device ------------------------------------------------------------------------------

// The fields whose last value a rule asks for, of the devices it watches.
void add_memories(const Plan& plan, const Code& code, std::vector<std::uint32_t>& fields) {
    const auto look = [&](std::uint32_t begin, std::uint32_t count, bool all) {
        for (const Test& test : std::span(plan.wheres).subspan(begin, count)) {
            if (all || test.accepts == order::changed) fields.push_back(test.field);
        }
    };
    look(code.where_begin, code.where_count, false);
    look(code.flat_begin, code.flat_count, true);
    const std::uint32_t events = code.event_count + (code.has_unless ? 1U : 0U);
    for (const Kind& kind : std::span(plan.events).subspan(code.event_begin, events))
        look(kind.where_begin, kind.where_count, false);
}

// --- Where state lies --------------------------------------------------------------------------------------------

class Layout {
public:
    Layout(Plan& plan, std::vector<PlaceSlot>& places) : plan_(plan), places_(places) {
        places.clear();
        plan.programs.emplace_back();
    }

    void place_device(std::uint32_t number, const std::vector<std::uint32_t>& rules) {
        Row row{.block = plan_.cells};
        if (!rules.empty()) {
            row.program = program_for(plan_.policy->devices[number].kind, rules);
            plan_.cells = even(plan_.cells + plan_.programs[row.program].cells);
            for (const std::uint32_t rule : rules) place_place(rule, number);
        }
        plan_.rows.push_back(row);
    }

private:
    void place_place(std::uint32_t rule, std::uint32_t device) {
        const Code& code = plan_.rules[rule];
        if (code.by_device()) return;
        PlaceSlot slot{.place = plan_.subject_of(code, device), .rule = rule};
        if (!placed_.insert(std::uint64_t{slot.place} << 32U | rule).second) return;
        slot.cell = plan_.cells + 2U;
        plan_.cells = even(slot.cell + cells_of(code));
        places_.push_back(slot);
    }

    std::uint32_t program_for(model::SignalKind kind, const std::vector<std::uint32_t>& rules) {
        const auto [known, fresh] = known_.try_emplace({kind, rules}, size32(plan_.programs));
        if (!fresh) return known->second;
        Program program{.begin = size32(plan_.steps), .kind = kind};
        for (const std::uint32_t rule : known->first.second) plan_.steps.push_back({.rule = rule});
        program.end = size32(plan_.steps);
        const auto steps = std::span(plan_.steps).subspan(program.begin);
        const auto code = [this](const Step& step) -> const Code& { return plan_.rules[step.rule]; };
        for (Step& step : steps) {
            if (!code(step).by_device()) step.cell = program.cells++;
        }
        program.links = program.cells;
        for (Step& step : steps) {
            if (code(step).by_device() && code(step).sparse) step.cell = program.cells++;
        }
        for (Step& step : steps) {
            if (!code(step).by_device() || code(step).sparse) continue;
            step.cell = even(program.cells);
            program.cells = step.cell + cells_of(code(step));
        }
        place_memories(program, steps);
        plan_.programs.push_back(program);
        return known->second;
    }

    void place_memories(Program& program, std::span<const Step> steps) {
        std::vector<std::uint32_t> fields;
        for (const Step& step : steps) add_memories(plan_, plan_.rules[step.rule], fields);
        std::ranges::sort(fields);
        const auto doubled = std::ranges::unique(fields);
        fields.erase(doubled.begin(), doubled.end());
        program.memory_begin = size32(plan_.memories);
        plan_.memories.insert(plan_.memories.end(), fields.begin(), fields.end());
        program.memory_end = size32(plan_.memories);
        program.memories = even(program.cells);
        if (!fields.empty()) program.cells = program.memories + Remembered::cells * size32(fields);
    }

    Plan& plan_;
    std::vector<PlaceSlot>& places_;
    std::unordered_set<std::uint64_t> placed_;
    std::map<std::pair<model::SignalKind, std::vector<std::uint32_t>>, std::uint32_t> known_;
};

}  // namespace

Plan::Plan() : policy(std::make_shared<const model::Policy>()) { programs.emplace_back(); }

Plan::Plan(std::shared_ptr<const model::Policy> adopted, std::vector<PlaceSlot>& places) : policy(std::move(adopted)) {
    rules.reserve(policy->rules.size());
    for (const model::Rule& rule : policy->rules) rules.push_back(make_code(rule, size32(rules), *this));
    fields = policy->fields.size();
    for (const Test& test : wheres) fields = std::max(fields, std::size_t{test.field} + 1);
    for (const Code& code : rules)
        fields = std::max({fields, std::size_t{code.raise.field} + 1, std::size_t{code.clear.field} + 1});
    const Scopes scopes(*policy);
    Layout layout(*this, places);
    rows.reserve(policy->devices.size());
    for (std::uint32_t device = 0; device < policy->devices.size(); ++device) {
        auto touched = scopes.rules_of(device);
        // A rule by place has no subject where the device stands nowhere, one by person where it is nobody's.
        std::erase_if(touched, [&](std::uint32_t r) {
            return !rules[r].by_device() && subject_of(rules[r], device) == no_number;
        });
        layout.place_device(device, touched);
    }
    std::ranges::sort(places, {}, &PlaceSlot::key);
    assert(cells < sparse_bit && "a policy with more state than 8 GB");
    for (std::uint32_t cell = 0; cell < cells; cell += hint_every)
        device_hints.push_back(find_device(cell, 0, size32(rows)));
    device_hints.shrink_to_fit();
    steps.shrink_to_fit();
    programs.shrink_to_fit();
}

std::uint32_t Plan::memory_of(std::uint32_t device, std::uint32_t field) const {
    if (device >= rows.size()) return no_number;
    const Program& program = programs[rows[device].program];
    const auto fields_here = memories_of(program);
    const auto found = std::ranges::lower_bound(fields_here, field);
    if (found == fields_here.end() || *found != field) return no_number;
    const auto nth = static_cast<std::uint32_t>(found - fields_here.begin());
    return rows[device].block + program.memories + nth * Remembered::cells;
}

std::uint32_t Plan::subject_of(const Code& code, std::uint32_t device) const {
    static_assert(model::WatchedId::none_value == no_number && model::DeviceId::none_value == no_number);
    if (code.key == KeyLevel::person) return policy->devices[device].person.value;
    if (code.key == KeyLevel::gateway) return policy->devices[device].gateway.value;
    return policy->ancestor(policy->devices[device].place, level_of(code.key)).value;
}

std::uint32_t Plan::find(std::uint32_t rule, std::uint32_t subject, std::span<const PlaceSlot> places) const {
    if (!rules[rule].by_device()) {
        const auto slot = std::ranges::lower_bound(places, std::pair(subject, rule), {}, &PlaceSlot::key);
        return slot != places.end() && slot->key() == std::pair(subject, rule) ? slot->cell : no_number;
    }
    if (subject >= rows.size()) return no_number;
    const auto of_device = steps_of(programs[rows[subject].program]);
    const auto step = std::ranges::lower_bound(of_device, rule, {}, &Step::rule);
    return step != of_device.end() && step->rule == rule ? rows[subject].block + step->cell : no_number;
}

std::uint32_t Plan::device_at(std::uint32_t cell) const {
    const std::uint32_t hint = cell / hint_every;
    const bool last = hint + 1 == device_hints.size();
    return find_device(cell, device_hints[hint], last ? size32(rows) : device_hints[hint + 1] + 1);
}

std::uint32_t Plan::find_device(std::uint32_t cell, std::uint32_t first, std::uint32_t end) const {
    // Of rows with the same block only the last can hold anything.
    const auto among = std::span(rows).subspan(first, end - first);
    const auto next = std::ranges::upper_bound(among, cell, {}, &Row::block);
    return first + static_cast<std::uint32_t>(next - among.begin()) - 1U;
}

std::size_t Plan::bytes() const {
    return rules.capacity() * sizeof(Code) + wheres.capacity() * sizeof(Test) + events.capacity() * sizeof(Kind) +
           memories.capacity() * sizeof(std::uint32_t) + steps.capacity() * sizeof(Step) +
           programs.capacity() * sizeof(Program) + rows.capacity() * sizeof(Row) +
           device_hints.capacity() * sizeof(std::uint32_t);
}

std::uint32_t cells_of(const Code& code) {
    switch (code.op) {
        case Operator::threshold:
            return code.sparse ? 1 : Threshold::cells(code);
        case Operator::count:
            return Count::cells(code);
        case Operator::absence:
            return Absence::cells(code);
        case Operator::sequence:
        case Operator::together:
            return Pattern::cells;
    }
    return 0;
}

}  // namespace shoumen::analyse

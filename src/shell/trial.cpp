#include "shell/trial.hpp"

#include <algorithm>

#include "shell/driver.hpp"

namespace shoumen::shell {
namespace {

constexpr std::size_t most_examples = 5;

ports::TriedAlert example_of(const model::Alert& alert, const model::Policy& policy) {
    ports::TriedAlert out;
    out.at = alert.at;
    if (alert.place.value < policy.places.size()) {
        out.place = policy.places[alert.place.value].code;
        out.place_name = policy.places[alert.place.value].name;
    }
    if (alert.device.value < policy.devices.size()) out.device = policy.devices[alert.device.value].code;
    return out;
}

void put_example(std::vector<ports::TriedAlert>& list, const model::Alert& alert, const model::Policy& policy) {
    if (list.size() < most_examples) list.push_back(example_of(alert, policy));
}

bool reads(const model::Policy& policy, const model::Signal& signal) {
    if (signal.device.value >= policy.devices.size()) return false;
    const model::Device& device = policy.devices[signal.device.value];
    return !device.retired && device.kind == signal.kind;
}

model::Value value_of(model::FieldId field, const model::OtherValue& other) {
    switch (other.type) {
        case model::ValueType::boolean:
            return model::Value::boolean(field, other.number != 0);
        case model::ValueType::text:
            return model::Value::text(field, other.text_position);
        default:
            return model::Value::real(field, other.number);
    }
}

void give_known_fields(const model::Policy& policy, model::Batch& batch, model::Signal& signal) {
    std::vector<model::Value> known;
    for (std::size_t i = 0; i < signal.other_count; ++i) {
        const model::OtherValue& other = batch.others[signal.others_begin + i];
        const auto field = policy.field_by_name.find(other.name);
        if (field != policy.field_by_name.end()) known.push_back(value_of(field->second, other));
    }
    if (known.empty()) return;
    const std::size_t begin = batch.values.size();
    for (std::size_t i = 0; i < signal.value_count; ++i) batch.values.push_back(batch.values[signal.values_begin + i]);
    batch.values.insert(batch.values.end(), known.begin(), known.end());
    signal.values_begin = static_cast<std::uint32_t>(begin);
    signal.value_count = static_cast<std::uint8_t>(signal.value_count + known.size());
}

}  // namespace

struct Trial::Side {
    explicit Side(std::shared_ptr<const model::Policy> first)
        : policy(std::move(first)), core([this](std::uint64_t version) { return versions[version]; }) {
        versions[policy->version] = policy;
    }

    void step(model::Batch& batch) {
        effects.clear();
        if (batch.inputs.empty()) return;
        if (!loaded) core.load_policy(policy, batch.inputs.front().received);
        loaded = true;
        batch.shard = 1;
        batch.first_seq = next_seq;
        drive(core, batch, Timers::own, effects);
        next_seq += batch.inputs.size();
        for (const auto& p : batch.policies) {
            if (const auto it = versions.find(p.version); it != versions.end()) policy = it->second;
        }
        alerts += effects.alerts.size();
        signals += effects.counts.signals;
        for (const auto& a : effects.alerts) incidents.insert(a.incident.value);
    }

    std::map<std::uint64_t, std::shared_ptr<const model::Policy>> versions;
    std::shared_ptr<const model::Policy> policy;
    loop::Core core;
    model::Effects effects;
    std::uint64_t next_seq = 1;
    std::uint64_t alerts = 0;
    std::uint64_t signals = 0;
    std::unordered_set<std::uint64_t> incidents;
    bool loaded = false;
};

Trial::Trial(std::shared_ptr<const model::Policy> before, std::shared_ptr<const model::Policy> after)
    : before_(std::make_unique<Side>(std::move(before))), after_(std::make_unique<Side>(std::move(after))) {}

Trial::~Trial() = default;

void Trial::know(std::shared_ptr<const model::Policy> policy) {
    const std::uint64_t version = policy->version;
    before_->versions[version] = std::move(policy);
}

void Trial::step(model::Batch& before, model::Batch& after) {
    before_->step(before);
    after_->step(after);
    compare();
}

ports::TriedRule& Trial::rule_of(const model::Alert& alert, const model::Policy& policy) {
    const model::Rule& rule = policy.rules[alert.rule.value];
    ports::TriedRule& out = rules_[rule.code];
    if (out.code.empty()) {
        out.code = rule.code;
        out.name = rule.name;
    }
    return out;
}

void Trial::compare() {
    const auto key = [](const model::Alert& a) { return Key{a.rule.value, a.device.value, a.place.value, a.at.us}; };
    Alone before;
    Alone after;
    for (const auto& a : before_->effects.alerts) {
        ++rule_of(a.alert, *before_->policy).before;
        before.emplace(key(a.alert), a.alert);
    }
    for (const auto& a : after_->effects.alerts) {
        ports::TriedRule& rule = rule_of(a.alert, *after_->policy);
        ++rule.after;
        put_example(rule.examples, a.alert, *after_->policy);
        after.emplace(key(a.alert), a.alert);
    }
    // Each of before meets at most one of after.
    const auto meet = [](Alone& one, Alone& other) {
        for (auto it = one.begin(); it != one.end();) {
            const auto same = other.find(it->first);
            if (same == other.end()) {
                ++it;
                continue;
            }
            other.erase(same);
            it = one.erase(it);
        }
    };
    meet(before, after);
    meet(alone_before_, after);
    meet(before, alone_after_);
    settle(alone_before_, false);
    settle(alone_after_, true);
    alone_before_ = std::move(before);
    alone_after_ = std::move(after);
}

void Trial::settle(const Alone& alone, bool after) {
    const model::Policy& policy = after ? *after_->policy : *before_->policy;
    std::vector<const model::Alert*> in_time;
    for (const auto& [key, alert] : alone) in_time.push_back(&alert);
    std::ranges::sort(in_time, {}, [](const model::Alert* a) { return a->id; });
    for (const model::Alert* alert : in_time) {
        ports::TriedRule& rule = rule_of(*alert, policy);
        ++(after ? rule.added : rule.gone);
        put_example(after ? rule.added_examples : rule.gone_examples, *alert, policy);
    }
}

ports::TrialResult Trial::finish() {
    settle(alone_before_, false);
    settle(alone_after_, true);
    alone_before_.clear();
    alone_after_.clear();
    ports::TrialResult out;
    out.signals = after_->signals;
    out.alerts_before = before_->alerts;
    out.alerts_after = after_->alerts;
    out.incidents_before = before_->incidents.size();
    out.incidents_after = after_->incidents.size();
    for (const auto& [code, rule] : rules_) out.rules.push_back(rule);
    return out;
}

void without_deeds(model::Batch& batch) {
    std::erase_if(batch.inputs, [](const model::InputHead& head) {
        return head.type != model::InputType::signal && head.type != model::InputType::policy;
    });
}

void read_anew(const model::Policy& policy, model::Batch& batch) {
    std::erase_if(batch.inputs, [&](const model::InputHead& head) {
        return head.type != model::InputType::signal || !reads(policy, batch.signals[head.index]);
    });
    for (const model::InputHead& head : batch.inputs) {
        model::Signal& signal = batch.signals[head.index];
        if (signal.other_count > 0) give_known_fields(policy, batch, signal);
    }
    batch.policies.clear();
}

}  // namespace shoumen::shell

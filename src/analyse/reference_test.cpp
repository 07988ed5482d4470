// Random rules and random signals against a reference that is slow and plain: it keeps every window as it is defined,
// looks through all of them for what is due next, and walks the schedule minute by minute.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <doctest/doctest.h>

#include "base/random.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::analyse;
using namespace shoumen::analyse::testing;
using model::KeyLevel;
using model::Operator;
using model::Rule;
using model::SignalKind;
using model::TimeVerdict;
using model::ValueType;

namespace {

constexpr std::int64_t ever = Time::never().us;

// --- The reference -----------------------------------------------------------------------------------------------

struct Window {
    std::int64_t born = 0;
    std::uint32_t device = DeviceId::none_value;
    std::uint64_t open = 0;  // number of the alert that is not over
    std::optional<std::int64_t> alert_at;
    // threshold
    bool is_true = false;
    bool alerted = false;  // since it became true
    std::int64_t since = 0;
    std::int64_t raised = 0;  // last
    std::set<std::int64_t> late_minutes;
    // count
    std::vector<std::int64_t> times;
    std::int64_t reached = 0;
    // absence
    std::vector<std::int64_t> activity;
    bool fired = false;
    bool flat = false;  // fired, but the battery was flat
};

class Reference {
public:
    using Key = std::pair<std::string, std::uint32_t>;  // rule's code, subject

    void adopt(std::shared_ptr<const model::Policy> policy, Time now) {
        policy_ = std::move(policy);
        schedules_.clear();
        std::map<Key, Window> kept;
        for (const Rule& rule : policy_->rules) {
            for (std::uint32_t device = 0; device < policy_->devices.size(); ++device) {
                if (!watches(rule, device)) continue;
                const Key key{rule.code, subject_of(rule, device)};
                const auto before = windows_.find(key);
                kept[key] = before != windows_.end() ? before->second : Window{.born = now.us};
            }
        }
        windows_ = std::move(kept);
        std::erase_if(last_,
                      [&](const auto& entry) { return !fields_of(entry.first.first).contains(entry.first.second); });
    }

    void signal(const model::Signal& signal, const std::vector<model::Value>& values, Time effective,
                TimeVerdict verdict) {
        const std::uint32_t device = signal.device.value;
        changed_.clear();
        if (verdict != TimeVerdict::late) remember(device, values, effective.us);
        for (const Rule& rule : policy_->rules) {
            if (!watches(rule, device)) continue;
            if (!std::ranges::all_of(rule.where, [&](const auto& c) { return ask(c, values) == true; })) {
                if (verdict != TimeVerdict::late) report(rule, device, effective.us);
                continue;
            }
            Window& w = windows_.at({rule.code, subject_of(rule, device)});
            if (verdict == TimeVerdict::late)
                late(rule, w, signal, values, effective.us);
            else if (rule.op == Operator::threshold)
                threshold(rule, w, device, values, effective.us);
            else if (rule.op == Operator::count)
                count(rule, w, device, effective.us);
            else
                absence(rule, w, device, effective.us);
        }
    }

    std::int64_t next_due() {
        std::int64_t first = ever;
        for (auto& [key, w] : windows_) first = std::min(first, due(rule_named(key.first), w));
        return first;
    }

    void fire_due(Time now) {
        for (;;) {
            using Order = std::tuple<std::int64_t, std::uint32_t, std::uint32_t>;
            std::optional<std::pair<Order, Key>> first;
            for (auto& [key, w] : windows_) {
                const Rule& rule = rule_named(key.first);
                const Order order{due(rule, w), rule.id.value, key.second};
                if (std::get<0>(order) <= now.us && (!first || order < first->first)) first = {order, key};
            }
            if (!first) return;
            happen(rule_named(first->second.first), windows_.at(first->second), first->second.second);
        }
    }

    // The input in hand; what came of it.
    std::uint64_t seq = 0;
    std::uint64_t nth = 0;
    std::vector<std::string> said;

private:
    // --- What a signal says
    std::optional<bool> ask(const model::Condition& c, const std::vector<model::Value>& values) const {
        const auto found = std::ranges::find(values, c.field, &model::Value::field);
        if (found == values.end()) return std::nullopt;
        if (c.compare == model::Compare::changed) return changed_.contains(c.field);
        return ask(c, *found);
    }

    static std::optional<bool> ask(const model::Condition& c, const model::Value& v) {
        if (c.value.type == ValueType::symbol) {
            if (v.type != ValueType::symbol && v.type != ValueType::text) return std::nullopt;
            const bool same = v.type == ValueType::symbol && v.index == c.value.index;
            if (c.compare == model::Compare::equal) return same;
            if (c.compare == model::Compare::not_equal) return !same;
            return std::nullopt;
        }
        if (v.type != ValueType::number && v.type != ValueType::boolean) return std::nullopt;
        const double a = v.number;
        const double b = c.value.number;
        if (c.value.type == ValueType::boolean && a != 0 && a != 1) return std::nullopt;
        switch (c.compare) {
            case model::Compare::equal:
                return a == b;
            case model::Compare::not_equal:
                return a != b;
            case model::Compare::below:
                return a < b;
            case model::Compare::at_most:
                return a <= b;
            case model::Compare::above:
                return a > b;
            case model::Compare::at_least:
                return a >= b;
            case model::Compare::changed:
                break;
        }
        return std::nullopt;
    }

    bool watches(const Rule& rule, std::uint32_t device) const {
        const model::Device& d = policy_->devices[device];
        if (d.retired || d.is_gateway || ((rule.kinds >> static_cast<unsigned>(d.kind)) & 1U) == 0) return false;
        const bool here = rule.within_places.empty() || std::ranges::any_of(rule.within_places, [&](PlaceId p) {
                              return policy_->is_within(d.place, p);
                          });
        const bool this_one = rule.only_devices.empty() ||
                              std::ranges::any_of(rule.only_devices, [&](DeviceId id) { return id.value == device; });
        return here && this_one && subject_of(rule, device) != PlaceId::none_value;
    }

    // --- What devices said last
    std::set<model::FieldId> fields_of(std::uint32_t device) const {
        std::set<model::FieldId> fields;
        for (const Rule& rule : policy_->rules) {
            if (!watches(rule, device)) continue;
            for (const model::Condition& c : rule.where) {
                if (c.compare == model::Compare::changed) fields.insert(c.field);
            }
            if (rule.op != Operator::absence) continue;
            for (const model::Condition& c : rule.flat) fields.insert(c.field);
        }
        return fields;
    }
    void remember(std::uint32_t device, const std::vector<model::Value>& values, std::int64_t t) {
        const auto fields = fields_of(device);
        for (const model::Value& v : values) {
            if (!fields.contains(v.field)) continue;
            const auto before = last_.find({device, v.field});
            if (before != last_.end() && t < before->second.first) continue;
            if (before != last_.end() && text_of(before->second.second) != text_of(v)) changed_.insert(v.field);
            last_[{device, v.field}] = {t, v};
        }
    }
    static std::string text_of(const model::Value& v) {
        if (v.type == ValueType::text) return "a text";
        if (v.type == ValueType::symbol) return "word " + std::to_string(v.index);
        return std::to_string(v.number);
    }
    bool is_flat(const Rule& rule, std::uint32_t device) const {
        return !rule.flat.empty() && std::ranges::all_of(rule.flat, [&](const model::Condition& c) {
            const auto last = last_.find({device, c.field});
            return last != last_.end() && ask(c, last->second.second) == true;
        });
    }
    static std::uint32_t hangs_on(const Rule& rule, const Window& w, std::uint32_t subject) {
        return w.device == DeviceId::none_value && rule.key == KeyLevel::device ? subject : w.device;
    }
    // A signal that is no activity.
    void report(const Rule& rule, std::uint32_t device, std::int64_t t) {
        if (rule.op != Operator::absence) return;
        const std::uint32_t subject = subject_of(rule, device);
        Window& w = windows_.at({rule.code, subject});
        if (!w.flat || is_flat(rule, hangs_on(rule, w, subject))) return;
        w.fired = w.flat = false;
        w.activity.push_back(t);
    }

    std::uint32_t subject_of(const Rule& rule, std::uint32_t device) const {
        using model::PlaceLevel;
        static const std::map<KeyLevel, PlaceLevel> levels = {
            {KeyLevel::room, PlaceLevel::room},          {KeyLevel::home, PlaceLevel::home},
            {KeyLevel::floor, PlaceLevel::floor},        {KeyLevel::unit, PlaceLevel::unit},
            {KeyLevel::building, PlaceLevel::building},  {KeyLevel::estate, PlaceLevel::estate},
            {KeyLevel::community, PlaceLevel::community}};
        if (rule.key == KeyLevel::device) return device;
        if (rule.key == KeyLevel::person) return policy_->devices[device].person.value;
        if (rule.key == KeyLevel::gateway) return policy_->devices[device].gateway.value;
        return policy_->ancestor(policy_->devices[device].place, levels.at(rule.key)).value;
    }

    const Rule& rule_named(const std::string& code) const {
        return *std::ranges::find(policy_->rules, code, &Rule::code);
    }

    // --- Time
    bool open(const Rule& rule, std::int64_t t) const {
        return !rule.during || model::schedule_holds(*rule.during, policy_->zone.local(Time{t}), policy_->calendar);
    }

    std::int64_t opening(const Rule& rule, std::int64_t t) {
        if (open(rule, t)) return t;
        constexpr std::int64_t minute = 60'000'000;
        const std::int64_t first = (t / minute + 1) * minute;
        auto& known = schedules_[rule.code];
        if (const auto found = known.find(first); found != known.end()) return found->second;
        std::int64_t at = first;
        while (at < first + 20 * 1'440 * minute && !open(rule, at)) at += minute;
        return known[first] = open(rule, at) ? at : ever;
    }

    // --- Alerts
    std::uint64_t alert(const Rule& rule, std::uint32_t device, std::uint32_t subject, std::int64_t t, bool late_one) {
        const std::uint64_t id = (seq << 20U) | nth++;
        if (rule.key == KeyLevel::gateway) device = subject;
        const bool spoke = device != DeviceId::none_value;
        const PlaceId place = spoke ? policy_->devices[device].place : place_of(rule, subject);
        const PlaceId anchor = policy_->ancestor(place, rule.join);
        said.push_back("alert " + std::to_string(id) + (late_one ? " late " : " ") + rule.code + " d" +
                       std::to_string(device) + " p" + std::to_string(place.value) + " a" +
                       std::to_string(anchor.value) + " " + std::to_string(t));
        return id;
    }
    PlaceId place_of(const Rule& rule, std::uint32_t subject) const {
        if (rule.key != KeyLevel::person) return PlaceId{subject};
        return std::ranges::find_if(policy_->devices,
                                    [&](const model::Device& d) { return d.person.value == subject && !d.retired; })
            ->place;
    }
    void over(Window& w, std::int64_t t) {
        if (w.open != 0) said.push_back("cleared " + std::to_string(w.open) + " " + std::to_string(t));
        w.open = 0;
    }

    // --- What is due
    std::int64_t due(const Rule& rule, Window& w) {
        if (rule.op == Operator::threshold) {
            if (!w.is_true) return ever;
            if (w.alerted) return rule.auto_clear.us == 0 ? ever : std::max(*w.alert_at, w.raised) + rule.auto_clear.us;
            return lapses(rule, w) ? w.raised + rule.auto_clear.us : ripe(rule, w);
        }
        if (rule.op == Operator::count)
            return w.open == 0 || rule.auto_clear.us == 0 ? ever
                                                          : std::max(*w.alert_at, w.reached) + rule.auto_clear.us;
        if (!w.fired) return opening(rule, last_activity(w) + rule.within.us);
        return w.open == 0 || rule.auto_clear.us == 0 ? ever : *w.alert_at + rule.auto_clear.us;
    }
    std::int64_t held(const Rule& rule, const Window& w) const { return w.since + rule.hold.us; }
    std::int64_t cool(const Rule& rule, const Window& w) const {
        return w.alert_at && rule.cooldown.us > 0 ? *w.alert_at + rule.cooldown.us
                                                  : std::numeric_limits<std::int64_t>::min();
    }
    std::int64_t ripe(const Rule& rule, const Window& w) {
        return opening(rule, std::max(held(rule, w), cool(rule, w)));
    }
    bool lapses(const Rule& rule, const Window& w) const {
        return cool(rule, w) > held(rule, w) && rule.auto_clear.us > 0 && w.raised + rule.auto_clear.us < cool(rule, w);
    }
    static std::int64_t last_activity(const Window& w) {
        return w.activity.empty() ? w.born : *std::ranges::max_element(w.activity);
    }

    void happen(const Rule& rule, Window& w, std::uint32_t subject) {
        const std::int64_t t = due(rule, w);
        if (rule.op == Operator::count) return over(w, t);
        if (rule.op == Operator::absence) {
            if (w.fired) return over(w, t);
            w.fired = true;
            w.alert_at = t;
            w.flat = is_flat(rule, hangs_on(rule, w, subject));
            if (!w.flat) w.open = alert(rule, hangs_on(rule, w, subject), subject, t, false);
            return;
        }
        if (!w.alerted && !lapses(rule, w)) {
            w.open = alert(rule, w.device, subject, t, false);
            w.alert_at = t;
            w.alerted = true;
            return;
        }
        over(w, t);
        w.is_true = false;
    }
    void catch_up(const Rule& rule, Window& w, std::uint32_t subject, std::int64_t t) {
        while (due(rule, w) <= t) happen(rule, w, subject);
    }

    // --- Signals
    void threshold(const Rule& rule, Window& w, std::uint32_t device, const std::vector<model::Value>& values,
                   std::int64_t t) {
        const auto raises = ask(rule.raise, values);
        const std::uint32_t subject = subject_of(rule, device);
        if (raises == true) {
            catch_up(rule, w, subject, t);
            if (!w.is_true) {
                w.is_true = true;
                w.alerted = false;
                w.since = w.raised = t;
            }
            w.raised = std::max(w.raised, t);
            w.device = device;
            const bool again = w.alerted && rule.repeat.us > 0 && t >= *w.alert_at + rule.repeat.us &&
                               t >= *w.alert_at + rule.cooldown.us;
            if (again && open(rule, t)) {
                w.open = alert(rule, device, subject, t, false);
                w.alert_at = t;
            }
            catch_up(rule, w, subject, t);
            return;
        }
        const bool clears = rule.clear ? ask(*rule.clear, values) == true : raises == false;
        if (!clears || !w.is_true || t < w.since) return;
        catch_up(rule, w, subject, t);
        over(w, w.alert_at ? std::max(t, *w.alert_at) : t);
        w.is_true = false;
    }

    void late(const Rule& rule, Window& w, const model::Signal& signal, const std::vector<model::Value>& values,
              std::int64_t received) {
        static const std::set<SignalKind> kinds = {SignalKind::smoke, SignalKind::gas, SignalKind::one_key,
                                                   SignalKind::elder_bracelet, SignalKind::child_bracelet};
        if (rule.op != Operator::threshold || !kinds.contains(signal.kind)) return;
        if (ask(rule.raise, values) != true || !open(rule, signal.claimed.us)) return;
        if (w.late_minutes.insert(received / 60'000'000).second)
            alert(rule, signal.device.value, subject_of(rule, signal.device.value), received, true);
    }

    void count(const Rule& rule, Window& w, std::uint32_t device, std::int64_t t) {
        catch_up(rule, w, subject_of(rule, device), t);
        w.times.push_back(t);
        std::ranges::sort(w.times);
        const std::optional<std::int64_t> reached = enough(rule, w, t);
        if (w.times.size() > rule.at_least) w.times.erase(w.times.begin());
        if (!reached) return;
        w.reached = w.alert_at ? std::max(w.reached, *reached) : *reached;
        if (*reached < cool(rule, w) || !open(rule, *reached)) return;
        w.open = alert(rule, device, subject_of(rule, device), *reached, false);
        w.alert_at = *reached;
        w.times.clear();
    }
    // The end of the earliest stretch of `at_least` times, one of them t, that is short enough.
    static std::optional<std::int64_t> enough(const Rule& rule, const Window& w, std::int64_t t) {
        for (std::size_t i = 0; i + rule.at_least <= w.times.size(); ++i) {
            const std::int64_t first = w.times[i];
            const std::int64_t last = w.times[i + rule.at_least - 1];
            if (first <= t && t <= last && last - first <= rule.within.us) return last;
        }
        return std::nullopt;
    }

    void absence(const Rule& rule, Window& w, std::uint32_t device, std::int64_t t) {
        if (t <= last_activity(w)) return;
        catch_up(rule, w, subject_of(rule, device), t);
        if (w.open != 0) over(w, std::max(t, *w.alert_at));
        w.activity.push_back(t);
        w.device = device;
        w.fired = w.flat = false;
    }

    std::shared_ptr<const model::Policy> policy_;
    std::map<Key, Window> windows_;
    std::map<std::pair<std::uint32_t, model::FieldId>, std::pair<std::int64_t, model::Value>> last_;
    std::set<model::FieldId> changed_;  // by the signal in hand
    std::map<std::string, std::map<std::int64_t, std::int64_t>> schedules_;
};

// --- Chance ------------------------------------------------------------------------------------------------------

class World {
public:
    explicit World(std::uint64_t seed) : random_(seed) {
        policy_ = make_community(SignalKind::smoke);
        // The clocks go forward six hours in and back a day later.
        policy_.zone = base::Zone("Test", {{Time{0}, 3'600}, {at(6 * 3'600), 7'200}, {at(30 * 3'600), 3'600}});
        for (std::uint32_t d = 0; d < 5; ++d)
            policy_.devices[d].kind = pick({SignalKind::smoke, SignalKind::motion, SignalKind::gas});
        policy_.persons = {"ann", "bo"};
        for (std::uint32_t d = 0; d < 5; ++d) {
            if (random_.chance(0.6)) policy_.devices[d].person = model::WatchedId{random_.below(2)};
            if (random_.chance(0.7)) policy_.devices[d].gateway = DeviceId{5U};
        }
        // The day after the first is off, the Saturday behind it worked.
        const std::uint32_t tuesday = base::day_number(2026, 3, 3);
        policy_.calendar = {.years = {2026}, .off = {tuesday + 1}, .worked = {tuesday + 4}};
        const std::size_t rules = 1 + random_.below(8);
        for (std::size_t i = 0; i < rules; ++i) add_rule(policy_, rule());
        adopt();
    }

    void run(int steps) {
        for (int i = 0; i < steps; ++i) {
            CAPTURE(i);
            pass_time();
            if (random_.chance(0.9)) tick();  // the driver should; where it does not, nothing is lost
            hear();
            if (random_.chance(0.03)) restart();
            if (random_.chance(0.02)) adopt();  // the same policy: changes nothing
            if (random_.chance(0.01)) change_policy();
            check_due();
        }
        now_ = now_ + base::hours(30);
        tick();
        check_due();
    }

    [[nodiscard]] std::size_t alerts() const { return alerts_; }

private:
    template <class T>
    T pick(std::initializer_list<T> list) {
        return *(list.begin() + random_.below(list.size()));
    }
    Duration span(std::initializer_list<int> seconds) { return base::seconds(pick(seconds)); }

    // --- Rules
    model::Condition condition() {
        using model::Compare;
        switch (random_.below(4)) {
            case 0:
                return is_true(flag);
            case 1:
                return compares(level, pick({Compare::above, Compare::below, Compare::at_least, Compare::at_most}), 50);
            case 2:
                return {action, pick({Compare::equal, Compare::not_equal}), model::Value::symbol(action, emergency)};
            default:
                return {flag, Compare::not_equal, model::Value::boolean(flag, false)};
        }
    }

    Rule rule() {
        Rule r;
        r.code = "rule" + std::to_string(++made_);
        r.kinds = pick<std::uint32_t>({0xffff, bit(SignalKind::smoke), bit(SignalKind::smoke) | bit(SignalKind::gas)});
        if (random_.chance(0.3)) r.within_places = {PlaceId{static_cast<std::uint32_t>(random_.below(13))}};
        if (random_.chance(0.2))
            r.only_devices = {DeviceId{static_cast<std::uint32_t>(random_.below(3))}, DeviceId{4U}};
        r.key = pick({KeyLevel::device, KeyLevel::device, KeyLevel::room, KeyLevel::home, KeyLevel::floor,
                      KeyLevel::unit, KeyLevel::building, KeyLevel::estate, KeyLevel::community, KeyLevel::person,
                      KeyLevel::person, KeyLevel::gateway});
        if (random_.chance(0.3)) r.where = {condition()};
        if (random_.chance(0.25))
            r.where.push_back({.field = pick({flag, action}), .compare = model::Compare::changed});
        if (random_.chance(0.5)) r.flat = {compares(level, model::Compare::below, 40)};
        r.op = pick({Operator::threshold, Operator::threshold, Operator::count, Operator::absence});
        r.raise = condition();
        if (random_.chance(0.4)) r.clear = pick({compares(level, model::Compare::below, 30), is_false(flag)});
        r.hold = span({0, 0, 5, 60, 300});
        r.repeat = span({0, 0, 30, 600});
        r.at_least = pick({2U, 3U, 5U, 12U});
        r.within = span({10, 60, 600, 3'600});
        r.cooldown = span({0, 0, 20, 300, 5'000});
        r.auto_clear = span({0, 0, 40, 600, 9'000});
        r.join = pick({model::PlaceLevel::home, model::PlaceLevel::unit, model::PlaceLevel::building});
        if (random_.chance(0.35)) r.during = schedule();
        return r;
    }

    model::Schedule schedule() {
        const auto from = static_cast<std::uint16_t>(random_.below(1'440));
        const auto to = random_.chance(0.1) ? from : static_cast<std::uint16_t>(1 + random_.below(1'440));
        if (random_.chance(0.4)) return {from, to, pick<std::uint8_t>({0x00, 0x02}), pick<std::uint8_t>({1, 2, 4, 6})};
        return {from, to, pick<std::uint8_t>({0x7f, 0x7f, 0x02, 0x35, 0x00})};
    }

    // --- What happens
    void pass_time() {
        const std::uint64_t most =
            pick<std::uint64_t>({0, 1'000, 10'000, 60'000, 600'000, random_.chance(0.05) ? 40'000'000U : 90'000U});
        now_ = now_ + base::milliseconds(static_cast<std::int64_t>(random_.below(most + 1)));
        if (random_.chance(0.3)) now_ = Time{now_.us / 1'000'000 * 1'000'000};  // so that times meet exactly
    }

    std::vector<model::Value> values() {
        std::vector<model::Value> v;
        if (random_.chance(0.8)) v.push_back(model::Value::boolean(flag, random_.chance(0.6)));
        if (random_.chance(0.1) && v.empty())
            v.push_back(model::Value::real(flag, static_cast<double>(random_.below(3))));
        if (random_.chance(0.8)) v.push_back(model::Value::real(level, static_cast<double>(random_.below(100))));
        if (random_.chance(0.3)) v.push_back(word());
        return v;
    }

    model::Value word() {
        if (random_.chance(0.2)) return model::Value::text(action, 0);
        return model::Value::symbol(action, random_.chance(0.5) ? emergency : test_press);
    }

    void hear() {
        model::Signal signal;
        signal.device = DeviceId{static_cast<std::uint32_t>(random_.below(policy_.devices.size()))};
        signal.kind = policy_.devices[signal.device.value].kind;
        Time effective = now_;
        TimeVerdict verdict = TimeVerdict::receipt;
        if (random_.chance(0.5)) {
            verdict = TimeVerdict::event;
            const auto range = pick<std::int64_t>({0, 5, 120});
            effective =
                now_ + base::seconds(
                           static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(2 * range + 1))) - range);
            signal.claimed = effective;
        } else if (random_.chance(0.1)) {
            verdict = TimeVerdict::late;
            signal.claimed = now_ - base::seconds(121 + static_cast<std::int64_t>(random_.below(50'000)));
        }
        const auto v = values();
        begin();
        windows_.signal(signal, v, effective, verdict, seq_, nth_, found_);
        reference_.signal(signal, v, effective, verdict);
        compare();
    }

    void tick() {
        begin();
        windows_.fire_due(now_, seq_, nth_, found_);
        reference_.fire_due(now_);
        compare();
    }

    void restart() {
        base::ByteWriter out;
        windows_.encode(out);
        Windows fresh;
        fresh.adopt(adopted_, now_);
        base::ByteReader in(out.view());
        REQUIRE(fresh.decode(in));
        REQUIRE(in.at_end());
        base::ByteWriter again;
        fresh.encode(again);
        REQUIRE(again.view() == out.view());
        windows_ = std::move(fresh);
    }

    void adopt() {
        auto copy = std::make_shared<model::Policy>(policy_);
        copy->index();
        adopted_ = copy;
        windows_.adopt(adopted_, now_);
        reference_.adopt(adopted_, now_);
    }

    void change_policy() {
        auto& rules = policy_.rules;
        if (random_.chance(0.5) && rules.size() > 1)
            rules.erase(rules.begin() + static_cast<std::ptrdiff_t>(random_.below(rules.size())));
        std::vector<Rule> fresh = std::exchange(rules, {});
        if (random_.chance(0.5)) std::ranges::reverse(fresh);
        if (random_.chance(0.6)) fresh.insert(fresh.begin(), rule());
        for (Rule& r : fresh) add_rule(policy_, r);
        if (random_.chance(0.3)) {
            const auto where = static_cast<std::uint32_t>(random_.below(policy_.places.size()));
            policy_.devices.push_back({.code = "new", .kind = SignalKind::smoke, .place = PlaceId{where}});
            if (random_.chance(0.5)) policy_.devices.back().person = model::WatchedId{random_.below(2)};
        }
        if (random_.chance(0.2)) policy_.devices[random_.below(5)].retired = random_.chance(0.5);
        adopt();
    }

    // --- Comparing
    void begin() {
        ++seq_;
        nth_ = static_cast<std::uint32_t>(random_.below(3));
        found_ = {};
        reference_.seq = seq_;
        reference_.nth = nth_;
        reference_.said.clear();
    }

    void compare() {
        std::vector<std::string> raised;
        std::vector<std::string> cleared;
        for (const std::string& line : reference_.said) (line.starts_with("alert") ? raised : cleared).push_back(line);
        REQUIRE(one_text(words(found_.raised)) == one_text(raised));
        std::vector<std::string> ended;
        for (const model::AlertCleared& c : found_.cleared)
            ended.push_back("cleared " + std::to_string(c.id.value) + " " + std::to_string(c.at.us));
        REQUIRE(one_text(ended) == one_text(cleared));
        REQUIRE(nth_ == reference_.nth);
        alerts_ += raised.size();
    }

    std::vector<std::string> words(const std::vector<model::Alert>& list) const {
        std::vector<std::string> all;
        for (const model::Alert& a : list)
            all.push_back("alert " + std::to_string(a.id.value) + (a.late ? " late " : " ") +
                          policy_.rules.at(a.rule.value).code + " d" + std::to_string(a.device.value) + " p" +
                          std::to_string(a.place.value) + " a" + std::to_string(a.anchor.value) + " " +
                          std::to_string(a.at.us));
        return all;
    }

    static std::string one_text(const std::vector<std::string>& lines) {
        std::string text;
        for (const std::string& line : lines) text += line + "\n";
        return text;
    }

    void check_due() { REQUIRE(windows_.next_due().us == reference_.next_due()); }

    base::SeededRandom random_;
    model::Policy policy_;
    std::shared_ptr<const model::Policy> adopted_;
    Windows windows_;
    Reference reference_;
    Time now_ = day;
    std::uint64_t seq_ = 0;
    std::uint32_t nth_ = 0;
    Finding found_;
    std::size_t made_ = 0;
    std::size_t alerts_ = 0;
};

void worlds(std::uint64_t first, std::uint64_t last, int steps) {
    std::size_t alerts = 0;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        CAPTURE(seed);
        World world(seed);
        world.run(steps);
        alerts += world.alerts();
    }
    MESSAGE("seeds " << first << " to " << last << ": " << alerts << " alerts");
    CHECK(alerts > last - first);
}

}  // namespace

TEST_CASE("random rules, signals, restarts and policies: the same as the reference") { worlds(1, 200, 300); }

TEST_SUITE("full") {
    TEST_CASE("many more random worlds") { worlds(1'000, 4'000, 500); }
}

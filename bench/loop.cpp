// `loop`: the core alone on one core. 1,000 rules, 100,000 devices; each signal touches exactly 10 rules, of which 4
// move state at every signal.
//
// The community: 100 buildings of 1,000 homes with a device each. Each building has 10 rules of its own:
//   held      threshold with hysteresis and hold: over 70 for 10 minutes, clear below 60     moves at every signal
//   cooled    threshold with hold and cooldown on a flag                                     moves at every signal
//   often     4 matching signals within 10 s                                                 moves at every signal
//   silent    no activity in a home for 15 minutes                                           moves at every signal
//   six thresholds that look at each signal and find it in order (now and then not)
// A device's readings go up and down from signal to signal, so that `held` and `cooled` begin or end at each of them;
// few stay up. Devices speak in random order, each once a minute on average by the signals' own time, each message with
// an id of its own. Timers are put in as a driver does. What is measured is Core::step_until_due on batches of 512 made
// beforehand, and for the single steps on batches of one. Every alert is reckoned up by a plain account of its own, and
// the numbers must agree.
#include <algorithm>
#include <chrono>
#include <ctime>
#include <deque>
#include <memory>
#include <stdexcept>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "base/random.hpp"
#include "loop/core.hpp"

#include "registry.hpp"

namespace shoumen::bench {

namespace {

using base::Time;
using model::FieldId;
using model::PlaceId;
using model::PlaceLevel;
using model::Value;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t buildings = 100;
constexpr std::uint32_t homes_each = 1'000;
constexpr std::uint32_t device_count = buildings * homes_each;
constexpr std::uint32_t rules_each = 10;
constexpr std::uint32_t units_each = 20;
constexpr std::uint32_t floors_each = 10;  // of a unit, with 5 homes

constexpr Time start{1'772'496'000'000'000};
constexpr std::int64_t step_us = 60'000'000 / device_count;  // between signals: each device once a minute

constexpr FieldId level{0U};
constexpr FieldId flag{1U};
constexpr FieldId warmth{2U};
constexpr FieldId charge{3U};
constexpr FieldId smoke{4U};

constexpr std::int64_t hold_us = 600'000'000;
constexpr std::int64_t cooldown_us = 1'800'000'000;
constexpr std::int64_t often_us = 10'000'000;
constexpr std::size_t often_count = 4;
constexpr std::int64_t silent_us = 900'000'000;

// --- The community -----------------------------------------------------------------------------------------------

class Builder {
public:
    std::shared_ptr<const model::Policy> build() {
        policy_.version = 1;
        policy_.community = "bench";
        policy_.zone = base::Zone("Asia/Shanghai", {{Time{0}, 8 * 3'600}});
        policy_.fields = {"level", "flag", "warmth", "charge", "smoke"};
        policy_.causes = {"fire"};
        policy_.incident_kinds.push_back({.code = "fire"});
        bodies();
        const PlaceId community = place("bench", PlaceId{}, PlaceLevel::community);
        policy_.root = community;
        policy_.bodies[0].places = policy_.bodies[1].places = {community};
        const PlaceId estate = place("e", community, PlaceLevel::estate);
        for (std::uint32_t b = 0; b < buildings; ++b) building(estate, b);
        policy_.index();
        return std::make_shared<const model::Policy>(std::move(policy_));
    }

private:
    void bodies() {
        policy_.bodies.push_back({.code = "pm", .role = model::Role::property_manager});
        policy_.bodies.push_back({.code = "committee", .role = model::Role::committee});
        policy_.matrix.push_back({.line = 1,
                                  .any_hour = true,
                                  .lead = model::Role::property_manager,
                                  .acknowledge = base::minutes(5),
                                  .arrive = base::minutes(15),
                                  .close = base::hours(24)});
        policy_.ladder.rungs = {{model::LadderLevel::community, model::Role::committee}};
        for (auto& climb : policy_.ladder.climb) climb = base::minutes(30);
    }

    PlaceId place(std::string code, PlaceId parent, PlaceLevel at) {
        policy_.places.push_back(
            {.code = std::move(code), .parent = parent, .level = at, .use = model::PlaceUse::home});
        return PlaceId{policy_.places.size() - 1};
    }

    void building(PlaceId estate, std::uint32_t number) {
        const auto name = fmt::format("b{}", number);
        const PlaceId here = place(name, estate, PlaceLevel::building);
        const auto kind = static_cast<model::SignalKind>(number % model::signal_kind_count);
        for (std::uint32_t u = 0; u < units_each; ++u) {
            const PlaceId unit = place(fmt::format("{}-u{}", name, u), here, PlaceLevel::unit);
            for (std::uint32_t f = 0; f < floors_each; ++f) {
                const PlaceId floor = place(fmt::format("{}-u{}-f{}", name, u, f), unit, PlaceLevel::floor);
                for (std::uint32_t h = 0; h < homes_each / units_each / floors_each; ++h) {
                    const PlaceId home = place(fmt::format("{}-u{}-f{}-{}", name, u, f, h), floor, PlaceLevel::home);
                    policy_.devices.push_back(
                        {.code = fmt::format("d{}", policy_.devices.size()), .kind = kind, .place = home});
                }
            }
        }
        rules(here, 1U << static_cast<unsigned>(kind), number);
    }

    void rules(PlaceId here, std::uint32_t kinds, std::uint32_t number) {
        using model::Compare;
        const auto over = [](FieldId f, double n) { return model::Condition{f, Compare::above, Value::real(f, n)}; };
        const auto below = [](FieldId f, double n) { return model::Condition{f, Compare::below, Value::real(f, n)}; };
        const auto is = [](FieldId f) { return model::Condition{f, Compare::equal, Value::boolean(f, true)}; };
        const auto rule = [&](const char* code) -> model::Rule& {
            model::Rule r;
            r.id = model::RuleId{policy_.rules.size()};
            r.code = fmt::format("{}-{}", code, number);
            r.identity = base::sha256(r.code);
            r.kinds = kinds;
            r.within_places = {here};
            r.incident = model::IncidentKindId{0U};
            r.cause = model::CauseId{0U};
            return policy_.rules.emplace_back(std::move(r));
        };
        auto& held = rule("held");
        held.raise = over(level, 70);
        held.clear = below(level, 60);
        held.hold = {hold_us};
        auto& cooled = rule("cooled");
        cooled.raise = is(flag);
        cooled.hold = {hold_us};
        cooled.cooldown = {cooldown_us};
        auto& often = rule("often");
        often.op = model::Operator::count;
        often.where = {over(warmth, 0)};
        often.at_least = often_count;
        often.within = {often_us};
        auto& silent = rule("silent");
        silent.op = model::Operator::absence;
        silent.key = model::KeyLevel::home;
        silent.within = {silent_us};
        rule("smoke").raise = is(smoke);
        rule("hot").raise = over(warmth, 60);
        rule("flat").raise = below(charge, 5);
        rule("flooded").raise = over(level, 99.5);
        auto& warm = rule("warm-and-dry");
        warm.where = {below(level, 10)};
        warm.raise = over(warmth, 50);
        auto& strange = rule("strange");
        strange.where = {over(charge, 101)};
        strange.raise = is(flag);
    }

    model::Policy policy_;
};

// The rules that a signal of this device touches, found the slow way.
std::vector<const model::Rule*> touched(const model::Policy& policy, const model::Device& device) {
    std::vector<const model::Rule*> found;
    for (const model::Rule& rule : policy.rules) {
        const bool of_kind = ((rule.kinds >> static_cast<unsigned>(device.kind)) & 1U) != 0;
        if (of_kind && policy.is_within(device.place, rule.within_places.front())) found.push_back(&rule);
    }
    return found;
}

bool each_touches_ten(const model::Policy& policy) {
    return std::ranges::all_of(policy.devices,
                               [&](const model::Device& d) { return touched(policy, d).size() == rules_each; });
}

// --- What devices say, and what must come of it ------------------------------------------------------------------

struct Reading {
    double level = 0;
    double warmth = 0;
    double charge = 0;
    bool flag = false;
    bool smoke = false;
};

// The account of one device's alerts, kept without any of the core's code.
class Account {
public:
    std::uint64_t hear(const Reading& r, std::int64_t t) {
        std::uint64_t alerts = 0;
        alerts += pass(t);
        if (r.level > 70 && !high_) high_since_ = t, high_ = true, high_told_ = false;
        if (r.level < 60) high_ = false;
        if (r.flag && !up_) up_since_ = t, up_ = true, up_told_ = false;
        if (!r.flag) up_ = false;
        if (r.warmth > 0) {
            std::ranges::move(std::next(times_.begin()), times_.end(), times_.begin());
            times_.back() = t;
            ++known_;
            if (known_ >= often_count && times_.back() - times_.front() <= often_us) {
                ++alerts;
                known_ = 0;
            }
        }
        last_ = t;
        silent_told_ = false;
        alerts += edge(smoke_, r.smoke) + edge(hot_, r.warmth > 60) + edge(flat_, r.charge < 5) +
                  edge(flooded_, r.level > 99.5);
        if (r.level < 10) alerts += edge(warm_, r.warmth > 50);
        return alerts;
    }
    // What falls due by t.
    std::uint64_t pass(std::int64_t t) {
        std::uint64_t alerts = 0;
        if (high_ && !high_told_ && high_since_ + hold_us <= t) high_told_ = true, ++alerts;
        const std::int64_t ready = std::max(up_since_ + hold_us, cooled_until_);
        if (up_ && !up_told_ && ready <= t) up_told_ = true, cooled_until_ = ready + cooldown_us, ++alerts;
        if (!silent_told_ && last_ + silent_us <= t) silent_told_ = true, ++alerts;
        return alerts;
    }

private:
    static std::uint64_t edge(bool& state, bool now) {
        const bool rises = now && !state;
        state = now;
        return rises ? 1 : 0;
    }
    std::int64_t high_since_ = 0, up_since_ = 0, cooled_until_ = 0, last_ = start.us;
    std::array<std::int64_t, often_count> times_{};
    std::size_t known_ = 0;
    bool high_ = false, high_told_ = false, up_ = false, up_told_ = false, silent_told_ = false;
    bool smoke_ = false, hot_ = false, flat_ = false, flooded_ = false, warm_ = false;
};

class Crowd {
public:
    Crowd() : random_(20'260'303), accounts_(device_count), turns_(device_count) {}

    // n signals as one batch; the batch's memory is used again.
    void speak(const model::Policy& policy, std::size_t n, model::Batch& batch) {
        batch.clear();
        for (std::size_t i = 0; i < n; ++i) {
            now_ = now_ + base::Duration{step_us};
            speak_one(policy, batch);
        }
    }

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] std::uint64_t expected() {
        for (Account& account : accounts_) expected_ += account.pass(now_.us);
        return expected_;
    }

private:
    void speak_one(const model::Policy& policy, model::Batch& batch) {
        auto device = static_cast<std::uint32_t>(random_.below(device_count));
        while (device % 5'000 == 7)
            device = static_cast<std::uint32_t>(random_.below(device_count));  // twenty say nothing at all
        const Reading r = read(device);
        expected_ += accounts_[device].hear(r, now_.us);
        model::Signal signal;
        signal.device = model::DeviceId{device};
        signal.kind = policy.devices[device].kind;
        signal.value_count = 5;
        signal.values_begin = static_cast<std::uint32_t>(batch.values.size());
        signal.message = random_.next() | 1U;
        signal.claimed = now_;
        batch.inputs.push_back({model::InputType::signal, static_cast<std::uint32_t>(batch.signals.size()), now_});
        batch.signals.push_back(signal);
        batch.values.push_back(Value::real(level, r.level));
        batch.values.push_back(Value::boolean(flag, r.flag));
        batch.values.push_back(Value::real(warmth, r.warmth));
        batch.values.push_back(Value::real(charge, r.charge));
        batch.values.push_back(Value::boolean(smoke, r.smoke));
    }

    Reading read(std::uint32_t device) {
        const bool up = (++turns_[device] & 1U) != 0;
        const bool stuck = device % 1'000 == 13;  // a hundred stay up
        Reading r;
        r.level = up || stuck ? 71 + 20 * random_.unit() : 20 + 35 * random_.unit();
        r.flag = !up || stuck;
        r.warmth = 15 + 10 * random_.unit();
        r.charge = 50 + 50 * random_.unit();
        if (random_.chance(20e-6)) r.smoke = true;
        if (random_.chance(10e-6)) r.warmth = 70;
        if (random_.chance(10e-6)) r.charge = 4;
        return r;
    }

    base::SeededRandom random_;
    std::vector<Account> accounts_;
    std::vector<std::uint32_t> turns_;
    Time now_ = start;
    std::uint64_t expected_ = 0;
};

// --- Driving the core --------------------------------------------------------------------------------------------

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

class Driver {
public:
    explicit Driver(std::shared_ptr<const model::Policy> policy)
        : policy_(std::move(policy)), core_([this](std::uint64_t) { return policy_; }) {
        core_.load_policy(policy_, start);
        timer_.inputs.push_back({.type = model::InputType::timer});
    }

    // All of the batch, and a timer wherever something is due.
    void run(model::Batch& batch) {
        effects_.clear();
        batch.first_seq = seq_ + 1;
        for (std::size_t at = 0; (at = core_.step_until_due(batch, at, effects_)) < batch.inputs.size();) {
            fire(batch.first_seq + at, batch.inputs[at].received);
            ++batch.first_seq;  // the timer took a number
        }
        seq_ = batch.first_seq + batch.inputs.size() - 1;
    }
    void fire(std::uint64_t seq, Time now) {
        timer_.first_seq = seq;
        timer_.inputs.front().received = now;
        core_.step(timer_, effects_);
        ++timers_;
    }
    void count() {
        alerts_ += effects_.alerts.size();
        repeats_ += effects_.counts.repeats;
    }
    // To the end of time so far.
    void finish(Time now) {
        effects_.clear();
        while (core_.next_due() <= now) fire(++seq_, now);
        count();
    }

    [[nodiscard]] const loop::Core& core() const { return core_; }
    [[nodiscard]] std::uint64_t alerts() const { return alerts_; }
    [[nodiscard]] std::uint64_t repeats() const { return repeats_; }
    [[nodiscard]] std::uint64_t timers() const { return timers_; }

private:
    std::shared_ptr<const model::Policy> policy_;
    loop::Core core_;
    model::Effects effects_;
    model::Batch timer_;
    std::uint64_t seq_ = 0;
    std::uint64_t alerts_ = 0;
    std::uint64_t repeats_ = 0;
    std::uint64_t timers_ = 0;
};

struct Run {
    double wall_s = 0;
    double processor_s = 0;
    std::uint64_t signals = 0;
    [[nodiscard]] double per_second() const { return static_cast<double>(signals) / wall_s; }
};

class Bench {
public:
    explicit Bench(std::shared_ptr<const model::Policy> policy) : policy_(std::move(policy)), driver_(policy_) {}

    // All batches are made before the first is run, so that nothing but the core runs meanwhile.
    Run run(std::uint64_t signals, std::size_t batch_size) {
        batches_.resize(signals / batch_size + 1);
        for (model::Batch& batch : batches_) crowd_.speak(*policy_, batch_size, batch);
        const double processor = processor_seconds();
        const auto begin = Clock::now();
        for (model::Batch& batch : batches_) {
            driver_.run(batch);
            driver_.count();
        }
        return {.wall_s = std::chrono::duration<double>(Clock::now() - begin).count(),
                .processor_s = processor_seconds() - processor,
                .signals = batches_.size() * batch_size};
    }

    // One signal a step: how long each takes, in nanoseconds, ascending.
    std::vector<std::int64_t> single_steps(std::size_t n) {
        std::vector<std::int64_t> times;
        times.reserve(n);
        for (std::size_t i = 0; i < n; ++i) {
            crowd_.speak(*policy_, 1, batch_);
            const auto begin = Clock::now();
            driver_.run(batch_);
            times.push_back(std::chrono::nanoseconds(Clock::now() - begin).count());
            driver_.count();
        }
        std::ranges::sort(times);
        return times;
    }

    // The last batch once more: every signal of it is a repeat.
    bool drops_repeats() {
        crowd_.speak(*policy_, 512, batch_);
        driver_.run(batch_);
        driver_.count();
        const std::uint64_t before = driver_.repeats();
        driver_.run(batch_);
        driver_.count();
        return driver_.repeats() == before + 512;
    }

    boost::json::object memory() const {
        const auto& state = driver_.core().windows();
        const auto each = [](std::size_t bytes) { return static_cast<double>(bytes) / device_count; };
        return {{"sense", each(state.intake.bytes())}, {"analyse", each(state.windows.bytes())}};
    }
    [[nodiscard]] double bytes_per_device() const {
        const auto& state = driver_.core().windows();
        return static_cast<double>(state.intake.bytes() + state.windows.bytes()) / device_count;
    }

    // What a snapshot and a restart from it cost.
    boost::json::object snapshot() const {
        const auto& state = driver_.core().windows();
        const auto milliseconds = [](auto&& work) {
            const auto begin = Clock::now();
            work();
            return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
        };
        loop::WindowState copy;
        base::ByteWriter out;
        analyse::Windows windows;
        sense::Intake intake;
        boost::json::object result;
        result["copy_ms"] = milliseconds([&] { copy = state; });
        result["encode_ms"] = milliseconds([&] {
            copy.intake.encode(out);
            copy.windows.encode(out);
        });
        result["bytes"] = out.size();
        result["adopt_ms"] = milliseconds([&] {
            intake.adopt(*policy_);
            windows.adopt(policy_, start);
        });
        base::ByteReader in(out.view());
        result["decode_ms"] = milliseconds([&] {
            if (!intake.decode(in) || !windows.decode(in)) throw std::runtime_error("the snapshot cannot be read");
        });
        return result;
    }

    boost::json::object finish() {
        driver_.finish(crowd_.now());
        return {{"alerts", driver_.alerts()},
                {"alerts_expected", crowd_.expected()},
                {"repeats", driver_.repeats()},
                {"timers", driver_.timers()},
                {"incidents", driver_.core().live_incidents()}};
    }

private:
    std::shared_ptr<const model::Policy> policy_;
    Driver driver_;
    Crowd crowd_;
    model::Batch batch_;
    std::vector<model::Batch> batches_;
};

std::uint64_t number(Arguments arguments, std::string_view name, std::uint64_t otherwise) {
    const std::string text(argument(arguments, name, ""));
    return text.empty() ? otherwise : std::stoull(text);
}

boost::json::object run_loop(Arguments arguments) {
    const std::uint64_t signals = number(arguments, "signals", 2'000'000);
    const std::uint64_t runs = std::max<std::uint64_t>(number(arguments, "runs", 5), 1);
    const std::size_t batch = number(arguments, "batch", 512);
    const auto policy = Builder().build();
    Bench bench(policy);
    bench.run(number(arguments, "warm", 4'000'000), batch);  // rings filled, windows in full swing

    std::vector<Run> all;
    boost::json::array listed;
    for (std::uint64_t i = 0; i < runs; ++i) {
        all.push_back(bench.run(signals, batch));
        listed.push_back(
            {{"signals_per_s", all.back().per_second()},
             {"signals_per_processor_s", static_cast<double>(all.back().signals) / all.back().processor_s}});
    }
    std::ranges::sort(all, {}, &Run::per_second);
    const auto steps = bench.single_steps(500'000);
    const auto quantile = [&](double q) {
        return static_cast<double>(steps[static_cast<std::size_t>(q * static_cast<double>(steps.size() - 1))]) / 1'000;
    };
    const double bytes = bench.bytes_per_device();
    const auto memory = bench.memory();
    const auto snapshot = bench.snapshot();
    const bool repeats = bench.drops_repeats();
    const auto outcome = bench.finish();

    boost::json::object result = {{"signals_per_s", all[all.size() / 2].per_second()},
                                  {"step_p99_us", quantile(0.99)},
                                  {"step_p50_us", quantile(0.5)},
                                  {"step_p999_us", quantile(0.999)},
                                  {"bytes_per_device", bytes},
                                  {"bytes_per_device_by_part", memory},
                                  {"snapshot", snapshot},
                                  {"rules", policy->rules.size()},
                                  {"devices", policy->devices.size()},
                                  {"rules_per_signal", rules_each},
                                  {"batch", batch},
                                  {"signals_per_run", signals},
                                  {"runs", listed}};
    for (const auto& [key, value] : outcome) result[key] = value;
    result["checks"] = {{"each_signal_touches_ten_rules", each_touches_ten(*policy)},
                        {"some_alerts", outcome.at("alerts").to_number<std::uint64_t>() > 100},
                        {"alerts_as_expected", outcome.at("alerts") == outcome.at("alerts_expected")},
                        {"repeats_dropped", repeats}};
    return result;
}

const Registered here({"loop", "signals through the core alone: signals_per_s, step_p99_us, bytes_per_device",
                       run_loop});

}  // namespace

}  // namespace shoumen::bench

#include "decide/precision.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "model/track.hpp"

namespace shoumen::decide {
namespace {

using model::Record;
using model::Scene;
using model::Stage;

constexpr std::uint32_t whole = 1000;
constexpr std::int64_t z_squared = 16'384;  // 1.28², in ten-thousandths

// 1,000 × 2^(−day/30).
constexpr auto first_month =
    std::to_array<std::uint32_t>({1000, 977, 955, 933, 912, 891, 871, 851, 831, 812, 794, 776, 758, 741, 724,
                                  707,  691, 675, 660, 645, 630, 616, 602, 588, 574, 561, 548, 536, 524, 512});

Scene whole_number(double number) {
    constexpr double most = 2'000'000'000.0;
    if (!(number >= -most && number <= most) || number != std::trunc(number)) return model::scene_untold;
    return model::scene_of_number | static_cast<std::uint32_t>(static_cast<std::int32_t>(number));
}

// Whether the upper bound for `k` among `n` lies below the share t: what Wilson's inequality says, with every fraction
// multiplied out. At most 256 verdicts weigh in, so nothing overflows.
bool surely_below(std::uint32_t k, std::uint32_t n, std::uint32_t t) {
    const std::int64_t short_of = std::int64_t{t} * n - std::int64_t{whole} * k;
    if (short_of <= 0) return false;
    return 10 * short_of * short_of > z_squared * t * (whole - t) * n;
}

std::uint32_t upper(std::uint32_t k, std::uint32_t n) {
    std::uint32_t low = 0;  // not surely below
    std::uint32_t high = whole;
    if (n == 0 || !surely_below(k, n, high)) return whole;
    while (high - low > 1) {
        const std::uint32_t middle = (low + high) / 2;
        (surely_below(k, n, middle) ? high : low) = middle;
    }
    return high;
}

std::uint32_t verdicts(const Record& r) { return r.real + r.mistaken; }
std::uint32_t weights(const Record& r) { return r.real_weight + r.mistaken_weight; }

bool near_hour(std::uint32_t hours, std::int32_t hour) {
    const auto has = [&](std::int32_t h) { return ((hours >> static_cast<unsigned>((h + 24) % 24)) & 1U) != 0; };
    return has(hour - 1) || has(hour) || has(hour + 1);
}

}  // namespace

Scene scene_of(const model::Rule& rule, std::span<const model::Value> values) {
    if (!rule.precision || !rule.precision->scene.valid()) return 0;
    const auto said = std::ranges::find(values, rule.precision->scene, &model::Value::field);
    if (said == values.end()) return 0;
    switch (said->type) {
        case model::ValueType::symbol:
            return model::scene_of_symbol | said->index;
        case model::ValueType::boolean:
            return model::scene_of_boolean | (said->number != 0 ? 1U : 0U);
        case model::ValueType::number:
            return whole_number(said->number);
        case model::ValueType::text:
            return model::scene_untold;
    }
    return 0;
}

std::uint32_t weight_of(base::Duration age) {
    const std::int64_t days = std::max<std::int64_t>(age.us, 0) / base::days(1).us;
    const auto month = static_cast<std::int64_t>(first_month.size());
    if (days / month > 10) return 0;
    return first_month[static_cast<std::size_t>(days % month)] >> static_cast<unsigned>(days / month);
}

void add(Record& record, model::Verdict verdict, base::Duration age) {
    const bool weighs = verdicts(record) < verdicts_weighed;
    switch (verdict) {
        case model::Verdict::real:
            ++record.real;
            if (weighs) record.real_weight += weight_of(age);
            return;
        case model::Verdict::mistaken:
            ++record.mistaken;
            if (weighs) record.mistaken_weight += weight_of(age);
            return;
        case model::Verdict::test:
            ++record.test;
            return;
        case model::Verdict::unknown:
            ++record.unknown;
            return;
        case model::Verdict::none:
            return;
    }
}

std::uint32_t at_most(const Record& r) { return upper(r.real_weight, weights(r)); }
std::uint32_t at_least(const Record& r) { return whole - upper(r.mistaken_weight, weights(r)); }
std::uint32_t mean(const Record& r) {
    const std::uint32_t n = weights(r);
    return n == 0 ? 0 : (r.real_weight * whole + n / 2) / n;
}

Stage stage_of(const model::Precision& precision, const Record& r) {
    if (verdicts(r) < least_verdicts) return Stage::trusted;
    const auto below = [&](std::uint32_t share) { return surely_below(r.real_weight, weights(r), share); };
    if (precision.quiet_below > 0 && below(precision.quiet_below)) return Stage::quiet;
    return below(precision.target) ? Stage::second_look : Stage::trusted;
}

model::Doubt doubt_of(const model::Policy& policy, const model::Precision& precision, const Past& past, base::Time at) {
    model::Doubt doubt{stage_of(precision, past.record), past.record.real, past.record.mistaken, at_most(past.record)};
    if (doubt.stage != Stage::quiet) return doubt;
    const bool usual = near_hour(past.mistaken_hours, policy.zone.local(at).minute / 60);
    if (!usual || !past.today || past.beside) doubt.stage = Stage::second_look;
    return doubt;
}

}  // namespace shoumen::decide

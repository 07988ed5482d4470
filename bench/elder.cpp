// `elder`: homes as people really live in them. A habit is learned on the early part of each and judged on the later,
// beside the plain rule ("nothing for so long") set so that it gives no more false alarms than the learned one.
//
// Judged is every quiet outside the gateway's outages (nothing at all heard for 75 minutes): one that lasts beyond its
// alarm and then ends is a false alarm. A collapse is activity cut off: at every full hour of every judged day all that
// comes later is taken away, and the delay is the time until the alarm. The habit goes on learning while it is judged,
// as it does in a running node: each quiet is judged by what was known when it began.
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

#include "../tools/sources.hpp"
#include "analyse/habit.hpp"
#include "base/time.hpp"

#include "registry.hpp"

namespace shoumen::bench {
namespace {

namespace json = boost::json;

constexpr std::int64_t hour_s = 3'600;
constexpr std::int64_t day_s = 24 * hour_s;

struct Event {
    std::int64_t at_s = 0;
    std::int64_t clock_s = 0;
    std::uint32_t spot = 0;
    bool activity = true;
    bool way_out = false;
};

struct Home {
    std::string name;
    bool has_routine = false;  // reports that are no activity: they tell a dead gateway
    std::vector<Event> events;
};

// --- The homes ---------------------------------------------------------------------------------------------------

class Maker {
public:
    Maker(std::string name, const std::string& zone, bool has_routine)
        : zone_(date::locate_zone(zone)), wall_(zone), home_{std::move(name), has_routine, {}} {}

    void add(std::int64_t at_s, const std::string& spot, bool activity, bool way_out) {
        const auto info = zone_->get_info(date::sys_seconds{std::chrono::seconds{at_s}});
        const auto [known, is_new] = spots_.try_emplace(spot, static_cast<std::uint32_t>(spots_.size()));
        home_.events.push_back({at_s, at_s + info.offset.count(), known->second, activity, way_out});
    }
    void add_local(std::string_view day, std::string_view clock, const std::string& spot, bool way_out) {
        const auto time = tools::rfc3339(wall_, std::string(day), std::string(clock));
        if (!time) throw std::runtime_error(fmt::format("{}: {} {}: {}", home_.name, day, clock, time.error().message));
        const auto at = base::parse_rfc3339(*time);
        if (!at) throw std::runtime_error(fmt::format("{}: no time: {} {}", home_.name, day, clock));
        add(at->us / 1'000'000, spot, true, way_out);
    }
    Home take() {
        if (!std::ranges::is_sorted(home_.events, {}, &Event::at_s))
            throw std::runtime_error(home_.name + ": its events are not in order of time");
        return std::move(home_);
    }

private:
    const date::time_zone* zone_;
    tools::WallClock wall_;
    Home home_;
    std::map<std::string, std::uint32_t> spots_;
};

std::string text_of(const std::filesystem::path& file) {
    auto text = tools::read_file(file.string());
    if (!text)
        throw std::runtime_error(fmt::format("{}: {}; name the folder of the data sets in SHOUMEN_DATA_DIR",
                                             file.string(), text.error().message));
    return std::move(*text);
}

Home nears(const std::filesystem::path& data) {
    Maker maker("nears_0104", "America/Toronto", true);
    std::istringstream in(text_of(data / "home_nears_0104/events.csv.gz"));
    for (std::string line; std::getline(in, line);) {
        const auto fields = tools::fields_of(line);
        if (fields.size() != 6) continue;
        const auto at = base::parse_rfc3339(fields[0]);
        if (!at) continue;  // the heading
        const bool activity = fields[1] == "motion" || fields[1] == "contact";
        maker.add(at->us / 1'000'000, fields[3] + "/" + fields[2], activity, activity && fields[2] == "door");
    }
    return maker.take();
}

Home casas(const std::filesystem::path& data) {
    Maker maker("casas", "America/Los_Angeles", false);
    std::istringstream in(text_of(data / "home_casas_al_smarthome/events.txt"));
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string day, clock, area, place;
        if (words >> day >> clock >> area >> place)
            maker.add_local(day, clock, area + "/" + place, place == "FrontDoor");
    }
    return maker.take();
}

Home kasteren(const std::filesystem::path& data) {
    Maker maker("kasteren_a", "Europe/Amsterdam", false);
    std::istringstream in(text_of(data / "home_kasteren_A/sensors.csv"));
    std::vector<std::pair<std::string, std::string>> ends;
    for (std::string line; std::getline(in, line);) {
        const auto fields = tools::fields_of(line);
        if (fields.size() != 4 || fields[0] == "start_local") continue;
        for (const std::size_t end : {0U, 1U}) ends.emplace_back(fields[end], fields[3]);
    }
    std::ranges::sort(ends);
    for (const auto& [time, sensor] : ends)
        maker.add_local(time.substr(0, 10), time.substr(11), sensor, sensor == "Frontdoor");
    return maker.take();
}

// --- What is judged ----------------------------------------------------------------------------------------------

struct Quiet {
    analyse::Sign sign;
    std::int64_t length_s = 0;
    std::int64_t alarm_after_s = 0;
    bool learned = false;
};

struct Lived {
    std::vector<Quiet> judged;
    double judged_days = 0;
    std::int64_t days = 0;  // with activity
    std::uint32_t dropped = 0;
};

std::int64_t day_of(const Event& e) { return e.clock_s / day_s; }

// The day from which on is judged, of those with activity.
std::pair<std::int64_t, std::int64_t> first_judged(const Home& home, double learn) {
    std::vector<std::int64_t> days;
    for (const Event& e : home.events) {
        if (e.activity && (days.empty() || days.back() != day_of(e))) days.push_back(day_of(e));
    }
    const auto at = static_cast<std::size_t>(static_cast<double>(days.size()) * learn);
    return {days.at(std::min(at, days.size() - 1)), static_cast<std::int64_t>(days.size())};
}

Lived live(const Home& home, const analyse::HabitTerms& terms, double learn) {
    constexpr std::int64_t outage_s = 75 * 60;
    Lived lived;
    const auto [from, days] = first_judged(home, learn);
    lived.days = days;
    analyse::Habit habit;
    const Event* last = nullptr;
    std::int64_t way_out_s = -day_s;
    std::int64_t heard_s = 0;
    std::int64_t unheard_s = 0;  // the longest within the quiet at hand
    std::int64_t outages_s = 0;
    for (const Event& e : home.events) {
        unheard_s = std::max(unheard_s, heard_s > 0 ? e.at_s - heard_s : 0);
        heard_s = e.at_s;
        if (!e.activity) continue;
        if (last && e.at_s > last->at_s) {
            const analyse::Sign sign{last->at_s, last->clock_s, last->spot,
                                     last->at_s - way_out_s <= analyse::Habit::way_out_s};
            const std::int64_t length = e.at_s - last->at_s;
            const bool judged = day_of(*last) >= from;
            if (home.has_routine && unheard_s >= outage_s) {
                if (judged) outages_s += length;
            } else {
                if (judged) {
                    const auto expected = habit.expected(sign, terms);
                    lived.judged.push_back({sign, length, expected.alarm_after_s, expected.learned});
                }
                habit.learn(sign, length, terms);
            }
        }
        if (e.way_out) way_out_s = e.at_s;
        unheard_s = 0;
        last = &e;
    }
    const Event& end = home.events.back();
    lived.judged_days = static_cast<double>(end.clock_s - from * day_s - outages_s) / static_cast<double>(day_s);
    lived.dropped = habit.dropped();
    return lived;
}

struct Verdict {
    std::size_t false_alarms = 0;
    double per_30d = 0;
    double median_h = 0;
    double mean_h = 0;
    double p90_h = 0;
    std::size_t collapses = 0;
};

// `plain_s` > 0: the plain rule instead of the learned one.
Verdict judge(const Lived& lived, std::int64_t plain_s) {
    Verdict v;
    std::vector<double> delays;
    for (const Quiet& q : lived.judged) {
        const std::int64_t after = plain_s > 0 ? plain_s : q.alarm_after_s;
        v.false_alarms += q.length_s > after ? 1 : 0;
        const std::int64_t first = (q.sign.clock_s + hour_s - 1) / hour_s * hour_s;
        for (std::int64_t cut = first; cut < q.sign.clock_s + q.length_s; cut += hour_s)
            delays.push_back(static_cast<double>(std::max<std::int64_t>(0, q.sign.clock_s + after - cut)) / hour_s);
    }
    std::ranges::sort(delays);
    v.collapses = delays.size();
    if (delays.empty()) return v;
    v.per_30d = static_cast<double>(v.false_alarms) * 30 / lived.judged_days;
    v.median_h = delays[delays.size() / 2];
    v.p90_h = delays[delays.size() * 9 / 10];
    for (const double d : delays) v.mean_h += d / static_cast<double>(delays.size());
    return v;
}

// The shortest plain rule with no more false alarms.
std::pair<std::int64_t, Verdict> plain_at(const Lived& lived, double per_30d) {
    for (std::int64_t after = hour_s / 2;; after += 60) {
        const Verdict v = judge(lived, after);
        if (v.per_30d <= per_30d + 1e-9) return {after, v};
    }
}

json::object written(const Verdict& v) {
    return {{"false_alarms", v.false_alarms},
            {"false_alarms_per_30d", v.per_30d},
            {"median_delay_h", v.median_h},
            {"mean_delay_h", v.mean_h},
            {"p90_delay_h", v.p90_h}};
}

json::object report(const Home& home, double learn) {
    const analyse::HabitTerms terms{.plain_s = 12 * hour_s};
    const Lived lived = live(home, terms, learn);
    const Verdict learned = judge(lived, 0);
    const auto [after, plain] = plain_at(lived, learned.per_30d);
    const auto by_habit = std::ranges::count_if(lived.judged, &Quiet::learned);
    json::object plain_row = written(plain);
    plain_row["after_h"] = static_cast<double>(after) / hour_s;
    return {{"home", home.name},
            {"days_with_activity", lived.days},
            {"judged_days", lived.judged_days},
            {"collapses", learned.collapses},
            {"judged_by_habit", static_cast<double>(by_habit) / static_cast<double>(lived.judged.size())},
            {"habit_dropped", lived.dropped},
            {"false_alarms_per_30d", learned.per_30d},
            {"delay_ratio", learned.median_h / plain.median_h},
            {"learned", written(learned)},
            {"plain", std::move(plain_row)}};
}

// --- Sensors that change places ----------------------------------------------------------------------------------

// From the middle on two sensors speak for each other, the way out among them: what was learned is wrong.
Home swapped(Home home, double learn) {
    const auto [from, days] = first_judged(home, learn);
    std::map<std::uint32_t, std::size_t> seen;
    std::optional<std::uint32_t> door;
    for (const Event& e : home.events) {
        if (e.activity) ++seen[e.spot];
        if (e.way_out) door = e.spot;
    }
    const std::uint32_t busiest = std::ranges::max_element(seen, {}, [](const auto& s) { return s.second; })->first;
    for (Event& e : home.events) {
        if (day_of(e) < from || !door || !e.activity) continue;
        if (e.spot == busiest)
            e.spot = *door, e.way_out = true;
        else if (e.spot == *door)
            e.spot = busiest, e.way_out = false;
    }
    return home;
}

std::filesystem::path data_folder() {
    const char* named = std::getenv("SHOUMEN_DATA_DIR");
    return named != nullptr ? named : "../shared/data";
}

json::object run_elder(Arguments arguments) {
    double learn = 0.5;
    if (const auto text = argument(arguments, "learn", ""); !text.empty())
        std::from_chars(text.data(), text.data() + text.size(), learn);
    const auto data = data_folder();
    const Home first = nears(data);
    json::array homes{report(first, learn), report(casas(data), learn), report(kasteren(data), learn)};
    json::object broken = report(swapped(first, learn), learn);
    const double false_alarms = homes[0].at("false_alarms_per_30d").as_double();
    const double ratio = homes[0].at("delay_ratio").as_double();
    const double when_swapped = broken.at("false_alarms_per_30d").as_double();
    return {{"learned_part", learn},
            {"false_alarms_per_30d", false_alarms},
            {"delay_ratio", ratio},
            {"homes", std::move(homes)},
            {"sensors_swapped", std::move(broken)},
            {"checks",
             {{"false_alarms_within_budget", false_alarms <= 0.5},
              {"delay_ratio_at_most_0_60", ratio <= 0.60},
              {"swapped_sensors_do_not_flood", when_swapped <= 3}}}};
}

const Registered here({"elder", "the learned absence beside the plain one, in real homes", run_elder});

}  // namespace
}  // namespace shoumen::bench

// `fall`: how well falls are found in real recordings of a wrist and of a thermal array, and how fast.
//
// Every figure is of a model that saw nothing of the person (wrist) or recording (thermal) it judges; its threshold too
// was found without them. One alarm or more in a trial counts as one. --write=FOLDER: learn from all there is and write
// the models that are shipped (src/detect/models).
#include <chrono>
#include <fstream>
#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "detect/models.hpp"

#include "fall_sets.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

namespace json = boost::json;
using detect::StudyOptions;
using detect::Tally;
using detect::Trees;
using detect::Trial;

using Chosen = std::vector<const Trial*>;

StudyOptions wrist_options() {
    StudyOptions o;
    o.rounds = 2;
    o.course.trees = 300;
    o.course.step = 0.04;
    o.course.columns = 0.25;
    o.course.rows = 0.5;
    return o;
}

StudyOptions thermal_options() {
    StudyOptions o;
    o.rounds = 2;
    o.course.trees = 100;
    return o;
}

void add(Chosen& chosen, const std::vector<Trial>& trials, const std::string& without = {}) {
    for (const Trial& t : trials) {
        if (without.empty() || t.group != without) chosen.push_back(&t);
    }
}

struct Crossed {
    Tally all;
    std::map<std::string, Tally> by_group;
};

void count(Tally& tally, const Trial& trial, const Trees& model) {
    const bool alarm = detect::surest(model, trial) >= model.threshold;
    tally.found += trial.fall && alarm;
    tally.missed += trial.fall && !alarm;
    tally.false_alarms += !trial.fall && alarm;
}

// Each group judged by a model that saw nothing of it; `more` is learned from as well, without that group.
Crossed cross(const std::vector<Trial>& trials, const std::vector<const std::vector<Trial>*>& more,
              const StudyOptions& options) {
    std::set<std::string> groups;
    for (const Trial& t : trials) groups.insert(t.group);
    Crossed out;
    for (const std::string& group : groups) {
        Chosen others;
        add(others, trials, group);
        for (const auto* m : more) add(others, *m, group);
        const Trees model = detect::study_with_threshold(others, options, "crossed");
        for (const Trial& t : trials) {
            if (t.group != group) continue;
            count(out.all, t, model);
            count(out.by_group[group], t, model);
        }
    }
    return out;
}

json::object figures(const Tally& t) {
    return {{"precision", t.precision()}, {"recall", t.recall()}, {"f1", t.f1()},
            {"found", t.found},           {"missed", t.missed},   {"false_alarms", t.false_alarms}};
}

json::object figures(const Crossed& c) {
    json::object out = figures(c.all), people;
    for (const auto& [group, tally] : c.by_group) people[group] = tally.f1();
    out["f1_by_person"] = std::move(people);
    return out;
}

// Alarms as they would come in service, one after another.
std::size_t alarms(const Trees& model, const std::vector<Wrist>& recordings) {
    std::size_t n = 0;
    for (const Wrist& r : recordings) {
        detect::WristFalls falls(model);
        for (const auto& s : r.samples) n += falls.push(s).has_value();
    }
    return n;
}

template <class Falls, class Sample>
double samples_per_second(const Trees& model, const std::vector<Recording<Sample>>& recordings) {
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    std::size_t samples = 0, found = 0;
    while (elapsed() < 1) {
        for (const auto& r : recordings) {
            Falls falls(model);
            for (const auto& s : r.samples) found += falls.push(s).has_value();
            samples += r.samples.size();
        }
    }
    return found == 0 ? 0 : static_cast<double>(samples) / elapsed();
}

void write(const std::string& path, const Trees& model) {
    std::ofstream out(path);
    out << to_text(model);
    if (!out.flush()) throw std::runtime_error(path + ": cannot be written");
}

json::object wrist(const std::string& folder) {
    const auto watch = read_wrist("fall_accel_smartfallmm/young_watch.csv.gz", detect::standard_gravity);
    const auto old = read_wrist("fall_accel_smartfallmm/old_watch.csv.gz", detect::standard_gravity);
    const auto meta = read_wrist("fall_accel_smartfallmm/young_meta_wrist.csv.gz", 1);
    if (!watch || !old || !meta) return {{"skipped", "the data is absent"}};
    const auto watch_trials = trials_of(*watch), old_trials = trials_of(*old), meta_trials = trials_of(*meta);
    const StudyOptions options = wrist_options();

    Chosen young;
    add(young, watch_trials);
    const Trees of_young = detect::study_with_threshold(young, options, "young");
    Tally old_tally;
    for (const Trial& t : old_trials) count(old_tally, t, of_young);
    const double hours = seconds_of(*old) / 3600;
    const std::size_t old_alarms = alarms(of_young, *old);
    if (!folder.empty()) {
        Chosen all;
        add(all, watch_trials);
        add(all, meta_trials);
        add(all, old_trials);
        write(folder + "/wrist.txt", detect::study_with_threshold(all, options, "wrist-1"));
    }
    return {{"watch", figures(cross(watch_trials, {}, options))},
            {"meta_wrist", figures(cross(meta_trials, {&watch_trials}, options))},
            {"old_people_alarms", old_alarms},
            {"old_people_trials_with_alarm", old_tally.false_alarms},
            {"old_people_trials", old_trials.size()},
            {"old_people_minutes", hours * 60},
            {"seed", options.course.seed},
            {"samples_per_s", samples_per_second<detect::WristFalls>(detect::wrist_model(), *watch)}};
}

json::object thermal(const std::string& folder) {
    const auto recordings = read_thermal("fall_thermal_d6t/thermal.csv.gz");
    if (!recordings) return {{"skipped", "the data is absent"}};
    const auto trials = trials_of(*recordings, 10);
    const StudyOptions options = thermal_options();
    if (!folder.empty()) {
        Chosen all;
        add(all, trials);
        write(folder + "/thermal.txt", detect::study_with_threshold(all, options, "thermal-1"));
    }
    json::object out = figures(cross(trials, {}, options).all);
    out["recordings"] = trials.size();
    out["seed"] = options.course.seed;
    out["frames_per_s"] = samples_per_second<detect::ThermalFalls>(detect::thermal_model(), *recordings);
    return out;
}

json::object run_fall(Arguments arguments) {
    const std::string folder(argument(arguments, "write", ""));
    json::object out{{"wrist", wrist(folder)}, {"thermal", thermal(folder)}};
    const auto f1 = [&](const char* part, const char* of) -> double {
        const auto* object = out.at(part).as_object().if_contains(of);
        return object ? object->at("f1").to_number<double>() : 1;
    };
    const auto* thermal_f1 = out.at("thermal").as_object().if_contains("f1");
    out["checks"] = {{"watch_not_worse", f1("wrist", "watch") >= 0.75},
                     {"thermal", !thermal_f1 || thermal_f1->to_number<double>() >= 0.95}};
    return out;
}

const Registered here({"fall", "falls found in recordings of a wrist and of a thermal array: F1, false alarms",
                       run_fall});

}  // namespace
}  // namespace shoumen::bench

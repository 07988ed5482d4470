// `fall`: how well falls are found in real recordings of a wrist and of a thermal array, and how fast.
//
// Every figure is of a model that saw nothing of the person (wrist) or recording (thermal) it judges; its threshold is
// found on the other people alone, each of them judged by a model that saw neither of the two. One alarm or more in a
// trial counts as one. --compare: what each sort of example adds. --write=FOLDER: learn from all there is and write the
// models that are shipped (src/detect/models).
#include <algorithm>
#include <chrono>
#include <cstdio>
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

void add(Chosen& chosen, const std::vector<Trial>& trials) {
    for (const Trial& t : trials) chosen.push_back(&t);
}

struct Crossed {
    Tally all;
    Tally at_half;  // by the threshold that nobody has chosen: alarm where it is likelier than not
    std::map<std::string, Tally> by_group;
};

void count(Tally& tally, const Trial& trial, const Trees& model, double threshold) {
    const bool alarm = detect::surest(model, trial) >= threshold;
    tally.found += trial.fall && alarm;
    tally.missed += trial.fall && !alarm;
    tally.false_alarms += !trial.fall && alarm;
}

// What is learned from, and models of it that saw nothing of some groups: each learned once, since the one without two
// people serves either of them.
class LeftOut {
public:
    LeftOut(Chosen examples, StudyOptions options) : examples_(std::move(examples)), options_(options) {
        for (const Trial* t : examples_) {
            if (t->fall) groups_with_falls_.insert(t->group);
        }
    }

    // With the threshold that is best for the trials of `judged`, as far as they are of other groups.
    Trees without(const std::set<std::string>& groups, const Chosen& judged) {
        std::vector<detect::Judged> seen;
        for (const std::string& other : groups_with_falls_) {
            if (groups.contains(other)) continue;
            std::set<std::string> both = groups;
            both.insert(other);
            const Trees& model = learned(both);
            for (const Trial* t : judged) {
                if (t->group == other) seen.push_back({t->fall, detect::surest(model, *t)});
            }
        }
        Trees model = learned(groups);
        model.threshold = detect::best_threshold(seen);
        return model;
    }

    [[nodiscard]] std::size_t models() const { return models_.size(); }

private:
    const Trees& learned(const std::set<std::string>& groups) {
        const auto known = models_.find(groups);
        if (known != models_.end()) return known->second;
        Chosen others;
        for (const Trial* t : examples_) {
            if (!groups.contains(t->group)) others.push_back(t);
        }
        fmt::print(stderr, "\r{} models", models_.size() + 1);
        std::fflush(stderr);
        return models_.emplace(groups, detect::study(others, options_, "crossed")).first->second;
    }

    Chosen examples_;
    StudyOptions options_;
    std::set<std::string> groups_with_falls_;
    std::map<std::set<std::string>, Trees> models_;
};

Chosen chosen(const std::vector<Trial>& trials) {
    Chosen out;
    add(out, trials);
    return out;
}

std::set<std::string> groups_of(const std::vector<Trial>& trials) {
    std::set<std::string> groups;
    for (const Trial& t : trials) groups.insert(t.group);
    return groups;
}

// Thresholds are found on `trials` and `more`.
Crossed cross(const std::vector<Trial>& trials, LeftOut& left_out, const std::vector<Trial>& more = {}) {
    Crossed out;
    Chosen judged = chosen(trials);
    add(judged, more);
    for (const std::string& group : groups_of(trials)) {
        const Trees model = left_out.without({group}, judged);
        for (const Trial& t : trials) {
            if (t.group != group) continue;
            count(out.all, t, model, model.threshold);
            count(out.at_half, t, model, 0.5);
            count(out.by_group[group], t, model, model.threshold);
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
    out["f1_at_half"] = c.at_half.f1();
    return out;
}

// Alarms as they would come in service, one after another.
std::size_t alarms(const Trees& model, const std::vector<Wrist>& recordings) {
    std::size_t n = 0;
    for (const Wrist& r : recordings) {
        detect::WristFalls falls(model);
        for (const auto& s : r.samples) n += falls.push(s).has_value();
        n += falls.finish().has_value();
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

struct Sets {
    std::vector<Wrist> watch, old, meta;
    std::vector<Trial> watch_trials, old_trials, meta_trials;
};

// In service and as trials, of old people whom the model has not seen: by parts of three people.
json::object old_people(const Sets& sets, LeftOut& left_out, bool learned_from_others) {
    const auto people = groups_of(sets.old_trials);
    std::vector<std::set<std::string>> parts(learned_from_others ? 4 : 1);
    std::size_t turn = 0;
    for (const auto& who : people) parts[turn++ % parts.size()].insert(who);
    const Chosen judged = chosen(sets.watch_trials);
    Tally tally, sure;
    std::size_t in_service = 0;
    for (const auto& part : parts) {
        const Trees model = left_out.without(learned_from_others ? part : std::set<std::string>{}, judged);
        std::vector<Wrist> theirs;
        for (const Wrist& r : sets.old) {
            if (part.contains(r.who)) theirs.push_back(r);
        }
        for (const Trial& t : sets.old_trials) {
            if (!part.contains(t.group)) continue;
            count(tally, t, model, model.threshold);
            count(sure, t, model, 0.9);
        }
        in_service += alarms(model, theirs);
    }
    return {{"alarms", in_service},
            {"trials_with_alarm", tally.false_alarms},
            {"trials_with_alarm_at_0_9", sure.false_alarms},
            {"trials", sets.old_trials.size()},
            {"minutes", seconds_of(sets.old) / 60}};
}

// Which examples are learned from beside the watch's young people.
struct Recipe {
    const char* name = "";
    bool old = false;
    bool meta = false;
};

json::object judged_by(const Recipe& recipe, const Sets& sets, const StudyOptions& options) {
    Chosen examples = chosen(sets.watch_trials);
    if (recipe.meta) add(examples, sets.meta_trials);
    if (recipe.old) add(examples, sets.old_trials);
    LeftOut left_out(std::move(examples), options);
    json::object out{{"watch", figures(cross(sets.watch_trials, left_out))},
                     {"old_people", old_people(sets, left_out, recipe.old)}};
    if (recipe.meta) out["meta_wrist"] = figures(cross(sets.meta_trials, left_out, sets.watch_trials));
    out["models_learned"] = left_out.models();
    return out;
}

json::object wrist(const std::string& folder, bool compare) {
    auto watch = read_wrist("fall_accel_smartfallmm/young_watch.csv.gz", detect::standard_gravity);
    auto old = read_wrist("fall_accel_smartfallmm/old_watch.csv.gz", detect::standard_gravity);
    auto meta = read_wrist("fall_accel_smartfallmm/young_meta_wrist.csv.gz", 1);
    if (!watch || !old || !meta) return {{"skipped", "the data is absent"}};
    Sets sets{std::move(*watch), std::move(*old), std::move(*meta), {}, {}, {}};
    sets.watch_trials = trials_of(sets.watch);
    sets.old_trials = trials_of(sets.old);
    sets.meta_trials = trials_of(sets.meta);
    const StudyOptions options = wrist_options();
    if (!folder.empty()) {
        Chosen all;
        for (const auto* trials : {&sets.watch_trials, &sets.meta_trials, &sets.old_trials}) add(all, *trials);
        Trees model = LeftOut(all, options).without({}, chosen(sets.watch_trials));
        model.name = "wrist-2";
        write(folder + "/wrist.txt", model);
    }
    json::object out = judged_by({"watch_alone"}, sets, options);
    const json::object with_meta = judged_by({"with_meta_wrist", false, true}, sets, options);
    out["meta_wrist"] = with_meta.at("meta_wrist");
    if (compare) {
        out["with_meta_wrist"] = with_meta;
        for (const Recipe& r : {Recipe{"with_old_people", true, false}, Recipe{"with_both", true, true}})
            out[r.name] = judged_by(r, sets, options);
    }
    out["seed"] = options.course.seed;
    out["samples_per_s"] = samples_per_second<detect::WristFalls>(detect::wrist_model(), sets.watch);
    return out;
}

json::object thermal(const std::string& folder) {
    const auto recordings = read_thermal("fall_thermal_d6t/thermal.csv.gz");
    if (!recordings) return {{"skipped", "the data is absent"}};
    const auto trials = trials_of(*recordings, 10);
    const StudyOptions options = thermal_options();
    const Chosen all = chosen(trials);
    LeftOut left_out(all, options);
    if (!folder.empty()) {
        Trees model = left_out.without({}, all);
        model.name = "thermal-1";
        write(folder + "/thermal.txt", model);
    }
    json::object out = figures(cross(trials, left_out).all);
    out["recordings"] = trials.size();
    out["seed"] = options.course.seed;
    out["frames_per_s"] = samples_per_second<detect::ThermalFalls>(detect::thermal_model(), *recordings);
    return out;
}

json::object run_fall(Arguments arguments) {
    const std::string folder(argument(arguments, "write", ""));
    const bool compare = std::ranges::find(arguments, "--compare") != arguments.end();
    json::object out{{"wrist", wrist(folder, compare)}, {"thermal", thermal(folder)}};
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

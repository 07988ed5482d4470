#include "detect/study.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace shoumen::detect {
namespace {

double share(std::size_t part, std::size_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

std::vector<std::size_t> surest_windows(const Trees& model, const Trial& trial, const StudyOptions& o) {
    std::vector<double> sure;
    for (const auto& w : trial.windows) sure.push_back(confidence(model, w));
    std::vector<std::size_t> order(sure.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return sure[a] > sure[b]; });
    order.resize(std::min(order.size(), o.most));
    while (!order.empty() && sure[order.back()] < o.surest * sure[order.front()]) order.pop_back();
    return order;
}

void add(std::vector<Example>& examples, const Trial& trial, std::size_t window, std::size_t of, double weight) {
    examples.push_back({trial.windows[window], trial.fall, weight / static_cast<double>(of)});
}

}  // namespace

double Tally::precision() const { return share(found, found + false_alarms); }
double Tally::recall() const { return share(found, found + missed); }
double Tally::f1() const { return share(2 * found, 2 * found + missed + false_alarms); }

Trees study(std::span<const Trial* const> trials, const StudyOptions& options, const std::string& name) {
    std::vector<std::vector<std::size_t>> showing;
    for (const Trial* t : trials) showing.push_back(t->likely);
    Trees model;
    for (std::size_t round = 0; round < options.rounds; ++round) {
        std::vector<Example> examples;
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const Trial& t = *trials[i];
            if (t.fall) {
                for (std::size_t w : showing[i]) add(examples, t, w, showing[i].size(), options.falls_weigh);
            } else {
                for (std::size_t w = 0; w < t.windows.size(); ++w) add(examples, t, w, t.windows.size(), 1);
            }
        }
        model = learn(examples, options.course, name);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            if (trials[i]->fall) showing[i] = surest_windows(model, *trials[i], options);
        }
    }
    return model;
}

double surest(const Trees& model, const Trial& trial) {
    double best = 0;
    for (const auto& w : trial.windows) best = std::max(best, confidence(model, w));
    return best;
}

Tally tally(std::span<const Judged> judged, double threshold) {
    Tally t;
    for (const Judged& j : judged) {
        const bool alarm = j.surest >= threshold;
        t.found += j.fall && alarm;
        t.missed += j.fall && !alarm;
        t.false_alarms += !j.fall && alarm;
    }
    return t;
}

double best_threshold(std::span<const Judged> judged) {
    std::vector<double> marks{0, 1};
    for (const Judged& j : judged) marks.push_back(j.surest);
    std::ranges::sort(marks);
    double best = -1, from = 0.5, to = 0.5;
    for (std::size_t i = 1; i < marks.size(); ++i) {
        const double f1 = tally(judged, marks[i]).f1();
        if (f1 > best) {
            best = f1;
            from = marks[i - 1];
        }
        if (f1 == best) to = marks[i];
    }
    return (from + to) / 2;
}

Trees study_with_threshold(std::span<const Trial* const> trials, const StudyOptions& options, const std::string& name) {
    std::set<std::string> groups;
    for (const Trial* t : trials) {
        if (t->fall) groups.insert(t->group);
    }
    std::vector<Judged> judged;
    for (const std::string& group : groups) {
        std::vector<const Trial*> others;
        for (const Trial* t : trials) {
            if (t->group != group) others.push_back(t);
        }
        const Trees model = study(others, options, name);
        for (const Trial* t : trials) {
            if (t->group == group) judged.push_back({t->fall, surest(model, *t)});
        }
    }
    Trees model = study(trials, options, name);
    model.threshold = best_threshold(judged);
    return model;
}

}  // namespace shoumen::detect

// From trials of which only the whole is labelled to a model: somewhere in this recording somebody falls, in that one
// nobody does.
//
// Which windows of a fall's trial show it is not known: the first guess is the caller's (`likely`), after each round it
// is the windows the model of that round was surest of. All windows of the other trials are no falls. Every trial
// weighs the same, however long it was cut. The threshold is found on trials the judging model has not seen, group by
// group (a group is what must not be on both sides: a person). Pure: same trials, same seed, same model.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "detect/learn.hpp"
#include "detect/trees.hpp"

namespace shoumen::detect {

struct Trial {
    std::string group;
    bool fall = false;
    std::vector<std::vector<double>> windows;  // their features
    std::vector<std::size_t> likely;           // of a fall: which may show it
};

struct StudyOptions {
    Course course;
    std::size_t rounds = 3;
    double surest = 0.85;    // a window counts as showing the fall from this part of the surest on
    std::size_t most = 6;    // and no more than so many
    double falls_weigh = 1;  // a fall's trial against another
};

// Of one group of trials by models that saw none of it: the surest window of each.
struct Judged {
    bool fall = false;
    double surest = 0;
};

struct Tally {
    std::size_t found = 0, missed = 0, false_alarms = 0;
    [[nodiscard]] double precision() const;
    [[nodiscard]] double recall() const;
    [[nodiscard]] double f1() const;
};

Trees study(std::span<const Trial* const> trials, const StudyOptions& options, const std::string& name);
double surest(const Trees& model, const Trial& trial);
Tally tally(std::span<const Judged> judged, double threshold);
double best_threshold(std::span<const Judged> judged);  // with the best F1; the middle of the range that has it

// `study`, with the threshold found by leaving out each group in turn.
Trees study_with_threshold(std::span<const Trial* const> trials, const StudyOptions& options, const std::string& name);

}  // namespace shoumen::detect

// Long work that is done beside the node for somebody at the desk: what it is, how far it is, what came of it.
//
// A task is kept in the database from its beginning; one that was under way when the program ended is `interrupted` at
// the next start. One kind so far: `policy-try`, how a community directory would have judged the recorded signals.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace shoumen::ports {

// A fault of a community directory, where it stands.
struct Finding {
    std::string file;
    std::uint32_t line = 1;
    std::string code;
    std::string message;  // English
};

enum class TaskState : std::uint8_t { running, done, failed, cancelled, interrupted };
std::string_view to_word(TaskState state);

// An alert that one of two policies would have given, in names of its moment.
struct TriedAlert {
    base::Time at;
    std::string place;
    model::Names place_name;
    std::string device;  // empty: an absence nobody's signal made
};

// `added`: alerts of after alone; `gone`: of before alone. Same: rule, device, place and time.
struct TriedRule {
    std::string code;
    model::Names name;
    std::uint64_t before = 0;
    std::uint64_t after = 0;
    std::uint64_t added = 0;
    std::uint64_t gone = 0;
    std::vector<TriedAlert> added_examples;  // the first few
    std::vector<TriedAlert> gone_examples;
    std::vector<TriedAlert> examples;  // of after
};

struct TrialResult {
    std::uint64_t signals = 0;
    std::uint64_t alerts_before = 0;
    std::uint64_t alerts_after = 0;
    std::uint64_t incidents_before = 0;  // had nobody ever ended one
    std::uint64_t incidents_after = 0;
    std::vector<TriedRule> rules;  // by code; those that gave no alert on either side are left out
};

struct Task {
    std::uint64_t id = 0;
    std::string kind;
    TaskState state = TaskState::running;
    std::uint64_t done = 0;  // inputs
    std::uint64_t total = 0;
    base::Time started;
    base::Time ended = base::Time::none();
    std::string by;  // code of the person
    base::Time from;
    base::Time to;
    std::uint64_t based_on = 0;     // version in force when it began
    base::Digest digest{};          // of the files tried
    std::string error;              // why it failed: a code of api/errors.json
    std::vector<Finding> findings;  // of the files, where those are the reason
    std::optional<TrialResult> result;
};

}  // namespace shoumen::ports

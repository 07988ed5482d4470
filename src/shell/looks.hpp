// What one answer shows of persons in clear; written down before it is given.
#pragma once
#include <string>
#include <vector>

#include "ports/desk.hpp"
#include "protect/gate.hpp"

namespace shoumen::shell {

struct LookList {
    std::vector<ports::ActRow> acts;

    void add(const ports::Session& session, const protect::Verdict& by, const std::string& subject, model::Item item,
             std::uint64_t values, base::Time at);
    [[nodiscard]] std::vector<ports::RecordWrite> take() {
        return {std::make_move_iterator(acts.begin()), std::make_move_iterator(acts.end())};
    }
};

}  // namespace shoumen::shell

// What there is of somebody, as it lies in the store: nothing of it opened.
#pragma once
#include <vector>

#include "ports/desk.hpp"
#include "shell/persons.hpp"

namespace shoumen::shell {

struct Persons::Gathered {
    struct Word {
        model::IncidentId incident;
        base::Time at;
        model::EventType what{};
        model::Handle handle;
    };
    struct Picture {
        base::Digest sha256{};
        model::IncidentId incident;
    };
    std::vector<model::Incident> reported;
    std::vector<Word> words;
    std::vector<Picture> pictures;
    std::vector<ports::ActRow> on, by;  // by id; what they did to themselves is in `on`
    std::vector<ports::AccountRow> accounts;
    std::vector<ports::DelegationRow> delegations;
};

}  // namespace shoumen::shell

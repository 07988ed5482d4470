// What people's rows say against the acts of the ledger, whose leaves are signed: an incident's timeline and the roles
// of accounts. Rows that no act stands for were changed, or put there, by somebody with the database in hand.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ports/store.hpp"

namespace shoumen::app {

struct RowsChecked {
    std::uint64_t acts = 0;
    std::uint64_t incidents = 0;
    std::uint64_t grants = 0;
    std::vector<std::string> findings;  // sentences; the first `most_findings`, and then how many more
};

// Of what happened since the ledger began. The acts themselves are proven elsewhere (`shoumen ledger verify`).
base::Result<RowsChecked> check_rows(ports::StoreReader& reader);

}  // namespace shoumen::app

// What the contract is run over: each database of the product, in a place where it can be opened again and again.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ports/store.hpp"

namespace shoumen::contract {

class Subject {
public:
    virtual ~Subject() = default;
    // The same data each time.
    virtual base::Result<std::unique_ptr<ports::Store>> open() = 0;
};

struct Database {
    std::string name;
    std::function<std::unique_ptr<Subject>(std::uint64_t quarantine_limit)> make;  // with nothing in it
};

// A new database is one line here, and the whole contract is run over it.
const std::vector<Database>& databases();

}  // namespace shoumen::contract

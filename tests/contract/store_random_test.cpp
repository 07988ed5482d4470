// Random units, the answers compared with the tests' own account after every few of them; closed and opened in between.
#include <cstdlib>

#include <doctest/doctest.h>

#include "expected.hpp"
#include "random_units.hpp"
#include "subject.hpp"

using namespace shoumen;
using namespace shoumen::contract;

namespace {

// The first difference between store and account; empty: none.
std::string run(const Database& database, std::uint64_t seed, int units_in_all) {
    constexpr std::uint64_t quarantine_limit = 60;
    const auto subject = database.make(quarantine_limit);
    RandomUnits units(seed);
    auto& random = units.random();
    Expected expected(quarantine_limit);
    auto store = subject->open();
    ports::CommitUnit last;
    for (int i = 0; i < units_in_all; ++i) {
        if (!store) return "open: " + store.error().code + ": " + store.error().message;
        const bool again = random.chance(0.1) && !last.batches.empty();
        const auto unit = again ? last : units.next();
        if (const auto done = (*store)->commit(unit); !done)
            return "commit: " + done.error().code + ": " + done.error().message;
        expected.apply(unit);
        if (random.chance(0.1)) {
            if (auto difference = expected.difference(**store, random); !difference.empty()) return difference;
        }
        if (random.chance(0.05)) {
            store->reset();
            store = subject->open();
        }
        last = unit;
    }
    return expected.difference(**store, random);
}

}  // namespace

TEST_CASE("random units leave what the account says") {
    const char* given = std::getenv("SHOUMEN_SEED");
    const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 1;
    for (const auto& database : databases()) {
        // What PostgreSQL answers is held against SQLite's answers besides (both_test).
        const std::uint64_t seeds = given ? 1 : database.name == "PostgreSQL" ? 2 : 4;
        for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
            CAPTURE(database.name);
            CAPTURE(seed);  // again with SHOUMEN_SEED
            const auto difference = run(database, seed, 150);
            CHECK_MESSAGE(difference.empty(), difference);
        }
    }
}

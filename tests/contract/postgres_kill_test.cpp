// The database server is killed (all of its processes, SIGKILL) at random moments while units are committed: what was
// acknowledged is there, what was not is there whole or not at all, and the unit that was under way is taken once when
// it is given again.
//
// SHOUMEN_SERVER_KILLS sets how often, SHOUMEN_SEED where to begin.
#include <cstdlib>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "store/postgresql/store.hpp"
#include "support/folder.hpp"
#include "support/postgres.hpp"

#include "expected.hpp"
#include "random_units.hpp"

using namespace shoumen;
using namespace shoumen::contract;

namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

class World {
public:
    explicit World(std::uint64_t seed) : random_(seed), units_(seed) {
        options_.quarantine_limit = quarantine_limit;
        address_ = *store::postgresql::parse_address(server_.address(server_.create_database()),
                                                     store::postgresql::PasswordInside::refused);
    }

    // Commits until the server is gone, starts it again, and looks. Empty: as it must be.
    std::string live_and_die() {
        if (!store_) {
            if (auto fault = open(); !fault.empty()) return fault;
        }
        std::thread killer([this, after = std::chrono::microseconds(random_.below(150'000))] {
            std::this_thread::sleep_for(after);
            server_.kill_hard();
        });
        auto fault = commit_until_it_fails();
        killer.join();
        server_.start();
        if (!fault.empty()) return fault;
        return random_.chance(0.5) ? same_process_goes_on() : next_process_goes_on();
    }

    std::uint64_t acknowledged = 0;
    std::uint64_t in_flight_kept = 0;
    std::uint64_t in_flight_lost = 0;

private:
    static constexpr std::uint64_t quarantine_limit = 40;

    std::string open() {
        auto opened = store::open_postgresql(address_, folder_.path() + "/data", options_);
        if (!opened) return fmt::format("open: {}: {}", opened.error().code, opened.error().message);
        store_ = std::move(*opened);
        return {};
    }

    std::string commit_until_it_fails() {
        for (;;) {
            unit_ = units_.next();
            if (random_.chance(0.3)) unit_.batches.clear();
            const auto done = store_->commit(unit_);
            if (!done) return done.error().code == "database-away" ? "" : done.error().code + done.error().message;
            expected_.apply(unit_);
            ++acknowledged;
        }
    }

    std::string same_process_goes_on() {
        if (const auto done = store_->commit(unit_); !done)
            return fmt::format("the unit given again: {}: {}", done.error().code, done.error().message);
        expected_.apply(unit_);
        return expected_.difference(*store_, random_);
    }

    std::string next_process_goes_on() {
        store_.reset();
        if (auto fault = open(); !fault.empty()) return fault;
        auto without = expected_.difference(*store_, random_);
        auto with = expected_;
        with.apply(unit_);
        if (without.empty()) {
            ++in_flight_lost;
            // Its numbers come again.
            if (const auto done = store_->commit(unit_); !done) return "the unit given again: " + done.error().message;
        } else if (with.difference(*store_, random_).empty()) {
            ++in_flight_kept;
        } else {
            return "neither as acknowledged nor with the unit in flight: " + without;
        }
        expected_ = std::move(with);
        return expected_.difference(*store_, random_);
    }

    support::PostgresServer server_;
    support::Folder folder_;
    store::PostgresqlOptions options_;
    store::postgresql::Address address_;
    base::SeededRandom random_;
    RandomUnits units_;
    Expected expected_{quarantine_limit};
    ports::CommitUnit unit_;
    std::unique_ptr<ports::Store> store_;
};

}  // namespace

TEST_CASE(
    "the database server is killed while units are committed: nothing acknowledged is lost, nothing comes twice") {
    const auto seed = number_from("SHOUMEN_SEED", 1);
    const auto kills = number_from("SHOUMEN_SERVER_KILLS", 8);
    CAPTURE(seed);
    World world(seed);
    for (std::uint64_t n = 1; n <= kills; ++n) {
        CAPTURE(n);
        const auto fault = world.live_and_die();
        REQUIRE_MESSAGE(fault.empty(), fault);
    }
    CHECK(world.acknowledged > kills);
    MESSAGE(
        fmt::format("{} kills: {} commits acknowledged, 0 lost; found by the next process, not acknowledged: {} "
                    "there whole, {} not at all",
                    kills, world.acknowledged, world.in_flight_kept, world.in_flight_lost));
}

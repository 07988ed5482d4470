// How fast the store is here. Prints figures and asserts nothing about them: docs/operating/storage.md says what was
// measured where.
//
//   contract_test -ts=full -tc="speed*"
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/random.hpp"
#include "store/sqlite/store.hpp"
#include "support/folder.hpp"

#include "subject.hpp"

using namespace shoumen;
using namespace shoumen::contract;

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Load {
    std::uint64_t signals = 2'000;  // a commit
    std::uint64_t bytes = 40;       // a signal
    std::uint64_t commits = 1'000;
    std::uint64_t rate = 0;       // signals a second; 0: as fast as it goes
    std::uint64_t incidents = 0;  // a commit: with four events, an alert and a notice each
};

class Feed {
public:
    explicit Feed(const Load& load) : load_(load), blob_(load.signals * load.bytes, '\0') {
        base::SeededRandom random(1);
        for (auto& c : blob_) c = static_cast<char>(random.next());
    }

    const ports::CommitUnit& next() {
        unit_.clear();
        unit_.batches.push_back({0, seq_, load_.signals, blob_, {}, {}, {1}});
        unit_.counts.signals = load_.signals;
        seq_ += load_.signals;
        for (std::uint64_t i = 0; i < load_.incidents; ++i) add_incident();
        return unit_;
    }

private:
    void add_incident() {
        model::Incident incident;
        incident.id = model::IncidentId(++id_);
        incident.lead = model::BodyId(1U);
        incident.state = id_ % 50 == 0 ? model::IncidentState::open : model::IncidentState::closed;
        incident.told.resize(3, {.person = {"p-101"}});
        unit_.incidents.push_back(incident);
        for (unsigned nth = 0; nth < 4; ++nth) unit_.events.push_back({.incident = incident.id, .nth = nth});
        unit_.alerts.push_back({{.id = model::AlertId(id_)}, incident.id});
        unit_.notices.push_back({.id = model::NoticeId(id_), .incident = incident.id, .person = {"p-101"}});
    }

    const Load load_;
    std::string blob_;
    ports::CommitUnit unit_;
    std::uint64_t seq_ = 1;
    std::uint64_t id_ = 0;
};

std::string figures(std::vector<double> times) {
    std::ranges::sort(times);
    const auto at = [&](double part) {
        return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    return fmt::format("p50 {:.2f} ms, p99 {:.2f} ms, p99.9 {:.2f} ms, most {:.2f} ms", at(0.5), at(0.99), at(0.999),
                       at(1));
}

void commit_all(ports::Store& store, const Load& load, const std::string& data, const std::string& what) {
    Feed feed(load);
    std::vector<double> times;
    std::uintmax_t log = 0;
    const auto start = Clock::now();
    for (std::uint64_t n = 0; n < load.commits; ++n) {
        if (load.rate > 0)
            std::this_thread::sleep_until(start + std::chrono::microseconds(n * load.signals * 1'000'000 / load.rate));
        const auto& unit = feed.next();
        const auto begun = Clock::now();
        REQUIRE(store.commit(unit));
        times.push_back(milliseconds_since(begun));
        std::error_code none;
        if (n % 50 == 0) {
            const auto size = std::filesystem::file_size(data + "/shoumen.db-wal", none);
            if (!none) log = std::max(log, size);
        }
    }
    const auto seconds = milliseconds_since(start) / 1'000;
    const auto signals = static_cast<double>(load.commits * load.signals);
    MESSAGE(fmt::format("{}: {:.0f} signals/s, {:.1f} MB/s; a commit: {}; log up to {:.1f} MB", what, signals / seconds,
                        signals * static_cast<double>(load.bytes) / seconds / 1e6, figures(times),
                        static_cast<double>(log) / 1e6));
}

void measure(const Load& load, const std::string& what, const store::SqliteOptions& options = {}) {
    const support::Folder folder;
    const auto data = folder.path() + "/data";
    auto store = store::open_sqlite(data, options);
    REQUIRE(store);
    commit_all(**store, load, data, what);
}

void ask_for_lists(ports::Store& store) {
    auto reader = store.reader();
    REQUIRE(reader);
    const auto time = [&](const std::string& what, const auto& ask) {
        std::vector<double> times;
        std::size_t rows = 0;
        for (int i = 0; i < 20; ++i) {
            const auto asked = Clock::now();
            rows = ask();
            times.push_back(milliseconds_since(asked));
        }
        MESSAGE(what << ", " << rows << " rows: " << figures(times));
    };
    using enum model::IncidentState;
    const auto list = [&](const ports::IncidentQuery& query) {
        return [&reader, query] { return (*reader)->incidents(query)->size(); };
    };
    time("newest 200", list({}));
    time("live", list({.live_only = true}));
    time("all live", list({.live_only = true, .limit = 20'000}));
    time("on scene (none)", list({.states = {on_scene}}));
    time("merged, blue (none), old ones",
         list({.states = {merged}, .severities = {model::Severity::blue}, .before = model::IncidentId(50'000)}));
    time("20,000", list({.limit = 20'000}));
    time("timeline", [&] { return (*reader)->timeline(model::IncidentId(70'000))->size(); });
    time("alerts of one", [&] { return (*reader)->alerts_of(model::IncidentId(70'000))->size(); });
    time("for the core", [&] { return store.incidents_for_core({1})->size(); });
    time("the whole log", [&] {
        std::size_t n = 0;
        REQUIRE((*reader)->batches(0, 0, [&n](ports::EncodedBatch&&) { return ++n > 0; }));
        return n;
    });
}

}  // namespace

TEST_SUITE("full") {
    TEST_CASE("speed: commits") {
        measure({.commits = 10'000}, "as fast as it goes");
        measure({.bytes = 100, .commits = 1'000, .rate = 200'000, .incidents = 20},
                "200,000 signals/s, 20 MB/s, 2,000 incidents/s");
        measure({.signals = 100, .commits = 2'000, .rate = 10'000, .incidents = 3},
                "10,000 signals/s, 300 incidents/s");
        measure({.signals = 100, .commits = 2'000, .rate = 10'000, .incidents = 3},
                "the same without a thread for the log", {.checkpoint_thread = false});
        measure({.signals = 1, .commits = 2'000}, "one signal a commit");
    }

    TEST_CASE("speed: commits while a snapshot of 50 MB is saved again and again") {
        const support::Folder folder;
        const auto data = folder.path() + "/data";
        auto store = store::open_sqlite(data);
        REQUIRE(store);
        std::atomic<bool> ending{false};
        std::vector<double> times;
        std::thread saver([&] {
            const std::string bytes(50'000'000, 'x');
            for (std::uint64_t n = 1; !ending; ++n) {
                const auto begun = Clock::now();
                if (!(*store)->save_snapshot({n, bytes})) break;
                times.push_back(milliseconds_since(begun));
                std::this_thread::sleep_for(std::chrono::seconds(1));
            }
        });
        commit_all(**store, {.signals = 100, .commits = 2'000, .rate = 10'000, .incidents = 3}, data,
                   "10,000 signals/s");
        ending = true;
        saver.join();
        MESSAGE("a snapshot: " << figures(times));
    }

    TEST_CASE("speed: lists over 100,000 incidents, and opening again") {
        for (const auto& database : databases()) {
            if (database.name == "SQLite in memory") continue;
            MESSAGE(database.name);
            const auto subject = database.make(ports::quarantine_limit);
            {
                auto store = subject->open();
                REQUIRE(store);
                commit_all(**store, {.signals = 1'000, .commits = 1'000, .incidents = 100}, "", "filling");
            }
            const auto begun = Clock::now();
            auto store = subject->open();
            REQUIRE(store);
            MESSAGE(fmt::format("open: {:.1f} ms", milliseconds_since(begun)));
            ask_for_lists(**store);
        }
    }
}

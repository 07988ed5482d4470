// The contract of ports/store.hpp, line by line, over each database.
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "expected.hpp"
#include "random_units.hpp"
#include "subject.hpp"
#include "text_of.hpp"

using namespace shoumen;
using namespace shoumen::contract;

namespace {

// Runs a test over every database; each is a subcase with its name.
template <class Test>
void over_each(const Test& test, std::uint64_t quarantine_limit = ports::quarantine_limit) {
    for (const auto& database : databases()) {
        SUBCASE(database.name.c_str()) {
            const auto subject = database.make(quarantine_limit);
            test(*subject);
        }
    }
}

std::unique_ptr<ports::Store> opened(Subject& subject) {
    auto store = subject.open();
    if (!store) FAIL("open: " << store.error().code << ": " << store.error().message);
    return std::move(*store);
}

std::unique_ptr<ports::StoreReader> reader_of(ports::Store& store) {
    auto reader = store.reader();
    REQUIRE(reader);
    return std::move(*reader);
}

void committed(ports::Store& store, const ports::CommitUnit& unit) {
    const auto done = store.commit(unit);
    if (!done) FAIL("commit: " << done.error().code << ": " << done.error().message);
}

void expect(const Expected& expected, ports::Store& store, std::uint64_t seed = 1) {
    base::SeededRandom random(seed);
    const auto difference = expected.difference(store, random);
    CHECK_MESSAGE(difference.empty(), difference);
}

ports::EncodedBatch batch(std::uint64_t first_seq, std::uint64_t count, const std::string& bytes) {
    return {0, first_seq, count, bytes, base::leaf_hash(bytes), {}, base::Time{1'000}};
}

model::Incident incident(std::uint64_t id, model::IncidentState state) {
    model::Incident v;
    v.id = model::IncidentId(id);
    v.state = state;
    v.lead = model::BodyId(1U);
    return v;
}

ports::QuarantineRow payload(const std::string& bytes) {
    ports::QuarantineRow v;
    v.received = {1'000};
    v.payload = bytes;
    v.payload_size = bytes.size();
    return v;
}

}  // namespace

TEST_CASE("a new store is empty") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        expect(Expected(), *store);
        CHECK(reader_of(*store)->head(0)->next_seq == 1);
        CHECK_FALSE(*store->newest_snapshot());
    });
}

TEST_CASE("what was committed is there, to this process and to the next") {
    over_each([](Subject& subject) {
        RandomUnits units(5);
        Expected expected;
        {
            const auto store = opened(subject);
            for (int i = 0; i < 20; ++i) {
                const auto unit = units.next();
                committed(*store, unit);
                expected.apply(unit);
            }
            expect(expected, *store);
        }
        expect(expected, *opened(subject));
    });
}

TEST_CASE("an empty unit is no work, and no error") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        committed(*store, {});
        expect(Expected(), *store);
    });
}

TEST_CASE("a unit applied twice leaves what one application leaves") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        Expected expected;
        ports::CommitUnit unit;
        unit.batches = {batch(1, 3, "abc"), batch(4, 1, "d")};
        unit.incidents = {incident(base::make_id<model::IncidentId>(1, 0).value, model::IncidentState::open)};
        unit.alerts.push_back({{.id = model::AlertId(9)}, unit.incidents[0].id});
        unit.cleared.push_back({model::AlertId(9), {5}});
        unit.events.push_back({.incident = unit.incidents[0].id, .nth = 0});
        unit.quarantine = {payload("broken"), payload("broken")};
        unit.texts = {{model::Handle(77), {}, "words"}};
        unit.records = {ports::MetaPut{"k", "v"}, ports::AccountRow{.name = "a"}};
        unit.counts = {3, 1, 0, 0};
        committed(*store, unit);
        expected.apply(unit);
        expect(expected, *store);
        committed(*store, unit);
        expect(expected, *store);
        CHECK(reader_of(*store)->quarantine_counts()->kept == 2);
        CHECK(reader_of(*store)->counts()->signals == 3);
    });
}

TEST_CASE("another batch under a number that is taken is refused, and nothing of its unit kept") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        Expected expected;
        ports::CommitUnit first;
        first.batches = {batch(1, 3, "abc")};
        committed(*store, first);
        expected.apply(first);

        ports::CommitUnit other;
        other.incidents = {incident(99, model::IncidentState::open)};
        other.records = {ports::MetaPut{"k", "v"}};
        other.quarantine = {payload("x")};
        other.batches = {batch(4, 1, "d"), batch(1, 3, "xyz")};
        const auto done = store->commit(other);
        REQUIRE_FALSE(done);
        CHECK(done.error().code == "log-conflict");
        expect(expected, *store);

        other.batches.pop_back();
        committed(*store, other);
        expected.apply(other);
        expect(expected, *store);
    });
}

TEST_CASE("the log is read from the batch that holds a number, in order, until told to stop") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        unit.batches = {batch(1, 10, "a"), batch(11, 1, "b"), batch(12, 5, "c")};
        committed(*store, unit);
        const auto reader = reader_of(*store);
        const auto read = [&](std::uint64_t from, std::size_t most) {
            std::string all;
            CHECK(reader->batches(0, from, [&](ports::EncodedBatch&& b) {
                all += b.bytes;
                return all.size() < most;
            }));
            return all;
        };
        CHECK(read(0, 9) == "abc");
        CHECK(read(1, 9) == "abc");
        CHECK(read(10, 9) == "abc");
        CHECK(read(11, 9) == "bc");
        CHECK(read(16, 9) == "c");
        CHECK(read(17, 9).empty());
        CHECK(read(5, 2) == "ab");
        CHECK(reader->head(0)->next_seq == 17);
    });
}

TEST_CASE("a long log is read whole") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        for (std::uint64_t i = 1; i <= 3'000; ++i) unit.batches.push_back(batch(i, 1, fmt::format("{}", i)));
        for (std::uint64_t i = 3'001; i <= 3'020; ++i) unit.batches.push_back(batch(i, 1, std::string(1'000'000, 'x')));
        committed(*store, unit);
        std::uint64_t next = 1;
        CHECK(reader_of(*store)->batches(0, 0, [&](ports::EncodedBatch&& b) {
            CHECK(b.first_seq == next);
            CHECK(b.bytes == unit.batches[next - 1].bytes);
            ++next;
            return true;
        }));
        CHECK(next == 3'021);
    });
}

TEST_CASE("lists of incidents: newest first, by page, live ones, by state and severity") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        for (std::uint64_t id = 1; id <= 80; ++id) {
            unit.incidents.push_back(incident(id, static_cast<model::IncidentState>(id % 8)));
            unit.incidents.back().severity = static_cast<model::Severity>(id % 4);
        }
        committed(*store, unit);
        const auto reader = reader_of(*store);
        const auto ids = [&](const ports::IncidentQuery& query) {
            std::vector<std::uint64_t> list;
            const auto found = reader->incidents(query);
            REQUIRE(found);
            for (const auto& v : *found) list.push_back(v.id.value);
            return list;
        };
        using enum model::IncidentState;
        CHECK(ids({.limit = 3}) == std::vector<std::uint64_t>{80, 79, 78});
        CHECK(ids({.before = model::IncidentId(3), .limit = 200}) == std::vector<std::uint64_t>{2, 1});
        CHECK(ids({.live_only = true, .limit = 200}).size() == 50);
        CHECK(ids({.live_only = true, .states = {closed}}).empty());
        CHECK(ids({.states = {closed, merged}, .limit = 4}) == std::vector<std::uint64_t>{79, 77, 71, 69});
        CHECK(ids({.states = {open, open}, .limit = 2}) == std::vector<std::uint64_t>{80, 72});
        CHECK(ids({.severities = {model::Severity::blue}, .limit = 2}) == std::vector<std::uint64_t>{79, 75});
        CHECK(ids({.states = {open}, .severities = {model::Severity::blue}}).empty());
    });
}

TEST_CASE("the core is given what has not ended, and what ended since") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        unit.incidents = {incident(1, model::IncidentState::resolved), incident(2, model::IncidentState::closed),
                          incident(3, model::IncidentState::merged), incident(4, model::IncidentState::open)};
        unit.incidents[1].ended = {100};
        unit.incidents[2].ended = {200};
        committed(*store, unit);
        const auto ids = [&](std::int64_t since) {
            std::vector<std::uint64_t> list;
            const auto found = store->incidents_for_core({since});
            REQUIRE(found);
            for (const auto& v : *found) list.push_back(v.id.value);
            return list;
        };
        CHECK(ids(300) == std::vector<std::uint64_t>{1, 4});
        CHECK(ids(200) == std::vector<std::uint64_t>{1, 3, 4});
        CHECK(ids(100) == std::vector<std::uint64_t>{1, 2, 3, 4});
        // Reopened: live again.
        unit.incidents = {incident(2, model::IncidentState::open)};
        committed(*store, unit);
        CHECK(ids(300) == std::vector<std::uint64_t>{1, 2, 4});
    });
}

TEST_CASE("an alert put again stays cleared") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        unit.alerts.push_back({{.id = model::AlertId(9)}, model::IncidentId(1)});
        committed(*store, unit);
        ports::CommitUnit clear;
        clear.cleared.push_back({model::AlertId(9), {50}});
        committed(*store, clear);
        unit.alerts[0].incident = model::IncidentId(2);
        committed(*store, unit);
        const auto rows = reader_of(*store)->alerts(0, 10);
        REQUIRE(rows);
        REQUIRE(rows->size() == 1);
        CHECK((*rows)[0].cleared == base::Time{50});
        CHECK((*rows)[0].incident == model::IncidentId(2));
    });
}

TEST_CASE("of the quarantine the newest stay, and those gone are counted") {
    over_each(
        [](Subject& subject) {
            const auto store = opened(subject);
            Expected expected(10);
            const auto put = [&](int n) {
                ports::CommitUnit unit;
                for (int i = 0; i < n; ++i) unit.quarantine.push_back(payload(fmt::format("{}", i)));
                committed(*store, unit);
                expected.apply(unit);
                expect(expected, *store);
            };
            put(9);
            put(1);
            put(1);
            CHECK(reader_of(*store)->quarantine_counts()->dropped == 1);
            put(25);
            put(3);
            const auto counts = reader_of(*store)->quarantine_counts();
            CHECK(counts->kept == 10);
            CHECK(counts->dropped == 29);
        },
        10);
}

TEST_CASE("the count of the quarantine goes on in the next process") {
    over_each(
        [](Subject& subject) {
            Expected expected(10);
            for (int round = 0; round < 3; ++round) {
                const auto store = opened(subject);
                ports::CommitUnit unit;
                for (int i = 0; i < 7; ++i) unit.quarantine.push_back(payload("x"));
                committed(*store, unit);
                expected.apply(unit);
                expect(expected, *store);
            }
        },
        10);
}

TEST_CASE("the limit of the quarantine is 100,000") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        for (int i = 0; i < 50'001; ++i) unit.quarantine.push_back(payload("x"));
        committed(*store, unit);
        committed(*store, unit);
        const auto counts = reader_of(*store)->quarantine_counts();
        CHECK(counts->kept == 100'000);
        CHECK(counts->dropped == 2);
        const auto oldest = reader_of(*store)->quarantine(4, 10);
        REQUIRE(oldest->size() == 1);
        CHECK((*oldest)[0].id == 3);
    });
}

TEST_CASE("bytes are kept as they are: empty, with zeroes, not UTF-8, large") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        Expected expected;
        const std::vector<std::string> odd = {"", std::string("\0a\0", 3), "\xff\xfe", "火情",
                                              std::string(3'000'000, '\x80')};
        ports::CommitUnit unit;
        for (std::size_t i = 0; i < odd.size(); ++i) {
            unit.texts.push_back({model::Handle(300 + i), {}, odd[i]});
            unit.records.emplace_back(ports::MetaPut{fmt::format("k{}", i), odd[i]});
            unit.records.emplace_back(ports::PolicyRow{1 + i, {}, {}, odd[i], odd[i]});
            unit.quarantine.push_back(payload(odd[i].substr(0, 4'096)));
            unit.batches.push_back(batch(1 + i, 1, odd[i]));
        }
        unit.texts.push_back({model::Handle(~std::uint64_t{0}), {}, "the largest handle"});
        committed(*store, unit);
        expected.apply(unit);
        expect(expected, *store);
    });
}

TEST_CASE("a payload is kept up to its first 4,096 bytes") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        ports::CommitUnit unit;
        unit.quarantine = {payload(std::string(10'000, 'x'))};
        committed(*store, unit);
        const auto rows = reader_of(*store)->quarantine({}, 1);
        REQUIRE(rows->size() == 1);
        CHECK((*rows)[0].payload.size() == 4'096);
        CHECK((*rows)[0].payload_size == 10'000);
    });
}

TEST_CASE("sessions go one by one, or with their account") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        const auto token = [](std::uint8_t n) { return base::Digest{n}; };
        ports::CommitUnit unit;
        for (std::uint8_t n = 1; n <= 3; ++n) unit.records.emplace_back(ports::SessionRow{token(n), "a", {1}, {2}});
        unit.records.emplace_back(ports::SessionRow{token(4), "b", {1}, {2}});
        unit.records.emplace_back(ports::SessionDelete{token(1)});
        committed(*store, unit);
        const auto reader = reader_of(*store);
        CHECK_FALSE(*reader->session(token(1)));
        CHECK(*reader->session(token(2)));
        unit.clear();
        unit.records.emplace_back(ports::SessionsOfAccountDelete{"a"});
        committed(*store, unit);
        CHECK_FALSE(*reader->session(token(2)));
        CHECK_FALSE(*reader->session(token(3)));
        CHECK(*reader->session(token(4)));
    });
}

TEST_CASE("a second open is refused while the first holds the data, and not afterwards") {
    over_each([](Subject& subject) {
        auto store = opened(subject);
        auto second = subject.open();
        REQUIRE_FALSE(second);
        CHECK(second.error().code == "data-in-use");
        ports::CommitUnit unit;
        unit.records = {ports::MetaPut{"k", "v"}};
        committed(*store, unit);
        store.reset();
        CHECK(**reader_of(*opened(subject))->meta("k") == "v");
    });
}

TEST_CASE("readers see committed units only, and whole ones") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        // Each unit puts its number into two places; no reader may ever see them differ, or go back.
        const auto put = [&](std::uint64_t n) {
            ports::CommitUnit unit;
            unit.counts.signals = 1;
            unit.batches = {batch(n, 1, "x")};
            unit.records = {ports::MetaPut{"n", fmt::format("{}", n)}};
            committed(*store, unit);
        };
        put(1);
        std::atomic<bool> ending{false};
        std::vector<std::thread> threads;
        std::atomic<int> faults{0};
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&, reader = reader_of(*store)] {
                std::uint64_t before = 0;
                while (!ending) {
                    const auto count = reader->counts();
                    const auto head = reader->head(0);
                    if (!count || !head || count->signals < before || head->next_seq - 1 < count->signals) ++faults;
                    if (count) before = count->signals;
                }
            });
        }
        for (std::uint64_t n = 2; n <= 300; ++n) put(n);
        ending = true;
        for (auto& thread : threads) thread.join();
        CHECK(faults == 0);
    });
}

TEST_CASE("snapshots: the newest is returned, in this process and the next") {
    over_each([](Subject& subject) {
        auto store = opened(subject);
        CHECK(store->save_snapshot({17, "state at 17"}));
        CHECK(store->save_snapshot({900, std::string("\0x", 2)}));
        CHECK(store->save_snapshot({900, "again"}));
        store.reset();
        store = opened(subject);
        auto newest = store->newest_snapshot();
        REQUIRE(newest);
        REQUIRE(*newest);
        CHECK((*newest)->next_seq == 900);
        CHECK((*newest)->bytes == "again");
    });
}

TEST_CASE("a snapshot is saved from another thread while commits go on") {
    over_each([](Subject& subject) {
        const auto store = opened(subject);
        std::atomic<int> saved{0};
        std::thread saver([&] {
            for (std::uint64_t n = 1; n <= 20; ++n)
                saved += store->save_snapshot({n, std::string(10'000, 'x')}) ? 1 : 0;
        });
        RandomUnits units(8);
        Expected expected;
        for (int i = 0; i < 50; ++i) {
            const auto unit = units.next();
            committed(*store, unit);
            expected.apply(unit);
        }
        saver.join();
        CHECK(saved == 20);
        CHECK((*store->newest_snapshot())->next_seq == 20);
        expect(expected, *store);
    });
}

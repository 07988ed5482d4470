// The same random units into SQLite and PostgreSQL: every question is answered alike, word for word.
#include <cstdlib>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "random_units.hpp"
#include "subject.hpp"
#include "text_of.hpp"

using namespace shoumen;
using namespace shoumen::contract;

namespace {

// Names and numbers that have been used, to ask for.
struct Asked {
    std::set<std::uint64_t> incidents, handles;
    std::set<base::Digest> evidence, sessions;
    std::set<std::string> accounts, keys;
    std::set<std::uint64_t> policies;

    void take(const ports::CommitUnit& unit) {
        for (const auto& v : unit.incidents) incidents.insert(v.id.value);
        for (const auto& v : unit.texts) handles.insert(v.handle.value);
        for (const auto& record : unit.records) {
            if (const auto* e = std::get_if<ports::EvidenceRow>(&record)) evidence.insert(e->sha256);
            if (const auto* s = std::get_if<ports::SessionRow>(&record)) sessions.insert(s->token_hash);
            if (const auto* a = std::get_if<ports::AccountRow>(&record)) accounts.insert(a->name);
            if (const auto* m = std::get_if<ports::MetaPut>(&record)) keys.insert(m->key);
            if (const auto* p = std::get_if<ports::PolicyRow>(&record)) policies.insert(p->version);
        }
    }
};

ports::IncidentQuery random_query(base::SeededRandom& random, const Asked& asked) {
    ports::IncidentQuery query;
    query.live_only = random.chance(0.4);
    for (auto n = random.below(4); n > 0; --n)
        query.states.push_back(static_cast<model::IncidentState>(random.below(9)));
    for (auto n = random.below(3); n > 0; --n)
        query.severities.push_back(static_cast<model::Severity>(random.below(4)));
    if (!asked.incidents.empty() && random.chance(0.5))
        query.before = model::IncidentId(
            *std::next(asked.incidents.begin(), static_cast<long>(random.below(asked.incidents.size()))));
    query.limit = 1 + random.below(50);
    return query;
}

// All there is to ask; the questions are drawn alike for both.
std::vector<std::string> answers(ports::Store& store, const Asked& asked, std::uint64_t seed) {
    base::SeededRandom random(seed);
    const auto reader = store.reader();
    if (!reader) return {"reader: " + reader.error().message};
    auto& r = **reader;
    std::vector<std::string> out;
    const auto say = [&](const std::string& what, const auto& answer) { out.push_back(what + " " + text_of(answer)); };
    for (int i = 0; i < 10; ++i) say("incidents", r.incidents(random_query(random, asked)));
    say("for the core",
        store.incidents_for_core({1'790'000'000'000'000 + static_cast<std::int64_t>(seed) * 1'000'000}));
    for (const auto id : asked.incidents) {
        say("incident", r.incident(model::IncidentId(id)));
        say("timeline", r.timeline(model::IncidentId(id)));
        say("alerts of", r.alerts_of(model::IncidentId(id)));
    }
    say("alerts", r.alerts(0, 20'000));
    say("alerts", r.alerts(random.next() >> random.below(64), 1 + random.below(20)));
    say("quarantine", r.quarantine({}, 20'000));
    say("quarantine", r.quarantine(random.below(200), 1 + random.below(20)));
    say("quarantine counts", r.quarantine_counts());
    for (const auto handle : asked.handles) say("text", r.text(model::Handle(handle)));
    for (const auto& hash : asked.evidence) say("evidence", r.evidence(hash));
    say("evidence", store.all_evidence());
    for (const auto& name : asked.accounts) say("account", r.account(name));
    say("accounts", r.accounts());
    for (const auto& hash : asked.sessions) say("session", r.session(hash));
    say("tokens", r.device_tokens());
    for (const auto& key : asked.keys) say("meta", r.meta(key));
    say("counts", r.counts());
    say("head", r.head(0));
    say("head of another shard", r.head(7));
    const auto from = random.below(2'000);
    const auto read = r.batches(0, from, [&](ports::EncodedBatch&& batch) {
        out.push_back(text_of(batch));
        return true;
    });
    out.push_back(read ? "read" : read.error().message);
    for (const auto version : asked.policies) say("policy", r.policy(version));
    say("policy", r.newest_policy());
    const base::Time at{1'790'000'000'000'000 + static_cast<std::int64_t>(random.below(500)) * 1'000'000};
    say("quarantine before", r.quarantine_before(at));
    say("texts before", r.texts_before(at));
    const auto oldest = r.oldest();
    out.push_back(oldest ? fmt::format("{} {} {}", oldest->refused.us, oldest->words.us, oldest->pictures.us)
                         : oldest.error().message);
    return out;
}

void expect_alike(ports::Store& one, ports::Store& other, const Asked& asked, std::uint64_t seed) {
    const auto a = answers(one, asked, seed);
    const auto b = answers(other, asked, seed);
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a[i] == b[i]);
}

// What comes from outside may hold anything.
void make_odd(ports::CommitUnit& unit, base::SeededRandom& random) {
    for (auto& row : unit.quarantine) {
        if (!random.chance(0.3)) continue;
        row.field += std::string(1, '\0') + "\xff" + "火";
        row.speaker = "\xe7\x81";
    }
}

const Database& named(const std::string& name) {
    for (const auto& database : databases()) {
        if (database.name == name) return database;
    }
    throw std::runtime_error(name);
}

}  // namespace

TEST_CASE("SQLite and PostgreSQL, fed the same random units, answer alike") {
    constexpr std::uint64_t quarantine_limit = 40;
    const char* given = std::getenv("SHOUMEN_SEED");
    const std::uint64_t first = given ? std::strtoull(given, nullptr, 10) : 100;
    for (std::uint64_t seed = first; seed < first + (given ? 1 : 3); ++seed) {
        CAPTURE(seed);  // again with SHOUMEN_SEED
        const auto one = named("SQLite").make(quarantine_limit);
        const auto other = named("PostgreSQL").make(quarantine_limit);
        auto a = one->open();
        auto b = other->open();
        RandomUnits units(seed);
        Asked asked;
        ports::CommitUnit last;
        for (std::uint64_t i = 0; i < 80; ++i) {
            REQUIRE(a);
            REQUIRE(b);
            auto unit = units.random().chance(0.1) ? last : units.next();
            make_odd(unit, units.random());
            const bool conflict = units.random().chance(0.05) && !unit.batches.empty();
            if (conflict) unit.batches.front().first_seq = 1, unit.batches.front().hash[0] ^= 1U;
            const auto done_a = (*a)->commit(unit);
            const auto done_b = (*b)->commit(unit);
            REQUIRE(done_a.has_value() == done_b.has_value());
            if (!done_a) {
                CHECK(done_a.error().code == done_b.error().code);
                CHECK(done_a.error().message == done_b.error().message);
            }
            asked.take(unit);
            if (i % 10 == 9) expect_alike(**a, **b, asked, i);
            if (units.random().chance(0.05)) {
                b->reset();
                b = other->open();
            }
            if (!conflict) last = unit;
        }
        expect_alike(**a, **b, asked, seed);
    }
}

// Commit units drawn from a seed: a log without gaps, rows that are put for the first time and again, and every kind of
// record.
#pragma once
#include <vector>

#include "base/random.hpp"
#include "ports/store.hpp"

namespace shoumen::contract {

class RandomUnits {
public:
    explicit RandomUnits(std::uint64_t seed) : random_(seed) {}

    ports::CommitUnit next();

    base::SeededRandom& random() { return random_; }

private:
    void add_batch(ports::CommitUnit& unit);
    void add_incidents(ports::CommitUnit& unit);
    void add_events(ports::CommitUnit& unit);
    void add_alerts(ports::CommitUnit& unit);
    void add_notices(ports::CommitUnit& unit);
    void add_quarantine(ports::CommitUnit& unit);
    void add_texts(ports::CommitUnit& unit);
    void add_records(ports::CommitUnit& unit);
    void add_tiles(ports::CommitUnit& unit);
    ports::RecordWrite record();
    std::int64_t money();
    std::vector<std::string> codes();
    model::Incident incident(std::uint64_t id);

    std::uint64_t new_id();
    std::uint64_t number() { return random_.next() >> random_.below(64); }
    std::uint32_t index() {
        return static_cast<std::uint32_t>(random_.chance(0.1) ? 0xffffffffU : random_.below(1'000));
    }
    std::string word();
    std::string bytes(std::size_t most);
    base::Digest digest();
    base::Time time();
    std::int64_t past() { return static_cast<std::int64_t>(random_.below(60'000'000)); }
    template <class Enum>
    Enum one_of(std::size_t n) {
        return static_cast<Enum>(random_.below(n));
    }

    base::SeededRandom random_;
    std::uint64_t next_seq_ = 1;
    std::uint64_t nth_ = 0;
    base::Digest head_{};
    std::int64_t now_ = 1'790'000'000'000'000;
    std::vector<std::uint64_t> incidents_;
    std::vector<std::uint64_t> alerts_;
    std::vector<base::Digest> tokens_;
    std::vector<std::string> names_;
    std::vector<std::uint64_t> texts_;
    std::vector<base::Digest> pictures_;
    std::uint64_t acts_ = 0;
    std::uint64_t leaves_ = 0;
};

}  // namespace shoumen::contract

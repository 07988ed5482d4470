// `gate`: what the gate adds to a list of incidents. The same rows are read from SQLite with and without it, in turns,
// and the share of the difference is said for one who sees all of the community and one who sees a part.
#include "protect/gate.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "base/random.hpp"
#include "model/access.hpp"
#include "policy/directory.hpp"
#include "protect/free_text.hpp"
#include "store/sqlite/store.hpp"
#include "support/program.hpp"

#include "community.hpp"
#include "registry.hpp"

namespace shoumen::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t incidents_kept = 2'000;
constexpr std::size_t list = 200;
constexpr int rounds = 300;

std::shared_ptr<const model::Policy> policy_of(const std::string& directory) {
    const auto files = policy::read_directory(directory);
    if (!files) throw std::runtime_error(files.error().message);
    auto compiled = policy::compile(*files, nullptr, 1);
    if (!compiled.policy) throw std::runtime_error("the community does not compile");
    return compiled.policy;
}

void fill(ports::Store& store, const model::Policy& policy) {
    ports::CommitUnit unit;
    for (std::uint64_t n = 1; n <= incidents_kept; ++n) {
        model::Incident i;
        i.id = model::IncidentId{n << 20U};
        i.state = n % 3 == 0 ? model::IncidentState::closed : model::IncidentState::open;
        i.place = i.anchor = model::PlaceId{n * 7'919 % policy.places.size()};
        i.lead = model::BodyId{n % policy.bodies.size()};
        i.opened = {static_cast<std::int64_t>(n) * 1'000'000};
        i.reporter.code = n % 5 == 0 ? "p-resident" : "";
        i.told.resize(3, {});
        unit.incidents.push_back(std::move(i));
    }
    if (const auto done = store.commit(unit); !done) throw std::runtime_error(done.error().message);
}

double microseconds(Clock::time_point from) {
    return std::chrono::duration<double, std::micro>(Clock::now() - from).count();
}

double median(std::vector<double> all) {
    std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
    return all[all.size() / 2];
}

struct Cost {
    double plain = 0, gated = 0, first = 0;
    std::size_t seen = 0;
};

Cost cost_for(ports::StoreReader& reader, const std::shared_ptr<const model::Policy>& policy,
              const protect::Viewer& viewer) {
    Cost cost;
    std::vector<double> plain, gate, first;
    // A session keeps what it has asked of places; what the first list of all pays is said apart.
    protect::IncidentSights kept(policy, viewer, {1});
    for (int round = 0; round < rounds; ++round) {
        auto begin = Clock::now();
        auto rows = reader.incidents({.limit = list});
        plain.push_back(microseconds(begin));
        if (!rows) throw std::runtime_error(rows.error().message);
        const auto pass = [&](protect::IncidentSights& sights, std::vector<model::Incident>& list_of) {
            std::erase_if(list_of, [&](model::Incident& incident) {
                const auto& of = sights.of(incident);
                if (!of.sees(model::Item::incidents)) return true;
                protect::redact(*policy, of, incident);
                return false;
            });
        };
        auto again = *rows;
        begin = Clock::now();
        pass(kept, *rows);
        gate.push_back(microseconds(begin));
        protect::IncidentSights anew(policy, viewer, {1});
        begin = Clock::now();
        pass(anew, again);
        first.push_back(microseconds(begin));
        cost.seen = rows->size();
    }
    cost.plain = median(plain);
    cost.gated = median(gate);
    cost.first = median(first);
    return cost;
}

boost::json::object run_gate(Arguments) {
    const support::Scratch scratch;
    const Town town = write_town(scratch.path("town"), 10'000, 10, 500);
    const auto policy = policy_of(town.directory);
    auto store = store::open_sqlite(scratch.path("data"));
    if (!store) throw std::runtime_error(store.error().message);
    fill(**store, *policy);
    auto reader = (*store)->reader();
    if (!reader) throw std::runtime_error(reader.error().message);
    const auto viewer = [&](model::Role role, model::PlaceId place) {
        protect::Viewer v;
        v.person.code = "p-1";
        v.holdings.push_back({role, place, base::Time::never()});
        return v;
    };
    const Cost whole = cost_for(**reader, policy, viewer(model::Role::duty_officer, policy->root));
    model::PlaceId part = policy->root;
    for (std::size_t p = 0; p < policy->places.size(); ++p) {
        if (policy->places[p].level == model::PlaceLevel::building) part = model::PlaceId{p};
    }
    const Cost narrow = cost_for(**reader, policy, viewer(model::Role::grid_worker, part));
    std::string words = "三楼王建国家里有烟，电话13800004102，请快来看看，住在4号楼2单元302室。";
    const auto begin = Clock::now();
    std::size_t masked = 0;
    for (int i = 0; i < 1'000; ++i) masked += protect::mask_free_text(words).size();
    const double text_us = microseconds(begin) / 1'000;
    return {
        {"list_us", whole.plain},
        {"gate_us", whole.gated},
        {"gate_share", whole.gated / whole.plain},
        {"first_gate_us", whole.first},
        {"part_gate_us", narrow.gated},
        {"part_gate_share", narrow.gated / narrow.plain},
        {"mask_text_us", text_us},
        {"checks", {{"all_seen", whole.seen == list}, {"a_part_seen", narrow.seen < list}, {"masked", masked > 0}}}};
}

const Registered here({"gate", "what the gate adds to a list of incidents", run_gate});

}  // namespace
}  // namespace shoumen::bench

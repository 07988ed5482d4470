// The people of the simulated community, on the telephone and on the way. Private to room twin.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.hpp"
#include "model/incident.hpp"
#include "twin/simulation.hpp"

namespace shoumen::twin {

class Crew {
public:
    using Ask = std::function<void(model::Command, std::function<void(base::Result<model::CommandResult>)>)>;

    Crew(std::shared_ptr<const model::Policy> policy, World& world, const CrewOptions& options, std::uint64_t seed,
         Ask ask);

    void changed(const model::Incident& incident);  // after its commit
    [[nodiscard]] base::Time next() const { return queue_.empty() ? base::Time::never() : queue_.top().at; }
    void act(base::Time until);  // one thing that is due, if any
    [[nodiscard]] const std::map<std::string, std::uint64_t>& refused() const { return refused_; }

private:
    enum class Step : std::uint8_t {
        acknowledge,
        depart,
        arrive,
        look,
        photo,
        resolve,
        false_alarm,
        verify,
        confirm,
        look_again,
        glance
    };
    struct Due {
        base::Time at;
        std::uint64_t order = 0;
        model::IncidentId incident;
        Step step{};
        bool operator>(const Due& o) const { return at != o.at ? at > o.at : order > o.order; }
    };
    struct Case {
        model::Incident incident;
        model::Actor actor;  // whoever has taken it
        bool in_hand = false;
        bool looked = false;         // on the scene, since it was last taken
        bool looking = false;        // goes after an alarm that came since
        bool glancing = false;       // has been asked whether it is real, before anybody is sent
        std::size_t considered = 0;  // of told
    };

    void consider(Case& c);
    void consider_look(Case& c);
    void glance(Case& c, base::Time now);
    void work_off(const Due& due);
    void look(Case& c, base::Time now);
    void look_again(Case& c, base::Time now);
    [[nodiscard]] bool is_real(const model::Incident& incident) const;
    bool end_all(const model::Incident& incident, base::Time now);  // whether any of it was real
    void hear(Case& c, const model::Incident& incident);
    void done(Case& c, Step step, base::Time now);
    void command(Case& c, Step step, base::Time now);
    void put(base::Time at, const Case& c, Step step) { queue_.push({at, order_++, c.incident.id, step}); }
    base::Duration about(std::int64_t median_s);
    [[nodiscard]] model::Actor actor_of(const model::Told& told) const;

    std::shared_ptr<const model::Policy> policy_;
    World& world_;
    CrewOptions options_;
    base::SeededRandom random_;
    Ask ask_;
    std::unordered_map<std::uint64_t, Case> cases_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
    std::uint64_t order_ = 0;
    std::uint64_t pictures_ = 0;
    std::map<std::string, std::uint64_t> refused_;
};

}  // namespace shoumen::twin

// The one gate: what a person may see or change, by the access list of the policy in force and nothing else.
//
// Pure: a verdict depends on the policy, the viewer, the thing and the time. What no row names is refused. Of several
// rows that fit the one that shows most counts; of equals the first in the list. A role counts only where and as long
// as it is held; a place that is not of this community holds nothing. Thread-safe.
#pragma once
#include <array>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "model/access.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"
#include "protect/personal.hpp"

namespace shoumen::protect {

struct Viewer {
    model::Person person;
    std::vector<model::Holding> holdings;
    std::vector<model::BodyId> bodies;
    std::vector<model::Person> acts_for;  // who agreed to it (代管)
};

// What is looked at, as far as rows ask.
struct Thing {
    model::PlaceId place;   // invalid: of the community as a whole
    bool anywhere = false;  // not bound to a place: a role held anywhere in the community is enough
    bool live = false;      // an incident that goes on
    bool involved = false;  // the viewer has a part in it
    bool own = false;       // it is about the viewer, or whom the viewer acts for
};

struct Verdict {
    model::Sight sight{};
    model::Purpose purpose{};
    std::optional<model::Role> role;         // none: as oneself
    base::Duration lasts;                    // of ask
    base::Time until = base::Time::never();  // the end of the role that allows it
    bool opened = false;                     // by a wider sight that was opened
};

class Gate {
public:
    // `policy` outlives the gate.
    explicit Gate(const model::Policy& policy) : policy_(policy) {}

    // None: refused.
    [[nodiscard]] std::optional<Verdict> judge(const Viewer& viewer, model::Item item, const Thing& thing,
                                               base::Time now) const;
    // The same for every item at once.
    using Verdicts = std::array<std::optional<Verdict>, model::item_count>;
    [[nodiscard]] Verdicts judge_all(const Viewer& viewer, const Thing& thing, base::Time now) const;
    [[nodiscard]] bool may_see(const Viewer& viewer, model::Item item, const Thing& thing, base::Time now) const;
    [[nodiscard]] bool may_change(const Viewer& viewer, model::Item item, const Thing& thing, base::Time now) const;

    // Leave to see values of these kinds (a bit each), as the verdict gives it: for this answer.
    [[nodiscard]] static Grant grant(const Viewer& viewer, const Verdict& verdict, std::uint32_t kinds, base::Time now);

    [[nodiscard]] Thing thing_of(const Viewer& viewer, const model::Incident& incident) const;

private:
    const model::Policy& policy_;
};

// What a viewer sees of incidents, remembered by what rows ask: a list of thousands asks the same few questions.
// Good for one viewer, one policy, until `good_until`. One thread.
class IncidentSights {
public:
    // By item: sight, or nothing.
    struct Sights {
        Gate::Verdicts of;
        [[nodiscard]] bool sees(model::Item item) const {
            const auto& v = of[static_cast<std::size_t>(item)];
            return v && v->sight >= model::Sight::clear;
        }
        [[nodiscard]] bool names(model::Item item) const { return of[static_cast<std::size_t>(item)].has_value(); }
        [[nodiscard]] const std::optional<Verdict>& operator[](model::Item item) const {
            return of[static_cast<std::size_t>(item)];
        }
    };

    IncidentSights(std::shared_ptr<const model::Policy> policy, Viewer viewer, base::Time now);

    const Sights& of(const model::Incident& incident);
    [[nodiscard]] const Viewer& viewer() const { return viewer_; }
    [[nodiscard]] bool is_good(const model::Policy& policy, const Viewer& viewer, base::Time now) const;

private:
    std::shared_ptr<const model::Policy> policy_;
    Viewer viewer_;
    base::Time made_;
    base::Time good_until_ = base::Time::never();
    std::unordered_map<std::uint64_t, Sights> known_;
};

// The incident as this viewer may see it: what is not seen is not there any more. The place stops at the floor where
// the door is not seen.
void redact(const model::Policy& policy, const IncidentSights::Sights& sights, model::Incident& incident);
model::PlaceId without_door(const model::Policy& policy, model::PlaceId place);

}  // namespace shoumen::protect

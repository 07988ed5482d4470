// Which body of a role answers for which places, asked once for all places that lie in the same scopes instead of once
// a place: two places under the same nearest place that any body or grid names are answered for by the same bodies.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/policy.hpp"

namespace shoumen::policy {

class Scopes {
public:
    explicit Scopes(const model::Policy& policy);

    // Uses of the places in the community, each once.
    [[nodiscard]] const std::vector<model::PlaceUse>& uses() const { return uses_; }

    struct Unanswered {
        model::PlaceId within;   // an estate, or a place above the estates
        model::PlaceId example;  // the first such place
        std::size_t places = 0;
    };
    // Places of the use (any use: none given) for which no body of the role answers, by estate.
    [[nodiscard]] std::vector<Unanswered> unanswered(model::Role role, std::optional<model::PlaceUse> use) const;
    // Bodies of the role that answer for some place of the use (any use: none given), each once, in their order.
    [[nodiscard]] std::vector<model::BodyId> bodies(model::Role role, std::optional<model::PlaceUse> use) const;

private:
    struct Group {
        model::PlaceUse use{};
        model::PlaceId scope;   // invalid: in no scope at all
        model::PlaceId within;  // see Unanswered
        model::PlaceId example;
        std::size_t places = 0;
    };
    [[nodiscard]] model::BodyId body_of(model::Role role, const Group& group) const;

    const model::Policy& policy_;
    std::vector<Group> groups_;
    std::vector<model::PlaceUse> uses_;
    mutable std::map<std::pair<model::Role, model::PlaceId>, model::BodyId> answers_;
};

// "e-old (first b1-u1-lift, 3 more)"
std::string describe(const model::Policy& policy, const Scopes::Unanswered& gap);

}  // namespace shoumen::policy

// The persons of a scenario, and the things its words stand for: places, bodies, incidents, photos, moments.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "base/hash.hpp"
#include "model/incident.hpp"

#include "stage.hpp"
#include "words.hpp"

namespace shoumen::scenarios {

// --- Words that stand for something; all fail with a message when it is unknown ------------------

base::Time moment(Words& words, const base::Zone& zone, base::Time now);  // "2026-03-03 22:00:00", "22:00", "22:00:00"
model::PlaceId place(const model::Policy& policy, const std::string& code);
model::BodyId body(const model::Policy& policy, const std::string& code);
model::Severity severity(const std::string& word);
model::Verdict verdict(const std::string& word);
model::Action action(const std::string& word);
base::Digest photo(const std::string& name);

// KIND, KIND#2 (in order of opening), KIND at PLACE. Without number and place there must be only one.
const model::Incident* find_incident(Words& words, const Stage& stage);  // null: none
const model::Incident& incident(Words& words, const Stage& stage);
std::string describe(const model::Incident& incident, const Stage& stage);

// --- Who acts ------------------------------------------------------------------------------------

class Cast {
public:
    void declare(const std::string& person, Words& words, const model::Policy& policy);
    // Declared, or of the duty table: then the person works for the bodies there and has their roles.
    [[nodiscard]] model::Actor actor(const std::string& person, const model::Policy& policy) const;

private:
    std::map<std::string, model::Actor> declared_;
};

}  // namespace shoumen::scenarios

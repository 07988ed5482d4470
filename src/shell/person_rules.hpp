// What the register's two ways in (one person, a table) and its ways out (the register, an incident) have in common.
// Any thread, but for what is shown.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "ports/desk.hpp"
#include "protect/entry.hpp"
#include "protect/gate.hpp"
#include "protect/vault.hpp"
#include "shell/persons.hpp"

#include "looks.hpp"

namespace shoumen::shell {

// Words of a row's status.
constexpr std::string_view listed = "listed";
constexpr std::string_view erasing = "erasing";
constexpr std::string_view erased = "erased";
constexpr std::string_view index_owner = "index/phones";  // whose key the index of phones is under

std::string key_owner(std::string_view person);
model::PlaceId place_of(std::string_view code, const model::Policy& policy);  // invalid: none, or retired

// Checks what is asked for and puts it together with what is there. The person's key is made where there is none.
base::Result<PersonChange> change_person(const ports::PersonAsked& asked, ports::StoreReader& reader,
                                         const model::Policy& policy, protect::Vault& vault, base::Time now);
// The checks alone.
base::Result<void> check_person(const ports::PersonAsked& asked, const model::Policy& policy);

// Puts the values into the view as the verdicts let them be seen, and into `looks` what is shown in clear.
void show_entry(const ports::Session& session, const protect::Gate::Verdicts& verdicts,
                const protect::PersonEntry& entry, base::Time now, ports::PersonView& view, LookList& looks);
void show_first_name(const ports::Session& session, const protect::Gate::Verdicts& verdicts,
                     const protect::PersonEntry& entry, base::Time now, ports::PersonView& view, LookList& looks);
void show_home(const ports::Session& session, const protect::Gate::Verdicts& verdicts, model::PlaceId home,
               const model::Policy& policy, base::Time now, ports::PersonView& view, LookList& looks);

}  // namespace shoumen::shell

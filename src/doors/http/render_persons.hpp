// The register of persons as the JSON of api/openapi.json. Pure.
#pragma once
#include <string>
#include <vector>

#include "ports/persons.hpp"

#include "catalogue.hpp"
#include "render.hpp"

namespace shoumen::doors::http {

void write_held_back(JsonWriter& out, const std::vector<ports::HeldBack>& held_back);
void write_person(JsonWriter& out, Phrases& phrases, const ports::PersonView& person);
std::string render_person(Phrases& phrases, const ports::PersonView& person);
std::string render_persons(Phrases& phrases, const std::vector<ports::PersonView>& persons, bool more);
std::string render_kept(const Catalogue& catalogue, const ports::KeptCounts& kept);
std::string render_erased(const ports::Erased& erased);
std::string render_import(const Catalogue& catalogue, const ports::ImportReport& report);

}  // namespace shoumen::doors::http

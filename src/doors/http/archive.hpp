// What is kept about somebody, as an archive to take away: index.html in Chinese for people, JSON files in the form of
// api/openapi.json for programs, pictures. Pure.
#pragma once
#include <map>
#include <string>

#include "ports/persons.hpp"

#include "render.hpp"

namespace shoumen::doors::http {

// By name.
std::map<std::string, std::string> archive_of(Phrases& phrases, const ports::Kept& kept);

}  // namespace shoumen::doors::http

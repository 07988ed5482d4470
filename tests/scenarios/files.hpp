// Where scenarios and the communities they play in lie.
#pragma once
#include <string>
#include <vector>

#include "play.hpp"

namespace shoumen::scenarios {

struct ScenarioFile {
    std::string name;  // relative to tests/scenarios
    std::string path;
    std::string text;
};

// All *.scenario under this folder, in order of name.
std::vector<ScenarioFile> scenario_files(const std::string& folder);

// Looks for NAME in tests/scenarios/community, then in community/; compiles each once.
Communities source_communities();

}  // namespace shoumen::scenarios

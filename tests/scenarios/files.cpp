#include "files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "policy/directory.hpp"

#include "words.hpp"

namespace shoumen::scenarios {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

fs::path directory_of(const std::string& name) {
    const fs::path root(SHOUMEN_SOURCE_DIR);
    for (const fs::path& folder : {root / "tests/scenarios/community", root / "community"}) {
        if (fs::is_directory(folder / name)) return folder / name;
    }
    throw Failure(fmt::format("there is no community '{}' in tests/scenarios/community or community", name));
}

std::shared_ptr<const model::Policy> compiled(const std::string& name, const model::Policy* before,
                                              std::uint64_t version) {
    const auto files = policy::read_directory(directory_of(name).string());
    if (!files) throw Failure(fmt::format("community {}: {}", name, files.error().message));
    policy::Compiled compiled = policy::compile(*files, before, version);
    if (!compiled.findings.empty())
        throw Failure(fmt::format("community {}: {}", name, policy::to_line(compiled.findings.front())));
    return compiled.policy;
}

}  // namespace

std::vector<ScenarioFile> scenario_files(const std::string& folder) {
    std::vector<ScenarioFile> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".scenario") continue;
        files.push_back({fs::relative(entry.path(), folder).string(), entry.path().string(), content_of(entry.path())});
    }
    std::ranges::sort(files, {}, &ScenarioFile::name);
    return files;
}

Communities source_communities() {
    return [first = std::make_shared<std::map<std::string, std::shared_ptr<const model::Policy>>>()](
               const std::string& name, const model::Policy* before,
               std::uint64_t version) -> std::shared_ptr<const model::Policy> {
        if (before) return compiled(name, before, version);
        auto& known = (*first)[name];
        if (!known) known = compiled(name, nullptr, version);
        return known;
    };
}

}  // namespace shoumen::scenarios

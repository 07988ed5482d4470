#include "support/folder.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace shoumen::support {

Folder::Folder() {
    path_ = (std::filesystem::temp_directory_path() / "shoumen-test-XXXXXX").string();
    if (!::mkdtemp(path_.data())) throw std::runtime_error("cannot make a temporary folder " + path_);
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace shoumen::support

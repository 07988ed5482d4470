// A folder of this machine for one test; gone, with all that is in it, when the test ends.
#pragma once
#include <string>

namespace shoumen::support {

class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    std::string path_;
};

}  // namespace shoumen::support

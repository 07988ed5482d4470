#include "store/files/durable.hpp"

namespace shoumen::store {

base::Result<void> write_durably(ports::Files& files, const std::string& folder, const std::string& name,
                                 std::string_view bytes) {
    const auto target = folder + "/" + name;
    const auto temporary = target + std::string(unfinished);
    auto done = files.write(temporary, bytes);
    if (done) done = files.rename(temporary, target);
    if (!done) {
        (void)files.remove(temporary);
        return done;
    }
    return files.sync_folder(folder);
}

}  // namespace shoumen::store

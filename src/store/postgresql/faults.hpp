// What PostgreSQL's faults are called here, and how to mend them.
#pragma once
#include <string_view>

namespace shoumen::store::postgresql {

struct Said {
    std::string_view code;
    std::string_view mend;
};

Said what_to_say(std::string_view sqlstate);

// The session is over after it (shutdown, crash, terminated), whether or not the line is still open.
bool ends_session(std::string_view sqlstate);

}  // namespace shoumen::store::postgresql

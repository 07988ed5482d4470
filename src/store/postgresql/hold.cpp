#include "hold.hpp"

#include <thread>

#include <fmt/format.h>

namespace shoumen::store::postgresql {
namespace {

using base::Result;

// "SHOU", and which of our locks it is.
constexpr const char* try_lock = "SELECT pg_try_advisory_lock(1397247829, 1)::text";
constexpr const char* who_holds =
    "SELECT a.pid, a.application_name, COALESCE(a.client_addr::text, 'the same machine') FROM pg_locks l "
    "JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1397247829 "
    "AND l.objid = 1 AND l.objsubid = 2 AND l.database = (SELECT oid FROM pg_database WHERE datname = "
    "current_database())";

base::Error in_use(const Connection& db, const std::vector<std::string>& holder) {
    const auto who = holder.size() == 3 ? fmt::format("session {} ({}) from {}", holder[0], holder[1], holder[2])
                                        : std::string("another session");
    return {"data-in-use",
            fmt::format("the database {} is held by {}: another shoumen is running on it; stop that one, or choose "
                        "another database",
                        db.address().shown, who),
            {}};
}

}  // namespace

Result<void> take_hold(Connection& db, const std::string& own_name, std::chrono::milliseconds patience) {
    constexpr auto pause = std::chrono::milliseconds(50);
    for (auto waited = std::chrono::milliseconds(0);; waited += pause) {
        const auto got = db.row(try_lock);
        if (!got) return tl::unexpected(got.error());
        if (got->at(0) == "true") return {};
        const auto holder = db.row(who_holds);
        if (!holder) return tl::unexpected(holder.error());
        if (holder->size() == 3 && holder->at(1) == own_name) {
            if (auto ended = db.row(fmt::format("SELECT pg_terminate_backend({})", holder->at(0))); !ended)
                return tl::unexpected(ended.error());
        }
        if (waited >= patience) return tl::unexpected(in_use(db, *holder));
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace shoumen::store::postgresql

// Device tokens from the command line, for a node that is not running (a running one gives them by its API).
#include <fmt/core.h>

#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "store/sqlite/store.hpp"

#include "clocks.hpp"
#include "commands.hpp"

namespace shoumen::app {

int token(const std::string& community, const std::string& data, const std::vector<std::string>& devices) {
    const auto refuse = [](const base::Error& e) {
        fmt::print(stderr, "shoumen token: {}: {}\n", e.code, e.message);
        return cannot_run;
    };
    if (!protect::start_crypto()) return refuse({"no-crypto", "the system gives no random numbers", ""});
    const auto files = policy::read_directory(community);
    if (!files) return refuse(files.error());
    const auto compiled = policy::compile(*files, nullptr, 1);
    if (!compiled.policy)
        return refuse({"policy-refused", "the community directory cannot be read; see shoumen check", ""});
    for (const auto& d : devices) {
        if (!compiled.policy->device_by_code.contains(d)) {
            return refuse({"unknown-device", fmt::format("no device {} in {}/devices.yaml", d, community), ""});
        }
    }
    store::SqliteOptions options;
    options.shard = 1;
    auto store = store::open_sqlite(data, options);
    if (!store) return refuse(store.error());
    ports::CommitUnit unit;
    std::string lines;
    for (const auto& d : devices) {
        const std::string secret = protect::new_token();
        unit.records.emplace_back(ports::DeviceTokenRow{protect::token_hash(secret), d, SystemClock().now(), false});
        lines += fmt::format("device {} token {}\n", d, secret);
    }
    if (const auto done = (*store)->commit(unit); !done) return refuse(done.error());
    fmt::print("{}", lines);
    return fine;
}

}  // namespace shoumen::app

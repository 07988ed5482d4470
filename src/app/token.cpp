// Device tokens from the command line, for a node that is not running (a running one gives them by its API).
#include <filesystem>

#include <fmt/core.h>

#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "store/sqlite/store.hpp"

#include "clocks.hpp"
#include "commands.hpp"

namespace shoumen::app {

namespace {

// Makes a data directory only when asked to: what is given out in a wrong one would open no door.
base::Result<std::unique_ptr<ports::Store>> open_existing(const std::string& data, bool fresh = false) {
    std::error_code ec;
    if (!fresh && !std::filesystem::exists(std::filesystem::path(data) / "shoumen.db", ec))
        return base::fail("file-missing", "there is no data of a node here: start it once with serve --data " + data);
    store::SqliteOptions options;
    options.shard = 1;
    return store::open_sqlite(data, options);
}

}  // namespace

int password(const std::string& data, const std::string& account) {
    const auto refuse = [](const base::Error& e) {
        fmt::print(stderr, "shoumen password: {}: {}\n", e.code, e.message);
        return cannot_run;
    };
    if (!protect::start_crypto()) return refuse({"no-crypto", "the system gives no random numbers", ""});
    auto store = open_existing(data);
    if (!store) return refuse(store.error());
    auto reader = (*store)->reader();
    if (!reader) return refuse(reader.error());
    auto row = (*reader)->account(account);
    if (!row) return refuse(row.error());
    if (!*row) return refuse({"unknown-account", "there is no account of this name", ""});
    const std::string fresh = protect::new_password();
    (*row)->password_hash = protect::hash_password(fresh);
    (*row)->must_change = true;
    ports::CommitUnit unit;
    unit.records.emplace_back(**row);
    unit.records.emplace_back(ports::SessionsOfAccountDelete{account});
    if (const auto done = (*store)->commit(unit); !done) return refuse(done.error());
    fmt::print("account {} password {}\n", account, fresh);
    return fine;
}

int token(const std::string& community, const std::string& data, const std::vector<std::string>& devices, bool fresh) {
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
    auto store = open_existing(data, fresh);
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

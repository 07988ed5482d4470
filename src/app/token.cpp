// Device tokens from the command line, for a node that is not running (a running one gives them by its API).
#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "model/national.hpp"
#include "policy/directory.hpp"
#include "protect/password.hpp"
#include "shell/camera_book.hpp"
#include "shell/leaf_of.hpp"

#include "clocks.hpp"
#include "commands.hpp"
#include "keys.hpp"
#include "place.hpp"

namespace shoumen::app {
namespace {

// What is done at the machine itself is an act as well; nobody is signed in there.
ports::ActRow act_here(std::string kind, std::string subject) {
    auto act = shell::act_at_machine(SystemClock().now(), std::move(kind), std::move(subject));
    protect::random_bytes(act.salt.data(), act.salt.size());
    return act;
}

}  // namespace

int password(const Place& place, const std::string& account) {
    const auto refuse = [](const base::Error& e) {
        fmt::print(stderr, "shoumen password: {}: {}\n", e.code, e.message);
        return cannot_run;
    };
    if (!protect::start_crypto()) return refuse({"no-crypto", "the system gives no random numbers", ""});
    auto store = open_store(place, Missing::refused);
    if (!store) return refuse(store.error());
    auto reader = (*store)->reader();
    if (!reader) return refuse(reader.error());
    auto row = (*reader)->account(account);
    if (!row) return refuse(row.error());
    if (!*row) return refuse({"unknown-account", "there is no account of this name", ""});
    const std::string fresh = protect::new_password();
    (*row)->password_hash = protect::hash_password(fresh);
    (*row)->must_change = true;
    (*row)->disabled = false;
    ports::CommitUnit unit;
    unit.records.emplace_back(**row);
    unit.records.emplace_back(ports::SessionsOfAccountDelete{account});
    unit.records.emplace_back(ports::SecondFactorDelete{account});
    const auto added = shell::add_acts(**reader, shard, {act_here("password_reset", "account:" + account)}, unit);
    if (!added) return refuse(added.error());
    if (const auto done = (*store)->commit(unit); !done) return refuse(done.error());
    fmt::print("account {} password {}\n", account, fresh);
    return fine;
}

int token(const std::string& community, const Place& place, const KeyOptions& keys,
          const std::vector<std::string>& devices, bool fresh) {
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
    // Made only when asked to: what is given out in a wrong place would open no door.
    auto store = open_store(place, fresh ? Missing::made : Missing::refused);
    if (!store) return refuse(store.error());
    auto reader = (*store)->reader();
    if (!reader) return refuse(reader.error());
    std::unique_ptr<protect::Vault> vault;
    const bool seals = std::ranges::any_of(
        devices, [&](const auto& d) { return !model::national_code_of(*compiled.policy, d).empty(); });
    if (seals) {
        auto opened = open_vault(**store, keys, place);
        if (!opened) return refuse(opened.error());
        vault = std::move(*opened);
    }
    ports::CommitUnit unit;
    std::vector<ports::ActRow> acts;
    std::string lines;
    for (const auto& d : devices) {
        const std::string secret = shell::new_token_for(*compiled.policy, d);
        unit.records.emplace_back(ports::DeviceTokenRow{protect::token_hash(secret), d, SystemClock().now(), false});
        acts.push_back(act_here("device_token_given", "device:" + d));
        auto beside = shell::camera_password(vault.get(), *compiled.policy, d, secret);
        if (!beside) return refuse(beside.error());
        if (*beside) unit.records.emplace_back(std::move(**beside));
        lines += fmt::format("device {} token {}\n", d, secret);
    }
    if (const auto added = shell::add_acts(**reader, shard, std::move(acts), unit); !added)
        return refuse(added.error());
    if (const auto done = (*store)->commit(unit); !done) return refuse(done.error());
    fmt::print("{}", lines);
    return fine;
}

}  // namespace shoumen::app

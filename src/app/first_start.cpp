#include "first_start.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include <fmt/core.h>

#include "protect/password.hpp"

namespace shoumen::app {
namespace {

// Waits on the io thread for an answer that comes by callback.
template <class T>
class Answer {
public:
    explicit Answer(boost::asio::io_context& io) : io_(io) {}
    auto take() {
        return [this](base::Result<T> r) { result_ = std::move(r); };
    }
    base::Result<T> wait() {
        while (!result_) io_.run_one();
        return std::move(*result_);
    }

private:
    boost::asio::io_context& io_;
    std::optional<base::Result<T>> result_;
};

model::Person first_on_duty(const model::Policy& policy, model::Role role, const char* otherwise) {
    for (const auto& d : policy.duty) {
        const auto& body = policy.bodies[d.body.value];
        if (body.role == role && !body.retired && !d.channels.empty()) return d.person;
    }
    return {otherwise};
}

std::vector<std::string> bodies_of(const model::Policy& policy, std::initializer_list<model::Role> roles) {
    std::vector<std::string> out;
    for (const auto& b : policy.bodies) {
        if (!b.retired && std::find(roles.begin(), roles.end(), b.role) != roles.end()) out.push_back(b.code);
    }
    return out;
}

class FirstStart {
public:
    FirstStart(boost::asio::io_context& io, shell::Node& node, shell::Office& office)
        : io_(io), node_(node), office_(office) {}

    base::Result<void> account(ports::AccountRow row, const std::string& password, bool print) {
        const std::string name = row.name;
        Answer<void> stored(io_);
        office_.put_account(std::move(row), password, stored.take());
        if (auto done = stored.wait(); !done) return done;
        if (print) fmt::print("account {} password {}\n", name, password);
        return {};
    }

    base::Result<std::string> device_token(const std::string& device) {
        Answer<std::string> made(io_);
        office_.put_device_token(device, made.take());
        return made.wait();
    }

    base::Result<void> put_out_tokens(const std::string& device) {
        Answer<void> done(io_);
        office_.put_out_device_tokens(device, done.take());
        return done.wait();
    }

    [[nodiscard]] const model::Policy& policy() const { return *node_.policy(); }

private:
    boost::asio::io_context& io_;
    shell::Node& node_;
    shell::Office& office_;
};

using model::Role;

ports::AccountRow row(const char* name, model::Person person, std::initializer_list<Role> roles,
                      std::vector<std::string> bodies = {}) {
    ports::AccountRow r;
    r.name = name;
    r.person = std::move(person);
    for (const Role role : roles) r.roles.add(role);
    r.bodies = std::move(bodies);
    return r;
}

constexpr auto teams = {Role::property_manager, Role::grid_worker,      Role::patrol_team,     Role::fire_station,
                        Role::technical_team,   Role::community_doctor, Role::lift_maintainer, Role::community_police,
                        Role::mediation_team,   Role::committee};

base::Result<void> demo_accounts(FirstStart& start) {
    const model::Policy& p = start.policy();
    const auto duty = row("duty", first_on_duty(p, Role::duty_officer, "p-duty"), {Role::duty_officer},
                          bodies_of(p, {Role::duty_officer}));
    const auto responder = row("responder", first_on_duty(p, Role::property_manager, "p-responder"),
                               {Role::property_manager, Role::grid_worker}, bodies_of(p, teams));
    const auto verifier = row("verifier", first_on_duty(p, Role::verifier, "p-verifier"), {Role::verifier},
                              bodies_of(p, {Role::verifier}));
    for (const auto& r : {duty, responder, verifier}) {
        if (auto done = start.account(r, protect::new_password(), true); !done) return done;
    }
    if (!p.device_by_code.contains("d-1")) return {};
    const auto token = start.device_token("d-1");
    if (!token) return tl::unexpected(token.error());
    fmt::print("device d-1 token {}\n", *token);
    return {};
}

}  // namespace

base::Result<DemoSecrets> first_start(boost::asio::io_context& io, shell::Node& node, shell::Office& office, bool demo,
                                      bool feed) {
    auto reader = node.reader();
    if (!reader) return tl::unexpected(reader.error());
    const auto accounts = (*reader)->accounts();
    if (!accounts) return tl::unexpected(accounts.error());
    FirstStart start(io, node, office);
    if (accounts->empty()) {
        fmt::print("First start. These are shown once; write them down.\n");
        auto admin = row("admin", {"p-admin"}, {Role::administrator});
        admin.must_change = true;
        if (auto done = start.account(std::move(admin), protect::new_password(), true); !done)
            return tl::unexpected(done.error());
        if (demo) {
            if (auto done = demo_accounts(start); !done) return tl::unexpected(done.error());
        }
        std::fflush(stdout);
    }

    DemoSecrets secrets;
    const auto& devices = node.policy()->devices;
    const auto gateway =
        std::find_if(devices.begin(), devices.end(), [](const auto& d) { return d.is_gateway && !d.retired; });
    if (!feed || gateway == devices.end()) return secrets;
    // The feed's own secrets live for one run: those of earlier runs are put out of use.
    if (auto done = start.put_out_tokens(gateway->code); !done) return tl::unexpected(done.error());
    auto token = start.device_token(gateway->code);
    if (!token) return tl::unexpected(token.error());
    secrets = {gateway->code, *token, "demo-crew", protect::new_password()};
    const auto crew = row("demo-crew", first_on_duty(*node.policy(), Role::grid_worker, "p-crew"),
                          {Role::grid_worker, Role::duty_officer}, bodies_of(*node.policy(), teams));
    if (auto done = start.account(crew, secrets.crew_password, false); !done) return tl::unexpected(done.error());
    return secrets;
}

}  // namespace shoumen::app

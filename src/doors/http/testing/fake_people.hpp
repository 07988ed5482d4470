// Accounts that answer as the test needs: every field that may be there is there once. Used on the io thread.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ports/desk.hpp"

namespace shoumen::doors::http::testing {

class FakePeople : public ports::AccountDesk {
public:
    using Later = std::function<void(std::function<void()>)>;
    FakePeople(Later later, base::Time now) : later_(std::move(later)), now_(now) {}

    base::Result<void> next;  // of what answers nothing

    base::Result<std::vector<ports::AccountView>> accounts(const ports::Session&) override {
        auto shut = view("li");
        shut.account.disabled = true;
        shut.grants.clear();
        shut.locked_until = now_;
        return std::vector{view("officer"), shut};
    }
    base::Result<ports::AccountView> account(const ports::Session&, std::string_view name) override {
        if (name == "nobody") return base::fail("unknown-account", "");
        return view(std::string(name));
    }
    void give_role(const ports::Session&, ports::GrantAsked asked,
                   std::function<void(base::Result<ports::GrantRow>)> done) override {
        last_grant = asked;
        if (asked.place == "nowhere") return say<ports::GrantRow>(done, base::fail("unknown-place", ""));
        say<ports::GrantRow>(done, grant());
    }
    void end_role(const ports::Session&, std::string_view, std::uint64_t id,
                  std::function<void(base::Result<void>)> done) override {
        if (id == 99) return say<void>(done, base::fail("last-administrator", ""));
        say<void>(done, next);
    }
    void reset_password(const ports::Session&, std::string_view,
                        std::function<void(base::Result<std::string>)> done) override {
        say<std::string>(done, "s3cret");
    }
    void unlock(const ports::Session&, std::string_view, std::function<void(base::Result<void>)> done) override {
        say<void>(done, next);
    }
    void leave(const ports::Session&, std::string_view, bool anyway,
               std::function<void(base::Result<ports::Left>)> done) override {
        if (!anyway) return say<ports::Left>(done, base::fail("has-live-incidents", "44040192"));
        say<ports::Left>(done, ports::Left{2, 1, 1, 0, {model::IncidentId{42U << 20U}}});
    }
    base::Result<std::vector<ports::SessionView>> sessions(const ports::Session&, std::string_view) override {
        return std::vector<ports::SessionView>{{"0123456789abcdef", now_, now_, now_, "Firefox Linux", true},
                                               {"fedcba9876543210", now_, now_, now_, "", false}};
    }
    void end_session(const ports::Session&, std::string_view, std::string_view id,
                     std::function<void(base::Result<void>)> done) override {
        if (id != "0123456789abcdef") return say<void>(done, base::fail("unknown-session", ""));
        say<void>(done, next);
    }
    void end_sessions(const ports::Session&, std::string_view, std::function<void(base::Result<void>)> done) override {
        say<void>(done, next);
    }
    base::Result<std::vector<ports::ApiTokenRow>> api_tokens(const ports::Session&, std::string_view) override {
        ports::ApiTokenRow token{7, {}, "officer", "report", {}, "b1", "10.0.0.0/8", now_, now_, now_, false};
        token.roles.add(model::Role::auditor);
        ports::ApiTokenRow old = token;
        old.place = old.network = "";
        old.used = base::Time::none();
        old.revoked = true;
        return std::vector{token, old};
    }
    void make_api_token(const ports::Session&, ports::TokenAsked asked,
                        std::function<void(base::Result<ports::TokenMade>)> done) override {
        last_token = asked;
        say<ports::TokenMade>(done, ports::TokenMade{7, "s3cret"});
    }
    void revoke_api_token(const ports::Session&, std::string_view, std::uint64_t,
                          std::function<void(base::Result<void>)> done) override {
        say<void>(done, next);
    }
    base::Result<ports::SecondFactorState> second_factor(const ports::Session&) override {
        return ports::SecondFactorState{true, true, 9};
    }
    void begin_second_factor(const ports::Session&, std::string password,
                             std::function<void(base::Result<ports::Enrolment>)> done) override {
        if (password != "right") return say<ports::Enrolment>(done, base::fail("old-password-wrong", "", "password"));
        say<ports::Enrolment>(done, ports::Enrolment{"JBSWY3DP", "otpauth://totp/x?secret=JBSWY3DP"});
    }
    void confirm_second_factor(const ports::Session&, std::string code,
                               std::function<void(base::Result<std::vector<std::string>>)> done) override {
        using Codes = std::vector<std::string>;
        if (code != "123456") return say<Codes>(done, base::fail("second-step-failed", "", "code"));
        say<Codes>(done, Codes{"abcde-fghij", "klmno-pqrst"});
    }
    void remove_second_factor(const ports::Session&, std::string, std::string code,
                              std::function<void(base::Result<void>)> done) override {
        if (code != "123456") return say<void>(done, base::fail("second-factor-off", ""));
        say<void>(done, next);
    }
    void reset_second_factor(const ports::Session&, std::string_view name,
                             std::function<void(base::Result<void>)> done) override {
        if (name == "nobody") return say<void>(done, base::fail("second-factor-off", ""));
        say<void>(done, next);
    }
    base::Result<std::vector<ports::DelegationRow>> delegations(const ports::Session&, const model::Person&) override {
        auto ended = delegation();
        ended.consent = "own";
        ended.witness = ended.reason = "";
        ended.ended = now_;
        ended.ended_by = "p-7";
        return std::vector{delegation(), ended};
    }
    void delegate(const ports::Session&, ports::DelegationAsked asked,
                  std::function<void(base::Result<ports::DelegationRow>)> done) override {
        last_delegation = asked;
        say<ports::DelegationRow>(done, delegation());
    }
    void end_delegation(const ports::Session&, std::uint64_t, std::function<void(base::Result<void>)> done) override {
        say<void>(done, next);
    }

    ports::GrantAsked last_grant;
    ports::TokenAsked last_token;
    ports::DelegationAsked last_delegation;

private:
    [[nodiscard]] ports::GrantRow grant() const {
        return {3, "officer", model::Role::verifier, "b1", now_, now_, "p-admin", "为年检", now_, "p-admin"};
    }
    [[nodiscard]] ports::DelegationRow delegation() const {
        return {5, {"p-7"}, {"p-8"}, now_, now_, "witnessed", "p-9", "在家中当面同意", base::Time::never(), ""};
    }
    [[nodiscard]] ports::AccountView view(std::string name) const {
        ports::AccountView v;
        v.account.name = std::move(name);
        v.account.person = {"p-3"};
        v.account.bodies = {"gw-1", "gone"};
        v.roles.add(model::Role::verifier);
        v.grants = {grant()};
        v.grants.push_back({4, "officer", model::Role::resident, "pulled-down", now_});
        v.grants.push_back({5, "officer", model::Role::resident, "", base::Time::none()});
        v.sessions = 2;
        return v;
    }
    template <class T>
    void say(std::function<void(base::Result<T>)> done, base::Result<T> what) {
        later_([done = std::move(done), what = std::move(what)] { done(what); });
    }

    Later later_;
    base::Time now_;
};

}  // namespace shoumen::doors::http::testing

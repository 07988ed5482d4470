// Ways in that answer as the test needs. Used on the io thread.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "ports/ways_in.hpp"

namespace shoumen::doors::http::testing {

class FakeWaysIn : public ports::WaysInDesk {
public:
    using Later = std::function<void(std::function<void()>)>;
    explicit FakeWaysIn(Later later) : later_(std::move(later)) {}

    ports::SignedIn signed_in;  // whom a good code brings

    ports::WaysIn ways() override { return {true, true}; }
    void send_code(std::string phone, const ports::Caller&, std::function<void(base::Result<void>)> done) override {
        if (phone.size() != 11) return say<void>(done, base::fail("bad-phone", "", "phone"));
        say<void>(done, {});
    }
    void sign_in_by_code(std::string, std::string code, const ports::Caller&,
                         std::function<void(base::Result<ports::SignedIn>)> done) override {
        if (code != "123456") return say<ports::SignedIn>(done, base::fail("code-failed", "", "code"));
        say<ports::SignedIn>(done, signed_in);
    }
    base::Result<ports::AccountWays> ways_of(const ports::Session&, std::string_view account) override {
        if (account == "nobody") return base::fail("unknown-account", "");
        return ports::AccountWays{account == "bare" ? "" : "138****4102", {"subject-1"}};
    }
    void set_phone(const ports::Session&, std::string_view, std::string phone,
                   std::function<void(base::Result<void>)> done) override {
        if (phone.size() != 11) return say<void>(done, base::fail("phone-taken", "", "phone"));
        say<void>(done, {});
    }
    void remove_phone(const ports::Session&, std::string_view, std::function<void(base::Result<void>)> done) override {
        say<void>(done, {});
    }
    void begin_sign_on(const ports::Caller&, std::function<void(base::Result<ports::SignOnBegun>)> done) override {
        say<ports::SignOnBegun>(done, ports::SignOnBegun{"https://sso.example/authorize?state=x", "b1nding"});
    }
    void finish_sign_on(ports::SignOnReturn back, const ports::Caller&,
                        std::function<void(base::Result<ports::SignedIn>)> done) override {
        if (back.state != "x") return say<ports::SignedIn>(done, base::fail("sign-in-again", ""));
        if (back.code == "stranger") return say<ports::SignedIn>(done, base::fail("sign-on-unknown", ""));
        say<ports::SignedIn>(done, signed_in);
    }
    void link_sign_on(const ports::Session&, std::string_view, std::string subject,
                      std::function<void(base::Result<void>)> done) override {
        if (subject == "taken") return say<void>(done, base::fail("subject-taken", "", "subject"));
        say<void>(done, {});
    }
    void unlink_sign_on(const ports::Session&, std::string_view,
                        std::function<void(base::Result<void>)> done) override {
        say<void>(done, {});
    }

private:
    template <class T>
    void say(std::function<void(base::Result<T>)> done, base::Result<T> what) {
        later_([done = std::move(done), what = std::move(what)] { done(what); });
    }
    Later later_;
};

}  // namespace shoumen::doors::http::testing

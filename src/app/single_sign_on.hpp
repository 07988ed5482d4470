// A city's single sign-on: OpenID Connect by authorization code with PKCE (RFC 7636, S256).
//
// Asks the provider what it is (discovery) when it is first needed, and its keys anew where a token is signed by one
// that is not known, at most once a minute. Errands run on a thread of their own; answers come on the io thread.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "ports/ways_in.hpp"
#include "shell/worker.hpp"

#include "outgoing.hpp"

namespace shoumen::app {

struct SignOnOptions {
    std::string issuer;    // https://…
    std::string client;    // as the provider knows this node
    std::string secret;    // of the client
    std::string redirect;  // https://node/sign-in/return
    std::string scope = "openid profile";
    std::string authorities;
};

class SingleSignOn final : public ports::SignOnProvider {
public:
    using Post = std::function<void(std::function<void()>)>;
    SingleSignOn(SignOnOptions options, std::function<base::Time()> now, Post post);

    [[nodiscard]] const std::string& issuer() const override { return options_.issuer; }
    void begin(std::string state, std::string nonce, std::string challenge,
               std::function<void(base::Result<std::string>)> done) override;
    void finish(std::string code, std::string verifier, std::string nonce,
                std::function<void(base::Result<ports::SignOnIdentity>)> done) override;

private:
    struct Provider {
        std::string authorization;  // addresses
        Url token;
        Url keys;
        std::string jwks;
        base::Time asked;  // for its keys
    };
    // On the errands' thread.
    base::Result<void> learn();
    base::Result<void> learn_keys();
    base::Result<ports::SignOnIdentity> redeem(const std::string& code, const std::string& verifier,
                                               const std::string& nonce);

    SignOnOptions options_;
    std::function<base::Time()> now_;
    Post post_;
    std::unique_ptr<Provider> provider_;  // the errands' thread
    shell::Worker errands_{32};           // last: ends first
};

// For a form: letters, digits and - . _ ~ as they are, the rest as %XX.
std::string form_escaped(std::string_view text);

}  // namespace shoumen::app

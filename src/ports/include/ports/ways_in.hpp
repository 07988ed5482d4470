// Other ways in than the password: one-time codes to a resident's telephone, and a city's single sign-on (OpenID
// Connect).
//
// WaysInDesk is asked by the HTTP door, on the io thread; answers by callback come on it too. The two below it are what
// the shell sends its errands by; their callbacks come on the io thread as well. Errors carry codes of api/errors.json.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ports/desk.hpp"

namespace shoumen::ports {

// Which of them there are here.
struct WaysIn {
    bool phone = false;
    bool sign_on = false;
};

// Of one account, for who looks after it.
struct AccountWays {
    std::string phone;                 // masked; empty: none
    std::vector<std::string> sign_on;  // subjects at the provider
};

struct SignOnBegun {
    std::string url;
    std::string binding;
};
// What the browser brings back.
struct SignOnReturn {
    std::string code;
    std::string state;
    std::string binding;
};

class WaysInDesk {
public:
    virtual ~WaysInDesk() = default;
    virtual WaysIn ways() = 0;

    // --- Codes to a telephone. Six digits, five minutes, once, five tries. Whether anybody has the number, nobody
    // learns: the answer comes before it is looked up. Codes: bad-phone, way-in-off, sign-in-wait, busy.
    virtual void send_code(std::string phone, const Caller& from, std::function<void(base::Result<void>)> done) = 0;
    // Codes: code-failed, sign-in-wait, and as above.
    virtual void sign_in_by_code(std::string phone, std::string code, const Caller& from,
                                 std::function<void(base::Result<SignedIn>)> done) = 0;

    // --- Of an account, by who may change accounts.
    virtual base::Result<AccountWays> ways_of(const Session& session, std::string_view account) = 0;
    // In place of the one there was. Codes: unknown-account, bad-phone, phone-taken, way-in-off.
    virtual void set_phone(const Session& session, std::string_view account, std::string phone,
                           std::function<void(base::Result<void>)> done) = 0;
    virtual void remove_phone(const Session& session, std::string_view account,
                              std::function<void(base::Result<void>)> done) = 0;

    // --- Single sign-on. Where the browser goes, and what it keeps meanwhile: whoever comes back without it began
    // elsewhere. Codes: way-in-off, sign-on-unavailable, busy.
    virtual void begin_sign_on(const Caller& from, std::function<void(base::Result<SignOnBegun>)> done) = 0;
    // Good once, for ten minutes. Codes: sign-in-again, sign-on-failed, sign-on-unavailable, sign-on-unknown (no
    // account is linked, and no rule of accounts.yaml says which roles a new one would have).
    virtual void finish_sign_on(SignOnReturn back, const Caller& from,
                                std::function<void(base::Result<SignedIn>)> done) = 0;
    // Links an account, by who may change accounts. Codes: unknown-account, subject-taken, way-in-off.
    virtual void link_sign_on(const Session& session, std::string_view account, std::string subject,
                              std::function<void(base::Result<void>)> done) = 0;
    virtual void unlink_sign_on(const Session& session, std::string_view account,
                                std::function<void(base::Result<void>)> done) = 0;
};

// A gateway that sends short messages (SMS).
class TextSender {
public:
    virtual ~TextSender() = default;
    virtual void send(std::string number, std::string text, std::function<void(base::Result<void>)> done) = 0;
};

// Who somebody is at the provider.
struct SignOnIdentity {
    std::string issuer;
    std::string subject;
    std::map<std::string, std::vector<std::string>> claims;  // texts, and lists of them
};

// The provider of single sign-on. Codes: sign-on-unavailable, id-token-refused, busy.
class SignOnProvider {
public:
    virtual ~SignOnProvider() = default;
    [[nodiscard]] virtual const std::string& issuer() const = 0;
    // The address the browser is sent to.
    virtual void begin(std::string state, std::string nonce, std::string challenge,
                       std::function<void(base::Result<std::string>)> done) = 0;
    virtual void finish(std::string code, std::string verifier, std::string nonce,
                        std::function<void(base::Result<SignOnIdentity>)> done) = 0;
};

}  // namespace shoumen::ports

// Digest authentication (RFC 2617 and 7616, with MD5 as GB/T 28181 asks for, or SHA-256), the server's side.
//
// A nonce is ours where it carries our mark, is good for a minute, and for one request: a second with the same is told
// to take another (`stale`). Passwords are long and by chance, which is what MD5 here rests on.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "doors/sip/message.hpp"

namespace shoumen::doors::sip {

// What the response must be; none: an algorithm or a quality of protection that is not ours.
std::optional<std::string> digest_response(const Authorization& credentials, std::string_view method,
                                           std::string_view password);
bool digest_matches(const Authorization& credentials, std::string_view method, std::string_view password);

class Nonces {
public:
    static constexpr std::int64_t good_for_s = 60;

    Nonces();  // with a secret of its own

    std::string make(std::int64_t now_s);
    enum class State : std::uint8_t { good, stale, unknown };
    [[nodiscard]] State judge(std::string_view nonce, std::int64_t now_s) const;
    void use(std::string_view nonce, std::int64_t now_s);

private:
    [[nodiscard]] std::string mark_of(std::string_view what) const;

    std::string secret_;
    std::map<std::string, std::int64_t, std::less<>> used_;  // until when they could be shown again
};

}  // namespace shoumen::doors::sip

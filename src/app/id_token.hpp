// The ID token of an OpenID Connect provider: who somebody is, signed. Pure; signatures by cjose (JWS, JWK).
//
// Taken are RS256, PS256 and ES256 by a key of the provider's set, chosen by the token's `kid`. Everything else is
// refused: no signature, a key shared with us (HS256), another issuer, another audience, another nonce, over, not yet.
// Errors: id-token-refused, with what is wrong.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::app {

struct IdTokenWanted {
    std::string issuer;
    std::string client;
    std::string nonce;
    base::Time now;
};
struct IdToken {
    std::string subject;
    // What else it says in texts, or lists of them.
    std::map<std::string, std::vector<std::string>> claims;
};

// jwks: the provider's set of keys (JSON).
base::Result<IdToken> read_id_token(std::string_view token, std::string_view jwks, const IdTokenWanted& wanted);

// Whether the set holds a key of this token's `kid`: where not, the provider may have changed its keys.
bool knows_key_of(std::string_view token, std::string_view jwks);

}  // namespace shoumen::app

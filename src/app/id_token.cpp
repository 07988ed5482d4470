#include "id_token.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include <boost/json.hpp>

extern "C" {
#include <cjose/cjose.h>
}

namespace shoumen::app {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_token = 64U << 10U;
constexpr base::Duration clock_apart = base::minutes(2);
constexpr std::size_t most_claims = 64;

struct Release {
    void operator()(cjose_jws_t* p) const { cjose_jws_release(p); }
    void operator()(cjose_jwk_t* p) const { cjose_jwk_release(p); }
};
using Jws = std::unique_ptr<cjose_jws_t, Release>;
using Jwk = std::unique_ptr<cjose_jwk_t, Release>;

tl::unexpected<base::Error> refused(const char* why) { return base::fail("id-token-refused", why); }

std::string header_of(cjose_jws_t* jws, const char* name) {
    cjose_err err;
    cjose_header_t* header = cjose_jws_get_protected(jws);
    const char* value = header ? cjose_header_get(header, name, &err) : nullptr;
    return value ? value : "";
}

std::optional<json::object> object_of(std::string_view text) {
    boost::system::error_code ec;
    json::value value = json::parse(text, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

std::string text_in(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

// Of a kind that goes with the algorithm, for signatures, and of this number where one is said.
const json::object* key_for(const json::object& set, std::string_view kid, std::string_view algorithm) {
    const json::value* keys = set.if_contains("keys");
    if (!keys || !keys->is_array()) return nullptr;
    const std::string_view kind = algorithm == "ES256" ? "EC" : "RSA";
    for (const auto& key : keys->get_array()) {
        if (!key.is_object()) continue;
        const auto& o = key.get_object();
        const auto use = text_in(o, "use");
        const auto alg = text_in(o, "alg");
        if (text_in(o, "kty") != kind || (!use.empty() && use != "sig") || (!alg.empty() && alg != algorithm)) continue;
        if (kid.empty() || text_in(o, "kid") == kid) return &o;
    }
    return nullptr;
}

bool names(const json::value* audience, const std::string& client) {
    if (!audience) return false;
    if (audience->is_string()) return audience->get_string() == client;
    return audience->is_array() && std::ranges::any_of(audience->get_array(), [&](const json::value& one) {
               return one.is_string() && one.get_string() == client;
           });
}

base::Time time_in(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    if (!v || !v->is_number()) return base::Time::none();
    const double s = v->to_number<double>();
    if (!(s > 0) || s > 1e11) return base::Time::none();
    return {static_cast<std::int64_t>(s) * 1'000'000};
}

base::Result<IdToken> read_claims(const json::object& o, const IdTokenWanted& wanted) {
    if (text_in(o, "iss") != wanted.issuer) return refused("another issuer");
    const json::value* audience = o.if_contains("aud");
    if (!names(audience, wanted.client)) return refused("for another client");
    const auto party = text_in(o, "azp");
    if (!party.empty() && party != wanted.client) return refused("given to another client");
    if (audience->is_array() && audience->get_array().size() > 1 && party.empty())
        return refused("for several clients, and none of them named as the one it was given to");
    if (wanted.nonce.empty() || text_in(o, "nonce") != wanted.nonce) return refused("another nonce");
    const base::Time until = time_in(o, "exp");
    if (!until.is_set() || wanted.now >= until + clock_apart) return refused("it is over");
    const base::Time made = time_in(o, "iat");
    if (!made.is_set() || made > wanted.now + clock_apart) return refused("made in the future");
    const base::Time from = time_in(o, "nbf");
    if (from.is_set() && from > wanted.now + clock_apart) return refused("not yet good");
    IdToken out;
    out.subject = text_in(o, "sub");
    if (out.subject.empty() || out.subject.size() > 255) return refused("no subject");
    for (const auto& [name, value] : o) {
        if (out.claims.size() >= most_claims) break;
        std::vector<std::string> texts;
        if (value.is_string()) texts.emplace_back(value.get_string());
        if (value.is_array()) {
            for (const auto& one : value.get_array()) {
                if (one.is_string()) texts.emplace_back(one.get_string());
            }
        }
        if (!texts.empty()) out.claims.emplace(std::string(name), std::move(texts));
    }
    return out;
}

}  // namespace

bool knows_key_of(std::string_view token, std::string_view jwks) {
    cjose_err err;
    const Jws jws(cjose_jws_import(token.data(), token.size(), &err));
    const auto set = object_of(jwks);
    return jws && set && key_for(*set, header_of(jws.get(), CJOSE_HDR_KID), header_of(jws.get(), CJOSE_HDR_ALG));
}

base::Result<IdToken> read_id_token(std::string_view token, std::string_view jwks, const IdTokenWanted& wanted) {
    if (token.empty() || token.size() > longest_token) return refused("no token, or a very long one");
    cjose_err err;
    const Jws jws(cjose_jws_import(token.data(), token.size(), &err));
    if (!jws) return refused("it is no signed token");
    const std::string algorithm = header_of(jws.get(), CJOSE_HDR_ALG);
    static constexpr std::array known = {"RS256", "PS256", "ES256"};
    if (std::ranges::find(known, algorithm) == known.end()) return refused("signed in no way that is taken");
    const auto set = object_of(jwks);
    const auto* key = set ? key_for(*set, header_of(jws.get(), CJOSE_HDR_KID), algorithm) : nullptr;
    if (!key) return refused("signed by a key the provider does not name");
    const std::string text = json::serialize(*key);
    const Jwk jwk(cjose_jwk_import(text.data(), text.size(), &err));
    if (!jwk) return refused("the provider's key cannot be read");
    if (!cjose_jws_verify(jws.get(), jwk.get(), &err)) return refused("the signature is not right");
    std::uint8_t* plain = nullptr;
    std::size_t size = 0;
    if (!cjose_jws_get_plaintext(jws.get(), &plain, &size, &err)) return refused("it holds nothing");
    const auto claims = object_of({reinterpret_cast<const char*>(plain), size});
    if (!claims) return refused("it holds no claims");
    return read_claims(*claims, wanted);
}

}  // namespace shoumen::app

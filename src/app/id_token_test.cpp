// What a provider of single sign-on may say, and what is refused.
#include <memory>

#include <doctest/doctest.h>
#include <fmt/core.h>

extern "C" {
#include <cjose/cjose.h>
}

#include "id_token.hpp"

using namespace shoumen;

namespace {

constexpr std::int64_t now_s = 1'772'500'000;
const app::IdTokenWanted wanted{"https://sso.example", "shoumen", "n-1", {now_s * 1'000'000}};

struct Key {
    cjose_err err{};
    cjose_jwk_t* jwk;
    explicit Key(const char* kid, bool curve = false)
        : jwk(curve
                  ? cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &err)
                  : cjose_jwk_create_RSA_random(2048, reinterpret_cast<const std::uint8_t*>("\x01\x00\x01"), 3, &err)) {
        REQUIRE(jwk);
        REQUIRE(cjose_jwk_set_kid(jwk, kid, std::string(kid).size(), &err));
    }
    ~Key() { cjose_jwk_release(jwk); }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;

    std::string shown() {  // the public part
        char* text = cjose_jwk_to_json(jwk, false, &err);
        std::string out = text;
        cjose_get_dealloc()(text);
        return out;
    }
    std::string sign(const std::string& claims, const char* algorithm, const char* kid = nullptr) {
        cjose_header_t* header = cjose_header_new(&err);
        cjose_header_set(header, CJOSE_HDR_ALG, algorithm, &err);
        if (kid) cjose_header_set(header, CJOSE_HDR_KID, kid, &err);
        cjose_jws_t* jws =
            cjose_jws_sign(jwk, header, reinterpret_cast<const std::uint8_t*>(claims.data()), claims.size(), &err);
        REQUIRE(jws);
        const char* text = nullptr;
        REQUIRE(cjose_jws_export(jws, &text, &err));
        std::string out = text;
        cjose_jws_release(jws);
        cjose_header_release(header);
        return out;
    }
};

std::string claims(const std::string& more = "", const char* issuer = "https://sso.example",
                   const char* audience = R"("shoumen")", const char* nonce = "n-1", std::int64_t until = now_s + 300,
                   std::int64_t made = now_s) {
    return fmt::format(R"({{"iss":"{}","sub":"u-17","aud":{},"nonce":"{}","exp":{},"iat":{}{}}})", issuer, audience,
                       nonce, until, made, more);
}

}  // namespace

TEST_CASE("an ID token is taken from its issuer, for this node, for this sign-in, while it is good") {
    Key rsa("k1");
    Key curve("k2", true);
    Key stranger("k1");
    const std::string set = fmt::format(R"({{"keys":[{},{}]}})", rsa.shown(), curve.shown());
    const auto read = [&](const std::string& token) { return app::read_id_token(token, set, wanted); };
    const auto good = read(rsa.sign(claims(R"(,"department":"street","groups":["a","b"],"n":7)"), "RS256", "k1"));
    REQUIRE(good);
    CHECK(good->subject == "u-17");
    CHECK(good->claims.at("department") == std::vector<std::string>{"street"});
    CHECK(good->claims.at("groups").size() == 2);
    CHECK_FALSE(good->claims.contains("n"));
    CHECK(read(rsa.sign(claims(), "PS256", "k1")));
    CHECK(read(rsa.sign(claims(), "RS256")));  // one key of its kind: no name is needed
    CHECK(read(curve.sign(claims(), "ES256", "k2")));
    CHECK(
        read(rsa.sign(claims(R"(,"azp":"shoumen")", "https://sso.example", R"(["other","shoumen"])"), "RS256", "k1")));

    const auto why = [&](const std::string& token) {
        const auto found = read(token);
        return found ? std::string("taken") : found.error().message;
    };
    const auto signed_ = [&](const std::string& what) { return rsa.sign(what, "RS256", "k1"); };
    CHECK(why(signed_(claims("", "https://sso.example.evil"))) == "another issuer");
    CHECK(why(signed_(claims("", "https://sso.example", R"("other")"))) == "for another client");
    CHECK(why(signed_(claims("", "https://sso.example", R"(["a","b"])"))) == "for another client");
    CHECK(why(signed_(claims("", "https://sso.example", R"(["shoumen","b"])"))).starts_with("for several clients"));
    CHECK(why(signed_(claims(R"(,"azp":"b")", "https://sso.example", R"(["shoumen","b"])"))) ==
          "given to another client");
    CHECK(why(signed_(claims("", "https://sso.example", R"("shoumen")", "n-2"))) == "another nonce");
    CHECK(why(signed_(claims("", "https://sso.example", R"("shoumen")", "n-1", now_s - 121))) == "it is over");
    CHECK(why(signed_(claims("", "https://sso.example", R"("shoumen")", "n-1", now_s + 900, now_s + 600))) ==
          "made in the future");
    CHECK(why(signed_(claims(fmt::format(R"(,"nbf":{})", now_s + 600)))) == "not yet good");
    CHECK(why(signed_(R"({"iss":"https://sso.example"})")) == "for another client");
    CHECK(why(signed_("[1]")) == "it holds no claims");
    CHECK(why(stranger.sign(claims(), "RS256", "k1")) == "the signature is not right");
    CHECK(why(rsa.sign(claims(), "RS256", "k9")) == "signed by a key the provider does not name");
    CHECK_FALSE(app::knows_key_of(rsa.sign(claims(), "RS256", "k9"), set));
    CHECK(app::knows_key_of(signed_(claims()), set));

    // A changed word, a cut end, no signature at all, one by a key that everybody knows.
    auto changed = signed_(claims());
    changed[changed.find('.') + 9] ^= 1;
    CHECK(why(changed) != "taken");
    CHECK(why(signed_(claims()).substr(0, 200)) != "taken");
    const auto first = std::string("eyJhbGciOiJub25lIn0");  // {"alg":"none"}
    const auto middle = signed_(claims());
    const auto from = middle.find('.') + 1;
    const auto body = middle.substr(from, middle.rfind('.') - from);
    for (const auto& token :
         {first + "." + body + ".", first + "." + body, first + "." + body + ".AAAA", std::string()})
        CHECK(why(token) != "taken");
    cjose_err err;
    const std::string everybodys = rsa.shown();
    cjose_jwk_t* shared =
        cjose_jwk_create_oct_spec(reinterpret_cast<const std::uint8_t*>(everybodys.data()), everybodys.size(), &err);
    REQUIRE(shared);
    Key holder("k1");
    std::swap(holder.jwk, shared);
    CHECK(why(holder.sign(claims(), "HS256", "k1")) == "signed in no way that is taken");
    std::swap(holder.jwk, shared);
    cjose_jwk_release(shared);
}

#include "single_sign_on.hpp"

#include <boost/json.hpp>
#include <fmt/core.h>
#include <sodium.h>

#include "id_token.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;

constexpr base::Duration keys_asked_every = base::minutes(1);

tl::unexpected<base::Error> odd(std::string why) { return base::fail("sign-on-unavailable", std::move(why)); }

base::Result<json::object> asked_of(const Url& url, const Outgoing& request, const std::string& authorities) {
    const auto answer = call(url, request, authorities);
    if (!answer) return odd(answer.error().message);
    boost::system::error_code ec;
    json::value value = json::parse(answer->body, ec);
    if (answer->status != 200) {
        // What the provider says is a word of its own; nothing of ours is in it.
        const auto* o = value.if_object();
        const auto* word = !ec && o ? o->if_contains("error") : nullptr;
        return odd(fmt::format("{} answers {} {}", url.origin(), answer->status,
                               word && word->is_string() ? std::string_view(word->get_string()) : ""));
    }
    if (ec || !value.is_object()) return odd(url.origin() + " answers no JSON");
    return std::move(value.get_object());
}

std::string text_in(const json::object& o, std::string_view name) {
    const json::value* v = o.if_contains(name);
    return v && v->is_string() ? std::string(v->get_string()) : std::string();
}

std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    out.resize(out.size() - 1);  // its end
    return out;
}

}  // namespace

std::string form_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                          c == '_' || c == '-' || c == '~';
        out += kept ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

SingleSignOn::SingleSignOn(SignOnOptions options, std::function<base::Time()> now, Post post)
    : options_(std::move(options)), now_(std::move(now)), post_(std::move(post)) {}

base::Result<void> SingleSignOn::learn() {
    if (provider_) return {};
    std::string base = options_.issuer;
    while (base.ends_with('/')) base.pop_back();
    const auto at = parse_url(base + "/.well-known/openid-configuration");
    if (!at) return tl::unexpected(at.error());
    const auto said = asked_of(*at, {}, options_.authorities);
    if (!said) return tl::unexpected(said.error());
    if (text_in(*said, "issuer") != options_.issuer) return odd("the provider calls itself by another name");
    auto provider = std::make_unique<Provider>();
    provider->authorization = text_in(*said, "authorization_endpoint");
    const auto authorization = parse_url(provider->authorization);
    const auto token = parse_url(text_in(*said, "token_endpoint"));
    const auto keys = parse_url(text_in(*said, "jwks_uri"));
    // Whom the node calls is fixed by who starts it: the provider may not send it to another server.
    if (!authorization || !token || !keys || token->origin() != at->origin() || keys->origin() != at->origin())
        return odd("the provider names addresses that are none, or another server's");
    provider->token = *token;
    provider->keys = *keys;
    provider_ = std::move(provider);
    return {};
}

base::Result<void> SingleSignOn::learn_keys() {
    const base::Time now = now_();
    if (!provider_->jwks.empty() && now < provider_->asked + keys_asked_every) return {};
    const auto said = asked_of(provider_->keys, {}, options_.authorities);
    if (!said) return tl::unexpected(said.error());
    provider_->jwks = json::serialize(*said);
    provider_->asked = now;
    return {};
}

base::Result<ports::SignOnIdentity> SingleSignOn::redeem(const std::string& code, const std::string& verifier,
                                                         const std::string& nonce) {
    if (auto done = learn(); !done) return tl::unexpected(done.error());
    Outgoing request;
    request.method = "POST";
    request.headers = {
        {"Content-Type", "application/x-www-form-urlencoded"},
        {"Accept", "application/json"},
        {"Authorization", "Basic " + base64(form_escaped(options_.client) + ":" + form_escaped(options_.secret))}};
    request.body = fmt::format("grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
                               form_escaped(code), form_escaped(options_.redirect), form_escaped(verifier));
    const auto said = asked_of(provider_->token, request, options_.authorities);
    if (!said) return tl::unexpected(said.error());
    const std::string token = text_in(*said, "id_token");
    if (provider_->jwks.empty() || !knows_key_of(token, provider_->jwks)) {
        if (auto done = learn_keys(); !done) return tl::unexpected(done.error());
    }
    const auto read = read_id_token(token, provider_->jwks, {options_.issuer, options_.client, nonce, now_()});
    if (!read) return tl::unexpected(read.error());
    return ports::SignOnIdentity{options_.issuer, read->subject, read->claims};
}

void SingleSignOn::begin(std::string state, std::string nonce, std::string challenge,
                         std::function<void(base::Result<std::string>)> done) {
    const bool queued = errands_.run(
        [this, state = std::move(state), nonce = std::move(nonce), challenge = std::move(challenge), done] {
            base::Result<std::string> url = std::string();
            if (auto known = learn(); !known) {
                url = tl::unexpected(known.error());
            } else {
                const bool has_query = provider_->authorization.find('?') != std::string::npos;
                url = fmt::format(
                    "{}{}response_type=code&client_id={}&redirect_uri={}&scope={}&state={}&nonce={}"
                    "&code_challenge={}&code_challenge_method=S256",
                    provider_->authorization, has_query ? '&' : '?', form_escaped(options_.client),
                    form_escaped(options_.redirect), form_escaped(options_.scope), state, nonce, challenge);
            }
            post_([done, url] { done(url); });
        });
    if (!queued) done(base::fail("busy", "too many people are signing in at this moment"));
}

void SingleSignOn::finish(std::string code, std::string verifier, std::string nonce,
                          std::function<void(base::Result<ports::SignOnIdentity>)> done) {
    const bool queued =
        errands_.run([this, code = std::move(code), verifier = std::move(verifier), nonce = std::move(nonce), done] {
            auto identity = redeem(code, verifier, nonce);
            post_([done, identity = std::move(identity)] { done(identity); });
        });
    if (!queued) done(base::fail("busy", "too many people are signing in at this moment"));
}

}  // namespace shoumen::app

#include "doors/sip/digest.hpp"

#include <array>
#include <charconv>
#include <memory>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/hash.hpp"

namespace shoumen::doors::sip {

namespace {

constexpr std::size_t most_used = 100'000;

std::string hex(const unsigned char* bytes, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes[i]);
    return out;
}

std::string hash(const EVP_MD* with, std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (::EVP_Digest(text.data(), text.size(), out.data(), &size, with, nullptr) != 1) return {};
    return hex(out.data(), size);
}

std::string by_chance(std::size_t bytes) {
    std::array<unsigned char, 32> out{};
    if (::RAND_bytes(out.data(), static_cast<int>(bytes)) != 1) std::abort();
    return hex(out.data(), bytes);
}

const EVP_MD* algorithm_of(std::string_view name) {
    if (name.empty() || name == "MD5" || name == "md5") return ::EVP_md5();
    if (name == "SHA-256" || name == "sha-256") return ::EVP_sha256();
    return nullptr;
}

}  // namespace

std::optional<std::string> digest_response(const Authorization& c, std::string_view method, std::string_view password) {
    const EVP_MD* with = algorithm_of(c.algorithm);
    if (with == nullptr) return {};
    const auto who = hash(with, fmt::format("{}:{}:{}", c.user, c.realm, password));
    const auto what = hash(with, fmt::format("{}:{}", method, c.uri));
    if (who.empty() || what.empty()) return {};
    if (c.qop.empty()) return hash(with, fmt::format("{}:{}:{}", who, c.nonce, what));
    if (c.qop != "auth") return {};
    return hash(with, fmt::format("{}:{}:{}:{}:{}:{}", who, c.nonce, c.nonce_count, c.cnonce, c.qop, what));
}

bool digest_matches(const Authorization& c, std::string_view method, std::string_view password) {
    auto wanted = digest_response(c, method, password);
    if (!wanted || wanted->empty() || wanted->size() != c.response.size()) return false;
    std::string given = c.response;
    for (char& l : given) {
        if (l >= 'A' && l <= 'F') l = static_cast<char>(l | 0x20);
    }
    return ::CRYPTO_memcmp(wanted->data(), given.data(), given.size()) == 0;
}

Nonces::Nonces() : secret_(by_chance(32)) {}

std::string Nonces::mark_of(std::string_view what) const {
    return base::to_hex(base::sha256(fmt::format("{}{}{}", secret_, what, secret_))).substr(0, 32);
}

std::string Nonces::make(std::int64_t now_s) {
    const auto what = fmt::format("{:016x}{}", static_cast<std::uint64_t>(now_s), by_chance(8));
    return what + mark_of(what);
}

Nonces::State Nonces::judge(std::string_view nonce, std::int64_t now_s) const {
    constexpr std::size_t said = 32;
    if (nonce.size() != 2 * said) return State::unknown;
    const auto mark = mark_of(nonce.substr(0, said));
    if (::CRYPTO_memcmp(mark.data(), nonce.data() + said, said) != 0) return State::unknown;
    std::uint64_t at = 0;
    std::from_chars(nonce.data(), nonce.data() + 16, at, 16);
    const auto age = now_s - static_cast<std::int64_t>(at);
    return age < 0 || age > good_for_s || used_.contains(nonce) ? State::stale : State::good;
}

void Nonces::use(std::string_view nonce, std::int64_t now_s) {
    std::erase_if(used_, [&](const auto& u) { return u.second < now_s; });
    if (used_.size() < most_used) used_.emplace(nonce, now_s + good_for_s + 1);
}

}  // namespace shoumen::doors::sip

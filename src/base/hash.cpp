#include "base/hash.hpp"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <xxhash.h>

namespace shoumen::base {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// The algorithm is fetched once: looking it up costs more than hashing a small input.
EVP_MD* algorithm() {
    static EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return fetched;
}

Digest digest(std::string_view prefix, std::string_view bytes) {
    thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> kept(EVP_MD_CTX_new());
    EVP_MD_CTX* const context = kept.get();
    Digest out{};
    EVP_DigestInit_ex2(context, algorithm(), nullptr);
    if (!prefix.empty()) EVP_DigestUpdate(context, prefix.data(), prefix.size());
    EVP_DigestUpdate(context, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(context, out.data(), nullptr);
    return out;
}

constexpr std::string_view hex_digits = "0123456789abcdef";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

Digest sha256(std::string_view bytes) { return digest({}, bytes); }

Digest leaf_hash(std::string_view bytes) { return digest(std::string_view("\0", 1), bytes); }

struct RunningSha256::State {
    std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

RunningSha256::RunningSha256() : state_(std::make_unique<State>()) {
    EVP_DigestInit_ex2(state_->context.get(), algorithm(), nullptr);
}

RunningSha256::~RunningSha256() = default;

void RunningSha256::add(std::string_view bytes) { EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()); }

Digest RunningSha256::finish() {
    Digest out{};
    EVP_DigestFinal_ex(state_->context.get(), out.data(), nullptr);
    return out;
}

std::uint64_t fast_hash(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string to_hex(const Digest& d) {
    std::string out;
    out.reserve(2 * d.size());
    for (const auto b : d) {
        out.push_back(hex_digits[b >> 4U]);
        out.push_back(hex_digits[b & 15U]);
    }
    return out;
}

std::string to_hex(std::uint64_t v) {
    std::string out(16, '0');
    for (std::size_t i = 0; i < 16; ++i) out[15 - i] = hex_digits[(v >> (4 * i)) & 15U];
    return out;
}

Result<Digest> digest_from_hex(std::string_view hex) {
    Digest out{};
    if (hex.size() != 2 * out.size()) return fail("bad-digest", "a SHA-256 digest has 64 hexadecimal digits");
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_value(hex[2 * i]);
        const int low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return fail("bad-digest", "a SHA-256 digest is written in lower-case hexadecimal digits");
        out[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return out;
}

std::string_view as_bytes(const Digest& d) { return {reinterpret_cast<const char*>(d.data()), d.size()}; }

Digest digest_from_bytes(std::string_view bytes) {
    Digest out{};
    if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(out.data()));
    return out;
}

}  // namespace shoumen::base

#include "prove/hashing.hpp"

#include <array>
#include <cstring>
#include <memory>

#include <openssl/evp.h>

namespace shoumen::prove {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// A context for each algorithm and thread, set up once: looking the algorithm up costs more than hashing a node.
EVP_MD_CTX* context_of(Suite suite) {
    using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD* const sm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
    const auto made = [](EVP_MD* algorithm) {
        Context context(EVP_MD_CTX_new());
        EVP_DigestInit_ex2(context.get(), algorithm, nullptr);
        return context;
    };
    thread_local const std::array<Context, 2> contexts{made(sha256), made(sm3)};
    return contexts[suite == Suite::sm3 ? 1 : 0].get();
}

Digest digest(Suite suite, std::string_view bytes) {
    EVP_MD_CTX* const context = context_of(suite);
    Digest out{};
    EVP_DigestInit_ex2(context, nullptr, nullptr);
    EVP_DigestUpdate(context, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(context, out.data(), nullptr);
    return out;
}

}  // namespace

std::string_view to_word(Suite suite) { return suite == Suite::sm3 ? "sm3" : "sha256"; }

std::optional<Suite> suite_of(std::string_view word) {
    if (word == "sha256") return Suite::sha256;
    if (word == "sm3") return Suite::sm3;
    return std::nullopt;
}

Digest hash(Suite suite, std::string_view bytes) { return digest(suite, bytes); }

Digest leaf_hash(Suite suite, std::string_view bytes) {
    EVP_MD_CTX* const context = context_of(suite);
    Digest out{};
    const char prefix = 0;
    EVP_DigestInit_ex2(context, nullptr, nullptr);
    EVP_DigestUpdate(context, &prefix, 1);
    EVP_DigestUpdate(context, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(context, out.data(), nullptr);
    return out;
}

Digest node_hash(Suite suite, const Digest& left, const Digest& right) {
    std::array<char, 65> bytes;
    bytes[0] = 1;
    std::memcpy(bytes.data() + 1, left.data(), left.size());
    std::memcpy(bytes.data() + 33, right.data(), right.size());
    return digest(suite, {bytes.data(), bytes.size()});
}

Digest empty_root(Suite suite) { return digest(suite, {}); }

}  // namespace shoumen::prove

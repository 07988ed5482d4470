#include "prove/keys.hpp"

#include <array>
#include <charconv>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "base/hash.hpp"
#include "prove/checkpoint.hpp"

namespace shoumen::prove {
namespace {

using base::Result;

constexpr std::string_view sm2_mark =
    "\xff"
    "shoumen-sm2";
constexpr std::string_view sm2_user = "1234567812345678";
constexpr std::size_t ed25519_size = 32;
constexpr std::size_t sm2_point_size = 65;
constexpr std::size_t largest_key_file = 64U << 10U;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Digesting = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;

const unsigned char* as_unsigned(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* as_unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

tl::unexpected<base::Error> bad_key(std::string what) { return base::fail("bad-key", std::move(what)); }

std::string_view mark_of(KeyType type) {
    if (type == KeyType::sm2) return sm2_mark;
    return type == KeyType::witness ? std::string_view("\x04") : std::string_view("\x01");
}

std::size_t size_of(KeyType type) { return type == KeyType::sm2 ? sm2_point_size : ed25519_size; }

Key key_of(const PublicKey& key) {
    if (key.bytes.size() != size_of(key.type)) return {};
    if (key.type != KeyType::sm2)
        return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, as_unsigned(key.bytes), key.bytes.size()));
    const Builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, key.bytes.data(), key.bytes.size());
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
    EVP_PKEY* out = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &out, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
        return {};
    return Key(out);
}

// SM2 signs over its user's id too, which has to be said before anything else.
struct Signing {
    Digesting digest;
    KeyContext of_key;

    Signing(EVP_PKEY* key, KeyType type) : digest(EVP_MD_CTX_new()) {
        if (type != KeyType::sm2) return;
        of_key.reset(EVP_PKEY_CTX_new(key, nullptr));
        EVP_PKEY_CTX_set1_id(of_key.get(), sm2_user.data(), static_cast<int>(sm2_user.size()));
        EVP_MD_CTX_set_pkey_ctx(digest.get(), of_key.get());
    }
};

const EVP_MD* digest_of(KeyType type) { return type == KeyType::sm2 ? EVP_sm3() : nullptr; }

bool is_right(const PublicKey& key, std::string_view message, std::string_view signature) {
    const Key held = key_of(key);
    if (!held) return false;
    const Signing signing(held.get(), key.type);
    return EVP_DigestVerifyInit(signing.digest.get(), nullptr, digest_of(key.type), nullptr, held.get()) == 1 &&
           EVP_DigestVerify(signing.digest.get(), as_unsigned(signature), signature.size(), as_unsigned(message),
                            message.size()) == 1;
}

}  // namespace

std::uint32_t key_id(const PublicKey& key) {
    const auto digest = base::sha256(key.name + "\n" + std::string(mark_of(key.type)) + key.bytes);
    std::uint32_t id = 0;
    for (std::size_t i = 0; i < 4; ++i) id = (id << 8U) | digest[i];
    return id;
}

std::string to_vkey(const PublicKey& key) {
    return key.name + "+" + base::to_hex(std::uint64_t{key_id(key)}).substr(8) + "+" +
           to_base64(std::string(mark_of(key.type)) + key.bytes);
}

Result<PublicKey> parse_vkey(std::string_view text) {
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos || !is_key_name(text.substr(0, first)))
        return bad_key("a public key is written name+id+key");
    const auto id = text.substr(first + 1, second - first - 1);
    const auto bytes = text.size() - second > 1024 ? std::nullopt : from_base64(text.substr(second + 1));
    if (!bytes) return bad_key("the public key is cut off, or is not written in base64");
    for (const auto type : {KeyType::ed25519, KeyType::sm2, KeyType::witness}) {
        const auto mark = mark_of(type);
        if (!bytes->starts_with(mark) || bytes->size() != mark.size() + size_of(type)) continue;
        PublicKey key{std::string(text.substr(0, first)), type, bytes->substr(mark.size())};
        if (base::to_hex(std::uint64_t{key_id(key)}).substr(8) != id)
            return bad_key("the public key does not have the id that is written with it; copy it anew");
        return key;
    }
    return bad_key("the public key is of a type that this program does not know");
}

Result<std::vector<PublicKey>> parse_vkeys(std::string_view file) {
    if (file.size() > largest_key_file) return bad_key("a file of public keys holds 64 kB at most");
    std::vector<PublicKey> keys;
    while (!file.empty()) {
        const auto end = std::min(file.find('\n'), file.size());
        auto line = file.substr(0, end);
        file.remove_prefix(std::min(end + 1, file.size()));
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        auto key = parse_vkey(line);
        if (!key) return tl::unexpected(std::move(key.error()));
        keys.push_back(std::move(*key));
    }
    return keys;
}

bool is_signed(const PublicKey& key, std::string_view text, std::string_view signature) {
    if (key.type != KeyType::witness) return is_right(key, text, signature);
    const auto time = cosigned_time(signature);
    return time && is_right(key, cosigned_message(text, *time), signature.substr(8));
}

std::optional<bool> check(const PublicKey& key, const Note& note) {
    const auto id = key_id(key);
    for (const auto& s : note.signatures) {
        if (s.key_id == id && s.name == key.name) return is_signed(key, note.text, s.bytes);
    }
    return std::nullopt;
}

struct PrivateKey::Held {
    Key key;
};

Result<PrivateKey> PrivateKey::make(KeyType type) {
    auto held = std::make_shared<Held>();
    held->key.reset(type == KeyType::sm2 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")
                                         : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (!held->key) return base::fail("no-crypto", "no key could be made: the system gives no random numbers");
    return PrivateKey(type, std::move(held));
}

Result<PrivateKey> PrivateKey::from_pem(KeyType type, std::string_view pem) {
    auto held = std::make_shared<Held>();
    const Memory in(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), largest_key_file))));
    // No password is ever asked for at a terminal.
    const auto no_password = [](char*, int, int, void*) { return 0; };
    held->key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
    const char* wanted = type == KeyType::sm2 ? "SM2" : "ED25519";
    if (!held->key || EVP_PKEY_is_a(held->key.get(), wanted) != 1)
        return bad_key(std::string("the file holds no private key of the kind ") + wanted + " in PEM");
    return PrivateKey(type, std::move(held));
}

std::string PrivateKey::to_pem() const {
    const Memory out(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), held_->key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

PublicKey PrivateKey::public_key(std::string name) const {
    PublicKey out{std::move(name), type_, {}};
    std::size_t size = size_of(type_);
    out.bytes.resize(size);
    if (type_ == KeyType::sm2)
        EVP_PKEY_get_octet_string_param(held_->key.get(), OSSL_PKEY_PARAM_PUB_KEY, as_unsigned(out.bytes), size, &size);
    else
        EVP_PKEY_get_raw_public_key(held_->key.get(), as_unsigned(out.bytes), &size);
    return out;
}

Result<std::string> PrivateKey::raw_signature(std::string_view message) const {
    const Signing signing(held_->key.get(), type_);
    std::array<unsigned char, 128> room{};
    std::size_t size = room.size();
    if (EVP_DigestSignInit(signing.digest.get(), nullptr, digest_of(type_), nullptr, held_->key.get()) != 1 ||
        EVP_DigestSign(signing.digest.get(), room.data(), &size, as_unsigned(message), message.size()) != 1)
        return base::fail("no-crypto", "a signature could not be made");
    return std::string(reinterpret_cast<const char*>(room.data()), size);
}

Result<NoteSignature> PrivateKey::sign(std::string name, std::string_view text) const {
    auto bytes = raw_signature(text);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    const auto id = key_id(public_key(name));
    return NoteSignature{std::move(name), id, std::move(*bytes)};
}

}  // namespace shoumen::prove

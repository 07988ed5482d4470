// Master keys in a PKCS#11 token: AES-256 made there, neither readable nor extractable; data keys are wrapped by
// AES-GCM inside it, with the owner as associated data.
#include <algorithm>
#include <map>
#include <mutex>

#include <dlfcn.h>
#include <fmt/format.h>
#include <p11-kit/pkcs11.h>

#include "protect/keys.hpp"

#include "ciphers.hpp"
#include "secret_file.hpp"

namespace shoumen::protect {
namespace {

constexpr std::string_view label = "shoumen master key";
constexpr std::size_t nonce_size = 12, tag_size = 16, id_size = 12;

tl::unexpected<base::Error> refused(std::string_view what, CK_RV code = CKR_OK) {
    return base::fail("key-module-refused",
                      code == CKR_OK ? std::string(what) : fmt::format("{} (PKCS#11 code 0x{:x})", what, code));
}

CK_BYTE* bytes(const std::string_view text) { return reinterpret_cast<CK_BYTE*>(const_cast<char*>(text.data())); }

template <class T>
    requires std::is_integral_v<T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const T& value) {
    return {type, const_cast<T*>(&value), sizeof value};
}
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, std::string_view value) { return {type, bytes(value), value.size()}; }

// One library, begun once for all that use it, and ended by the last.
class Library {
public:
    static base::Result<std::shared_ptr<Library>> of(const std::filesystem::path& path) {
        static std::mutex mutex;
        static std::map<std::string, std::weak_ptr<Library>> loaded;
        const std::lock_guard lock(mutex);
        if (auto there = loaded[path.string()].lock()) return there;
        void* const handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (handle == nullptr)
            return base::fail("key-module-refused", "the module cannot be loaded: check its path", path.string());
        const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
        auto library = std::make_shared<Library>();
        if (list == nullptr || list(&library->call_) != CKR_OK)
            return base::fail("key-module-refused", "this is no PKCS#11 module", path.string());
        CK_C_INITIALIZE_ARGS how{};
        how.flags = CKF_OS_LOCKING_OK;
        const CK_RV begun = library->call_->C_Initialize(&how);
        if (begun != CKR_OK && begun != CKR_CRYPTOKI_ALREADY_INITIALIZED)
            return refused("the module does not start", begun);
        library->begun_ = begun == CKR_OK;
        loaded[path.string()] = library;
        return library;
    }
    Library() = default;
    ~Library() {
        if (begun_) call_->C_Finalize(nullptr);
    }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    CK_FUNCTION_LIST* operator->() const { return call_; }

private:
    CK_FUNCTION_LIST* call_ = nullptr;
    bool begun_ = false;
};

base::Result<CK_SLOT_ID> slot_of(Library& library, const std::string& token) {
    CK_ULONG n = 0;
    if (library->C_GetSlotList(CK_TRUE, nullptr, &n) != CKR_OK) return refused("the module lists no tokens");
    std::vector<CK_SLOT_ID> slots(n);
    if (library->C_GetSlotList(CK_TRUE, slots.data(), &n) != CKR_OK) return refused("the module lists no tokens");
    slots.resize(std::min<std::size_t>(n, slots.size()));
    for (const CK_SLOT_ID slot : slots) {
        CK_TOKEN_INFO info{};
        if (library->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
        std::string_view name(reinterpret_cast<const char*>(info.label), sizeof info.label);
        name = name.substr(0, name.find_last_not_of(' ') + 1);
        if (name == token) return slot;
    }
    return refused(fmt::format("there is no token labelled \"{}\"", token));
}

std::string id_bytes(KeyId id) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((id.number >> shift) & 0xffU));
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((id.mark >> shift) & 0xffU));
    return out;
}

KeyId id_of(std::string_view in) {
    KeyId id;
    for (std::size_t i = 0; i < 4; ++i) id.number = (id.number << 8U) | static_cast<std::uint8_t>(in[i]);
    for (std::size_t i = 4; i < id_size; ++i) id.mark = (id.mark << 8U) | static_cast<std::uint8_t>(in[i]);
    return id;
}

class ModuleHolder final : public KeyHolder {
public:
    ModuleHolder(std::shared_ptr<Library> library, CK_SESSION_HANDLE session)
        : library_(std::move(library)), session_(session) {}
    ~ModuleHolder() override { call()->C_CloseSession(session_); }
    ModuleHolder(const ModuleHolder&) = delete;
    ModuleHolder& operator=(const ModuleHolder&) = delete;

    [[nodiscard]] std::vector<KeyId> keys() const override {
        const std::lock_guard lock(mutex_);
        std::vector<KeyId> out;
        for (const auto& [id, handle] : keys_) out.push_back(id);
        return out;
    }

    base::Result<std::string> wrap(KeyId with, std::string_view owner, const Secret& secret) override {
        const std::lock_guard lock(mutex_);
        const auto nonce = random_text(nonce_size);
        const auto key = find(with);
        if (!key) return tl::unexpected(key.error());
        if (!nonce) return refused("no random numbers");
        CK_GCM_PARAMS parameters = gcm(*nonce, owner);
        CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
        if (const CK_RV r = call()->C_EncryptInit(session_, &mechanism, *key); r != CKR_OK)
            return refused("the token does not encrypt", r);
        std::string out(Secret::size + tag_size, '\0');
        CK_ULONG n = out.size();
        const Bytes plain = SecretAccess::bytes(secret);
        const CK_RV r = call()->C_Encrypt(session_, const_cast<CK_BYTE*>(plain.data()), plain.size(), bytes(out), &n);
        if (r != CKR_OK || n != out.size()) return refused("the token does not encrypt", r);
        return *nonce + out;
    }

    base::Result<Secret> unwrap(KeyId with, std::string_view owner, std::string_view wrapped) override {
        const std::lock_guard lock(mutex_);
        const auto key = find(with);
        if (!key) return tl::unexpected(key.error());
        if (wrapped.size() != nonce_size + Secret::size + tag_size)
            return base::fail("sealed-unreadable", "this is no wrapped key");
        CK_GCM_PARAMS parameters = gcm(wrapped.substr(0, nonce_size), owner);
        CK_MECHANISM mechanism{CKM_AES_GCM, &parameters, sizeof parameters};
        if (const CK_RV r = call()->C_DecryptInit(session_, &mechanism, *key); r != CKR_OK)
            return refused("the token does not decrypt", r);
        std::string plain(Secret::size + tag_size, '\0');
        CK_ULONG n = plain.size();
        const std::string_view sealed = wrapped.substr(nonce_size);
        const CK_RV r = call()->C_Decrypt(session_, bytes(sealed), sealed.size(), bytes(plain), &n);
        const bool good = r == CKR_OK && n == Secret::size;
        Secret secret = good ? Secret::copy_of(std::string_view(plain).substr(0, Secret::size)) : Secret();
        wipe(plain);
        if (good) return secret;
        if (r == CKR_SESSION_HANDLE_INVALID || r == CKR_DEVICE_REMOVED || r == CKR_USER_NOT_LOGGED_IN)
            return refused("the token was lost: check it and start the program again", r);
        return base::fail("sealed-unreadable", "this wrapped key cannot be opened: changed, or somebody else's");
    }

    base::Result<KeyId> add() override {
        const std::lock_guard lock(mutex_);
        const auto mark = random_text(8);
        if (!mark) return refused("no random numbers");
        KeyId id = id_of(std::string(4, '\0') + *mark);
        id.number = keys_.empty() ? 1 : keys_.rbegin()->first.number + 1;
        const std::string name = id_bytes(id);
        const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
        const CK_ULONG length = 32;
        CK_ATTRIBUTE wanted[] = {
            attribute(CKA_LABEL, label), attribute(CKA_ID, name),       attribute(CKA_TOKEN, yes),
            attribute(CKA_PRIVATE, yes), attribute(CKA_SENSITIVE, yes), attribute(CKA_EXTRACTABLE, no),
            attribute(CKA_ENCRYPT, yes), attribute(CKA_DECRYPT, yes),   attribute(CKA_VALUE_LEN, length)};
        CK_MECHANISM mechanism{CKM_AES_KEY_GEN, nullptr, 0};
        CK_OBJECT_HANDLE key = 0;
        if (const CK_RV r = call()->C_GenerateKey(session_, &mechanism, wanted, std::size(wanted), &key); r != CKR_OK)
            return refused("the token makes no key", r);
        keys_.emplace(id, key);
        return id;
    }

    base::Result<void> remove(KeyId id) override {
        const std::lock_guard lock(mutex_);
        const auto key = keys_.find(id);
        if (key == keys_.end() || id == keys_.rbegin()->first)
            return base::fail("key-missing", "only a master key that is there and is not the newest can be removed");
        if (const CK_RV r = call()->C_DestroyObject(session_, key->second); r != CKR_OK)
            return refused("the token keeps the key", r);
        keys_.erase(key);
        return {};
    }

    base::Result<void> read_keys() {
        const CK_OBJECT_CLASS secret = CKO_SECRET_KEY;
        CK_ATTRIBUTE wanted[] = {attribute(CKA_CLASS, secret), attribute(CKA_LABEL, label)};
        if (const CK_RV r = call()->C_FindObjectsInit(session_, wanted, std::size(wanted)); r != CKR_OK)
            return refused("the token lists no keys", r);
        CK_OBJECT_HANDLE found = 0;
        CK_ULONG n = 0;
        std::vector<CK_OBJECT_HANDLE> all;
        while (call()->C_FindObjects(session_, &found, 1, &n) == CKR_OK && n == 1) all.push_back(found);
        call()->C_FindObjectsFinal(session_);
        for (const CK_OBJECT_HANDLE key : all) {
            std::string name(id_size, '\0');
            CK_ATTRIBUTE id{CKA_ID, name.data(), name.size()};
            if (call()->C_GetAttributeValue(session_, key, &id, 1) == CKR_OK && id.ulValueLen == id_size)
                keys_.emplace(id_of(name), key);
        }
        return {};
    }
    [[nodiscard]] bool has_keys() const { return !keys_.empty(); }

private:
    [[nodiscard]] Library& call() const { return *library_; }
    base::Result<CK_OBJECT_HANDLE> find(KeyId id) const {
        const auto key = keys_.find(id);
        if (key != keys_.end()) return key->second;
        return base::fail(
            "key-missing",
            fmt::format("master key {} ({:016x}) is not in the token: connect the one that belongs to this data",
                        id.number, id.mark));
    }
    static CK_GCM_PARAMS gcm(std::string_view nonce, std::string_view owner) {
        CK_GCM_PARAMS p{};
        p.iv_ptr = bytes(nonce);
        p.iv_len = nonce.size();
        p.iv_bits = nonce.size() * 8;
        p.aad_ptr = bytes(owner);
        p.aad_len = owner.size();
        p.tag_bits = tag_size * 8;
        return p;
    }

    std::shared_ptr<Library> library_;
    CK_SESSION_HANDLE session_;
    mutable std::mutex mutex_;
    std::map<KeyId, CK_OBJECT_HANDLE> keys_;
};

base::Result<CK_SESSION_HANDLE> log_in(Library& library, const KeyModule& module) {
    const auto slot = slot_of(library, module.token);
    if (!slot) return tl::unexpected(slot.error());
    auto pin = read_secret_file(module.pin_file);
    if (!pin) return tl::unexpected(std::move(pin.error()));
    CK_SESSION_HANDLE session = 0;
    if (const CK_RV r = library->C_OpenSession(*slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
        r != CKR_OK)
        return refused("the token opens no session", r);
    const std::size_t length = pin->find_last_not_of("\r\n") + 1;
    const CK_RV r = library->C_Login(session, CKU_USER, bytes(*pin), length);
    wipe(*pin);
    if (r == CKR_OK || r == CKR_USER_ALREADY_LOGGED_IN) return session;
    library->C_CloseSession(session);
    return refused("the token refuses the PIN", r);
}

}  // namespace

base::Result<std::unique_ptr<KeyHolder>> open_key_module(const KeyModule& module, bool create) {
    auto library = Library::of(module.library);
    if (!library) return tl::unexpected(std::move(library.error()));
    const auto session = log_in(**library, module);
    if (!session) return tl::unexpected(session.error());
    auto holder = std::make_unique<ModuleHolder>(*library, *session);
    if (auto read = holder->read_keys(); !read) return tl::unexpected(std::move(read.error()));
    if (!holder->has_keys() && !create)
        return base::fail("key-missing",
                          fmt::format("the token \"{}\" holds no master key: connect the one that belongs to this data",
                                      module.token));
    if (!holder->has_keys())
        if (auto made = holder->add(); !made) return tl::unexpected(std::move(made.error()));
    return holder;
}

}  // namespace shoumen::protect

#include "key_file.hpp"

#include <charconv>
#include <mutex>

#include <fmt/format.h>

#include "base/hash.hpp"

#include "ciphers.hpp"
#include "secret_file.hpp"

namespace shoumen::protect {
namespace {

constexpr std::string_view head = "shoumen master keys 1";
constexpr std::size_t most_keys = 500;

std::string_view word_of_suite(Suite suite) { return suite == Suite::sm4_sm3 ? "sm4-sm3" : "aes-gcm"; }

std::string_view take(std::string_view& text, char until) {
    const std::size_t end = std::min(text.find(until), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

template <class T>
bool read_number(std::string_view text, int base, T& out) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

bool read_secret(std::string_view hex, Secret& out) {
    if (hex.size() != 2 * Secret::size) return false;
    for (std::size_t i = 0; i < Secret::size; ++i)
        if (!read_number(hex.substr(2 * i, 2), 16, SecretAccess::data(out)[i])) return false;
    return true;
}

bool read_line(std::string_view line, MasterKeys& out) {
    KeyId id;
    MasterKey key;
    if (!read_number(take(line, ' '), 10, id.number) || id.number == 0) return false;
    const std::string_view suite = take(line, ' ');
    if (suite != "aes-gcm" && suite != "sm4-sm3") return false;
    key.suite = suite == "aes-gcm" ? Suite::aes_gcm : Suite::sm4_sm3;
    if (!read_number(take(line, ' '), 16, id.mark) || !read_secret(line, key.secret) || mark_of(key.secret) != id.mark)
        return false;
    const bool ascending = out.empty() || out.rbegin()->first.number < id.number;
    return ascending && out.size() < most_keys && out.emplace(id, std::move(key)).second;
}

class FileHolder final : public KeyHolder {
public:
    FileHolder(std::filesystem::path path, MasterKeys keys) : path_(std::move(path)), keys_(std::move(keys)) {}

    [[nodiscard]] std::vector<KeyId> keys() const override {
        const std::lock_guard lock(mutex_);
        std::vector<KeyId> out;
        for (const auto& [id, key] : keys_) out.push_back(id);
        return out;
    }

    base::Result<std::string> wrap(KeyId with, std::string_view owner, const Secret& secret) override {
        const std::lock_guard lock(mutex_);
        const auto master = find(with);
        if (!master) return tl::unexpected(master.error());
        const Bytes bytes = SecretAccess::bytes(secret);
        return seal(master->key, master->suite, owner, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }

    base::Result<Secret> unwrap(KeyId with, std::string_view owner, std::string_view wrapped) override {
        const std::lock_guard lock(mutex_);
        const auto master = find(with);
        if (!master) return tl::unexpected(master.error());
        auto plain = open(master->key, owner, wrapped);
        if (!plain) return tl::unexpected(std::move(plain.error()));
        if (plain->size() != Secret::size) return base::fail("sealed-unreadable", "this is no wrapped key");
        Secret secret = Secret::copy_of(*plain);
        wipe(*plain);
        return secret;
    }

    base::Result<KeyId> add() override {
        const std::lock_guard lock(mutex_);
        auto secret = Secret::random();
        if (!secret) return tl::unexpected(std::move(secret.error()));
        const KeyId id{keys_.rbegin()->first.number + 1, mark_of(*secret)};
        keys_.emplace(id, MasterKey{keys_.rbegin()->second.suite, std::move(*secret)});
        auto saved = save();
        if (saved) return id;
        keys_.erase(id);
        return tl::unexpected(std::move(saved.error()));
    }

    base::Result<void> remove(KeyId id) override {
        const std::lock_guard lock(mutex_);
        if (!keys_.contains(id) || id == keys_.rbegin()->first)
            return base::fail("key-missing", "only a master key that is there and is not the newest can be removed");
        auto node = keys_.extract(id);
        auto saved = save();
        if (!saved) keys_.insert(std::move(node));
        return saved;
    }

private:
    struct Found {
        Suite suite;
        DataKey key;
    };
    base::Result<Found> find(KeyId id) const {
        const auto at = keys_.find(id);
        if (at == keys_.end())
            return base::fail(
                "key-missing",
                fmt::format(
                    "master key {} ({:016x}) is not in the key file: restore the file that belongs to this data",
                    id.number, id.mark),
                path_.string());
        const Bytes bytes = SecretAccess::bytes(at->second.secret);
        auto key = DataKey::of(Secret::copy_of({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
        if (!key) return tl::unexpected(std::move(key.error()));
        return Found{at->second.suite, std::move(*key)};
    }
    base::Result<void> save() const {
        std::string text = write_master_keys(keys_);
        auto written = write_secret_file(path_, text, true);
        wipe(text);
        return written;
    }

    std::filesystem::path path_;
    mutable std::mutex mutex_;
    MasterKeys keys_;
};

}  // namespace

std::uint64_t mark_of(const Secret& secret) {
    const auto mac = hmac("SHA256", SecretAccess::bytes(secret), "shoumen master key mark");
    std::uint64_t mark = 0;
    for (std::size_t i = 0; mac && i < 8; ++i) mark = (mark << 8U) | static_cast<std::uint8_t>((*mac)[i]);
    return mark;
}

std::string write_master_keys(const MasterKeys& keys) {
    std::string out;
    out.reserve(most_keys * 110);  // never moved, so that no copy of a key is left behind
    out.append(head).append("\n");
    for (const auto& [id, key] : keys) {
        fmt::format_to(std::back_inserter(out), "{} {} {:016x} ", id.number, word_of_suite(key.suite), id.mark);
        for (const std::uint8_t b : SecretAccess::bytes(key.secret)) {
            out.push_back("0123456789abcdef"[b >> 4U]);
            out.push_back("0123456789abcdef"[b & 15U]);
        }
        out.push_back('\n');
    }
    return out;
}

base::Result<MasterKeys> read_master_keys(std::string_view text, const std::string& where) {
    MasterKeys keys;
    if (take(text, '\n') != head)
        return base::fail("key-file-refused", fmt::format("does not begin with the line \"{}\"", head), where);
    for (std::size_t line = 2; !text.empty(); ++line)
        if (!read_line(take(text, '\n'), keys))
            return base::fail("key-file-refused", "not a master key, or changed: restore the key file from its backup",
                              fmt::format("{}:{}", where, line));
    if (keys.empty())
        return base::fail("key-file-refused", "holds no key: restore the key file from its backup", where);
    return keys;
}

base::Result<std::unique_ptr<KeyHolder>> create_key_file(const std::filesystem::path& path, Suite suite) {
    auto secret = Secret::random();
    if (!secret) return tl::unexpected(std::move(secret.error()));
    MasterKeys keys;
    const KeyId id{1, mark_of(*secret)};
    keys.emplace(id, MasterKey{suite, std::move(*secret)});
    std::string text = write_master_keys(keys);
    auto written = write_secret_file(path, text, false);
    wipe(text);
    if (!written) return tl::unexpected(std::move(written.error()));
    return std::make_unique<FileHolder>(path, std::move(keys));
}

base::Result<std::unique_ptr<KeyHolder>> open_key_file(const std::filesystem::path& path) {
    auto text = read_secret_file(path);
    if (!text) return tl::unexpected(std::move(text.error()));
    auto keys = read_master_keys(*text, path.string());
    wipe(*text);
    if (!keys) return tl::unexpected(std::move(keys.error()));
    return std::make_unique<FileHolder>(path, std::move(*keys));
}

}  // namespace shoumen::protect

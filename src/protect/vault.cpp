#include "protect/vault.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ciphers.hpp"
#include "secret_file.hpp"

namespace shoumen::protect {
namespace {

constexpr std::string_view mark = "\xf5S\x01";
constexpr std::string_view head = "shoumen data keys 1";
constexpr std::string_view backup_head = "shoumen keys backup 1\n";
constexpr std::string_view backup_context = "keys-backup";
constexpr std::size_t longest_owner = 200;
constexpr std::size_t longest_list = std::size_t{1} << 30U;
constexpr std::size_t open_at_once = 4'096;
constexpr auto master_name = "master.key";
constexpr auto list_name = "data.keys";

auto refused(const std::filesystem::path& path, std::string what) {
    return base::fail("key-file-refused", std::move(what), path.string());
}

std::string hex_of(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<std::uint8_t>(c));
    return out;
}

std::optional<std::string> of_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        std::uint8_t byte = 0;
        const auto [end, error] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
        if (error != std::errc{} || end != hex.data() + i + 2) return std::nullopt;
        out.push_back(static_cast<char>(byte));
    }
    return out;
}

std::string_view take(std::string_view& text, char until) {
    const std::size_t end = std::min(text.find(until), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

base::Result<void> make_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return refused(folder, fmt::format("cannot be made: {}", std::strerror(errno)));
    struct stat s{};
    if (::lstat(folder.c_str(), &s) != 0 || !S_ISDIR(s.st_mode)) return refused(folder, "is no folder");
    if (s.st_uid != ::geteuid()) return refused(folder, "belongs to another user: chown it to the program's");
    if ((s.st_mode & 077) != 0) return refused(folder, "may be entered by others: chmod 700");
    return {};
}

// The lock; its number is let go of when the process ends.
base::Result<int> hold(const std::filesystem::path& folder) {
    const auto path = folder / "lock";
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return refused(path, fmt::format("cannot be made: {}", std::strerror(errno)));
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    ::close(fd);
    return base::fail("keys-in-use", "another process holds these keys: stop the node first", folder.string());
}

base::Result<std::unique_ptr<KeyHolder>> holder_of(const VaultPlace& place, bool create) {
    if (place.module) return open_key_module(*place.module, create);
    const auto path = place.folder / master_name;
    return create ? create_key_file(path, place.suite) : open_key_file(path);
}

base::Result<Secret> secret_of(std::string_view passphrase, std::string_view salt) {
    std::array<char, Secret::size> out{};
    if (::sodium_init() < 0 ||
        ::crypto_pwhash(reinterpret_cast<unsigned char*>(out.data()), out.size(), passphrase.data(), passphrase.size(),
                        reinterpret_cast<const unsigned char*>(salt.data()), crypto_pwhash_OPSLIMIT_MODERATE,
                        std::size_t{64} << 20U, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return base::fail("crypto-unavailable", "the passphrase cannot be worked on: is there 64 MB of memory?");
    Secret secret = Secret::copy_of({out.data(), out.size()});
    ::sodium_memzero(out.data(), out.size());
    return secret;
}

void put_part(std::string& out, std::string_view part) {
    out += fmt::format("{}\n", part.size());
    out += part;
}

// The list of keys without those of owners erased since, and with a line for each that says so.
std::string without_erased(std::string_view list, const ErasedOwners& erased) {
    std::string out;
    const std::set<std::string>* gone = nullptr;
    while (!list.empty()) {
        const auto line = take(list, '\n');
        std::string_view rest = line;
        const auto word = take(rest, ' ');
        const std::string owner(take(rest, ' '));
        if (word == "id") {
            if (const auto it = erased.find(owner); it != erased.end()) gone = &it->second;
        }
        if (word == "key" && gone && gone->contains(owner)) continue;
        out.append(line).append("\n");
    }
    if (gone) {
        for (const auto& owner : *gone) out += fmt::format("erased {}\n", owner);
    }
    return out;
}

std::optional<std::string_view> take_part(std::string_view& in) {
    const auto text = take(in, '\n');
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size() || n > in.size()) return std::nullopt;
    const auto part = in.substr(0, n);
    in.remove_prefix(n);
    return part;
}

}  // namespace

bool Vault::is_there(const std::filesystem::path& folder) {
    std::error_code ignored;
    return std::filesystem::exists(folder / list_name, ignored);
}

base::Result<std::unique_ptr<Vault>> Vault::create(const VaultPlace& place) {
    if (auto made = make_folder(place.folder); !made) return tl::unexpected(std::move(made.error()));
    auto lock = hold(place.folder);
    if (!lock) return tl::unexpected(std::move(lock.error()));
    // A first start that was cut off left a master key and no list: nothing was sealed with it.
    std::error_code ignored;
    const bool begun = !place.module && std::filesystem::exists(place.folder / master_name, ignored);
    auto holder = holder_of(place, !begun);
    const auto id = random_text(16);
    if (!holder || !id) {
        ::close(*lock);
        return holder ? tl::unexpected(base::Error{"crypto-unavailable", "no random numbers", {}})
                      : tl::unexpected(std::move(holder.error()));
    }
    std::unique_ptr<Vault> vault(new Vault(place.folder, KeyRing(std::move(*holder)), *lock));
    vault->id_ = hex_of(*id);
    vault->suite_ = place.suite;
    if (auto written = vault->rewrite(); !written) return tl::unexpected(std::move(written.error()));
    return vault;
}

base::Result<std::unique_ptr<Vault>> Vault::open(const VaultPlace& place) {
    if (!is_there(place.folder))
        return base::fail("keys-missing", "there are no keys here; bring them back: shoumen keys restore",
                          place.folder.string());
    if (auto good = make_folder(place.folder); !good) return tl::unexpected(std::move(good.error()));
    auto lock = hold(place.folder);
    if (!lock) return tl::unexpected(std::move(lock.error()));
    auto holder = holder_of(place, false);
    if (!holder) {
        ::close(*lock);
        return tl::unexpected(std::move(holder.error()));
    }
    std::unique_ptr<Vault> vault(new Vault(place.folder, KeyRing(std::move(*holder)), *lock));
    if (auto done = vault->read(); !done) return tl::unexpected(std::move(done.error()));
    return vault;
}

Vault::~Vault() {
    if (lock_ >= 0) ::close(lock_);
}

base::Result<void> Vault::read() {
    const auto path = folder_ / list_name;
    auto content = read_secret_file(path, longest_list);
    if (!content) return tl::unexpected(std::move(content.error()));
    std::string_view rest = *content;
    const auto damaged = [&] { return refused(path, "is damaged: bring the keys back from their backup"); };
    if (take(rest, '\n') != head) return damaged();
    bool cut = false;
    while (!rest.empty()) {
        // The last line may be half there, from a power cut: what it was for was never handed out.
        if (rest.find('\n') == std::string_view::npos) {
            cut = true;
            break;
        }
        std::string_view line = take(rest, '\n');
        const auto word = take(line, ' ');
        const std::string owner(take(line, ' '));
        if (word == "id") {
            id_ = owner;
        } else if (word == "suite") {
            suite_ = owner == "sm4-sm3" ? Suite::sm4_sm3 : Suite::aes_gcm;
        } else if (word == "key") {
            auto wrapped = of_hex(line);
            if (!wrapped || !is_owner(owner)) return damaged();
            if (!erased_.contains(owner)) wrapped_[owner] = std::move(*wrapped);
        } else if (word == "erased") {
            wrapped_.erase(owner);
            erased_.insert(owner);
        } else {
            return damaged();
        }
    }
    if (id_.empty()) return damaged();
    // One of them tells whether the master key is the right one.
    if (!wrapped_.empty()) {
        if (const auto opened = ring_.unwrap(wrapped_.begin()->first, wrapped_.begin()->second); !opened)
            return tl::unexpected(opened.error());
    }
    return cut ? rewrite() : base::Result<void>{};
}

base::Result<void> Vault::rewrite() {
    std::string out = fmt::format("{}\nid {}\nsuite {}\n", head, id_, suite_ == Suite::sm4_sm3 ? "sm4-sm3" : "aes-gcm");
    for (const auto& [owner, wrapped] : wrapped_) out += fmt::format("key {} {}\n", owner, hex_of(wrapped));
    for (const auto& owner : erased_) out += fmt::format("erased {}\n", owner);
    return write_secret_file(folder_ / list_name, out, true);
}

base::Result<void> Vault::append(const std::string& line) { return append_secret_file(folder_ / list_name, line); }

bool Vault::is_sealed(std::string_view bytes) { return bytes.starts_with(mark); }

bool Vault::is_owner(std::string_view owner) {
    return !owner.empty() && owner.size() <= longest_owner &&
           std::ranges::all_of(owner, [](char c) { return c > ' ' && c < '\x7f'; });
}

base::Result<std::string> Vault::owner_of(std::string_view sealed) {
    const auto unreadable = [] { return base::fail("sealed-unreadable", "these bytes do not say whose they are"); };
    if (!is_sealed(sealed) || sealed.size() < mark.size() + 2) return unreadable();
    sealed.remove_prefix(mark.size());
    const std::size_t n = static_cast<std::uint8_t>(sealed[0]) * 256U + static_cast<std::uint8_t>(sealed[1]);
    const auto owner = sealed.substr(2, n);
    if (owner.size() != n || !is_owner(owner)) return unreadable();
    return std::string(owner);
}

base::Result<std::shared_ptr<const DataKey>> Vault::key_of(std::string_view owner, bool make) {
    if (erased_.contains(owner)) return base::fail("erased", "whose this was has been erased", std::string(owner));
    if (const auto it = open_.find(owner); it != open_.end()) return it->second;
    if (open_.size() >= open_at_once) open_.clear();
    if (const auto it = wrapped_.find(owner); it != wrapped_.end()) {
        auto key = ring_.unwrap(owner, it->second);
        if (!key) return tl::unexpected(std::move(key.error()));
        return open_.emplace(owner, std::make_shared<const DataKey>(std::move(*key))).first->second;
    }
    if (!make) return base::fail("key-missing", "the key is not among those of this node", std::string(owner));
    if (!is_owner(owner)) return base::fail("key-missing", "no such owner", std::string(owner));
    auto made = ring_.make(owner);
    if (!made) return tl::unexpected(std::move(made.error()));
    if (auto done = append(fmt::format("key {} {}\n", owner, hex_of(made->wrapped))); !done)
        return tl::unexpected(std::move(done.error()));
    wrapped_.emplace(owner, std::move(made->wrapped));
    return open_.emplace(owner, std::make_shared<const DataKey>(std::move(made->key))).first->second;
}

base::Result<std::shared_ptr<const DataKey>> Vault::key(std::string_view owner) {
    const std::lock_guard lock(mutex_);
    return key_of(owner, true);
}

base::Result<std::shared_ptr<const DataKey>> Vault::known_key(std::string_view owner) {
    const std::lock_guard lock(mutex_);
    return key_of(owner, false);
}

base::Result<void> Vault::make_keys(const std::vector<std::string>& owners) {
    const std::lock_guard lock(mutex_);
    std::map<std::string, WrappedKey, std::less<>> made;
    std::string lines;
    for (const auto& owner : owners) {
        if (!is_owner(owner)) return base::fail("key-missing", "no such owner", owner);
        if (erased_.contains(owner) || wrapped_.contains(owner) || made.contains(owner)) continue;
        auto fresh = ring_.make(owner);
        if (!fresh) return tl::unexpected(std::move(fresh.error()));
        lines += fmt::format("key {} {}\n", owner, hex_of(fresh->wrapped));
        made.emplace(owner, std::move(fresh->wrapped));
    }
    if (made.empty()) return {};
    if (auto done = append(lines); !done) return done;
    wrapped_.merge(made);
    return {};
}

base::Result<std::string> Vault::seal(std::string_view owner, std::string_view context, std::string_view plain) {
    const auto key = this->key(owner);
    if (!key) return tl::unexpected(key.error());
    auto sealed = protect::seal(**key, suite_, context, plain);
    if (!sealed) return sealed;
    std::string out(mark);
    out.push_back(static_cast<char>(owner.size() / 256));
    out.push_back(static_cast<char>(owner.size() % 256));
    return out.append(owner).append(*sealed);
}

base::Result<std::string> Vault::open(std::string_view context, std::string_view bytes) {
    if (!is_sealed(bytes)) return std::string(bytes);
    const auto owner = owner_of(bytes);
    if (!owner) return owner;
    std::shared_ptr<const DataKey> key;
    {
        const std::lock_guard lock(mutex_);
        auto found = key_of(*owner, false);
        if (!found) return tl::unexpected(std::move(found.error()));
        key = std::move(*found);
    }
    return protect::open(*key, context, bytes.substr(mark.size() + 2 + owner->size()));
}

void Vault::write_down_erasures(std::filesystem::path list) {
    const std::lock_guard lock(mutex_);
    list_of_erased_ = std::move(list);
}

base::Result<void> Vault::erase(std::string_view owner) {
    const std::lock_guard lock(mutex_);
    if (!is_owner(owner)) return base::fail("key-missing", "no such owner", std::string(owner));
    if (erased_.contains(owner)) return {};
    if (!list_of_erased_.empty()) {
        if (auto done = add_erased(list_of_erased_, id_, owner); !done) return done;
    }
    auto had = wrapped_.extract(std::string(owner));
    open_.erase(std::string(owner));
    erased_.emplace(owner);
    auto done = rewrite();
    if (done) return {};
    erased_.erase(std::string(owner));
    if (had) wrapped_.insert(std::move(had));
    return done;
}

bool Vault::is_erased(std::string_view owner) const {
    const std::lock_guard lock(mutex_);
    return erased_.contains(owner);
}

std::vector<std::string> Vault::erased() const {
    const std::lock_guard lock(mutex_);
    return {erased_.begin(), erased_.end()};
}

std::vector<std::string> Vault::owners(std::string_view prefix) const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (auto it = wrapped_.lower_bound(prefix); it != wrapped_.end() && it->first.starts_with(prefix); ++it)
        out.push_back(it->first);
    return out;
}

std::size_t Vault::size() const {
    const std::lock_guard lock(mutex_);
    return wrapped_.size();
}

base::Result<KeyId> Vault::rotate() {
    const std::lock_guard lock(mutex_);
    const auto old = ring_.keys();
    const auto fresh = ring_.rotate();
    if (!fresh) return fresh;
    for (auto& [owner, wrapped] : wrapped_) {
        auto again = ring_.rewrap(owner, wrapped);
        if (!again) return tl::unexpected(std::move(again.error()));
        wrapped = std::move(*again);
    }
    if (auto done = rewrite(); !done) return tl::unexpected(std::move(done.error()));
    for (const KeyId id : old) {
        if (auto gone = ring_.remove(id); !gone) return tl::unexpected(std::move(gone.error()));
    }
    return fresh;
}

base::Result<std::string> Vault::backup(const std::filesystem::path& folder, std::string_view passphrase) {
    if (passphrase.size() < shortest_passphrase)
        return base::fail("passphrase-short", fmt::format("a passphrase has {} bytes or more", shortest_passphrase));
    if (!is_there(folder)) return base::fail("keys-missing", "there are no keys here", folder.string());
    // The list first: a data key is never ahead of the master key that wraps it.
    auto list = read_secret_file(folder / list_name, longest_list);
    if (!list) return list;
    std::string master;
    std::error_code ignored;
    if (std::filesystem::exists(folder / master_name, ignored)) {
        auto read = read_secret_file(folder / master_name);
        if (!read) return read;
        master = std::move(*read);
    }
    if (const auto end = list->rfind('\n'); end != std::string::npos) list->resize(end + 1);
    std::string plain;
    put_part(plain, *list);
    put_part(plain, master);
    wipe(master);
    const auto salt = random_text(crypto_pwhash_SALTBYTES);
    if (!salt) return base::fail("crypto-unavailable", "no random numbers");
    auto secret = secret_of(passphrase, *salt);
    if (!secret) return tl::unexpected(std::move(secret.error()));
    const auto key = DataKey::of(std::move(*secret));
    if (!key) return tl::unexpected(key.error());
    const auto sealed = protect::seal(*key, Suite::aes_gcm, backup_context, plain);
    wipe(plain);
    if (!sealed) return sealed;
    return std::string(backup_head) + *salt + *sealed;
}

base::Result<void> Vault::restore(const std::filesystem::path& folder, std::string_view backup,
                                  std::string_view passphrase, const ErasedOwners& erased) {
    std::error_code ignored;
    if (is_there(folder) || std::filesystem::exists(folder / master_name, ignored))
        return base::fail("keys-there", "there are keys here already; move them away first", folder.string());
    if (!backup.starts_with(backup_head) || backup.size() < backup_head.size() + crypto_pwhash_SALTBYTES)
        return base::fail("backup-damaged", "this is no backup of keys");
    backup.remove_prefix(backup_head.size());
    auto secret = secret_of(passphrase, backup.substr(0, crypto_pwhash_SALTBYTES));
    if (!secret) return tl::unexpected(std::move(secret.error()));
    const auto key = DataKey::of(std::move(*secret));
    if (!key) return tl::unexpected(key.error());
    auto plain = protect::open(*key, backup_context, backup.substr(crypto_pwhash_SALTBYTES));
    if (!plain) return base::fail("wrong-passphrase", "the passphrase is not right, or the file was changed");
    std::string_view rest = *plain;
    const auto list = take_part(rest);
    const auto master = list ? take_part(rest) : std::nullopt;
    if (!master) return base::fail("backup-damaged", "this is no backup of keys");
    auto done = make_folder(folder);
    if (done && !master->empty()) done = write_secret_file(folder / master_name, *master, false);
    if (done) done = write_secret_file(folder / list_name, without_erased(*list, erased), false);
    wipe(*plain);
    return done;
}

}  // namespace shoumen::protect

#include "keys.hpp"

#include <cstdlib>
#include <filesystem>

#include <fmt/core.h>

#include "protect/password.hpp"
#include "store/files/posix.hpp"

namespace shoumen::app {
namespace {

int refuse(const base::Error& e) {
    fmt::print(stderr, "shoumen keys: {}{}{}: {}\n", e.where, e.where.empty() ? "" : ": ", e.code, e.message);
    return cannot_run;
}

base::Result<std::string> passphrase_of(const std::string& file) {
    if (!file.empty()) {
        auto text = store::posix_files().read(file);
        if (text) {
            while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
        }
        return text;
    }
    if (const char* text = std::getenv("SHOUMEN_PASSPHRASE"); text && *text) return std::string(text);
    return base::fail("passphrase-missing", "name a file with the passphrase, or set SHOUMEN_PASSPHRASE",
                      "--passphrase-file");
}

std::string picture_context(const base::Digest& sha256) { return "picture/" + base::to_hex(sha256); }

}  // namespace

protect::VaultPlace vault_place(const KeyOptions& keys, const Place& place) {
    protect::VaultPlace out;
    out.folder = keys.folder.empty() ? std::filesystem::path(place.data) / "keys" : std::filesystem::path(keys.folder);
    if (!keys.module.empty()) out.module = protect::KeyModule{keys.module, keys.token, keys.pin_file};
    out.suite = keys.suite == "sm4-sm3" ? protect::Suite::sm4_sm3 : protect::Suite::aes_gcm;
    return out;
}

base::Result<std::unique_ptr<protect::Vault>> open_vault(ports::Store& store, const KeyOptions& keys,
                                                         const Place& place) {
    auto reader = store.reader();
    if (!reader) return tl::unexpected(reader.error());
    const auto mark = (*reader)->meta(keys_mark);
    if (!mark) return tl::unexpected(mark.error());
    const auto at = vault_place(keys, place);
    if (!*mark && !protect::Vault::is_there(at.folder)) {
        auto made = protect::Vault::create(at);
        if (!made) return made;
        ports::CommitUnit unit;
        unit.records.push_back(ports::MetaPut{std::string(keys_mark), (*made)->id()});
        if (auto done = store.commit(unit); !done) return tl::unexpected(std::move(done.error()));
        return made;
    }
    if (!protect::Vault::is_there(at.folder))
        return base::fail("keys-missing",
                          "this database was sealed with keys that are not here. Bring them back from their backup "
                          "(shoumen keys restore), or name where they are (--keys DIR); without them nothing that "
                          "people wrote and no picture can be read",
                          at.folder.string());
    auto vault = protect::Vault::open(at);
    if (!vault) return vault;
    if (*mark && **mark != (*vault)->id())
        return base::fail("keys-other", "these are the keys of another node; this database was sealed with others",
                          at.folder.string());
    if (!*mark) {
        ports::CommitUnit unit;
        unit.records.push_back(ports::MetaPut{std::string(keys_mark), (*vault)->id()});
        if (auto done = store.commit(unit); !done) return tl::unexpected(std::move(done.error()));
    }
    return vault;
}

std::filesystem::path erased_path(const KeyOptions& keys, const Place& place) {
    return keys.erased.empty() ? std::filesystem::path(place.data) / "erased" : std::filesystem::path(keys.erased);
}

base::Result<std::size_t> settle_erased(protect::Vault& vault, const std::filesystem::path& list) {
    const auto all = protect::read_erased(list);
    if (!all) return tl::unexpected(all.error());
    const auto it = all->find(vault.id());
    const auto known = it == all->end() ? std::set<std::string>{} : it->second;
    std::size_t came_back = 0;
    for (const auto& owner : known) {
        if (vault.is_erased(owner)) continue;
        ++came_back;
        if (auto done = vault.erase(owner); !done) return tl::unexpected(std::move(done.error()));
    }
    for (const auto& owner : vault.erased()) {
        if (known.contains(owner)) continue;
        if (auto done = protect::add_erased(list, vault.id(), owner); !done)
            return tl::unexpected(std::move(done.error()));
    }
    return came_back;
}

base::Result<base::Digest> SealedEvidence::put(std::string_view bytes) {
    const auto digest = base::sha256(bytes);
    const auto context = picture_context(digest);
    const auto sealed = vault_.seal(context, context, bytes);
    if (!sealed) return tl::unexpected(sealed.error());
    if (auto done = files_.put_as(digest, *sealed); !done) return tl::unexpected(std::move(done.error()));
    return digest;
}

base::Result<std::string> SealedEvidence::get(const base::Digest& sha256) {
    const auto stored = files_.get(sha256);
    if (!stored) return stored;
    auto bytes = vault_.open(picture_context(sha256), *stored);
    if (bytes && base::sha256(*bytes) != sha256)
        return base::fail("data-damaged", "a picture is not what its name says; bring it back from a backup");
    return bytes;
}

base::Result<void> SealedEvidence::remove(const base::Digest& sha256) {
    if (auto done = vault_.erase(picture_context(sha256)); !done) return done;
    return files_.remove(sha256);
}

int keys_backup(const KeyOptions& keys, const Place& place, const std::string& to, const std::string& passphrase_file) {
    const auto passphrase = passphrase_of(passphrase_file);
    if (!passphrase) return refuse(passphrase.error());
    const auto made = protect::Vault::backup(vault_place(keys, place).folder, *passphrase);
    if (!made) return refuse(made.error());
    std::error_code ignored;
    if (std::filesystem::exists(to, ignored)) return refuse({"backup-not-empty", "this file is there already", to});
    auto& files = store::posix_files();
    auto done = files.make_file(to);
    if (done) done = files.write(to, *made);
    if (!done) return refuse(done.error());
    fmt::print("keys backed up to {}: keep it apart from backups of the data, and the passphrase apart from both\n",
               to);
    return fine;
}

int keys_restore(const KeyOptions& keys, const Place& place, const std::string& from,
                 const std::string& passphrase_file) {
    const auto passphrase = passphrase_of(passphrase_file);
    if (!passphrase) return refuse(passphrase.error());
    const auto bytes = store::posix_files().read(from);
    if (!bytes) return refuse(bytes.error());
    const auto folder = vault_place(keys, place).folder;
    const auto list = erased_path(keys, place);
    const auto erased = protect::read_erased(list);
    if (!erased) return refuse(erased.error());
    if (auto done = protect::Vault::restore(folder, *bytes, *passphrase, *erased); !done) return refuse(done.error());
    fmt::print("keys restored into {}\n", folder.string());
    if (erased->empty())
        fmt::print(
            "nothing says who has been erased since this backup: {} is not there or empty. Whoever was comes back "
            "with these keys; bring the list here before the node starts, or name it: --erased FILE\n",
            list.string());
    return fine;
}

int keys_rotate(const KeyOptions& keys, const Place& place) {
    if (!protect::start_crypto()) return refuse({"no-crypto", "the system gives no random numbers", ""});
    auto vault = protect::Vault::open(vault_place(keys, place));
    if (!vault) return refuse(vault.error());
    const auto fresh = (*vault)->rotate();
    if (!fresh) return refuse(fresh.error());
    fmt::print(
        "a new master key, number {}; {} data keys wrapped anew, the old master keys are gone. Back the keys up "
        "now: shoumen keys backup\n",
        fresh->number, (*vault)->size());
    return fine;
}

}  // namespace shoumen::app

#include "store/sqlite/backup.hpp"

#include <algorithm>
#include <cerrno>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/files/evidence.hpp"
#include "store/files/posix.hpp"
#include "store/files/snapshots.hpp"
#include "store/sql/reader.hpp"
#include "store/sql/rows.hpp"
#include "store/sql/statements.hpp"

#include "connection.hpp"
#include "manifest.hpp"
#include "names.hpp"
#include "schema.hpp"

namespace shoumen::store {
namespace {

using base::Result;

constexpr int pages_at_a_time = 512;

// A file as one piece of memory, so that a large one is hashed and copied without being read into it.
class Mapped {
public:
    static Result<Mapped> open(const std::string& path) {
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) return tl::unexpected(error_of_system(errno, "read " + path));
        struct stat info{};
        Mapped mapped;
        const bool known = ::fstat(fd, &info) == 0;
        mapped.size_ = known ? static_cast<std::size_t>(info.st_size) : 0;
        if (mapped.size_ > 0) mapped.data_ = ::mmap(nullptr, mapped.size_, PROT_READ, MAP_PRIVATE, fd, 0);
        const int fault = errno;
        ::close(fd);
        if (!known || mapped.data_ == MAP_FAILED) {
            mapped.data_ = nullptr;
            return tl::unexpected(error_of_system(fault, "read " + path));
        }
        if (mapped.data_) (void)::madvise(mapped.data_, mapped.size_, MADV_SEQUENTIAL);
        return mapped;
    }
    ~Mapped() {
        if (data_) ::munmap(data_, size_);
    }
    Mapped(Mapped&& other) noexcept : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
    Mapped& operator=(Mapped&&) = delete;

    [[nodiscard]] std::string_view bytes() const {
        return data_ ? std::string_view(static_cast<const char*>(data_), size_) : std::string_view();
    }

private:
    Mapped() = default;
    void* data_ = nullptr;
    std::size_t size_ = 0;
};

Result<void> expect_empty(const std::string& folder, const char* code, const char* what) {
    const auto names = posix_files().list(folder);
    if (!names) return tl::unexpected(names.error());
    if (names->empty()) return {};
    return base::fail(code, fmt::format("{} is not empty; {}", folder, what));
}

std::string folder_of(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

void tell(const Progress& progress, double part) {
    if (progress) progress(part);
}

// --- Copying a database ------------------------------------------------------------------------------------------

Result<void> copy_pages(Connection& from, Connection& to, const Progress& progress) {
    sqlite3_backup* copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (!copy) return tl::unexpected(to.error(sqlite3_extended_errcode(to.handle()), "copy to"));
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(copy, pages_at_a_time);
        const int all = sqlite3_backup_pagecount(copy);
        if (all > 0) tell(progress, 0.8 * (1.0 - static_cast<double>(sqlite3_backup_remaining(copy)) / all));
    }
    const int finished = sqlite3_backup_finish(copy);
    if (code == SQLITE_DONE) code = finished;
    if (code != SQLITE_OK) return tl::unexpected(to.error(code, "copy to"));
    return {};
}

// Opened for writing, as copying takes that; the reader's transaction keeps the source at one moment however long it
// takes, and keeps SQLite from beginning anew at each commit.
Result<void> copy_database(const std::string& source, const std::string& target, const Progress& progress) {
    auto from = Connection::open(source, {});
    if (!from) return tl::unexpected(std::move(from.error()));
    if (auto done = (*from)->run("BEGIN"); !done) return done;
    // Reads, so that the moment is fixed. An older schema is copied as it is: before an update is when people take a
    // backup.
    const auto checked = check_schema(**from, migrations());
    if (!checked && checked.error().code != "schema-older") return checked;
    auto to = Connection::open(target, {.writes = true});
    if (!to) return tl::unexpected(std::move(to.error()));
    // The copy is nobody's before its manifest is written: made durable once, at the end.
    if (auto done = (*to)->run("PRAGMA synchronous = OFF"); !done) return done;
    if (auto done = copy_pages(**from, **to, progress); !done) return done;
    // One file: a log beside it could be left behind. The store turns it on again when it opens.
    const auto mode = (*to)->value("PRAGMA journal_mode = DELETE");
    if (!mode) return tl::unexpected(mode.error());
    return {};
}

Result<void> sync_file(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = fd >= 0 && ::fsync(fd) == 0;
    const int fault = errno;
    if (fd >= 0) ::close(fd);
    if (!done) return tl::unexpected(error_of_system(fault, "bring to disk " + path));
    return {};
}

Result<void> check_whole(Connection& db) {
    const auto said = db.value("PRAGMA quick_check(1)");
    if (!said) return tl::unexpected(said.error());
    if (*said != "ok") return base::fail("data-damaged", "the database is damaged; restore it from an older backup");
    return {};
}

// --- Backup ------------------------------------------------------------------------------------------------------

class Backup {
public:
    Backup(std::string data_dir, std::string target, const Progress& progress)
        : data_dir_(std::move(data_dir)), target_(std::move(target)), progress_(progress) {}

    Result<BackupReport> run();

private:
    Result<void> copy_snapshot();
    Result<void> add_database();
    Result<void> copy_evidence();
    Result<void> copy_piece(const base::Digest& sha256);
    Result<void> read_head();
    void add(const std::string& path, std::string_view bytes);
    Result<void> finish();

    const std::string data_dir_;
    const std::string target_;
    const Progress& progress_;
    Manifest manifest_;
    BackupReport report_;
};

Result<BackupReport> Backup::run() {
    auto& files = posix_files();
    auto done = expect_empty(target_, "backup-not-empty", "name a folder that does not exist yet");
    // Before anything is made there: is there something to back up?
    if (auto source = Connection::open(database_in(data_dir_), {}); done && !source)
        return tl::unexpected(std::move(source.error()));
    if (done) done = files.make_folder(target_);
    // Before the database, so that it never is ahead of it.
    if (done) done = copy_snapshot();
    if (done) done = files.make_file(database_in(target_));
    if (done) done = copy_database(database_in(data_dir_), database_in(target_), progress_);
    if (done) done = add_database();
    if (done) done = copy_evidence();
    if (done) done = finish();
    if (!done) return tl::unexpected(std::move(done.error()));
    return report_;
}

void Backup::add(const std::string& path, std::string_view bytes) {
    manifest_.entries.push_back({path, base::sha256(bytes)});
    ++report_.files;
    report_.bytes += bytes.size();
}

Result<void> Backup::copy_snapshot() {
    // One that is being replaced this very moment is left out: it only saves time at the first start.
    const auto newest = SnapshotFiles(data_dir_).newest_file();
    if (!newest || !*newest) return {};
    const auto& [name, bytes] = **newest;
    auto done = posix_files().make_folder(target_ + "/snapshots");
    if (done) done = posix_files().write(target_ + "/snapshots/" + name, bytes);
    if (done) done = posix_files().sync_folder(target_ + "/snapshots");
    if (done) add("snapshots/" + name, bytes);
    return done;
}

Result<void> Backup::add_database() {
    const auto path = database_in(target_);
    if (auto done = sync_file(path); !done) return done;
    const auto bytes = Mapped::open(path);
    if (!bytes) return tl::unexpected(bytes.error());
    add(std::string(database_name), bytes->bytes());
    return read_head();
}

Result<void> Backup::read_head() {
    auto copy = Connection::open(database_in(target_), {});
    if (!copy) return tl::unexpected(std::move(copy.error()));
    if (auto done = check_whole(**copy); !done) return done;
    const auto head = SqlReader(std::move(*copy), 0).head(0);
    if (!head) return tl::unexpected(head.error());
    manifest_.next_seq = report_.next_seq = head->next_seq;
    return {};
}

Result<void> Backup::copy_evidence() {
    auto copy = Connection::open(database_in(target_), {});
    if (!copy) return tl::unexpected(std::move(copy.error()));
    Query query(**copy, sql::all_evidence);
    const auto rows = all<ports::EvidenceRow>(query, evidence_of);
    if (!rows) return tl::unexpected(rows.error());
    std::set<std::string> folders;
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if ((*rows)[i].removed.is_set()) continue;
        const auto& hash = (*rows)[i].sha256;
        if (auto done = copy_piece(hash); !done) return done;
        folders.insert(folder_of(target_ + "/" + EvidenceDirectory::relative_path(hash)));
        tell(progress_, 0.8 + 0.2 * static_cast<double>(i + 1) / static_cast<double>(rows->size()));
    }
    for (const auto& folder : folders) {
        if (auto done = posix_files().sync_folder(folder); !done) return done;
    }
    return {};
}

Result<void> Backup::copy_piece(const base::Digest& sha256) {
    const auto path = EvidenceDirectory::relative_path(sha256);
    const auto bytes = EvidenceDirectory(data_dir_).get(sha256);
    if (!bytes && bytes.error().code == "file-missing")
        return base::fail("file-missing",
                          fmt::format("the database names {}/{}, and it is not there; bring it back from an older "
                                      "backup",
                                      data_dir_, path));
    if (!bytes) return tl::unexpected(bytes.error());
    const auto target = target_ + "/" + path;
    auto done = posix_files().make_folder(folder_of(target));
    if (done) done = posix_files().write(target, *bytes);
    if (done) add(path, *bytes);
    return done;
}

Result<void> Backup::finish() {
    auto done = posix_files().sync_folder(target_);
    if (done) done = posix_files().write(target_ + "/" + std::string(manifest_name), text_of(manifest_));
    if (done) done = posix_files().sync_folder(target_);
    if (done) tell(progress_, 1);
    return done;
}

// --- Restore -----------------------------------------------------------------------------------------------------

base::Error not_as_written(const std::string& path) {
    return {"backup-damaged", fmt::format("{} is missing or not as it was written; take another backup", path), {}};
}

class Restore {
public:
    Restore(std::string backup, std::string data_dir, const Progress& progress)
        : backup_(std::move(backup)), data_dir_(std::move(data_dir)), progress_(progress) {}

    Result<BackupReport> run();

private:
    Result<Manifest> read_manifest();
    Result<void> check_source();
    Result<void> copy_all();
    Result<void> copy(const ManifestEntry& entry);
    Result<void> check_database();

    const std::string backup_;
    const std::string data_dir_;
    const Progress& progress_;
    Manifest manifest_;
    BackupReport report_;
};

Result<BackupReport> Restore::run() {
    auto manifest = read_manifest();
    if (!manifest) return tl::unexpected(std::move(manifest.error()));
    manifest_ = std::move(*manifest);
    report_.next_seq = manifest_.next_seq;
    const auto mark = data_dir_ + "/" + std::string(restore_mark);

    auto& files = posix_files();
    auto done = check_source();
    if (done)
        done = expect_empty(data_dir_, "restore-not-empty", "name an empty directory, or move away what is there");
    if (done) done = files.make_folder(data_dir_);
    if (done) done = files.make_file(mark);
    if (done) done = files.sync_folder(data_dir_);
    if (done) done = copy_all();
    if (done) done = check_database();
    if (done) done = files.sync_folder(data_dir_);
    if (done) done = files.remove(mark);
    if (done) done = files.sync_folder(data_dir_);
    if (!done) return tl::unexpected(std::move(done.error()));
    tell(progress_, 1);
    return report_;
}

Result<Manifest> Restore::read_manifest() {
    const auto text = posix_files().read(backup_ + "/" + std::string(manifest_name));
    if (text) return parse_manifest(*text);
    if (text.error().code != "file-missing") return tl::unexpected(text.error());
    return base::fail("backup-incomplete", fmt::format("{} holds no {}: it is no backup, or one that was not finished",
                                                       backup_, manifest_name));
}

// Before anything is made in the data directory: a database the program cannot use is refused.
Result<void> Restore::check_source() {
    auto db = Connection::open(database_in(backup_), {});
    if (!db) return tl::unexpected(not_as_written(database_in(backup_)));
    auto checked = check_schema(**db, migrations());
    // An older one is brought up to date when it is opened; one that cannot be read is told by its hash below.
    if (!checked && checked.error().code == "schema-newer") return checked;
    return {};
}

Result<void> Restore::copy_all() {
    for (std::size_t i = 0; i < manifest_.entries.size(); ++i) {
        if (auto done = copy(manifest_.entries[i]); !done) return done;
        tell(progress_, static_cast<double>(i + 1) / static_cast<double>(manifest_.entries.size()));
    }
    return {};
}

Result<void> Restore::copy(const ManifestEntry& entry) {
    const auto source = Mapped::open(backup_ + "/" + entry.path);
    if (!source || base::sha256(source->bytes()) != entry.sha256)
        return tl::unexpected(not_as_written(backup_ + "/" + entry.path));
    const auto target = data_dir_ + "/" + entry.path;
    auto done = posix_files().make_folder(folder_of(target));
    if (done) done = posix_files().write(target, source->bytes());
    if (done) done = posix_files().sync_folder(folder_of(target));
    ++report_.files;
    report_.bytes += source->bytes().size();
    return done;
}

Result<void> Restore::check_database() {
    auto db = Connection::open(database_in(data_dir_), {});
    if (!db) return tl::unexpected(std::move(db.error()));
    return check_whole(**db);
}

}  // namespace

Result<BackupReport> backup(const std::string& data_dir, const std::string& target, const Progress& progress) {
    return Backup(data_dir, target, progress).run();
}

Result<BackupReport> restore(const std::string& from, const std::string& data_dir, const Progress& progress) {
    return Restore(from, data_dir, progress).run();
}

}  // namespace shoumen::store

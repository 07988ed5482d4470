#include "support/fault_vfs.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <new>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "support/fault_files.hpp"

namespace shoumen::support {
namespace {

// --- Locks and shared memory of one life -------------------------------------------------------------------------

// The locks of a database file, over all connections: levels as in sqlite3.h, each holder known by its address.
struct FileLocks {
    std::map<const void*, int> levels;

    int lock(const void* who, int wanted) {
        auto& mine = levels[who];
        if (mine >= wanted) return SQLITE_OK;
        int others = SQLITE_LOCK_NONE;
        for (const auto& [holder, level] : levels) {
            if (holder != who) others = std::max(others, level);
        }
        if (wanted == SQLITE_LOCK_SHARED && others >= SQLITE_LOCK_PENDING) return SQLITE_BUSY;
        if (wanted == SQLITE_LOCK_RESERVED && others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
        if (wanted == SQLITE_LOCK_EXCLUSIVE) {
            if (others >= SQLITE_LOCK_RESERVED) return SQLITE_BUSY;
            if (others >= SQLITE_LOCK_SHARED) {
                mine = SQLITE_LOCK_PENDING;  // no new readers from now on
                return SQLITE_BUSY;
            }
        }
        mine = wanted;
        return SQLITE_OK;
    }
};

struct Slot {
    int shared = 0;
    const void* exclusive = nullptr;
};

struct SharedMemory {
    std::vector<std::unique_ptr<char[]>> regions;
    std::array<Slot, SQLITE_SHM_NLOCK> slots;
    int users = 0;
};

struct Shared {
    std::mutex mutex;
    std::map<std::string, FileLocks> locks;
    std::map<std::string, std::shared_ptr<SharedMemory>> memory;
    std::uint64_t life = 0;

    // A new life knows nothing of the locks of the last one.
    void enter(std::uint64_t now) {
        if (life == now) return;
        locks.clear();
        memory.clear();
        life = now;
    }
};

// --- One open file -----------------------------------------------------------------------------------------------

struct Open {
    FaultDisk* disk = nullptr;
    std::shared_ptr<Shared> shared;
    FaultDisk::Handle file;
    std::string path;
    std::uint64_t life = 0;
    bool sync_name = false;  // the system's VFS syncs the folder with the first sync of a new journal or log
    bool delete_on_close = false;
    bool nameless = false;
    std::shared_ptr<SharedMemory> memory;
    unsigned shared_slots = 0;
    unsigned exclusive_slots = 0;
};

struct SqliteFile {
    sqlite3_file base;
    Open* open;
};

thread_local int last_error = 0;

// As a system call would leave it.
int fault(int system, int code) {
    errno = last_error = system;
    return code;
}

int code_of(Outcome outcome, int otherwise) {
    if (outcome == Outcome::done) return SQLITE_OK;
    return outcome == Outcome::no_room ? fault(ENOSPC, SQLITE_FULL) : fault(EIO, otherwise);
}

Open& opened(sqlite3_file* file) { return *reinterpret_cast<SqliteFile*>(file)->open; }

void leave_memory(Open& open) {
    if (!open.memory) return;
    for (unsigned i = 0; i < SQLITE_SHM_NLOCK; ++i) {
        if (open.shared_slots & (1U << i)) --open.memory->slots[i].shared;
        if (open.exclusive_slots & (1U << i)) open.memory->slots[i].exclusive = nullptr;
    }
    open.shared_slots = open.exclusive_slots = 0;
    if (--open.memory->users == 0) {
        const auto found = open.shared->memory.find(open.path);
        if (found != open.shared->memory.end() && found->second == open.memory) open.shared->memory.erase(found);
    }
    open.memory.reset();
}

int close_file(sqlite3_file* file) {
    auto* const open = &opened(file);
    {
        const std::lock_guard lock(open->shared->mutex);
        leave_memory(*open);
        if (open->life == open->shared->life) open->shared->locks[open->path].levels.erase(open);
    }
    if (open->delete_on_close && !open->nameless) (void)open->disk->remove(open->path, open->life);
    delete open;
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    auto& open = opened(file);
    std::size_t got = 0;
    const auto wanted = static_cast<std::size_t>(size);
    const auto outcome =
        open.disk->read(open.file, static_cast<std::uint64_t>(offset), static_cast<char*>(out), wanted, got, open.life);
    if (outcome != Outcome::done) return code_of(outcome, SQLITE_IOERR_READ);
    if (got == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    auto& open = opened(file);
    const std::string_view view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return code_of(open.disk->write(open.file, static_cast<std::uint64_t>(offset), view, open.life),
                   SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& open = opened(file);
    return code_of(open.disk->truncate(open.file, static_cast<std::uint64_t>(size), open.life), SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
    auto& open = opened(file);
    auto outcome = open.disk->sync(open.file, open.life);
    if (outcome == Outcome::done && open.sync_name) {
        outcome = open.disk->sync_folder(FaultDisk::folder_of(open.path), open.life);
        open.sync_name = outcome != Outcome::done;
    }
    return code_of(outcome, SQLITE_IOERR_FSYNC);
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    auto& open = opened(file);
    *size = static_cast<sqlite3_int64>(open.disk->size(open.file));
    return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
    auto& open = opened(file);
    const std::lock_guard lock(open.shared->mutex);
    if (open.life != open.shared->life) return SQLITE_IOERR_LOCK;
    return open.shared->locks[open.path].lock(&open, level);
}

int unlock_file(sqlite3_file* file, int level) {
    auto& open = opened(file);
    const std::lock_guard lock(open.shared->mutex);
    if (open.life != open.shared->life) return SQLITE_OK;
    auto& mine = open.shared->locks[open.path].levels[&open];
    mine = std::min(mine, level);
    return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* reserved) {
    auto& open = opened(file);
    const std::lock_guard lock(open.shared->mutex);
    *reserved = 0;
    for (const auto& [holder, level] : open.shared->locks[open.path].levels)
        *reserved |= level >= SQLITE_LOCK_RESERVED ? 1 : 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
// As the system's VFS: a write harms nothing beside it.
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int map_memory(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    auto& open = opened(file);
    const std::lock_guard lock(open.shared->mutex);
    *out = nullptr;
    if (open.life != open.shared->life || open.disk->is_off()) return SQLITE_IOERR_SHMMAP;
    if (!open.memory) {
        auto& memory = open.shared->memory[open.path];
        if (!memory) memory = std::make_shared<SharedMemory>();
        open.memory = memory;
        ++memory->users;
    }
    auto& regions = open.memory->regions;
    const auto wanted = static_cast<std::size_t>(region);
    while (extend && regions.size() <= wanted)
        regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    if (wanted < regions.size()) *out = regions[wanted].get();
    return SQLITE_OK;
}

int lock_memory(sqlite3_file* file, int offset, int n, int flags) {
    auto& open = opened(file);
    const std::lock_guard lock(open.shared->mutex);
    if (!open.memory || open.life != open.shared->life) return SQLITE_IOERR_SHMLOCK;
    auto& slots = open.memory->slots;
    const auto first = static_cast<unsigned>(offset);
    const auto end = first + static_cast<unsigned>(n);
    for (unsigned i = first; i < end && (flags & SQLITE_SHM_LOCK); ++i) {
        const unsigned bit = 1U << i;
        if (slots[i].exclusive && slots[i].exclusive != &open) return SQLITE_BUSY;
        const int others = slots[i].shared - ((open.shared_slots & bit) ? 1 : 0);
        if ((flags & SQLITE_SHM_EXCLUSIVE) && others > 0) return SQLITE_BUSY;
    }
    for (unsigned i = first; i < end; ++i) {
        const unsigned bit = 1U << i;
        const bool has_shared = (open.shared_slots & bit) != 0;
        if (flags & SQLITE_SHM_UNLOCK) {
            if (has_shared) --slots[i].shared;
            open.shared_slots &= ~bit;
            if (open.exclusive_slots & bit) slots[i].exclusive = nullptr;
            open.exclusive_slots &= ~bit;
        } else if (flags & SQLITE_SHM_SHARED) {
            if (!has_shared) ++slots[i].shared;
            open.shared_slots |= bit;
        } else {
            slots[i].exclusive = &open;
            open.exclusive_slots |= bit;
        }
    }
    return SQLITE_OK;
}

void memory_barrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

int unmap_memory(sqlite3_file* file, int) {
    auto& open = opened(file);
    const std::lock_guard lock(open.shared->mutex);
    leave_memory(open);
    return SQLITE_OK;
}

const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_reserved,
    .xFileControl = file_control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_memory,
    .xShmLock = lock_memory,
    .xShmBarrier = memory_barrier,
    .xShmUnmap = unmap_memory,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

// --- The VFS -----------------------------------------------------------------------------------------------------

struct Registered {
    FaultDisk* disk = nullptr;
    std::shared_ptr<Shared> shared;
    std::atomic<std::uint64_t> nameless{0};
};

Registered& registered(sqlite3_vfs* vfs) { return *static_cast<Registered*>(vfs->pAppData); }

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
    auto& self = registered(vfs);
    file->pMethods = nullptr;
    auto open = std::make_unique<Open>();
    open->disk = self.disk;
    open->shared = self.shared;
    open->life = self.disk->life();
    open->nameless = name == nullptr;
    open->path = name ? std::string(name) : fmt::format("/nameless-{}", self.nameless.fetch_add(1));
    open->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    {
        const std::lock_guard lock(self.shared->mutex);
        self.shared->enter(open->life);
    }
    bool created = false;
    const auto outcome =
        self.disk->open(open->path, (flags & SQLITE_OPEN_CREATE) != 0, open->life, open->file, created);
    if (outcome == Outcome::missing) return fault(ENOENT, SQLITE_CANTOPEN);
    if (outcome != Outcome::done) return code_of(outcome, SQLITE_CANTOPEN);
    const int journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL;
    open->sync_name = created && (flags & journals) != 0;
    if (out_flags) *out_flags = flags;
    reinterpret_cast<SqliteFile*>(file)->open = open.release();
    file->pMethods = &methods;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto& disk = *registered(vfs).disk;
    const auto life = disk.life();
    const auto outcome = disk.remove(name, life);
    if (outcome == Outcome::missing) return SQLITE_IOERR_DELETE_NOENT;
    if (outcome != Outcome::done) return code_of(outcome, SQLITE_IOERR_DELETE);
    if (!sync_folder) return SQLITE_OK;
    return code_of(disk.sync_folder(FaultDisk::folder_of(name), life), SQLITE_IOERR_DIR_FSYNC);
}

int access_file(sqlite3_vfs* vfs, const char* name, int, int* yes) {
    *yes = registered(vfs).disk->exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
    if (static_cast<int>(std::strlen(name)) >= size) return SQLITE_CANTOPEN;
    std::strcpy(out, name);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int size, char* out) {
    for (int i = 0; i < size; ++i) out[i] = static_cast<char>(registered(vfs).disk->random());
    return size;
}

int sleep_for(sqlite3_vfs*, int microseconds) {
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    return microseconds;
}

// A clock is of no matter to what is tested here; it must not differ from run to run.
int current_time(sqlite3_vfs*, double* julian_day) {
    *julian_day = 2'460'000.5;
    return SQLITE_OK;
}

int get_last_error(sqlite3_vfs*, int, char*) { return last_error; }

}  // namespace

struct FaultVfs::Impl {
    std::string name;
    std::unique_ptr<ports::Files> files;
    Registered registered;
    sqlite3_vfs vfs{};
};

FaultVfs::FaultVfs(std::uint64_t seed) : FaultDisk(seed), impl_(std::make_unique<Impl>()) {
    static std::atomic<std::uint64_t> count{0};
    impl_->name = fmt::format("fault-{}", count.fetch_add(1));
    impl_->files = files_on(*this);
    impl_->registered.disk = this;
    impl_->registered.shared = std::make_shared<Shared>();
    impl_->vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(SqliteFile),
        .mxPathname = 512,
        .pNext = nullptr,
        .zName = impl_->name.c_str(),
        .pAppData = &impl_->registered,
        .xOpen = open_file,
        .xDelete = delete_file,
        .xAccess = access_file,
        .xFullPathname = full_path,
        .xDlOpen = nullptr,
        .xDlError = nullptr,
        .xDlSym = nullptr,
        .xDlClose = nullptr,
        .xRandomness = randomness,
        .xSleep = sleep_for,
        .xCurrentTime = current_time,
        .xGetLastError = get_last_error,
    };
    sqlite3_vfs_register(&impl_->vfs, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&impl_->vfs); }

const std::string& FaultVfs::name() const { return impl_->name; }

ports::Files& FaultVfs::files() { return *impl_->files; }

}  // namespace shoumen::support

// A disk in memory on which everything can go wrong, as exactly as wanted: the power, the room, single writes, the
// speed.
//
// It keeps apart what has been written and what has been synced. When the power goes, what was not synced is lost,
// kept, kept in part or torn, as the seed will have it, file by file, sector by sector; the same for names that were
// made, renamed or removed without syncing their folder. After restart() the files are what is on the disk then, and
// whatever was open before is dead.
//
// A failed sync is as on Linux: what it was to bring to disk may be there or not, and no later sync brings it unless it
// is written anew.
//
// Any thread. Not a file system in full: no links, no rights; folders need not be empty to be left alone.
#pragma once
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace shoumen::support {

enum class Outcome {
    done,
    missing,    // no such file
    power_off,  // also for what was opened before the power went
    no_room,
    fault,  // an error of the device
};

class FaultDisk {
public:
    struct File;  // its content, whatever its name
    using Handle = std::shared_ptr<File>;
    static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

    explicit FaultDisk(std::uint64_t seed);
    ~FaultDisk();

    // --- What goes wrong -----------------------------------------------------------------------------------------

    // The power goes during the n-th operation from now (1: the next one). Operations are all that change the disk:
    // write, truncate, sync, make, rename, remove.
    void cut_after(std::uint64_t operations);
    void cut();  // now
    [[nodiscard]] bool is_off() const;
    // Power again: decides what has survived. Without a cut before it, it is one.
    void restart();
    // Counts restarts; what was opened in an earlier one is dead.
    [[nodiscard]] std::uint64_t life() const;

    [[nodiscard]] std::uint64_t operations() const;
    [[nodiscard]] std::uint64_t syncs() const;

    // How many bytes all files together may have. They may have more already.
    void set_room(std::uint64_t bytes);
    [[nodiscard]] std::uint64_t used() const;
    // After `good` further writes (or syncs), the next `bad` ones fail.
    void fail_writes(std::uint64_t good, std::uint64_t bad = 1);
    void fail_syncs(std::uint64_t good, std::uint64_t bad = 1);
    void slow_down(std::chrono::microseconds a_write, std::chrono::microseconds a_sync);

    // --- What programs do. `life` is that in which they began -------------------------------------------------------

    Outcome open(const std::string& path, bool create, std::uint64_t life, Handle& file, bool& created);
    Outcome read(const Handle& file, std::uint64_t offset, char* out, std::size_t size, std::size_t& got,
                 std::uint64_t life);
    Outcome write(const Handle& file, std::uint64_t offset, std::string_view bytes, std::uint64_t life);
    Outcome truncate(const Handle& file, std::uint64_t size, std::uint64_t life);
    Outcome sync(const Handle& file, std::uint64_t life);
    [[nodiscard]] std::uint64_t size(const Handle& file) const;

    Outcome make_folder(const std::string& path, std::uint64_t life);
    Outcome rename(const std::string& from, const std::string& to, std::uint64_t life);
    Outcome remove(const std::string& path, std::uint64_t life);
    Outcome sync_folder(const std::string& path, std::uint64_t life);
    [[nodiscard]] bool exists(const std::string& path) const;
    [[nodiscard]] std::vector<std::string> list(const std::string& folder) const;  // names, sorted

    // Changes bytes behind everybody's back, durable at once.
    void damage(const std::string& path, std::uint64_t offset, std::string_view bytes);

    std::uint64_t random();

    static std::string folder_of(const std::string& path);

private:
    struct NameChange {
        std::string folder;
        std::vector<std::pair<std::string, Handle>> names;  // null: removed
    };
    struct Countdown {
        std::uint64_t good = unlimited;
        std::uint64_t bad = 0;
        bool strikes();
    };
    using Names = std::map<std::string, Handle>;

    // Counts an operation. False: it must not be done at all. `last`: it is the one during which the power goes.
    bool begin_operation(std::uint64_t life, bool& last);
    [[nodiscard]] std::uint64_t used_locked() const;
    void note(NameChange change);
    void survive_names();
    void survive_content(File& file);
    void drop_unreachable();
    std::string garbled(std::string_view before, std::string_view after);

    mutable std::mutex mutex_;
    base::SeededRandom random_;
    Names now_;
    Names safe_;
    std::vector<NameChange> unsynced_names_;
    std::uint64_t life_ = 0;
    std::uint64_t operations_ = 0;
    std::uint64_t syncs_ = 0;
    std::uint64_t cut_at_ = unlimited;
    bool off_ = false;
    std::uint64_t room_ = unlimited;
    Countdown bad_writes_;
    Countdown bad_syncs_;
    std::chrono::microseconds write_takes_{0};
    std::chrono::microseconds sync_takes_{0};
};

}  // namespace shoumen::support

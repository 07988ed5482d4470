// What is kept of devices besides the community directory: their life, the work on them, and what has been seen of
// devices nobody knows. Rows of ports/store.hpp; words are those of room `upkeep`.
//
// Lists are pages by key: those above `after`, at most `limit` (1 … 20,000), ascending.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::ports {

// A device as a thing that was bought. One in the directory that has no row is in service.
struct DeviceRecordRow {
    std::string device;   // key: its code
    std::string stage;    // word: bought, installed, in_service, repair, retired
    std::string kind;     // word; empty: a gateway
    std::string place;    // code; empty: not said. What the directory says of a device counts before this
    std::string name;     // as it was handed in
    std::string gateway;  // code of the one that may speak for it
    std::string maker;
    std::string product;
    std::string serial;
    base::Time bought = base::Time::none();
    std::int64_t cost_fen = 0;
    base::Time installed = base::Time::none();
    base::Time since;         // in this stage
    std::uint64_t moves = 0;  // so many rows of DeviceMoveRow
};

// A step of its life. Never changed.
struct DeviceMoveRow {
    std::string device;     // key, with nth
    std::uint64_t nth = 0;  // 1, 2, 3 …
    base::Time at;
    std::string from;  // word; empty: it was not known before
    std::string to;
    std::string by;   // code of the person; empty: the system
    std::string why;  // sealed
};

// Something is wrong with a device, and somebody is to look.
struct WorkOrderRow {
    std::uint64_t id = 0;  // key; given by the shell
    std::string device;
    std::string finding;  // word
    std::string place;    // code of the building, where it lies in one
    std::string state;    // word: open, taken, done, dropped, passed
    base::Time found;
    base::Time last;          // found again
    std::uint64_t times = 1;  // found
    std::string detail;       // words and numbers
    std::string by;           // code of who took it
    base::Time taken = base::Time::none();
    base::Time ended = base::Time::never();
    std::string ended_by;
    std::string why;  // sealed: what was done, or why nothing was
    std::int64_t cost_fen = 0;
    std::uint64_t round = 0;  // the round it is done on; 0: none
};

// Devices that are looked at one after the other by a day.
struct RoundRow {
    std::uint64_t id = 0;  // key; given by the shell
    std::string kind;      // word: weekly, monthly
    std::string place;     // code
    base::Time from;
    base::Time due;
    std::string state;  // word: planned, done, dropped
    std::string by;     // who planned it; empty: it follows the one before it
    std::vector<std::string> devices;
    base::Time ended = base::Time::never();
    std::string ended_by;
};

// Somebody stood before a device of a round. A later tick takes the place of an earlier one.
struct TickRow {
    std::uint64_t round = 0;  // key, with device
    std::string device;
    base::Time at;
    std::string by;
    bool proven = false;
    std::string why;              // word: what is missing to prove it; empty: nothing
    std::int64_t distance_m = 0;  // from where the device hangs; -1: not known
};

// Alerts of these devices are held back on purpose.
struct QuietWindowRow {
    std::uint64_t id = 0;  // key; given by the shell
    std::vector<std::string> devices;
    base::Time from;
    base::Time until;
    std::string by;
    std::string why;  // sealed
    base::Time ended = base::Time::never();
    std::string ended_by;
};

// Somebody known spoke for a device nobody knows.
struct FoundDeviceRow {
    std::string device;   // key, with speaker: the code it was called by
    std::string speaker;  // code of the device whose token it came with
    std::string door;
    std::string kind;  // word, as it was said; empty: it was not
    base::Time first;
    base::Time last;
    std::uint64_t times = 1;
    std::string state;  // word: waiting, taken, left
};

class UpkeepReader {
public:
    virtual ~UpkeepReader() = default;
    virtual base::Result<std::vector<DeviceRecordRow>> device_records(std::string_view after, std::size_t limit) = 0;
    virtual base::Result<std::vector<DeviceMoveRow>> device_moves(
        std::string_view device) = 0;  // by nth, at most 20,000
    virtual base::Result<std::vector<WorkOrderRow>> work_orders(std::uint64_t after, std::size_t limit) = 0;
    virtual base::Result<std::vector<RoundRow>> rounds(std::uint64_t after, std::size_t limit) = 0;
    virtual base::Result<std::vector<TickRow>> ticks(std::uint64_t round) = 0;  // by device, at most 20,000
    virtual base::Result<std::vector<QuietWindowRow>> quiet_windows(std::uint64_t after, std::size_t limit) = 0;
    virtual base::Result<std::vector<FoundDeviceRow>> found_devices() = 0;  // by device, speaker; at most 20,000
};

}  // namespace shoumen::ports

// One connection of a fire panel's transmitter (GB/T 26875.3), without its socket: bytes in, answers out.
//
// - The standard knows no password. A connection comes from an address that was allowed (the Listener sees to that),
//   and a frame from a transmitter whose address is a gateway of the community; of anybody else frames are denied, and
//   what would have been a report is kept in the quarantine.
// - Each report becomes one Intake::submit(): for the part's own device, else for its system's, else for the
//   transmitter's (or the device of kind `link` under it). A frame is confirmed when all of it is on disk, never
//   before.
// - A frame that comes again (same transmitter, serial and time) has the same ids, so the core takes it once.
// - A wrong sum, or data that says one thing and holds another, is denied; what is no frame is passed over.
// - When the Intake is busy, consume() stops before that frame; the same bytes are offered again after progress.
//
// One thread: the door thread.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "doors/panel/frame.hpp"
#include "ports/intake.hpp"

namespace shoumen::doors::panel {

struct Counters {
    std::uint64_t connections = 0;  // now
    std::uint64_t connections_total = 0;
    std::uint64_t turned_away = 0;  // from an address that was not allowed, or too many
    std::uint64_t frames = 0;
    std::uint64_t garbage_bytes = 0;
    std::uint64_t wrong_sums = 0;
    std::uint64_t unknown = 0;  // frames of a transmitter that nobody has entered
    std::uint64_t reports = 0;
    std::uint64_t quarantined = 0;
    std::uint64_t confirmed = 0;
    std::uint64_t denied = 0;
    std::uint64_t stalls = 0;
};

// What the sessions of one listener have in common.
struct Common {
    explicit Common(ports::Intake& to) : intake(to) {}
    ports::Intake& intake;
    Counters counters;
    std::function<base::Time()> now = [] { return base::Time{}; };
    std::function<void(bool warning, std::string_view line)> log;
    std::uint64_t minute = 0;  // whichever; only that it changes counts
    unsigned kept_of_unknown = 0;
};

constexpr unsigned most_kept_of_unknown = 10;  // frames a minute

class Session {
public:
    Session(Common& common, std::string peer) : common_(common), peer_(std::move(peer)) {}

    struct Consumed {
        std::size_t bytes = 0;
        bool stalled = false;
    };
    Consumed consume(std::string_view bytes, std::string& out);
    // Confirms everything up to this ticket.
    void acknowledge(std::uint64_t committed, std::string& out);
    [[nodiscard]] bool waits_for_commit() const { return !waiting_.empty(); }
    // The connection ended: its transmitters are not reached any more. False: the Intake was busy; ask again.
    bool lost();
    [[nodiscard]] bool knows_somebody() const { return !transmitters_.empty(); }

private:
    struct Waiting {
        std::uint64_t ticket = 0;
        std::string answer;
    };

    bool take(const Frame& frame, std::string_view raw, std::string& out);
    // The last ticket; nullopt: busy.
    std::optional<std::uint64_t> submit(const Frame& frame, const ports::Speaker& speaker, const Report& report,
                                        std::size_t n, std::string_view raw);
    std::optional<ports::Speaker> transmitter(const std::string& address);
    bool tell(const ports::Speaker& speaker, bool online);
    void reply(const Frame& to, Command command, std::string& out);
    [[nodiscard]] std::string reply_of(const Frame& to, Command command) const;
    [[nodiscard]] base::Zone zone() const;

    Common& common_;
    std::string peer_;
    std::deque<Waiting> waiting_;
    std::set<std::string> transmitters_;  // that have spoken here
};

}  // namespace shoumen::doors::panel

// The seam between doors and shell for what devices say.
//
// A door hands in each payload with submit() or refuse(); both take a ticket. Tickets ascend; when committed() has
// reached a ticket, what came with it is on disk, and the door may acknowledge it. Nothing is acknowledged before.
// Threads: all calls on the door thread (the one io thread); the shell calls on_committed on that same thread.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "model/ids.hpp"
#include "model/policy.hpp"
#include "model/signal.hpp"
#include "ports/announced.hpp"

namespace shoumen::ports {

// The device a connection has proved to be.
struct Speaker {
    model::DeviceId device;
    bool is_gateway = false;  // may speak for devices registered under it
    // By what it speaks: stands for its credential and, where a door knows it, the address it comes from; and for what
    // it calls its session. The same device by two of these at once is two devices under one identity. 0: not said.
    std::uint64_t lane = 0;
    std::uint64_t session = 0;
};

// The lane that a credential's lane and something more make.
[[nodiscard]] inline std::uint64_t lane_with(std::uint64_t lane, std::string_view more) {
    return lane ^ (base::fast_hash(more) * 0x9e3779b97f4a7c15U);
}

enum class Admission : std::uint8_t {
    queued,       // will become an input
    quarantined,  // will be kept with its reason
    busy,         // nothing was taken: stop reading, or answer 429
};

// A payload for the quarantine: as it came or, when it was too large to hold, its head with what it measured whole.
struct RawPayload {
    std::string_view bytes;
    std::uint64_t size = 0;
    std::optional<base::Digest> hash;  // of the whole; none: bytes is the whole, or its end was never read
    std::string_view topic{};          // it was published on, where the door has topics

    RawPayload() = default;
    // A payload that is whole needs no more said of it. NOLINTBEGIN(google-explicit-constructor)
    RawPayload(std::string_view whole) : bytes(whole), size(whole.size()) {}
    RawPayload(const char* whole) : RawPayload(std::string_view(whole)) {}
    RawPayload(const std::string& whole) : RawPayload(std::string_view(whole)) {}
    // NOLINTEND(google-explicit-constructor)
    RawPayload(std::string_view head, std::uint64_t whole_size, std::optional<base::Digest> whole_hash)
        : bytes(head), size(whole_size), hash(whole_hash) {}
};

struct Submitted {
    Admission admission{};
    std::uint64_t ticket = 0;
    std::optional<base::Error> error;  // why it is quarantined
};

// What stands for a client certificate where a token would stand: this, and its fingerprint in hex. Doors make it of a
// certificate that was shown in a handshake, and refuse a token from outside that begins so.
constexpr std::string_view certificate_mark = "certificate:";

class Intake {
public:
    virtual ~Intake() = default;

    // Who has this token? By its text; nullopt: nobody, or revoked.
    virtual std::optional<Speaker> speaker(std::string_view token) = 0;
    virtual std::optional<model::DeviceId> device(std::string_view code) = 0;

    // `raw` is the payload as it came, for the quarantine.
    virtual Submitted submit(const Speaker& speaker, std::string_view door, const model::FlatSignal& signal,
                             const RawPayload& raw) = 0;
    // A payload that could not even be read.
    virtual Submitted refuse(const Speaker& speaker, std::string_view door, const base::Error& why,
                             const RawPayload& raw) = 0;

    // Devices that the speaker, a gateway, says are there under it. Those that nobody knows wait for whoever takes
    // devices in; how many of these do. What waits is bounded, so that no one speaker fills the room of all.
    virtual std::size_t announce(const Speaker& /*speaker*/, std::string_view /*door*/,
                                 std::span<const Announced> /*devices*/) {
        return 0;
    }

    // A picture that came with a signal of this device which has just been submitted. It becomes evidence of the
    // incident that the signal opens or feeds, if it does so soon, and is forgotten else. Nothing waits for it.
    virtual void picture(std::string_view /*device*/, std::string /*bytes*/) {}

    // The policy in force, for its maps; null: none yet. The doors' thread.
    [[nodiscard]] virtual std::shared_ptr<const model::Policy> policy() const { return {}; }

    // Everything with a ticket up to this one is on disk.
    virtual std::uint64_t committed() const = 0;
    // Called whenever committed() has grown, or when there is room again after `busy`. Several may be registered; they
    // stay until the Intake ends or the returned number is given to forget().
    virtual std::uint64_t on_progress(std::function<void()> call) = 0;
    virtual void forget(std::uint64_t registration) = 0;
};

}  // namespace shoumen::ports

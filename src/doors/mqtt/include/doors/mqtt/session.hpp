// The protocol of one connection, without its socket: bytes in, answers out.
//
//   before CONNECT ──CONNECT, token known──▶ open ──DISCONNECT──▶ over (the will is dropped)
//        │                                    │
//        └─no token, broken packet, timeout   └─broken packet, QoS 2, silence, lost line──▶ over (the will counts)
//
// - A PUBLISH on shoumen/v1/{device}/signal becomes one Intake::submit() for each signal in it; whatever cannot be
// read, or comes
//   on another topic, becomes one Intake::refuse(). Either way it has a ticket, and its PUBACK leaves in acknowledge()
//   when what has the ticket is on disk, never before.
// - After its PUBACK a packet id means nothing, and DUP is not looked at: ids are used again, and a message dropped for
// its id
//   might be an SOS. Repeats are told by the signal's own `id` alone.
// - When the Intake is busy, consume() stops before that packet and says `stalled`; the caller offers the same bytes
// again
//   after progress. Nothing is dropped, and nothing is answered out of order.
//
// - MQTT 3.1.1 and 5 are served alike; 5 is told more of why (docs/devices/mqtt.md). No session outlives its
// connection, so a
//   will delay never does either: the will counts at once.
//
// One thread: the door thread.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "doors/mqtt/codec.hpp"
#include "doors/payload/discovery.hpp"
#include "doors/payload/mapped.hpp"
#include "doors/payload/native.hpp"
#include "ports/intake.hpp"

namespace shoumen::doors::mqtt {

constexpr std::size_t max_connect_packet = 16'384;        // what somebody unknown may send
constexpr std::size_t max_whole_packet = 65'536 + 4'096;  // a larger packet is read in passing, its head kept
constexpr std::size_t max_packet = 16'777'216;            // a larger packet ends the connection
constexpr std::size_t kept_head = 4'096;                  // of a payload that is read in passing
constexpr std::uint16_t receive_maximum = 1'000;          // unacknowledged messages of one MQTT 5 connection
constexpr std::size_t most_commands_on_the_way = 20;      // of one connection
constexpr std::size_t most_subscriptions = 4'096;         // of one connection

struct Counters {
    std::uint64_t connections = 0;  // now
    std::uint64_t connections_total = 0;
    std::uint64_t signed_in_total = 0;
    std::uint64_t sign_in_refused = 0;
    std::uint64_t over_limit = 0;       // turned away: too many connections
    std::uint64_t protocol_faults = 0;  // connections closed for what they sent
    std::uint64_t timeouts = 0;         // connections closed for their silence
    std::uint64_t messages = 0;         // PUBLISH packets taken, wills too
    std::uint64_t signals = 0;          // handed to the shell
    std::uint64_t quarantined = 0;      // of them and of what could not be read
    std::uint64_t acknowledged = 0;     // PUBACKs sent
    std::uint64_t stalls = 0;           // times a connection had to wait because the shell was busy
    std::uint64_t wills = 0;            // submitted after a lost connection
    std::uint64_t wills_dropped = 0;
    std::uint64_t commands = 0;  // sent to devices
    std::uint64_t bytes_in = 0;
};

class Session;

// What the sessions of one listener have in common.
struct Common {
    explicit Common(ports::Intake& to) : intake(to) {}

    ports::Intake& intake;
    NativeReader reader;
    Topics topics;
    MappedReader mapped;
    Discovery discovery;
    Counters counters;
    std::deque<std::function<bool()>> waiting_wills;  // each answers whether it is done
    std::uint64_t instance = 0;                       // tells client ids given by this listener from those of another
    std::uint64_t given_clients = 0;
    // Called when a token has proved good; false: this device has too many connections.
    std::function<bool(Session&)> admit = [](Session&) { return true; };

    void submit_waiting_wills();
};

enum class Verdict : std::uint8_t {
    more,     // all whole packets are used up
    stalled,  // the Intake is busy: offer the rest again after progress
    close,    // answer what stands in `out`, then close; see why()
};

struct Consumed {
    std::size_t bytes = 0;  // used up; the rest is to be offered again, more behind it
    Verdict verdict = Verdict::more;
};

class Session {
public:
    // `certificate`: what stands for the certificate the device has shown (ports/intake.hpp); empty: none.
    explicit Session(Common& common, std::string certificate = {})
        : common_(common), certificate_(std::move(certificate)) {}

    // Where the connection comes from, as far as it is known; before it signs in.
    void comes_from(std::string address) { address_ = std::move(address); }

    // NativeReader::padding bytes behind `bytes` must be readable. Answers are appended to `out`.
    Consumed consume(std::string_view bytes, std::string& out);
    // How many bytes must be offered before consume() can go on; at least 1.
    [[nodiscard]] std::size_t needed() const { return needed_; }

    // PUBACKs for everything up to this ticket.
    void acknowledge(std::uint64_t committed, std::string& out);
    [[nodiscard]] bool waits_for_commit() const { return first_unacked_ < unacked_.size(); }

    // The connection ended otherwise than by the server's own stop. Submits the will, unless DISCONNECT was said.
    void lost();

    // DISCONNECT with its reason; nothing in MQTT 3.1.1, which has none from a server.
    void farewell(Reason code, std::string_view why, std::string& out) const;

    // A message on a topic that the device has subscribed to.
    enum class Sending : std::uint8_t { sent, not_subscribed, too_many };
    Sending send(std::string_view topic, std::string_view payload, std::string& out);
    [[nodiscard]] bool has_subscribed(std::string_view topic) const { return subscription(topic) != nullptr; }

    [[nodiscard]] bool signed_in() const { return speaker_.device.valid(); }
    [[nodiscard]] const ports::Speaker& speaker() const { return speaker_; }
    [[nodiscard]] std::string_view device() const { return device_; }  // code; empty before signing in
    [[nodiscard]] std::uint64_t client() const { return client_; }     // stands for the client id; 0: none was given
    [[nodiscard]] std::uint16_t keep_alive() const { return keep_alive_; }
    [[nodiscard]] const char* why() const { return why_; }  // after `close`; "": the device wished it
    [[nodiscard]] bool is_fault() const { return fault_; }
    [[nodiscard]] Reason fault_code() const { return fault_code_; }
    [[nodiscard]] Version version() const { return version_; }

    // Whether the token is still good.
    bool token_still_good();
    void set_lane();
    void trim();  // gives back memory that an idle session need not hold

private:
    struct Unacked {
        std::uint64_t ticket;
        std::uint16_t id;
    };
    struct Subscription {
        std::string topic;
        std::uint8_t qos;
    };
    struct KeptWill {
        std::string topic;
        std::string payload;
        std::size_t size;  // of the payload; padding follows
    };
    // A packet too large to be kept: its payload's head, and how much is still to come.
    struct Passing {
        std::string topic;
        std::string head;
        std::size_t payload_size = 0;
        std::size_t before_payload = 0;  // still to come before the payload begins
        base::RunningSha256 hash;
        std::optional<base::Digest> whole;
        std::size_t left = 0;
        std::uint16_t id = 0;
        std::uint8_t qos = 0;
        bool too_much = false;  // to be closed after its head
    };

    Verdict handle(const Frame& frame, std::string_view body, std::string& out);
    Verdict on_connect(std::string_view body, std::string& out);
    void note_client(const Connect& connect);
    [[nodiscard]] bool speaks_for(std::string_view device) const;
    [[nodiscard]] bool may_publish(std::string_view topic) const;
    Verdict check_will(const Will& will, std::string& out);
    void keep_will(const Will& will);
    void welcome(const Connect& connect, const std::string& given, std::string& out) const;
    [[nodiscard]] const Subscription* subscription(std::string_view topic) const;
    struct Granting;
    Granting grant(const Filter& filter);
    Verdict check_publish(const Publish& publish);
    Verdict on_puback(std::string_view body);
    Verdict on_disconnect(std::string_view body);
    [[nodiscard]] bool takes_token_as_user() const;
    Verdict sign_in_by_token(const Connect& connect, std::string& out);
    Verdict sign_in_by_certificate(const Connect& connect, std::string& out);
    Verdict admit(const ports::Speaker& speaker, std::string_view device, std::string_view token,
                  const Connect& connect, std::string& out);
    Verdict on_publish(const Frame& frame, std::string_view body);
    Verdict on_subscribe(const Frame& frame, std::string_view body, std::string& out);
    Verdict on_unsubscribe(const Frame& frame, std::string_view body, std::string& out);
    Verdict sign_in(const Connect& connect, std::string& out);
    Verdict answer_connect(ConnectCode code, Reason reason, const char* why, std::string& out);
    Verdict too_long_to_keep(const Frame& frame, std::string_view bytes, std::size_t& used);
    Verdict pass(std::string_view bytes, std::size_t& used);
    Verdict fault(const Fault& fault);
    Verdict fault(const char* reason, Reason code) { return fault(Fault{reason, code}); }
    void keep_unacked(std::uint64_t ticket, std::uint8_t qos, std::uint16_t id);

    Common& common_;
    ports::Speaker speaker_;
    std::string device_;
    std::string token_;
    std::string certificate_;
    std::string address_;
    std::vector<Unacked> unacked_;  // tickets ascend
    std::size_t first_unacked_ = 0;
    std::unique_ptr<KeptWill> will_;
    std::vector<Subscription> subscriptions_;
    std::vector<std::uint16_t> commands_;  // sent, not acknowledged by the device
    std::unique_ptr<Passing> passing_;
    const char* why_ = "";
    std::uint64_t client_ = 0;
    std::size_t needed_ = 1;
    std::uint32_t taken_ = 0;                    // signals of the stalled packet that were submitted already
    std::uint32_t longest_answer_ = UINT32_MAX;  // what the device takes in one packet
    std::uint16_t most_commands_ = most_commands_on_the_way;
    std::uint16_t last_command_ = 0;
    std::uint16_t keep_alive_ = 0;
    Version version_ = Version::v3;
    Reason fault_code_ = Reason::success;
    bool wants_reasons_ = true;
    bool fault_ = false;
};

}  // namespace shoumen::doors::mqtt

// Packets of MQTT 3.1.1 and 5 (OASIS standards, 29 October 2014 and 7 March 2019) from bytes and to bytes. Pure: no
// socket, no state.
//
// Reading is in two steps. read_frame() finds where a packet ends; it needs only the first two to five bytes. read_…()
// takes the packet's body apart; what it returns points into the body. A Fault is a breach of the protocol: the
// standard wants the connection closed, and `reason` is for the log and, in MQTT 5, for the device. Writing appends to
// a string, so that many packets leave in one write.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "doors/mqtt/properties.hpp"

namespace shoumen::doors::mqtt {

enum class PacketType : std::uint8_t {
    connect = 1,
    connack,
    publish,
    puback,
    pubrec,
    pubrel,
    pubcomp,
    subscribe,
    suback,
    unsubscribe,
    unsuback,
    pingreq,
    pingresp,
    disconnect,
};

enum class Version : std::uint8_t { v3, v5 };  // 3.1.1 and 5

// --- Reading -----------------------------------------------------------------------------------------------------

struct Frame {
    PacketType type{};
    std::uint8_t flags = 0;
    std::size_t header = 0;  // bytes before the body
    std::size_t body = 0;    // bytes of the body: at most 268,435,455
    [[nodiscard]] std::size_t size() const { return header + body; }
};

// nullopt: the header is not whole yet. The body need not be there.
Decoded<std::optional<Frame>> read_frame(std::string_view bytes);

struct Will {
    std::string_view topic;
    std::string_view payload;
    std::uint8_t qos = 0;
    bool retain = false;
};

struct Connect {
    std::uint8_t level = 0;  // 4 is MQTT 3.1.1, 5 is MQTT 5; with another one nothing below is set
    bool clean_session = false;
    std::uint16_t keep_alive = 0;  // seconds; 0: none
    Properties properties;
    std::string_view client_id;
    std::optional<Will> will;
    std::optional<std::string_view> user;
    std::optional<std::string_view> password;
    [[nodiscard]] Version version() const { return level == 5 ? Version::v5 : Version::v3; }
};

struct Publish {
    std::string_view topic;
    std::string_view payload;
    std::uint16_t id = 0;  // 0 for QoS 0
    std::uint8_t qos = 0;
    bool retain = false;
    bool dup = false;
};

struct Filter {
    std::string_view topic;
    std::uint8_t qos = 0;      // of SUBSCRIBE
    std::uint8_t options = 0;  // of SUBSCRIBE in MQTT 5, with the QoS in it
};

// SUBSCRIBE or UNSUBSCRIBE: at least one filter, all of them whole.
class Filters {
public:
    std::uint16_t id = 0;
    bool next(Filter& out);

private:
    friend Decoded<Filters> read_filters(const Frame& frame, std::string_view body, Version version);
    std::string_view rest_;
    Version version_ = Version::v3;
    bool with_options_ = false;
};

Decoded<Connect> read_connect(std::string_view body);
Decoded<Publish> read_publish(std::uint8_t flags, std::string_view body, Version version = Version::v3);
// The same where only the beginning of the body is there; `payload` is what there is of it. nullopt: what stands before
// the payload is not whole yet.
Decoded<std::optional<Publish>> read_publish_head(std::uint8_t flags, std::string_view beginning,
                                                  Version version = Version::v3);
Decoded<Filters> read_filters(const Frame& frame, std::string_view body, Version version = Version::v3);
// UNSUBACK and the other packets that are a packet id and nothing else.
Decoded<std::uint16_t> read_packet_id(std::string_view body);
struct Acknowledgement {
    std::uint16_t id = 0;
    Reason code = Reason::success;
};
Decoded<Acknowledgement> read_puback(std::string_view body, Version version);
struct Goodbye {
    Reason code = Reason::success;
    std::string_view reason;
};
Decoded<Goodbye> read_disconnect(std::string_view body, Version version);
struct Connack {
    bool session_present = false;
    std::uint8_t code = 0;
    Properties properties;
};
Decoded<Connack> read_connack(std::string_view body, Version version = Version::v3);

// --- Writing -----------------------------------------------------------------------------------------------------

enum class ConnectCode : std::uint8_t {
    accepted = 0,
    unacceptable_protocol = 1,
    identifier_rejected = 2,
    server_unavailable = 3,
    bad_user_or_password = 4,
    not_authorised = 5,
};
constexpr std::uint8_t subscription_refused = 0x80;

void write_connack(std::string& out, ConnectCode code);
void write_puback(std::string& out, std::uint16_t id);
void write_suback(std::string& out, std::uint16_t id, std::span<const std::uint8_t> granted);
void write_unsuback(std::string& out, std::uint16_t id);
void write_pingresp(std::string& out);

// MQTT 5. `reason` is left out where the packet would have more bytes than `limit`.
constexpr std::size_t no_limit = SIZE_MAX;
void write_connack5(std::string& out, Reason code, const Properties& properties, std::string_view reason = {},
                    std::size_t limit = no_limit);
// SUBACK or UNSUBACK.
void write_granted5(std::string& out, PacketType type, std::uint16_t id, std::span<const std::uint8_t> codes,
                    std::string_view reason = {}, std::size_t limit = no_limit);
void write_disconnect5(std::string& out, Reason code, std::string_view reason = {}, std::size_t limit = no_limit);

// What clients write. Texts are at most 65,535 bytes.
void write_connect(std::string& out, const Connect& connect);
void write_publish(std::string& out, const Publish& publish, Version version = Version::v3);
void write_subscribe(std::string& out, std::uint16_t id, std::span<const Filter> filters,
                     Version version = Version::v3);
void write_unsubscribe(std::string& out, std::uint16_t id, std::span<const Filter> filters,
                       Version version = Version::v3);
void write_pingreq(std::string& out);
void write_disconnect(std::string& out);

}  // namespace shoumen::doors::mqtt

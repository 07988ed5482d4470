// The properties of MQTT 5 packets (OASIS standard, 7 March 2019, section 2.2.2). Pure.
//
// Every property is held against the packet it stands in: one that is unknown, that does not belong there, or that
// comes twice is a fault. What nobody here looks at is checked and passed over.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace shoumen::doors::mqtt {

// Why a packet is refused, or a connection ended; MQTT 3.1.1 says none of it.
enum class Reason : std::uint8_t {
    success = 0x00,
    disconnect_with_will = 0x04,
    no_subscription_existed = 0x11,
    unspecified = 0x80,
    malformed_packet = 0x81,
    protocol_error = 0x82,
    bad_user_or_password = 0x86,
    not_authorised = 0x87,
    server_shutting_down = 0x8b,
    bad_authentication_method = 0x8c,
    keep_alive_timeout = 0x8d,
    session_taken_over = 0x8e,
    receive_maximum_exceeded = 0x93,
    topic_alias_invalid = 0x94,
    packet_too_large = 0x95,
    quota_exceeded = 0x97,
    retain_not_supported = 0x9a,
    qos_not_supported = 0x9b,
    shared_subscriptions_not_supported = 0x9e,
    subscription_identifiers_not_supported = 0xa1,
    wildcard_subscriptions_not_supported = 0xa2,
};

struct Fault {
    const char* reason;
    Reason code = Reason::malformed_packet;
};
template <class T>
using Decoded = tl::expected<T, Fault>;

enum class Where : std::uint16_t {
    connect = 1,
    will = 2,
    publish = 4,
    acknowledgement = 8,  // PUBACK
    subscribe = 16,
    unsubscribe = 32,
    disconnect = 64,
    connack = 128,
    granted = 256,  // SUBACK, UNSUBACK
};

struct Properties {
    std::optional<std::uint32_t> session_expiry;  // seconds
    std::optional<std::uint16_t> receive_maximum;
    std::optional<std::uint32_t> maximum_packet;
    std::optional<std::uint16_t> topic_alias;
    std::optional<std::uint16_t> topic_alias_maximum;
    std::optional<std::uint32_t> will_delay;  // seconds
    std::optional<std::uint8_t> maximum_qos;
    std::optional<bool> retain_available;
    std::optional<bool> wildcards_available;
    std::optional<bool> identifiers_available;
    std::optional<bool> shared_available;
    std::optional<std::string_view> assigned_client;
    std::optional<std::string_view> reason;
    bool wants_reasons = true;        // Request Problem Information
    bool has_authentication = false;  // Authentication Method or Data
    bool has_identifier = false;      // Subscription Identifier
};

// What stands after the properties' length.
Decoded<Properties> read_properties(std::string_view bytes, Where where);

// Length and properties. Those that are not set are not written.
void write_properties(std::string& out, const Properties& properties);

}  // namespace shoumen::doors::mqtt

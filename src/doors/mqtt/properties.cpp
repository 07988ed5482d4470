#include "doors/mqtt/properties.hpp"

#include <algorithm>
#include <array>

#include "body.hpp"

namespace shoumen::doors::mqtt {

namespace {

enum class Form : std::uint8_t { flag, u16, u32, length, text, bytes, pair };

struct Known {
    std::uint8_t id;
    Form form;
    unsigned where;
    bool repeats = false;
};

constexpr unsigned in(Where where) { return static_cast<unsigned>(where); }
template <class... More>
constexpr unsigned in(Where where, More... more) {
    return in(where) | in(more...);
}
constexpr unsigned message = in(Where::publish, Where::will);
constexpr unsigned both_hellos = in(Where::connect, Where::connack);

enum Id : std::uint8_t {
    session_expiry = 0x11,
    assigned_client = 0x12,
    authentication_method = 0x15,
    authentication_data = 0x16,
    wants_reasons = 0x17,
    will_delay = 0x18,
    reason = 0x1f,
    receive_maximum = 0x21,
    topic_alias_maximum = 0x22,
    topic_alias = 0x23,
    maximum_qos = 0x24,
    retain_available = 0x25,
    maximum_packet = 0x27,
    wildcards_available = 0x28,
    identifiers_available = 0x29,
    shared_available = 0x2a,
    subscription_identifier = 0x0b,
};

// Without those that only AUTH has.
constexpr auto table = std::to_array<Known>({
    {0x01, Form::flag, message},   // payload format
    {0x02, Form::u32, message},    // message expiry
    {0x03, Form::text, message},   // content type
    {0x08, Form::text, message},   // response topic
    {0x09, Form::bytes, message},  // correlation data
    {subscription_identifier, Form::length, in(Where::subscribe)},
    {session_expiry, Form::u32, both_hellos | in(Where::disconnect)},
    {assigned_client, Form::text, in(Where::connack)},
    {0x13, Form::u16, in(Where::connack)},  // the server's keep-alive
    {authentication_method, Form::text, both_hellos},
    {authentication_data, Form::bytes, both_hellos},
    {wants_reasons, Form::flag, in(Where::connect)},
    {will_delay, Form::u32, in(Where::will)},
    {0x19, Form::flag, in(Where::connect)},                     // wants response information
    {0x1a, Form::text, in(Where::connack)},                     // response information
    {0x1c, Form::text, in(Where::connack, Where::disconnect)},  // another server
    {reason, Form::text, in(Where::connack, Where::acknowledgement, Where::granted, Where::disconnect)},
    {receive_maximum, Form::u16, both_hellos},
    {topic_alias_maximum, Form::u16, both_hellos},
    {topic_alias, Form::u16, in(Where::publish)},
    {maximum_qos, Form::flag, in(Where::connack)},
    {retain_available, Form::flag, in(Where::connack)},
    {0x26, Form::pair, 0xffffU, true},  // user property
    {maximum_packet, Form::u32, both_hellos},
    {wildcards_available, Form::flag, in(Where::connack)},
    {identifiers_available, Form::flag, in(Where::connack)},
    {shared_available, Form::flag, in(Where::connack)},
});

struct Value {
    std::uint32_t number = 0;
    std::string_view text;
};

tl::unexpected<Fault> protocol_error(const char* why) { return tl::unexpected(Fault{why, Reason::protocol_error}); }

bool read_length(BodyReader& from, std::uint32_t& out) {
    out = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
        std::uint8_t digit = 0;
        if (!from.u8(digit)) return false;
        out |= static_cast<std::uint32_t>(digit & 0x7fU) << shift;
        if (digit < 0x80) return true;
    }
    return false;
}

Decoded<Value> read_value(BodyReader& from, Form form) {
    Value value;
    std::uint8_t byte = 0;
    std::uint16_t word = 0;
    bool there = false;
    switch (form) {
        case Form::flag:
            there = from.u8(byte);
            value.number = byte;
            break;
        case Form::u16:
            there = from.u16(word);
            value.number = word;
            break;
        case Form::u32:
            there = from.u32(value.number);
            break;
        case Form::length:
            there = read_length(from, value.number);
            break;
        case Form::text:
        case Form::bytes:
            there = from.bytes(value.text);
            break;
        case Form::pair:
            there = from.bytes(value.text);
            if (there && !is_text(value.text)) return tl::unexpected(Fault{bad_text});
            there = there && from.bytes(value.text);
            break;
    }
    if (!there) return tl::unexpected(Fault{"a property is shorter than its value"});
    if (form == Form::flag && value.number > 1) return protocol_error("a property that is 0 or 1 is something else");
    if ((form == Form::text || form == Form::pair) && !is_text(value.text)) return tl::unexpected(Fault{bad_text});
    return value;
}

Decoded<void> keep(Properties& out, std::uint8_t id, const Value& value) {
    const auto word = static_cast<std::uint16_t>(value.number);
    const bool yes = value.number != 0;
    switch (id) {
        case session_expiry:
            out.session_expiry = value.number;
            break;
        case assigned_client:
            out.assigned_client = value.text;
            break;
        case authentication_method:
        case authentication_data:
            out.has_authentication = true;
            break;
        case wants_reasons:
            out.wants_reasons = yes;
            break;
        case will_delay:
            out.will_delay = value.number;
            break;
        case reason:
            out.reason = value.text;
            break;
        case receive_maximum:
            if (!yes) return protocol_error("Receive Maximum is 0");
            out.receive_maximum = word;
            break;
        case topic_alias_maximum:
            out.topic_alias_maximum = word;
            break;
        case topic_alias:
            if (!yes) return tl::unexpected(Fault{"Topic Alias is 0", Reason::topic_alias_invalid});
            out.topic_alias = word;
            break;
        case maximum_qos:
            out.maximum_qos = static_cast<std::uint8_t>(value.number);
            break;
        case retain_available:
            out.retain_available = yes;
            break;
        case maximum_packet:
            if (!yes) return protocol_error("Maximum Packet Size is 0");
            out.maximum_packet = value.number;
            break;
        case wildcards_available:
            out.wildcards_available = yes;
            break;
        case identifiers_available:
            out.identifiers_available = yes;
            break;
        case shared_available:
            out.shared_available = yes;
            break;
        case subscription_identifier:
            if (!yes) return protocol_error("Subscription Identifier is 0");
            out.has_identifier = true;
            break;
        default:
            break;
    }
    return {};
}

void put(std::string& out, Id id, const std::optional<bool>& flag) {
    if (flag) put_u8(out, id), put_u8(out, *flag ? 1 : 0);
}
void put(std::string& out, Id id, const std::optional<std::uint16_t>& number) {
    if (number) put_u8(out, id), put_u16(out, *number);
}
void put(std::string& out, Id id, const std::optional<std::uint32_t>& number) {
    if (number) put_u8(out, id), put_u32(out, *number);
}
void put(std::string& out, Id id, const std::optional<std::string_view>& text) {
    if (text) put_u8(out, id), put_text(out, *text);
}

}  // namespace

Decoded<Properties> read_properties(std::string_view bytes, Where where) {
    BodyReader from(bytes);
    Properties out;
    std::uint64_t seen = 0;
    std::uint8_t id = 0;
    while (from.u8(id)) {
        const auto* const known = std::ranges::find(table, id, &Known::id);
        if (known == table.end()) return tl::unexpected(Fault{"a property is not known to MQTT 5"});
        if (!(known->where & in(where))) return protocol_error("a property does not belong to its packet");
        if (!known->repeats && (seen >> id & 1U)) return protocol_error("a property comes twice");
        seen |= std::uint64_t{1} << id;
        const auto value = read_value(from, known->form);
        if (!value) return tl::unexpected(value.error());
        if (const auto kept = keep(out, id, *value); !kept) return tl::unexpected(kept.error());
    }
    return out;
}

void write_properties(std::string& out, const Properties& p) {
    std::string bytes;
    put(bytes, session_expiry, p.session_expiry);
    put(bytes, receive_maximum, p.receive_maximum);
    put(bytes, maximum_packet, p.maximum_packet);
    put(bytes, topic_alias, p.topic_alias);
    put(bytes, topic_alias_maximum, p.topic_alias_maximum);
    put(bytes, will_delay, p.will_delay);
    if (p.maximum_qos) put_u8(bytes, maximum_qos), put_u8(bytes, *p.maximum_qos);
    put(bytes, retain_available, p.retain_available);
    put(bytes, wildcards_available, p.wildcards_available);
    put(bytes, identifiers_available, p.identifiers_available);
    put(bytes, shared_available, p.shared_available);
    put(bytes, assigned_client, p.assigned_client);
    put(bytes, reason, p.reason);
    if (!p.wants_reasons) put(bytes, wants_reasons, std::optional(false));
    put_length(out, bytes.size());
    out += bytes;
}

}  // namespace shoumen::doors::mqtt

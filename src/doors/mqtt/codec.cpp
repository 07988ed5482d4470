#include "doors/mqtt/codec.hpp"

#include "body.hpp"

namespace shoumen::doors::mqtt {

namespace {

tl::unexpected<Fault> fault(const char* reason) { return tl::unexpected(Fault{reason}); }

// The flags a packet type must carry; PUBLISH has its own meaning for them.
std::uint8_t flags_of(PacketType type) {
    const bool two = type == PacketType::pubrel || type == PacketType::subscribe || type == PacketType::unsubscribe;
    return two ? 2 : 0;
}

constexpr const char* wrong_flags = "the flags of a packet are wrong: no MQTT 3.1.1 or 5";

tl::unexpected<Fault> protocol_error(const char* reason) {
    return tl::unexpected(Fault{reason, Reason::protocol_error});
}

// The properties that follow; nullopt: not all of them are there.
Decoded<std::optional<Properties>> read_properties_in(BodyReader& in, Where where) {
    std::size_t length = 0;
    std::uint8_t digit = 0x80;
    for (unsigned shift = 0; digit >= 0x80; shift += 7) {
        if (shift == 28) return fault("the length of the properties has more than four bytes");
        if (!in.u8(digit)) return std::nullopt;
        length |= static_cast<std::size_t>(digit & 0x7fU) << shift;
    }
    std::string_view bytes;
    if (!in.take(length, bytes)) return std::nullopt;
    auto read = read_properties(bytes, where);
    if (!read) return tl::unexpected(read.error());
    return std::optional(*read);
}

// Those of a packet that is whole. None in MQTT 3.1.1.
Decoded<Properties> properties_of(BodyReader& in, Where where, Version version) {
    if (version == Version::v3) return Properties{};
    const auto read = read_properties_in(in, where);
    if (!read) return tl::unexpected(read.error());
    if (!*read) return fault(cut_short);
    return **read;
}

Decoded<void> read_will(BodyReader& in, std::uint8_t flags, Connect& out) {
    const auto qos = static_cast<std::uint8_t>(flags >> 3U & 3U);
    const bool retain = flags & 0x20U;
    if (!(flags & 4U)) {
        if (qos != 0 || retain) return fault("CONNECT has will flags but no will");
        return {};
    }
    if (qos == 3) return fault("CONNECT has a will with QoS 3");
    Will will{.qos = qos, .retain = retain};
    const auto properties = properties_of(in, Where::will, out.version());
    if (!properties) return tl::unexpected(properties.error());
    if (!in.bytes(will.topic) || !in.bytes(will.payload)) return fault(cut_short);
    if (!is_text(will.topic)) return fault(bad_text);
    if (will.topic.empty() || will.topic.find_first_of("+#") != std::string_view::npos)
        return fault("the will's topic is empty or a filter");
    out.will = will;
    return {};
}

Decoded<void> read_sign_in(BodyReader& in, std::uint8_t flags, Connect& out) {
    std::string_view text;
    if (flags & 0x80U) {
        if (!in.bytes(text)) return fault(cut_short);
        if (!is_text(text)) return fault(bad_text);
        out.user = text;
    }
    if (flags & 0x40U) {
        if (!out.user && out.version() == Version::v3) return fault("CONNECT has a password but no user name");
        if (!in.bytes(text)) return fault(cut_short);
        out.password = text;
    }
    return {};
}

}  // namespace

// --- Reading -----------------------------------------------------------------------------------------------------

Decoded<std::optional<Frame>> read_frame(std::string_view bytes) {
    if (bytes.empty()) return std::nullopt;
    const auto first = static_cast<std::uint8_t>(bytes.front());
    Frame frame;
    const unsigned type = first >> 4U;
    if (type == 0) return fault("a packet type is not known: no MQTT 3.1.1 or 5");
    if (type == 15) return protocol_error("AUTH came, but no authentication of its own was agreed upon");
    frame.type = static_cast<PacketType>(type);
    frame.flags = first & 0x0fU;
    if (frame.type != PacketType::publish && frame.flags != flags_of(frame.type)) return fault(wrong_flags);
    for (unsigned i = 1; i <= 4; ++i) {
        if (i >= bytes.size()) return std::nullopt;
        const auto digit = static_cast<std::uint8_t>(bytes[i]);
        frame.body |= static_cast<std::size_t>(digit & 0x7fU) << (7 * (i - 1));
        if (digit < 0x80) {
            frame.header = i + 1;
            return frame;
        }
    }
    return fault("a packet's length has more than four bytes");
}

Decoded<Connect> read_connect(std::string_view body) {
    BodyReader in(body);
    Connect connect;
    std::string_view protocol;
    std::uint8_t flags = 0;
    if (!in.bytes(protocol) || !in.u8(connect.level)) return fault(cut_short);
    if (protocol == "MQIsdp") return connect;  // MQTT 3.1: level 3
    if (protocol != "MQTT") return fault("CONNECT names another protocol");
    if (connect.level != 4 && connect.level != 5) return connect;
    if (!in.u8(flags) || !in.u16(connect.keep_alive)) return fault(cut_short);
    const auto properties = properties_of(in, Where::connect, connect.version());
    if (!properties) return tl::unexpected(properties.error());
    connect.properties = *properties;
    if (!in.bytes(connect.client_id)) return fault(cut_short);
    if (flags & 1U) return fault("CONNECT sets a reserved flag");
    if (!is_text(connect.client_id)) return fault(bad_text);
    connect.clean_session = flags & 2U;
    if (const auto will = read_will(in, flags, connect); !will) return tl::unexpected(will.error());
    if (const auto sign_in = read_sign_in(in, flags, connect); !sign_in) return tl::unexpected(sign_in.error());
    if (!in.rest().empty()) return fault("CONNECT is longer than its fields");
    return connect;
}

Decoded<std::optional<Publish>> read_publish_head(std::uint8_t flags, std::string_view beginning, Version version) {
    Publish publish;
    publish.dup = flags & 8U;
    publish.retain = flags & 1U;
    publish.qos = flags >> 1U & 3U;
    if (publish.qos == 3) return fault("PUBLISH has QoS 3");
    BodyReader in(beginning);
    if (!in.bytes(publish.topic)) return std::nullopt;
    if (publish.qos > 0 && !in.u16(publish.id)) return std::nullopt;
    if (publish.qos > 0 && publish.id == 0) return protocol_error("PUBLISH has packet id 0");
    if (version == Version::v5) {
        const auto properties = read_properties_in(in, Where::publish);
        if (!properties) return tl::unexpected(properties.error());
        if (!*properties) return std::nullopt;
        if ((*properties)->topic_alias)
            return tl::unexpected(
                Fault{"topic aliases are not offered: send the topic itself", Reason::topic_alias_invalid});
    }
    if (!is_text(publish.topic)) return fault(bad_text);
    if (publish.topic.empty() || publish.topic.find_first_of("+#") != std::string_view::npos)
        return protocol_error("PUBLISH names no topic, or a filter");
    publish.payload = in.rest();
    return publish;
}

Decoded<Publish> read_publish(std::uint8_t flags, std::string_view body, Version version) {
    auto head = read_publish_head(flags, body, version);
    if (!head) return tl::unexpected(head.error());
    if (!*head) return fault(cut_short);
    return **head;
}

bool Filters::next(Filter& out) {
    BodyReader in(rest_);
    if (!in.bytes(out.topic) || (with_options_ && !in.u8(out.options))) return false;
    out.qos = version_ == Version::v5 ? out.options & 3U : out.options;
    rest_ = in.rest();
    return true;
}

namespace {

Decoded<void> check_filter(const Filter& filter, Version version) {
    if (!is_text(filter.topic)) return fault(bad_text);
    if (filter.topic.empty() || filter.qos > 2)
        return protocol_error("SUBSCRIBE or UNSUBSCRIBE has an empty topic or a QoS above 2");
    if (version == Version::v5 && ((filter.options & 0xc0U) != 0 || (filter.options & 0x30U) == 0x30U))
        return protocol_error("the options of a SUBSCRIBE are none of MQTT 5");
    return {};
}

}  // namespace

Decoded<Filters> read_filters(const Frame& frame, std::string_view body, Version version) {
    BodyReader in(body);
    Filters filters;
    filters.version_ = version;
    filters.with_options_ = frame.type == PacketType::subscribe;
    if (!in.u16(filters.id)) return fault(cut_short);
    if (filters.id == 0) return protocol_error("SUBSCRIBE or UNSUBSCRIBE has packet id 0");
    const auto where = filters.with_options_ ? Where::subscribe : Where::unsubscribe;
    const auto properties = properties_of(in, where, version);
    if (!properties) return tl::unexpected(properties.error());
    if (properties->has_identifier)
        return tl::unexpected(Fault{"Subscription Identifiers are not offered: leave them out",
                                    Reason::subscription_identifiers_not_supported});
    filters.rest_ = in.rest();
    if (filters.rest_.empty()) return protocol_error("SUBSCRIBE or UNSUBSCRIBE names no topic");
    Filters walk = filters;
    Filter filter;
    while (!walk.rest_.empty()) {
        if (!walk.next(filter)) return fault(cut_short);
        if (const auto checked = check_filter(filter, version); !checked) return tl::unexpected(checked.error());
    }
    return filters;
}

Decoded<std::uint16_t> read_packet_id(std::string_view body) {
    BodyReader in(body);
    std::uint16_t id = 0;
    if (!in.u16(id) || !in.rest().empty()) return fault("an acknowledgement is not two bytes long");
    return id;
}

Decoded<Acknowledgement> read_puback(std::string_view body, Version version) {
    BodyReader in(body);
    Acknowledgement out;
    if (!in.u16(out.id)) return fault("PUBACK is shorter than its packet id");
    if (in.rest().empty()) return out;
    if (version == Version::v3) return fault("PUBACK is not two bytes long");
    std::uint8_t code = 0;
    in.u8(code);
    out.code = static_cast<Reason>(code);
    if (in.rest().empty()) return out;
    const auto properties = properties_of(in, Where::acknowledgement, version);
    if (!properties) return tl::unexpected(properties.error());
    if (!in.rest().empty()) return fault("PUBACK is longer than its fields");
    return out;
}

Decoded<Goodbye> read_disconnect(std::string_view body, Version version) {
    Goodbye out;
    if (body.empty()) return out;
    if (version == Version::v3) return fault("DISCONNECT has a body");
    BodyReader in(body);
    std::uint8_t code = 0;
    in.u8(code);
    out.code = static_cast<Reason>(code);
    if (in.rest().empty()) return out;
    const auto properties = properties_of(in, Where::disconnect, version);
    if (!properties) return tl::unexpected(properties.error());
    if (!in.rest().empty()) return fault("DISCONNECT is longer than its fields");
    out.reason = properties->reason.value_or("");
    return out;
}

Decoded<Connack> read_connack(std::string_view body, Version version) {
    BodyReader in(body);
    Connack out;
    std::uint8_t flags = 0;
    if (!in.u8(flags) || !in.u8(out.code) || flags > 1) return fault("CONNACK is too short, or has wrong flags");
    out.session_present = flags == 1;
    const auto properties = properties_of(in, Where::connack, version);
    if (!properties) return tl::unexpected(properties.error());
    out.properties = *properties;
    if (!in.rest().empty()) return fault("CONNACK is longer than its fields");
    return out;
}

// --- Writing -----------------------------------------------------------------------------------------------------

namespace {

void put_header(std::string& out, PacketType type, unsigned flags, std::size_t body) {
    put_u8(out, static_cast<unsigned>(type) << 4U | flags);
    put_length(out, body);
}
// A packet of MQTT 5, without its reason in words where it would be larger than its reader takes.
void put_told(std::string& out, PacketType type, std::string_view head, Properties properties, std::string_view tail,
              std::string_view reason, std::size_t limit) {
    constexpr std::size_t longest_header = 5;
    if (!reason.empty()) properties.reason = reason;
    std::string body(head);
    write_properties(body, properties);
    body += tail;
    if (properties.reason && longest_header + body.size() > limit) {
        properties.reason.reset();
        body = head;
        write_properties(body, properties);
        body += tail;
    }
    put_header(out, type, 0, body.size());
    out += body;
}
std::string id_bytes(std::uint16_t id) {
    std::string out;
    put_u16(out, id);
    return out;
}
void put_id_packet(std::string& out, PacketType type, std::uint16_t id) {
    put_header(out, type, flags_of(type), 2);
    put_u16(out, id);
}
void put_filters(std::string& out, PacketType type, std::uint16_t id, std::span<const Filter> filters,
                 Version version) {
    std::string body = id_bytes(id);
    if (version == Version::v5) write_properties(body, {});
    for (const auto& filter : filters) {
        put_text(body, filter.topic);
        if (type == PacketType::subscribe) put_u8(body, filter.qos);
    }
    put_header(out, type, flags_of(type), body.size());
    out += body;
}

}  // namespace

void write_connack(std::string& out, ConnectCode code) {
    put_header(out, PacketType::connack, 0, 2);
    put_u8(out, 0);
    put_u8(out, static_cast<unsigned>(code));
}

void write_connack5(std::string& out, Reason code, const Properties& properties, std::string_view reason,
                    std::size_t limit) {
    std::string head;
    put_u8(head, 0);
    put_u8(head, static_cast<unsigned>(code));
    put_told(out, PacketType::connack, head, properties, {}, reason, limit);
}

void write_granted5(std::string& out, PacketType type, std::uint16_t id, std::span<const std::uint8_t> codes,
                    std::string_view reason, std::size_t limit) {
    put_told(out, type, id_bytes(id), {}, {reinterpret_cast<const char*>(codes.data()), codes.size()}, reason, limit);
}

void write_disconnect5(std::string& out, Reason code, std::string_view reason, std::size_t limit) {
    std::string head;
    put_u8(head, static_cast<unsigned>(code));
    put_told(out, PacketType::disconnect, head, {}, {}, reason, limit);
}

void write_puback(std::string& out, std::uint16_t id) {
    const char packet[4] = {0x40, 2, static_cast<char>(id >> 8U), static_cast<char>(id & 0xffU)};
    out.append(packet, sizeof packet);
}

void write_suback(std::string& out, std::uint16_t id, std::span<const std::uint8_t> granted) {
    put_header(out, PacketType::suback, 0, 2 + granted.size());
    put_u16(out, id);
    for (const auto qos : granted) put_u8(out, qos);
}

void write_unsuback(std::string& out, std::uint16_t id) { put_id_packet(out, PacketType::unsuback, id); }
void write_pingresp(std::string& out) { put_header(out, PacketType::pingresp, 0, 0); }

void write_connect(std::string& out, const Connect& connect) {
    const bool has_properties = connect.version() == Version::v5;
    unsigned flags = connect.clean_session ? 2 : 0;
    std::string body;
    put_text(body, "MQTT");
    put_u8(body, connect.level);
    if (connect.will)
        flags |= 4U | static_cast<unsigned>(connect.will->qos) << 3U | (connect.will->retain ? 0x20U : 0U);
    if (connect.user) flags |= 0x80U;
    if (connect.password) flags |= 0x40U;
    put_u8(body, flags);
    put_u16(body, connect.keep_alive);
    if (has_properties) write_properties(body, connect.properties);
    put_text(body, connect.client_id);
    if (connect.will) {
        if (has_properties) write_properties(body, {});
        put_text(body, connect.will->topic);
        put_text(body, connect.will->payload);
    }
    if (connect.user) put_text(body, *connect.user);
    if (connect.password) put_text(body, *connect.password);
    put_header(out, PacketType::connect, 0, body.size());
    out += body;
}

void write_publish(std::string& out, const Publish& publish, Version version) {
    const unsigned flags =
        (publish.dup ? 8U : 0U) | static_cast<unsigned>(publish.qos) << 1U | (publish.retain ? 1U : 0U);
    put_header(out, PacketType::publish, flags,
               2 + publish.topic.size() + (publish.qos > 0 ? 2 : 0) + (version == Version::v5 ? 1 : 0) +
                   publish.payload.size());
    put_text(out, publish.topic);
    if (publish.qos > 0) put_u16(out, publish.id);
    if (version == Version::v5) put_u8(out, 0);  // no properties
    out += publish.payload;
}

void write_subscribe(std::string& out, std::uint16_t id, std::span<const Filter> filters, Version version) {
    put_filters(out, PacketType::subscribe, id, filters, version);
}
void write_unsubscribe(std::string& out, std::uint16_t id, std::span<const Filter> filters, Version version) {
    put_filters(out, PacketType::unsubscribe, id, filters, version);
}
void write_pingreq(std::string& out) { put_header(out, PacketType::pingreq, 0, 0); }
void write_disconnect(std::string& out) { put_header(out, PacketType::disconnect, 0, 0); }

}  // namespace shoumen::doors::mqtt

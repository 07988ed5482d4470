#include "doors/mqtt/codec.hpp"

#include "doors/payload/utf8.hpp"

namespace shoumen::doors::mqtt {

namespace {

tl::unexpected<Fault> fault(const char* reason) { return tl::unexpected(Fault{reason}); }

// The flags a packet type must carry; PUBLISH has its own meaning for them.
std::uint8_t flags_of(PacketType type) {
    const bool two = type == PacketType::pubrel || type == PacketType::subscribe || type == PacketType::unsubscribe;
    return two ? 2 : 0;
}

class BodyReader {
public:
    explicit BodyReader(std::string_view body) : rest_(body) {}

    bool u8(std::uint8_t& out) {
        if (rest_.empty()) return false;
        out = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return true;
    }
    bool u16(std::uint16_t& out) {
        std::uint8_t high = 0;
        std::uint8_t low = 0;
        if (!u8(high) || !u8(low)) return false;
        out = static_cast<std::uint16_t>(high << 8U | low);
        return true;
    }
    bool bytes(std::string_view& out) {
        std::uint16_t size = 0;
        if (!u16(size) || size > rest_.size()) return false;
        out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

bool is_text(std::string_view text) {
    return text.find('\0') == std::string_view::npos && utf8_fault(text) == text.size();
}

constexpr const char* cut_short = "a packet is shorter than its fields";
constexpr const char* bad_text = "a text is not UTF-8, or holds NUL";

Decoded<void> read_will(BodyReader& in, std::uint8_t flags, Connect& out) {
    const auto qos = static_cast<std::uint8_t>(flags >> 3U & 3U);
    const bool retain = flags & 0x20U;
    if (!(flags & 4U)) {
        if (qos != 0 || retain) return fault("CONNECT has will flags but no will");
        return {};
    }
    if (qos == 3) return fault("CONNECT has a will with QoS 3");
    Will will{.qos = qos, .retain = retain};
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
        if (!out.user) return fault("CONNECT has a password but no user name");
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
    if (type == 0 || type == 15) return fault("a packet type is not known: no MQTT 3.1.1");
    frame.type = static_cast<PacketType>(type);
    frame.flags = first & 0x0fU;
    if (frame.type != PacketType::publish && frame.flags != flags_of(frame.type))
        return fault("the flags of a packet are wrong: no MQTT 3.1.1");
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
    if (connect.level != 4) return connect;
    if (!in.u8(flags) || !in.u16(connect.keep_alive) || !in.bytes(connect.client_id)) return fault(cut_short);
    if (flags & 1U) return fault("CONNECT sets a reserved flag");
    if (!is_text(connect.client_id)) return fault(bad_text);
    connect.clean_session = flags & 2U;
    if (const auto will = read_will(in, flags, connect); !will) return tl::unexpected(will.error());
    if (const auto sign_in = read_sign_in(in, flags, connect); !sign_in) return tl::unexpected(sign_in.error());
    if (!in.rest().empty()) return fault("CONNECT is longer than its fields");
    return connect;
}

Decoded<std::optional<Publish>> read_publish_head(std::uint8_t flags, std::string_view beginning) {
    Publish publish;
    publish.dup = flags & 8U;
    publish.retain = flags & 1U;
    publish.qos = flags >> 1U & 3U;
    if (publish.qos == 3) return fault("PUBLISH has QoS 3");
    BodyReader in(beginning);
    if (!in.bytes(publish.topic)) return std::nullopt;
    if (publish.qos > 0 && !in.u16(publish.id)) return std::nullopt;
    if (publish.qos > 0 && publish.id == 0) return fault("PUBLISH has packet id 0");
    if (!is_text(publish.topic)) return fault(bad_text);
    if (publish.topic.empty() || publish.topic.find_first_of("+#") != std::string_view::npos)
        return fault("PUBLISH names no topic, or a filter");
    publish.payload = in.rest();
    return publish;
}

Decoded<Publish> read_publish(std::uint8_t flags, std::string_view body) {
    auto head = read_publish_head(flags, body);
    if (!head) return tl::unexpected(head.error());
    if (!*head) return fault(cut_short);
    return **head;
}

bool Filters::next(Filter& out) {
    BodyReader in(rest_);
    if (!in.bytes(out.topic) || (with_qos_ && !in.u8(out.qos))) return false;
    rest_ = in.rest();
    return true;
}

Decoded<Filters> read_filters(const Frame& frame, std::string_view body) {
    BodyReader in(body);
    Filters filters;
    filters.with_qos_ = frame.type == PacketType::subscribe;
    if (!in.u16(filters.id)) return fault(cut_short);
    if (filters.id == 0) return fault("SUBSCRIBE or UNSUBSCRIBE has packet id 0");
    filters.rest_ = in.rest();
    if (filters.rest_.empty()) return fault("SUBSCRIBE or UNSUBSCRIBE names no topic");
    Filters walk = filters;
    Filter filter;
    while (!walk.rest_.empty()) {
        if (!walk.next(filter)) return fault(cut_short);
        if (!is_text(filter.topic)) return fault(bad_text);
        if (filter.topic.empty() || filter.qos > 2)
            return fault("SUBSCRIBE or UNSUBSCRIBE has an empty topic or a QoS above 2");
    }
    return filters;
}

Decoded<std::uint16_t> read_packet_id(std::string_view body) {
    BodyReader in(body);
    std::uint16_t id = 0;
    if (!in.u16(id) || !in.rest().empty()) return fault("an acknowledgement is not two bytes long");
    return id;
}

Decoded<Connack> read_connack(std::string_view body) {
    if (body.size() != 2 || static_cast<std::uint8_t>(body[0]) > 1)
        return fault("CONNACK is not two bytes long, or has wrong flags");
    return Connack{.session_present = body[0] == 1, .code = static_cast<std::uint8_t>(body[1])};
}

// --- Writing -----------------------------------------------------------------------------------------------------

namespace {

void put_u8(std::string& out, unsigned value) { out += static_cast<char>(static_cast<std::uint8_t>(value)); }
void put_u16(std::string& out, unsigned value) {
    put_u8(out, value >> 8U);
    put_u8(out, value & 0xffU);
}
void put_text(std::string& out, std::string_view text) {
    put_u16(out, static_cast<unsigned>(text.size()));
    out += text;
}
void put_header(std::string& out, PacketType type, unsigned flags, std::size_t body) {
    put_u8(out, static_cast<unsigned>(type) << 4U | flags);
    do {
        const auto digit = static_cast<unsigned>(body & 0x7fU);
        body >>= 7U;
        put_u8(out, digit | (body > 0 ? 0x80U : 0U));
    } while (body > 0);
}
void put_id_packet(std::string& out, PacketType type, std::uint16_t id) {
    put_header(out, type, flags_of(type), 2);
    put_u16(out, id);
}
void put_filters(std::string& out, PacketType type, std::uint16_t id, std::span<const Filter> filters) {
    const bool with_qos = type == PacketType::subscribe;
    std::size_t body = 2;
    for (const auto& filter : filters) body += 2 + filter.topic.size() + (with_qos ? 1 : 0);
    put_header(out, type, flags_of(type), body);
    put_u16(out, id);
    for (const auto& filter : filters) {
        put_text(out, filter.topic);
        if (with_qos) put_u8(out, filter.qos);
    }
}

}  // namespace

void write_connack(std::string& out, ConnectCode code) {
    put_header(out, PacketType::connack, 0, 2);
    put_u8(out, 0);
    put_u8(out, static_cast<unsigned>(code));
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
    unsigned flags = connect.clean_session ? 2 : 0;
    std::size_t body = 10 + 2 + connect.client_id.size();
    if (connect.will) {
        flags |= 4U | static_cast<unsigned>(connect.will->qos) << 3U | (connect.will->retain ? 0x20U : 0U);
        body += 4 + connect.will->topic.size() + connect.will->payload.size();
    }
    if (connect.user) flags |= 0x80U, body += 2 + connect.user->size();
    if (connect.password) flags |= 0x40U, body += 2 + connect.password->size();
    put_header(out, PacketType::connect, 0, body);
    put_text(out, "MQTT");
    put_u8(out, connect.level);
    put_u8(out, flags);
    put_u16(out, connect.keep_alive);
    put_text(out, connect.client_id);
    if (connect.will) put_text(out, connect.will->topic), put_text(out, connect.will->payload);
    if (connect.user) put_text(out, *connect.user);
    if (connect.password) put_text(out, *connect.password);
}

void write_publish(std::string& out, const Publish& publish) {
    const unsigned flags =
        (publish.dup ? 8U : 0U) | static_cast<unsigned>(publish.qos) << 1U | (publish.retain ? 1U : 0U);
    put_header(out, PacketType::publish, flags,
               2 + publish.topic.size() + (publish.qos > 0 ? 2 : 0) + publish.payload.size());
    put_text(out, publish.topic);
    if (publish.qos > 0) put_u16(out, publish.id);
    out += publish.payload;
}

void write_subscribe(std::string& out, std::uint16_t id, std::span<const Filter> filters) {
    put_filters(out, PacketType::subscribe, id, filters);
}
void write_unsubscribe(std::string& out, std::uint16_t id, std::span<const Filter> filters) {
    put_filters(out, PacketType::unsubscribe, id, filters);
}
void write_pingreq(std::string& out) { put_header(out, PacketType::pingreq, 0, 0); }
void write_disconnect(std::string& out) { put_header(out, PacketType::disconnect, 0, 0); }

}  // namespace shoumen::doors::mqtt

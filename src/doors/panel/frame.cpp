#include "doors/panel/frame.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "papers/encoding.hpp"

namespace shoumen::doors::panel {

namespace {

using model::SignalKind;

constexpr std::string_view begins = "@@";
constexpr std::string_view ends = "##";
constexpr std::size_t control_size = 25;
constexpr std::size_t smallest = 2 + control_size + 1 + 2;
constexpr std::size_t description_size = 31;

std::uint8_t u8(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }
std::uint16_t u16(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(u8(bytes, at) | u8(bytes, at + 1) << 8U);
}
void put16(std::string& out, unsigned v) {
    out += static_cast<char>(v & 0xffU);
    out += static_cast<char>(v >> 8U & 0xffU);
}

std::uint8_t sum_of(std::string_view bytes) {
    unsigned sum = 0;
    for (const char c : bytes) sum += static_cast<std::uint8_t>(c);
    return static_cast<std::uint8_t>(sum);
}

std::string address_of(std::string_view six) {
    std::string out;
    for (std::size_t i = six.size(); i-- > 0;) out += fmt::format("{:02x}", u8(six, i));
    return out;
}

void put_address(std::string& out, std::string_view hex) {
    constexpr std::size_t size = 12;
    std::string bytes(6, '\0');
    if (hex.size() == size) {
        for (std::size_t i = 0; i < 6; ++i) {
            const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
            bytes[5 - i] = static_cast<char>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
        }
    }
    out += bytes;
}

Tag tag_at(std::string_view bytes, std::size_t at) {
    Tag out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = u8(bytes, at + i);
    return out;
}

// --- Reports -----------------------------------------------------------------------------------------------------

// How long an object of a type is, its time included; 0: of a type that says its length itself, or that is none of
// ours.
std::size_t size_of(int type) {
    switch (type) {
        case 1:
            return 4 + 6;
        case 2:
            return 9 + description_size + 6;
        case 3:
            return 10 + 6;
        case 4:
            return 4 + 6;
        case 21:
            return 1 + 6;
        case 24:
            return 2 + 6;
        default:
            return 0;
    }
}

std::string description_of(std::string_view bytes) {
    const auto end = bytes.find('\0');
    auto text = papers::as_utf8_or_ascii(bytes.substr(0, end));
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
    const auto last = text.find_last_not_of(' ');
    return last == std::string::npos ? std::string() : text.substr(0, last + 1);
}

Report report_of(int type, std::string_view object) {
    Report r;
    r.type = type;
    r.time = tag_at(object, object.size() - 6);
    if (type == 21 || type == 24) {
        r.of = Report::Of::transmitter;
        if (type == 21)
            r.state = u8(object, 0);
        else
            r.operation = u8(object, 0);
        return r;
    }
    r.system_type = u8(object, 0);
    r.system = u8(object, 1);
    if (type == 1) r.state = u16(object, 2);
    if (type == 4) r.operation = u8(object, 2);
    if (type != 2 && type != 3) return r;
    r.of = Report::Of::part;
    r.part_type = u8(object, 2);
    for (std::size_t i = 0; i < 4; ++i) r.part[3 - i] = u8(object, 3 + i);
    if (type == 2) {
        r.state = u16(object, 7);
        r.text = description_of(object.substr(9, description_size));
    } else {
        r.analogue = u8(object, 7);
        r.value = static_cast<std::int16_t>(u16(object, 8));
    }
    return r;
}

// --- Values ------------------------------------------------------------------------------------------------------

constexpr unsigned test_mode = 0;  // the bit that is 0 while testing
constexpr unsigned fire = 1;
constexpr unsigned fault = 2;

bool bit(unsigned state, unsigned n) { return (state >> n & 1U) != 0; }

struct Bit {
    unsigned n;
    const char* name;
};
constexpr auto of_system = std::to_array<Bit>({{3, "disabled"},
                                               {4, "supervised"},
                                               {5, "started"},
                                               {6, "feedback"},
                                               {7, "delayed"},
                                               {8, "mains_fault"},
                                               {9, "reserve_fault"},
                                               {10, "bus_fault"},
                                               {11, "manual_mode"},
                                               {13, "reset"}});
constexpr auto of_part = std::to_array<Bit>(
    {{3, "disabled"}, {4, "supervised"}, {5, "started"}, {6, "feedback"}, {7, "delayed"}, {8, "power_fault"}});
constexpr auto of_transmitter =
    std::to_array<Bit>({{3, "mains_fault"}, {4, "reserve_fault"}, {5, "line_fault"}, {6, "panel_line_fault"}});
constexpr auto of_operation = std::to_array<Bit>({{0, "reset"},
                                                  {1, "silenced"},
                                                  {2, "manual_alarm"},
                                                  {3, "alarm_cleared"},
                                                  {4, "self_test"},
                                                  {5, "duty_answered"},
                                                  {6, "test"}});

struct Quantity {
    int number;
    const char* name;
    double unit;
};
constexpr auto quantities = std::to_array<Quantity>({{1, "events", 1},
                                                     {2, "height_m", 0.01},
                                                     {3, "temperature_c", 0.1},
                                                     {4, "pressure_mpa", 0.1},
                                                     {5, "pressure_kpa", 0.1},
                                                     {6, "lel", 0.1},
                                                     {7, "time_s", 1},
                                                     {8, "voltage_v", 0.1},
                                                     {9, "current_a", 0.1},
                                                     {10, "flow_l_s", 0.1},
                                                     {11, "air_m3_min", 0.1},
                                                     {12, "air_m_s", 1}});

// What a rule for this kind asks for, of whether there is fire.
const char* fire_word(SignalKind kind) {
    switch (kind) {
        case SignalKind::smoke:
            return "smoke";
        case SignalKind::gas:
            return "gas";
        case SignalKind::one_key:
            return "pressed";
        default:
            return nullptr;
    }
}

void put_fire(std::vector<model::FlatValue>& out, bool is, SignalKind kind) {
    out.push_back({"fire", is});
    if (const char* word = fire_word(kind)) out.push_back({word, is});
}

// --- Finding -----------------------------------------------------------------------------------------------------

// How long the frame that begins here is; 0: none can be. At least the control unit must be there.
std::size_t whole_of(std::string_view rest) {
    const std::size_t length = u16(rest, 24);
    return length <= most_data ? smallest + length : 0;
}

bool ends_well(std::string_view rest, std::size_t whole) { return rest.substr(whole - 2, 2) == ends; }

bool sum_is_right(std::string_view frame) {
    return sum_of(frame.substr(2, frame.size() - 5)) == u8(frame, frame.size() - 3);
}

// Of the whole frames with a right sum that begin behind the first byte, the one that ends first: begin and length.
std::optional<std::pair<std::size_t, std::size_t>> frame_within(std::string_view bytes) {
    std::optional<std::pair<std::size_t, std::size_t>> first;
    for (auto at = bytes.find(begins, 1); at != std::string_view::npos; at = bytes.find(begins, at + 1)) {
        const auto rest = bytes.substr(at);
        if (rest.size() < smallest) break;
        const auto whole = whole_of(rest);
        if (whole == 0 || whole > rest.size()) continue;
        if (first && at + whole >= first->first + first->second) continue;
        if (ends_well(rest, whole) && sum_is_right(rest.substr(0, whole))) first = {at, whole};
    }
    return first;
}

void take(std::string_view frame, Found& out) {
    Frame f;
    f.serial = u16(frame, 2);
    f.version = u16(frame, 4);
    f.time = tag_at(frame, 6);
    f.from = address_of(frame.substr(12, 6));
    f.to = address_of(frame.substr(18, 6));
    f.command = u8(frame, 26);
    f.data = frame.substr(27, frame.size() - smallest);
    out.sum_is_right = sum_is_right(frame);
    out.frame = std::move(f);
    out.used = out.skipped + frame.size();
}

}  // namespace

Found find_frame(std::string_view stream) {
    Found out;
    while (true) {
        const auto at = stream.find(begins, out.skipped);
        if (at == std::string_view::npos) {
            // The last byte may be the first of a frame.
            const bool half = !stream.empty() && stream.back() == begins.front();
            out.skipped = out.used = std::max(out.skipped, stream.size() - (half ? 1 : 0));
            return out;
        }
        out.skipped = out.used = at;
        const auto rest = stream.substr(at);
        if (rest.size() < 2 + control_size) return out;
        const std::size_t whole = whole_of(rest);
        const bool is_there = rest.size() >= whole;
        if (whole == 0) {
            ++out.skipped;
            continue;
        }
        // What only looks like a beginning must not hold back a frame behind it. That is asked before how it ends, for
        // where its end has not come yet a frame within is taken too: how the bytes are cut decides nothing.
        if (const auto within = frame_within(rest.substr(0, std::min(rest.size(), whole)))) {
            out.skipped = at + within->first;
            take(stream.substr(out.skipped, within->second), out);
        } else if (is_there && !ends_well(rest, whole)) {
            ++out.skipped;
            continue;
        } else if (is_there) {
            take(rest.substr(0, whole), out);
        }
        return out;
    }
}

std::string write_frame(const Frame& f) {
    std::string inner;
    put16(inner, f.serial);
    put16(inner, f.version);
    for (const auto b : f.time) inner += static_cast<char>(b);
    put_address(inner, f.from);
    put_address(inner, f.to);
    put16(inner, static_cast<unsigned>(f.data.size()));
    inner += static_cast<char>(f.command);
    inner += f.data;
    std::string out(begins);
    out += inner;
    out += static_cast<char>(sum_of(inner));
    return out + std::string(ends);
}

std::string write_reply(const Frame& to, Command command, const Tag& now) {
    Frame f;
    f.serial = to.serial;
    f.version = to.version;
    f.time = now;
    f.from = to.to;
    f.to = to.from;
    f.command = static_cast<std::uint8_t>(command);
    return write_frame(f);
}

base::Result<std::vector<Report>> reports_of(std::string_view data) {
    std::vector<Report> out;
    if (data.empty()) return out;
    if (data.size() < 2) return base::fail("bad-frame", "the data ends before the number of its objects", "data");
    const int type = u8(data, 0);
    const std::size_t count = u8(data, 1);
    const std::size_t size = size_of(type);
    if (size == 0) return out;
    data.remove_prefix(2);
    if (data.size() < count * size)
        return base::fail(
            "bad-frame",
            fmt::format("{} objects of {} bytes are said to follow, and {} bytes do", count, size, data.size()),
            "data");
    for (std::size_t i = 0; i < count; ++i) out.push_back(report_of(type, data.substr(i * size, size)));
    return out;
}

std::string name_of(std::string_view transmitter, const Report& r, Report::Of as) {
    std::string out = fmt::format("gb26875:{}", transmitter);
    if (as == Report::Of::transmitter) return out;
    out += fmt::format("/{}.{}", r.system_type, r.system);
    if (as == Report::Of::system) return out;
    return out + fmt::format("/{}.{}.{}.{}", r.part[0], r.part[1], r.part[2], r.part[3]);
}

std::vector<model::FlatValue> values_of(const Report& r, SignalKind kind) {
    std::vector<model::FlatValue> out;
    const auto take = [&](unsigned state, const auto& bits) {
        for (const Bit& b : bits) {
            if (bit(state, b.n)) out.push_back({b.name, true});
        }
    };
    switch (r.type) {
        case 1:
        case 2:
        case 21:
            put_fire(out, bit(r.state, fire), kind);
            out.push_back({"fault", bit(r.state, fault)});
            if (!bit(r.state, test_mode)) out.push_back({"test", true});
            if (r.type == 1) take(r.state, of_system);
            if (r.type == 2) take(r.state, of_part);
            if (r.type == 21) take(r.state, of_transmitter);
            break;
        case 3: {
            const auto known = std::ranges::find(quantities, r.analogue, &Quantity::number);
            if (known != quantities.end())
                out.push_back({known->name, r.value * known->unit});
            else
                out.push_back({"analogue", static_cast<double>(r.value)});
            break;
        }
        default:
            if (bit(r.operation, 2)) put_fire(out, true, kind);  // somebody raised the alarm by hand
            take(r.operation, of_operation);
            if (out.empty()) out.push_back({"operated", true});
            break;
    }
    if (r.of == Report::Of::part) out.push_back({"part_type", static_cast<double>(r.part_type)});
    if (!r.text.empty()) out.push_back({"description", std::string_view(r.text)});
    return out;
}

std::string time_of(const Tag& t, const base::Zone& zone) {
    if (t[4] < 1 || t[4] > 12 || t[3] < 1 || t[3] > 31 || t[2] > 23 || t[1] > 59 || t[0] > 59 || t[5] > 99) return {};
    return base::format_utc(zone.to_utc(2'000 + t[5], t[4], t[3], t[2] * 60 + t[1], t[0]));
}

Tag tag_of(base::Time time, const base::Zone& zone) {
    const auto t = zone.local(time);
    return {static_cast<std::uint8_t>(t.second),      static_cast<std::uint8_t>(t.minute % 60),
            static_cast<std::uint8_t>(t.minute / 60), static_cast<std::uint8_t>(t.day),
            static_cast<std::uint8_t>(t.month),       static_cast<std::uint8_t>((t.year - 2'000) & 0xff)};
}

}  // namespace shoumen::doors::panel

#include "doors/sip/national_body.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "doors/payload/xml.hpp"
#include "model/national.hpp"
#include "papers/encoding.hpp"

namespace shoumen::doors::sip {

namespace {

using model::SignalKind;

constexpr std::size_t longest_text = 1'024;

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) {
        const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
        return small(x) == small(y);
    });
}

// Makers write <Info> and <info>.
pugi::xml_node child(pugi::xml_node of, std::string_view name) {
    for (const pugi::xml_node node : of.children()) {
        if (same_letters(node.name(), name)) return node;
    }
    return {};
}

std::string_view text(pugi::xml_node of, std::string_view name) {
    std::string_view t = child(of, name).text().get();
    constexpr std::string_view spaces = " \t\r\n";
    const auto first = t.find_first_not_of(spaces);
    if (first == std::string_view::npos) return {};
    t = t.substr(first, t.find_last_not_of(spaces) - first + 1);
    if (t.size() <= longest_text) return t;
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(t[end]) & 0xc0U) == 0x80) --end;
    return t.substr(0, end);
}

int number(std::string_view t) {
    int value = 0;
    const auto wrong = std::from_chars(t.data(), t.data() + t.size(), value).ec;
    return wrong == std::errc() && value >= 0 && value < 1'000 ? value : 0;
}

std::optional<double> degrees(std::string_view t, double most) {
    double value = 0;
    const auto [end, wrong] = std::from_chars(t.data(), t.data() + t.size(), value);
    const bool good = wrong == std::errc() && !t.empty() && end == t.data() + t.size() && std::abs(value) <= most;
    return good ? std::optional(value) : std::nullopt;
}

struct Known {
    int method;
    int type;
    const char* word;
    bool fault;
};
// GB/T 28181, alarm notification: method and type. Type 0: none was given.
constexpr auto known = std::to_array<Known>({
    {1, 0, "by_telephone", false}, {2, 0, "device_alarm", false},    {2, 1, "video_lost", true},
    {2, 2, "tamper", true},        {2, 3, "disk_full", true},        {2, 4, "too_hot", true},
    {2, 5, "too_cold", true},      {3, 0, "by_text_message", false}, {4, 0, "by_position", false},
    {5, 0, "video_alarm", false},  {5, 1, "by_hand", false},         {5, 2, "motion", false},
    {5, 3, "object_left", false},  {5, 4, "object_taken", false},    {5, 5, "tripwire", false},
    {5, 6, "intrusion", false},    {5, 7, "wrong_way", false},       {5, 8, "loitering", false},
    {5, 9, "people_flow", false},  {5, 10, "crowd", false},          {5, 11, "video_abnormal", true},
    {5, 12, "moves_fast", false},  {6, 0, "device_fault", true},     {6, 1, "disk_fault", true},
    {6, 2, "fan_fault", true},     {7, 0, "other", false},
});

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, word) != words.end();
}

// What a rule for this kind asks for.
std::optional<model::FlatValue> conventional(const AlarmWord& said, SignalKind kind) {
    const std::string_view word = said.word;
    // Smoke alarms on an alarm input say that it is too hot.
    if (kind == SignalKind::smoke && (!said.fault || word == "too_hot")) return model::FlatValue{"smoke", true};
    if (said.fault) return {};
    switch (kind) {
        case SignalKind::gas:
            return model::FlatValue{"gas", true};
        case SignalKind::one_key:
            return model::FlatValue{"pressed", true};
        case SignalKind::elder_bracelet:
        case SignalKind::child_bracelet:
            return model::FlatValue{"sos", true};
        case SignalKind::falling_object:
            return model::FlatValue{"detected", true};
        case SignalKind::door_contact:
            return model::FlatValue{"contact", false};
        case SignalKind::motion:
            return model::FlatValue{"occupancy", true};
        case SignalKind::camera_fight:
        case SignalKind::camera_fall:
            // The standard has no type for either: a camera that is there for it sends none, or one of its maker's.
            if (is_one_of(word, {"video_alarm", "device_alarm", "by_hand"})) return model::FlatValue{"score", 1.0};
            return {};
        case SignalKind::resident_camera:
            if (word == "motion") return model::FlatValue{"motion", true};
            if (is_one_of(word, {"by_hand", "tripwire", "intrusion", "wrong_way", "loitering", "moves_fast",
                                 "video_alarm", "device_alarm"}))
                return model::FlatValue{"person", true};
            return {};
        default:
            return {};
    }
}

template <class T>
bool digits(std::string_view& rest, std::size_t n, T& out) {
    if (rest.size() < n) return false;
    const auto [end, wrong] = std::from_chars(rest.data(), rest.data() + n, out);
    if (wrong != std::errc() || end != rest.data() + n) return false;
    rest.remove_prefix(n);
    return true;
}

bool sign(std::string_view& rest, std::string_view any_of) {
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
}

}  // namespace

base::Result<void> NationalBody::read(std::string_view bytes) {
    const auto utf8 = papers::as_utf8_or_ascii(bytes);
    if (auto done = read_xml(utf8, tree_); !done) return done;
    if (command().empty()) return base::fail("missing-field", "the command has no CmdType", "CmdType");
    return {};
}

std::string_view NationalBody::root() const { return tree_.document_element().name(); }
std::string_view NationalBody::command() const { return text(tree_.document_element(), "CmdType"); }
std::string_view NationalBody::serial() const { return text(tree_.document_element(), "SN"); }
std::string_view NationalBody::device() const { return text(tree_.document_element(), "DeviceID"); }
std::string_view NationalBody::status() const { return text(tree_.document_element(), "Status"); }

Alarm NationalBody::alarm() const {
    const auto top = tree_.document_element();
    const auto info = child(top, "Info");
    const auto further = child(info, "AlarmTypeParam");
    Alarm out;
    out.channel = device();
    out.serial = serial();
    out.method = number(text(top, "AlarmMethod"));
    out.type = number(text(info, "AlarmType"));
    if (out.type == 0) out.type = number(text(top, "AlarmType"));
    out.priority = number(text(top, "AlarmPriority"));
    out.time = text(top, "AlarmTime");
    out.description = text(top, "AlarmDescription");
    if (out.description.empty()) out.description = text(further, "AlarmDescription");
    out.longitude = degrees(text(top, "Longitude"), 180);
    out.latitude = degrees(text(top, "Latitude"), 90);
    return out;
}

CataloguePart NationalBody::catalogue() const {
    const auto top = tree_.document_element();
    CataloguePart out;
    const auto sum = text(top, "SumNum");
    std::from_chars(sum.data(), sum.data() + sum.size(), out.sum);
    for (const pugi::xml_node item : child(top, "DeviceList").children()) {
        if (!same_letters(item.name(), "Item")) continue;
        const auto code = text(item, "DeviceID");
        if (code.empty() || code.size() > 64) continue;
        out.channels.push_back({std::string(code), std::string(text(item, "Name")), std::string(text(item, "ParentID")),
                                std::string(text(item, "Manufacturer")), std::string(text(item, "Model"))});
    }
    return out;
}

namespace {

constexpr std::size_t type_at = 10;
constexpr int no_type = 0;

int type_of(std::string_view code) { return model::is_national_code(code) ? number(code.substr(type_at, 3)) : no_type; }

}  // namespace

bool is_of_a_device(std::string_view code) {
    constexpr int first_device = 111;
    constexpr int last_device = 199;
    const int type = type_of(code);
    return type >= first_device && type <= last_device;
}

std::optional<SignalKind> kind_of_channel(std::string_view code) {
    constexpr int camera = 131;
    constexpr int network_camera = 132;
    const int type = type_of(code);
    if (type == camera || type == network_camera) return SignalKind::resident_camera;
    return {};
}

AlarmWord word_of(const Alarm& alarm) {
    const auto exact =
        std::ranges::find_if(known, [&](const Known& k) { return k.method == alarm.method && k.type == alarm.type; });
    if (exact != known.end()) return {exact->word, exact->fault};
    // A type of its maker's: what the method alone says.
    const auto method =
        std::ranges::find_if(known, [&](const Known& k) { return k.method == alarm.method && k.type == 0; });
    if (method != known.end()) return {method->word, method->fault};
    return {"other", false};
}

std::vector<model::FlatValue> values_of(const Alarm& alarm, SignalKind kind) {
    const auto said = word_of(alarm);
    std::vector<model::FlatValue> out;
    out.push_back({"alarm", std::string_view(said.word)});
    out.push_back({"fault", said.fault});
    if (const auto value = conventional(said, kind)) out.push_back(*value);
    if (alarm.method > 0) out.push_back({"alarm_method", static_cast<double>(alarm.method)});
    if (alarm.type > 0) out.push_back({"alarm_type", static_cast<double>(alarm.type)});
    if (alarm.priority > 0) out.push_back({"alarm_priority", static_cast<double>(alarm.priority)});
    if (alarm.longitude && alarm.latitude) {
        out.push_back({"longitude", *alarm.longitude});
        out.push_back({"latitude", *alarm.latitude});
    }
    if (!alarm.description.empty()) out.push_back({"description", std::string_view(alarm.description)});
    return out;
}

std::string time_of(std::string_view local, const base::Zone& zone) {
    if (const auto whole = base::parse_rfc3339(local)) return base::format_utc(*whole);  // newer ones say their zone
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    const bool read = digits(local, 4, year) && sign(local, "-") && digits(local, 2, month) && sign(local, "-") &&
                      digits(local, 2, day) && sign(local, "T ") && digits(local, 2, hour) && sign(local, ":") &&
                      digits(local, 2, minute) && sign(local, ":") && digits(local, 2, second);
    constexpr int last_year = 2'200;
    if (!read || year < 1'970 || year > last_year || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return {};
    return base::format_utc(zone.to_utc(year, month, day, hour * 60 + minute, second));
}

}  // namespace shoumen::doors::sip

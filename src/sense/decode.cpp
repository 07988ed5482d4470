#include "sense/decode.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace shoumen::sense {

namespace {

using base::Error;
using base::fail;
using base::Result;
using model::FlatSignal;
using model::FlatValue;

constexpr std::size_t max_id_bytes = 128;
constexpr std::size_t max_name_bytes = 64;
constexpr std::size_t max_text_bytes = 2'048;
constexpr std::string_view evidence_field = "evidence";

// --- Who speaks --------------------------------------------------------------------------------------------------

Result<model::DeviceId> find_device(const model::Policy& policy, std::string_view code) {
    const auto found = policy.device_by_code.find(code);
    if (found == policy.device_by_code.end() || policy.devices[found->second.value].retired)
        return fail("unknown-device",
                    "No device of this code is in service in the community. Correct the code, or enter the device in "
                    "devices.yaml.",
                    "device");
    return found->second;
}

Result<void> check_speaker(const model::Policy& policy, model::DeviceId device, model::DeviceId speaker) {
    const bool known = speaker.value < policy.devices.size() && !policy.devices[speaker.value].retired;
    if (known && (speaker == device || policy.devices[device.value].gateway == speaker)) return {};
    return fail("not-your-device",
                "The token belongs to another device. Use this device's own token, or register it under the gateway "
                "that speaks for it.",
                "device");
}

// Empty, of a map that does not say: what the device is registered with.
Result<model::SignalKind> check_kind(const model::Device& device, std::string_view word) {
    if (word.empty() && !device.is_gateway) return device.kind;
    const auto kind = model::parse_SignalKind(word);
    if (!kind)
        return fail("unknown-kind", "The kind is not one that Shoumen knows. Use one of the documented kinds.", "kind");
    if (device.is_gateway || *kind != device.kind)
        return fail("wrong-kind",
                    "The device is registered with another kind. Send that kind, or correct the device's entry in "
                    "devices.yaml.",
                    "kind");
    return *kind;
}

// --- Time and id -------------------------------------------------------------------------------------------------

Result<base::Time> read_time(std::string_view text) {
    if (text.empty()) return base::Time::none();
    const auto time = base::parse_rfc3339(text);
    if (time) return *time;
    return fail("bad-time",
                "The time is not RFC 3339 with a zone within the years 1900 to 2200. Write it like "
                "2026-03-03T08:00:00+08:00, or leave "
                "it out.",
                "time");
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; }

std::optional<std::uint64_t> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint64_t>(c - 'A' + 10);
    return std::nullopt;
}

// "#" and 16 hex digits: an id that was hashed before.
std::optional<std::uint64_t> hashed_id(std::string_view id) {
    if (id.size() != 17 || id.front() != '#') return std::nullopt;
    std::uint64_t value = 0;
    for (const char c : id.substr(1)) {
        const auto digit = hex_digit(c);
        if (!digit) return std::nullopt;
        value = value << 4U | *digit;
    }
    return value;
}

Result<std::uint64_t> read_id(std::string_view id) {
    if (id.empty()) return 0;
    if (id.size() > max_id_bytes || std::ranges::any_of(id, is_control))
        return fail("bad-id",
                    "The message id is longer than 128 bytes or holds control characters. Send a shorter plain one.",
                    "id");
    if (const auto before = hashed_id(id)) return *before;
    const std::uint64_t hash = base::fast_hash(id);
    return hash == 0 ? 1 : hash;  // 0 would mean: no id
}

// --- Values ------------------------------------------------------------------------------------------------------

bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= max_name_bytes && std::ranges::all_of(name, is_name_char);
}

tl::unexpected<Error> bad_value(const char* message, std::string where) {
    return fail("bad-value", message, std::move(where));
}

std::string path_of(std::string_view name) { return "values." + std::string(name); }

Result<void> check_value(const FlatValue& value) {
    if (!is_name(value.name))
        return bad_value("The name of a value is not a plain word. Use 1 to 64 of the characters A-Z a-z 0-9 . _ -",
                         "values");
    if (const auto* number = std::get_if<double>(&value.value); number && !std::isfinite(*number))
        return bad_value("The number is not finite. Send a finite number, or leave the value out.",
                         path_of(value.name));
    if (const auto* text = std::get_if<std::string_view>(&value.value); text && text->size() > max_text_bytes)
        return bad_value("The text is longer than 2,048 bytes. Shorten it.", path_of(value.name));
    return {};
}

// The first name that comes twice; empty: none. A reference to evidence is kept as a value of that name.
std::string_view doubled_name(const FlatSignal& flat) {
    std::array<std::string_view, model::max_values_per_signal + 1> names;
    std::size_t n = 0;
    if (!flat.evidence.empty()) names[n++] = evidence_field;
    for (const FlatValue& value : flat.values) {
        const auto end = names.begin() + static_cast<std::ptrdiff_t>(n);
        if (std::find(names.begin(), end, value.name) != end) return value.name;
        names[n++] = value.name;
    }
    return {};
}

// What each kind says by convention is no text: "true" in quotes would be kept and never alarm.
constexpr auto conventional = std::to_array<std::pair<model::SignalKind, std::string_view>>({
    {model::SignalKind::smoke, "smoke"},
    {model::SignalKind::smoke, "battery"},
    {model::SignalKind::gas, "gas"},
    {model::SignalKind::gas, "lel"},
    {model::SignalKind::water_level, "level_cm"},
    {model::SignalKind::elder_bracelet, "sos"},
    {model::SignalKind::elder_bracelet, "fall"},
    {model::SignalKind::elder_bracelet, "worn"},
    {model::SignalKind::elder_bracelet, "heart_rate"},
    {model::SignalKind::child_bracelet, "sos"},
    {model::SignalKind::child_bracelet, "left_area"},
    {model::SignalKind::one_key, "pressed"},
    {model::SignalKind::one_key, "trapped"},
    {model::SignalKind::door_contact, "contact"},
    {model::SignalKind::door_access, "held_open"},
    {model::SignalKind::falling_object, "detected"},
    {model::SignalKind::camera_fight, "score"},
    {model::SignalKind::camera_fall, "score"},
    {model::SignalKind::resident_camera, "person"},
    {model::SignalKind::resident_camera, "motion"},
    {model::SignalKind::ebike_overload, "watts"},
    {model::SignalKind::ebike_power_cut, "power"},
    {model::SignalKind::gathering, "count"},
    {model::SignalKind::motion, "occupancy"},
    {model::SignalKind::platform, "disk_free_percent"},
    {model::SignalKind::platform, "queue_percent"},
    {model::SignalKind::platform, "backlog_s"},
    {model::SignalKind::platform, "store_trouble_s"},
    {model::SignalKind::platform, "clock_off_s"},
    {model::SignalKind::platform, "clock_synchronised"},
    {model::SignalKind::platform, "bridges_silent"},
    {model::SignalKind::platform, "ledger_wrong"},
    {model::SignalKind::platform, "witnesses_silent"},
    {model::SignalKind::link, "online"},
});

Result<void> check_conventions(const FlatSignal& flat, model::SignalKind kind) {
    for (const FlatValue& value : flat.values) {
        if (!std::holds_alternative<std::string_view>(value.value)) continue;
        if (std::ranges::find(conventional, std::pair(kind, value.name)) == conventional.end()) continue;
        return fail(
            "wrong-type",
            "This value is text; for this kind of device it is true, false or a number. Send it without quotes.",
            path_of(value.name));
    }
    return {};
}

Result<void> check_values(const FlatSignal& flat) {
    if (flat.values.size() + (flat.evidence.empty() ? 0 : 1) > model::max_values_per_signal)
        return bad_value("The signal has more than 64 values. Split it into several.", "values");
    for (const FlatValue& value : flat.values) {
        if (auto checked = check_value(value); !checked) return checked;
    }
    if (flat.evidence.size() > max_text_bytes)
        return bad_value("The reference to evidence is longer than 2,048 bytes. Shorten it.",
                         std::string(evidence_field));
    if (const auto twice = doubled_name(flat); !twice.empty())
        return bad_value("The same value comes twice. Send each name once.", path_of(twice));
    return {};
}

// --- Writing, after everything was found good --------------------------------------------------------------------

class Appender {
public:
    Appender(const model::Policy& policy, TextKeeper& texts, model::Batch& batch, model::Signal& signal)
        : policy_(policy), texts_(texts), batch_(batch), signal_(signal) {
        signal_.values_begin = static_cast<std::uint32_t>(batch.values.size());
        signal_.others_begin = static_cast<std::uint32_t>(batch.others.size());
    }

    void add(const FlatValue& value) {
        if (std::holds_alternative<std::monostate>(value.value)) return;
        const auto field = policy_.field_by_name.find(value.name);
        if (field == policy_.field_by_name.end())
            add_other(value);
        else
            add_known(field->second, value);
    }

private:
    void add_known(model::FieldId field, const FlatValue& value) {
        if (const auto* boolean = std::get_if<bool>(&value.value))
            batch_.values.push_back(model::Value::boolean(field, *boolean));
        else if (const auto* number = std::get_if<double>(&value.value))
            batch_.values.push_back(model::Value::real(field, *number));
        else
            batch_.values.push_back(text_value(field, std::get<std::string_view>(value.value)));
        ++signal_.value_count;
    }

    model::Value text_value(model::FieldId field, std::string_view text) {
        const auto symbol = policy_.symbol_by_name.find(text);
        if (symbol != policy_.symbol_by_name.end()) return model::Value::symbol(field, symbol->second);
        return model::Value::text(field, texts_.keep(text));
    }

    void add_other(const FlatValue& value) {
        model::OtherValue other{.name = std::string(value.name)};
        if (const auto* boolean = std::get_if<bool>(&value.value)) {
            other.type = model::ValueType::boolean;
            other.number = *boolean ? 1 : 0;
        } else if (const auto* number = std::get_if<double>(&value.value)) {
            other.number = *number;
        } else {
            other.type = model::ValueType::text;
            other.text_position = texts_.keep(std::get<std::string_view>(value.value));
        }
        batch_.others.push_back(std::move(other));
        ++signal_.other_count;
    }

    const model::Policy& policy_;
    TextKeeper& texts_;
    model::Batch& batch_;
    model::Signal& signal_;
};

void append(const model::Policy& policy, const FlatSignal& flat, model::Signal signal, base::Time received,
            TextKeeper& texts, model::Batch& batch) {
    Appender values(policy, texts, batch, signal);
    for (const FlatValue& value : flat.values) values.add(value);
    if (!flat.evidence.empty()) values.add({.name = evidence_field, .value = flat.evidence});
    batch.inputs.push_back({.type = model::InputType::signal,
                            .index = static_cast<std::uint32_t>(batch.signals.size()),
                            .received = received});
    batch.signals.push_back(signal);
}

}  // namespace

Result<void> decode(const model::Policy& policy, const FlatSignal& flat, model::DeviceId speaker, base::Time received,
                    TextKeeper& texts, model::Batch& batch) {
    const auto device = find_device(policy, flat.device);
    if (!device) return tl::unexpected(device.error());
    if (auto checked = check_speaker(policy, *device, speaker); !checked) return checked;
    const auto kind = check_kind(policy.devices[device->value], flat.kind);
    if (!kind) return tl::unexpected(kind.error());
    const auto claimed = read_time(flat.time);
    if (!claimed) return tl::unexpected(claimed.error());
    const auto message = read_id(flat.id);
    if (!message) return tl::unexpected(message.error());
    if (auto checked = check_values(flat); !checked) return checked;
    if (auto checked = check_conventions(flat, *kind); !checked) return checked;

    model::Signal signal;
    signal.device = *device;
    signal.kind = *kind;
    signal.message = *message;
    signal.claimed = *claimed;
    append(policy, flat, signal, received, texts, batch);
    return {};
}

}  // namespace shoumen::sense

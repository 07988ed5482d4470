#include "doors/payload/native.hpp"

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "diagnose.hpp"
#include "telling.hpp"

namespace shoumen::doors {

namespace dom = simdjson::dom;
using base::Error;
using base::fail;
using base::Result;

static_assert(NativeReader::padding >= simdjson::SIMDJSON_PADDING);

namespace {

constexpr std::size_t most_top_fields = 64;

enum class Field : std::uint8_t { id, device, kind, time, values, evidence, other };

Field field_of(std::string_view name) {
    switch (name.size()) {
        case 2:
            return name == "id" ? Field::id : Field::other;
        case 4:
            return name == "kind" ? Field::kind : name == "time" ? Field::time : Field::other;
        case 6:
            return name == "device" ? Field::device : name == "values" ? Field::values : Field::other;
        case 8:
            return name == "evidence" ? Field::evidence : Field::other;
        default:
            return Field::other;
    }
}

// --- Reading one signal ------------------------------------------------------------------------------------------

// Few names: comparing each with each is quicker than hashing.
bool contains(const std::vector<std::string_view>& names, std::string_view name) {
    for (const auto& other : names) {
        if (other == name) return true;
    }
    return false;
}

bool contains(const std::vector<model::FlatValue>& values, std::string_view name) {
    for (const auto& other : values) {
        if (other.name == name) return true;
    }
    return false;
}

// Text or null; null leaves `out` empty.
bool take_text(dom::element value, std::string_view& out) {
    if (value.type() == dom::element_type::STRING) return out = value.get_string().value_unsafe(), true;
    return value.is_null();
}

// The end of the bracketed value that begins at `begin`; the text is known to be JSON.
std::size_t end_of_value(std::string_view text, std::size_t begin) {
    std::size_t open = 0;
    bool quoted = false;
    for (std::size_t i = begin; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            ++open;
        } else if (c == '}' || c == ']') {
            if (open == 0) return i;  // the bracket around it
            if (--open == 0) return i + 1;
        } else if (c == ',' && open == 0) {
            return i;
        }
    }
    return text.size();
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

struct NativeReader::Impl {
    std::size_t max_payload;
    dom::parser parser;
    std::string copy;  // of the payload, with padding
    std::string_view payload;
    std::vector<dom::element> signals;
    std::vector<std::string_view> raws;
    std::vector<model::FlatValue> values;
    std::vector<std::string_view> others;  // names at the top that are passed over

    explicit Impl(std::size_t max) : max_payload(max) {
        // An eighth more: see read_with_long_integers.
        if (parser.allocate(max_payload + max_payload / 8 + padding, deepest + 1) != simdjson::SUCCESS)
            throw std::bad_alloc();
        values.reserve(model::max_values_per_signal);
        others.reserve(most_top_fields);
    }

    // `padded`: the same bytes, with padding behind them.
    Result<std::size_t> read(std::string_view text, const char* padded);
    tl::unexpected<Error> explain(simdjson::error_code code, const Diagnosis& diagnosis) const;
    Result<std::size_t> read_with_long_integers(const std::vector<std::size_t>& ends);
    Result<std::size_t> adopt(dom::element root);
    void find_raws();

    Result<model::FlatSignal> flatten(dom::object object, std::string_view device);
    Result<void> take_field(Field field, dom::element value, model::FlatSignal& out);
    Result<void> take_values(dom::element element);
    Result<void> pass_over(std::string_view name);
};

Result<std::size_t> NativeReader::Impl::read(std::string_view text, const char* padded) {
    payload = text;
    signals.clear();
    if (text.size() > max_payload) return too_large(text.size(), max_payload);
    dom::element root;
    const auto code = parser.parse(padded, text.size(), false).get(root);
    if (code == simdjson::SUCCESS) [[likely]]
        return adopt(root);
    if (code == simdjson::DEPTH_ERROR) return too_deep();
    const auto diagnosis = diagnose(text);
    if (diagnosis.what == Diagnosis::What::fine && code == simdjson::NUMBER_ERROR &&
        !diagnosis.long_integers_end.empty())
        return read_with_long_integers(diagnosis.long_integers_end);
    return explain(code, diagnosis);
}

tl::unexpected<Error> NativeReader::Impl::explain(simdjson::error_code code, const Diagnosis& diagnosis) const {
    if (diagnosis.what != Diagnosis::What::fine) return told(diagnosis, 0);
    return fail("bad-json",
                fmt::format("the payload is no JSON ({}): send one JSON object", simdjson::error_message(code)));
}

// The parser refuses whole numbers beyond 64 bits; written as "…e0" they are read as doubles. Two characters for each
// number of 19 digits or more.
Result<std::size_t> NativeReader::Impl::read_with_long_integers(const std::vector<std::size_t>& ends) {
    std::string patched;
    patched.reserve(payload.size() + 2 * ends.size() + padding);
    std::size_t from = 0;
    for (const auto end : ends) {
        patched.append(payload.substr(from, end - from)).append("e0");
        from = end;
    }
    patched.append(payload.substr(from));
    const auto size = patched.size();
    patched.append(padding, '\0');
    dom::element root;
    const auto code = parser.parse(patched.data(), size, false).get(root);
    return code == simdjson::SUCCESS ? adopt(root) : explain(code, Diagnosis{});
}

Result<std::size_t> NativeReader::Impl::adopt(dom::element root) {
    if (root.is_object()) [[likely]] {
        if (payload.size() > max_signal_bytes) return too_large(payload.size(), max_signal_bytes);
        signals.push_back(root);
        raws.assign(1, payload);
        return 1;
    }
    dom::array array;
    if (root.get_array().get(array) != simdjson::SUCCESS) return wrong_type("", "one JSON object, or an array of them");
    for (const auto element : array) signals.push_back(element);
    find_raws();
    return signals.size();
}

// The parser does not say where an element stood.
void NativeReader::Impl::find_raws() {
    raws.clear();
    std::size_t at = payload.find('[') + 1;
    while (raws.size() < signals.size()) {
        while (is_space(payload[at]) || payload[at] == ',') ++at;
        auto end = end_of_value(payload, at);
        const auto next = end;
        while (end > at && is_space(payload[end - 1])) --end;
        raws.push_back(payload.substr(at, end - at));
        at = next;
    }
}

Result<void> NativeReader::Impl::take_values(dom::element element) {
    if (element.is_null()) return {};
    dom::object object;
    if (element.get_object().get(object) != simdjson::SUCCESS)
        return wrong_type("values", "an object, null or left out");
    for (const auto [name, value] : object) {
        if (values.size() == model::max_values_per_signal)
            return fail("bad-value",
                        fmt::format("more than {} values: send several signals", model::max_values_per_signal),
                        "values");
        if (contains(values, name)) return doubled(name, "values");
        auto& flat = values.emplace_back();
        flat.name = name;
        if (!take_value(value, flat))
            return fail("bad-value", "a value must be true, false, a number, text or null: no object, no array",
                        printable(name, "values"));
    }
    return {};
}

Result<void> NativeReader::Impl::take_field(Field field, dom::element value, model::FlatSignal& out) {
    switch (field) {
        case Field::id:
            return take_text(value, out.id) ? Result<void>{} : wrong_type("id", "text or null");
        case Field::device:
            return take_text(value, out.device) ? Result<void>{} : wrong_type("device", "text");
        case Field::kind:
            return take_text(value, out.kind) ? Result<void>{} : wrong_type("kind", "text");
        case Field::time:
            return take_text(value, out.time)
                       ? Result<void>{}
                       : wrong_type("time", "text like 2026-03-03T08:00:00+08:00, null or left out");
        case Field::values:
            return take_values(value);
        default:
            return take_text(value, out.evidence) ? Result<void>{} : wrong_type("evidence", "text, null or left out");
    }
}

Result<void> NativeReader::Impl::pass_over(std::string_view name) {
    if (others.size() == most_top_fields)
        return fail("bad-value", fmt::format("more than {} fields at the top besides ours: send what the door asks for",
                                             most_top_fields));
    if (contains(others, name)) return doubled(name, {});
    others.push_back(name);
    return {};
}

Result<model::FlatSignal> NativeReader::Impl::flatten(dom::object object, std::string_view device) {
    model::FlatSignal flat;
    values.clear();
    others.clear();
    unsigned seen = 0;
    for (const auto [name, value] : object) {
        const Field field = field_of(name);
        if (field == Field::other) {
            if (auto passed = pass_over(name); !passed) return tl::unexpected(std::move(passed.error()));
            continue;
        }
        const unsigned bit = 1U << static_cast<unsigned>(field);
        if (seen & bit) return doubled(name, {});
        seen |= bit;
        if (auto taken = take_field(field, value, flat); !taken) return tl::unexpected(std::move(taken.error()));
    }
    flat.values = values;
    if (flat.device.empty()) flat.device = device;
    if (flat.device.empty()) return missing("device", "the code of the device is missing");
    if (!device.empty() && flat.device != device)
        return fail("device-mismatch",
                    "the payload names another device than its topic: let both name the same, or leave it out",
                    "device");
    if (flat.kind.empty()) return missing("kind", "the kind of device is missing, such as smoke or door_contact");
    return flat;
}

NativeReader::NativeReader(std::size_t max_payload) : impl_(std::make_unique<Impl>(max_payload)) {}
NativeReader::NativeReader(NativeReader&&) noexcept = default;
NativeReader& NativeReader::operator=(NativeReader&&) noexcept = default;
NativeReader::~NativeReader() = default;

Result<std::size_t> NativeReader::read(std::string_view payload) {
    if (payload.size() > impl_->max_payload) return too_large(payload.size(), impl_->max_payload);
    auto& copy = impl_->copy;
    copy.assign(payload);
    copy.append(padding, '\0');
    return impl_->read(payload, copy.data());
}

Result<std::size_t> NativeReader::read_padded(std::string_view payload) {
    return impl_->read(payload, std::to_address(payload.begin()));
}

Result<model::FlatSignal> NativeReader::signal(std::size_t n, std::string_view device) {
    if (n >= impl_->signals.size()) return fail("missing-field", "there is no such signal in the payload");
    if (impl_->raws[n].size() > max_signal_bytes) return too_large(impl_->raws[n].size(), max_signal_bytes);
    dom::object object;
    if (impl_->signals[n].get_object().get(object) != simdjson::SUCCESS)
        return wrong_type("", "a JSON object: one signal");
    return impl_->flatten(object, device);
}

std::string_view NativeReader::raw(std::size_t n) const {
    return n < impl_->raws.size() ? impl_->raws[n] : std::string_view{};
}

}  // namespace shoumen::doors

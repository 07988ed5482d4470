#include "doors/payload/mapped.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <string>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/time.hpp"
#include "doors/payload/native.hpp"
#include "doors/payload/utf8.hpp"

#include "telling.hpp"

namespace shoumen::doors {

namespace dom = simdjson::dom;
using base::fail;
using base::Result;
using model::FlatValue;
using model::MapDevice;
using model::MapTopic;

namespace {

std::string_view code_in(const model::Map& map, std::string_view name) {
    const auto known = std::ranges::find(map.devices, name, &model::MapPair::from);
    return known != map.devices.end() ? std::string_view(known->to) : name;
}

bool fits(const MapTopic& entry, std::string_view topic, std::string_view& device) {
    for (std::size_t i = 0; i < entry.levels.size(); ++i) {
        const std::string& level = entry.levels[i];
        if (level == "#") return true;
        const std::size_t slash = topic.find('/');
        const std::string_view here = topic.substr(0, slash);
        const bool last = slash == std::string_view::npos;
        if (level == "{device}") {
            if (here.empty()) return false;
            device = here;
        } else if (level != "+" && level != here) {
            return false;
        }
        if (last) return i + 1 == entry.levels.size();
        topic.remove_prefix(slash + 1);
    }
    return false;  // the topic goes on
}

// Nothing: there is no such thing.
std::optional<dom::element> at_path(dom::element from, std::string_view path) {
    while (!path.empty()) {
        const std::size_t dot = path.find('.');
        dom::object object;
        if (from.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
        dom::element next;
        if (object.at_key(path.substr(0, dot)).get(next) != simdjson::SUCCESS) return std::nullopt;
        from = next;
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return from;
}

Result<void> check_names(dom::object object) {
    std::vector<std::string_view> seen;
    for (const auto [name, value] : object) {
        if (std::ranges::find(seen, name) != seen.end()) return doubled(name, {});
        seen.push_back(name);
    }
    return {};
}

struct Element {
    dom::element element;
    std::string_view device;
};

}  // namespace

std::optional<Fitting> fitting(const std::vector<model::Map>& maps, std::string_view topic) {
    for (const model::Map& map : maps) {
        for (const MapTopic& entry : map.topics) {
            Fitting found{&map, &entry, {}};
            if (fits(entry, topic, found.device)) return found;
        }
    }
    return std::nullopt;
}

std::string_view code_of(const Fitting& fitting) { return code_in(*fitting.map, fitting.device); }

struct MappedReader::Impl {
    dom::parser parser;
    Fitting fit;
    std::string_view own;
    std::string copy;
    bool is_plain = false;
    std::vector<Element> elements;
    std::vector<FlatValue> values;
    std::deque<std::string> texts;  // names and times made here; they must not move

    Impl() {
        if (parser.allocate(max_signal_bytes + NativeReader::padding, deepest + 1) != simdjson::SUCCESS)
            throw std::bad_alloc();
    }

    Result<std::size_t> read(std::string_view payload);
    Result<void> take_elements(dom::element element, std::string_view device);
    Result<model::FlatSignal> flatten(const Element& element);
    Result<void> take_values(dom::element element);
    Result<void> take(std::string_view name, dom::element value);
    Result<std::string_view> time_of(dom::element value);
    Result<std::string_view> id_of(dom::element value);
    std::string_view name_of(std::string_view name);
    std::string_view kind_here() const;
    std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
};

Result<std::size_t> MappedReader::Impl::read(std::string_view payload) {
    elements.clear();
    is_plain = false;
    if (payload.size() > max_signal_bytes) return too_large(payload.size(), max_signal_bytes);
    copy.assign(payload);
    copy.append(NativeReader::padding, '\0');
    dom::element root;
    const auto code = parser.parse(copy.data(), payload.size(), false).get(root);
    const bool bare = code != simdjson::SUCCESS || !(root.is_object() || root.is_array());
    if (bare && !fit.topic->plain.empty()) {
        if (utf8_fault(payload) != payload.size()) return fail("bad-utf8", "the payload is not UTF-8: send UTF-8");
        is_plain = true;
        return 1;
    }
    if (code == simdjson::DEPTH_ERROR) return too_deep();
    if (code != simdjson::SUCCESS) {
        const auto diagnosis = diagnose(payload);
        if (diagnosis.what != Diagnosis::What::fine) return told(diagnosis, 0);
        return fail("bad-json", fmt::format("the payload is no JSON ({})", simdjson::error_message(code)));
    }
    if (fit.topic->device != MapDevice::members) {
        if (auto done = take_elements(root, {}); !done) return tl::unexpected(std::move(done.error()));
        return elements.size();
    }
    dom::object devices;
    if (root.get_object().get(devices) != simdjson::SUCCESS) return wrong_type("", "one JSON object: devices by name");
    if (auto done = check_names(devices); !done) return tl::unexpected(std::move(done.error()));
    for (const auto [name, value] : devices) {
        if (auto done = take_elements(value, name); !done) return tl::unexpected(std::move(done.error()));
    }
    if (elements.empty()) return fail("no-reading", "the payload names no device: there is nothing to read");
    return elements.size();
}

Result<void> MappedReader::Impl::take_elements(dom::element element, std::string_view device) {
    dom::array array;
    if (element.get_array().get(array) != simdjson::SUCCESS) {
        if (!element.is_object()) return wrong_type("", "a JSON object, or an array of them");
        elements.push_back({element, device});
        return {};
    }
    for (const auto item : array) {
        if (!item.is_object()) return wrong_type("", "an array of JSON objects");
        elements.push_back({item, device});
    }
    if (elements.empty()) return fail("no-reading", "the array is empty: there is nothing to read");
    return {};
}

// As the map calls it, and fit to stand in the log.
std::string_view MappedReader::Impl::name_of(std::string_view name) {
    const auto renamed = std::ranges::find(fit.topic->rename, name, &model::MapPair::from);
    if (renamed != fit.topic->rename.end()) return renamed->to;
    if (is_plain_word(name)) return name;
    std::string plain(name.substr(0, 64));
    for (char& c : plain) {
        if (!is_plain_word(std::string_view(&c, 1))) c = '_';
    }
    return keep(plain.empty() ? "_" : std::move(plain));
}

Result<void> MappedReader::Impl::take(std::string_view name, dom::element value) {
    FlatValue flat;
    if (!take_value(value, flat)) return {};
    if (const auto* text = std::get_if<std::string_view>(&flat.value)) {
        if (text->empty()) return {};
        for (const model::MapMeaning& m : fit.topic->meanings) {
            if (m.field != name || (m.text != *text && m.text != "*")) continue;
            double number = 0;
            const auto [end, fault] = std::from_chars(m.value.data(), m.value.data() + m.value.size(), number);
            if (m.value == "true" || m.value == "false")
                flat.value = m.value == "true";
            else if (fault == std::errc{} && end == m.value.data() + m.value.size())
                flat.value = number;
            else
                flat.value = std::string_view(m.value);
            break;
        }
    }
    flat.name = name_of(name);
    if (std::ranges::find(values, flat.name, &FlatValue::name) != values.end()) return doubled(flat.name, "values");
    if (values.size() == model::max_values_per_signal)
        return fail("bad-value",
                    fmt::format("more than {} values: leave some out in the map", model::max_values_per_signal));
    values.push_back(flat);
    return {};
}

Result<void> MappedReader::Impl::take_values(dom::element element) {
    for (const std::string& path : fit.topic->values) {
        const auto found = at_path(element, path);
        dom::object object;
        if (!found || found->get_object().get(object) != simdjson::SUCCESS) continue;
        if (auto done = check_names(object); !done) return done;
        for (const auto [name, value] : object) {
            const bool is_head =
                path.empty() && (name == fit.topic->id || name == fit.topic->time ||
                                 (fit.topic->device == MapDevice::field && name == fit.topic->device_path));
            if (is_head || std::ranges::find(fit.topic->leave, name) != fit.topic->leave.end()) continue;
            if (auto done = take(name, value); !done) return done;
        }
        break;
    }
    for (const auto& [name, path] : fit.topic->fields) {
        const auto found = at_path(element, path);
        if (!found) continue;
        if (auto done = take(name, *found); !done) return done;
    }
    return {};
}

// RFC 3339 as it stands, or a number since 1970.
Result<std::string_view> MappedReader::Impl::time_of(dom::element value) {
    if (value.is_null()) return std::string_view();
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) return text;
    double number = 0;
    if (value.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number) || std::abs(number) > 1e15)
        return fail("bad-time", "the time is neither RFC 3339 nor a number of milliseconds or seconds since 1970",
                    "time");
    const double us = number * (fit.topic->time_in_seconds ? 1e6 : 1e3);
    if (std::abs(us) > 4e15) return fail("bad-time", "the time lies outside the years 1850 to 2090", "time");
    return keep(base::format_utc(base::Time{std::llround(us)}));
}

Result<std::string_view> MappedReader::Impl::id_of(dom::element value) {
    if (value.is_null()) return std::string_view();
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) return text;
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS) return keep(std::to_string(number));
    return wrong_type("id", "text or a whole number");
}

// By the first value of the map's list that is there, be it null.
std::string_view MappedReader::Impl::kind_here() const {
    for (const auto& [has, kind] : fit.topic->kinds) {
        if (has.empty() || std::ranges::find(values, has, &FlatValue::name) != values.end()) return kind;
    }
    return {};
}

Result<model::FlatSignal> MappedReader::Impl::flatten(const Element& element) {
    values.clear();
    texts.clear();
    model::FlatSignal flat;
    if (is_plain) {
        std::string_view text(copy);
        text = text.substr(0, text.find('\0'));
        values.push_back({fit.topic->plain, text});
        for (const model::MapMeaning& m : fit.topic->meanings) {
            if (m.field == fit.topic->plain && m.text == text && (m.value == "true" || m.value == "false"))
                values.back().value = m.value == "true";
        }
    } else if (auto done = take_values(element.element); !done) {
        return tl::unexpected(std::move(done.error()));
    }
    std::string_view name = fit.topic->device == MapDevice::own ? own : fit.device;
    if (fit.topic->device == MapDevice::members) name = element.device;
    if (fit.topic->device == MapDevice::field && !is_plain) {
        const auto found = at_path(element.element, fit.topic->device_path);
        if (!found || found->get_string().get(name) != simdjson::SUCCESS || name.empty())
            return missing("device", "the field that the map takes the device from is missing, or no text");
    }
    flat.device = fit.topic->device == MapDevice::own ? name : code_in(*fit.map, name);
    if (!is_plain && !fit.topic->time.empty()) {
        if (const auto found = at_path(element.element, fit.topic->time)) {
            const auto time = time_of(*found);
            if (!time) return tl::unexpected(time.error());
            flat.time = *time;
        }
    }
    if (!is_plain && !fit.topic->id.empty()) {
        if (const auto found = at_path(element.element, fit.topic->id)) {
            const auto id = id_of(*found);
            if (!id) return tl::unexpected(id.error());
            flat.id = *id;
        }
    }
    flat.kind = kind_here();
    const bool reads = std::ranges::any_of(
        values, [](const FlatValue& v) { return !std::holds_alternative<std::monostate>(v.value); });
    if (!reads) return fail("no-reading", "the payload carries no value that is true, false, a number or text");
    flat.values = values;
    return flat;
}

MappedReader::MappedReader() : impl_(std::make_unique<Impl>()) {}
MappedReader::MappedReader(MappedReader&&) noexcept = default;
MappedReader& MappedReader::operator=(MappedReader&&) noexcept = default;
MappedReader::~MappedReader() = default;

Result<std::size_t> MappedReader::read(const Fitting& fitting, std::string_view own, std::string_view payload) {
    impl_->fit = fitting;
    impl_->own = own;
    return impl_->read(payload);
}

Result<model::FlatSignal> MappedReader::signal(std::size_t n) {
    if (impl_->is_plain) return impl_->flatten({});
    if (n >= impl_->elements.size()) return fail("no-reading", "there is no such signal in the payload");
    return impl_->flatten(impl_->elements[n]);
}

}  // namespace shoumen::doors

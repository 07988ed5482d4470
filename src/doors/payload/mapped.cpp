#include "doors/payload/mapped.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <deque>
#include <string>

#include <fmt/format.h>
#include <pugixml.hpp>
#include <simdjson.h>

#include "base/time.hpp"
#include "doors/payload/native.hpp"
#include "doors/payload/utf8.hpp"

#include "bytes.hpp"
#include "map_time.hpp"
#include "part.hpp"
#include "telling.hpp"

namespace shoumen::doors {

namespace dom = simdjson::dom;
using base::fail;
using base::Result;
using model::FlatValue;
using model::MapCase;
using model::MapCondition;
using model::MapDevice;
using model::MapForm;
using model::MapReading;
using model::MapTopic;

namespace {

constexpr std::size_t most_elements = 1'000;  // signals of one payload
constexpr int deepest_nested = 8;
constexpr auto none = static_cast<std::size_t>(-1);
constexpr std::string_view clock_unset = "clock_unset";
constexpr std::string_view undecoded_bytes = "undecoded_bytes";

// Names mostly differ in their length or first letter: to call memcmp for each pair shows in the measurements.
bool same(std::string_view a, std::string_view b) {
    return a.size() == b.size() && (a.empty() || (a.front() == b.front() && a == b));
}

bool is_among(const std::vector<std::string_view>& names, std::string_view name) {
    return std::ranges::any_of(names, [&](std::string_view one) { return same(one, name); });
}

// What stands at a level of the topic.
std::string_view level_of(std::string_view topic, std::size_t level) {
    for (; level > 0; --level) {
        const std::size_t slash = topic.find('/');
        if (slash == std::string_view::npos) return {};
        topic.remove_prefix(slash + 1);
    }
    return topic.substr(0, topic.find('/'));
}

// A value as a map would write it: the form in which conditions and meanings name it.
std::string_view as_written(const FlatValue& value, std::array<char, 32>& room) {
    if (const auto* text = std::get_if<std::string_view>(&value.value)) return *text;
    if (const auto* truth = std::get_if<bool>(&value.value)) return *truth ? "true" : "false";
    const auto* number = std::get_if<double>(&value.value);
    if (number == nullptr) return "null";
    const bool whole = std::nearbyint(*number) == *number && std::abs(*number) < 1e15;
    const auto end = whole ? std::to_chars(room.data(), room.data() + room.size(), std::llround(*number)).ptr
                           : std::to_chars(room.data(), room.data() + room.size(), *number).ptr;
    return {room.data(), static_cast<std::size_t>(end - room.data())};
}

bool is_true(const FlatValue& value) {
    if (const auto* truth = std::get_if<bool>(&value.value)) return *truth;
    const auto* number = std::get_if<double>(&value.value);
    return number != nullptr && *number != 0;
}

// What a map writes of a value.
void take_mapped(std::string_view written, FlatValue& out) {
    if (written == "true" || written == "false") {
        out.value = written == "true";
        return;
    }
    double number = 0;
    const auto [end, fault] = std::from_chars(written.data(), written.data() + written.size(), number);
    if (fault == std::errc{} && end == written.data() + written.size() && std::isfinite(number))
        out.value = number;
    else
        out.value = written;
}

// What conditions found at a path of the element that is being read: the cases of a map mostly ask one place after
// another.
struct Looked {
    std::string_view path;
    bool is_there = false;
    bool is_plain = false;
    std::array<char, 32> room{};
    std::string_view written;  // may lie in `room`
};

// An object or XML element that paths lead through; of an element its children too, once one was asked for. A map asks
// a few places for many names, and to go through pugixml's tree for each was a third of reading XML.
class Opened {
public:
    std::string_view path;

    void open(std::string_view at, Part part) {
        path = at;
        part_ = part;
        is_read_ = false;
    }
    Part find(std::string_view name) {
        if (!part_.is_xml_element() || name.starts_with('@')) return part_.step(name);
        if (!is_read_) read();
        for (const auto& [own, part] : members_) {
            if (same(own, name)) return part;
        }
        return {};
    }

private:
    void read() {
        is_read_ = true;
        members_.clear();
        (void)part_.members([&](std::string_view name, Part part) -> Result<void> {
            members_.emplace_back(name, part);
            return {};
        });
    }
    Part part_;
    bool is_read_ = false;
    std::vector<std::pair<std::string_view, Part>> members_;
};

struct Element {
    Part part;
    std::string_view device;
    const MapCase* chosen = nullptr;
    bool unforeseen = false;  // there are cases, and none of them holds
};

}  // namespace

struct MappedReader::Impl {
    dom::parser parser;
    dom::parser inner;
    pugi::xml_document xml;
    Fitting fit;
    std::string_view own;
    std::string copy;
    std::string inner_copy;
    Part root;
    bool is_plain = false;
    std::vector<Element> elements;
    std::vector<Part> parts;             // of 'each'
    std::vector<Part> listed;            // of a list within an element
    std::vector<std::string_view> seen;  // names of the object that is being read
    Part here;                           // the element that is being read, and which that is
    std::size_t here_n = none;
    std::array<Looked, 4> looked;  // of it: the last places, in a ring
    std::size_t looks = 0;
    std::array<Opened, 4> opened;  // of it, in a ring too
    std::size_t opens = 0;
    std::vector<FlatValue> values;
    std::deque<std::string> texts;  // names made here; they must not move
    std::string time_room;
    std::vector<std::uint8_t> bytes;
    std::vector<ByteValue> decoded;

    Impl() {
        if (parser.allocate(max_signal_bytes + NativeReader::padding, deepest + 1) != simdjson::SUCCESS)
            throw std::bad_alloc();
    }

    Result<std::size_t> read(std::string_view payload);
    Result<void> parse(std::string_view payload);
    Result<void> parse_json(std::string_view payload);
    Result<void> parse_xml(std::string_view payload);
    Result<void> parse_inner();
    Result<void> find_elements();
    Result<void> take_elements(Part part, std::string_view device, bool at_path);
    Result<void> add(Part part, std::string_view device);
    const MapCase* case_of(const Element& element);

    void begin(Part part, std::size_t n);
    [[nodiscard]] Part at(std::string_view path);
    Opened& open(std::string_view path);
    [[nodiscard]] bool holds(const std::vector<MapCondition>& when);
    const Looked& look(std::string_view path);
    [[nodiscard]] std::string_view word_of(std::string_view name) const;

    Result<model::FlatSignal> flatten(std::size_t n);
    Result<void> fill(const Element& element, model::FlatSignal& flat);
    Result<std::string_view> device_of(const Element& element);
    Result<void> take_values(const Element& element);
    Result<void> take_members(const Element& element, Part part, std::string_view prefix, int depth);
    Result<void> take_member(const Element& element, std::string_view name, Part part, int depth);
    Result<void> take_further(const Element& element, const MapReading& reading);
    Result<void> take_named(const Element& element, const model::MapNamed& named);
    Result<void> take_list(const Element& element, const model::MapInList& list);
    Result<void> take_bytes(const Element& element, const model::MapBytes& map);
    void take_words();
    Result<void> take(const Element& element, std::string_view name, Part part);
    Result<void> put(const Element& element, std::string_view name, FlatValue flat);
    bool mean(const Element& element, std::string_view name, FlatValue& flat);
    void scale(const Element& element, std::string_view name, FlatValue& flat);
    void replace(std::string_view name, FlatValue flat);
    void take_any(const model::MapAnyOf& any);
    Result<std::string_view> time_of(Part part);
    Result<std::string_view> id_of(Part part, const char* field);
    std::string_view name_of(const Element& element, std::string_view name);
    [[nodiscard]] bool is_left(const Element& element, std::string_view name) const;
    [[nodiscard]] const FlatValue* find(std::string_view name) const;
    [[nodiscard]] std::string_view kind_of(const Element& element) const;
    std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }

    // The case first: what it says of a name is nearer. Null: there is none.
    [[nodiscard]] std::array<const MapReading*, 2> readings(const Element& element) const {
        return {element.chosen != nullptr ? &element.chosen->reading : nullptr, &fit.topic->reading};
    }
};

// --- From bytes to elements --------------------------------------------------------------------------------------

Result<std::size_t> MappedReader::Impl::read(std::string_view payload) {
    elements.clear();
    if (!texts.empty()) texts.clear();
    is_plain = false;
    root = Part();
    here_n = none;
    if (payload.size() > max_signal_bytes) return too_large(payload.size(), max_signal_bytes);
    if (fit.topic->reading.ignored) return 0;
    if (auto done = parse(payload); !done) return tl::unexpected(std::move(done.error()));
    if (is_plain || fit.topic->form == MapForm::bytes) {
        if (auto done = add(root, {}); !done) return tl::unexpected(std::move(done.error()));
        return elements.size();
    }
    if (auto done = parse_inner(); !done) return tl::unexpected(std::move(done.error()));
    if (auto done = find_elements(); !done) return tl::unexpected(std::move(done.error()));
    return elements.size();
}

Result<void> MappedReader::Impl::parse(std::string_view payload) {
    if (fit.topic->form == MapForm::xml) return parse_xml(payload);
    if (fit.topic->form == MapForm::json) return parse_json(payload);
    bytes.assign(payload.begin(), payload.end());
    return {};
}

Result<void> MappedReader::Impl::parse_json(std::string_view payload) {
    copy.assign(payload);
    copy.append(NativeReader::padding, '\0');
    dom::element element;
    const auto code = parser.parse(copy.data(), payload.size(), false).get(element);
    const bool bare = code != simdjson::SUCCESS || !(element.is_object() || element.is_array());
    if (bare && !fit.topic->plain.empty()) {
        if (utf8_fault(payload) != payload.size()) return fail("bad-utf8", "the payload is not UTF-8: send UTF-8");
        is_plain = true;
        return {};
    }
    if (code == simdjson::DEPTH_ERROR) return too_deep();
    if (code != simdjson::SUCCESS) {
        const auto diagnosis = diagnose(payload);
        if (diagnosis.what != Diagnosis::What::fine) return told(diagnosis, 0);
        return fail("bad-json", fmt::format("the payload is no JSON ({})", simdjson::error_message(code)));
    }
    root = Part(element);
    return {};
}

// No document type is taken: it is where entities are declared that stand for more than was sent, or for files.
Result<void> MappedReader::Impl::parse_xml(std::string_view payload) {
    const std::size_t fault = utf8_fault(payload);
    if (fault != payload.size())
        return fail("bad-utf8", fmt::format("byte {} is not UTF-8 (GBK perhaps): send UTF-8", fault));
    if (payload.find('\0') != payload.npos) return fail("bad-xml", "the payload holds a byte 0: send XML");
    copy.assign(payload);
    constexpr unsigned how = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_wconv_attribute | pugi::parse_eol |
                             pugi::parse_trim_pcdata | pugi::parse_embed_pcdata | pugi::parse_doctype;
    const auto parsed = xml.load_buffer_inplace(copy.data(), copy.size(), how, pugi::encoding_utf8);
    for (pugi::xml_node node = xml.first_child(); node; node = node.next_sibling()) {
        if (node.type() == pugi::node_doctype)
            return fail("xml-doctype",
                        "the payload declares a document type, which is never read: send it without "
                        "<!DOCTYPE>");
    }
    if (parsed.status == pugi::status_bad_doctype)
        return fail("xml-doctype",
                    "the payload declares a document type, which is never read: send it without "
                    "<!DOCTYPE>");
    if (!parsed)
        return fail("bad-xml",
                    fmt::format("at byte {}: {}: send well-formed XML", parsed.offset, parsed.description()));
    root = Part(xml.document_element());
    return {};
}

// A text in the payload that is JSON itself. Where an object stands in its place, that is meant.
Result<void> MappedReader::Impl::parse_inner() {
    if (fit.topic->inner.empty()) return {};
    const Part part = root.at(fit.topic->inner);
    if (!part) return missing("payload", "the field that the map takes the payload proper from is missing");
    const auto text = part.text();
    if (!text || (part.is_json() && part.has_members())) {
        root = part;
        return {};
    }
    inner_copy.assign(*text);
    inner_copy.append(NativeReader::padding, '\0');
    if (inner.capacity() == 0 &&
        inner.allocate(max_signal_bytes + NativeReader::padding, deepest + 1) != simdjson::SUCCESS)
        throw std::bad_alloc();
    dom::element element;
    if (inner.parse(inner_copy.data(), text->size(), false).get(element) != simdjson::SUCCESS)
        return fail("bad-json", "the text that the map takes the payload proper from is no JSON");
    root = Part(element);
    return {};
}

void MappedReader::Impl::begin(Part part, std::size_t n) {
    here = part;
    here_n = n;
    looks = 0;
    opens = 0;
}

Opened& MappedReader::Impl::open(std::string_view path) {
    for (std::size_t i = 0; i < std::min(opens, opened.size()); ++i) {
        if (same(opened[i].path, path)) return opened[i];
    }
    const Part part = at(path);  // may open others
    Opened& out = opened[opens++ % opened.size()];
    out.open(path, part);
    return out;
}

Part MappedReader::Impl::at(std::string_view path) {
    if (path.empty()) return here;
    if (path.front() == '$') return root.at(path.substr(path.starts_with("$.") ? 2 : 1));
    const auto* dot = static_cast<const char*>(::memrchr(path.data(), '.', path.size()));
    if (dot == nullptr) return open({}).find(path);
    const auto over = static_cast<std::size_t>(dot - path.data());
    return open(path.substr(0, over)).find(path.substr(over + 1));
}

Result<void> MappedReader::Impl::find_elements() {
    const MapTopic& topic = *fit.topic;
    for (const std::string& path : topic.each) {
        const Part found = root.at(path);
        if (found) return take_elements(found, {}, true);
    }
    if (!topic.each.empty()) return fail("no-reading", "what the map calls 'each' is not in the payload");
    if (topic.device != MapDevice::members) return take_elements(root, {}, false);
    if (!root.has_members()) return wrong_type("", "one JSON object: devices by name");
    seen.clear();
    bool any = false;
    auto done = root.members([&](std::string_view name, Part part) -> Result<void> {
        if (is_among(seen, name)) return doubled(name, {});
        seen.push_back(name);
        any = true;
        return take_elements(part, name, false);
    });
    if (done && !any) return fail("no-reading", "the payload names no device: there is nothing to read");
    return done;
}

// Of an array its items. At a path of 'each' several XML elements of one name are meant, elsewhere the one.
Result<void> MappedReader::Impl::take_elements(Part part, std::string_view device, bool at_path) {
    if (!part.is_json() && !at_path) return add(part, device);
    parts.clear();
    part.items(parts);
    if (parts.empty()) return fail("no-reading", "the array is empty: there is nothing to read");
    const bool is_list = part.is_json() && !part.has_members() && part.json().is_array();
    for (const Part& item : parts) {
        if (item.is_json() && !item.has_members())
            return is_list ? wrong_type("", "an array of JSON objects")
                           : wrong_type("", "a JSON object, or an array of them");
        if (auto done = add(item, device); !done) return done;
    }
    return {};
}

Result<void> MappedReader::Impl::add(Part part, std::string_view device) {
    Element element{part, device};
    if (!fit.topic->cases.empty()) {
        element.chosen = case_of(element);
        element.unforeseen = element.chosen == nullptr;
        if (element.chosen != nullptr && element.chosen->reading.ignored) return {};
    }
    if (elements.size() == most_elements)
        return fail("too-many-readings",
                    fmt::format("the payload holds more than {} readings: send it in parts", most_elements));
    elements.push_back(element);
    return {};
}

const MapCase* MappedReader::Impl::case_of(const Element& element) {
    begin(element.part, elements.size());
    for (const MapCase& c : fit.topic->cases) {
        if (holds(c.when)) return &c;
    }
    return nullptr;
}

// The level of the topic that {name} stands for.
std::string_view MappedReader::Impl::word_of(std::string_view name) const {
    const auto& levels = fit.topic->levels;
    const auto at = std::ranges::find(levels, name);
    return at == levels.end() ? std::string_view()
                              : level_of(fit.topic_text, static_cast<std::size_t>(at - levels.begin()));
}

const Looked& MappedReader::Impl::look(std::string_view path) {
    for (std::size_t i = 0; i < std::min(looks, looked.size()); ++i) {
        if (same(looked[i].path, path)) return looked[i];
    }
    Looked& out = looked[looks++ % looked.size()];
    out.path = path;
    FlatValue value;
    if (path.starts_with('{')) {
        out.is_there = out.is_plain = true;
        value.value = word_of(path);
    } else {
        const Part found = at(path);
        out.is_there = static_cast<bool>(found);
        out.is_plain = found && found.take(value);
        if (!out.is_plain) return out;
        if (const auto text = found.text()) value.value = *text;
    }
    out.written = as_written(value, out.room);
    return out;
}

bool MappedReader::Impl::holds(const std::vector<MapCondition>& when) {
    return std::ranges::all_of(when, [&](const MapCondition& condition) {
        const Looked& found = look(condition.path);
        const auto& wanted = condition.texts;
        if (!found.is_there || wanted.front() == "*") return found.is_there;
        return found.is_plain && std::ranges::any_of(wanted, [&](const std::string& text) {
                   return text == "*" || text == found.written;
               });
    });
}

// --- From an element to a signal ---------------------------------------------------------------------------------

bool MappedReader::Impl::is_left(const Element& element, std::string_view name) const {
    return std::ranges::any_of(readings(element), [&](const MapReading* reading) {
        return reading != nullptr && std::ranges::find(reading->leave, name) != reading->leave.end();
    });
}

// As the map calls it, and fit to stand in the log.
std::string_view MappedReader::Impl::name_of(const Element& element, std::string_view name) {
    for (const MapReading* reading : readings(element)) {
        if (reading == nullptr) continue;
        const auto at =
            std::ranges::find_if(reading->rename, [&](const model::MapPair& pair) { return same(pair.from, name); });
        if (at != reading->rename.end()) return at->to;
    }
    if (is_plain_word(name)) return name;
    std::string plain(name.substr(0, 64));
    for (char& c : plain) {
        if (!is_plain_word(std::string_view(&c, 1))) c = '_';
    }
    return keep(plain.empty() ? "_" : std::move(plain));
}

const FlatValue* MappedReader::Impl::find(std::string_view name) const {
    const auto at = std::ranges::find_if(values, [&](const FlatValue& value) { return same(value.name, name); });
    return at == values.end() ? nullptr : &*at;
}

// Whether the map says what this value means; then it stands in its place.
bool MappedReader::Impl::mean(const Element& element, std::string_view name, FlatValue& flat) {
    if (std::holds_alternative<std::monostate>(flat.value)) return false;
    const bool is_text = std::holds_alternative<std::string_view>(flat.value);
    std::array<char, 32> room{};
    std::string_view written;
    for (const MapReading* reading : readings(element)) {
        if (reading == nullptr) continue;
        for (const model::MapMeaning& m : reading->meanings) {
            if (!same(m.field, name)) continue;
            if (written.empty()) written = as_written(flat, room);
            if (m.text != written && !(m.text == "*" && is_text)) continue;
            take_mapped(m.value, flat);
            return true;
        }
    }
    return false;
}

void MappedReader::Impl::scale(const Element& element, std::string_view name, FlatValue& flat) {
    auto* number = std::get_if<double>(&flat.value);
    if (number == nullptr) return;
    for (const MapReading* reading : readings(element)) {
        if (reading == nullptr) continue;
        const auto at = std::ranges::find(reading->scales, name, &model::MapScale::field);
        if (at == reading->scales.end()) continue;
        *number = *number * at->times + at->plus;
        return;
    }
}

Result<void> MappedReader::Impl::put(const Element& element, std::string_view name, FlatValue flat) {
    flat.name = name_of(element, name);
    if (find(flat.name) != nullptr) return doubled(flat.name, "values");
    if (values.size() == model::max_values_per_signal)
        return fail("bad-value",
                    fmt::format("more than {} values: leave some out in the map", model::max_values_per_signal));
    values.push_back(flat);
    return {};
}

Result<void> MappedReader::Impl::take(const Element& element, std::string_view name, Part part) {
    FlatValue flat;
    if (!part.take(flat)) return {};
    if (const auto* text = std::get_if<std::string_view>(&flat.value); text != nullptr && text->empty()) return {};
    // What XML writes is a text until the map has said what it means.
    FlatValue written{name, flat.value};
    if (!part.is_json()) written.value = *part.text();
    if (mean(element, name, written))
        flat = written;
    else
        scale(element, name, flat);
    return put(element, name, flat);
}

// Put in, or in the place of what there is.
void MappedReader::Impl::replace(std::string_view name, FlatValue flat) {
    flat.name = name;
    const auto at = std::ranges::find_if(values, [&](const FlatValue& value) { return same(value.name, name); });
    if (at != values.end())
        *at = flat;
    else if (values.size() < model::max_values_per_signal)
        values.push_back(flat);
}

Result<void> MappedReader::Impl::take_member(const Element& element, std::string_view name, Part part, int depth) {
    if (is_left(element, name)) return {};
    if (!fit.topic->nested || depth == deepest_nested) return take(element, name, part);
    if (part.has_members()) return take_members(element, part, name, depth + 1);
    if (!part.is_json() || !part.json().is_array()) return take(element, name, part);
    std::vector<Part> items;
    part.items(items);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string_view full = keep(fmt::format("{}.{}", name, i));
        if (auto done = take_member(element, full, items[i], depth + 1); !done) return done;
    }
    return {};
}

Result<void> MappedReader::Impl::take_members(const Element& element, Part part, std::string_view prefix, int depth) {
    std::vector<std::string_view> names;
    return part.members([&](std::string_view name, Part value) -> Result<void> {
        if (is_among(names, name)) return doubled(name, {});
        names.push_back(name);
        return take_member(element, keep(fmt::format("{}.{}", prefix, name)), value, depth);
    });
}

Result<void> MappedReader::Impl::take_values(const Element& element) {
    const MapTopic& topic = *fit.topic;
    for (const std::string& path : topic.values) {
        const Part found = at(path);
        if (!found || !found.has_members()) continue;
        seen.clear();
        auto done = found.members([&](std::string_view name, Part value) -> Result<void> {
            if (is_among(seen, name)) return doubled(name, {});
            seen.push_back(name);
            const bool is_head = path.empty() && (name == topic.id || name == topic.time || name == topic.evidence ||
                                                  (topic.device == MapDevice::field && name == topic.device_path));
            return is_head ? Result<void>{} : take_member(element, name, value, 0);
        });
        if (!done) return done;
        break;
    }
    for (const MapReading* reading : readings(element)) {
        if (reading == nullptr) continue;
        if (auto done = take_further(element, *reading); !done) return done;
    }
    return {};
}

Result<void> MappedReader::Impl::take_further(const Element& element, const MapReading& reading) {
    for (const auto& [name, path] : reading.fields) {
        const Part found = at(path);
        if (!found) continue;
        if (auto done = take(element, name, found); !done) return done;
    }
    for (const model::MapNamed& named : reading.named) {
        if (auto done = take_named(element, named); !done) return done;
    }
    for (const model::MapInList& list : reading.lists) {
        if (auto done = take_list(element, list); !done) return done;
    }
    for (const model::MapBytes& map : reading.bytes) {
        if (!holds(map.when)) continue;
        return take_bytes(element, map);
    }
    return {};
}

Result<void> MappedReader::Impl::take_named(const Element& element, const model::MapNamed& named) {
    const Part list = at(named.each);
    if (!list) return {};
    listed.clear();
    list.items(listed);
    for (const Part& item : listed) {
        const auto name = item.at(named.name).text();
        const Part value = item.at(named.value);
        if (!name || name->empty() || !value || is_left(element, *name)) continue;
        if (auto done = take(element, *name, value); !done) return done;
    }
    return {};
}

Result<void> MappedReader::Impl::take_list(const Element& element, const model::MapInList& list) {
    const Part found = at(list.list);
    if (!found) return {};
    listed.clear();
    found.items(listed);
    FlatValue flat;
    if (list.item.empty()) {
        flat.value = static_cast<double>(listed.size());
    } else {
        flat.value = std::ranges::any_of(listed, [&](const Part& item) {
            const auto text = item.text();
            return text && *text == list.item;
        });
    }
    return put(element, list.name, flat);
}

Result<void> MappedReader::Impl::take_bytes(const Element& element, const model::MapBytes& map) {
    if (fit.topic->form != MapForm::bytes) {
        const Part found = at(map.path);
        const auto text = found ? found.text() : std::nullopt;
        if (!text || text->empty()) return {};
        if (!decode_text(map.encoding, *text, bytes))
            return fail("bad-bytes", map.encoding == model::MapEncoding::hex ? "the bytes are not written as hex"
                                                                             : "the bytes are not written as base64");
    }
    const std::size_t left = decode_bytes(map, bytes, decoded);
    if (decoded.empty() && left > 0)
        return fail("bad-bytes", fmt::format("{} bytes at the end fit no record of the map", left));
    for (const ByteValue& value : decoded) {
        FlatValue flat;
        if (value.is_truth)
            flat.value = value.number != 0;
        else
            flat.value = value.number;
        if (!mean(element, value.name, flat)) scale(element, value.name, flat);
        const std::string_view name =
            value.suffix < 0 ? value.name : keep(fmt::format("{}_{}", value.name, value.suffix));
        // The same record may come twice: the later one stands nearer to now.
        if (find(name_of(element, name)) == nullptr) {
            if (auto done = put(element, name, flat); !done) return done;
        }
    }
    if (left > 0) replace(undecoded_bytes, {{}, static_cast<double>(left)});
    return {};
}

void MappedReader::Impl::take_words() {
    const auto& levels = fit.topic->levels;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const std::string_view level = levels[i];
        if (!level.starts_with('{') || level == "{device}") continue;
        replace(level.substr(1, level.size() - 2), {{}, level_of(fit.topic_text, i)});
    }
}

void MappedReader::Impl::take_any(const model::MapAnyOf& any) {
    bool there = false;
    bool is = false;
    for (const std::string& name : any.of) {
        const FlatValue* value = find(name);
        if (value == nullptr || std::holds_alternative<std::monostate>(value->value)) continue;
        there = true;
        is = is || is_true(*value);
    }
    if (there) replace(any.name, {{}, is});
}

Result<std::string_view> MappedReader::Impl::time_of(Part part) {
    FlatValue flat;
    if (!part.take(flat))
        return fail("bad-time", "the time is neither RFC 3339 nor a number of milliseconds or seconds since 1970",
                    "time");
    if (const auto text = part.text()) flat.value = *text;
    const auto time = map_time(*fit.topic, flat, time_room);
    if (!time) return tl::unexpected(time.error());
    const std::string_view text = *time;
    if (text.empty()) return std::string_view();
    // Before 2000 nobody sent anything: a clock that was never set. When it was received counts then.
    if (text.starts_with("19")) {
        replace(clock_unset, {{}, true});
        return std::string_view();
    }
    return text;
}

Result<std::string_view> MappedReader::Impl::id_of(Part part, const char* field) {
    if (const auto text = part.text()) return *text;
    FlatValue flat;
    if (part.take(flat)) {
        if (std::holds_alternative<std::monostate>(flat.value)) return std::string_view();
        std::int64_t number = 0;
        if (part.json().get_int64().get(number) == simdjson::SUCCESS) return keep(std::to_string(number));
    }
    return wrong_type(field, "text or a whole number");
}

// By the first value of the map's list that is there, be it null.
std::string_view MappedReader::Impl::kind_of(const Element& element) const {
    for (const MapReading* reading : readings(element)) {
        if (reading == nullptr) continue;
        for (const auto& [has, kind] : reading->kinds) {
            if (has.empty() || find(has) != nullptr) return kind;
        }
    }
    return {};
}

Result<std::string_view> MappedReader::Impl::device_of(const Element& element) {
    const MapTopic& topic = *fit.topic;
    std::string_view name = topic.device == MapDevice::own ? own : fit.device;
    if (topic.device == MapDevice::members) name = element.device;
    if (topic.device == MapDevice::field && !is_plain) {
        const Part found = at(topic.device_path);
        const auto read = found ? id_of(found, "device") : Result<std::string_view>(std::string_view());
        if (!read || read->empty())
            return missing("device", "the field that the map takes the device from is missing, or no text");
        name = *read;
    }
    if (!topic.same.empty() && !is_plain) {
        const Part found = at(topic.same);
        const auto said = found ? id_of(found, "device") : Result<std::string_view>(std::string_view());
        if (!said) return tl::unexpected(said.error());
        if (!said->empty() && *said != name)
            return fail("device-mismatch", "the payload names another device than its topic: let both name the same",
                        "device");
    }
    return code_of(*fit.map, name);
}

Result<void> MappedReader::Impl::fill(const Element& element, model::FlatSignal& flat) {
    const MapTopic& topic = *fit.topic;
    const auto device = device_of(element);
    if (!device) return tl::unexpected(device.error());
    flat.device = *device;
    if (const Part found = topic.time.empty() ? Part() : at(topic.time)) {
        const auto time = time_of(found);
        if (!time) return tl::unexpected(time.error());
        flat.time = *time;
    }
    if (const Part found = topic.id.empty() ? Part() : at(topic.id)) {
        const auto id = id_of(found, "id");
        if (!id) return tl::unexpected(id.error());
        flat.id = *id;
    }
    if (const Part found = topic.evidence.empty() ? Part() : at(topic.evidence))
        flat.evidence = found.text().value_or(std::string_view());
    return {};
}

Result<model::FlatSignal> MappedReader::Impl::flatten(std::size_t n) {
    const Element& element = elements[n];
    values.clear();
    if (!texts.empty()) texts.clear();
    if (here_n != n) begin(element.part, n);
    model::FlatSignal flat;
    if (element.unforeseen)
        return fail("no-case", "none of the map's cases is meant for this payload: add one to the map");
    if (is_plain) {
        std::string_view text(copy);
        text = text.substr(0, text.find('\0'));
        FlatValue written{fit.topic->plain, text};
        if (!mean(element, fit.topic->plain, written)) take_typed(text, written);
        if (auto done = put(element, fit.topic->plain, written); !done) return tl::unexpected(std::move(done.error()));
    } else if (auto done = take_values(element); !done) {
        return tl::unexpected(std::move(done.error()));
    }
    const auto reads_anything = [&] {
        return std::ranges::any_of(values,
                                   [](const FlatValue& v) { return !std::holds_alternative<std::monostate>(v.value); });
    };
    const bool said = reads_anything();
    for (const MapReading* reading : readings(element)) {
        if (reading == nullptr) continue;
        for (const auto& [name, value] : reading->set) {
            FlatValue set;
            take_mapped(value, set);
            replace(name, set);
        }
        for (const model::MapAnyOf& any : reading->any) take_any(any);
    }
    if (!said && !reads_anything())
        return fail("no-reading", "the payload carries no value that is true, false, a number or text");
    take_words();
    if (auto done = fill(element, flat); !done) return tl::unexpected(std::move(done.error()));
    flat.kind = kind_of(element);
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
    if (n >= impl_->elements.size()) return fail("no-reading", "there is no such signal in the payload");
    return impl_->flatten(n);
}

std::uint32_t MappedReader::case_line(std::size_t n) const {
    if (n >= impl_->elements.size() || impl_->elements[n].chosen == nullptr) return 0;
    return impl_->elements[n].chosen->line;
}

}  // namespace shoumen::doors

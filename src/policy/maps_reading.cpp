#include "maps_reading.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace shoumen::policy {

using model::MapByteField;
using model::MapBytes;
using model::MapNumber;
using model::MapReading;

namespace {

constexpr std::size_t longest_text = 256;
constexpr std::uint32_t most_bytes = 4'096;
constexpr std::size_t most_records = 256;

// In the order of the enumeration.
constexpr auto number_words = std::to_array<std::string_view>(
    {"u8", "i8", "u16", "u16le", "i16", "i16le", "u24", "u24le", "u32", "u32le", "i32", "i32le", "f32", "f32le"});

std::optional<MapNumber> parse_number(std::string_view word) {
    const auto* const at = std::ranges::find(number_words, word);
    if (at == number_words.end()) return std::nullopt;
    return static_cast<MapNumber>(at - number_words.begin());
}

std::optional<double> read_number(const Source& source, const Node& node, std::string_view what) {
    const auto text = read_text(source, node, what);
    if (!text) return std::nullopt;
    double number = 0;
    const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (fault == std::errc{} && end == text->data() + text->size() && std::isfinite(number) && std::abs(number) <= 1e12)
        return number;
    source.at(node.line, "bad-number", fmt::format("{}: {} is no number", what, quote(*text)));
    return std::nullopt;
}

std::string name_at(const Source& source, const Fields& fields, std::string_view key) {
    const Node* node = fields.need(key);
    return node ? read_code(source, *node, "value").value_or("") : std::string();
}

void read_kinds(const Source& source, const Fields& fields, MapReading& out) {
    const Node* kind = fields.find("kind");
    const Node* kinds = fields.find("kinds");
    if (kind && kinds) source.at(kind->line, "doubled-key", "give kind or kinds, not both");
    const auto word = [&](const Node& node) {
        const auto k = read_word<model::SignalKind>(source, node, "kind of device", SHOUMEN_READ(SignalKind));
        return k ? std::string(model::to_word(*k)) : std::string();
    };
    if (kind) out.kinds.push_back({"", word(*kind)});
    if (!kinds) return;
    for (const auto& [has, of] : map_pairs(source, *kinds, "kinds")) out.kinds.push_back({has->text, word(*of)});
}

void read_scales(const Source& source, const Node& node, MapReading& out) {
    for (const auto& [field, by] : map_pairs(source, node, "scale")) {
        model::MapScale scale{.field = field->text};
        if (by->is(Node::Type::map)) {
            const Fields fields(source, *by, "scale", {"times", "plus"});
            if (const Node* times = fields.find("times"))
                scale.times = read_number(source, *times, "times").value_or(1);
            if (const Node* plus = fields.find("plus")) scale.plus = read_number(source, *plus, "plus").value_or(0);
        } else {
            scale.times = read_number(source, *by, "scale").value_or(1);
        }
        out.scales.push_back(std::move(scale));
    }
}

void read_named(const Source& source, const Node& node, MapReading& out) {
    const auto read = [&](const Node& item) {
        const Fields fields(source, item, "pairs", {"each", "name", "value"});
        if (!fields.is_map()) return;
        model::MapNamed named;
        if (const Node* each = fields.need("each")) named.each = map_path(source, *each, "each");
        if (const Node* name = fields.need("name")) named.name = map_path(source, *name, "name");
        if (const Node* value = fields.need("value")) named.value = map_path(source, *value, "value");
        out.named.push_back(std::move(named));
    };
    if (!node.is(Node::Type::list)) return read(node);
    for (const Node& item : node.items) read(item);
}

void read_lists(const Source& source, const Fields& fields, MapReading& out) {
    if (const Node* contains = fields.find("contains")) {
        for (const auto& [name, of] : map_pairs(source, *contains, "contains")) {
            const Fields inner(source, *of, "contains", {"list", "item"});
            if (!inner.is_map()) continue;
            model::MapInList list{.name = read_code(source, *name, "value").value_or("")};
            if (const Node* path = inner.need("list")) list.list = map_path(source, *path, "list");
            if (const Node* item = inner.need("item")) list.item = map_text(source, *item, "item");
            out.lists.push_back(std::move(list));
        }
    }
    if (const Node* count = fields.find("count")) {
        for (const auto& [name, path] : map_pairs(source, *count, "count"))
            out.lists.push_back({read_code(source, *name, "value").value_or(""), map_path(source, *path, "count"), ""});
    }
}

void read_bits(const Source& source, const Fields& fields, MapByteField& out) {
    const Node* bit = fields.find("bit");
    const Node* bits = fields.find("bits");
    if (bit && bits) source.at(bit->line, "doubled-key", "give bit or bits, not both");
    const std::uint32_t width = model::bytes_of(out.number) * 8;
    if (bit) {
        out.bits_from = static_cast<std::uint8_t>(read_whole(source, *bit, "bit", 0, width - 1).value_or(0));
        out.bits = 1;
    }
    if (!bits) return;
    const auto items = items_of(source, *bits, "bits");
    if (items.size() != 2) return source.at(bits->line, "map-bytes", "bits: [lowest bit, how many]");
    out.bits_from = static_cast<std::uint8_t>(read_whole(source, *items[0], "lowest bit", 0, width - 1).value_or(0));
    out.bits = static_cast<std::uint8_t>(
        read_whole(source, *items[1], "number of bits", 1, width - out.bits_from).value_or(1));
}

MapByteField read_byte_field(const Source& source, const Node& node) {
    MapByteField out;
    const Fields fields(source, node, "field", {"name", "at", "type", "bit", "bits", "times", "plus", "unset"});
    if (!fields.is_map()) return out;
    out.name = name_at(source, fields, "name");
    if (const Node* at = fields.find("at")) out.at = read_whole(source, *at, "at", 0, most_bytes).value_or(0);
    if (const Node* type = fields.find("type"))
        out.number =
            read_word<MapNumber>(source, *type, "type of number", parse_number, number_words).value_or(MapNumber::u8);
    read_bits(source, fields, out);
    if (const Node* times = fields.find("times")) out.times = read_number(source, *times, "times").value_or(1);
    if (const Node* plus = fields.find("plus")) out.plus = read_number(source, *plus, "plus").value_or(0);
    if (const Node* unset = fields.find("unset")) out.unset = read_number(source, *unset, "unset");
    return out;
}

std::vector<MapByteField> read_byte_fields(const Source& source, const Node& node) {
    std::vector<MapByteField> out;
    for (const Node* item : items_of(source, node, "fields")) out.push_back(read_byte_field(source, *item));
    if (out.size() > model::max_values_per_signal)
        source.at(node.line, "map-bytes",
                  fmt::format("more than {} fields: a signal has no room for more", model::max_values_per_signal));
    return out;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// Hex, two digits a byte; xx: any byte.
std::vector<std::int16_t> read_tag(const Source& source, const Node& node) {
    std::vector<std::int16_t> tag;
    const std::string& text = node.text;
    bool bad = text.size() % 2 != 0 || text.empty() || text.size() > 8;
    for (std::size_t i = 0; !bad && i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        const bool any = text[i] == 'x' && text[i + 1] == 'x';
        bad = !any && (high < 0 || low < 0);
        tag.push_back(any ? std::int16_t{-1} : static_cast<std::int16_t>(high * 16 + low));
    }
    if (bad)
        source.at(node.line, "map-bytes",
                  fmt::format("{} is no tag: 1 to 4 bytes in hex, in quotes, xx for any byte", quote(text)));
    return tag;
}

void read_records(const Source& source, const Node& node, MapBytes& out) {
    for (const auto& [tag, body] : map_pairs(source, node, "records")) {
        model::MapRecord record;
        record.tag = read_tag(source, *tag);
        const Fields fields(source, *body, "record", {"length", "fields"});
        if (!fields.is_map()) continue;
        const Node* length = out.length_follows ? fields.find("length") : fields.need("length");
        if (length && out.length_follows)
            source.at(length->line, "map-bytes",
                      "the length stands in the bytes (length: follows): leave this one out");
        if (length) record.length = read_whole(source, *length, "length", 0, 255).value_or(0);
        if (const Node* list = fields.find("fields")) record.fields = read_byte_fields(source, *list);
        for (const MapByteField& field : record.fields) {
            if (!out.length_follows && field.at + model::bytes_of(field.number) > record.length)
                source.at(fields.line(), "map-bytes",
                          fmt::format("{} lies beyond the {} bytes of its record", quote(field.name), record.length));
        }
        if (!out.records.empty() && out.records.front().tag.size() != record.tag.size())
            source.at(tag->line, "map-bytes", "all tags of one list have the same number of bytes");
        out.records.push_back(std::move(record));
    }
    if (out.records.empty() || out.records.size() > most_records)
        source.at(node.line, "map-bytes", fmt::format("1 to {} records", most_records));
}

MapBytes read_bytes(const Source& source, const Node& node) {
    MapBytes out;
    const Fields fields(source, node, "bytes", {"when", "at", "as", "fields", "skip", "length", "records"});
    if (!fields.is_map()) return out;
    if (const Node* when = fields.find("when")) out.when = map_conditions(source, *when);
    out.path = map_path_at(source, fields, "at");
    if (const Node* as = fields.find("as")) {
        const std::string word = map_text(source, *as, "as");
        out.encoding = word == "hex" ? model::MapEncoding::hex : model::MapEncoding::base64;
        if (word != "hex" && word != "base64" && !word.empty())
            source.at(as->line, "unknown-word", fmt::format("{} is no way to write bytes: base64 or hex", quote(word)));
    }
    if (const Node* length = fields.find("length")) {
        const std::string word = map_text(source, *length, "length");
        out.length_follows = word == "follows";
        if (!out.length_follows && !word.empty())
            source.at(length->line, "unknown-word",
                      fmt::format("{}: the only word here is follows: a byte after the tag", quote(word)));
    }
    if (const Node* skip = fields.find("skip")) out.skip = read_whole(source, *skip, "skip", 0, most_bytes).value_or(0);
    if (const Node* list = fields.find("fields")) out.fields = read_byte_fields(source, *list);
    if (const Node* records = fields.find("records")) read_records(source, *records, out);
    if (out.fields.empty() && out.records.empty())
        source.at(fields.line(), "map-bytes", "these bytes give no value: give fields or records");
    return out;
}

}  // namespace

std::vector<std::pair<const Node*, const Node*>> map_pairs(const Source& source, const Node& node,
                                                           std::string_view what) {
    std::vector<std::pair<const Node*, const Node*>> pairs;
    if (!node.is(Node::Type::map)) {
        wrong_type(source, node, what, "a map");
        return pairs;
    }
    for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) pairs.emplace_back(&node.items[i], &node.items[i + 1]);
    return pairs;
}

std::string map_text(const Source& source, const Node& node, std::string_view what) {
    const auto text = read_text(source, node, what);
    if (!text) return {};
    if (!text->empty() && text->size() <= longest_text) return std::string(*text);
    source.at(node.line, "out-of-range", fmt::format("{}: 1 to {} bytes", what, longest_text));
    return {};
}

std::string map_path(const Source& source, const Node& node, std::string_view what) {
    std::string text = map_text(source, node, what);
    if (text == ".") return {};
    const bool bad = text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos ||
                     (text.starts_with('$') && text.size() > 1 && text[1] != '.');
    if (bad && !text.empty())
        source.at(node.line, "map-path",
                  fmt::format("{} is no path: names joined by dots, such as a.b; \".\" is the whole, $.a is from the "
                              "whole payload on",
                              quote(text)));
    return text;
}

std::string map_path_at(const Source& source, const Fields& fields, std::string_view key) {
    const Node* node = fields.find(key);
    return node ? map_path(source, *node, key) : std::string();
}

std::vector<model::MapCondition> map_conditions(const Source& source, const Node& node) {
    std::vector<model::MapCondition> out;
    for (const auto& [path, texts] : map_pairs(source, node, "when")) {
        model::MapCondition condition{.path = map_path(source, *path, "when"), .texts = {}};
        for (const Node* text : values_of(source, *texts, "when"))
            condition.texts.push_back(map_text(source, *text, "when"));
        if (condition.texts.empty()) condition.texts.emplace_back("*");  // reported
        out.push_back(std::move(condition));
    }
    return out;
}

MapReading read_map_reading(const Source& source, const Fields& fields) {
    MapReading out;
    if (const Node* ignore = fields.find("ignore")) out.ignored = read_bool(source, *ignore, "ignore").value_or(false);
    if (const Node* further = fields.find("fields")) {
        for (const auto& [name, path] : map_pairs(source, *further, "fields"))
            out.fields.push_back({name->text, map_path(source, *path, "fields")});
    }
    if (const Node* rename = fields.find("rename")) {
        for (const auto& [from, to] : map_pairs(source, *rename, "rename"))
            out.rename.push_back({from->text, read_code(source, *to, "value").value_or("")});
    }
    if (const Node* leave = fields.find("leave")) {
        for (const Node* item : values_of(source, *leave, "leave"))
            out.leave.push_back(map_text(source, *item, "leave"));
    }
    if (const Node* meanings = fields.find("meanings")) {
        for (const auto& [field, texts] : map_pairs(source, *meanings, "meanings")) {
            for (const auto& [text, value] : map_pairs(source, *texts, "meanings"))
                out.meanings.push_back({field->text, text->text, map_text(source, *value, "meaning")});
        }
    }
    if (const Node* scale = fields.find("scale")) read_scales(source, *scale, out);
    if (const Node* named = fields.find("pairs")) read_named(source, *named, out);
    read_lists(source, fields, out);
    if (const Node* bytes = fields.find("bytes")) {
        if (bytes->is(Node::Type::map)) out.bytes.push_back(read_bytes(source, *bytes));
        if (!bytes->is(Node::Type::map)) {
            for (const Node* item : items_of(source, *bytes, "bytes")) out.bytes.push_back(read_bytes(source, *item));
        }
    }
    if (const Node* set = fields.find("set")) {
        for (const auto& [name, value] : map_pairs(source, *set, "set"))
            out.set.push_back({read_code(source, *name, "value").value_or(""), map_text(source, *value, "set")});
    }
    if (const Node* any = fields.find("any")) {
        for (const auto& [name, of] : map_pairs(source, *any, "any")) {
            model::MapAnyOf one{.name = read_code(source, *name, "value").value_or(""), .of = {}};
            for (const Node* item : values_of(source, *of, "any")) one.of.push_back(map_text(source, *item, "any"));
            out.any.push_back(std::move(one));
        }
    }
    read_kinds(source, fields, out);
    return out;
}

}  // namespace shoumen::policy

#include "part.hpp"

#include <charconv>
#include <cmath>

#include "telling.hpp"

namespace shoumen::doors {

namespace dom = simdjson::dom;

std::string_view local_name(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

namespace {

// Whether `whole`, an XML name, is `name` once its prefix is gone. pugixml's names end with a NUL.
bool is_called(const char* whole, std::string_view name) {
    const char* at = whole;
    for (const char* c = whole; *c != '\0'; ++c) {
        if (*c != ':') continue;
        at = c + 1;
        break;
    }
    for (const char c : name) {
        if (*at == '\0' || *at++ != c) return false;
    }
    return *at == '\0';
}

}  // namespace

void take_typed(std::string_view text, model::FlatValue& out) {
    out.value = text;
    if (text == "true" || text == "false") {
        out.value = text == "true";
        return;
    }
    // Longer ones are rather the number of a card or a telephone, and lose digits as a number.
    if (text.empty() || text.size() > 15) return;
    const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
    if (digits.empty() || digits.front() < '0' || digits.front() > '9') return;
    if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') return;
    double number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault == std::errc{} && end == text.data() + text.size() && std::isfinite(number)) out.value = number;
}

Part Part::step(std::string_view name) const {
    if (const auto* json = std::get_if<dom::element>(&at_)) {
        dom::element next;
        if (json->is_object())
            return json->get_object().at_key(name).get(next) == simdjson::SUCCESS ? Part(next) : Part();
        std::size_t index = 0;
        const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), index);
        if (!json->is_array() || fault != std::errc{} || end != name.data() + name.size()) return {};
        return json->get_array().at(index).get(next) == simdjson::SUCCESS ? Part(next) : Part();
    }
    const auto* xml = std::get_if<pugi::xml_node>(&at_);
    if (xml == nullptr) return {};
    if (name.starts_with('@')) {
        for (pugi::xml_attribute a = xml->first_attribute(); a; a = a.next_attribute()) {
            if (is_called(a.name(), name.substr(1))) return Part(a);
        }
        return {};
    }
    for (pugi::xml_node child = xml->first_child(); child; child = child.next_sibling()) {
        if (child.type() == pugi::node_element && is_called(child.name(), name)) return Part(child);
    }
    return {};
}

Part Part::at(std::string_view path) const {
    Part from = *this;
    while (!path.empty() && from) {
        const std::size_t dot = path.find('.');
        from = from.step(path.substr(0, dot));
        path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    return from;
}

bool Part::has_members() const {
    if (const auto* json = std::get_if<dom::element>(&at_)) return json->is_object();
    const auto* xml = std::get_if<pugi::xml_node>(&at_);
    if (xml == nullptr) return false;
    for (pugi::xml_node child = xml->first_child(); child; child = child.next_sibling()) {
        if (child.type() == pugi::node_element) return true;
    }
    return false;
}

void Part::items(std::vector<Part>& out) const {
    if (const auto* json = std::get_if<dom::element>(&at_)) {
        dom::array array;
        if (json->get_array().get(array) != simdjson::SUCCESS) return out.push_back(*this);
        for (const auto item : array) out.emplace_back(item);
    } else if (const auto* xml = std::get_if<pugi::xml_node>(&at_)) {
        const std::string_view name = local_name(xml->name());
        for (pugi::xml_node node = *xml; node; node = node.next_sibling()) {
            if (node.type() == pugi::node_element && is_called(node.name(), name)) out.emplace_back(node);
        }
    } else if (*this) {
        out.push_back(*this);
    }
}

bool Part::take(model::FlatValue& out) const {
    if (const auto* json = std::get_if<dom::element>(&at_)) return take_value(*json, out);
    if (is_xml_element() && has_members()) return false;
    const auto written = text();
    if (written) take_typed(*written, out);
    return written.has_value();
}

std::optional<std::string_view> Part::text() const {
    if (const auto* xml = std::get_if<pugi::xml_node>(&at_)) return std::string_view(xml->child_value());
    if (const auto* attribute = std::get_if<pugi::xml_attribute>(&at_)) return std::string_view(attribute->value());
    const auto* json = std::get_if<dom::element>(&at_);
    std::string_view text;
    if (json != nullptr && json->get_string().get(text) == simdjson::SUCCESS) return text;
    return std::nullopt;
}

}  // namespace shoumen::doors

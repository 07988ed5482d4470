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
    if (type_ == Type::json) {
        dom::element next;
        if (json_.is_object())
            return json_.get_object().at_key(name).get(next) == simdjson::SUCCESS ? Part(next) : Part();
        std::size_t index = 0;
        const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), index);
        if (!json_.is_array() || fault != std::errc{} || end != name.data() + name.size()) return {};
        return json_.get_array().at(index).get(next) == simdjson::SUCCESS ? Part(next) : Part();
    }
    if (type_ != Type::xml) return {};
    if (name.starts_with('@')) {
        for (pugi::xml_attribute a = xml_.first_attribute(); a; a = a.next_attribute()) {
            if (local_name(a.name()) == name.substr(1)) return Part(a);
        }
        return {};
    }
    for (pugi::xml_node child = xml_.first_child(); child; child = child.next_sibling()) {
        if (child.type() == pugi::node_element && local_name(child.name()) == name) return Part(child);
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
    if (type_ == Type::json) return json_.is_object();
    if (type_ != Type::xml) return false;
    for (pugi::xml_node child = xml_.first_child(); child; child = child.next_sibling()) {
        if (child.type() == pugi::node_element) return true;
    }
    return false;
}

void Part::items(std::vector<Part>& out) const {
    if (type_ == Type::json) {
        dom::array array;
        if (json_.get_array().get(array) != simdjson::SUCCESS) return out.push_back(*this);
        for (const auto item : array) out.emplace_back(item);
    } else if (type_ == Type::xml) {
        const std::string_view name = local_name(xml_.name());
        for (pugi::xml_node node = xml_; node; node = node.next_sibling()) {
            if (node.type() == pugi::node_element && local_name(node.name()) == name) out.emplace_back(node);
        }
    } else if (type_ == Type::attribute) {
        out.push_back(*this);
    }
}

bool Part::take(model::FlatValue& out) const {
    if (type_ == Type::json) return take_value(json_, out);
    if (type_ == Type::xml && has_members()) return false;
    const auto written = text();
    if (written) take_typed(*written, out);
    return written.has_value();
}

std::optional<std::string_view> Part::text() const {
    if (type_ == Type::xml) return std::string_view(xml_.child_value());
    if (type_ == Type::attribute) return std::string_view(attribute_.value());
    std::string_view text;
    if (type_ == Type::json && json_.get_string().get(text) == simdjson::SUCCESS) return text;
    return std::nullopt;
}

}  // namespace shoumen::doors

// A place in a payload, be it JSON or XML: what a map's paths lead over. Points into the parser's tree.
#pragma once
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <pugixml.hpp>
#include <simdjson.h>

#include "base/result.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

class Part {
public:
    Part() = default;
    explicit Part(simdjson::dom::element element) : at_(element) {}
    explicit Part(pugi::xml_node node) {
        if (node) at_ = node;
    }
    explicit Part(pugi::xml_attribute attribute) {
        if (attribute) at_ = attribute;
    }

    [[nodiscard]] explicit operator bool() const { return at_.index() != 0; }
    [[nodiscard]] bool is_json() const { return std::holds_alternative<simdjson::dom::element>(at_); }
    [[nodiscard]] bool is_xml_element() const { return std::holds_alternative<pugi::xml_node>(at_); }
    [[nodiscard]] simdjson::dom::element json() const {
        const auto* element = std::get_if<simdjson::dom::element>(&at_);
        return element != nullptr ? *element : simdjson::dom::element();
    }

    // Over names joined by dots; nothing, where one of them is not there.
    [[nodiscard]] Part at(std::string_view path) const;
    // Over one name.
    [[nodiscard]] Part step(std::string_view name) const;
    // Holds named members: a JSON object, an XML element with elements or attributes.
    [[nodiscard]] bool has_members() const;
    // Items of a JSON array; an XML element and those beside it of the same name; anything else is one item.
    void items(std::vector<Part>& out) const;
    // How often the visitor is called is bounded by the payload. Stops at the first failure.
    template <class Visit>
    base::Result<void> members(Visit visit) const;

    // False: it holds members or items and is no plain value.
    [[nodiscard]] bool take(model::FlatValue& out) const;
    // The text of it, before anything was made of it; none: it is no text.
    [[nodiscard]] std::optional<std::string_view> text() const;

private:
    std::variant<std::monostate, simdjson::dom::element, pugi::xml_node, pugi::xml_attribute> at_;
};

// XML: without its prefix.
std::string_view local_name(std::string_view name);
// What XML and bare text write of a truth or a number: true, false, a number as JSON writes it; else text.
void take_typed(std::string_view text, model::FlatValue& out);

template <class Visit>
base::Result<void> Part::members(Visit visit) const {
    if (const auto* json = std::get_if<simdjson::dom::element>(&at_)) {
        simdjson::dom::object object;
        if (json->get_object().get(object) != simdjson::SUCCESS) return {};
        for (const auto [name, value] : object) {
            if (auto done = visit(std::string_view(name), Part(value)); !done) return done;
        }
    } else if (const auto* xml = std::get_if<pugi::xml_node>(&at_)) {
        for (pugi::xml_node child = xml->first_child(); child; child = child.next_sibling()) {
            if (child.type() != pugi::node_element) continue;
            if (auto done = visit(local_name(child.name()), Part(child)); !done) return done;
        }
    }
    return {};
}

}  // namespace shoumen::doors

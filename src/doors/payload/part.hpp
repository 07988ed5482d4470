// A place in a payload, be it JSON or XML: what a map's paths lead over. Points into the parser's tree.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include <pugixml.hpp>
#include <simdjson.h>

#include "base/result.hpp"
#include "model/signal.hpp"

namespace shoumen::doors {

class Part {
public:
    Part() = default;
    explicit Part(simdjson::dom::element element) : json_(element), type_(Type::json) {}
    explicit Part(pugi::xml_node node) : xml_(node), type_(node ? Type::xml : Type::none) {}
    explicit Part(pugi::xml_attribute attribute)
        : attribute_(attribute), type_(attribute ? Type::attribute : Type::none) {}

    [[nodiscard]] explicit operator bool() const { return type_ != Type::none; }
    [[nodiscard]] bool is_json() const { return type_ == Type::json; }
    [[nodiscard]] simdjson::dom::element json() const { return json_; }

    // Over names joined by dots; nothing, where one of them is not there.
    [[nodiscard]] Part at(std::string_view path) const;
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
    enum class Type : std::uint8_t { none, json, xml, attribute };
    [[nodiscard]] Part step(std::string_view name) const;

    simdjson::dom::element json_;
    pugi::xml_node xml_;
    pugi::xml_attribute attribute_;
    Type type_ = Type::none;
};

// XML: without its prefix.
std::string_view local_name(std::string_view name);
// What XML and bare text write of a truth or a number: true, false, a number as JSON writes it; else text.
void take_typed(std::string_view text, model::FlatValue& out);

template <class Visit>
base::Result<void> Part::members(Visit visit) const {
    if (type_ == Type::json) {
        simdjson::dom::object object;
        if (json_.get_object().get(object) != simdjson::SUCCESS) return {};
        for (const auto [name, value] : object) {
            if (auto done = visit(std::string_view(name), Part(value)); !done) return done;
        }
    } else if (type_ == Type::xml) {
        for (pugi::xml_node child = xml_.first_child(); child; child = child.next_sibling()) {
            if (child.type() != pugi::node_element) continue;
            if (auto done = visit(local_name(child.name()), Part(child)); !done) return done;
        }
    }
    return {};
}

}  // namespace shoumen::doors

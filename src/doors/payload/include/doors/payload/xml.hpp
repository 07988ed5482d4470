// XML as devices send it, read into a tree of pugixml.
//
// Bounded before anything is built of it: at most `bytes`, at most `deepest` elements within elements. A document type
// is refused, and with it every entity of its own: nothing is expanded but the five of XML and characters by number.
// Nothing is fetched. The text must be UTF-8. Error codes: too-large, bad-utf8, bad-xml, xml-doctype.
#pragma once
#include <cstddef>
#include <string_view>

#include <pugixml.hpp>

#include "base/result.hpp"

namespace shoumen::doors {

struct XmlLimits {
    std::size_t bytes = 65'536;
    int deepest = 32;
};

// `out` is valid until it is read into again; it holds a copy of the text.
base::Result<void> read_xml(std::string_view text, pugi::xml_document& out, const XmlLimits& limits = {});

}  // namespace shoumen::doors

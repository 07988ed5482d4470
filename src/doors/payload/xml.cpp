#include "doors/payload/xml.hpp"

#include <fmt/format.h>

#include "doors/payload/utf8.hpp"

namespace shoumen::doors {

namespace {

// As pugixml's default, and document types kept, to be seen.
constexpr unsigned how = pugi::parse_default | pugi::parse_doctype;

class Depth final : public pugi::xml_tree_walker {
public:
    explicit Depth(int most) : most_(most) {}
    bool for_each(pugi::xml_node& node) override {
        if (node.type() == pugi::node_doctype) has_type = true;
        if (depth() >= most_) too_deep = true;
        return !has_type && !too_deep;
    }
    bool has_type = false;
    bool too_deep = false;

private:
    int most_;
};

}  // namespace

base::Result<void> read_xml(std::string_view text, pugi::xml_document& out, const XmlLimits& limits) {
    out.reset();
    if (text.size() > limits.bytes)
        return base::fail(
            "too-large", fmt::format("the XML has {} bytes; at most {} are read: send less in one message", text.size(),
                                     limits.bytes));
    if (const auto at = utf8_fault(text); at < text.size())
        return base::fail("bad-utf8", fmt::format("byte {} is not UTF-8: send UTF-8", at));
    if (const auto at = text.find('\0'); at != std::string_view::npos)
        return base::fail("bad-xml", fmt::format("byte {} is NUL: send text", at));
    const auto done = out.load_buffer(text.data(), text.size(), how, pugi::encoding_utf8);
    if (!done)
        return base::fail("bad-xml",
                          fmt::format("at byte {}: {}: send one XML document", done.offset, done.description()));
    Depth depth(limits.deepest);
    out.traverse(depth);
    if (depth.has_type)
        return base::fail("xml-doctype", "it declares a document type, and entities could be made there: leave it out");
    if (depth.too_deep)
        return base::fail(
            "bad-xml", fmt::format("elements lie more than {} deep: send less of them in each other", limits.deepest));
    if (!out.document_element()) return base::fail("bad-xml", "there is no element in it: send one XML document");
    return {};
}

}  // namespace shoumen::doors

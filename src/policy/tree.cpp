#include "tree.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "utf8.hpp"

namespace shoumen::policy {

namespace {

constexpr std::size_t max_depth = 16;
constexpr std::size_t max_values = 5'000'000;
constexpr std::size_t max_line = 256 * 1024;

struct Refused {
    std::uint32_t line;
    std::string code;
    std::string message;
};

std::uint32_t line_of(const YAML::Mark& mark) {
    return mark.line < 0 ? 1U : static_cast<std::uint32_t>(mark.line) + 1U;
}

class Builder final : public YAML::EventHandler {
public:
    Builder(std::string_view file, Report& report) : file_(file), report_(report) {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ > 0)
            throw Refused{line_of(mark), "yaml-documents",
                          "a second document begins here: a file holds one, without ---"};
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node = begin(mark, "", anchor);
        place(std::move(node));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(line_of(mark)); }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        Node node = begin(mark, tag, anchor);
        node.type = Node::Type::text;
        node.quoted = tag == "!";
        node.text = value;
        if (!node.quoted && (value == "~" || value == "null")) node.type = Node::Type::empty;
        place(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        push(begin(mark, tag, anchor), Node::Type::list);
    }
    void OnSequenceEnd() override { pop(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        push(begin(mark, tag, anchor), Node::Type::map);
    }
    void OnMapEnd() override { pop(); }

    [[nodiscard]] Node take() { return std::move(root_); }

private:
    [[noreturn]] static void refuse_anchor(std::uint32_t line) {
        throw Refused{
            line, "yaml-anchor",
            "anchors and aliases (& and *) are not read: write the values out; a lone * stands in quotes: \"*\""};
    }

    Node begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
        Node node;
        node.line = line_of(mark);
        if (anchor != 0) refuse_anchor(node.line);
        if (!tag.empty() && tag != "?" && tag != "!")
            throw Refused{node.line, "yaml-tag", "tags (!…) are not read: leave it out, or put the text in quotes"};
        if (++values_ > max_values)
            throw Refused{node.line, "yaml-size",
                          fmt::format("the file holds more than {} values: split it", max_values)};
        return node;
    }
    void push(Node node, Node::Type type) {
        if (open_.size() >= max_depth)
            throw Refused{node.line, "yaml-depth", fmt::format("nested more than {} levels deep", max_depth)};
        node.type = type;
        open_.push_back(std::move(node));
    }
    void pop() {
        Node node = std::move(open_.back());
        open_.pop_back();
        if (node.is(Node::Type::map)) drop_doubled(node);
        place(std::move(node));
    }
    void place(Node node) {
        if (open_.empty())
            root_ = std::move(node);
        else
            open_.back().items.push_back(std::move(node));
    }
    void drop_doubled(Node& map);

    std::string_view file_;
    Report& report_;
    std::vector<Node> open_;
    Node root_;
    std::size_t values_ = 0;
    std::size_t documents_ = 0;
};

// Maps of ours have a dozen keys; a map of thousands is looked through by sorting.
void Builder::drop_doubled(Node& map) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) order.push_back(i);
    std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
        return std::tie(map.items[a].text, a) < std::tie(map.items[b].text, b);
    });
    std::vector<bool> doubled(map.items.size());
    std::size_t first = 0;
    for (std::size_t i = 1; i < order.size(); ++i) {
        const Node& kept = map.items[order[first]];
        const Node& key = map.items[order[i]];
        if (kept.text != key.text || !kept.is(Node::Type::text) || !key.is(Node::Type::text)) {
            first = i;
            continue;
        }
        report_.add(file_, key.line, "doubled-key",
                    fmt::format("{} is already given at line {}: keep one of the two", quote(key.text), kept.line));
        doubled[order[i]] = doubled[order[i] + 1] = true;
    }
    std::vector<Node> kept;
    for (std::size_t i = 0; i < map.items.size(); ++i) {
        if (!doubled[i]) kept.push_back(std::move(map.items[i]));
    }
    map.items = std::move(kept);
}

bool is_indented_by_tab(std::string_view text, std::uint32_t line) {
    for (; line > 1; --line) {
        const std::size_t end = text.find('\n');
        if (end == text.npos) return false;
        text.remove_prefix(end + 1);
    }
    const std::size_t first = text.find_first_not_of(' ');
    return first != text.npos && text[first] == '\t';
}

// What yaml-cpp says, and for its commonest riddles what to do.
std::string explain(const YAML::ParserException& e, std::string_view text) {
    const std::string_view said = e.msg;
    if (is_indented_by_tab(text, line_of(e.mark))) return "a tab stands in the indentation: indent with spaces";
    // It repeats the byte after the backslash: half a character, or none at the end of the file.
    if (said.find("escape") != said.npos)
        return "a backslash means nothing before what follows it here: write \\\\ for one, or use single quotes";
    if (first_fault(said)) return "this is no YAML: look at the indentation, the quotes and the brackets here";
    if (said.find("alias") != said.npos || said.find("anchor") != said.npos)
        return fmt::format("{}: a lone * or & stands in quotes: \"*\"", said);
    if (said.find("illegal map value") != said.npos || said.find("end of map") != said.npos)
        return fmt::format("{}: look at the indentation, and put text that holds ': ' in quotes", said);
    return fmt::format("{}: look at the indentation and the brackets here", said);
}

// The text with \n line ends and without byte order mark; nothing when it cannot be YAML of ours.
std::optional<std::string> prepare(std::string_view file, std::string_view content, Report& report) {
    if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
    std::string text;
    text.reserve(content.size() + 1);
    for (std::size_t i = 0; i < content.size(); ++i) {
        if (content[i] != '\r')
            text += content[i];
        else if (i + 1 == content.size() || content[i + 1] != '\n')
            text += '\n';
    }
    if (const auto fault = first_fault(text)) {
        report.add(
            file, fault->line, "yaml-encoding",
            fault->not_utf8 ? "not UTF-8: save the file with the encoding UTF-8" : "a control character: take it out");
        return std::nullopt;
    }
    std::uint32_t line = 1;
    for (std::size_t at = 0; at < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end - at > max_line) {
            report.add(file, line, "yaml-size", fmt::format("a line of more than {} kB: break it up", max_line / 1024));
            return std::nullopt;
        }
        at = end + 1;
    }
    return text;
}

}  // namespace

std::optional<Node> parse(std::string_view file, std::string_view content, Report& report) {
    const auto text = prepare(file, content, report);
    if (!text) return std::nullopt;
    try {
        std::istringstream in(*text);
        YAML::Parser parser(in);
        Builder builder(file, report);
        while (parser.HandleNextDocument(builder)) {
        }
        return builder.take();
    } catch (const Refused& r) {
        report.add(file, r.line, r.code, r.message);
    } catch (const YAML::ParserException& e) {
        report.add(file, line_of(e.mark), "yaml-syntax", explain(e, *text));
    }
    return std::nullopt;
}

}  // namespace shoumen::policy

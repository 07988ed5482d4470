#include "detect/trees.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace shoumen::detect {
namespace {

using base::fail;

constexpr std::size_t most_trees = 10'000;
constexpr std::size_t most_features = 256;

// The words of a line, one after another.
class Words {
public:
    explicit Words(std::string_view line) : rest_(line) {}

    std::string_view next() {
        const auto begin = rest_.find_first_not_of(" \r");
        if (begin == std::string_view::npos) {
            rest_ = {};
            return {};
        }
        rest_.remove_prefix(begin);
        const std::string_view word = rest_.substr(0, rest_.find_first_of(" \r"));
        rest_.remove_prefix(word.size());
        return word;
    }

    template <class T>
    std::optional<T> number() {
        const std::string_view word = next();
        T value{};
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
        return value;
    }

    std::optional<double> finite() {
        const auto value = number<double>();
        return value && std::isfinite(*value) ? value : std::nullopt;
    }

    bool at_end() { return next().empty(); }

private:
    std::string_view rest_;
};

std::optional<Tree> read_tree(Words& words, std::size_t features) {
    Tree tree;
    for (std::size_t i = 0; i < Tree::questions; ++i) {
        const auto feature = words.number<std::uint8_t>();
        const auto limit = words.finite();
        if (!feature || *feature >= features || !limit) return std::nullopt;
        tree.feature[i] = *feature;
        tree.limit[i] = *limit;
    }
    for (double& leaf : tree.leaf) {
        const auto value = words.finite();
        if (!value) return std::nullopt;
        leaf = *value;
    }
    return words.at_end() ? std::optional(tree) : std::nullopt;
}

bool read_entry(Trees& out, std::string_view line) {
    Words words(line);
    const std::string_view key = words.next();
    if (key == "name") {
        out.name = words.next();
        return !out.name.empty() && words.at_end();
    }
    if (key == "features") {
        const auto count = words.number<std::size_t>();
        if (!count || *count == 0 || *count > most_features || !out.trees.empty()) return false;
        out.features = *count;
        return words.at_end();
    }
    if (key == "threshold" || key == "base") {
        const auto value = words.finite();
        if (!value || (key == "threshold" && (*value <= 0 || *value > 1))) return false;
        (key == "base" ? out.base : out.threshold) = *value;
        return words.at_end();
    }
    if (key != "tree" || out.trees.size() == most_trees) return false;
    const auto tree = read_tree(words, out.features);
    if (tree) out.trees.push_back(*tree);
    return tree.has_value();
}

}  // namespace

base::Result<Trees> read_trees(std::string_view text) {
    Trees out;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (number == 1) {
            if (line != "shoumen-trees 1") return fail("bad-model", "the first line must be \"shoumen-trees 1\"", "1");
            continue;
        }
        if (!line.empty() && !read_entry(out, line))
            return fail("bad-model", "write name, features, threshold, base, then trees of 7 questions and 8 leaves",
                        fmt::format("{}", number));
    }
    if (out.name.empty() || out.features == 0 || out.trees.empty())
        return fail("bad-model", "name, features or trees are missing");
    return out;
}

std::string to_text(const Trees& trees) {
    std::string out = fmt::format("shoumen-trees 1\nname {}\nfeatures {}\nthreshold {:.6g}\nbase {:.6g}\n", trees.name,
                                  trees.features, trees.threshold, trees.base);
    for (const Tree& tree : trees.trees) {
        out += "tree";
        for (std::size_t i = 0; i < Tree::questions; ++i)
            out += fmt::format(" {} {:.6g}", tree.feature[i], tree.limit[i]);
        for (double leaf : tree.leaf) out += fmt::format(" {:.6g}", leaf);
        out += '\n';
    }
    return out;
}

double confidence(const Trees& trees, std::span<const double> features) {
    double sum = trees.base;
    for (const Tree& tree : trees.trees) {
        std::size_t at = 0;
        while (at < Tree::questions) at = 2 * at + (features[tree.feature[at]] > tree.limit[at] ? 2 : 1);
        sum += tree.leaf[at - Tree::questions];
    }
    return 1 / (1 + std::exp(-sum));
}

}  // namespace shoumen::detect

// Where findings are gathered while a directory is read. Texts quoted in a message are cut and made printable: a file
// may hold anything.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/directory.hpp"

namespace shoumen::policy {

// 'text', at most 40 characters, without control characters.
std::string quote(std::string_view text);

// Edits (insert, delete, change, swap of neighbours) that turn one word into the other, or limit + 1 if more.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

void sort(std::vector<Finding>& findings);  // by file, line; those of one line stay in order

class Report {
public:
    void add(std::string_view file, std::uint32_t line, std::string_view code, std::string message);
    [[nodiscard]] bool empty() const { return findings_.empty(); }
    [[nodiscard]] std::vector<Finding> take();  // in order

    // "; did you mean 'x'?" for the candidate nearest to the word, or nothing when none is near. Only so much is
    // compared in one run: a hundred thousand devices times a thousand slips would take minutes.
    template <class Range, class Text>
    std::string suggest(std::string_view word, const Range& candidates, Text text) {
        const std::size_t limit = word.size() < 4 ? 1 : word.size() < 9 ? 2 : 3;
        std::size_t best = limit + 1;
        std::string nearest;
        for (const auto& candidate : candidates) {
            if (comparisons_left_ == 0) break;
            --comparisons_left_;
            const std::string_view other = text(candidate);
            const std::size_t distance = edit_distance(word, other, std::min(best, limit));
            if (distance < best || (distance == best && best <= limit && other < nearest)) {
                best = distance;
                nearest = other;
            }
        }
        return best <= limit ? "; did you mean " + quote(nearest) + "?" : std::string{};
    }
    template <class Range>
    std::string suggest(std::string_view word, const Range& words) {
        return suggest(word, words, [](std::string_view w) { return w; });
    }

private:
    static constexpr std::size_t most_of_a_file = 1000;
    std::vector<Finding> findings_;
    std::map<std::string, std::size_t, std::less<>> count_;
    std::size_t comparisons_left_ = 2'000'000;
};

}  // namespace shoumen::policy

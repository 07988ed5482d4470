// Lists of words to look for, by their first character.
#pragma once
#include <algorithm>
#include <bitset>
#include <string_view>
#include <vector>

#include "characters.hpp"

namespace shoumen::protect {

// Made from one text of words parted by spaces, which must outlive it.
class Words {
public:
    explicit Words(std::u32string_view list) {
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(U' '), list.size());
            if (end > 0) words_.push_back(list.substr(0, end));
            list.remove_prefix(std::min(end + 1, list.size()));
        }
        std::ranges::sort(words_);
        for (const auto word : words_) first_.set(word[0] & 0xffffU);
    }
    // The length of the longest word that stands at i; 0: none.
    [[nodiscard]] std::size_t at(const Characters& text, std::size_t i) const {
        const char32_t c = text.at(i);
        if (!first_[c & 0xffffU]) return 0;
        std::size_t longest = 0;
        const auto from = std::ranges::lower_bound(words_, c, {}, [](std::u32string_view w) { return w[0]; });
        for (auto word = from; word != words_.end() && (*word)[0] == c; ++word)
            if (word->size() > longest && text.has(i, *word)) longest = word->size();
        return longest;
    }
    [[nodiscard]] bool has(std::u32string_view word) const {
        return !word.empty() && first_[word[0] & 0xffffU] && std::ranges::binary_search(words_, word);
    }
    [[nodiscard]] bool has(char32_t c) const { return has(std::u32string_view(&c, 1)); }

private:
    std::vector<std::u32string_view> words_;
    std::bitset<0x10000> first_;
};

}  // namespace shoumen::protect

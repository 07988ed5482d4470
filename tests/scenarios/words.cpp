#include "words.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace shoumen::scenarios {

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    bool begun = false;
    const auto end = [&] {
        if (word.size() > 1 && word.back() == ':' && !quoted) word.pop_back();
        if (begun) words.push_back(word);
        word.clear();
        begun = false;
    };
    for (const char c : line) {
        if (c == '"') {
            quoted = !quoted;
            begun = true;
        } else if (quoted) {
            word += c;
        } else if (c == '#' && !begun) {
            break;
        } else if (c == ' ' || c == '\t' || c == ',' || c == '\r') {
            end();
        } else {
            word += c;
            begun = true;
        }
    }
    if (quoted) throw Failure("a quotation mark is not closed");
    end();
    return words;
}

std::string Words::take(std::string_view what) {
    if (done()) throw Failure(fmt::format("the line ends where {} should stand", what));
    return words_[at_++];
}

bool Words::take_if(std::string_view word) {
    if (done() || words_[at_] != word) return false;
    ++at_;
    return true;
}

void Words::expect(std::string_view word) {
    if (!take_if(word)) throw Failure(fmt::format("'{}' should stand where '{}' stands", word, peek()));
}

std::size_t Words::number(std::string_view what) {
    const std::string word = take(what);
    if (word == "none" || word == "no") return 0;
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), n);
    if (error != std::errc{} || end != word.data() + word.size()) {
        throw Failure(fmt::format("{} should be a whole number, not '{}'", what, word));
    }
    return n;
}

base::Duration Words::duration() {
    const std::string word = take("a duration such as 20s");
    const auto parsed = base::parse_duration(word);
    if (!parsed) throw Failure(fmt::format("'{}' is no duration; write 500ms, 20s, 3m, 12h or 7d", word));
    return *parsed;
}

void Words::end() const {
    if (!done()) throw Failure(fmt::format("'{}' is one word too many", peek()));
}

}  // namespace shoumen::scenarios

// The words of a scenario's line, and the failure that names it.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace shoumen::scenarios {

// What went wrong in the line at hand; whoever reads the file adds where.
struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Words are parted by blanks, commas or a colon at their end; "..." is one word; # after a blank begins a comment.
std::vector<std::string> words_of(std::string_view line);

class Words {
public:
    explicit Words(std::vector<std::string> words) : words_(std::move(words)) {}

    [[nodiscard]] bool done() const { return at_ == words_.size(); }
    [[nodiscard]] std::string_view peek() const { return done() ? std::string_view{} : std::string_view(words_[at_]); }
    // The next word; `what` names it in the failure when there is none.
    std::string take(std::string_view what);
    bool take_if(std::string_view word);
    void expect(std::string_view word);
    std::size_t number(std::string_view what);  // "none" and "no" are 0
    base::Duration duration();
    void end() const;  // fails when words are left

private:
    std::vector<std::string> words_;
    std::size_t at_ = 0;
};

}  // namespace shoumen::scenarios

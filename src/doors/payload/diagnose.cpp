#include "diagnose.hpp"

#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include "doors/payload/utf8.hpp"

namespace shoumen::doors {

namespace {

constexpr std::size_t longest_safe_integer = 18;  // digits that always fit 64 bits

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

int hex4(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 16 + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    return value;
}

bool is_no_number_word(std::string_view token) {
    if (!token.empty() && (token.front() == '-' || token.front() == '+')) token.remove_prefix(1);
    std::string lower;
    for (const char c : token) lower += static_cast<char>(c | 0x20);
    return lower == "nan" || lower == "inf" || lower == "infinity";
}

// Walks once over the text, without recursion. `open_` holds the brackets that are open.
class Checker {
public:
    explicit Checker(std::string_view in) : in_(in) {}

    Diagnosis run() {
        if (utf8_fault(in_) < in_.size()) return fail_at(utf8_fault(in_), Diagnosis::What::not_utf8, "");
        skip_space();
        if (done()) return broken("it is empty");
        if (!value()) return result_;
        while (!open_.empty()) {
            if (!(open_.back() == '{' ? next_member() : next_element())) return result_;
        }
        skip_space();
        if (!done()) return broken("something follows after its end");
        return result_;
    }

private:
    [[nodiscard]] bool done() const { return pos_ >= in_.size(); }
    [[nodiscard]] char peek() const { return done() ? '\0' : in_[pos_]; }
    void skip_space() {
        while (!done() && is_space(in_[pos_])) ++pos_;
    }

    Diagnosis fail_at(std::size_t at, Diagnosis::What what, const char* reason) {
        result_.what = what;
        result_.at = at;
        result_.reason = reason;
        result_.field = value_name_.empty() ? top_name_ : value_name_;
        return result_;
    }
    Diagnosis broken(const char* reason) { return fail_at(pos_, Diagnosis::What::broken, reason); }
    bool stop(const char* reason) {
        broken(reason);
        return false;
    }

    // Levels count from the signal's own object, also inside an array of them.
    [[nodiscard]] std::size_t level() const { return open_.size() - (!open_.empty() && open_.front() == '[' ? 1 : 0); }

    void name_is(std::string_view name) {
        if (level() == 1) {
            top_name_ = name;
            value_name_ = {};
        } else if (level() == 2 && top_name_ == "values") {
            value_name_ = name;
        }
    }

    bool next_member() {
        skip_space();
        if (peek() == '}') return close();
        if (!first_) {
            if (peek() != ',') return stop("a comma or } is missing");
            ++pos_;
            skip_space();
        }
        first_ = false;
        if (peek() != '"') return stop("a name in quotes is missing");
        const auto name = text();
        if (!name) return false;
        name_is(*name);
        skip_space();
        if (peek() != ':') return stop("a colon is missing");
        ++pos_;
        skip_space();
        return value();
    }

    bool next_element() {
        skip_space();
        if (peek() == ']') return close();
        if (!first_) {
            if (peek() != ',') return stop("a comma or ] is missing");
            ++pos_;
            skip_space();
        }
        first_ = false;
        return value();
    }

    bool close() {
        ++pos_;
        open_.pop_back();
        first_ = false;
        return true;
    }

    bool value() {
        const char c = peek();
        if (c == '{' || c == '[') {
            open_.push_back(c);
            first_ = true;
            ++pos_;
            return true;
        }
        if (c == '"') return text().has_value();
        return token();
    }

    // The text between quotes, as it stands there.
    std::optional<std::string_view> text() {
        const std::size_t begin = ++pos_;
        for (; !done(); ++pos_) {
            const char c = in_[pos_];
            if (c == '"') return in_.substr(begin, pos_++ - begin);
            if (static_cast<unsigned char>(c) < 0x20) return stop("a control character stands in a text"), std::nullopt;
            if (c == '\\' && !escape()) return std::nullopt;
        }
        pos_ = begin - 1;
        return stop("a text has no closing quote"), std::nullopt;
    }

    // At a backslash; leaves pos_ on the escape's last character.
    bool escape() {
        const std::size_t begin = pos_++;
        const auto bad = [&] {
            pos_ = begin;
            return stop("an escape is not valid");
        };
        if (done()) return bad();
        if (in_[pos_] != 'u') return std::string_view("\"\\/bfnrt").find(in_[pos_]) != std::string_view::npos || bad();
        const auto unit = unicode();
        if (unit < 0) return bad();
        if (unit >= 0xdc00 && unit < 0xe000) return bad();  // second half of a pair without the first
        if (unit >= 0xd800 && unit < 0xdc00) {
            if (in_.substr(pos_ + 1, 2) != "\\u") return bad();
            pos_ += 2;
            const auto second = unicode();
            if (second < 0xdc00 || second >= 0xe000) return bad();
        }
        return true;
    }

    // At the u; leaves pos_ on the last digit. Negative: no four digits.
    int unicode() {
        const auto digits = in_.substr(pos_ + 1, 4);
        if (digits.size() < 4) return -1;
        for (const char c : digits) {
            if (!is_hex(c)) return -1;
        }
        pos_ += 4;
        return hex4(digits);
    }

    // Whatever stands here without quotes.
    bool token() {
        std::size_t end = pos_;
        while (end < in_.size() && !is_space(in_[end]) &&
               std::string_view(",:[]{}\"").find(in_[end]) == std::string_view::npos)
            ++end;
        const auto word = in_.substr(pos_, end - pos_);
        if (word.empty()) return stop(done() ? "it ends too early" : "a value is missing");
        if (word == "true" || word == "false" || word == "null") return pos_ = end, true;
        const bool like_number =
            is_digit(word.front()) || std::string_view("+-.").find(word.front()) != std::string_view::npos;
        if (!like_number && !is_no_number_word(word)) return stop("a word stands there without quotes");
        return number(word);
    }

    bool number(std::string_view word) {
        std::size_t i = word.front() == '-' ? 1 : 0;
        const auto digits = [&] {
            const std::size_t begin = i;
            while (i < word.size() && is_digit(word[i])) ++i;
            return i - begin;
        };
        const std::size_t first = i;
        const std::size_t whole = digits();
        bool good = whole > 0 && (whole == 1 || word[first] != '0');
        bool integer = true;
        if (good && i < word.size() && word[i] == '.') {
            ++i;
            integer = false;
            good = digits() > 0;
        }
        if (good && i < word.size() && (word[i] | 0x20) == 'e') {
            ++i;
            integer = false;
            if (i < word.size() && (word[i] == '+' || word[i] == '-')) ++i;
            good = digits() > 0;
        }
        if (!good || i != word.size()) return fail_at(pos_, Diagnosis::What::not_a_number, ""), false;
        if (!std::isfinite(std::strtod(std::string(word).c_str(), nullptr)))
            return fail_at(pos_, Diagnosis::What::out_of_range, ""), false;
        pos_ += word.size();
        if (integer && whole > longest_safe_integer) result_.long_integers_end.push_back(pos_);
        return true;
    }

    std::string_view in_;
    std::size_t pos_ = 0;
    std::string open_;
    bool first_ = false;  // nothing stands yet in the innermost open bracket
    std::string_view top_name_;
    std::string_view value_name_;
    Diagnosis result_;
};

}  // namespace

Diagnosis diagnose(std::string_view payload) { return Checker(payload).run(); }

}  // namespace shoumen::doors

// Personal data in what people write: residents' words, officials' notes.
//
// Found by the forms of the field: mobile and land line numbers, identity cards (GB 11643, old and new), bank cards
// (Luhn), passports and travel permits, plates (GA 36), credit codes (GB 32100), e-mail, WeChat and QQ, names after
// words that announce them or before a title, addresses that reach a home. Full-width, spaced and hyphened forms
// count, and invisible characters between digits do not hide a number.
// Not found: a name in the middle of a sentence that nothing announces (pass it as `known` where the platform knows
// it), health, and coordinates, which in this program are those of things. Any bytes may come in; the time is linear in
// their number; never throws but for memory. Thread-safe.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protect/personal.hpp"

namespace shoumen::protect {

struct Span {
    PersonalKind kind = PersonalKind::name;
    std::size_t begin = 0;  // bytes
    std::size_t end = 0;
    bool operator==(const Span&) const = default;
};

// In order and apart from each other, each on the borders of characters.
// known: names on record of those the text is about, each found wherever it stands.
std::vector<Span> find_personal(std::string_view utf8, std::span<const std::string> known = {});
// The text with each of them masked by its kind's rule.
std::string mask_free_text(std::string_view utf8, std::span<const std::string> known = {});
// A topic runs words and numbers together (tel_138…, dev-138…x): masked as a whole and part by part, and of ten digits
// in a row or more the middle too, whatever they are.
std::string mask_topic(std::string_view utf8);

}  // namespace shoumen::protect

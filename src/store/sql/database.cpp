#include "store/sql/database.hpp"

#include <algorithm>

namespace shoumen::store {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool is_plain(char c) { return static_cast<unsigned char>(c) < 0x80 && c != '\0'; }

bool continues(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80;
}

// The length of the character that begins the text (RFC 3629: shortest form, no surrogates); 0: none does.
std::size_t character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (is_plain(text[0])) return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(text, i)) return 0;
    }
    const auto second = static_cast<unsigned char>(text[1]);
    const bool shorter_form = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool no_character = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
    return shorter_form || no_character ? 0 : length;
}

}  // namespace

std::string_view storable(std::string_view text, std::list<std::string>& room) {
    if (std::ranges::all_of(text, is_plain)) return text;
    std::string kept;
    bool same = true;
    for (auto rest = text; !rest.empty();) {
        const auto length = character(rest);
        same = same && length > 0;
        kept += length > 0 ? rest.substr(0, length) : replacement;
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return same ? text : std::string_view(room.emplace_back(std::move(kept)));
}

}  // namespace shoumen::store

#include "protect/free_text.hpp"

#include <algorithm>

#include "characters.hpp"

namespace shoumen::protect {
namespace {

void find_known(const Characters& text, std::span<const std::string> known, Findings& out) {
    for (const std::string& name : known) {
        const Characters wanted(name);
        if (wanted.size() < 2) continue;  // a single character is in every other word
        for (std::size_t i = text.text.find(wanted.text); i != std::u32string::npos;
             i = text.text.find(wanted.text, i + wanted.size()))
            out.add(PersonalKind::name, i, i + wanted.size());
    }
}

}  // namespace

std::vector<Span> find_personal(std::string_view utf8, std::span<const std::string> known) {
    const Characters text(utf8);
    Findings out(text.size());
    find_known(text, known, out);
    find_numbers(text, out);
    find_codes(text, out);
    find_names(text, out);
    find_addresses(text, out);
    find_names_at_addresses(text, out);
    for (Span& span : out.spans) {
        span.begin = text.from[span.begin];
        span.end = text.to[span.end - 1];
    }
    std::ranges::sort(out.spans, {}, &Span::begin);
    return std::move(out.spans);
}

std::string mask_free_text(std::string_view utf8, std::span<const std::string> known) {
    std::string masked;
    masked.reserve(utf8.size());
    std::size_t at = 0;
    for (const Span& span : find_personal(utf8, known)) {
        masked.append(utf8.substr(at, span.begin - at));
        masked.append(masked_text(span.kind, utf8.substr(span.begin, span.end - span.begin)));
        at = span.end;
    }
    masked.append(utf8.substr(at));
    return masked;
}

std::string mask_topic(std::string_view utf8) {
    constexpr std::size_t many = 10;
    const std::string whole = mask_free_text(utf8);
    std::string out;
    for (std::size_t at = 0; at < whole.size();) {
        const std::size_t end = std::min(whole.find_first_of("/_-.", at), whole.size());
        out += mask_free_text(std::string_view(whole).substr(at, end - at));
        if (end < whole.size()) out += whole[end];
        at = end + 1;
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto at = out.begin(); (at = std::find_if(at, out.end(), is_digit)) != out.end();) {
        const auto end = std::find_if_not(at, out.end(), is_digit);
        if (static_cast<std::size_t>(end - at) >= many) std::fill(at + 3, end - 4, '*');
        at = end;
    }
    return out;
}

}  // namespace shoumen::protect

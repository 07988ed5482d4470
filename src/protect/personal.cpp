#include "protect/personal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "characters.hpp"

namespace shoumen::protect {
namespace {

constexpr std::array<std::string_view, personal_kinds> words{
    "name",   "id-number", "phone",    "address", "plate",   "face",        "position",
    "health", "bank-card", "document", "email",   "account", "organisation"};

std::string stars(std::size_t n) { return std::string(n, '*'); }

// The value's characters from..to as they were written.
std::string part(std::string_view value, const Characters& c, std::size_t from, std::size_t to) {
    if (from >= to || to > c.size()) return {};
    return std::string(value.substr(c.from[from], c.to[to - 1] - c.from[from]));
}

// The first and last so many, and stars between; where that would show more than a third of it, stars alone.
std::string ends_shown(std::string_view value, const Characters& c, std::size_t first, std::size_t last,
                       std::size_t hidden) {
    if ((first + last) * 3 > c.size() * 2) return stars(std::max<std::size_t>(hidden, 3));
    return part(value, c, 0, first) + stars(hidden) + part(value, c, c.size() - last, c.size());
}

std::string masked_name(std::string_view value, const Characters& c) {
    if (c.size() < 2) return "*";
    static constexpr std::u32string_view familiar = U"老小阿";
    if (familiar.find(c.at(0)) != std::u32string_view::npos && c.size() == 2) return part(value, c, 0, 1) + "*";
    if (c.text.find(U'·') != std::u32string::npos) return part(value, c, 0, 1) + "**";
    const std::size_t surname = c.size() > 3 || is_long_surname(c.text) ? std::min<std::size_t>(2, c.size() - 1) : 1;
    return part(value, c, 0, surname) + stars(std::min<std::size_t>(c.size() - surname, 2));
}

// Digits alone, so that spaces and hyphens do not move what is shown.
std::u32string digits_of(const Characters& c) {
    std::u32string out;
    std::ranges::copy_if(c.text, std::back_inserter(out), [](char32_t x) { return is_word(x); });
    return out;
}

std::string ascii(std::u32string_view text) {
    std::string out;
    for (const char32_t c : text) out.push_back(static_cast<char>(c));
    return out;
}

std::string masked_phone(const Characters& c) {
    std::u32string d = digits_of(c);
    for (const std::u32string_view code : {U"0086", U"86"})
        if (d.starts_with(code) && d.size() > 11) d.erase(0, code.size());
    if (d.size() < 7) return stars(4);
    if (d[0] != U'0')
        return d.size() < 11 ? stars(d.size() - 2) + ascii(d.substr(d.size() - 2))
                             : ascii(d.substr(0, 3)) + "****" + ascii(d.substr(d.size() - 4));
    const std::size_t area = d[1] == U'1' || d[1] == U'2' ? 3 : 4;
    return ascii(d.substr(0, area)) + "-" + stars(d.size() - area - 2) + ascii(d.substr(d.size() - 2));
}

std::string masked_id(const Characters& c) {
    const std::u32string d = digits_of(c);
    if (d.size() < 15) return stars(8);
    return ascii(d.substr(0, 6)) + stars(d.size() - 7) + ascii(d.substr(d.size() - 1));
}

std::string masked_address(std::string_view value, const Characters& c) {
    static constexpr std::u32string_view buildings = U"栋幢座";
    std::size_t keep = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
        if (buildings.find(c.at(i)) != std::u32string_view::npos && keep == 0 && i > 0) keep = i + 1;
        if (c.has(i, U"号楼") && keep == 0) keep = i + 2;
    }
    if (keep == 0) {  // 12-3-401 is building, stairwell and home; of what has no building the street is shown
        const std::size_t dash = c.text.find(U'-');
        if (dash != std::u32string::npos && dash + 1 < c.size() && is_digit(c.at(0))) keep = dash;
    }
    if (keep == 0) {
        const std::size_t digit = static_cast<std::size_t>(std::ranges::find_if(c.text, is_digit) - c.text.begin());
        keep = digit < c.size() ? digit : std::min<std::size_t>(c.size() / 2, 6);
    }
    return part(value, c, 0, keep) + "****";
}

std::string masked_email(std::string_view value, const Characters& c) {
    const std::size_t at = c.text.rfind(U'@');
    if (at == std::u32string::npos || at == 0) return stars(3);
    return part(value, c, 0, 1) + "***" + part(value, c, at, c.size());
}

// To two decimals: about a kilometre.
std::string masked_position(std::string_view value) {
    const auto at = degrees_of(value);
    return at ? fmt::format("{:.2f},{:.2f}", at->latitude, at->longitude) : stars(3);
}

}  // namespace

std::string_view word_of(PersonalKind kind) { return words[static_cast<std::size_t>(kind)]; }

std::string masked_text(PersonalKind kind, std::string_view utf8) {
    if (utf8.empty()) return {};
    const Characters c(utf8);
    switch (kind) {
        case PersonalKind::name:
            return masked_name(utf8, c);
        case PersonalKind::id_number:
            return masked_id(c);
        case PersonalKind::phone:
            return masked_phone(c);
        case PersonalKind::address:
            return masked_address(utf8, c);
        case PersonalKind::plate:
            return ends_shown(utf8, c, 2, 1, 4);
        case PersonalKind::bank_card:
            return ends_shown(utf8, c, 0, 4, 4);
        case PersonalKind::document:
            return ends_shown(utf8, c, 1, 2, 6);
        case PersonalKind::email:
            return masked_email(utf8, c);
        case PersonalKind::account:
            return ends_shown(utf8, c, 1, 0, 3);
        case PersonalKind::organisation:
            return ends_shown(utf8, c, 2, 2, 8);
        case PersonalKind::position:
            return masked_position(utf8);
        case PersonalKind::face:
        case PersonalKind::health:
            return stars(3);
    }
    return stars(3);
}

base::Result<void> Grant::look(PersonalKind kind) const {
    if (!covers(kind))
        return base::fail("grant-not-for-kind",
                          fmt::format("this grant does not cover {}: ask for it by name and purpose", word_of(kind)));
    if (now_ >= until_) return base::fail("grant-over", "this grant has ended: ask again, with the purpose");
    ++looks_[static_cast<std::size_t>(kind)];
    return {};
}

std::string text_of(Degrees at) { return fmt::format("{:.6f},{:.6f}", at.latitude, at.longitude); }

base::Result<Degrees> degrees_of(std::string_view text) {
    const auto refused = [] {
        return base::fail("position-unreadable", "a position is latitude,longitude in degrees, like 31.23,121.47");
    };
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) return refused();
    const auto number = [](std::string_view in, double limit) -> std::optional<double> {
        double v = 0;
        const auto [end, error] = std::from_chars(in.data(), in.data() + in.size(), v);
        if (error != std::errc{} || end != in.data() + in.size() || !(std::abs(v) <= limit)) return std::nullopt;
        return v;
    };
    const auto latitude = number(text.substr(0, comma), 90);
    const auto longitude = number(text.substr(comma + 1), 180);
    if (!latitude || !longitude) return refused();
    return Degrees{*latitude, *longitude};
}

}  // namespace shoumen::protect

#include "prove/note.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace shoumen::prove {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view mark = "\xE2\x80\x94 ";  // em dash, space
constexpr std::size_t longest_name = 128;

constexpr auto values = [] {
    std::array<std::int8_t, 256> all{};
    all.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        all[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return all;
}();

tl::unexpected<base::Error> bad(const char* what) {
    return base::fail("bad-note", std::string("this is not a signed note: ") + what);
}

base::Result<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(mark)) return bad("a line after the empty one is no signature");
    line.remove_prefix(mark.size());
    const auto space = line.find(' ');
    if (space == std::string_view::npos || !is_key_name(line.substr(0, space))) return bad("a signature names no key");
    auto bytes = from_base64(line.substr(space + 1));
    if (!bytes || bytes->size() <= 4) return bad("a signature cannot be read");
    NoteSignature out;
    out.name = std::string(line.substr(0, space));
    for (std::size_t i = 0; i < 4; ++i) out.key_id = (out.key_id << 8U) | static_cast<unsigned char>((*bytes)[i]);
    out.bytes = bytes->substr(4);
    return out;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t v = 0;
        for (std::size_t k = 0; k < 3; ++k) v = (v << 8U) | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k) out.push_back(k <= n ? alphabet[(v >> (18 - 6 * k)) & 63U] : '=');
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        const bool last = i + 4 == text.size();
        const std::size_t pads = last ? (text[i + 3] == '=' ? (text[i + 2] == '=' ? 2 : 1) : 0) : 0;
        std::uint32_t v = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            const int value = k < 4 - pads ? values[static_cast<unsigned char>(text[i + k])] : 0;
            if (value < 0) return std::nullopt;
            v = (v << 6U) | static_cast<std::uint32_t>(value);
        }
        if ((pads == 1 && (v & 0xffU) != 0) || (pads == 2 && (v & 0xffffU) != 0)) return std::nullopt;
        for (std::size_t k = 0; k < 3 - pads; ++k) out.push_back(static_cast<char>((v >> (16 - 8 * k)) & 0xffU));
    }
    return out;
}

std::optional<std::uint64_t> plain_number(std::string_view text) {
    std::uint64_t v = 0;
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), v);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return v;
}

std::optional<std::string_view> take_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

bool is_key_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && std::ranges::none_of(name, [](char c) {
        const auto b = static_cast<unsigned char>(c);
        return b <= 0x20 || b == 0x7f || c == '+';
    });
}

base::Result<Note> parse_note(std::string_view bytes) {
    if (bytes.size() > largest_note) return bad("it is too large");
    if (std::ranges::any_of(bytes, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }))
        return bad("it holds control characters");
    const auto gap = bytes.rfind("\n\n");
    if (gap == std::string_view::npos || gap == 0) return bad("there is no empty line before the signatures");
    Note note;
    note.text = std::string(bytes.substr(0, gap + 1));
    std::string_view rest = bytes.substr(gap + 2);
    while (!rest.empty()) {
        const auto line = take_line(rest);
        if (!line) return bad("its last line does not end");
        auto signature = parse_signature(*line);
        if (!signature) return tl::unexpected(std::move(signature.error()));
        if (note.signatures.size() == most_signatures) return bad("it has too many signatures");
        note.signatures.push_back(std::move(*signature));
    }
    if (note.signatures.empty()) return bad("nobody has signed it");
    return note;
}

std::string to_text(const Note& note) {
    std::string out = note.text + "\n";
    for (const auto& s : note.signatures) {
        std::string bytes;
        for (unsigned shift = 24;; shift -= 8) {
            bytes.push_back(static_cast<char>((s.key_id >> shift) & 0xffU));
            if (shift == 0) break;
        }
        out += mark;
        out += s.name + " " + to_base64(bytes + s.bytes) + "\n";
    }
    return out;
}

}  // namespace shoumen::prove

// Signed notes (C2SP signed-note): a text, an empty line, and a line for each signature:
// "— <name> <base64 of key id and signature>". Whatever is read here comes from anywhere: bounded, and never throws.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace shoumen::prove {

constexpr std::size_t largest_note = 64U << 10U;
constexpr std::size_t most_signatures = 64;

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    std::string bytes;
    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    std::string text;  // ends with a newline
    std::vector<NoteSignature> signatures;
    bool operator==(const Note&) const = default;
};

base::Result<Note> parse_note(std::string_view bytes);  // code bad-note
std::string to_text(const Note& note);

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);  // one way of writing: padded, no spaces
// A number as it is written: digits alone, no zero in front.
std::optional<std::uint64_t> plain_number(std::string_view text);
// The next line of `rest`, which loses it; none where no newline ends it.
std::optional<std::string_view> take_line(std::string_view& rest);
bool is_key_name(std::string_view name);  // not empty, no space, control character or plus; 128 bytes at most

}  // namespace shoumen::prove

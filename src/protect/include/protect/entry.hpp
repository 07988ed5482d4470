// What the register of persons keeps of somebody: masked by type, sealed with the person's own key, one value by one.
//
// Sealed: a version, how many bytes of the name are the surname, then each value under its own context, the empty ones
// as well. Errors: those of protect/seal.hpp. Pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "protect/personal.hpp"
#include "protect/seal.hpp"

namespace shoumen::protect {

struct PersonEntry {
    Name name;  // whole: surname and what one is called by
    std::uint8_t family_bytes = 0;
    Phone phone;
    IdNumber id_number;
    Health health;  // what helpers must know: "cannot walk alone"
    Name contact;   // whom to call
    Phone contact_phone;

    // What to call the person by: the name without the surname. Errors: as Personal::unmasked.
    [[nodiscard]] base::Result<std::string> first_name(const Grant& grant) const;
};

base::Result<std::string> seal_entry(const DataKey& key, Suite suite, std::string_view code, const PersonEntry& entry);
base::Result<PersonEntry> open_entry(const DataKey& key, std::string_view code, std::string_view sealed);

// How many bytes of a whole name are the surname: 张三 3, 欧阳测试 6; of 阿卜杜拉·测试 what stands behind the dot is
// the family's and is not counted: 0.
std::uint8_t family_bytes_of(std::string_view name);
// By form. Spaces and hyphens do not matter, +86 before it neither.
bool is_phone(std::string_view text);
bool is_identity_number(std::string_view text);  // GB 11643 with its check digit, or the old fifteen digits

}  // namespace shoumen::protect

// The field's number formats and their check digits. Digits and upper-case letters come in.
#pragma once
#include <string_view>

namespace shoumen::protect {

bool is_province(std::u32string_view two_digits);  // GB/T 2260
// GB 11643: eighteen with check digit, or the old fifteen; birth dates 1800-2199 by form, for whoever reads them.
bool is_id_number(std::u32string_view digits);
bool looks_like_id_number(std::u32string_view digits);  // all but the check digit
bool passes_luhn(std::u32string_view digits);           // ISO/IEC 7812
bool is_credit_code(std::u32string_view code);          // GB 32100
bool is_area_code(std::u32string_view digits);          // of land lines: 010, 02x, 0ddd

}  // namespace shoumen::protect

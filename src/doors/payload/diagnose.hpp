// Why a payload could not be read, and where. Runs only after the fast parser has refused: it tells what, at which
// byte, in which field, none of which the fast parser says.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace shoumen::doors {

struct Diagnosis {
    enum class What {
        fine,          // by this check the payload is JSON
        broken,        // no JSON
        not_a_number,  // NaN, Infinity, 01, 1., 0x10 …
        out_of_range,  // 1e999
        not_utf8,
    };
    What what = What::fine;
    std::size_t at = 0;       // byte, from 0
    const char* reason = "";  // of `broken`
    std::string_view field;   // where the fault stands: name at the top, or of a value; raw bytes between the quotes
    // Where whole numbers end that have so many digits that the fast parser may refuse them.
    std::vector<std::size_t> long_integers_end;
};

Diagnosis diagnose(std::string_view payload);

}  // namespace shoumen::doors

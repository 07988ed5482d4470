// For tests: texts with personal data at known places, made from a seed. Nobody in them exists: mobile numbers use
// prefixes that no operator has, dates of birth lie in the next century, land lines begin with 0.
#pragma once
#include <string>
#include <vector>

#include "base/random.hpp"
#include "protect/free_text.hpp"

namespace shoumen::protect {

struct MadeText {
    std::string text;
    std::vector<Span> spans;
};

MadeText make_text(base::SeededRandom& random);

// Lines of {"text": "…", …, "spans": [{"type": "NAME", …, "byte_start": n, "byte_end": n, …}]} without escapes.
std::vector<MadeText> read_cases(const std::string& path);

}  // namespace shoumen::protect

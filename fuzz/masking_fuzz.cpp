// Any bytes as free text: no crash, findings in order, apart, and on the borders of characters; what is not personal
// comes out as it went in.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "protect/free_text.hpp"

using namespace shoumen;

namespace {

void expect(bool fine) {
    if (!fine) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t at = 0;
    const std::string masked = protect::mask_free_text(text);
    std::size_t in_masked = 0;
    for (const protect::Span& span : protect::find_personal(text)) {
        expect(span.begin >= at && span.end > span.begin && span.end <= size);
        const std::string_view before = text.substr(at, span.begin - at);
        expect(std::string_view(masked).substr(in_masked).starts_with(before));
        const std::string mask = protect::masked_text(span.kind, text.substr(span.begin, span.end - span.begin));
        in_masked += before.size() + mask.size();
        at = span.end;
    }
    expect(masked.substr(in_masked) == text.substr(at));
    const protect::Name name{std::string(text)};
    expect(text.empty() == name.masked().empty());
    return 0;
}

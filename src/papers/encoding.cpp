#include "papers/encoding.hpp"

#include <memory>
#include <utility>

#include <iconv.h>

namespace shoumen::papers {
namespace {

constexpr std::string_view mark = "\xef\xbb\xbf";

bool is_utf8(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t n = lead < 0x80   ? 1
                              : lead < 0xc2 ? 0
                              : lead < 0xe0 ? 2
                              : lead < 0xf0 ? 3
                              : lead < 0xf5 ? 4
                                            : 0;
        if (n == 0 || i + n > text.size()) return false;
        for (std::size_t k = 1; k < n; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80) return false;
        }
        const auto second = n > 1 ? static_cast<unsigned char>(text[i + 1]) : 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) || (lead == 0xf0 && second < 0x90) ||
            (lead == 0xf4 && second >= 0x90))
            return false;
        i += n;
    }
    return true;
}

struct Closer {
    using pointer = iconv_t;
    void operator()(iconv_t handle) const { ::iconv_close(handle); }
};

base::Result<std::string> from_gb18030(std::string_view bytes) {
    const auto wrong = [] {
        return base::fail("bad-encoding", "neither UTF-8 nor GB 18030: save the table as CSV UTF-8", {});
    };
    // iconv's own mark of failure is a pointer of all bits.
    iconv_t handle = ::iconv_open("UTF-8", "GB18030");
    if (handle == reinterpret_cast<iconv_t>(-1)) return wrong();  // NOLINT(performance-no-int-to-ptr)
    const std::unique_ptr<iconv_t, Closer> closer(handle);
    std::string out(bytes.size() * 2 + 16, '\0');  // two bytes become three at most, four become four
    char* from = const_cast<char*>(bytes.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast): iconv reads it only
    std::size_t left = bytes.size();
    char* to = out.data();
    std::size_t room = out.size();
    if (::iconv(handle, &from, &left, &to, &room) == static_cast<std::size_t>(-1) || left > 0) return wrong();
    out.resize(out.size() - room);
    if (!is_utf8(out)) return wrong();
    return out;
}

}  // namespace

base::Result<std::string> as_utf8(std::string_view bytes) {
    if (bytes.starts_with(mark)) {
        bytes.remove_prefix(mark.size());
        if (!is_utf8(bytes)) return base::fail("bad-encoding", "it says it is UTF-8 and is not", {});
        return std::string(bytes);
    }
    if (is_utf8(bytes)) return std::string(bytes);
    return from_gb18030(bytes);
}

std::string as_utf8_or_ascii(std::string_view bytes) {
    if (auto text = as_utf8(bytes)) return std::move(*text);
    std::string out(bytes);
    for (char& c : out) {
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    }
    return out;
}

}  // namespace shoumen::papers

#include "protect/codes.hpp"

#include <set>

#include <doctest/doctest.h>

#include "base/hash.hpp"
#include "protect/password.hpp"

using namespace shoumen;

TEST_CASE("digits are digits, as many as asked for, and not the same again") {
    REQUIRE(protect::start_crypto());
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) {
        const auto code = protect::new_digits(6);
        CHECK(code.size() == 6);
        CHECK(code.find_first_not_of("0123456789") == std::string::npos);
        seen.insert(code);
    }
    CHECK(seen.size() > 45);
}

TEST_CASE("the challenge of RFC 7636 is made of its verifier") {
    const auto hash = base::sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    CHECK(protect::url_base64(base::as_bytes(hash)) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    CHECK(protect::url_base64("") == "");
    CHECK(protect::url_base64("\xfb\xff") == "-_8");
    CHECK(protect::to_hex_text("\xfb-a") == "fb2d61");
    CHECK(protect::from_hex_text("fb2d61") == "\xfb-a");
    for (const char* none : {"", "f", "fb2", "fg", "fb 2d"}) CHECK(protect::from_hex_text(none).empty());
    CHECK(protect::same_bytes("abc", "abc"));
    CHECK_FALSE(protect::same_bytes("abc", "abd"));
    CHECK_FALSE(protect::same_bytes("abc", "ab"));
}

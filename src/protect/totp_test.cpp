#include "protect/totp.hpp"

#include <doctest/doctest.h>

#include "protect/password.hpp"

using namespace shoumen;
using namespace shoumen::protect;

namespace {

const std::string secret = "12345678901234567890";  // of RFC 6238
base::Time at(std::int64_t seconds) { return {seconds * 1'000'000}; }

}  // namespace

TEST_CASE("codes by time are those of RFC 6238") {
    for (const auto& [seconds, code] : {std::pair<std::int64_t, const char*>{59, "287082"},
                                        {1111111109, "081804"},
                                        {1111111111, "050471"},
                                        {1234567890, "005924"},
                                        {2000000000, "279037"},
                                        {20000000000, "353130"}}) {
        CHECK(totp_code(secret, static_cast<std::uint64_t>(seconds / 30)) == code);
        CHECK(totp_step_of(secret, code, at(seconds), 0) == static_cast<std::uint64_t>(seconds / 30));
    }
}

TEST_CASE("a code counts one step early and late, and once") {
    const std::int64_t t = 1111111111;
    const auto step = static_cast<std::uint64_t>(t / 30);
    const auto code = totp_code(secret, step);
    for (const std::int64_t shift : {-30, 0, 30}) CHECK(totp_step_of(secret, code, at(t + shift), 0) == step);
    for (const std::int64_t shift : {-60, 60, 3600}) CHECK_FALSE(totp_step_of(secret, code, at(t + shift), 0));
    CHECK(totp_step_of(secret, code, at(t), step - 1) == step);
    CHECK_FALSE(totp_step_of(secret, code, at(t), step));
    CHECK_FALSE(totp_step_of(secret, code, at(t), step + 5));
}

TEST_CASE("what is no code is none") {
    for (const char* bad :
         {"", "1", "28708", "2870820", "abcdef", "28708 ", "\xff\xff\xff\xff\xff\xff", "000000000000"})
        CHECK_FALSE(totp_step_of(secret, bad, at(59), 0));
    CHECK(totp_step_of(secret, "287 082", at(59), 0) == 1);
    CHECK_FALSE(totp_step_of("", "287082", at(59), 0));
    CHECK_FALSE(totp_step_of(secret, "287082", at(0), 0));
}

TEST_CASE("the address for an authenticator app") {
    CHECK(base32("") == "");
    CHECK(base32("f") == "MY");
    CHECK(base32("foobar") == "MZXW6YTBOI");
    CHECK(otpauth_uri("光华", "li", secret) ==
          "otpauth://totp/%E5%85%89%E5%8D%8E:li?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E5%85%89%E5%8D%8E"
          "&algorithm=SHA1&digits=6&period=30");
    CHECK(new_totp_secret() != new_totp_secret());
}

TEST_CASE("a recovery code is good once") {
    const auto codes = new_recovery_codes();
    REQUIRE(codes.size() == 10);
    auto hashes = hashes_of(codes);
    CHECK(hashes.size() == 320);
    for (const auto& code : codes) {
        CHECK(hashes.find(code) == std::string::npos);
        std::string typed = code;
        typed[0] = static_cast<char>(typed[0] >= 'a' ? typed[0] - 32 : typed[0]);
        const auto left = without_code(hashes, typed);
        REQUIRE(left);
        CHECK(left->size() == hashes.size() - 32);
        CHECK_FALSE(without_code(*left, code));
        hashes = *left;
    }
    CHECK_FALSE(without_code("", codes.front()));
    CHECK_FALSE(without_code("short", ""));
}

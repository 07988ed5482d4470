#include "protect/entry.hpp"

#include <doctest/doctest.h>

#include "protect/password.hpp"

using namespace shoumen::protect;

TEST_CASE("an entry comes back from its seal for the same person alone, and shows its masks") {
    REQUIRE(start_crypto());
    const auto key = DataKey::random();
    const auto other = DataKey::random();
    REQUIRE((key && other));
    PersonEntry entry;
    entry.name = Name("欧阳测试");
    entry.family_bytes = family_bytes_of("欧阳测试");
    entry.phone = Phone("16099980901");
    entry.health = Health("不能独自行走");
    for (const Suite suite : {Suite::aes_gcm, Suite::sm4_sm3}) {
        const auto sealed = seal_entry(*key, suite, "p-1", entry);
        REQUIRE(sealed);
        CHECK(sealed->find("测试") == std::string::npos);
        CHECK(sealed->find("16099980901") == std::string::npos);
        const auto back = open_entry(*key, "p-1", *sealed);
        REQUIRE(back);
        CHECK(back->name.masked() == "欧阳**");
        CHECK(back->phone.masked() == "160****0901");
        CHECK(back->health.masked() == "***");
        CHECK(back->id_number.is_empty());
        CHECK(back->family_bytes == 6);
        CHECK(open_entry(*key, "p-2", *sealed).error().code == "sealed-unreadable");
        CHECK(open_entry(*other, "p-1", *sealed).error().code == "sealed-unreadable");
        CHECK(open_entry(*key, "p-1", sealed->substr(0, sealed->size() - 1)).error().code == "sealed-unreadable");
        CHECK(open_entry(*key, "p-1", *sealed + "x").error().code == "sealed-unreadable");
        CHECK(open_entry(*key, "p-1", "").error().code == "sealed-unreadable");
    }
}

TEST_CASE("what a name, a phone, an identity number is by its form") {
    CHECK(family_bytes_of("张三") == 3);
    CHECK(family_bytes_of("张小三") == 3);
    CHECK(family_bytes_of("欧阳测试") == 6);
    CHECK(family_bytes_of("欧阳") == 3);
    CHECK(family_bytes_of("阿卜杜拉·测试") == 0);
    CHECK(family_bytes_of("Anna") == 0);
    CHECK(family_bytes_of("") == 0);
    for (const char* good : {"16099980901", "160 9998 0901", "160-9998-0901", "+86 16099980901", "0755-88889999",
                             "010 88889999", "１６０９９９８０９０１"})
        CHECK_MESSAGE(is_phone(good), good);
    for (const char* bad : {"", "1609998090", "160999809011", "12099980901", "1609998090a", "88889999", "张三"})
        CHECK_MESSAGE(!is_phone(bad), bad);
    CHECK(is_identity_number("11010519491231002X"));  // the standard's own example
    CHECK(is_identity_number("110105 19491231 002x"));
    CHECK_FALSE(is_identity_number("110105194912310021"));
    CHECK_FALSE(is_identity_number("1101052949123100"));
}

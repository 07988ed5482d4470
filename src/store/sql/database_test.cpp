// Texts every database can keep.
#include "store/sql/database.hpp"

#include <doctest/doctest.h>

using namespace shoumen::store;

namespace {

std::string kept(std::string_view text) {
    std::list<std::string> room;
    return std::string(storable(text, room));
}

const std::string r = "\xef\xbf\xbd";

}  // namespace

TEST_CASE("a text that can be kept is not touched, nor copied") {
    std::list<std::string> room;
    for (const std::string_view text : {"", "d-1", "3 号楼 2 单元", "é", "\xf0\x9f\x94\xa5", "\xf4\x8f\xbf\xbf"}) {
        CHECK(storable(text, room).data() == text.data());
        CHECK(storable(text, room).size() == text.size());
    }
    CHECK(room.empty());
}

TEST_CASE("what no database can keep is replaced, and what stands beside it is not") {
    using namespace std::string_view_literals;
    CHECK(kept("a\0b"sv) == "a" + r + "b");
    CHECK(kept("\xff\xfe") == r + r);
    CHECK(kept("火\xe7\x81") == "火" + r + r);         // cut off
    CHECK(kept("\xc0\xaf") == r + r);                  // longer than need be
    CHECK(kept("\xe0\x80\xaf") == r + r + r);          // the same
    CHECK(kept("\xf0\x80\x80\xaf") == r + r + r + r);  // the same
    CHECK(kept("\xed\xa0\x80") == r + r + r);          // half a pair
    CHECK(kept("\xf4\x90\x80\x80") == r + r + r + r);  // beyond the last
    CHECK(kept("\xd6\xd0\xce\xc4") == r + r + r + r);  // GBK
}

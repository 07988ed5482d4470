#include "doors/payload/pushed.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace shoumen::doors;

namespace {

std::string read(std::string_view type, std::string_view body) {
    const auto pushed = pushed_in(type, body);
    if (!pushed) return pushed.error().code;
    return fmt::format("{} {} [{}]", pushed->form, pushed->pictures.size(), pushed->payload);
}

}  // namespace

TEST_CASE("the event alone, by its first character") {
    CHECK(read("application/xml", "<a/>") == "xml 0 [<a/>]");
    CHECK(read("text/plain", " \r\n{\"a\":1}") == "json 0 [ \r\n{\"a\":1}]");
    CHECK(read("", "\xef\xbb\xbf[1]") == "json 0 [[1]]");
    CHECK(read("", "Code=1") == "text 0 [Code=1]");
    CHECK(read("", "") == "text 0 []");
}

TEST_CASE("a multipart with pictures") {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"e\"\r\nContent-Type: text/xml\r\n\r\n<a>1</a>\r\n"
        "--b\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8--c\r\n{\r\n--b--\r\n";
    CHECK(read("multipart/form-data; boundary=b", body) == "xml 1 [<a>1</a>]");
    CHECK(read("Multipart/Form-Data; charset=x; BOUNDARY=\"b\"", body) == "xml 1 [<a>1</a>]");
    CHECK(read("multipart/mixed; boundary=b", "--b\n\n{\"a\":1}\n--b--") == "json 0 [{\"a\":1}]");
    CHECK(read("multipart/mixed; boundary=b", "--b\nContent-Type: image/png\n\n<a/>\n--b\nX: y\n\n[1]") ==
          "json 1 [[1]]");
    // Of several events the first counts.
    CHECK(read("multipart/mixed; boundary=b", "--b\n\n<a/>\n--b\n\n<b/>\n--b--") == "xml 0 [<a/>]");
}

TEST_CASE("pictures come as they are, though the mark stands within one") {
    const std::string picture = "\xff\xd8 --b \r --b--\n-b \n\xff\xd9";
    const std::string body =
        "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n" + picture +
        "\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n\r\n--b--\r\n";
    const auto pushed = pushed_in("multipart/form-data; boundary=b", body);
    REQUIRE(pushed);
    CHECK(pushed->payload == "{}");
    REQUIRE(pushed->pictures.size() == 1);  // the second has nothing in it
    CHECK(pushed->pictures[0] == picture);
}

TEST_CASE("a multipart that is none") {
    for (const char* type :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""})
        CHECK(read(type, "--\r\n\r\n<a/>") == "bad-multipart");
    CHECK(read("multipart/form-data; boundary=" + std::string(71, 'b'), "x") == "bad-multipart");
    CHECK(read("multipart/form-data; boundary=b", "") == "bad-multipart");
    CHECK(read("multipart/form-data; boundary=b", "--b") == "bad-multipart");
    CHECK(read("multipart/form-data; boundary=b", "--b--") == "bad-multipart");
    CHECK(read("multipart/form-data; boundary=b", "--b\r\nContent-Type: image/jpeg\r\n\r\nx\r\n--b--") ==
          "bad-multipart");
    std::string many;
    for (int i = 0; i < 17; ++i) many += "--b\n\nx\n";
    CHECK(read("multipart/form-data; boundary=b", many) == "bad-multipart");
}

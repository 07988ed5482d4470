#include <doctest/doctest.h>
#include <zip.h>

#include "papers/csv.hpp"
#include "papers/zip.hpp"

using namespace shoumen;
using papers::read_csv;

namespace {

using Cells = std::vector<std::string>;

// "张三" and "李" in GB 18030.
const std::string zhang = "\xd5\xc5\xc8\xfd";
const std::string li = "\xc0\xee";

}  // namespace

TEST_CASE("a table comes in as it stands in the spreadsheet, with the line of each row") {
    const auto rows =
        read_csv("\xef\xbb\xbf编号,姓名\r\np-1, 张三 \r\n\r\np-2,\"李,\r\n四\"\r\np-3,\"他说\"\"好\"\"\"\n,,\np-4,末");
    REQUIRE(rows);
    REQUIRE(rows->size() == 5);
    CHECK((*rows)[0].cells == Cells{"编号", "姓名"});
    CHECK((*rows)[1].cells == Cells{"p-1", "张三"});
    CHECK((*rows)[1].line == 2);
    CHECK((*rows)[2].cells == Cells{"p-2", "李,  四"});
    CHECK((*rows)[2].line == 4);
    CHECK((*rows)[3].cells == Cells{"p-3", "他说\"好\""});
    CHECK((*rows)[3].line == 6);
    CHECK((*rows)[4].cells == Cells{"p-4", "末"});
    CHECK((*rows)[4].line == 8);
}

TEST_CASE("GB 18030 is read, tabs are, and what is neither is told so") {
    const auto rows = read_csv("p-1," + zhang + "\r\np-2," + li);
    REQUIRE(rows);
    CHECK((*rows)[0].cells == Cells{"p-1", "张三"});
    CHECK((*rows)[1].cells == Cells{"p-2", "李"});
    const auto tabs = read_csv("a\tb\nc\td,e\n");
    REQUIRE(tabs);
    CHECK((*tabs)[1].cells == Cells{"c", "d,e"});
    CHECK(read_csv("a,\xff\xff\n").error().code == "bad-encoding");
    CHECK(read_csv("\xef\xbb\xbf" + zhang).error().code == "bad-encoding");
    CHECK(read_csv("")->empty());
}

TEST_CASE("what is broken or too large is refused with its line") {
    auto open = read_csv("a,b\nc,\"d\ne,f\n");
    REQUIRE_FALSE(open);
    CHECK(open.error().code == "bad-csv");
    CHECK(open.error().where == "2");
    auto stray = read_csv("a,b\nc,d\"e\"\n");
    REQUIRE_FALSE(stray);
    CHECK(stray.error().where == "2");
    std::string wide;
    for (int i = 0; i < 100; ++i) wide += "x,";
    CHECK(read_csv(wide).error().code == "too-large");
    std::string high;
    for (int i = 0; i < 30; ++i) high += "x\n";
    CHECK(read_csv(high, {.rows = 20, .cells = 4}).error().code == "too-large");
    CHECK(read_csv(high, {.rows = 30, .cells = 4})->size() == 30);
}

TEST_CASE("an archive holds what was put in it") {
    const std::map<std::string, std::string> files{
        {"index.html", "<p>你好</p>"}, {"a/b.json", "{}"}, {"p.jpg", "\xff\xd8"}};
    const auto bytes = papers::zip(files, base::Time{1'700'000'000'000'000});
    REQUIRE(bytes);
    CHECK(bytes->starts_with("PK"));
    zip_error_t error;
    ::zip_error_init(&error);
    zip_source_t* source = ::zip_source_buffer_create(bytes->data(), bytes->size(), 0, &error);
    zip_t* archive = ::zip_open_from_source(source, ZIP_CHECKCONS | ZIP_RDONLY, &error);
    REQUIRE(archive);
    CHECK(::zip_get_num_entries(archive, 0) == 3);
    for (const auto& [name, content] : files) {
        zip_file_t* file = ::zip_fopen(archive, name.c_str(), 0);
        REQUIRE(file);
        std::string out(100, '\0');
        const auto n = ::zip_fread(file, out.data(), out.size());
        out.resize(static_cast<std::size_t>(n));
        CHECK(out == content);
        ::zip_fclose(file);
    }
    ::zip_discard(archive);
}

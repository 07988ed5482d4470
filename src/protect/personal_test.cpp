// What must not compile does not: by the types' own properties here, and by the compiler on small programs.
#include "protect/personal.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace shoumen;
using namespace shoumen::protect;

// Stands for the gate: it alone can make a grant.
namespace shoumen::protect {
class Gate {
public:
    static Grant grant(std::uint32_t kinds, base::Time now, base::Time until) {
        return Grant("u-1", "grid_worker", "dispatch", kinds, now, until);
    }
};
}  // namespace shoumen::protect

namespace {

constexpr std::uint32_t bit(PersonalKind kind) { return 1U << static_cast<unsigned>(kind); }

template <class T>
concept Streams = requires(std::ostream& out, const T& v) { out << v; };
template <class T>
concept Compares = requires(const T& a, const T& b) { a == b; };
template <class T>
concept Orders = requires(const T& a, const T& b) { a < b; };

static_assert(!Streams<Name> && !Compares<Name> && !Orders<Name>);
static_assert(!fmt::is_formattable<Name>::value);
static_assert(!std::is_convertible_v<Name, std::string> && !std::is_convertible_v<Name, std::string_view>);
static_assert(!std::is_constructible_v<std::string, Name> && !std::is_constructible_v<std::string_view, Name>);
static_assert(!std::is_convertible_v<std::string, Name> && !std::is_convertible_v<Name, Phone>);
static_assert(!std::is_constructible_v<Name, Degrees> && std::is_constructible_v<Position, Degrees>);
static_assert(!std::is_aggregate_v<Grant> && !std::is_default_constructible_v<Grant> &&
              !std::is_copy_constructible_v<Grant>);
static_assert(
    !std::is_constructible_v<Grant, std::string, std::string, std::string, std::uint32_t, base::Time, base::Time>);

// --- The compiler asked ------------------------------------------------------------------------------------------

struct Said {
    int code = -1;
    std::string text;
};

Said compile(const std::string& body) {
    const std::string name =
        (std::filesystem::temp_directory_path() / fmt::format("shoumen-personal-{}.cpp", ::getpid())).string();
    std::ofstream(name) << "#include <iostream>\n#include <string>\n#include <fmt/format.h>\n"
                           "#include \"protect/personal.hpp\"\nusing namespace shoumen::protect;\n"
                        << body << "\n";
    const std::string src = SHOUMEN_SOURCE_DIR "/src";
    const std::string line = fmt::format("{} -std=c++23 -fsyntax-only -I{}/protect/include -I{}/base/include '{}' 2>&1",
                                         SHOUMEN_COMPILER, src, src, name);
    Said said;
    FILE* out = ::popen(line.c_str(), "re");
    REQUIRE(out != nullptr);
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, out)) > 0;) said.text.append(buffer, n);
    const int status = ::pclose(out);
    said.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    std::filesystem::remove(name);
    return said;
}

}  // namespace

TEST_CASE("a personal value that slips out does not compile") {
    // The program without a slip does: what fails below fails for the slip.
    const Said good = compile("std::string f(const Name& n) { return fmt::format(\"{}\", n.masked()); }");
    REQUIRE_MESSAGE(good.code == 0, good.text);
    const auto refused = [](const std::string& body, const std::string& says) {
        const Said said = compile(body);
        CAPTURE(body);
        CAPTURE(said.text);
        CHECK(said.code != 0);
        CHECK(said.text.find(says) != std::string::npos);
    };
    refused("void f(const Name& n) { fmt::print(\"{}\", n); }", "formattable");
    refused("void f(const Name& n) { std::cout << n; }", "deleted");
    refused("std::string f(const Name& n) { return n; }", "conver");
    refused("std::string f(const Name& n) { return std::string(n); }", "string");
    refused("void g(std::string_view); void f(const Name& n) { g(n); }", "g");
    refused("bool f(const Name& a, const Name& b) { return a == b; }", "deleted");
    refused("std::string f(const Name& n) { return n.value_; }", "private");
    refused("Phone f(const Name& n) { return n; }", "conver");
    refused("Grant f() { return Grant(\"u\", \"r\", \"p\", 1, {}, {}); }", "private");
    refused("std::string f(const Name& n) { return *n.unmasked(); }", "unmasked");
    // A writer of JSON takes text; its way in is the same conversion.
    refused("struct Writer { void text(std::string_view); }; void f(Writer& w, const Name& n) { w.text(n); }", "text");
}

TEST_CASE("each kind is masked by its rule") {
    CHECK(Name("张三").masked() == "张*");
    CHECK(Name("张三三").masked() == "张**");
    CHECK(Name("欧阳测试").masked() == "欧阳**");
    CHECK(Name("阿卜杜拉·测试").masked() == "阿**");
    CHECK(Name("老张").masked() == "老*");
    CHECK(Name("张").masked() == "*");
    CHECK(Phone("16099980901").masked() == "160****0901");
    CHECK(Phone("+86 160 9998 0901").masked() == "160****0901");
    CHECK(Phone("0755-01076962").masked() == "0755-******62");
    CHECK(IdNumber("11010521490101006X").masked() == "110105***********X");
    CHECK(Address("和平街50号27栋4单元2344室").masked() == "和平街50号27栋****");
    CHECK(Address("阳光小区3号楼1201").masked() == "阳光小区3号楼****");
    CHECK(Address("12-3-401").masked() == "12****");
    CHECK(Address("测试村2组15号").masked() == "测试村****");
    CHECK(Plate("京A00497").masked() == "京A****7");
    CHECK(Position(Degrees{31.234567, 121.478901}).masked() == "31.23,121.48");
    CHECK(Health("什么都不说").masked() == "***");
    CHECK(masked_text(PersonalKind::bank_card, "6200000046705287004") == "****7004");
    CHECK(masked_text(PersonalKind::document, "E00000216") == "E******16");
    CHECK(masked_text(PersonalKind::email, "test54@example.com") == "t***@example.com");
    CHECK(masked_text(PersonalKind::account, "zhangsan_1") == "z***");
    for (std::size_t k = 0; k < personal_kinds; ++k) {  // whatever the bytes: something, and not the value
        CHECK(masked_text(static_cast<PersonalKind>(k), "").empty());
        CHECK(masked_text(static_cast<PersonalKind>(k), "\xff\xfe\xe5").find("\xff\xfe\xe5") == std::string::npos);
        CHECK_FALSE(word_of(static_cast<PersonalKind>(k)).empty());
    }
}

TEST_CASE("a grant shows its kinds until its time, and counts each look") {
    const base::Time now = *base::parse_rfc3339("2026-03-03T08:00:00+08:00");
    const Grant grant = Gate::grant(bit(PersonalKind::name), now, now + base::minutes(10));
    CHECK(*Name("张三").unmasked(grant) == "张三");
    CHECK(*Name("李四").unmasked(grant) == "李四");
    CHECK(grant.looks(PersonalKind::name) == 2);
    const auto other = Phone("16099980901").unmasked(grant);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == "grant-not-for-kind");
    CHECK(grant.looks(PersonalKind::phone) == 0);
    const Grant over = Gate::grant(bit(PersonalKind::name), now, now);
    REQUIRE_FALSE(Name("张三").unmasked(over));
    CHECK(Name("张三").unmasked(over).error().code == "grant-over");
    CHECK(over.looks(PersonalKind::name) == 0);
}

TEST_CASE("positions as text") {
    CHECK(text_of({31.2, -121.5}) == "31.200000,-121.500000");
    CHECK(degrees_of("31.2,-121.5") == Degrees{31.2, -121.5});
    for (const char* bad : {"", "31.2", "91,0", "0,181", "a,b", "1,2,3", "nan,1", "1, 2"}) {
        CAPTURE(bad);
        CHECK_FALSE(degrees_of(bad));
    }
}

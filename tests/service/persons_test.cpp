// The register of persons through the doors of the real program: a table comes in, who helps sees the floor and the
// first name while the incident goes on and nothing afterwards, everybody sees and takes out what is their own, and who
// is erased stays erased, whichever backups come back.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): setenv
#include <unistd.h>
#include <zip.h>

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::app::HttpAnswer;
using shoumen::support::run_program;
using shoumen::support::run_to_end;
namespace fs = std::filesystem;

namespace {

constexpr const char* smoke = "smoke-gh-1-203";
constexpr const char* elder = "e-1";      // lives there, cannot walk alone
constexpr const char* neighbour = "e-2";  // lives there too
constexpr const char* resident = "r-1";   // lives elsewhere, and has an account

const std::string table =
    "\xef\xbb\xbf"
    "编号,姓名,住处编号,电话,身份证号,健康提示,紧急联系人,紧急联系电话\r\n"
    "e-1,欧阳测试,gh-1-203,160 9998 0901,11010519491231002X,不能独自行走,司马样例,16099980902\r\n"
    "e-2,司徒邻居,gh-1-203,16099980903,,,,\r\n"
    "r-1,慕容住户,gh-1-301,16099980904,,,,\r\n";
const std::vector<std::string> secrets{"欧阳测试",     "测试",     "16099980901", "160 9998 0901", "11010519491231002X",
                                       "不能独自行走", "司马样例", "司徒邻居",    "慕容住户"};

// Names of files, but those of the keys, in which the bytes stand.
std::string found_in(const std::string& folder, const std::string& bytes) {
    std::string out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.path().string().find("/keys/") != std::string::npos) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        const std::string all{std::istreambuf_iterator<char>(in), {}};
        if (all.find(bytes) != std::string::npos) out += entry.path().string() + "\n";
    }
    return out;
}

class Village {
public:
    explicit Village(std::vector<std::string> more = {}, std::string community = demo)
        : stage(std::move(more), false, std::move(community)) {
        own_password(stage);
        add("keeper", "p-201", "committee", "committee");
        add("grid", "p-311", "grid_worker", "gw-1");
        add("grid3", "p-331", "grid_worker", "gw-3");
        add("medic", "p-451", "community_doctor", "doctor");
        add("manager", "p-101", "property_manager", "pm-gh");
        add("auditor", "p-902", "auditor", nullptr);
        add("assessor", "p-903", "assessor", nullptr);
        add("resident", resident, "resident", nullptr);
        const auto taken = stage.send_table("keeper", "/api/v1/persons/import", table);
        REQUIRE_MESSAGE(taken.status == 200, taken.body);
        report = json::parse(taken.body).as_object();
    }
    ~Village() {
        for (const auto& finding : stage.contract_findings()) CHECK_MESSAGE(false, finding);
    }
    Village(const Village&) = delete;
    Village& operator=(const Village&) = delete;

    void add(const std::string& name, const std::string& person, const char* role, const char* body) {
        json::array bodies;
        if (body != nullptr) bodies.emplace_back(body);
        const auto made =
            stage.ask("admin", "POST", "/api/v1/accounts",
                      {{"name", name}, {"person", person}, {"roles", json::array{role}}, {"bodies", bodies}});
        REQUIRE_MESSAGE(made.status == 201, made.body);
        stage.know(name, std::string(json::parse(made.body).at("one_time_password").as_string()));
    }
    // A smoke alarm in the elder's home; the incident's address.
    std::string alarm() {
        const auto token = new_token(stage, smoke);
        REQUIRE(
            stage
                .signal(fmt::format(R"({{"id":"s1","device":"{}","kind":"smoke","values":{{"smoke":true}}}})", smoke),
                        token)
                .status == 202);
        REQUIRE(stage.wait_until([](const json::array& live) { return !live.empty(); }));
        return "/api/v1/incidents/" + std::string(stage.live_incidents()[0].at("id").as_string());
    }
    void close(const std::string& incident) {
        const auto act = [&](const std::string& who, const std::string& action) {
            const auto done = stage.ask(who, "POST", incident + "/actions/" + action, json::object{});
            REQUIRE_MESSAGE(done.status == 200, action, " ", done.body);
        };
        for (const char* action : {"acknowledge", "depart", "arrive"}) act("responder", action);
        REQUIRE(stage.send_picture("responder", incident + "/evidence?phase=after", photo("done")).status == 200);
        act("responder", "resolve");
        act("verifier", "verify");
    }
    std::vector<json::object> acts(const std::string& query = {}) {
        std::vector<json::object> out;
        std::string before;
        for (;;) {
            const auto page = stage.ask(
                "auditor", "GET", "/api/v1/acts?limit=1000" + query + (before.empty() ? "" : "&before=" + before));
            REQUIRE_MESSAGE(page.status == 200, page.body);
            const auto list = json::parse(page.body).at("acts").as_array();
            for (const auto& act : list) {
                before = std::string(act.at("id").as_string());
                out.push_back(act.as_object());
            }
            if (list.size() < 1'000) return out;
        }
    }
    std::uint64_t looks(const std::string& person, const std::string& actor = {}) {
        std::uint64_t n = 0;
        for (const auto& act : acts("&subject=person:" + person)) {
            if (act.at("kind") == "looked" && (actor.empty() || act.at("actor").as_string() == actor))
                n += static_cast<std::uint64_t>(act.at("count").as_int64());
        }
        return n;
    }

    Stage stage;
    json::object report;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::string> unzip(const std::string& bytes) {
    std::map<std::string, std::string> out;
    zip_error_t error;
    ::zip_error_init(&error);
    zip_source_t* source = ::zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    zip_t* archive = ::zip_open_from_source(source, ZIP_CHECKCONS | ZIP_RDONLY, &error);
    REQUIRE(archive);
    for (zip_int64_t i = 0; i < ::zip_get_num_entries(archive, 0); ++i) {
        const auto n = static_cast<zip_uint64_t>(i);
        zip_stat_t stat;
        REQUIRE(::zip_stat_index(archive, n, 0, &stat) == 0);
        std::string content(stat.size, '\0');
        zip_file_t* file = ::zip_fopen_index(archive, n, 0);
        REQUIRE(file);
        CHECK(::zip_fread(file, content.data(), content.size()) == static_cast<zip_int64_t>(content.size()));
        ::zip_fclose(file);
        out[stat.name] = content;
    }
    ::zip_discard(archive);
    return out;
}

}  // namespace

TEST_CASE("a table of persons comes in, wrong lines are told of, and who takes the database reads no name") {
    Village v;
    auto& stage = v.stage;
    CHECK(v.report.at("added").as_int64() == 3);
    CHECK(v.report.at("refused").as_array().empty());
    // Again: nothing is another. In GB 18030, with faults: each line is told of, the good ones count.
    const auto again = json::parse(stage.send_table("keeper", "/api/v1/persons/import", table).body);
    CHECK(again.at("unchanged").as_int64() == 3);
    CHECK(again.at("changed").as_int64() == 0);
    const std::string gb =
        "\xb1\xe0\xba\xc5,\xd0\xd5,\xc3\xfb,phone,home,colour\n"  // 编号,姓,名
        "e-4,\xd5\xc5,\xc8\xfd,16099980905,gh-1-201,red\n"        // 张,三
        "e-5,\xc0\xee,\xcb\xc4,123,gh-1-201,\n"                   // 李,四
        "e-6,\xcd\xf5,\xce\xe5,,nowhere,\n"
        "e-4,\xd5\xc5,\xc8\xfd,,,\n"
        ",\xd5\xc5,\xc8\xfd,,,\n"
        "e-7,,,,,\n"
        "e-8,\xd5\xc5,\xc8\xfd,,gh-1,\n";
    const auto checked = json::parse(stage.send_table("keeper", "/api/v1/persons/import?check=1", gb).body);
    CHECK(checked.at("added").as_int64() == 1);
    CHECK(stage.ask("keeper", "GET", "/api/v1/persons/e-4").status == 404);
    // A check tells which values are as they are kept: that it was asked is on record.
    CHECK(v.acts("&subject=persons").empty());
    const std::string guess = "编号,电话\r\ne-1,160 9998 0901\r\n";
    CHECK(json::parse(stage.send_table("keeper", "/api/v1/persons/import?check=1", guess).body)
              .at("unchanged")
              .as_int64() == 1);
    REQUIRE(v.acts("&subject=persons").size() == 1);
    CHECK(v.acts("&subject=persons")[0].at("actor") == "p-201");
    const auto mixed = json::parse(stage.send_table("keeper", "/api/v1/persons/import", gb).body);
    CHECK(mixed.at("added").as_int64() == 1);
    std::vector<std::string> told;
    for (const auto& f : mixed.at("refused").as_array()) {
        told.push_back(fmt::format("{} {} {}", f.at("line").as_int64(),
                                   std::string(f.as_object().contains("field") ? f.at("field").as_string() : "-"),
                                   std::string(f.at("code").as_string())));
        CHECK_FALSE(f.at("message").at("zh").as_string().empty());
    }
    CHECK(told == std::vector<std::string>{"1 colour unknown-column", "3 phone bad-phone", "4 home unknown-place",
                                           "5 编号 doubled-code", "6 编号 missing-field", "7 名 missing-field",
                                           "8 home not-a-home"});
    for (const auto& [bytes, code] :
         {std::pair{std::string("code,名\na,\"b\n"), "bad-csv"}, std::pair{std::string("a,b\nc,d\n"), "missing-column"},
          std::pair{std::string("\xff\xff"), "bad-encoding"}}) {
        const auto refused = stage.send_table("keeper", "/api/v1/persons/import", bytes);
        CHECK(refused.status == 422);
        CHECK(code_of(refused) == code);
    }
    // Who may: one's own grid, and no other.
    CHECK(code_of(stage.send_table("resident", "/api/v1/persons/import", table)) == "forbidden");
    CHECK(code_of(stage.ask("assessor", "GET", "/api/v1/persons")) == "forbidden");
    const auto foreign = json::parse(stage.send_table("grid3", "/api/v1/persons/import", table).body);
    CHECK(foreign.at("refused").as_array().size() == 3);
    CHECK(code_of(stage.ask("grid3", "PUT", "/api/v1/persons/e-1", {{"phone", "16099980999"}})) == "forbidden");
    // Nor does whoever may not leave a key behind.
    for (const json::object& asked : {json::object{{"home", "gh-1-201"}, {"given_name", "新"}}, {{"given_name", "新"}}})
        CHECK(code_of(stage.ask("grid3", "PUT", "/api/v1/persons/e-77", asked)) == "forbidden");
    CHECK_FALSE(has(text_of(stage.data() + "/keys/data.keys"), "person/e-77"));
    CHECK(has(text_of(stage.data() + "/keys/data.keys"), "person/e-1"));
    CHECK(stage.ask("grid3", "GET", "/api/v1/persons/e-1").status == 404);

    // Masked, until asked for with the purpose; each look is written down.
    const auto seen = stage.ask("grid", "GET", "/api/v1/persons/e-1");
    REQUIRE_MESSAGE(seen.status == 200, seen.body);
    CHECK(has(seen.body, "欧阳**"));
    CHECK(has(seen.body, "160****0901"));
    CHECK_FALSE(has(seen.body, "203室"));
    for (const auto& secret : secrets) CHECK_FALSE(has(seen.body, secret));
    CHECK(v.looks(elder) == 0);
    const auto list = stage.ask("grid", "GET", "/api/v1/persons?place=gh-1&limit=2");
    CHECK(json::parse(list.body).at("persons").as_array().size() == 2);
    CHECK(json::parse(list.body).at("more").as_bool());
    CHECK(json::parse(stage.ask("grid", "GET", "/api/v1/persons?after=e-4").body).at("persons").as_array().size() == 1);
    for (const auto& secret : secrets) CHECK_FALSE(has(list.body, secret));
    CHECK(code_of(stage.ask("grid", "POST", "/api/v1/persons/e-1/show",
                            {{"items", {"phone"}}, {"purpose", "response"}})) == "wrong-purpose");
    CHECK(code_of(stage.ask("grid", "POST", "/api/v1/persons/e-1/show",
                            {{"items", {"health"}}, {"purpose", "care"}})) == "forbidden");
    const auto shown =
        stage.ask("grid", "POST", "/api/v1/persons/e-1/show", {{"items", {"name", "phone"}}, {"purpose", "care"}});
    CHECK(has(shown.body, "欧阳测试"));
    CHECK(has(shown.body, "160 9998 0901"));
    CHECK(has(shown.body, "司马样例"));
    CHECK(v.looks(elder, "p-311") == 4);  // a name, a phone, whom to call and their phone
    // Who begins the next page was not looked at.
    const auto next = stage.ask("grid", "POST", "/api/v1/persons/e-2/show", {{"items", {"name"}}, {"purpose", "care"}});
    REQUIRE_MESSAGE(next.status == 200, next.body);
    const auto so_far = v.looks("e-2");
    CHECK(so_far > 0);
    const auto one = json::parse(stage.ask("grid", "GET", "/api/v1/persons?place=gh-1&limit=1").body);
    CHECK(one.at("persons").as_array().size() == 1);
    CHECK(one.at("more").as_bool());
    CHECK(v.looks("e-2") == so_far);
    // By a whole number, however it is written; of others nobody is told.
    CHECK(json::parse(stage.ask("grid", "POST", "/api/v1/persons/find", {{"phone", "160-9998-0904"}}).body)
              .at("persons")
              .as_array()
              .size() == 1);
    CHECK(json::parse(stage.ask("grid3", "POST", "/api/v1/persons/find", {{"phone", "16099980901"}}).body)
              .at("persons")
              .as_array()
              .empty());
    // Found is known: it is on record, and nobody tries numbers until one fits.
    CHECK(v.acts("&subject=person:r-1").front().at("kind") == "found_by_phone");
    CHECK(v.acts("&subject=person:r-1").front().at("role") == "grid_worker");
    std::string last;
    for (int i = 0; i < 40; ++i)
        last =
            code_of(stage.ask("keeper", "POST", "/api/v1/persons/find", {{"phone", fmt::format("161999809{:02}", i)}}));
    CHECK(last == "find-wait");
    // One by one: what is left out stays.
    const auto moved = stage.ask("keeper", "PUT", "/api/v1/persons/e-2", {{"home", "gh-1-201"}, {"phone", ""}});
    CHECK_MESSAGE(moved.status == 200, moved.body);
    CHECK(has(moved.body, "司徒"));
    CHECK_FALSE(json::parse(moved.body).as_object().contains("phone"));
    CHECK(code_of(stage.ask("keeper", "PUT", "/api/v1/persons/e-2", {{"id_number", "110105194912310021"}})) ==
          "bad-id-number");
    CHECK(stage.ask("keeper", "PUT", "/api/v1/persons/e-9", {{"family_name", "张"}, {"given_name", "四"}}).status ==
          201);

    REQUIRE(stage.stop() == 0);
    for (const auto& secret : secrets)
        CHECK_MESSAGE(found_in(stage.data(), secret).empty(), secret, " is in ", found_in(stage.data(), secret));
    stage.restart();
    const auto after = stage.ask("resident", "GET", "/api/v1/persons/r-1");
    CHECK(has(after.body, "慕容住户"));  // one's own
}

TEST_CASE(
    "who helps sees the floor and the first name while it goes on, the medic more, and nobody anything tomorrow") {
    Village v;
    auto& stage = v.stage;
    const auto incident = v.alarm();
    const auto needs = [&](const std::string& account) {
        const auto got = stage.ask(account, "GET", incident);
        REQUIRE_MESSAGE(got.status == 200, account, " ", got.body);
        return json::parse(got.body).at("needs_help").as_array();
    };
    // The grid worker of the grid: what to call them, and where.
    const auto to_grid = needs("grid");
    REQUIRE(to_grid.size() == 2);
    CHECK(to_grid[0].at("code") == elder);
    CHECK(to_grid[0].at("first_name") == "测试");
    CHECK(to_grid[0].at("home").at("code") == "gh-1-203");
    CHECK(to_grid[0].at("home").at("path").as_array().size() > 3);
    CHECK(to_grid[1].at("first_name") == "邻居");
    const std::string text = json::serialize(to_grid);
    for (const char* hidden :
         {"欧阳", "16099980901", "160 9998 0901", "11010519491231002X", "不能独自行走", "司马样例"})
        CHECK_FALSE_MESSAGE(has(text, hidden), hidden);
    CHECK(v.looks(elder, "p-311") == 2);  // first name, home
    CHECK(v.looks(neighbour, "p-311") == 2);
    // Asked for with the purpose: the phone. Health is not theirs to see.
    const auto asked =
        stage.ask("grid", "POST", incident + "/show", {{"items", {"phone", "name"}}, {"purpose", "response"}});
    REQUIRE_MESSAGE(asked.status == 200, asked.body);
    CHECK(has(asked.body, "欧阳测试"));
    CHECK(has(asked.body, "160 9998 0901"));
    CHECK(code_of(stage.ask("grid", "POST", incident + "/show", {{"items", {"health"}}, {"purpose", "response"}})) ==
          "forbidden");
    CHECK_FALSE(has(asked.body, "不能独自行走"));
    // The desk is asked for health with the purpose.
    const auto desk = stage.ask("duty", "POST", incident + "/show", {{"items", {"health"}}, {"purpose", "response"}});
    MESSAGE(desk.status, " ", desk.body.substr(0, 200));
    // Another grid's worker, auditors and assessors: nobody is named.
    for (const char* account : {"auditor", "assessor"}) CHECK(needs(account).empty());
    CHECK(stage.ask("grid3", "GET", incident).status == 404);
    CHECK(v.looks(elder, "p-902") == 0);

    v.close(incident);
    for (const char* account : {"grid", "duty", "manager", "responder", "verifier", "auditor"}) {
        const auto got = stage.ask(account, "GET", incident);
        CAPTURE(account);
        if (got.status == 200) CHECK(json::parse(got.body).at("needs_help").as_array().empty());
        for (const auto& secret : secrets) CHECK_FALSE_MESSAGE(has(got.body, secret), secret);
    }
    CHECK(code_of(stage.ask("grid", "POST", incident + "/show", {{"items", {"phone"}}, {"purpose", "response"}})) ==
          "wrong-purpose");  // the register's row is left, for care
}

TEST_CASE("each thing that is asked for is shown as long as its own row says") {
    // A doctor's leave to see the health note lasts a minute here, that for the phone ten; a second is thirty.
    const auto folder = fs::temp_directory_path() / fmt::format("lasts-{}", ::getpid());
    fs::copy(demo, folder, fs::copy_options::recursive);
    std::ifstream in(folder / "access.yaml");
    std::string access{std::istreambuf_iterator<char>(in), {}};
    const std::string row =
        "  - roles: [community_doctor]\n    purpose: care\n    items: [health]\n    reach: place\n"
        "    sight: ask\n    lasts: ";
    const auto at = access.find(row + "10m");
    REQUIRE(at != std::string::npos);
    std::ofstream(folder / "access.yaml") << access.replace(at + row.size(), 3, "1m");
    Village v({"--clock-rate", "30"}, folder.string());
    auto& stage = v.stage;
    const auto see = [&](const char* what) { return has(stage.ask("medic", "GET", "/api/v1/persons/e-1").body, what); };
    REQUIRE(
        stage.ask("medic", "POST", "/api/v1/persons/e-1/show", {{"items", {"health", "phone"}}, {"purpose", "care"}})
            .status == 200);
    CHECK(see("160 9998 0901"));
    for (int i = 0; i < 150 && see("不能独自行走"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK_FALSE(see("不能独自行走"));
    CHECK(see("160 9998 0901"));
    fs::remove_all(folder);
}

TEST_CASE("who looked by a wider sight stands among those who looked, also in what is taken out") {
    Village v;
    auto& stage = v.stage;
    const auto incident = v.alarm();
    REQUIRE(stage.ask("duty", "POST", "/api/v1/wider-sights", {{"reason", "电话打不通"}}).status == 201);
    const auto seen = json::parse(stage.ask("duty", "GET", incident).body).at("needs_help").as_array();
    REQUIRE_FALSE(seen.empty());
    CHECK_FALSE(seen[0].at("changed").as_string().starts_with("1970"));
    const auto archive = stage.ask("admin", "POST", "/api/v1/persons/e-1/archive", {{"reason", "asked_in_person"}});
    REQUIRE_MESSAGE(archive.status == 200, archive.body.substr(0, 300));
    const auto page = unzip(archive.body).at("index.html");
    CHECK(has(page, "值班员</td><td>应急处置（应急授权）</td><td>电话</td>"));
    CHECK_FALSE(has(page, "looked"));
}

TEST_CASE("everybody takes out what is kept about them; who acts for them does, and an administrator for a reason") {
    Village v;
    auto& stage = v.stage;
    const auto reported = stage.ask("resident", "POST", "/api/v1/incidents",
                                    {{"kind", "hazard"},
                                     {"place", "gh-4"},
                                     {"severity", "blue"},
                                     {"text", "楼道有杂物，我的电话16099980904 <b>请联系</b>"}});
    REQUIRE_MESSAGE(reported.status == 201, reported.body);
    stage.ask("grid", "POST", "/api/v1/persons/r-1/show", {{"items", {"phone"}}, {"purpose", "care"}});
    const auto kept = json::parse(stage.ask("resident", "GET", "/api/v1/persons/r-1/kept").body);
    CHECK(kept.at("listed").as_bool());
    CHECK(kept.at("reported").as_int64() == 1);
    CHECK(kept.at("words").as_int64() == 1);
    CHECK(kept.at("looked").as_int64() >= 1);
    CHECK(kept.at("may_erase").as_bool());
    CHECK(kept.at("may_not_erase").at("code") == "person-in-incident");

    const auto before = v.looks(resident);
    const auto archive = stage.ask("resident", "POST", "/api/v1/persons/r-1/archive", json::object{});
    REQUIRE_MESSAGE(archive.status == 200, archive.body);
    const auto files = unzip(archive.body);
    for (const char* name : {"index.html", "entry.json", "reports.json", "acts-on-me.json", "acts-by-me.json",
                             "delegations.json", "accounts.json"}) {
        CAPTURE(name);
        REQUIRE(files.contains(name));
        if (std::string(name).ends_with(".json")) CHECK(json::parse(files.at(name)).is_object());
    }
    const auto& page = files.at("index.html");
    for (const char* there : {"慕容住户", "16099980904", "楼道有杂物", "网格员", "&lt;b&gt;", "照护", "301室"})
        CHECK_MESSAGE(has(page, there), there);
    CHECK_FALSE(has(page, "<b>"));
    CHECK(has(files.at("reports.json"), "楼道有杂物"));
    // name, phone, home of the entry; the phone in the words.
    CHECK(v.looks(resident) == before + 4);
    CHECK(v.acts("&subject=person:r-1").front().at("kind") == "archive_given");

    // Others: nobody, but by consent, or for a reason.
    for (const char* account : {"grid", "manager", "auditor"})
        CHECK(code_of(stage.ask(account, "POST", "/api/v1/persons/r-1/archive", json::object{})) == "forbidden");
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/persons/r-1/archive", json::object{})) == "missing-field");
    CHECK(stage.ask("admin", "POST", "/api/v1/persons/r-1/archive", {{"reason", "asked_in_person"}}).status == 200);
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/persons/nobody/archive", {{"reason", "died"}})) ==
          "unknown-person");
    v.add("child", "c-1", "family", nullptr);
    CHECK(code_of(stage.ask("child", "POST", "/api/v1/persons/r-1/archive", json::object{})) == "forbidden");
    const auto consent =
        stage.ask("resident", "POST", "/api/v1/delegations", {{"to", "c-1"}, {"until", "2027-06-01T00:00:00+08:00"}});
    REQUIRE_MESSAGE(consent.status == 201, consent.body);
    CHECK(stage.ask("child", "POST", "/api/v1/persons/r-1/archive", json::object{}).status == 200);
    CHECK(has(stage.ask("child", "GET", "/api/v1/persons/r-1").body, "慕容住户"));
    CHECK(code_of(stage.ask("child", "POST", "/api/v1/persons/r-1/erasure", {{"confirm", "r-1"}})) == "forbidden");
}

TEST_CASE("who is erased stays erased: proofs hold, and yesterday's database and keys bring nobody back") {
    ::setenv("SHOUMEN_PASSPHRASE", "twelve letters and more", 1);
    Village v;
    auto& stage = v.stage;
    const auto reported =
        stage.ask("resident", "POST", "/api/v1/incidents",
                  {{"kind", "hazard"}, {"place", "gh-4"}, {"severity", "blue"}, {"text", "楼道有杂物"}});
    REQUIRE(reported.status == 201);
    const std::string incident = "/api/v1/incidents/" + std::string(json::parse(reported.body).at("id").as_string());
    CHECK(code_of(stage.ask("resident", "POST", "/api/v1/persons/r-1/erasure", {{"confirm", "r-1"}})) ==
          "person-in-incident");
    REQUIRE(stage.ask("duty", "POST", incident + "/actions/mark_false_alarm", {{"text", "已清理"}}).status == 200);
    stage.ask("grid", "POST", "/api/v1/persons/r-1/show", {{"items", {"phone"}}, {"purpose", "care"}});
    CHECK(code_of(stage.ask("resident", "POST", "/api/v1/persons/r-1/erasure", {{"confirm", "r-2"}})) ==
          "confirm-wrong");
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/persons/r-1/erasure", {{"confirm", "r-1"}})) == "missing-field");
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/persons/p-311/erasure",
                            {{"confirm", "p-311"}, {"reason", "asked_in_person"}})) == "person-on-duty");

    // Yesterday.
    run_program({"backup", "--data", stage.data(), "--to", stage.scratch("copy")});
    run_program({"keys", "backup", "--data", stage.data(), "--to", stage.scratch("keys.sealed")});
    const auto named = v.acts("&subject=person:r-1").size();
    REQUIRE(named > 1);

    const auto erased = stage.ask("resident", "POST", "/api/v1/persons/r-1/erasure", {{"confirm", "r-1"}});
    REQUIRE_MESSAGE(erased.status == 200, erased.body);
    CHECK(json::parse(erased.body).at("words").as_int64() == 1);
    CHECK(json::parse(erased.body).at("acts").as_int64() > static_cast<std::int64_t>(named));
    CHECK(stage.ask("resident", "GET", "/api/v1/session").status == 401);
    CHECK(stage.ask("keeper", "GET", "/api/v1/persons/r-1").status == 404);
    CHECK(code_of(stage.ask("keeper", "PUT", "/api/v1/persons/r-1", {{"given_name", "新"}})) == "erased");
    const auto refused = json::parse(stage.send_table("keeper", "/api/v1/persons/import", table).body);
    CHECK(refused.at("refused").as_array().size() == 1);
    CHECK(v.acts("&subject=person:r-1").size() == 1);
    CHECK(v.acts("&subject=person:r-1")[0].at("kind") == "person_erased");
    CHECK(v.acts("&actor=r-1").size() == 1);
    const auto past = stage.ask("duty", "GET", incident);
    CHECK_FALSE(has(past.body, "楼道有杂物"));
    CHECK_FALSE(has(past.body, "\"r-1\""));
    CHECK(code_of(stage.ask("admin", "POST", "/api/v1/persons/r-1/erasure",
                            {{"confirm", "r-1"}, {"reason", "died"}})) == "erased");

    // Every leaf stands; one emptied besides is found.
    const auto verify = [&](const std::string& name) {
        run_program({"ledger", "export", "--data", stage.data(), "--to", stage.scratch(name)});
        return run_to_end({"ledger", "verify", stage.scratch(name)});
    };
    REQUIRE(stage.stop() == 0);
    const auto whole = verify("whole");
    CHECK_MESSAGE(whole.code == 0, whole.out);
    CHECK(has(whole.out, "acts erased"));
    const auto rows = run_to_end({"verify", "--data", stage.data()});
    CHECK_MESSAGE(rows.code == 0, rows.out);

    // Yesterday's database and yesterday's keys, in another place, with the list of today.
    const auto none_back = [&](const std::string& name, const std::string& erased_list) {
        const auto data = stage.scratch(name);
        run_program({"restore", "--from", stage.scratch("copy"), "--data", data});
        run_program(
            {"keys", "restore", "--data", data, "--from", stage.scratch("keys.sealed"), "--erased", erased_list});
        const auto keys = text_of(data + "/keys/data.keys");
        CHECK_FALSE(has(keys, "key person/r-1"));
        CHECK(has(keys, "key person/e-1"));
        CHECK(run_to_end({"serve", "--data", data, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--stop-after",
                          "2", "--erased", erased_list})
                  .code == 0);
        CHECK(found_in(data, "慕容住户").empty());
        CHECK_FALSE(found_in(data, "resumed").empty());  // done once more, by the program itself
    };
    none_back("both", stage.data() + "/erased");

    // Yesterday's database with today's keys.
    const auto mixed = stage.scratch("mixed");
    run_program({"restore", "--from", stage.scratch("copy"), "--data", mixed});
    fs::copy(stage.data() + "/keys", mixed + "/keys", fs::copy_options::recursive);
    fs::permissions(mixed + "/keys", fs::perms::owner_all);
    fs::remove(mixed + "/keys/last-signed");
    const auto started = run_to_end({"serve", "--data", mixed, "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0",
                                     "--stop-after", "2", "--erased", stage.scratch("fresh-list")});
    CHECK_MESSAGE(started.code == 0, started.err);
    std::ifstream fresh(stage.scratch("fresh-list"), std::ios::binary);
    const std::string listed{std::istreambuf_iterator<char>(fresh), {}};
    CHECK(has(listed, "person/r-1"));

    // Without the list it is said that whoever was erased comes back.
    const auto bare = stage.scratch("bare");
    run_program({"restore", "--from", stage.scratch("copy"), "--data", bare});
    CHECK(
        has(run_program({"keys", "restore", "--data", bare, "--from", stage.scratch("keys.sealed")}), "--erased FILE"));
    ::unsetenv("SHOUMEN_PASSPHRASE");
}

TEST_CASE("what was done in a duty stays on record when who did it is erased, whatever else they were") {
    Village v;
    auto& stage = v.stage;
    const auto incident = v.alarm();
    v.close(incident);  // by p-101, who holds two roles at once
    const auto done_by = [&] {
        std::set<std::string> kinds;
        for (const auto& act : v.acts("&actor=p-101&subject=incident:" + incident.substr(incident.rfind('/') + 1)))
            kinds.emplace(act.at("kind").as_string());
        return kinds;
    };
    const auto before = done_by();
    CHECK(before.contains("acknowledge"));
    for (const char* account : {"responder", "manager"})
        CHECK(stage.ask("admin", "POST", fmt::format("/api/v1/accounts/{}/leave", account), json::object{}).status ==
              200);
    const auto erased = stage.ask("admin", "POST", "/api/v1/persons/p-101/erasure",
                                  {{"confirm", "p-101"}, {"reason", "asked_in_writing"}});
    REQUIRE_MESSAGE(erased.status == 200, erased.body);
    CHECK(done_by() == before);
}

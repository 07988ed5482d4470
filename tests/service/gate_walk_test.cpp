// Every route of the API, asked in every role, by those who answer for the estate where something happened and by those
// who answer for the one beside it. What comes back is held against the access list alone, read here a second time; a
// route that this table does not know fails the test.
#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "model/access.hpp"

#include "stage.hpp"

using namespace shoumen::service;
using shoumen::app::HttpAnswer;
namespace model = shoumen::model;
namespace json = boost::json;
using model::Item;
using model::Sight;

namespace {

// The two estates of the demo that the test stands in, and the body that answers for each.
constexpr const char* here = "gh";
constexpr const char* beside = "jx";
constexpr const char* alarm = "smoke-gh-4-102";
constexpr const char* phone = "13800004102";  // in what was written about the incident
// Somebody who lives where the alarm is.
constexpr const char* phone_of_resident = "16099980977";
constexpr const char* called = "试样";  // their first name

struct Someone {
    std::string account;
    model::Role role{};
    bool foreign = false;  // answers for the estate beside
};

// --- The access list, read a second time ---------------------------------------------------------------------------

enum class Where { whole, estate, incident };

std::optional<Sight> sight_of(const Someone& who, Item item, Where where) {
    std::optional<Sight> best;
    for (const auto& row : model::default_access()) {
        if (!row.items.has(item) || !row.roles.has(who.role) || row.uses != 0 || row.opened) continue;
        // The incident is open, and the body that answers for the estate assists in it.
        if (row.live_only && where != Where::incident) continue;
        const bool reached = row.reach == model::Reach::place      ? !who.foreign && where != Where::whole
                             : row.reach == model::Reach::involved ? !who.foreign && where == Where::incident
                                                                   : row.reach == model::Reach::beyond;
        if (reached && (!best || row.sight > *best)) best = row.sight;
    }
    return best;
}

bool may(const Someone& who, Item item, Where where, Sight least = Sight::clear) {
    const auto sight = sight_of(who, item, where);
    return sight && *sight >= least;
}

// Held anywhere at all.
bool holds(const Someone& who, Item item, Sight least) {
    return std::ranges::any_of(model::default_access(), [&](const auto& row) {
        return row.items.has(item) && row.roles.has(who.role) && row.reach == model::Reach::place && !row.live_only &&
               !row.opened && row.sight >= least;
    });
}

// --- What is asked -------------------------------------------------------------------------------------------------

struct Things {
    std::string incident, picture;
};

struct Ask {
    std::string target;
    json::value body = nullptr;
    std::function<bool(const Someone&)> allowed;
    unsigned refused = 403;  // what a refusal looks like; 404: as if it were not there
};

const auto everybody = [](const Someone&) { return true; };
const auto nobody = [](const Someone&) { return false; };
auto whole(Item item, Sight least = Sight::clear) {
    return [=](const Someone& who) { return may(who, item, Where::whole, least); };
}
auto somewhere(Item item, Sight least = Sight::clear) {
    return [=](const Someone& who) { return holds(who, item, least); };
}
auto at_the_estate(Item item, Sight least) {
    return [=](const Someone& who) { return may(who, item, Where::estate, least); };
}
auto of_the_incident(Item item, Sight least = Sight::clear) {
    return [=](const Someone& who) { return may(who, item, Where::incident, least); };
}

// By method and path of the contract. Bodies of what would change something are such that it does not.
std::multimap<std::string, Ask> all_asks(const Things& t) {
    const std::string incident = "/api/v1/incidents/" + t.incident;
    const std::string device = std::string("/api/v1/devices/") + alarm;
    const auto sees = of_the_incident(Item::incidents);
    const json::value nothing = json::object{};
    return {
        {"get /api/v1/health", {"/api/v1/health", nullptr, everybody}},
        {"get /api/v1/health/live", {"/api/v1/health/live", nullptr, everybody}},
        {"get /api/v1/health/ready", {"/api/v1/health/ready", nullptr, everybody}},
        {"get /api/v1/openapi.json", {"/api/v1/openapi.json", nullptr, everybody}},
        {"get /api/v1/errors.json", {"/api/v1/errors.json", nullptr, everybody}},
        {"get /api/v1/session", {"/api/v1/session", nullptr, everybody}},
        {"put /api/v1/session/password", {"/api/v1/session/password", {{"old", "x"}, {"new", "short"}}, everybody}},
        {"get /api/v1/incidents", {"/api/v1/incidents?live=1&limit=500", nullptr, everybody}},
        {"post /api/v1/incidents", {"/api/v1/incidents", nothing, everybody}},
        {"get /api/v1/incidents/{id}", {incident, nullptr, sees, 404}},
        {"post /api/v1/incidents/{id}/actions/{action}", {incident + "/actions/acknowledge", nullptr, sees, 404}},
        {"post /api/v1/incidents/{id}/evidence", {incident + "/evidence?phase=after", "a picture", sees, 404}},
        {"get /api/v1/evidence/{sha256}",
         {"/api/v1/evidence/" + t.picture, nullptr, of_the_incident(Item::pictures), 403}},
        {"get /api/v1/quarantine", {"/api/v1/quarantine", nullptr, whole(Item::quarantine)}},
        {"get /api/v1/devices", {"/api/v1/devices", nullptr, somewhere(Item::devices)}},
        {"get /api/v1/coverage", {"/api/v1/coverage", nullptr, somewhere(Item::devices)}},
        {"get /api/v1/precision", {"/api/v1/precision", nullptr, somewhere(Item::devices)}},
        {"post /api/v1/devices/{code}/token", {device + "/token", nullptr, at_the_estate(Item::tokens, Sight::change)}},
        {"post /api/v1/devices/{code}/token/rotate",
         {device + "/token/rotate", json::object{}, at_the_estate(Item::tokens, Sight::change)}},
        {"delete /api/v1/devices/{code}/token",
         {device + "/token", nullptr, at_the_estate(Item::tokens, Sight::change)}},
        {"post /api/v1/devices/{code}/certificate",
         {device + "/certificate", {{"request", "none"}}, at_the_estate(Item::tokens, Sight::change)}},
        {"post /api/v1/devices/{code}/commands",
         {device + "/commands", {{"command", "ring"}}, at_the_estate(Item::commands, Sight::change)}},
        {"get /api/v1/acts", {"/api/v1/acts?subject=incident:" + t.incident, nullptr, whole(Item::acts)}},
        {"get /api/v1/acts",
         {"/api/v1/acts?actor=p-nobody&subject=incident:" + t.incident, nullptr, whole(Item::acts)}},
        {"get /api/v1/acts", {"/api/v1/acts", nullptr, everybody}},  // one's own
        {"get /api/v1/acts/{id}/receipt", {"/api/v1/acts/1/receipt", nullptr, whole(Item::acts), 404}},
        {"get /api/v1/ledger", {"/api/v1/ledger", nullptr, everybody}},
        {"get /api/v1/retention", {"/api/v1/retention", nullptr, everybody}},
        // Signed by whoever sends it, not by a session.
        {"post /api/v1/ledger/cosignatures", {"/api/v1/ledger/cosignatures", nothing, everybody}},
        {"post /api/v1/ledger/reports", {"/api/v1/ledger/reports", nothing, everybody}},
        {"get /api/v1/policy", {"/api/v1/policy", nullptr, everybody}},
        {"post /api/v1/policy", {"/api/v1/policy", nothing, whole(Item::policy, Sight::change)}},
        {"get /api/v1/policy/files", {"/api/v1/policy/files", nullptr, whole(Item::policy)}},
        {"post /api/v1/maps/try", {"/api/v1/maps/try", {{"topic", "x"}, {"payload", "x"}}, whole(Item::policy)}},
        {"get /api/v1/policy/versions", {"/api/v1/policy/versions", nullptr, whole(Item::policy)}},
        {"post /api/v1/policy/check", {"/api/v1/policy/check", nothing, whole(Item::policy, Sight::change)}},
        {"post /api/v1/policy/tries", {"/api/v1/policy/tries", nothing, whole(Item::policy, Sight::change)}},
        {"get /api/v1/rules", {"/api/v1/rules", nullptr, somewhere(Item::rules)}},
        {"get /api/v1/tasks", {"/api/v1/tasks", nullptr, whole(Item::tasks)}},
        {"get /api/v1/tasks/{id}", {"/api/v1/tasks/9", nullptr, whole(Item::tasks)}},
        {"delete /api/v1/tasks/{id}", {"/api/v1/tasks/9", nullptr, whole(Item::tasks, Sight::change)}},
        {"post /api/v1/accounts", {"/api/v1/accounts", nothing, whole(Item::accounts, Sight::change)}},
        {"get /api/v1/accounts", {"/api/v1/accounts", nullptr, whole(Item::accounts)}},
        {"get /api/v1/accounts/{name}", {"/api/v1/accounts/verifier", nullptr, whole(Item::accounts)}},
        {"post /api/v1/accounts/{name}/roles",
         {"/api/v1/accounts/verifier/roles", nothing, whole(Item::accounts, Sight::change)}},
        {"delete /api/v1/accounts/{name}/roles/{id}",
         {"/api/v1/accounts/verifier/roles/1", nullptr, whole(Item::accounts, Sight::change)}},
        {"post /api/v1/accounts/{name}/password",
         {"/api/v1/accounts/verifier/password", nullptr, whole(Item::accounts, Sight::change)}},
        {"delete /api/v1/accounts/{name}/lock",
         {"/api/v1/accounts/verifier/lock", nullptr, whole(Item::accounts, Sight::change)}},
        {"post /api/v1/accounts/{name}/leave",
         {"/api/v1/accounts/verifier/leave", nullptr, whole(Item::accounts, Sight::change)}},
        {"get /api/v1/accounts/{name}/sessions",
         {"/api/v1/accounts/verifier/sessions", nullptr, whole(Item::accounts)}},
        {"delete /api/v1/accounts/{name}/sessions",
         {"/api/v1/accounts/verifier/sessions", nullptr, whole(Item::accounts, Sight::change)}},
        {"delete /api/v1/accounts/{name}/sessions/{id}",
         {"/api/v1/accounts/verifier/sessions/1", nullptr, whole(Item::accounts, Sight::change)}},
        {"get /api/v1/accounts/{name}/tokens", {"/api/v1/accounts/verifier/tokens", nullptr, whole(Item::accounts)}},
        {"delete /api/v1/accounts/{name}/tokens/{id}",
         {"/api/v1/accounts/verifier/tokens/1", nullptr, whole(Item::accounts, Sight::change)}},
        {"delete /api/v1/accounts/{name}/second-factor",
         {"/api/v1/accounts/verifier/second-factor", nullptr, whole(Item::accounts, Sight::change)}},
        {"get /api/v1/accounts/{name}/ways-in", {"/api/v1/accounts/verifier/ways-in", nullptr, whole(Item::accounts)}},
        {"put /api/v1/accounts/{name}/phone",
         {"/api/v1/accounts/verifier/phone", nothing, whole(Item::accounts, Sight::change)}},
        {"delete /api/v1/accounts/{name}/phone",
         {"/api/v1/accounts/verifier/phone", nullptr, whole(Item::accounts, Sight::change)}},
        {"put /api/v1/accounts/{name}/sign-on",
         {"/api/v1/accounts/verifier/sign-on", nothing, whole(Item::accounts, Sight::change)}},
        {"delete /api/v1/accounts/{name}/sign-on",
         {"/api/v1/accounts/verifier/sign-on", nullptr, whole(Item::accounts, Sight::change)}},
        {"get /api/v1/roster", {"/api/v1/roster", nullptr, somewhere(Item::roster)}},
        // One's own, all of them for who may see accounts.
        {"get /api/v1/wider-sights", {"/api/v1/wider-sights", nullptr, everybody}},
        {"post /api/v1/wider-sights",
         {"/api/v1/wider-sights",
          {{"reason", "x"}},
          [](const Someone& who) {
              return std::ranges::any_of(model::default_access(),
                                         [&](const auto& row) { return row.opened && row.roles.has(who.role); });
          }}},
        {"delete /api/v1/wider-sights/{id}", {"/api/v1/wider-sights/999", nullptr, everybody}},
        // Devices: whoever changes them may do so somewhere; which, each call asks again.
        {"get /api/v1/upkeep/devices", {"/api/v1/upkeep/devices", nullptr, somewhere(Item::devices)}},
        {"post /api/v1/upkeep/devices/import",
         {"/api/v1/upkeep/devices/import?check=1", "a table", somewhere(Item::devices, Sight::change)}},
        {"get /api/v1/upkeep/devices/{code}",
         {std::string("/api/v1/upkeep/devices/") + alarm, nullptr, at_the_estate(Item::devices, Sight::clear)}},
        {"put /api/v1/upkeep/devices/{code}",
         {std::string("/api/v1/upkeep/devices/") + alarm, json::object{}, at_the_estate(Item::devices, Sight::change)}},
        {"post /api/v1/upkeep/devices/{code}/move",
         {"/api/v1/upkeep/devices/nothing/move", nothing, somewhere(Item::devices, Sight::change)}},
        {"get /api/v1/upkeep/tray", {"/api/v1/upkeep/tray", nullptr, somewhere(Item::devices, Sight::change)}},
        {"post /api/v1/upkeep/tray/{code}",
         {"/api/v1/upkeep/tray/nothing", nothing, somewhere(Item::devices, Sight::change)}},
        // Nothing waits there: who may take in is told that it is not known.
        {"delete /api/v1/upkeep/tray/{code}", {"/api/v1/upkeep/tray/nothing", nullptr, nobody}},
        {"get /api/v1/upkeep/work", {"/api/v1/upkeep/work", nullptr, somewhere(Item::devices)}},
        {"post /api/v1/upkeep/work/{id}",
         {"/api/v1/upkeep/work/999", nothing, somewhere(Item::devices, Sight::change)}},
        {"get /api/v1/upkeep/rounds", {"/api/v1/upkeep/rounds", nullptr, somewhere(Item::devices)}},
        {"post /api/v1/upkeep/rounds", {"/api/v1/upkeep/rounds", nothing, somewhere(Item::devices, Sight::change)}},
        {"get /api/v1/upkeep/rounds/{id}", {"/api/v1/upkeep/rounds/999", nullptr, somewhere(Item::devices)}},
        {"post /api/v1/upkeep/rounds/{id}/ticks",
         {"/api/v1/upkeep/rounds/999/ticks", nothing, somewhere(Item::devices, Sight::change)}},
        {"post /api/v1/upkeep/rounds/{id}/end",
         {"/api/v1/upkeep/rounds/999/end", nullptr, somewhere(Item::devices, Sight::change)}},
        {"get /api/v1/upkeep/quiet", {"/api/v1/upkeep/quiet", nullptr, somewhere(Item::devices)}},
        {"post /api/v1/upkeep/quiet", {"/api/v1/upkeep/quiet", nothing, somewhere(Item::devices, Sight::change)}},
        {"delete /api/v1/upkeep/quiet/{id}",
         {"/api/v1/upkeep/quiet/999", nullptr, somewhere(Item::devices, Sight::change)}},
        {"get /api/v1/upkeep/figures", {"/api/v1/upkeep/figures", nullptr, somewhere(Item::devices)}},
        // The register: of the estate's people, nobody of the one beside; a check of a table takes nothing in.
        {"get /api/v1/persons", {"/api/v1/persons", nullptr, somewhere(Item::people, Sight::masked)}},
        {"post /api/v1/persons/find",
         {"/api/v1/persons/find", {{"phone", phone_of_resident}}, somewhere(Item::people, Sight::masked)}},
        {"post /api/v1/persons/import",
         {"/api/v1/persons/import?check=1", "a table", somewhere(Item::people, Sight::change)}},
        {"get /api/v1/persons/{code}",
         {"/api/v1/persons/walk-1", nullptr, at_the_estate(Item::people, Sight::masked), 404}},
        {"put /api/v1/persons/{code}",
         {"/api/v1/persons/walk-1", json::object{}, at_the_estate(Item::people, Sight::change)}},
        {"post /api/v1/persons/{code}/show",
         {"/api/v1/persons/walk-1/show",
          {{"items", {"name"}}, {"purpose", "care"}},
          at_the_estate(Item::name, Sight::ask),
          404}},
        {"get /api/v1/persons/{code}/kept",
         {"/api/v1/persons/walk-1/kept", nullptr, at_the_estate(Item::archive, Sight::change)}},
        {"post /api/v1/persons/{code}/archive",
         {"/api/v1/persons/walk-1/archive",
          {{"reason", "asked_in_person"}},
          at_the_estate(Item::archive, Sight::change)}},
        // Somebody in a live incident is not erased.
        {"post /api/v1/persons/{code}/erasure",
         {"/api/v1/persons/walk-1/erasure",
          {{"confirm", "walk-1"}, {"reason", "asked_in_person"}},
          at_the_estate(Item::erasure, Sight::change)}},
        // One's own.
        {"get /api/v1/session/ways", {"/api/v1/session/ways", nullptr, everybody}},
        {"get /api/v1/second-factor", {"/api/v1/second-factor", nullptr, everybody}},
        {"post /api/v1/second-factor", {"/api/v1/second-factor", nothing, everybody}},
        {"put /api/v1/second-factor", {"/api/v1/second-factor", nothing, everybody}},
        {"post /api/v1/second-factor/removal", {"/api/v1/second-factor/removal", nothing, everybody}},
        {"get /api/v1/sessions", {"/api/v1/sessions", nullptr, everybody}},
        {"delete /api/v1/sessions/{id}", {"/api/v1/sessions/999", nullptr, everybody}},
        {"get /api/v1/tokens", {"/api/v1/tokens", nullptr, everybody}},
        {"post /api/v1/tokens", {"/api/v1/tokens", nothing, everybody}},
        {"delete /api/v1/tokens/{id}", {"/api/v1/tokens/999", nullptr, everybody}},
        {"get /api/v1/delegations", {"/api/v1/delegations", nullptr, everybody}},
        {"post /api/v1/delegations", {"/api/v1/delegations", nothing, everybody}},
        {"delete /api/v1/delegations/{id}", {"/api/v1/delegations/999", nullptr, everybody}},
        {"get /api/v1/metrics", {"/api/v1/metrics", nullptr, whole(Item::figures)}},
        // Of a device's token, not of a person's session.
        {"post /api/v1/signals", {"/api/v1/signals", nothing, nobody, 401}},
        {"post /api/v1/{token}/telemetry", {"/api/v1/none/telemetry", nothing, nobody, 401}},
        {"post /api/v1/{token}/attributes", {"/api/v1/none/attributes", nothing, nobody, 401}},
        {"post /api/v1/push/{token}/{source}", {"/api/v1/push/none/hikvision", nothing, nobody, 401}},
        {"post /api/v1/push/{token}/{source}/{part}", {"/api/v1/push/none/hikvision/channels", nothing, nobody, 401}},
        // Last: it opens what is shown only when it is asked for.
        {"post /api/v1/incidents/{id}/show",
         {incident + "/show",
          {{"items", {"words"}}, {"purpose", "response"}},
          of_the_incident(Item::words, Sight::ask),
          404}},
    };
}

// Asked elsewhere: sign-in and sign-out have no role (accounts_test), and what is pushed is live_test's.
const std::set<std::string> elsewhere{
    "post /api/v1/session",         "post /api/v1/session/code",   "post /api/v1/session/phone",
    "post /api/v1/session/sign-on", "put /api/v1/session/sign-on", "post /api/v1/session/second-step",
    "delete /api/v1/session",       "delete /api/v1/sessions",     "get /api/v1/live"};

std::set<std::string> routes_of_the_contract() {
    std::ostringstream text;
    text << std::ifstream(SHOUMEN_SOURCE_DIR "/api/openapi.json").rdbuf();
    std::set<std::string> out;
    const auto contract = json::parse(text.str());
    for (const auto& [path, methods] : contract.at("paths").as_object()) {
        for (const auto& [method, operation] : methods.as_object()) {
            if (operation.is_object() && method != "parameters")
                out.insert(std::string(method) + " " + std::string(path));
        }
    }
    return out;
}

// --- What must not be in an answer ---------------------------------------------------------------------------------

struct Mark {
    std::string text;
    std::function<bool(const Someone&, const std::string& route)> named;  // by a row of the list
};

std::vector<Mark> marks(const Things& t) {
    const auto has_asked = [](const std::string& route) { return route.ends_with("/show"); };
    return {
        {phone,
         [=](const Someone& who, const std::string& route) {
             return may(who, Item::words, Where::incident, has_asked(route) ? Sight::ask : Sight::clear);
         }},
        {t.picture, [](const Someone& who, const auto&) { return may(who, Item::pictures, Where::incident); }},
        {t.incident, [](const Someone& who, const auto&) { return may(who, Item::incidents, Where::incident); }},
        // What to call who needs help: while it goes on, whoever may.
        {called,
         [=](const Someone& who, const auto& route) {
             return may(who, Item::first_name, Where::incident) ||
                    (has_asked(route) && may(who, Item::name, Where::estate, Sight::ask));
         }},
        {phone_of_resident, [](const Someone&, const auto&) { return false; }},
        {alarm,
         [](const Someone& who, const auto&) {
             return may(who, Item::devices, Where::estate) || may(who, Item::door, Where::incident);
         }},
    };
}

class Walk {
public:
    Walk() {
        own_password(stage);
        const auto token = new_token(stage, alarm);
        REQUIRE(
            stage
                .signal(fmt::format(R"({{"id":"w1","device":"{}","kind":"smoke","values":{{"smoke":true}}}})", alarm),
                        token)
                .status == 202);
        REQUIRE(stage.wait_until([](const json::array& live) { return !live.empty(); }));
        things.incident = std::string(stage.live_incidents()[0].at("id").as_string());
        const std::string incident = "/api/v1/incidents/" + things.incident;
        for (const char* action : {"acknowledge", "depart", "arrive"})
            REQUIRE(stage.ask("responder", "POST", incident + "/actions/" + action).status == 200);
        const auto note = stage.ask("responder", "POST", incident + "/actions/add_note",
                                    {{"text", fmt::format("家属电话{}，已联系", phone)}});
        REQUIRE_MESSAGE(note.status == 200, note.body);
        const auto sent = stage.send_picture("responder", incident + "/evidence?phase=before", photo("walk"));
        REQUIRE_MESSAGE(sent.status == 200, sent.body);
        const auto shown = stage.ask("responder", "GET", incident).body;
        const auto at = shown.find("\"sha256\":\"");
        REQUIRE_MESSAGE(at != std::string::npos, shown);
        things.picture = shown.substr(at + 10, 64);
        for (unsigned r = 0; r < model::role_count; ++r) {
            for (const bool foreign : {false, true}) people.push_back(somebody(static_cast<model::Role>(r), foreign));
        }
        const auto entered = stage.ask(
            "committee.gh", "PUT", "/api/v1/persons/walk-1",
            {{"family_name", "测"}, {"given_name", called}, {"home", "gh-4-102"}, {"phone", phone_of_resident}});
        REQUIRE_MESSAGE(entered.status == 201, entered.body);
    }

    Someone somebody(model::Role role, bool foreign) {
        const Someone who{fmt::format("{}.{}", model::to_word(role), foreign ? beside : here), role, foreign};
        json::array roles{model::to_word(role)};
        json::array bodies{fmt::format("pm-{}", foreign ? beside : here)};
        const auto made =
            stage.ask("admin", "POST", "/api/v1/accounts",
                      {{"name", who.account}, {"person", who.account}, {"roles", roles}, {"bodies", bodies}});
        REQUIRE_MESSAGE(made.status == 201, made.body);
        stage.know(who.account, std::string(json::parse(made.body).at("one_time_password").as_string()));
        return who;
    }

    HttpAnswer ask(const Someone& who, const std::string& route, const Ask& ask) {
        const std::string method = [&] {
            std::string word = route.substr(0, route.find(' '));
            std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c - 'a' + 'A'); });
            return word;
        }();
        if (route.ends_with("/import")) return stage.send_table(who.account, ask.target, "编号,姓名\nwalk-9,测试样\n");
        if (route.ends_with("/evidence")) return stage.send_picture(who.account, ask.target, photo(who.account));
        return stage.ask(who.account, method, ask.target, ask.body);
    }

    Stage stage;
    Things things;
    std::vector<Someone> people;
};

}  // namespace

TEST_CASE("every route, every role, one's own estate and the one beside: what the access list names, and no more") {
    Walk walk;
    const auto asks = all_asks(walk.things);
    for (const auto& route : routes_of_the_contract()) {
        CHECK_MESSAGE((asks.contains(route) || elsewhere.contains(route)),
                      "a route that nobody walks: say in this test whom it is for: ", route);
    }
    const auto secrets = marks(walk.things);
    std::size_t asked = 0;
    std::size_t refusals = 0;
    // By person, and what asks for more last.
    for (const auto& who : walk.people) {
        for (const bool for_more : {false, true}) {
            for (const auto& [route, what] : asks) {
                if (route.ends_with("/show") != for_more) continue;
                CAPTURE(who.account);
                CAPTURE(route);
                const auto got = walk.ask(who, route, what);
                CAPTURE(got.body.substr(0, 400));
                const std::string code = code_of(got);
                const bool shut = got.status == 401 || code == "forbidden" || code == "unknown-incident" ||
                                  code == "unknown-device" || (what.refused == 404 && got.status == 404) ||
                                  (route.starts_with("get /api/v1/evidence") && got.status == 404);
                const bool open = what.allowed(who);
                CHECK(got.status < 500);
                CHECK(shut == !open);
                for (const auto& mark : secrets) {
                    if (mark.named(who, route)) continue;
                    if (what.target.find(mark.text) != std::string::npos && !open) continue;  // said back at most
                    CHECK_MESSAGE(got.body.find(mark.text) == std::string::npos, "shows ", mark.text);
                }
                ++asked;
                refusals += shut ? 1 : 0;
            }
        }
    }
    MESSAGE(asked, " asked, ", refusals, " refused");
    CHECK(refusals > asked / 3);
    for (const auto& finding : walk.stage.contract_findings()) CHECK_MESSAGE(false, finding);
}

TEST_CASE(
    "no scope by mistake: names that are not asked for, other methods, ids that are guessed, a body that is gone") {
    Walk walk;
    const auto& all = walk.people;
    const auto manager = std::ranges::find_if(
        all, [](const Someone& s) { return s.foreign && s.role == model::Role::property_manager; });
    REQUIRE(manager != all.end());
    auto& stage = walk.stage;
    const std::string& account = manager->account;
    // Lists: whatever is added to the question, nothing is added to the answer.
    for (const char* more :
         {"?dataScope=1", "?params[dataScope]=1%3D1", "?place=gh", "?body=pm-gh", "?community=guanghua",
          "?live=1&state=open,acknowledged,arrived&limit=20000", "?before=18446744073709551615", "?role=administrator",
          "?limit=1;drop", "?before=0%20or%201=1"}) {
        const auto got = stage.ask(account, "GET", std::string("/api/v1/incidents") + more);
        CAPTURE(more);
        CHECK((got.status == 200 || got.status == 400));
        CHECK(got.body.find(walk.things.incident) == std::string::npos);
    }
    // One: foreign and not there look the same.
    const auto shape = [](std::string body, const std::string& id) {
        for (auto at = body.find(id); at != std::string::npos; at = body.find(id)) body.replace(at, id.size(), "ID");
        return body;
    };
    const std::string nowhere = "1125899906842624";
    for (const char* more : {"", "/actions/acknowledge", "/actions/add_note", "/actions/verify", "/show"}) {
        const json::value body = std::string_view(more) == "/show"
                                     ? json::value{{"items", {"words"}}, {"purpose", "response"}}
                                 : std::string_view(more) == "/actions/add_note" ? json::value{{"text", "x"}}
                                                                                 : json::value(nullptr);
        const std::string method = *more == '\0' ? "GET" : "POST";
        const auto foreign = stage.ask(account, method, "/api/v1/incidents/" + walk.things.incident + more, body);
        const auto none = stage.ask(account, method, "/api/v1/incidents/" + nowhere + more, body);
        CAPTURE(more);
        CHECK(foreign.status == 404);
        CHECK(none.status == 404);
        CHECK(shape(foreign.body, walk.things.incident) == shape(none.body, nowhere));
    }
    // The same way in by another spelling.
    for (const std::string target :
         {"/api/v1/incidents/%31" + walk.things.incident.substr(1), "/api/v1/incidents/./" + walk.things.incident,
          "/api/v1/acts/../incidents/" + walk.things.incident, "/API/v1/incidents/" + walk.things.incident,
          "/api/v1//incidents/" + walk.things.incident}) {
        const auto got = stage.raw(account, "GET", target);
        CAPTURE(target);
        CHECK((got.status >= 400 || got.body.starts_with("<!doctype html>")));  // the console's own page
        CHECK(got.body.find("4号楼") == std::string::npos);
    }
    // The body somebody worked for goes from the directory: nothing is left, not everything.
    json::object files = files_of(demo);
    std::string text(files.at("community.yaml").as_string());
    const std::string line_of_pm_jx = "  - {id: pm-jx,";
    REQUIRE(text.find(line_of_pm_jx) != std::string::npos);
    text.replace(text.find(line_of_pm_jx), line_of_pm_jx.size(), "  - {id: pm-jx-new,");
    files["community.yaml"] = text;
    for (const char* name : {"duty.yaml", "matrix.yaml", "ladder.yaml", "devices.yaml"}) {
        std::string file(files.at(name).as_string());
        for (std::size_t at = 0; (at = file.find("pm-jx", at)) != std::string::npos; at += 9)
            file.replace(at, 5, "pm-jx-new");
        files[name] = file;
    }
    const auto activated = stage.ask("admin", "POST", "/api/v1/policy", {{"files", files}});
    REQUIRE_MESSAGE(activated.status == 200, activated.body);
    for (const Someone& who : all) {
        if (!who.foreign) continue;
        const auto got = stage.ask(who.account, "GET", "/api/v1/incidents?limit=500");
        CAPTURE(who.account);
        CHECK(json::parse(got.body).at("incidents").as_array().empty());
        const auto devices = stage.ask(who.account, "GET", "/api/v1/devices");
        CHECK(devices.body.find("smoke-") == std::string::npos);
    }
}

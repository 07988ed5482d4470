// A small community, a Desk and an Intake that do as the test says. Used on the io thread, as the real ones are.
#pragma once
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "model/policy.hpp"
#include "ports/coverage.hpp"
#include "ports/desk.hpp"
#include "ports/intake.hpp"
#include "ports/roster.hpp"

#include "fake_people.hpp"
#include "fake_persons.hpp"
#include "fake_upkeep.hpp"
#include "fake_ways_in.hpp"
#include "fake_wider_sight.hpp"

namespace shoumen::doors::http::testing {

inline base::Time at(const char* text) { return base::parse_rfc3339(text).value(); }
inline const base::Time fake_now = at("2026-03-03T08:00:00+08:00");

inline std::shared_ptr<model::Policy> small_policy() {
    using namespace model;
    auto p = std::make_shared<Policy>();
    p->version = 7;
    p->digest = base::sha256("policy");
    p->community = "guanghua";
    p->community_name = {"光华社区", "Guanghua community"};
    p->zone = base::Zone("Asia/Shanghai", {{base::Time{0}, 8 * 3600}});
    const auto place = [&](const char* code, Names name, int parent, PlaceLevel level, PlaceUse use) {
        Place out{.code = code, .name = std::move(name), .level = level, .use = use};
        if (parent >= 0) out.parent = PlaceId{static_cast<std::uint32_t>(parent)};
        p->places.push_back(std::move(out));
    };
    place("d-xicheng", {"西城区", "Xicheng district"}, -1, PlaceLevel::district, PlaceUse::public_area);
    place("s-guanghua", {"光华街道", "Guanghua street"}, 0, PlaceLevel::street, PlaceUse::public_area);
    place("guanghua", {"光华社区", "Guanghua community"}, 1, PlaceLevel::community, PlaceUse::public_area);
    place("e-old", {"光华里", ""}, 2, PlaceLevel::estate, PlaceUse::public_area);
    place("b1", {}, 3, PlaceLevel::building, PlaceUse::public_area);
    place("b1-301", {"", "Flat 301"}, 4, PlaceLevel::home, PlaceUse::home);
    place("b9", {"旧楼", "Pulled down"}, 3, PlaceLevel::building, PlaceUse::public_area);
    p->places[3].at = Coordinates{39.9, 116.4};
    p->places[6].retired = true;
    p->root = PlaceId{2U};
    p->grids.push_back({.code = "g-1", .name = {"一网格", "Grid 1"}, .places = {PlaceId{4U}}});
    p->bodies.push_back({"pm-old", {"光华物业", "Guanghua property"}, Role::property_manager, {PlaceId{3U}}, {}});
    p->bodies.push_back({"gw-1", {"一网格员", "Grid worker 1"}, Role::grid_worker, {}, {GridId{0U}}});
    p->bodies.push_back({"committee", {"居委会", "Committee"}, Role::committee, {PlaceId{2U}}, {}});
    p->devices.push_back({.code = "smoke-301",
                          .kind = SignalKind::smoke,
                          .name = {"烟感", "Smoke 301"},
                          .place = PlaceId{5U},
                          .gateway = DeviceId{1U}});
    p->devices.push_back({.code = "gw-a", .place = PlaceId{4U}, .is_gateway = true});
    p->causes = {"fire"};
    p->incident_kinds.push_back({"fire", {"火情", "Fire"}});
    p->rules.push_back({});
    p->rules[0].code = "smoke-alarm";
    p->rules[0].name = {"烟感报警", "Smoke alarm"};
    p->rules[0].kinds = 1U << static_cast<unsigned>(SignalKind::smoke);
    p->rules[0].incident = IncidentKindId{0U};
    p->rules[0].op = Operator::count;
    p->rules[0].at_least = 2;
    p->rules[0].within = base::minutes(10);
    p->rules[0].during = Schedule{22 * 60, 6 * 60, 0x1f, 1U << static_cast<unsigned>(DayClass::holiday)};
    p->rules[0].key = KeyLevel::gateway;
    p->rules[0].parted_by_silent_floor = true;
    p->ladder.rungs = {{LadderLevel::community, Role::committee}, {LadderLevel::street, Role::street_office}};
    p->index();
    return p;
}

inline model::Incident small_incident(std::uint64_t id = 42U << 20U) {
    using namespace model;
    Incident i;
    i.id = IncidentId{id};
    i.kind = IncidentKindId{0U};
    i.cause = CauseId{0U};
    i.severity = Severity::red;
    i.place = PlaceId{5U};
    i.anchor = PlaceId{4U};
    i.lead = BodyId{0U};
    i.assist = {BodyId{1U}};
    i.policy_version = 7;
    i.opened = fake_now - base::minutes(1);
    i.latest_alert = i.opened;
    i.alert_count = 1;
    i.acknowledge_by = fake_now + base::minutes(1);
    i.arrive_by = fake_now + base::minutes(9);
    i.close_by = fake_now + base::hours(24);
    i.acknowledge_within = base::minutes(2);
    i.arrive_within = base::minutes(10);
    i.close_within = base::hours(24);
    return i;
}

// An incident that has been through everything, so that every optional field is written.
inline ports::IncidentView full_view() {
    using namespace model;
    ports::IncidentView v;
    v.incident = small_incident();
    Incident& i = v.incident;
    i.state = IncidentState::resolved;
    i.level = LadderLevel::street;
    i.supervisor = BodyId{2U};
    i.missed_acknowledge = true;
    i.acknowledged = i.departed = i.arrived = i.resolved = i.verified = fake_now;
    i.responder = {"p-101"};
    i.resolver = {"p-101"};
    i.verifier = {"p-900"};
    i.reporter = {"p-7"};
    i.reporter_due = fake_now + base::hours(72);
    i.text = Handle{5U};
    i.evidence.push_back(
        {base::sha256("photo"), EvidencePhase::after, EvidenceStanding::proven, fake_now, fake_now, {"p-101"}});
    i.evidence.push_back({base::sha256("other"),
                          EvidencePhase::before,
                          EvidenceStanding::unproven,
                          base::Time::none(),
                          fake_now,
                          {"p-101"}});
    i.told.push_back({NoticeId{1U}, {"p-101"}, BodyId{0U}, Channel::screen, fake_now, fake_now});
    i.told.push_back({NoticeId{2U}, {"p-102"}, BodyId{1U}, Channel::sms, fake_now, base::Time::none()});
    for (unsigned t = 0; t <= static_cast<unsigned>(EventType::trusted_again); ++t) {
        TimelineEvent e{.incident = i.id, .nth = t, .at = fake_now, .type = static_cast<EventType>(t)};
        if (t % 2 == 0) e.actor = {"p-101"}, e.body = BodyId{0U}, e.detail = "acknowledge";
        if (t % 3 == 0) e.alert = AlertId{9U}, e.text = Handle{5U}, e.evidence = base::sha256("photo");
        v.timeline.push_back(std::move(e));
    }
    v.alerts.push_back({{AlertId{9U},
                         RuleId{0U},
                         IncidentKindId{0U},
                         CauseId{0U},
                         Severity::red,
                         DeviceId{0U},
                         PlaceId{5U},
                         PlaceId{4U},
                         fake_now,
                         {},
                         false},
                        i.id,
                        fake_now});
    v.alerts.push_back({{AlertId{10U},
                         RuleId{77U},
                         IncidentKindId{0U},
                         CauseId{0U},
                         Severity::blue,
                         {},
                         PlaceId{5U},
                         PlaceId{4U},
                         fake_now,
                         {},
                         true},
                        i.id,
                        base::Time::none()});
    for (unsigned a = 0; a < action_count; ++a) {
        const bool allowed = a % 2 == 0;
        v.actions.push_back({static_cast<Action>(a), allowed, allowed ? "" : "wrong-state"});
    }
    v.texts[5] = "楼道里有烟 \"smoke\"";
    v.held_back = {{Item::phone, Sight::ask, Purpose::response, base::minutes(30)}};
    v.concerned = {FakePersons({}, fake_now).view("p-8")};
    v.transfer_targets = {BodyId{2U}};
    v.merge_targets = {IncidentId{43U << 20U}};
    return v;
}

class FakeDesk : public ports::Desk {
public:
    explicit FakeDesk(boost::asio::io_context& io) : io_(io) {
        using model::Role;
        add("tok-officer", "officer", model::RoleSet{}.add(Role::duty_officer).add(Role::verifier), false);
        add("tok-admin", "admin", model::RoleSet{}.add(Role::administrator), false);
        add("tok-new", "new", model::RoleSet{}.add(Role::administrator), true);
        add("tok-bare", "bare", model::RoleSet{}.add(Role::administrator), false);
        sessions.at("tok-bare").must_enrol = true;
        add("tok-resident", "resident", model::RoleSet{}.add(Role::resident), false);
    }

    // What the test can set.
    std::shared_ptr<const model::Policy> held_policy = small_policy();
    std::vector<model::Incident> held_incidents = {full_view().incident, small_incident(43U << 20U)};
    ports::Health held_health{.ready = true, .storing = true};
    std::map<std::string, ports::Session, std::less<>> sessions;
    base::Result<model::CommandResult> next_result =
        model::CommandResult{.accepted = true, .incident = model::IncidentId{42U << 20U}};
    base::Result<void> next_outcome;  // of what answers nothing
    bool holds_answers = false;       // commands are never answered
    bool throws = false;
    std::string next_secret = "s3cret";
    // What it was told.
    std::vector<std::pair<model::Command, std::string>> commands;
    std::vector<std::pair<std::string, std::size_t>> pictures;  // media type, size
    std::vector<ports::DeviceCommand> device_commands;
    std::vector<ports::NewAccount> accounts;
    std::optional<ports::IncidentQuery> last_query;
    std::size_t quarantine_count_calls = 0;
    ports::Caller last_caller;
    FakePeople held_people{[this](auto call) { later(std::move(call)); }, fake_now};
    struct FakePlan : ports::CoverageDesk {
        void coverage(const ports::Session&, std::size_t,
                      std::function<void(base::Result<ports::CoverageView>)> done) override {
            ports::CoverageView view;
            view.asked.targets = {{"smoke", {"烟感", "Smoke alarms"}, 4, model::CoveragePer::home, 0, 100},
                                  {"cameras", {"摄像机", "Cameras"}, 64, model::CoveragePer::area, 200, 100}};
            view.rows = {{0, model::PlaceId{0U}, {10, 4, 3, 5, 1}}};
            view.next = {{0, model::PlaceId{0U}, 1, 100}};
            view.recognised = {fake_now - base::days(30), 20, 18};
            done(view);
        }
    };
    FakePlan held_plan;
    struct FakeDuties : ports::RosterDesk {
        base::Result<ports::Roster> roster(const ports::Session&) override {
            const model::BodyId body{0U};
            const auto later = fake_now + base::hours(8);
            return ports::Roster{fake_now,
                                 fake_now + base::days(2),
                                 {body, model::BodyId{1U}},
                                 {{body, {"p-101"}, {model::Channel::screen, model::Channel::sms}, fake_now, later},
                                  {body, {"p-102"}, {}, later, fake_now + base::days(2)}}};
        }
    };
    FakeDuties held_duties;
    FakeWiderSight held_wider{[this](std::function<void()> call) { later(std::move(call)); }, fake_now};
    FakeWaysIn held_ways{[this](std::function<void()> call) { later(std::move(call)); }};
    FakeUpkeep held_devices{[this](auto call) { later(std::move(call)); }, fake_now};
    FakePersons held_persons{[this](auto call) { later(std::move(call)); }, fake_now};

    void push(const ports::Push& push) {
        const auto followers = followers_;
        for (const auto& [n, call] : followers) call(push);
    }
    [[nodiscard]] std::size_t followers() const { return followers_.size(); }

    void sign_in(std::string name, std::string password, const ports::Caller&,
                 std::function<void(base::Result<ports::SignedIn>)> done) override {
        base::Result<ports::SignedIn> result = base::fail("sign-in-failed", "");
        if (name == "waiting") result = base::fail("sign-in-wait", "");
        if (name == "officer" && password == "right-password")
            result = ports::SignedIn{sessions.at("tok-officer"), "tok-officer"};
        if (name == "two-steps") result = ports::SignedIn{sessions.at("tok-officer"), "half-officer", true};
        later([result, done] { done(result); });
    }
    void second_step(std::string half, std::string code, const ports::Caller&,
                     std::function<void(base::Result<ports::SignedIn>)> done) override {
        base::Result<ports::SignedIn> result = base::fail("sign-in-again", "");
        if (half == "half-officer" && code != "123456") result = base::fail("second-step-failed", "", "code");
        if (half == "half-officer" && code == "123456")
            result = ports::SignedIn{sessions.at("tok-officer"), "tok-officer"};
        later([result, done] { done(result); });
    }
    ports::AccountDesk& people() override { return held_people; }
    ports::WiderSightDesk& wider() override { return held_wider; }
    ports::RosterDesk& duties() override { return held_duties; }
    ports::CoverageDesk& plan() override { return held_plan; }
    ports::WaysInDesk& ways_in() override {
        held_ways.signed_in = {sessions.at("tok-officer"), "tok-officer"};
        return held_ways;
    }
    ports::PersonDesk& persons() override { return held_persons; }
    ports::UpkeepDesk& upkeep() override { return held_devices; }
    base::Result<ports::Session> session(std::string_view token, const ports::Caller* from) override {
        if (from) last_caller = *from;
        const auto it = sessions.find(token);
        if (it == sessions.end()) return base::fail("not-signed-in", "");
        return it->second;
    }
    void sign_out(const ports::Session&, std::function<void(base::Result<void>)> done) override { outcome(done); }
    void change_password(const ports::Session&, std::string, std::string,
                         std::function<void(base::Result<void>)> done) override {
        outcome(done);
    }
    void add_account(const ports::Session&, ports::NewAccount account,
                     std::function<void(base::Result<std::string>)> done) override {
        accounts.push_back(std::move(account));
        secret(done);
    }
    void activate_policy(const ports::Session&, std::map<std::string, std::string> files, std::uint64_t based_on,
                         std::function<void(base::Result<std::uint64_t>)> done) override {
        later([done, based_on, good = files.contains("community.yaml")] {
            if (based_on == 9) return done(base::fail("policy-changed", "version 7 is in force"));
            if (good) return done(std::uint64_t{2});
            done(base::fail("policy-refused", "community.yaml:1: file-missing: add it"));
        });
    }
    void command_device(const ports::Session&, ports::DeviceCommand command,
                        std::function<void(base::Result<std::string>)> done) override {
        const bool known = command.device == "smoke-301";
        device_commands.push_back(std::move(command));
        if (!known) return later([done] { done(base::fail("device-not-connected", "")); });
        secret(done);
    }
    void check_policy(const ports::Session&, std::map<std::string, std::string>,
                      std::function<void(base::Result<std::vector<ports::Finding>>)> done) override {
        later([done] { done(std::vector<ports::Finding>{{"rules/a.yaml", 3, "unknown-word", "'smok' is no kind"}}); });
    }
    void try_policy(const ports::Session&, std::map<std::string, std::string>, base::Time from, base::Time to,
                    std::function<void(base::Result<ports::Task>)> done) override {
        last_tried = {from, to};
        later([this, done] {
            if (next_outcome) return done(a_task(ports::TaskState::running));
            done(tl::unexpected(next_outcome.error()));
        });
    }
    void policy_files(const ports::Session&, std::uint64_t version,
                      std::function<void(base::Result<ports::PolicyFiles>)> done) override {
        later([done, version] {
            if (version > 7) return done(base::fail("not-found", ""));
            done(ports::PolicyFiles{{7, base::sha256("policy"), fake_now},
                                    {{"community.yaml", "community: \"c\"\n"}, {"rules/a \"b\".yaml", "rules: []"}}});
        });
    }
    void policy_versions(const ports::Session&, std::size_t,
                         std::function<void(base::Result<std::vector<ports::PolicyVersion>>)> done) override {
        later([done] { done(std::vector<ports::PolicyVersion>{{7, base::sha256("policy"), fake_now}}); });
    }
    void rules(const ports::Session&, std::function<void(base::Result<std::vector<ports::RuleView>>)> done) override {
        later([done] { done(std::vector<ports::RuleView>{{model::RuleId{0U}, 3, fake_now}, {model::RuleId{0U}, 0}}); });
    }
    base::Result<std::vector<ports::Task>> tasks(const ports::Session&) override {
        return std::vector<ports::Task>{a_task(ports::TaskState::running), a_task(ports::TaskState::failed)};
    }
    base::Result<ports::Task> task(const ports::Session&, std::uint64_t id) override {
        if (id != 3) return base::fail("unknown-task", "");
        return a_task(ports::TaskState::done);
    }
    base::Result<ports::Task> cancel_task(const ports::Session& session, std::uint64_t id) override {
        return task(session, id);
    }
    std::pair<base::Time, base::Time> last_tried;
    static ports::Task a_task(ports::TaskState state) {
        ports::Task t;
        t.id = 3;
        t.kind = "policy-try";
        t.state = state;
        t.done = 5;
        t.total = 10;
        t.started = fake_now;
        t.by = "p-admin";
        t.from = fake_now - base::hours(168);
        t.to = fake_now;
        t.based_on = 7;
        if (state == ports::TaskState::running) return t;
        t.ended = fake_now;
        t.digest = base::sha256("tried");
        if (state == ports::TaskState::failed) {
            t.error = "policy-refused";
            t.findings = {{"rules/a.yaml", 3, "unknown-word", "'smok' is no kind"}};
            return t;
        }
        t.result = ports::TrialResult{9, 1, 1, 1, 1, {}};
        t.result->rules.push_back({"smoke-alarm",
                                   {"烟感报警", ""},
                                   1,
                                   1,
                                   1,
                                   1,
                                   {{fake_now, "b1-301", {"", "Flat 301"}, "smoke-301"}},
                                   {{fake_now, "b1-301", {}, ""}},
                                   {}});
        return t;
    }
    void issue_device_token(const ports::Session&, std::string device,
                            std::function<void(base::Result<std::string>)> done) override {
        if (device != "smoke-301") return later([done] { done(base::fail("unknown-device", "")); });
        secret(done);
    }
    void certify_device(const ports::Session&, std::string device, std::string request,
                        std::function<void(base::Result<ports::DeviceCertificate>)> done) override {
        if (device != "smoke-301") return later([done] { done(base::fail("unknown-device", "")); });
        if (!request.starts_with("-----BEGIN"))
            return later([done] { done(base::fail("bad-certificate-request", "")); });
        later([done] { done(ports::DeviceCertificate{"a certificate", "an authority", fake_now}); });
    }
    void revoke_device_tokens(const ports::Session&, std::string,
                              std::function<void(base::Result<void>)> done) override {
        outcome(done);
    }

    std::shared_ptr<const model::Policy> policy() override { return held_policy; }
    base::Time now() override { return fake_now; }
    base::Result<std::vector<model::Incident>> incidents(const ports::Session&,
                                                         const ports::IncidentQuery& query) override {
        last_query = query;
        auto out = held_incidents;
        if (out.size() > query.limit) out.resize(query.limit);
        return out;
    }
    void incident(const ports::Session&, model::IncidentId id,
                  std::function<void(base::Result<ports::IncidentView>)> done) override {
        if (throws) throw std::runtime_error("a fault in the desk");
        auto view = full_view();
        if (view.incident.id != id) return done(base::fail("unknown-incident", ""));
        done(view);
    }
    void ask_to_see(const ports::Session& session, model::IncidentId id, std::vector<model::Item> items,
                    model::Purpose purpose, std::function<void(base::Result<ports::IncidentView>)> done) override {
        if (purpose != model::Purpose::response) return done(base::fail("wrong-purpose", "", "purpose"));
        if (items != std::vector{model::Item::words}) return done(base::fail("forbidden", ""));
        incident(session, id, done);
    }
    base::Result<void> admit(const ports::Session& session, model::Item item, model::Sight least) override {
        if (session.actor.roles.has(model::Role::administrator)) return {};
        const bool shown = least <= model::Sight::clear && item != model::Item::policy && item != model::Item::tasks &&
                           item != model::Item::figures && item != model::Item::acts;
        const bool staff = session.actor.roles != model::RoleSet{}.add(model::Role::resident);
        if ((shown && staff) || item == model::Item::commands) return {};
        return base::fail("forbidden", "");
    }
    std::optional<std::uint32_t> how_seen(const ports::Session&, const model::Incident&) override { return 31; }
    model::Incident seen_as(std::uint32_t, const model::Incident& incident) override { return incident; }
    base::Result<ports::LedgerState> ledger(const ports::Session&) override {
        return ports::LedgerState{
            "shoumen/0123456789abcdef",
            "sha256",
            300,
            {},
            fake_now,
            "clock",
            {{"street.example", fake_now, 299, false, "street.example+00000000+BA==", true}, {"police.example"}},
            {"shoumen/0123456789abcdef+00000000+AQ=="}};
    }
    base::Result<ports::RetentionState> retention(const ports::Session&) override {
        ports::RetentionState state;
        state.kinds[0] = {base::days(30), fake_now - base::days(29), 7};
        state.kinds[1] = {base::days(30), base::Time::never(), 0};
        state.kinds[2] = {base::days(730), fake_now - base::days(3), 0};
        state.kinds[3] = {base::days(365), base::Time::never(), 0};
        state.swept = fake_now - base::hours(2);
        state.next = fake_now + base::hours(22);
        return state;
    }
    base::Result<ports::ActReceipt> receipt(const ports::Session&, std::uint64_t act) override {
        if (act != 4) return base::fail("not-found", "");
        return ports::ActReceipt{"shoumen/receipt/1\n", "SHOUMEN1:00", 17, 300, {"street.example"}};
    }
    base::Result<std::vector<ports::ActRow>> acts(const ports::Session&, const ports::ActQuery& query) override {
        ports::ActRow act;
        act.id = 4;
        act.at = fake_now;
        act.actor = "p-101";
        act.role = "duty_officer";
        act.kind = "looked";
        act.purpose = "response";
        act.subject = query.subject.value_or("person:p-7");
        act.count = 2;
        act.detail = "words";
        return std::vector{act};
    }
    base::Result<std::vector<ports::QuarantineRow>> quarantine(const ports::Session&, std::optional<std::uint64_t>,
                                                               std::size_t) override {
        return std::vector<ports::QuarantineRow>{
            {3, fake_now, "mqtt", "gw-a", "bad-json", "no JSON", "", "{\xff\x01", 3, base::sha256("x"), "yard/\xff"},
            {2, fake_now, "http", "smoke-301", "bad-value", "too long", "values.t", "{}", 2, base::sha256("y"), ""}};
    }
    base::Result<ports::QuarantineCounts> quarantine_counts(const ports::Session&) override {
        ++quarantine_count_calls;
        return ports::QuarantineCounts{12, 3};
    }
    void precision(const ports::Session&,
                   std::function<void(base::Result<std::vector<model::TrackView>>)> done) override {
        model::TrackView bad{.track = {model::RuleId{0U}, model::DeviceId{0U}, 7}, .scene = "rack"};
        bad.record = {
            .real = 1, .mistaken = 20, .test = 2, .unknown = 1, .real_weight = 900, .mistaken_weight = 18'000};
        bad.stage = model::Stage::second_look;
        bad.asked = true;
        bad.mean = 48;
        bad.at_least = 12;
        bad.at_most = 160;
        bad.latest = model::IncidentId{42U << 20U};
        bad.latest_alert = fake_now;
        bad.trusted_again = fake_now;
        model::TrackView none{.track = {model::RuleId{0U}, {}, 0}};
        none.latest = model::IncidentId{43U << 20U};
        none.latest_alert = fake_now;
        const model::TrackView gone{.track = {model::RuleId{77U}, model::DeviceId{77U}, 0}};
        done(std::vector{bad, none, gone});
    }
    base::Result<std::vector<ports::DeviceView>> devices(const ports::Session&) override {
        return std::vector<ports::DeviceView>{{model::DeviceId{0U}, fake_now, true, true},
                                              {model::DeviceId{1U}, base::Time::none(), false, false}};
    }
    void command(const ports::Session&, model::Command command, std::string text,
                 std::function<void(base::Result<model::CommandResult>)> done) override {
        commands.emplace_back(std::move(command), std::move(text));
        result(done);
    }
    void add_evidence(const ports::Session&, model::IncidentId, model::EvidencePhase, std::string media_type,
                      std::string bytes, std::function<void(base::Result<model::CommandResult>)> done) override {
        pictures.emplace_back(std::move(media_type), bytes.size());
        result(done);
    }
    void evidence(const ports::Session&, const base::Digest& sha256,
                  std::function<void(base::Result<std::pair<ports::EvidenceRow, std::string>>)> done) override {
        if (sha256 != base::sha256("photo")) return done(base::fail("evidence-unknown", ""));
        done(std::pair{ports::EvidenceRow{.sha256 = sha256, .size = 5, .media_type = "image/jpeg"},
                       std::string("photo")});
    }
    std::uint64_t follow(std::function<void(const ports::Push&)> call) override {
        followers_.emplace(++last_follower_, std::move(call));
        return last_follower_;
    }
    void forget(std::uint64_t registration) override { followers_.erase(registration); }
    ports::Health health() override { return held_health; }
    std::string metrics() override { return "# TYPE shoumen_inputs_total counter\nshoumen_inputs_total 5\n"; }

private:
    void add(const std::string& token, std::string account, model::RoleSet roles, bool must_change) {
        ports::Session s;
        s.account = std::move(account);
        s.actor = {{"p-" + s.account}, roles, {model::BodyId{0U}}};
        s.must_change = must_change;
        s.language = "zh-CN";
        s.expires = fake_now + base::hours(12);
        sessions.emplace(token, std::move(s));
    }
    void later(std::function<void()> call) {
        if (holds_answers)
            held_.push_back(std::move(call));
        else
            boost::asio::post(io_, std::move(call));
    }
    void outcome(const std::function<void(base::Result<void>)>& done) {
        later([done, o = next_outcome] { done(o); });
    }
    void secret(const std::function<void(base::Result<std::string>)>& done) {
        later([done, s = next_secret] { done(s); });
    }
    void result(const std::function<void(base::Result<model::CommandResult>)>& done) {
        later([done, r = next_result] { done(r); });
    }

    boost::asio::io_context& io_;
    std::map<std::uint64_t, std::function<void(const ports::Push&)>> followers_;
    std::uint64_t last_follower_ = 0;
    std::vector<std::function<void()>> held_;
};

class FakeIntake : public ports::Intake {
public:
    struct Taken {
        std::string device, kind, id, raw;
        std::optional<base::Error> refused;
    };

    // What the test can set.
    bool commits_at_once = true;         // else: commit() does
    std::size_t room = ~std::size_t{0};  // payloads taken before `busy`
    // What it was told.
    std::vector<Taken> taken;
    std::vector<std::pair<std::string, std::string>> pictures;  // with the device

    // All that was taken so far is on disk.
    void commit() {
        committed_ = last_ticket_;
        progress();
    }
    void progress() {
        const auto calls = calls_;
        for (const auto& [n, call] : calls) call();
    }
    [[nodiscard]] std::size_t followers() const { return calls_.size(); }
    std::shared_ptr<const model::Policy> held_policy = small_policy();  // for its maps
    [[nodiscard]] std::shared_ptr<const model::Policy> policy() const override { return held_policy; }

    std::optional<ports::Speaker> speaker(std::string_view token) override {
        if (token == "dev-smoke") return ports::Speaker{model::DeviceId{0U}, false};
        if (token == "dev-gateway") return ports::Speaker{model::DeviceId{1U}, true};
        return std::nullopt;
    }
    std::optional<model::DeviceId> device(std::string_view) override { return std::nullopt; }
    ports::Submitted submit(const ports::Speaker&, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload& raw) override {
        std::optional<base::Error> error;
        if (signal.kind != "smoke") error = base::Error{"wrong-kind", "kind is another than the device's.", "kind"};
        return take({std::string(signal.device), std::string(signal.kind), std::string(signal.id),
                     std::string(raw.bytes), error});
    }
    ports::Submitted refuse(const ports::Speaker&, std::string_view, const base::Error& why,
                            const ports::RawPayload& raw) override {
        return take({"", "", "", std::string(raw.bytes), why});
    }
    void picture(std::string_view device, std::string bytes) override {
        pictures.emplace_back(std::string(device), std::move(bytes));
    }
    std::uint64_t committed() const override { return committed_; }
    std::uint64_t on_progress(std::function<void()> call) override {
        calls_.emplace(++last_call_, std::move(call));
        return last_call_;
    }
    void forget(std::uint64_t registration) override { calls_.erase(registration); }

private:
    ports::Submitted take(Taken what) {
        if (room == 0) return {.admission = ports::Admission::busy};
        --room;
        ++last_ticket_;
        if (commits_at_once) committed_ = last_ticket_;
        ports::Submitted out{what.refused ? ports::Admission::quarantined : ports::Admission::queued, last_ticket_,
                             what.refused};
        taken.push_back(std::move(what));
        return out;
    }
    std::uint64_t last_ticket_ = 0;
    std::uint64_t committed_ = 0;
    std::map<std::uint64_t, std::function<void()>> calls_;
    std::uint64_t last_call_ = 0;
};

}  // namespace shoumen::doors::http::testing

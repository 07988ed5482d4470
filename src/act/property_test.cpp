// Random lives: whatever is commanded, whatever alerts come and however time passes, the promises of life.hpp hold.
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/random.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::act;
using namespace shoumen::act::testing;

namespace {

std::string bytes_of(const Incident& incident) {
    base::ByteWriter out;
    encode(incident, out);
    return out.take();
}

const std::set<std::string_view> payload_codes = {"unknown-body",
                                                  "same-body",
                                                  "body-does-not-answer",
                                                  "nobody-reachable",
                                                  "unknown-incident",
                                                  "same-incident",
                                                  "merge-target-ended",
                                                  "same-severity",
                                                  "evidence-unknown",
                                                  "evidence-used-before",
                                                  "evidence-before-arrival",
                                                  "verdict-needed",
                                                  "unknown-alert"};

class Lives {
public:
    explicit Lives(std::uint64_t seed) : random_(seed) {
        auto& row = story_.town.policy.matrix.front();
        row.acknowledge = some_duration();
        row.arrive = some_duration();
        row.close = some_duration();
        for (auto& climb : story_.town.policy.ladder.climb) climb = some_duration();
        // Some severities move with time.
        auto& rules = story_.town.policy.rules;
        rules.resize(3, rules.front());
        rules[1].rise = {{some_duration() + base::seconds(1), Severity::orange}, {base::hours(1), Severity::red}};
        rules[1].fall = SeverityStep{some_duration() + base::seconds(1), Severity::blue};
        rules[2].rise = {{some_duration() + base::seconds(1), Severity::red}};
        for (int n = 0; n < 4; ++n) open();
    }

    void live(int steps) {
        for (int n = 0; n < steps; ++n) {
            const auto what = random_.below(10);
            if (what < 6) command();
            if (what == 6) alert();
            if (what == 7) wait();
            if (what >= 8) fire_next();
        }
    }

    std::size_t accepted = 0;
    std::size_t refused = 0;
    std::set<IncidentState> reached;

private:
    base::Duration some_duration() {
        return random_.chance(0.1) ? base::Duration{} : base::seconds(static_cast<std::int64_t>(random_.below(3600)));
    }
    Incident& any() { return incidents_[random_.below(incidents_.size())]; }

    template <class F>
    auto with_context(F f) {
        std::uint32_t nth = 0;
        ++seq_;
        Context ctx{story_.town.policy, story_.town.decisions, now_, seq_, nth, effects_};
        return f(ctx);
    }

    void open() {
        Incident i = with_context([&](Context& ctx) {
            const auto how = random_.below(6);
            if (how == 0) return open_quiet(ctx, some_alert(), {.stage = Stage::quiet});
            if (how < 3) return open_for_look(ctx, some_alert(), {.stage = Stage::second_look}, some_duration());
            return open_by_alert(ctx, some_alert());
        });
        if (random_.chance(0.4)) i.reporter = {"rui"};
        incidents_.push_back(i);
        told_.emplace_back();
        sound(incidents_.back());
    }

    Alert some_alert() {
        Alert a = story_.alert(static_cast<Severity>(random_.below(4)));
        a.at = now_;
        a.late = random_.chance(0.1);
        a.rule = RuleId{random_.below(3)};
        a.device = DeviceId{random_.below(4)};
        a.scene = random_.below(2);
        if (random_.chance(0.3)) a.renews = AlertId{a.id.value - (std::uint64_t{random_.below(3)} << base::id_shift)};
        return a;
    }

    Actor some_actor() {
        Actor actor;
        const BodyId body{random_.below(8)};
        actor.person = random_.chance(0.3) ? Person{"rui"} : Person{"p-" + story_.town.policy.bodies[body.value].code};
        if (random_.chance(0.7)) actor.bodies.push_back(body);
        for (const Role role : {Role::duty_officer, Role::verifier, Role::committee, Role::resident}) {
            if (random_.chance(0.3)) actor.roles.add(role);
        }
        if (random_.chance(0.02)) actor.person = {};
        return actor;
    }

    // Mostly the way forward, so that late states are reached.
    Action some_action(const Incident& i) {
        constexpr Action forward[] = {Action::acknowledge,  Action::depart,  Action::arrive,
                                      Action::add_evidence, Action::resolve, Action::verify};
        if (i.state == IncidentState::on_scene && random_.chance(0.6))
            return random_.chance(0.5) ? Action::add_evidence : Action::resolve;
        if (random_.chance(0.5)) return forward[random_.below(std::size(forward))];
        return static_cast<Action>(random_.below(action_count));
    }

    Command some_command(const Incident& i) {
        Command c{.action = some_action(i), .incident = i.id, .actor = some_actor()};
        c.body = random_.chance(0.1) ? BodyId{} : BodyId{random_.below(9)};
        c.severity = static_cast<Severity>(random_.below(4));
        c.phase = random_.chance(0.7) ? EvidencePhase::after : EvidencePhase::before;
        c.evidence[0] = static_cast<std::uint8_t>(random_.below(256));
        c.evidence[1] = static_cast<std::uint8_t>(random_.below(64));
        c.verdict = static_cast<Verdict>(random_.below(verdict_count));
        if (random_.chance(0.3) && !i.sources.empty()) c.alert = i.sources[random_.below(i.sources.size())].alert;
        if (random_.chance(0.1)) c.alert = AlertId{random_.below(99)};
        if (random_.chance(0.7)) c.taken = now_ + base::seconds(static_cast<std::int64_t>(random_.below(600)) - 300);
        return c;
    }

    void command() {
        Incident& i = any();
        Command c = some_command(i);
        Incident* other = nullptr;
        if (c.action == Action::merge && random_.chance(0.9)) {
            other = &any();
            c.other = other->id;
        }
        const std::string_view wanted = refusal(story_.town.policy, i, c.actor, c.action, now_);
        const std::string before = bytes_of(i);
        const std::string other_before = other ? bytes_of(*other) : "";
        const auto book_before = book_.size();
        const auto events_before = effects_.events.size();
        const std::string_view code = with_context([&](Context& ctx) { return apply(ctx, i, c, other, book_); });
        CAPTURE(to_word(c.action));
        if (!wanted.empty()) REQUIRE(code == wanted);
        if (wanted.empty() && !code.empty()) REQUIRE(payload_codes.contains(code));
        if (code.empty()) {
            ++accepted;
            sound(i);
            if (other) sound(*other);
        } else {
            ++refused;
            REQUIRE(bytes_of(i) == before);
            REQUIRE((other ? bytes_of(*other) : "") == other_before);
            REQUIRE(book_.size() == book_before);
            REQUIRE(effects_.events.size() == events_before);
        }
    }

    void alert() {
        if (random_.chance(0.2)) return open();
        Incident& i = any();
        const bool in_hand = i.state < IncidentState::resolved;
        const bool done = i.state == IncidentState::resolved || i.state == IncidentState::closed;
        with_context([&](Context& ctx) {
            if (random_.chance(0.2)) return clear_alert(ctx, i, {i.alerts.front(), now_});
            if (in_hand) join_alert(ctx, i, some_alert(), random_.chance(0.5));
            if (i.state == IncidentState::quiet) join_quiet(ctx, i, some_alert());
            if (done) reopen_by_alert(ctx, i, some_alert());
        });
        sound(i);
    }

    void wait() {
        now_ = now_ + base::seconds(static_cast<std::int64_t>(random_.below(1200)));
        for (Incident& i : incidents_) fire(i);
    }

    void fire_next() {
        Incident& i = any();
        const base::Time due = next_deadline(i);
        if (due == base::Time::never()) return;
        now_ = std::max(now_, due);
        fire(i);
    }

    void fire(Incident& i) {
        const base::Time due = next_deadline(i);
        if (due > now_) return;
        const bool verified = i.verified.is_set();
        const bool live = is_live(i.state);
        with_context([&](Context& ctx) { on_deadline(ctx, i); });
        REQUIRE(next_deadline(i) > now_);
        if (live && !is_live(i.state)) REQUIRE(verified);  // time alone never closes
        sound(i);
    }

    void sound(const Incident& i) {
        reached.insert(i.state);
        const auto broken = check(i);
        if (broken) FAIL(*broken);
        const auto entries = std::ranges::count(effects_.events, i.id, &TimelineEvent::incident);
        REQUIRE(static_cast<std::uint32_t>(entries) == i.event_count);
        auto& before = told_[static_cast<std::size_t>(&i - incidents_.data())];
        REQUIRE(i.told.size() >= before.size());
        for (std::size_t n = 0; n < before.size(); ++n) REQUIRE(i.told[n].notice == before[n]);
        before.clear();
        for (const Told& told : i.told) before.push_back(told.notice);
        base::ByteWriter out;
        encode(i, out);
        const auto again = decode_incident(out.view());
        REQUIRE(again);
        REQUIRE(bytes_of(*again) == out.view());
    }

    base::SeededRandom random_;
    Story story_;
    base::Time now_ = noon;
    std::uint64_t seq_ = 1000;
    Effects effects_;
    EvidenceBook book_;
    std::vector<Incident> incidents_;
    std::vector<std::vector<NoticeId>> told_;
};

void many_lives(std::uint64_t first, std::uint64_t count, int steps) {
    std::size_t accepted = 0;
    std::set<IncidentState> reached;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        CAPTURE(seed);
        Lives lives(seed);
        lives.live(steps);
        accepted += lives.accepted;
        reached.insert(lives.reached.begin(), lives.reached.end());
    }
    CHECK(reached.size() == 9);  // every state has been there
    CHECK(accepted > count * static_cast<std::uint64_t>(steps) / 20);
}

}  // namespace

TEST_CASE("random lives keep the promises") { many_lives(1, 300, 400); }

TEST_SUITE("full") {
    TEST_CASE("many more random lives keep the promises") { many_lives(10'000, 10'000, 400); }
}

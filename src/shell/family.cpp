#include "shell/family.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "act/life.hpp"
#include "protect/gate.hpp"
#include "protect/password.hpp"
#include "shell/account_book.hpp"

#include "person_rules.hpp"

namespace shoumen::shell {
namespace {

using model::Incident;
using model::IncidentState;

constexpr std::size_t done_kept = 10'000;
constexpr std::size_t acts_looked_at = 500;
constexpr std::size_t live_looked_at = 2'000;
constexpr std::size_t ended_looked_at = 200;
constexpr int most_tries = 8;           // an hour, at doubling distances
constexpr int most_without_answer = 3;  // each may have arrived
constexpr base::Duration first_wait = base::seconds(25);
constexpr std::string_view step_quiet = "quiet";
constexpr std::string_view step_door = "door";
constexpr std::string_view step_over = "over";

// A home that is quiet; a smoke alarm that is quiet is the technical team's.
bool is_by_absence(const model::Policy& policy, const Incident& incident) {
    return std::ranges::any_of(incident.sources, [&](const model::Source& s) {
        const auto rule = s.track.rule;
        return rule.valid() && rule.value < policy.rules.size() &&
               policy.rules[rule.value].op == model::Operator::absence &&
               policy.rules[rule.value].key == model::KeyLevel::home;
    });
}

model::PlaceId home_of(const model::Policy& policy, const Incident& incident) {
    const auto home = policy.ancestor(incident.place, model::PlaceLevel::home);
    const bool is_home = home.valid() && policy.places[home.value].level == model::PlaceLevel::home;
    return is_home ? home : model::PlaceId{};
}

// Empty: nothing is to be told of it now.
std::string_view step_of(const Incident& incident) {
    if (incident.state == IncidentState::closed || incident.state == IncidentState::false_alarm) return step_over;
    if (!act::is_live(incident.state) || incident.state == IncidentState::resolved) return {};
    if (incident.look == model::Look::wanted) return {};
    return incident.severity == model::Severity::red ? step_door : step_quiet;
}

std::string words_of(std::string_view step, const std::string& community) {
    if (step == step_door)
        return fmt::format(
            "【{}】还没有联系上您受托照看的家人，社区正在安排人上门，必要时按预案开门。您如果知道情况，"
            "请马上告诉社区值班室。",
            community);
    if (step == step_over)
        return fmt::format("【{}】您受托照看的家人家中的情况已经处理完毕。详情请登录查看，或询问社区值班室。",
                           community);
    return fmt::format(
        "【{}】您受托照看的家人家中，比平常安静得久，网格员正在联系。请您也打个电话问一问；联系不上，"
        "请告诉社区值班室。",
        community);
}

std::string what_of(const Incident& incident, std::string_view step) {
    return fmt::format("incident {} {}", incident.id.value, step);
}

}  // namespace

Family::Family(Node& node, const ports::Clock& clock, ports::Log log)
    : node_(node), clock_(clock), log_(std::move(log)) {}

base::Result<void> Family::start() {
    auto reader = node_.reader();
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    return {};
}

void Family::warn(std::string event, const std::string& what, const base::Error& why) const {
    if (log_) log_({ports::LogLevel::warning, std::move(event), what + ": " + why.message, {{"code", why.code}}});
}

void Family::changed(const Incident& incident) {
    const auto policy = node_.policy();
    if (!reader_ || !is_by_absence(*policy, incident)) return;
    const auto home = home_of(*policy, incident);
    const std::string_view step = step_of(incident);
    if (!home.valid() || step.empty()) return;
    if (done_.size() >= done_kept) done_.clear();
    if (!done_.emplace(incident.id.value, step).second) return;
    if (step == step_quiet) call_bracelets(home, incident);
    const auto asked = asked_by(policy->places[home.value].code);
    if (!asked) return send_again(incident.id.value, std::string(step));
    for (const auto& person : *asked) tell(person, incident, step);
}

void Family::catch_up() {
    catch_up_with({IncidentState::open, IncidentState::acknowledged, IncidentState::en_route, IncidentState::on_scene},
                  live_looked_at);
    catch_up_with({IncidentState::closed, IncidentState::false_alarm}, ended_looked_at);
}

void Family::catch_up_with(const std::vector<IncidentState>& states, std::size_t limit) {
    ports::IncidentQuery query;
    query.states = states;
    query.limit = limit;
    const auto found = reader_->incidents(query);
    if (!found) {
        again_ = true;
        return warn("family_not_told", "incidents cannot be read", found.error());
    }
    for (const auto& incident : *found) changed(incident);
}

void Family::retry() {
    if (!again_) return;
    again_ = false;
    catch_up();
}

void Family::send_again(std::uint64_t incident, const std::string& step) {
    done_.erase({incident, step});
    again_ = true;
}

std::optional<std::vector<model::Person>> Family::asked_by(const std::string& home) {
    std::vector<model::Person> out;
    const auto delegations = reader_->delegations();
    if (!delegations) {
        warn("family_not_told", "consents cannot be read", delegations.error());
        return std::nullopt;
    }
    const base::Time now = clock_.now();
    for (const auto& d : *delegations) {
        if (!holds_at(d, now) || std::ranges::find(out, d.to) != out.end()) continue;
        const auto row = reader_->person(d.from.code);
        if (row && *row && (*row)->status == listed && (*row)->home == home) out.push_back(d.to);
    }
    return out;
}

// As they themselves may see it.
std::string Family::number_of(const model::Person& person) {
    if (!node_.vault()) return {};
    const auto row = reader_->person(person.code);
    if (!row || !*row || (*row)->status != listed) return {};
    const auto key = node_.vault()->known_key(key_owner(person.code));
    if (!key) return {};
    const auto entry = protect::open_entry(**key, person.code, (*row)->fields);
    if (!entry || entry->phone.is_empty()) return {};
    const auto policy = node_.policy();
    const protect::Viewer viewer{person, {}, {}, {}};
    const base::Time now = clock_.now();
    const auto verdict =
        protect::Gate(*policy).judge(viewer, model::Item::phone, {.place = policy->root, .own = true}, now);
    if (!verdict || verdict->sight < model::Sight::clear) return {};
    const auto grant =
        protect::Gate::grant(viewer, *verdict, 1U << static_cast<unsigned>(protect::PersonalKind::phone), now);
    return entry->phone.unmasked(grant).value_or(std::string());
}

std::optional<bool> Family::was_told(const std::string& subject, const std::string& what) {
    const auto acts = reader_->acts({.subject = subject, .actor = {}, .before = {}, .limit = acts_looked_at});
    if (!acts) {
        warn("family_not_told", "who was told cannot be read", acts.error());
        return std::nullopt;
    }
    return std::ranges::any_of(*acts, [&](const ports::ActRow& act) {
        return (act.kind == "family_told" || act.kind == "device_called") && act.detail.starts_with(what);
    });
}

bool Family::is_on_its_way(const std::string& subject, const std::string& what) const {
    return std::ranges::any_of(on_their_way_,
                               [&](const auto& one) { return one.first == subject && one.second.starts_with(what); });
}

void Family::tell(const model::Person& person, const Incident& incident, std::string_view step) {
    const auto id = incident.id.value;
    const std::string of_step(step);
    const std::string of_all = fmt::format("incident {} ", id);
    const std::pair key("person:" + person.code, what_of(incident, step));
    if (on_their_way_.contains(key)) return;
    const auto told = was_told(key.first, key.second);
    // Who was never told that it began need not hear that it is over.
    const auto began = step == step_over ? was_told(key.first, of_all) : std::optional(true);
    if (!told || !began) return send_again(id, of_step);
    if (*told) return;
    if (!*began) {
        if (is_on_its_way(key.first, of_all)) send_again(id, of_step);
        return;
    }
    if (const auto tried = tried_.find(key); tried != tried_.end() && clock_.now() < tried->second.next)
        return send_again(id, of_step);
    on_their_way_.insert(key);
    const std::string number = texts_ ? number_of(person) : std::string();
    if (number.empty()) return put_down(person, id, of_step, " pages");
    texts_->send(number, words_of(step, node_.policy()->community_name.zh),
                 [this, person, id, of_step](const base::Result<void>& sent) {
                     sent ? put_down(person, id, of_step, " text") : not_sent(person, id, of_step, sent.error());
                 });
}

void Family::not_sent(const model::Person& person, std::uint64_t incident, const std::string& step,
                      const base::Error& why) {
    const std::pair key("person:" + person.code, fmt::format("incident {} {}", incident, step));
    auto& tried = tried_[key];
    ++tried.times;
    if (tried.times >= (why.code == "no-answer" ? most_without_answer : most_tries)) {
        warn("text_not_sent", "the gateway for short messages did not take one, again and again; it is given up", why);
        return put_down(person, incident, step, " unsent");
    }
    tried.next = clock_.now() + base::Duration{first_wait.us << (tried.times - 1)};
    on_their_way_.erase(key);
    send_again(incident, step);
    warn("text_not_sent", "the gateway for short messages did not take one; it is sent again", why);
}

void Family::put_down(const model::Person& person, std::uint64_t incident, const std::string& step, const char* way) {
    ports::ActRow act;
    act.at = clock_.now();
    act.kind = "family_told";
    act.purpose = std::string(model::to_word(model::Purpose::care));
    act.subject = "person:" + person.code;
    const std::string what = fmt::format("incident {} {}", incident, step);
    act.detail = what + way;
    ports::ActRow of_incident = act;
    of_incident.subject = fmt::format("incident:{}", incident);
    of_incident.detail = step + way;
    const std::pair key(act.subject, what);
    tried_.erase(key);
    node_.write_records({std::move(act), std::move(of_incident)}, [this, key](const base::Result<void>& stored) {
        if (stored) return void(on_their_way_.erase(key));
        // It stays on its way: while nothing can be written, it would go out again and again.
        warn("family_not_told", "it could not be written down", stored.error());
    });
}

// Gently: it rings and shows that somebody asks.
void Family::call_bracelets(model::PlaceId home, const Incident& incident) {
    if (!courier_) return;
    const auto policy = node_.policy();
    for (const auto& device : policy->devices) {
        const bool bracelet = device.kind == model::SignalKind::elder_bracelet && !device.is_gateway && !device.retired;
        if (!bracelet || !policy->is_within(device.place, home) || !courier_->reaches(device.code)) continue;
        const std::string subject = "device:" + device.code;
        if (was_told(subject, what_of(incident, "called")).value_or(true)) continue;
        ports::ActRow act;
        act.at = clock_.now();
        act.kind = "device_called";
        act.purpose = std::string(model::to_word(model::Purpose::care));
        act.subject = subject;
        act.detail = what_of(incident, "called");
        const std::string payload =
            fmt::format(R"({{"id":"{}","command":"call","values":{{"reason":"quiet"}},"time":"{}"}})",
                        protect::new_token().substr(0, 16), base::format_utc(act.at));
        node_.write_records({std::move(act)}, [this, code = device.code, payload](const base::Result<void>& stored) {
            if (stored && courier_) courier_->command(code, payload);
        });
    }
}

}  // namespace shoumen::shell

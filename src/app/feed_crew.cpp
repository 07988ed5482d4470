#include "feed_crew.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "app/http_client.hpp"
#include "base/hash.hpp"

#include "feed_photo.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;
using What = CrewStep::What;

constexpr std::chrono::milliseconds between_looks{1500};
constexpr std::chrono::seconds after_failure{2};
constexpr unsigned most_incidents = 2000;
constexpr std::string_view users_device = "d-1";

std::string text_at(const json::object& o, std::string_view key) {
    const auto* v = o.if_contains(key);
    return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}

base::Time time_at(const json::object& o, std::string_view key) {
    return base::parse_rfc3339(text_at(o, key)).value_or(base::Time::none());
}

template <class Each>
void each_object(const json::object& o, std::string_view key, Each each) {
    const auto* list = o.if_contains(key);
    if (list == nullptr || !list->is_array()) return;
    for (const auto& item : list->get_array()) {
        if (item.is_object()) each(item.get_object());
    }
}

std::optional<json::object> object_in(const std::optional<HttpAnswer>& answer, unsigned wanted) {
    if (!answer || answer->status != wanted) return std::nullopt;
    boost::system::error_code ec;
    auto value = json::parse(answer->body, ec);
    if (ec || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

// Works for a summary and for the whole incident; a summary leaves some open.
CrewView view_of(const json::object& o, const std::string& self) {
    CrewView v{.id = text_at(o, "id"),
               .kind = text_at(o, "kind"),
               .place = {},
               .state = text_at(o, "state"),
               .severity = text_at(o, "severity")};
    if (const auto* place = o.if_contains("place"); place != nullptr && place->is_object())
        v.place = text_at(place->get_object(), "code");
    v.opened = time_at(o, "opened");
    v.latest_alert = time_at(o, "latest_alert");
    if (const auto* t = o.if_contains("times"); t != nullptr && t->is_object()) {
        const auto& times = t->get_object();
        v.acknowledged = time_at(times, "acknowledged");
        v.departed = time_at(times, "departed");
        v.arrived = time_at(times, "arrived");
    }
    v.look_wanted = text_at(o, "look") == "wanted";
    const std::string responder = text_at(o, "responder");
    v.others = o.contains("reporter") || (!responder.empty() && responder != self);
    each_object(o, "timeline", [&](const json::object& entry) {
        const std::string actor = text_at(entry, "actor");
        v.others = v.others || (!actor.empty() && actor != self);
        v.expired_before = v.expired_before || text_at(entry, "type") == "acknowledgement_expired";
    });
    each_object(o, "evidence", [&](const json::object& e) {
        v.after_photo =
            v.after_photo || (text_at(e, "phase") == "after" && v.arrived.is_set() && time_at(e, "added") >= v.arrived);
    });
    return v;
}

bool lies_in(const json::object& incident, const std::string& code) {
    const auto* place = incident.if_contains("place");
    if (code.empty() || place == nullptr || !place->is_object()) return false;
    bool inside = false;
    each_object(place->get_object(), "path",
                [&](const json::object& step) { inside = inside || text_at(step, "code") == code; });
    return inside;
}

std::string users_stairwell(const model::Policy& policy) {
    const auto device = policy.device_by_code.find(users_device);
    if (device == policy.device_by_code.end()) return {};
    const auto place = policy.ancestor(policy.devices[device->second.value].place, model::PlaceLevel::unit);
    return place.valid() ? policy.places[place.value].code : std::string();
}

std::string_view word_of(What what) {
    switch (what) {
        case What::acknowledge:
            return "acknowledge";
        case What::depart:
            return "depart";
        case What::arrive:
            return "arrive";
        case What::resolve:
            return "resolve";
        case What::false_alarm:
            return "mark_false_alarm";
        case What::photo:
            break;
    }
    return "";
}

}  // namespace

struct Crew::Impl {
    CrewOptions options;
    HttpClient http;
    std::string users_place;
    std::string token;
    std::string person;
    std::atomic<bool> stopping{false};
    std::mutex mutex;
    std::condition_variable bell;

    explicit Impl(CrewOptions o)
        : options(std::move(o)), http("127.0.0.1", options.http_port), users_place(users_stairwell(*options.policy)) {}

    void pause(std::chrono::milliseconds d) {
        std::unique_lock lock(mutex);
        bell.wait_for(lock, d, [this] { return stopping.load(); });
    }

    bool sign_in() {
        const json::object body{{"account", options.account}, {"password", options.password}};
        const auto answer = http.ask({.method = "POST",
                                      .target = "/api/v1/session",
                                      .content_type = "application/json",
                                      .body = json::serialize(body)});
        const auto session = object_in(answer, 200);
        if (!session) return false;
        token = text_at(*session, "token");
        person = text_at(*session, "person");
        return !token.empty();
    }

    std::optional<json::object> get(const std::string& target) {
        const auto answer = http.ask({.target = target, .bearer = token, .content_type = {}, .body = {}});
        if (answer && answer->status == 401) token.clear();
        return object_in(answer, 200);
    }

    // One look at the list; whatever is due is done.
    bool look() {
        const auto list = get(fmt::format("/api/v1/incidents?live=1&limit={}", most_incidents));
        if (!list) return false;
        const base::Time now = time_at(*list, "now");
        std::vector<std::string> due;
        each_object(*list, "incidents", [&](const json::object& summary) {
            if (!lies_in(summary, users_place) && may_be_due(view_of(summary, person), now))
                due.push_back(text_at(summary, "id"));
        });
        for (const auto& id : due) {
            if (stopping) return true;
            take_on(id, now);
        }
        return true;
    }

    // A summary tells when it was opened, but not when they set out: then the whole incident has to be looked at.
    [[nodiscard]] bool may_be_due(const CrewView& v, base::Time now) const {
        if (v.others || v.state == "resolved" || habit_of(v.kind, v.place, options.seed) == Habit::leave) return false;
        if (v.state != "open") return true;
        const auto step = next_step(v, options.seed);
        return step && step->due <= now;
    }

    void take_on(const std::string& id, base::Time now) {
        const auto incident = get("/api/v1/incidents/" + id);
        if (!incident) return;
        const CrewView v = view_of(*incident, person);
        const auto step = next_step(v, options.seed);
        if (!step || step->due > now) return;
        if (step->what == What::photo) return send_photo(v, step->due);
        // Refused: somebody was quicker, or the rules say no. Both are theirs to accept.
        http.ask({.method = "POST",
                  .target = fmt::format("/api/v1/incidents/{}/actions/{}", id, word_of(step->what)),
                  .bearer = token,
                  .content_type = "application/json",
                  .body = "{}"});
    }

    // Two of three telephones write down when a picture was taken.
    void send_photo(const CrewView& v, base::Time taken) {
        const std::uint64_t salt = base::fast_hash(fmt::format("photo/{}/{}/{}", v.id, v.arrived.us, options.seed));
        http.ask({.method = "POST",
                  .target = fmt::format("/api/v1/incidents/{}/evidence?phase=after", v.id),
                  .bearer = token,
                  .content_type = "image/jpeg",
                  .body = draw_photo(salt, salt % 3 == 0 ? base::Time::none() : taken, options.policy->zone)});
    }
};

Crew::Crew(CrewOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Crew::~Crew() = default;

void Crew::run() {
    Impl& m = *impl_;
    bool said = false;
    while (!m.stopping) {
        if (m.token.empty() && !m.sign_in()) {
            if (!said && !m.stopping && m.options.log) m.options.log("demo feed: the crew cannot sign in yet");
            said = true;
            m.pause(after_failure);
            continue;
        }
        m.pause(m.look() ? between_looks : after_failure);
    }
}

void Crew::stop() {
    impl_->http.interrupt();
    const std::scoped_lock lock(impl_->mutex);
    impl_->stopping = true;
    impl_->bell.notify_all();
}

}  // namespace shoumen::app

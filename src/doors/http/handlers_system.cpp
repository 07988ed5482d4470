#include "door.hpp"
#include "handlers.hpp"

namespace shoumen::doors::http {

void get_health(Door& door, const CallPtr& call) {
    const auto health = door.desk().health();
    call->reply(json_answer(health.ready && health.storing ? 200 : 503, render_health(health, door.options().demo)));
}

// Answered by the thread that does all else: who hears this may wait; who does not should start it anew. A disk that is
// full is no reason to.
void get_live(Door&, const CallPtr& call) { call->reply(json_answer(200, R"({"live":true})")); }

void get_openapi(Door& door, const CallPtr& call) {
    call->reply(Answer{.content_type = "application/json", .shared_body = door.openapi_text()}.with("Cache-Control",
                                                                                                    "no-cache"));
}

void get_errors(Door& door, const CallPtr& call) {
    call->reply(Answer{.content_type = "application/json", .shared_body = door.errors_text()}.with("Cache-Control",
                                                                                                   "no-cache"));
}

void get_metrics(Door& door, const CallPtr& call) {
    call->reply(Answer{.content_type = "text/plain; version=0.0.4; charset=utf-8",
                       .body = door.desk().metrics() + to_prometheus(door.figures(), door.catalogue()) +
                               (door.options().more_metrics ? door.options().more_metrics() : std::string())});
}

// Reached only by a plain GET: the connection itself turns an upgrade into a live one.
void live_without_websocket(Door& door, const CallPtr& call) {
    call->reply(door.error({"upgrade-required", "", "Upgrade"}).with("Upgrade", "websocket"));
}

}  // namespace shoumen::doors::http

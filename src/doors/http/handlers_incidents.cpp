#include <algorithm>

#include <fmt/format.h>

#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"

namespace shoumen::doors::http {

namespace {

using CommandDone = std::function<void(base::Result<model::CommandResult>)>;

// The incidents that could be merged into, with what a person tells them apart by.
std::vector<model::Incident> merge_targets(Door& door, const ports::Session& session,
                                           const std::vector<model::IncidentId>& ids) {
    if (ids.empty()) return {};
    auto live = door.desk().incidents(session, {.live_only = true, .limit = 2'000});
    if (!live) return {};
    std::erase_if(*live, [&ids](const auto& i) { return std::ranges::find(ids, i.id) == ids.end(); });
    return std::move(*live);
}

Answer detail(Door& door, const ports::Session& session, const base::Result<ports::IncidentView>& view) {
    if (!view) return door.error(view.error());
    Phrases* phrases = door.phrases();
    if (!phrases) return door.error({"not-ready", "", {}});
    const DetailParts parts{door.catalogue(), merge_targets(door, session, view->merge_targets)};
    return json_answer(200, render_detail(*phrases, *view, door.desk().now(), parts));
}

std::function<void(base::Result<ports::IncidentView>)> then_answer(Door& door, const CallPtr& call) {
    return [&door, call](const base::Result<ports::IncidentView>& view) {
        if (call->reply.wanted()) call->reply(detail(door, *call->session, view));
    };
}

// What became of a command: its refusal, or the incident as it is now.
CommandDone then_detail(Door& door, const CallPtr& call, model::IncidentId id) {
    return [&door, call, id](const base::Result<model::CommandResult>& result) {
        if (!call->reply.wanted()) return;
        if (!result) return call->reply(door.error(result.error()));
        if (!result->accepted) return call->reply(door.error({result->code, "", {}}));
        door.desk().incident(*call->session, id, then_answer(door, call));
    };
}

base::Result<model::IncidentId> id_of(const Call& call) {
    return parse_id(call.params[0], "id").map([](std::uint64_t id) { return model::IncidentId{id}; });
}

// What is the same for every command: who gives it, and the key that keeps it from acting twice.
base::Result<void> complete(const Call& call, model::Command& command) {
    // The key stands for this request: with other contents it is another one, and is not swallowed.
    std::string asked = std::to_string(base::fast_hash(call.request.body));
    for (const std::string& segment : call.request.head.target.segments) asked += "/" + segment;
    const auto key = parse_request_key(call.request.head.idempotency_key, call.session->account, asked);
    if (!key) return tl::unexpected(key.error());
    command.actor = call.session->actor;
    command.request = *key;
    return {};
}

std::string_view suffix_of(std::string_view media_type) {
    if (media_type == "image/png") return "png";
    return media_type == "image/webp" ? "webp" : "jpg";
}

// Never shown as anything but a picture, and kept by no cache that would not ask again.
Answer picture(const Call& call, const ports::EvidenceRow& row, std::string bytes) {
    const std::string etag = '"' + call.params[0] + '"';
    Answer answer{.content_type = row.media_type, .body = std::move(bytes)};
    if (call.request.head.if_none_match == etag) answer = Answer{.status = 304};
    answer.with("Cache-Control", "private, no-cache").with("ETag", etag);
    answer.with("Content-Disposition",
                fmt::format("attachment; filename=\"{}.{}\"", call.params[0].substr(0, 16), suffix_of(row.media_type)));
    return answer;
}

}  // namespace

void list_incidents(Door& door, const CallPtr& call) {
    auto query = parse_incident_query(call->request.head.target);
    if (!query) return call->reply(door.error(query.error()));
    auto incidents = door.desk().incidents(*call->session, *query);
    if (!incidents) return call->reply(door.error(incidents.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    const bool more = incidents->size() >= query->limit;
    if (more) incidents->resize(query->limit - 1);
    call->reply(json_answer(200, render_list(*phrases, *incidents, more, door.desk().now())));
}

void get_incident(Door& door, const CallPtr& call) {
    const auto id = id_of(*call);
    if (!id) return call->reply(door.error(id.error()));
    door.desk().incident(*call->session, *id, then_answer(door, call));
}

void show_incident(Door& door, const CallPtr& call) {
    const auto id = id_of(*call);
    if (!id) return call->reply(door.error(id.error()));
    auto asked = parse_show(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().ask_to_see(*call->session, *id, std::move(asked->items), asked->purpose, then_answer(door, call));
}

void report_incident(Door& door, const CallPtr& call) {
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    auto asked = parse_report(call->request.body, phrases->policy());
    if (!asked) return call->reply(door.error(asked.error()));
    if (const auto whole = complete(*call, asked->command); !whole) return call->reply(door.error(whole.error()));
    door.desk().command(
        *call->session, std::move(asked->command), std::move(asked->text),
        [&door, call](const base::Result<model::CommandResult>& result) {
            if (!call->reply.wanted()) return;
            if (!result) return call->reply(door.error(result.error()));
            if (!result->accepted) return call->reply(door.error({result->code, "", {}}));
            const auto id = std::to_string(result->incident.value);
            call->reply(
                json_answer(201, fmt::format(R"({{"id":"{}"}})", id)).with("Location", "/api/v1/incidents/" + id));
        });
}

void act_on_incident(Door& door, const CallPtr& call) {
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    const auto id = id_of(*call);
    if (!id) return call->reply(door.error(id.error()));
    auto asked = parse_action(call->params[1], call->request.body, phrases->policy());
    if (!asked) return call->reply(door.error(asked.error()));
    if (const auto whole = complete(*call, asked->command); !whole) return call->reply(door.error(whole.error()));
    asked->command.incident = *id;
    door.desk().command(*call->session, std::move(asked->command), std::move(asked->text),
                        then_detail(door, call, *id));
}

void add_evidence(Door& door, const CallPtr& call) {
    const auto id = id_of(*call);
    if (!id) return call->reply(door.error(id.error()));
    const auto& head = call->request.head;
    const auto phase = model::parse_EvidencePhase(head.target.param("phase").value_or(""));
    if (!phase) return call->reply(door.error({"bad-request", "phase is before or after.", "phase"}));
    if (call->request.body.empty())
        return call->reply(door.error({"bad-request", "The body is the picture; it is empty.", {}}));
    door.desk().add_evidence(*call->session, *id, *phase, media_type_of(head.content_type),
                             std::move(call->request.body), then_detail(door, call, *id));
}

void get_evidence(Door& door, const CallPtr& call) {
    const auto hash = parse_sha256(call->params[0]);
    if (!hash) return call->reply(door.error(hash.error()));
    door.desk().evidence(
        *call->session, *hash, [&door, call](base::Result<std::pair<ports::EvidenceRow, std::string>> found) {
            if (!call->reply.wanted()) return;
            call->reply(found ? picture(*call, found->first, std::move(found->second)) : door.error(found.error()));
        });
}

}  // namespace shoumen::doors::http

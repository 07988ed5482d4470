#include "door.hpp"
#include "handlers.hpp"
#include "json_writer.hpp"
#include "parse.hpp"

namespace shoumen::doors::http {

namespace {

// A secret that is shown once: {"token": "…"}.
std::function<void(base::Result<std::string>)> then_secret(Door& door, const CallPtr& call, std::string_view field) {
    return [&door, call, field](const base::Result<std::string>& result) {
        if (!call->reply.wanted()) return;
        if (!result) return call->reply(door.error(result.error()));
        JsonWriter out;
        out.begin().field(field, *result).end();
        call->reply(json_answer(201, out.take()));
    };
}

}  // namespace

void list_quarantine(Door& door, const CallPtr& call) {
    const auto query = parse_quarantine_query(call->request.head.target);
    if (!query) return call->reply(door.error(query.error()));
    const auto rows = door.desk().quarantine(*call->session, query->before, query->limit);
    if (!rows) return call->reply(door.error(rows.error()));
    const auto counts = door.desk().quarantine_counts(*call->session);
    if (!counts) return call->reply(door.error(counts.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, render_quarantine(*phrases, *rows, *counts)));
}

void list_devices(Door& door, const CallPtr& call) {
    const auto devices = door.desk().devices(*call->session);
    if (!devices) return call->reply(door.error(devices.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, render_devices(*phrases, *devices)));
}

void issue_device_token(Door& door, const CallPtr& call) {
    door.desk().issue_device_token(*call->session, call->params[0], then_secret(door, call, "token"));
}

void revoke_device_tokens(Door& door, const CallPtr& call) {
    door.desk().revoke_device_tokens(*call->session, call->params[0], [&door, call](const base::Result<void>& result) {
        if (!call->reply.wanted()) return;
        call->reply(result ? Answer{.status = 204} : door.error(result.error()));
    });
}

void certify_device(Door& door, const CallPtr& call) {
    auto request = parse_certificate_request(call->request.body);
    if (!request) return call->reply(door.error(request.error()));
    door.desk().certify_device(*call->session, call->params[0], std::move(*request),
                               [&door, call](const base::Result<ports::DeviceCertificate>& made) {
                                   if (!call->reply.wanted()) return;
                                   if (!made) return call->reply(door.error(made.error()));
                                   Phrases* phrases = door.phrases();
                                   if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
                                   JsonWriter out;
                                   out.begin()
                                       .field("certificate", made->certificate)
                                       .field("authority", made->authority)
                                       .field("until", phrases->time(made->until))
                                       .end();
                                   call->reply(json_answer(201, out.take()));
                               });
}

void command_device(Door& door, const CallPtr& call) {
    auto asked = parse_device_command(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->device = call->params[0];
    door.desk().command_device(*call->session, std::move(*asked), [&door, call](const base::Result<std::string>& id) {
        if (!call->reply.wanted()) return;
        if (!id) return call->reply(door.error(id.error()));
        JsonWriter out;
        out.begin().field("id", *id).end();
        call->reply(json_answer(202, out.take()));
    });
}

void list_acts(Door& door, const CallPtr& call) {
    auto query = parse_act_query(call->request.head.target);
    if (!query) return call->reply(door.error(query.error()));
    // Without a subject what was done to oneself is meant, unless one may see all, or asks what one did.
    const std::string& own = call->session->actor.person.code;
    if (!query->subject && query->actor != own &&
        !door.desk().admit(*call->session, model::Item::acts, model::Sight::clear))
        query->subject = "person:" + own;
    const auto acts = door.desk().acts(*call->session, *query);
    if (!acts) return call->reply(door.error(acts.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, render_acts(*phrases, *acts)));
}

void get_policy(Door& door, const CallPtr& call) {
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, render_policy(*phrases)));
}

void add_account(Door& door, const CallPtr& call) {
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    auto asked = parse_new_account(call->request.body, phrases->policy());
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().add_account(*call->session, std::move(*asked), then_secret(door, call, "one_time_password"));
}

}  // namespace shoumen::doors::http

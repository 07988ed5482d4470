// A wider sight for a short time, with a reason.
#include "ports/wider_sight.hpp"

#include "answers.hpp"
#include "parse.hpp"

namespace shoumen::doors::http {

namespace {

void write_row(JsonWriter& out, Phrases& phrases, const ports::WiderSightRow& row) {
    out.begin().field("id", std::to_string(row.id)).field("account", row.account).field("person", row.person);
    out.field("role", row.role).field("reason", row.reason);
    out.field("since", phrases.time(row.since)).field("until", phrases.time(row.until));
    if (row.ended != base::Time::never()) out.field("ended", phrases.time(row.ended)).field("ended_by", row.ended_by);
    out.end();
}

std::string render_wider_sights(Phrases& phrases, const ports::WiderSights& sights) {
    JsonWriter out;
    out.begin().field("may", sights.may).field("lasts_s", static_cast<std::uint64_t>(sights.lasts.us / 1'000'000));
    out.key("wider_sights").begin_array();
    for (const auto& row : sights.rows) write_row(out, phrases, row);
    out.end_array().end();
    return out.take();
}

std::string render_wider_sight(Phrases& phrases, const ports::WiderSightRow& row) {
    JsonWriter out;
    write_row(out, phrases, row);
    return out.take();
}

}  // namespace

void list_wider_sights(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().wider().wider_sights(*call->session), 200, render_wider_sights);
}

void open_wider(Door& door, const CallPtr& call) {
    auto reason = parse_reason(call->request.body);
    if (!reason) return call->reply(door.error(reason.error()));
    door.desk().wider().open_wider(*call->session, std::move(*reason), [&door, call](const auto& row) {
        answer_with(door, call, row, 201, render_wider_sight);
    });
}

void close_wider(Door& door, const CallPtr& call) {
    const auto id = parse_id(call->params.back(), "id");
    if (!id) return call->reply(door.error(id.error()));
    door.desk().wider().close_wider(*call->session, *id, then_nothing(door, call));
}

}  // namespace shoumen::doors::http

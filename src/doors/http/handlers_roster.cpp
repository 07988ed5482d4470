// The duty roster of today and tomorrow.
#include "ports/roster.hpp"

#include "answers.hpp"

namespace shoumen::doors::http {

namespace {

std::string render_roster(Phrases& phrases, const ports::Roster& roster) {
    JsonWriter out;
    out.begin().field("from", phrases.time(roster.from)).field("until", phrases.time(roster.until));
    out.key("bodies").begin_array();
    for (const auto id : roster.bodies) {
        out.begin().key("body").raw(phrases.body(id));
        out.key("shifts").begin_array();
        for (const auto& shift : roster.shifts) {
            if (shift.body != id) continue;
            out.begin().field("person", shift.person.code);
            out.field("from", phrases.time(shift.from)).field("until", phrases.time(shift.until));
            out.key("channels").begin_array();
            for (const auto channel : shift.channels) out.text(to_word(channel));
            out.end_array().end();
        }
        out.end_array().end();
    }
    out.end_array().end();
    return out.take();
}

}  // namespace

void get_roster(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().duties().roster(*call->session), 200, render_roster);
}

}  // namespace shoumen::doors::http

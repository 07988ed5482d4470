// Ways in other than the password: codes to a telephone, single sign-on.
#include "ports/ways_in.hpp"

#include "answers.hpp"
#include "parse.hpp"
#include "render_accounts.hpp"

namespace shoumen::doors::http {

namespace {

std::function<void(const base::Result<ports::SignedIn>&)> then_signed_in(Door& door, const CallPtr& call) {
    return [&door, call](const auto& result) {
        if (call->reply.wanted()) call->reply(answer_to_sign_in(door, *call, result));
    };
}

}  // namespace

void get_ways_in(Door& door, const CallPtr& call) {
    call->reply(json_answer(200, render_ways(door.desk().ways_in().ways())));
}

void send_code(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"phone"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().ways_in().send_code(std::move(asked->phone), caller_of(call->request.head),
                                    [&door, call](const base::Result<void>& result) {
                                        if (!call->reply.wanted()) return;
                                        call->reply(result ? Answer{.status = 204} : door.error(result.error()));
                                    });
}

void sign_in_by_code(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"phone", "code"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().ways_in().sign_in_by_code(std::move(asked->phone), std::move(asked->code),
                                          caller_of(call->request.head), then_signed_in(door, call));
}

void begin_sign_on(Door& door, const CallPtr& call) {
    door.desk().ways_in().begin_sign_on(caller_of(call->request.head), [&door, call](const auto& begun) {
        answer_with(door, call, begun, 200, render_sign_on_begun);
    });
}

void finish_sign_on(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"code", "state", "binding"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().ways_in().finish_sign_on({std::move(asked->code), std::move(asked->state), std::move(asked->binding)},
                                         caller_of(call->request.head), then_signed_in(door, call));
}

// --- Of an account ------------------------------------------------------------------------------------------------

void get_account_ways(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().ways_in().ways_of(*call->session, call->params[0]), 200, render_account_ways);
}

void set_phone(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"phone"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().ways_in().set_phone(*call->session, call->params[0], std::move(asked->phone), then_nothing(door, call));
}

void remove_phone(Door& door, const CallPtr& call) {
    door.desk().ways_in().remove_phone(*call->session, call->params[0], then_nothing(door, call));
}

void link_sign_on(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"subject"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().ways_in().link_sign_on(*call->session, call->params[0], std::move(asked->subject),
                                       then_nothing(door, call));
}

void unlink_sign_on(Door& door, const CallPtr& call) {
    door.desk().ways_in().unlink_sign_on(*call->session, call->params[0], then_nothing(door, call));
}

}  // namespace shoumen::doors::http

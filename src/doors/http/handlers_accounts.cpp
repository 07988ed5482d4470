// Accounts, roles, sessions, tokens of programs, and who acts for whom.
#include "answers.hpp"
#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"
#include "render_accounts.hpp"

namespace shoumen::doors::http {

namespace {

// Whose it is: the name in the path, or one's own.
std::string_view whose(const Call& call) {
    return call.route->pattern.starts_with("/api/v1/accounts/") ? std::string_view(call.params[0]) : std::string_view();
}

std::optional<std::uint64_t> id_in(Door& door, const CallPtr& call) {
    const auto id = parse_id(call->params.back(), "id");
    if (id) return *id;
    call->reply(door.error(id.error()));
    return std::nullopt;
}

}  // namespace

void list_accounts(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().people().accounts(*call->session), 200, render_accounts);
}

void get_account(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().people().account(*call->session, whose(*call)), 200, render_account);
}

void give_role(Door& door, const CallPtr& call) {
    auto asked = parse_grant(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->account = call->params[0];
    door.desk().people().give_role(*call->session, std::move(*asked), [&door, call](const auto& grant) {
        answer_with(door, call, grant, 201, render_grant);
    });
}

void end_role(Door& door, const CallPtr& call) {
    const auto id = id_in(door, call);
    if (id) door.desk().people().end_role(*call->session, whose(*call), *id, then_nothing(door, call));
}

void reset_password(Door& door, const CallPtr& call) {
    door.desk().people().reset_password(*call->session, whose(*call), [&door, call](const auto& password) {
        answer_with(door, call, password, 201, render_one_time_password);
    });
}

void unlock_account(Door& door, const CallPtr& call) {
    door.desk().people().unlock(*call->session, whose(*call), then_nothing(door, call));
}

void reset_second_factor(Door& door, const CallPtr& call) {
    door.desk().people().reset_second_factor(*call->session, whose(*call), then_nothing(door, call));
}

void leave_account(Door& door, const CallPtr& call) {
    const auto anyway = parse_leave(call->request.body);
    if (!anyway) return call->reply(door.error(anyway.error()));
    door.desk().people().leave(*call->session, whose(*call), *anyway,
                               [&door, call](const auto& left) { answer_with(door, call, left, 200, render_left); });
}

void list_sessions(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().people().sessions(*call->session, whose(*call)), 200, render_sessions);
}

void end_session(Door& door, const CallPtr& call) {
    door.desk().people().end_session(*call->session, whose(*call), call->params.back(), then_nothing(door, call));
}

void end_sessions(Door& door, const CallPtr& call) {
    door.desk().people().end_sessions(*call->session, whose(*call), then_nothing(door, call));
}

void list_tokens(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().people().api_tokens(*call->session, whose(*call)), 200, render_tokens);
}

void make_token(Door& door, const CallPtr& call) {
    auto asked = parse_token(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().people().make_api_token(*call->session, std::move(*asked), [&door, call](const auto& made) {
        answer_with(door, call, made, 201, render_token_made);
    });
}

void revoke_token(Door& door, const CallPtr& call) {
    const auto id = id_in(door, call);
    if (id) door.desk().people().revoke_api_token(*call->session, whose(*call), *id, then_nothing(door, call));
}

void list_delegations(Door& door, const CallPtr& call) {
    const auto of = call->request.head.target.param("of");
    if (of && of->size() > 64) return call->reply(door.error({"bad-value", "of is the code of a person.", "of"}));
    const model::Person person{std::string(of.value_or(""))};
    answer_with(door, call, door.desk().people().delegations(*call->session, person), 200, render_delegations);
}

void give_delegation(Door& door, const CallPtr& call) {
    auto asked = parse_delegation(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().people().delegate(*call->session, std::move(*asked), [&door, call](const auto& row) {
        answer_with(door, call, row, 201, render_delegation);
    });
}

void end_delegation(Door& door, const CallPtr& call) {
    const auto id = id_in(door, call);
    if (id) door.desk().people().end_delegation(*call->session, *id, then_nothing(door, call));
}

}  // namespace shoumen::doors::http

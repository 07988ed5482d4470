#include <algorithm>

#include "answers.hpp"
#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"
#include "render_accounts.hpp"

namespace shoumen::doors::http {

namespace {

std::vector<model::Item> items_with(Door& door, const ports::Session& session, model::Sight sight) {
    std::vector<model::Item> items;
    for (std::size_t i = 0; i < model::item_count; ++i) {
        const auto item = static_cast<model::Item>(i);
        if (door.desk().admit(session, item, sight)) items.push_back(item);
    }
    return items;
}

std::string rendered(Door& door, Phrases& phrases, const ports::Session& session, std::string_view token) {
    const ItemsOf items{.sees = items_with(door, session, model::Sight::clear),
                        .changes = items_with(door, session, model::Sight::change)};
    return render_session(phrases, session, items, token);
}

}  // namespace

Answer answer_to_sign_in(Door& door, const Call& call, const base::Result<ports::SignedIn>& result) {
    if (!result) return door.error(result.error());
    Phrases* phrases = door.phrases();
    if (!phrases) return door.error({"not-ready", "", {}});
    if (result->half) return json_answer(202, render_half(*phrases, *result));
    const auto left_s = (result->session.expires - door.desk().now()).us / 1'000'000;
    return json_answer(200, rendered(door, *phrases, result->session, result->token))
        .with("Set-Cookie",
              cookie_of_session(result->token, std::max<long>(left_s, 0), call.request.head.forwarded_https));
}

void sign_in(Door& door, const CallPtr& call) {
    auto asked = parse_sign_in(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().sign_in(std::move(asked->account), std::move(asked->password), caller_of(call->request.head),
                        [&door, call](const auto& result) {
                            if (call->reply.wanted()) call->reply(answer_to_sign_in(door, *call, result));
                        });
}

void second_step(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"half", "code"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().second_step(std::move(asked->half), std::move(asked->code), caller_of(call->request.head),
                            [&door, call](const auto& result) {
                                if (call->reply.wanted()) call->reply(answer_to_sign_in(door, *call, result));
                            });
}

void get_session(Door& door, const CallPtr& call) {
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, rendered(door, *phrases, *call->session, "")));
}

void sign_out(Door& door, const CallPtr& call) {
    door.desk().sign_out(*call->session, [&door, call](const base::Result<void>& result) {
        if (!call->reply.wanted()) return;
        if (!result) return call->reply(door.error(result.error()));
        call->reply(
            Answer{.status = 204}.with("Set-Cookie", cookie_of_session("", 0, call->request.head.forwarded_https)));
    });
}

void change_password(Door& door, const CallPtr& call) {
    auto asked = parse_password_change(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().change_password(*call->session, std::move(asked->old_password), std::move(asked->new_password),
                                [&door, call](const base::Result<void>& result) {
                                    if (!call->reply.wanted()) return;
                                    call->reply(result ? Answer{.status = 204} : door.error(result.error()));
                                });
}

// --- The second step of signing in ---------------------------------------------------------------------------------

void get_second_factor(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().people().second_factor(*call->session), 200, render_second_factor);
}

void begin_second_factor(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"password"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().people().begin_second_factor(
        *call->session, std::move(asked->password),
        [&door, call](const auto& enrolment) { answer_with(door, call, enrolment, 201, render_enrolment); });
}

void confirm_second_factor(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"code"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().people().confirm_second_factor(
        *call->session, std::move(asked->code),
        [&door, call](const auto& codes) { answer_with(door, call, codes, 200, render_recovery_codes); });
}

void remove_second_factor(Door& door, const CallPtr& call) {
    auto asked = parse_step(call->request.body, {"password", "code"});
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().people().remove_second_factor(*call->session, std::move(asked->password), std::move(asked->code),
                                              then_nothing(door, call));
}

}  // namespace shoumen::doors::http

// Devices as things that are bought, put up, looked after and thrown away.
#include <fmt/format.h>

#include "ports/upkeep.hpp"

#include "answers.hpp"
#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"
#include "parse_upkeep.hpp"
#include "render_persons.hpp"
#include "render_upkeep.hpp"

namespace shoumen::doors::http {
namespace {

// The same, where codes are told with their words.
template <class T, class Render>
void answer_told(Door& door, const CallPtr& call, const base::Result<T>& result, unsigned status, Render render) {
    answer_with(door, call, result, status,
                [&](Phrases& phrases, const T& value) { return render(phrases, door.catalogue(), value); });
}

void answer_empty(Door& door, const CallPtr& call, const base::Result<void>& result) {
    if (call->reply.wanted()) call->reply(result ? Answer{.status = 204} : door.error(result.error()));
}

std::optional<std::uint64_t> number_in(Door& door, const CallPtr& call) {
    const auto id = parse_id(call->params[0], "id");
    if (id) return *id;
    call->reply(door.error(id.error()));
    return std::nullopt;
}

}  // namespace

void list_kept_devices(Door& door, const CallPtr& call) {
    const auto query = parse_device_query(call->request.head.target);
    if (!query) return call->reply(door.error(query.error()));
    answer_with(door, call, door.desk().upkeep().devices(*call->session, *query), 200, render_device_page);
}

void get_kept_device(Door& door, const CallPtr& call) {
    answer_told(door, call, door.desk().upkeep().device(*call->session, call->params[0]), 200, render_kept_device);
}

void put_kept_device(Door& door, const CallPtr& call) {
    auto asked = parse_device_change(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->device = call->params[0];
    door.desk().upkeep().change(*call->session, std::move(*asked), [&door, call](const auto& device) {
        answer_told(door, call, device, 200, render_kept_device);
    });
}

void move_device(Door& door, const CallPtr& call) {
    auto asked = parse_device_move(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->device = call->params[0];
    door.desk().upkeep().move(*call->session, std::move(*asked), [&door, call](const auto& device) {
        answer_told(door, call, device, 200, render_kept_device);
    });
}

void rotate_device_token(Door& door, const CallPtr& call) {
    auto asked = parse_rotation(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->device = call->params[0];
    door.desk().upkeep().rotate(*call->session, std::move(*asked), [&door, call](const auto& made) {
        answer_with(door, call, made, 201, render_rotated);
    });
}

void import_devices(Door& door, const CallPtr& call) {
    const auto check = call->request.head.target.param("check").value_or("0");
    if (check != "0" && check != "1") return call->reply(door.error({"bad-request", "check is 0 or 1.", "check"}));
    door.desk().upkeep().import(*call->session, std::move(call->request.body), check == "1",
                                [&door, call](const base::Result<ports::ImportReport>& report) {
                                    if (!call->reply.wanted()) return;
                                    if (!report) return call->reply(door.error(report.error()));
                                    call->reply(json_answer(200, render_import(door.catalogue(), *report)));
                                });
}

void list_tray(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().upkeep().tray(*call->session), 200, render_tray);
}

void take_in_device(Door& door, const CallPtr& call) {
    auto asked = parse_take(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->device = call->params[0];
    door.desk().upkeep().take_in(*call->session, std::move(*asked), [&door, call](const auto& device) {
        answer_told(door, call, device, 201, render_kept_device);
    });
}

void leave_device(Door& door, const CallPtr& call) {
    door.desk().upkeep().leave(*call->session, call->params[0],
                               [&door, call](const auto& result) { answer_empty(door, call, result); });
}

void list_work(Door& door, const CallPtr& call) {
    const auto query = parse_work_query(call->request.head.target);
    if (!query) return call->reply(door.error(query.error()));
    answer_told(door, call, door.desk().upkeep().work(*call->session, *query), 200, render_work_list);
}

void work_on(Door& door, const CallPtr& call) {
    const auto id = number_in(door, call);
    if (!id) return;
    auto asked = parse_work(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->id = *id;
    door.desk().upkeep().work_on(*call->session, std::move(*asked),
                                 [&door, call](const auto& work) { answer_told(door, call, work, 200, render_work); });
}

void list_rounds(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().upkeep().rounds(*call->session), 200, render_rounds);
}

void plan_round(Door& door, const CallPtr& call) {
    auto asked = parse_round(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().upkeep().plan(*call->session, std::move(*asked),
                              [&door, call](const auto& round) { answer_with(door, call, round, 201, render_round); });
}

void get_round(Door& door, const CallPtr& call) {
    const auto id = number_in(door, call);
    if (id) answer_with(door, call, door.desk().upkeep().round(*call->session, *id), 200, render_round);
}

void tick_device(Door& door, const CallPtr& call) {
    const auto id = number_in(door, call);
    if (!id) return;
    auto asked = parse_tick(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->round = *id;
    door.desk().upkeep().tick(*call->session, std::move(*asked),
                              [&door, call](const auto& tick) { answer_told(door, call, tick, 200, render_tick); });
}

void end_round(Door& door, const CallPtr& call) {
    const auto id = number_in(door, call);
    if (!id) return;
    door.desk().upkeep().end_round(
        *call->session, *id, [&door, call](const auto& round) { answer_with(door, call, round, 200, render_round); });
}

void list_quiet(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().upkeep().quiet(*call->session), 200, render_quiet_list);
}

void begin_quiet(Door& door, const CallPtr& call) {
    auto asked = parse_quiet(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().upkeep().begin_quiet(*call->session, std::move(*asked), [&door, call](const auto& window) {
        answer_with(door, call, window, 201, render_quiet);
    });
}

void end_quiet(Door& door, const CallPtr& call) {
    const auto id = number_in(door, call);
    if (!id) return;
    door.desk().upkeep().end_quiet(*call->session, *id,
                                   [&door, call](const auto& result) { answer_empty(door, call, result); });
}

void get_upkeep_figures(Door& door, const CallPtr& call) {
    answer_with(door, call, door.desk().upkeep().figures(*call->session), 200, render_upkeep_figures);
}

}  // namespace shoumen::doors::http

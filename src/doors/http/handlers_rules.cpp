// Rules: what is in force and what it did, the files of the policy, checking, trying and switching on others; and the
// long tasks that come of it.
#include "door.hpp"
#include "handlers.hpp"
#include "json_writer.hpp"
#include "parse.hpp"

namespace shoumen::doors::http {

namespace {

constexpr std::size_t versions_shown = 50;

// Answers with what `render` makes of the result, under the policy of that moment.
template <class T, class Render>
std::function<void(base::Result<T>)> then(Door& door, const CallPtr& call, unsigned status, Render render) {
    return [&door, call, status, render](const base::Result<T>& result) {
        if (!call->reply.wanted()) return;
        if (!result) return call->reply(door.error(result.error()));
        Phrases* phrases = door.phrases();
        if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
        call->reply(json_answer(status, render(*phrases, *result)));
    };
}

base::Result<ports::Task> asked_task(Door& door, const CallPtr& call,
                                     base::Result<ports::Task> (ports::Desk::*ask)(const ports::Session&,
                                                                                   std::uint64_t)) {
    const auto id = parse_id(call->params[0], "id");
    if (!id) return tl::unexpected(id.error());
    return (door.desk().*ask)(*call->session, *id);
}

}  // namespace

void activate_policy(Door& door, const CallPtr& call) {
    auto asked = parse_activation(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().activate_policy(*call->session, std::move(asked->files), asked->based_on,
                                then<std::uint64_t>(door, call, 200, [](Phrases&, std::uint64_t version) {
                                    JsonWriter out;
                                    out.begin().field("version", version).end();
                                    return out.take();
                                }));
}

void check_policy(Door& door, const CallPtr& call) {
    auto files = parse_directory(call->request.body);
    if (!files) return call->reply(door.error(files.error()));
    door.desk().check_policy(*call->session, std::move(*files),
                             then<std::vector<ports::Finding>>(door, call, 200, [](Phrases&, const auto& findings) {
                                 return render_findings(findings);
                             }));
}

void try_policy(Door& door, const CallPtr& call) {
    auto asked = parse_trial(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().try_policy(*call->session, std::move(asked->files), asked->from, asked->to,
                           then<ports::Task>(door, call, 202, render_task));
}

void get_policy_files(Door& door, const CallPtr& call) {
    std::uint64_t version = 0;
    if (const auto text = call->request.head.target.param("version")) {
        const auto asked = parse_id(*text, "version");
        if (!asked) return call->reply(door.error(asked.error()));
        version = *asked;
    }
    door.desk().policy_files(*call->session, version, then<ports::PolicyFiles>(door, call, 200, render_policy_files));
}

void list_policy_versions(Door& door, const CallPtr& call) {
    door.desk().policy_versions(*call->session, versions_shown,
                                then<std::vector<ports::PolicyVersion>>(door, call, 200, render_policy_versions));
}

void list_rules(Door& door, const CallPtr& call) {
    door.desk().rules(*call->session, then<std::vector<ports::RuleView>>(door, call, 200, render_rules));
}

void list_precision(Door& door, const CallPtr& call) {
    door.desk().precision(*call->session, then<std::vector<model::TrackView>>(door, call, 200, render_precision));
}

void list_tasks(Door& door, const CallPtr& call) {
    then<std::vector<ports::Task>>(door, call, 200, render_tasks)(door.desk().tasks(*call->session));
}

void get_task(Door& door, const CallPtr& call) {
    then<ports::Task>(door, call, 200, render_task)(asked_task(door, call, &ports::Desk::task));
}

void cancel_task(Door& door, const CallPtr& call) {
    then<ports::Task>(door, call, 202, render_task)(asked_task(door, call, &ports::Desk::cancel_task));
}

}  // namespace shoumen::doors::http

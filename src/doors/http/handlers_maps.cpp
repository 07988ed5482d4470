// What is pushed in the form of others, and a sample tried by the maps in force.
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "doors/payload/pushed.hpp"
#include "doors/payload/trying.hpp"

#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"

namespace shoumen::doors::http {

namespace {

void take_as(Door& door, const CallPtr& call, std::string topic) {
    door.signals().take_mapped(call, std::move(topic), call->request.body);
}

}  // namespace

void post_telemetry(Door& door, const CallPtr& call) { take_as(door, call, "v1/devices/me/telemetry"); }

void post_attributes(Door& door, const CallPtr& call) { take_as(door, call, "v1/devices/me/attributes"); }

// On the topic push/SOURCE/FORM or push/SOURCE/PART/FORM.
void push_event(Door& door, const CallPtr& call) {
    const auto pushed = pushed_in(call->request.head.content_type, call->request.body);
    if (!pushed) return door.signals().refuse_mapped(call, pushed.error());
    std::string topic = "push";
    for (std::size_t i = 1; i < call->params.size(); ++i) topic += "/" + call->params[i];
    door.signals().take_mapped(call, fmt::format("{}/{}", topic, pushed->form), pushed->payload, pushed->pictures);
}

void try_map(Door& door, const CallPtr& call) {
    const auto asked = parse_map_try(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    const auto policy = door.intake().policy();
    if (!policy) return call->reply(door.error({"not-ready", "", {}}));
    MappedReader reader;
    const auto made = try_maps(policy->maps, asked->topic, asked->own, asked->payload, reader);
    call->reply(json_answer(200, boost::json::serialize(made)));
}

}  // namespace shoumen::doors::http

// duty.yaml.
#include "draft.hpp"

namespace shoumen::policy {

namespace {

constexpr std::string_view file = "duty.yaml";

base::Time midnight(const Draft& draft, const Day& day) {
    return draft.policy.zone.to_utc(day.year, day.month, day.day, 0);
}

void read_span(Draft& draft, const Source& source, const Fields& fields, model::Duty& duty) {
    const Node* from = fields.find("from");
    const Node* to = fields.find("to");
    const auto first = from ? read_day(source, *from, "from") : std::nullopt;
    const auto end = to ? read_day(source, *to, "to") : std::nullopt;
    if (first) duty.from = midnight(draft, *first);
    if (end) duty.to = midnight(draft, *end);
    if (first && end && duty.from >= duty.to)
        source.at(to->line, "bad-date", "'to' is the first day it no longer holds: it lies after 'from'");
}

void read_hours_and_days(Draft& draft, const Source& source, const Fields& fields, model::Duty& duty) {
    duty.hours = {.from_minute = 0, .to_minute = 24 * 60};
    if (const Node* hours = fields.find("hours")) duty.hours = read_hours(source, *hours).value_or(duty.hours);
    if (const Node* days = fields.find("days")) draft.days(source, *days, duty.hours);
}

void read_channels(const Source& source, const Fields& fields, model::Duty& duty) {
    const Node* node = fields.need("channels");
    if (!node) return;
    // An empty list is said on purpose: on duty, but not to be reached; the check of the month then names the hours.
    if (node->is(Node::Type::list) && node->items.empty()) return;
    duty.channels = read_words<model::Channel>(source, *node, "channel", SHOUMEN_READ(Channel));
}

void read_entry(Draft& draft, const Source& source, const Node& node) {
    const Fields fields(source, node, "duty entry", {"body", "person", "channels", "days", "hours", "from", "to"});
    if (!fields.is_map()) return;
    model::Duty duty;
    duty.line = fields.line();
    if (const Node* body = fields.need("body"))
        duty.body = draft.bodies.resolve(source, "body", *body).value_or(model::BodyId{});
    if (const Node* person = fields.need("person"))
        duty.person.code = read_code(source, *person, "person").value_or("");
    read_channels(source, fields, duty);
    read_hours_and_days(draft, source, fields, duty);
    read_span(draft, source, fields, duty);
    draft.policy.duty.push_back(std::move(duty));
}

}  // namespace

void read_duty(Draft& draft) {
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"duty"});
    const Node* list = fields.need("duty");
    if (!list) return;
    for (const Node* node : items_of(source, *list, "duty")) read_entry(draft, source, *node);
}

}  // namespace shoumen::policy

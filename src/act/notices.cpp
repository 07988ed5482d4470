#include <vector>

#include "steps.hpp"

namespace shoumen::act {

void write(Context& ctx, model::Incident& incident, const Happening& happening) {
    ctx.effects.events.push_back({
        .incident = incident.id,
        .nth = incident.event_count++,
        .cause_seq = ctx.seq,
        .at = ctx.now,
        .type = happening.type,
        .from = happening.from,
        .to = incident.state,
        .actor = happening.actor,
        .body = happening.body,
        .alert = happening.alert,
        .level = incident.level,
        .severity = incident.severity,
        .detail = happening.detail,
        .text = happening.text,
        .evidence = happening.evidence,
    });
}

void tell_person(Context& ctx, model::Incident& incident, model::NoticeReason reason,
                 const model::Recipient& recipient) {
    const auto id = base::make_id<model::NoticeId>(ctx.seq, ctx.next_nth++);
    incident.told.push_back({.notice = id,
                             .person = recipient.person,
                             .body = recipient.body,
                             .channel = recipient.channel,
                             .at = ctx.now});
    ++incident.notice_count;
    ctx.effects.notices.push_back({.id = id,
                                   .incident = incident.id,
                                   .person = recipient.person,
                                   .body = recipient.body,
                                   .channel = recipient.channel,
                                   .reason = reason,
                                   .at = ctx.now});
    write(ctx, incident,
          {.type = model::EventType::told,
           .from = incident.state,
           .body = recipient.body,
           .detail = std::string(model::to_word(recipient.channel))});
}

std::size_t tell(Context& ctx, model::Incident& incident, model::NoticeReason reason,
                 std::span<const model::BodyId> bodies, const model::Person& except) {
    std::size_t told = 0;
    for (const model::Recipient& recipient : ctx.decisions.recipients(ctx.policy, bodies, ctx.now)) {
        if (recipient.person == except) continue;
        tell_person(ctx, incident, reason, recipient);
        ++told;
    }
    return told;
}

void tell_team(Context& ctx, model::Incident& incident, model::NoticeReason reason) {
    std::vector<model::BodyId> team{incident.lead};
    team.insert(team.end(), incident.assist.begin(), incident.assist.end());
    tell(ctx, incident, reason, team);
}

}  // namespace shoumen::act

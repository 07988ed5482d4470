// How far the plan is reached, and where the next devices would help most.
#include "ports/coverage.hpp"

#include "answers.hpp"

namespace shoumen::doors::http {
namespace {

constexpr std::size_t proposed = 10;

std::string render_coverage(Phrases& phrases, const ports::CoverageView& view) {
    JsonWriter out;
    out.begin().key("targets").begin_array();
    for (std::size_t t = 0; t < view.asked.targets.size(); ++t) {
        const auto& target = view.asked.targets[t];
        out.begin().field("id", target.code);
        out.key("name").begin().field("zh", target.name.zh).field("en", target.name.en).end();
        out.field("per", to_word(target.per)).field("share", static_cast<std::uint64_t>(target.share_percent));
        if (target.square_metres > 0) out.field("square_metres", static_cast<std::uint64_t>(target.square_metres));
        out.key("rows").begin_array();
        for (const auto& row : view.rows) {
            if (row.target != t) continue;
            out.begin().key("place").raw(phrases.place(row.place));
            out.field("level", to_word(phrases.policy().places[row.place.value].level));
            out.field("base", row.served.base).field("served", row.served.served).field("working", row.served.working);
            out.field("devices", row.served.devices).field("unplaced", row.served.unplaced).end();
        }
        out.end_array().end();
    }
    out.end_array().key("next").begin_array();
    for (const auto& next : view.next) {
        out.begin().field("target", view.asked.targets[next.target].code);
        out.key("place").raw(phrases.place(next.place)).field("gains", next.gains);
        out.field("per_mille", static_cast<std::uint64_t>(next.per_mille_of_plan)).end();
    }
    out.end_array().key("recognised").begin().field("since", phrases.time(view.recognised.since));
    out.field("judged", view.recognised.judged).field("right", view.recognised.right);
    out.field("share", static_cast<std::uint64_t>(view.asked.confirmed_percent)).end().end();
    return out.take();
}

}  // namespace

void get_coverage(Door& door, const CallPtr& call) {
    door.desk().plan().coverage(*call->session, proposed, [&door, call](const base::Result<ports::CoverageView>& view) {
        answer_with(door, call, view, 200, render_coverage);
    });
}

}  // namespace shoumen::doors::http

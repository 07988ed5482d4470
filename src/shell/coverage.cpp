// How far the plan is reached: what the directory asks, what hangs there, what of it works, and how often the cameras
// were right.
#include "records/coverage.hpp"

#include "protect/gate.hpp"
#include "records/judged.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"

#include "on_worker.hpp"

namespace shoumen::shell {
namespace {

constexpr base::Duration heard_lately = base::days(7);  // a weekly inspection hears from each
constexpr base::Duration judged_within = base::days(30);
constexpr base::Duration judged_until = base::days(90);  // after the end, at the latest
constexpr std::size_t incidents_at_a_time = 500;
constexpr std::size_t most_incidents = 20'000;

// Of the newest incidents, whatever became of them: a verdict may be given by hand to any.
base::Result<ports::Recognised> recognised(ports::StoreReader& reader, const model::Policy& policy, base::Time since) {
    records::Judged sum;
    ports::IncidentQuery query;
    query.limit = incidents_at_a_time;
    for (std::size_t seen = 0; seen < most_incidents; seen += incidents_at_a_time) {
        const auto page = reader.incidents(query);
        if (!page) return tl::unexpected(page.error());
        for (const auto& incident : *page) records::add_judged(sum, policy, incident, since);
        // Ids go with time: what began so long ago has ended and been judged, or is rare.
        if (page->size() < query.limit || page->back().opened < since - judged_until) break;
        query.before = page->back().id;
    }
    return ports::Recognised{since, sum.judged, sum.right};
}

}  // namespace

void Office::coverage(const ports::Session& session, std::size_t devices,
                      std::function<void(base::Result<ports::CoverageView>)> done) {
    if (!admit(session, model::Item::devices, model::Sight::clear))
        return done(base::fail("forbidden", "your roles do not include this"));
    const auto policy = node_.policy();
    records::Works works(policy->devices.size());
    const base::Time now = clock_.now();
    for (std::size_t i = 0; i < works.size(); ++i) {
        const base::Time heard = node_.last_heard(model::DeviceId{i});
        works[i] = upkeep_->works(model::DeviceId{i}).value_or(heard.is_set() && now - heard <= heard_lately);
    }
    std::vector<bool> sees(policy->places.size());
    const protect::Gate gate(*policy);
    const protect::Viewer viewer = viewer_of(session);
    for (std::size_t i = 0; i < sees.size(); ++i)
        sees[i] = gate.may_see(viewer, model::Item::devices, {.place = model::PlaceId{i}}, now);
    on_worker<ports::CoverageView>(
        [this, policy, works = std::move(works), sees = std::move(sees), now,
         devices](ports::StoreReader& reader) -> base::Result<ports::CoverageView> {
            ports::CoverageView view;
            const auto row = reader.policy(policy->version);
            if (!row) return tl::unexpected(row.error());
            if (*row && unpack_ && plan_) {
                const auto files = unpack_((*row)->files);
                if (!files) return tl::unexpected(files.error());
                view.asked = plan_(*files, *policy);
            }
            const auto hidden = [&](const auto& at) { return !sees[at.place.value]; };
            view.rows = records::coverage(*policy, view.asked, works);
            std::erase_if(view.rows, hidden);
            view.next = records::next_devices(*policy, view.asked, devices);
            std::erase_if(view.next, hidden);
            auto judged = recognised(reader, *policy, now - judged_within);
            if (!judged) return tl::unexpected(std::move(judged.error()));
            view.recognised = *judged;
            return view;
        },
        std::move(done));
}

}  // namespace shoumen::shell

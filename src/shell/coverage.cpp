// How far the plan is reached: what the directory asks, what hangs there, what of it was heard lately, and how often
// the cameras were right.
#include "records/coverage.hpp"

#include "protect/gate.hpp"
#include "shell/office.hpp"

#include "on_worker.hpp"

namespace shoumen::shell {
namespace {

using model::SignalKind;

constexpr base::Duration heard_lately = base::days(7);  // a weekly inspection hears from each
constexpr base::Duration judged_within = base::days(30);
constexpr std::size_t incidents_at_a_time = 500;
constexpr std::size_t most_judged = 5'000;

bool recognises(SignalKind kind) {
    return kind == SignalKind::camera_fight || kind == SignalKind::camera_fall || kind == SignalKind::falling_object ||
           kind == SignalKind::resident_camera || kind == SignalKind::gathering;
}

// Of the newest that have ended.
base::Result<ports::Recognised> recognised(ports::StoreReader& reader, const model::Policy& policy, base::Time since) {
    ports::Recognised out{since, 0, 0};
    ports::IncidentQuery query;
    query.states = {model::IncidentState::closed, model::IncidentState::false_alarm};
    query.limit = incidents_at_a_time;
    while (out.judged < most_judged) {
        const auto page = reader.incidents(query);
        if (!page) return tl::unexpected(page.error());
        for (const auto& incident : *page) {
            if (incident.ended < since || incident.reporter.valid()) continue;
            const auto alerts = reader.alerts_of(incident.id);
            if (!alerts) return tl::unexpected(alerts.error());
            for (const auto& row : *alerts) {
                const auto device = row.alert.device;
                if (!device.valid() || device.value >= policy.devices.size()) continue;
                if (!recognises(policy.devices[device.value].kind)) continue;
                ++out.judged;
                if (incident.state == model::IncidentState::closed) ++out.right;
            }
        }
        // Ids go with time: what began a quarter before has ended long since, or is rare.
        if (page->size() < query.limit || page->back().opened < since - base::days(90)) break;
        query.before = page->back().id;
    }
    return out;
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
        works[i] = heard.is_set() && now - heard <= heard_lately;
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

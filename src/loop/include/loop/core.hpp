// The core: step() puts sense, analyse, decide and act in their order. It has no rules of its own, and no clock,
// thread, chance, SQL, JSON or log: the same inputs give the same effects, live, in replay and in the twin.
//
// Time only moves by inputs. Within a batch, an input with receive time t does not fire timers by itself: the driver
// (shell, replay, twin) puts a timer input before it where next_due() <= t. A timer input fires all that is due at or
// before its time, windows and deadlines together in order of due time (windows first at the same instant). Restart:
// load() incidents from their rows, windows from a snapshot, then rewind() over the tail of the log: it moves the
// windows only and brings nothing about, since the incidents' rows already hold what came of those inputs. One thread.
// Copying a Core copies its state (for snapshots: use windows()).
#pragma once
#include <functional>
#include <memory>
#include <unordered_map>

#include "act/life.hpp"
#include "analyse/windows.hpp"
#include "loop/quiet.hpp"
#include "model/effects.hpp"
#include "model/input.hpp"
#include "model/policy.hpp"
#include "model/track.hpp"
#include "sense/intake.hpp"

namespace shoumen::loop {

using PolicySource = std::function<std::shared_ptr<const model::Policy>(std::uint64_t version)>;

// The part of the state that snapshots hold.
struct WindowState {
    sense::Intake intake;
    analyse::Windows windows;
    Quiet quiet;
    std::uint64_t policy_version = 0;

    void encode(base::ByteWriter& out) const;
};

class Core {
public:
    explicit Core(PolicySource policies);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    // At start, before any step. Incidents: those not ended, and those ended within the last act::held_after_end.
    void load_policy(std::shared_ptr<const model::Policy> policy, base::Time now);
    void load_incident(model::Incident incident);
    void load_evidence(const base::Digest& sha256, model::IncidentId incident);
    base::Result<void> load_windows(base::ByteReader& in);
    // Windows only; see above.
    void rewind(const model::Batch& batch);

    // Appends to effects. Every input of the batch, in order.
    void step(const model::Batch& batch, model::Effects& effects);

    // The same, from input `from` on, but stops before an input (other than a timer) at whose receive time something is
    // due: the driver puts a timer input there and goes on. Returns the index of the first input not done;
    // inputs.size(): all done. This is what makes the effects the same however inputs are cut into batches. One
    // comparison an input.
    std::size_t step_until_due(const model::Batch& batch, std::size_t from, model::Effects& effects);

    [[nodiscard]] base::Time next_due() const;  // never: nothing waits
    // The incident as it stands after the last step. Null, from the next step on, when it has been ended for longer
    // than act::held_after_end (its row remains); commands for it are refused from that very moment.
    [[nodiscard]] const model::Incident* incident(model::IncidentId id) const;
    [[nodiscard]] const WindowState& windows() const;
    [[nodiscard]] const model::Policy* policy() const;
    // Of every rule and device (and scene) that found something the core still holds: by rule, device, scene.
    [[nodiscard]] std::vector<model::TrackView> precision(base::Time now) const;
    [[nodiscard]] std::size_t live_incidents() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace shoumen::loop

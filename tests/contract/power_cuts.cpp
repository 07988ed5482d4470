#include "power_cuts.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "store/files/evidence.hpp"
#include "support/fault_files.hpp"

#include "expected.hpp"
#include "random_units.hpp"

namespace shoumen::contract {
namespace {

constexpr std::uint64_t cuts_a_disk = 30;
constexpr std::uint64_t quarantine_limit = 40;

// Passes everything on but the syncs of folders.
class ForgetfulFiles final : public ports::Files {
public:
    explicit ForgetfulFiles(ports::Files& files) : files_(files) {}
    base::Result<void> make_folder(const std::string& path) override { return files_.make_folder(path); }
    base::Result<void> make_file(const std::string& path) override { return files_.make_file(path); }
    base::Result<void> write(const std::string& path, std::string_view b) override { return files_.write(path, b); }
    base::Result<std::string> read(const std::string& path) override { return files_.read(path); }
    base::Result<void> rename(const std::string& a, const std::string& b) override { return files_.rename(a, b); }
    base::Result<void> remove(const std::string& path) override { return files_.remove(path); }
    base::Result<void> sync_folder(const std::string&) override { return {}; }
    base::Result<std::vector<std::string>> list(const std::string& path) override { return files_.list(path); }
    base::Result<std::unique_ptr<ports::FileLock>> lock(const std::string& path) override { return files_.lock(path); }

private:
    ports::Files& files_;
};

// One disk, and what stands on it.
class World {
public:
    World(const PowerCuts& settings, std::uint64_t seed, PowerCutReport& report)
        : settings_(settings),
          report_(report),
          vfs_(seed),
          forgetful_(vfs_.files()),
          random_(seed * 31 + 7),
          units_(seed) {
        options_ = {.checkpoint_thread = settings.checkpoint_thread,
                    .checkpoint_bytes = 16U << 10U << random_.below(4),
                    .log_bytes_limit = 1U << 20U,
                    .quarantine_limit = quarantine_limit,
                    .page_size = 1'024 << random_.below(4),
                    .vfs_name = vfs_.name(),
                    .files = &files(),
                    .sync = settings.sync};
    }

    // Works until the power goes, and looks at what is left. Empty: as it must be.
    std::string live_and_die();
    [[nodiscard]] std::uint64_t operations() const { return vfs_.operations(); }

private:
    ports::Files& files() { return settings_.sync_folders ? vfs_.files() : static_cast<ports::Files&>(forgetful_); }

    std::string work(std::unique_ptr<ports::Store>& store);
    std::string commit(ports::Store& store);
    std::string save_snapshot(ports::Store& store);
    std::string put_evidence();
    std::string check(ports::Store& store);
    std::string check_rows(ports::Store& store);
    std::string check_snapshot(ports::Store& store);
    std::string check_evidence();
    // A call failed: fine if the power is off.
    std::string because_of_power(const std::string& what, const base::Error& error) {
        if (vfs_.is_off()) return {};
        return fmt::format("{} failed with the power on: {}: {}", what, error.code, error.message);
    }

    const PowerCuts& settings_;
    PowerCutReport& report_;
    support::FaultVfs vfs_;
    ForgetfulFiles forgetful_;
    store::SqliteOptions options_;
    base::SeededRandom random_;

    RandomUnits units_;
    RandomUnits units_before_{0};  // as they were before the unit in flight
    Expected expected_{quarantine_limit};
    std::optional<ports::CommitUnit> in_flight_;

    std::optional<ports::Snapshot> snapshot_;
    std::optional<ports::Snapshot> snapshot_in_flight_;
    std::uint64_t snapshots_ = 0;
    std::map<base::Digest, std::string> evidence_;
    std::optional<std::string> evidence_in_flight_;
};

std::string World::live_and_die() {
    vfs_.cut_after(1 + random_.below(1U << (3 + random_.below(8))));
    std::string fault;
    {
        auto store = store::open_sqlite("/var/data", options_);
        if (!store) {
            fault = because_of_power("open", store.error());
            ++report_.cut_while_opening;
        } else {
            while (fault.empty() && !vfs_.is_off()) fault = work(*store);
        }
    }
    if (!fault.empty()) return fault;
    vfs_.restart();
    auto store = store::open_sqlite("/var/data", options_);
    if (!store) return fmt::format("open after the cut: {}: {}", store.error().code, store.error().message);
    return check(**store);
}

std::string World::work(std::unique_ptr<ports::Store>& store) {
    const auto dice = random_.below(100);
    if (dice < 6) return save_snapshot(*store);
    if (dice < 12) return put_evidence();
    if (dice < 15) {
        store.reset();
        auto again = store::open_sqlite("/var/data", options_);
        if (!again) return because_of_power("open again", again.error());
        store = std::move(*again);
        return {};
    }
    return commit(*store);
}

std::string World::commit(ports::Store& store) {
    units_before_ = units_;
    auto unit = units_.next();
    if (const auto done = store.commit(unit); !done) {
        in_flight_ = std::move(unit);
        return because_of_power("commit", done.error());
    }
    expected_.apply(unit);
    ++report_.acknowledged;
    return {};
}

std::string World::save_snapshot(ports::Store& store) {
    ports::Snapshot snapshot{++snapshots_,
                             std::string(random_.below(5'000), static_cast<char>('a' + random_.below(26)))};
    if (const auto done = store.save_snapshot(snapshot); !done) {
        snapshot_in_flight_ = std::move(snapshot);
        return because_of_power("save_snapshot", done.error());
    }
    snapshot_ = std::move(snapshot);
    ++report_.files_acknowledged;
    return {};
}

std::string World::put_evidence() {
    std::string bytes(1 + random_.below(5'000), static_cast<char>(random_.next()));
    bytes += std::to_string(random_.next());
    const auto done = store::EvidenceDirectory("/var/data", files()).put(bytes);
    if (!done) {
        evidence_in_flight_ = std::move(bytes);
        return because_of_power("put", done.error());
    }
    evidence_[*done] = std::move(bytes);
    ++report_.files_acknowledged;
    return {};
}

std::string World::check(ports::Store& store) {
    auto fault = check_rows(store);
    if (fault.empty()) fault = check_snapshot(store);
    if (fault.empty()) fault = check_evidence();
    return fault;
}

std::string World::check_rows(ports::Store& store) {
    const auto without = expected_.difference(store, random_);
    if (!in_flight_) return without;
    auto with = expected_;
    with.apply(*in_flight_);
    const bool kept = with.difference(store, random_).empty();
    in_flight_.reset();
    // A unit that changes nothing looks the same either way; then it may as well come again.
    if (without.empty()) {
        units_ = units_before_;
        ++report_.in_flight_lost;
        return {};
    }
    if (!kept) return "neither as acknowledged nor with the unit in flight: " + without;
    expected_ = std::move(with);
    ++report_.in_flight_kept;
    return {};
}

std::string World::check_snapshot(ports::Store& store) {
    const auto newest = store.newest_snapshot();
    if (!newest) return "newest_snapshot: " + newest.error().code;
    const auto is = [&](const std::optional<ports::Snapshot>& one) {
        if (!one || !*newest) return one.has_value() == newest->has_value();
        return one->next_seq == (*newest)->next_seq && one->bytes == (*newest)->bytes;
    };
    const bool in_flight = snapshot_in_flight_ && is(snapshot_in_flight_);
    const bool acknowledged = is(snapshot_);
    if (in_flight) snapshot_ = snapshot_in_flight_;
    snapshot_in_flight_.reset();
    return in_flight || acknowledged ? "" : "the newest snapshot is not the one acknowledged last";
}

std::string World::check_evidence() {
    store::EvidenceDirectory files_of_evidence("/var/data", files());
    for (const auto& [hash, bytes] : evidence_) {
        const auto found = files_of_evidence.get(hash);
        if (!found) return "acknowledged evidence: " + found.error().code;
        if (*found != bytes) return "acknowledged evidence has changed";
    }
    if (evidence_in_flight_) {
        const auto found = files_of_evidence.get(base::sha256(*evidence_in_flight_));
        if (!found && found.error().code != "file-missing") return "evidence in flight: " + found.error().code;
        evidence_in_flight_.reset();
    }
    return {};
}

}  // namespace

PowerCutReport run_power_cuts(const PowerCuts& settings) {
    PowerCutReport report;
    for (std::uint64_t disk = 0; report.cuts < settings.cuts && report.fault.empty(); ++disk) {
        const auto seed = settings.seed + disk;
        World world(settings, seed, report);
        for (std::uint64_t n = 0; n < cuts_a_disk && report.cuts < settings.cuts; ++n) {
            ++report.cuts;
            auto fault = world.live_and_die();
            if (fault.empty()) continue;
            report.fault = fmt::format("seed {}, cut {} of its disk: {}", seed, n + 1, fault);
            break;
        }
        report.operations += world.operations();
    }
    return report;
}

}  // namespace shoumen::contract

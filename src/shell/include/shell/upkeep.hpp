// Looks after devices (ports/upkeep.hpp): their life, what is wrong with them and who looks, rounds, quiet on purpose,
// the tray.
//
// Records, work and what is found of each device stand in memory (about a kilobyte a device) and in rows; what people
// write is sealed. Each signal is shown to upkeep::Health on its way in; check(), called every second, looks for
// silence, opens and ends work, begins and ends quiet, and writes down what has changed. Devices taken in while the
// program runs stand in a file of the community directory that the program writes itself (devices-added.yaml), so that
// they are part of a policy version like all others. Tables and directories are worked on by a thread of its own. One
// thread else: the io thread.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "ports/clock.hpp"
#include "ports/desk.hpp"
#include "ports/log.hpp"
#include "ports/upkeep.hpp"
#include "protect/gate.hpp"
#include "shell/node.hpp"
#include "shell/worker.hpp"
#include "upkeep/health.hpp"
#include "upkeep/life.hpp"

namespace shoumen::shell {

class Office;
class AddedDevices;

class Upkeep final : public ports::UpkeepDesk {
public:
    // All given outlive it.
    Upkeep(Office& office, Node& node, const ports::Clock& clock, Node::Post post);
    ~Upkeep() override;

    base::Result<void> start();
    void check();
    // What has been found since it was last written down is handed to the node, which writes it before it stops.
    void keep();

    base::Result<ports::DevicePage> devices(const ports::Session& session, const ports::DeviceQuery& query) override;
    base::Result<ports::KeptDeviceWhole> device(const ports::Session& session, const std::string& code) override;
    void move(const ports::Session& session, ports::MoveAsked asked,
              std::function<void(base::Result<ports::KeptDeviceWhole>)> done) override;
    void change(const ports::Session& session, ports::DeviceAsked asked,
                std::function<void(base::Result<ports::KeptDeviceWhole>)> done) override;
    void rotate(const ports::Session& session, ports::RotateAsked asked,
                std::function<void(base::Result<ports::Rotated>)> done) override;
    void import(const ports::Session& session, std::string table, bool check,
                std::function<void(base::Result<ports::ImportReport>)> done) override;
    base::Result<ports::Tray> tray(const ports::Session& session) override;
    void take_in(const ports::Session& session, ports::TakeAsked asked,
                 std::function<void(base::Result<ports::KeptDeviceWhole>)> done) override;
    void leave(const ports::Session& session, std::string device,
               std::function<void(base::Result<void>)> done) override;
    base::Result<std::vector<ports::WorkView>> work(const ports::Session& session,
                                                    const ports::WorkQuery& query) override;
    void work_on(const ports::Session& session, ports::WorkAsked asked,
                 std::function<void(base::Result<ports::WorkView>)> done) override;
    base::Result<std::vector<ports::RoundView>> rounds(const ports::Session& session) override;
    base::Result<ports::RoundView> round(const ports::Session& session, std::uint64_t id) override;
    void plan(const ports::Session& session, ports::RoundAsked asked,
              std::function<void(base::Result<ports::RoundView>)> done) override;
    void tick(const ports::Session& session, ports::TickAsked asked,
              std::function<void(base::Result<ports::TickRow>)> done) override;
    void end_round(const ports::Session& session, std::uint64_t id,
                   std::function<void(base::Result<ports::RoundView>)> done) override;
    base::Result<std::vector<ports::QuietWindowRow>> quiet(const ports::Session& session) override;
    void begin_quiet(const ports::Session& session, ports::QuietAsked asked,
                     std::function<void(base::Result<ports::QuietWindowRow>)> done) override;
    void end_quiet(const ports::Session& session, std::uint64_t id,
                   std::function<void(base::Result<void>)> done) override;
    base::Result<ports::UpkeepFigures> figures(const ports::Session& session) override;

    // Whether it is in service and as far as its rhythm tells alive; nullopt: it has not been heard often enough.
    [[nodiscard]] std::optional<bool> works(model::DeviceId device) const;
    // A connection of the device took the place of one with the same credential, address and name that still stood.
    void pushed_out(model::DeviceId device) { health_.pushed_out(device.value, clock_.now(), changes_); }

    // All its credentials are revoked, those that were ending too.
    void end_rotation(const std::string& device) { rotations_.erase(device); }

    // Figures of devices, of work, of rounds (docs/operating/metrics.md); lines of the log go there.
    void write_figures(base::Exposition& out) const;
    void log_to(ports::Log log) { log_ = std::move(log); }
    [[nodiscard]] std::size_t live_work() const { return live_.size(); }
    [[nodiscard]] std::size_t waiting_in_tray() const;

private:
    struct Entry {
        model::DeviceId device;  // invalid: not in the directory
        std::string hay;         // in which words are looked for; empty: not put together yet
        upkeep::Stage stage{};
    };
    struct Import;
    struct Rotation {
        base::Digest fresh{};
        std::vector<ports::DeviceTokenRow> old;
        base::Time until;
    };
    struct WaitingTick {
        ports::TickRow row;
        base::Time until;
    };
    using Key = std::pair<std::string, std::string>;
    using Done = std::function<void(base::Result<void>)>;

    // upkeep.cpp
    void on_said(const Said& said);
    void adopt_policy();
    void watch(model::DeviceId device);  // health_ is told with the next call of tell_health()
    void tell_health();
    void fill_hays();
    void put_entry(const std::string& code);
    [[nodiscard]] std::string hay_of(const std::string& code, model::DeviceId device) const;
    [[nodiscard]] model::PlaceId place_of(const std::string& code) const;
    [[nodiscard]] upkeep::Stage stage_of(const std::string& code) const;
    [[nodiscard]] ports::DeviceRecordRow record_of(const std::string& code) const;  // made up where there is none
    [[nodiscard]] ports::KeptDevice view_of(const std::string& code, const Entry& entry) const;
    [[nodiscard]] std::uint32_t findings_of(model::DeviceId device) const;
    [[nodiscard]] base::Time heard_at(model::DeviceId device) const;
    [[nodiscard]] bool may_change(const ports::Session& session, model::PlaceId place) const;
    [[nodiscard]] bool may_change_anywhere(const ports::Session& session) const;
    [[nodiscard]] bool may_see(const ports::Session& session, model::PlaceId place) const;
    base::Result<const Entry*> entry_for(const ports::Session& session, const std::string& code) const;
    [[nodiscard]] std::string sealed(const ports::Session& session, const std::string& why, base::Error& wrong);
    [[nodiscard]] std::string opened(const std::string& why) const;
    [[nodiscard]] ports::ActRow act_of(const ports::Session& session, std::string kind, std::string subject,
                                       std::string detail) const;
    void flush();
    void keep_health();

    // upkeep_life.cpp
    [[nodiscard]] upkeep::Standing standing_of(const std::string& code, const Entry& entry) const;
    // Of a device of devices.yaml, into its record.
    void keep_what_it_was(model::DeviceId device, ports::DeviceRecordRow& row) const;
    void remember(const ports::DeviceRecordRow& row);
    void put_record(std::vector<ports::RecordWrite>& writes, const ports::Session& session, ports::DeviceRecordRow& row,
                    upkeep::Stage to, const std::string& why);
    // The directory with other devices added, in force; with it `writes`. `edit` runs on the thread for tables.
    void change_directory(std::function<void(AddedDevices&)> edit, std::vector<ports::RecordWrite> writes, Done done);

    // upkeep_tray.cpp
    [[nodiscard]] bool is_serial_taken(const ports::DeviceRecordRow& row) const;  // by another of the same maker
    // It hangs in nobody's place yet: whoever looks after the one that spoke for it decides.
    [[nodiscard]] bool may_decide(const ports::Session& session, const std::string& speaker) const;
    void finish_found(const std::string& device, std::string_view state, std::vector<ports::RecordWrite>& writes);
    void finish_found(const Key& found, std::string_view state, std::vector<ports::RecordWrite>& writes);
    // Its row in the tray, waiting unless somebody does not want it; null: there is no room for more.
    ports::FoundDeviceRow* put_in_tray(const std::string& device, const std::string& speaker, base::Time now);
    std::size_t on_announced(const ports::Speaker& speaker, std::string_view door,
                             std::span<const ports::Announced> devices);
    base::Result<void> read_announced();
    void keep_announced();
    [[nodiscard]] const ports::Announced* announced_of(const std::string& device, const std::string& speaker) const;

    // upkeep_tokens.cpp
    base::Result<void> find_rotations();
    void check_rotations(base::Time now);
    void keep_rotation(const std::string& device, Rotation rotation);
    void end_rotation(const std::string& device, std::string_view why);

    // upkeep_import.cpp
    void read_table(const std::shared_ptr<Import>& import);
    void put_table(const std::shared_ptr<Import>& import);
    void write_next(const std::shared_ptr<Import>& import);

    // upkeep_work.cpp
    void apply(const std::vector<upkeep::Change>& changes);
    // again_of: work on the same that was ended; 0: none.
    void open_work(model::DeviceId device, upkeep::Finding finding, base::Time at, double figure,
                   std::uint64_t again_of = 0);
    void look_later(const ports::WorkOrderRow& row);
    void check_ended_work(base::Time now);
    void log_work();
    void pass_work(const std::string& device, upkeep::Finding finding, base::Time at);
    void catch_up(model::DeviceId device, base::Time now);
    [[nodiscard]] bool is_held_back(model::DeviceId device, upkeep::Finding finding) const;
    [[nodiscard]] ports::WorkView work_view(const ports::Session& session, const ports::WorkOrderRow& row) const;

    // upkeep_rounds.cpp
    void check_quiet(base::Time now);
    void note_tried(const Said& said, base::Time received);
    void check_ticks(model::DeviceId device, base::Time received);
    [[nodiscard]] base::Time quiet_until(const std::string& device) const;
    base::Result<ports::RoundView> round_view(const ports::RoundRow& row, bool whole);
    [[nodiscard]] std::int64_t meters_from(model::PlaceId place, const model::Coordinates& at) const;

    Office& office_;
    Node& node_;
    const ports::Clock& clock_;
    Node::Post post_;
    std::unique_ptr<ports::StoreReader> reader_;
    std::unique_ptr<ports::StoreReader> table_reader_;  // of the thread for tables
    std::shared_ptr<const model::Policy> policy_;       // as entries_ know it
    std::unordered_map<std::string, ports::DeviceRecordRow> records_;
    std::map<std::string, Entry, std::less<>> entries_;
    std::vector<upkeep::Watched> watched_;  // as health_ has been told, by device
    bool filling_ = false;
    upkeep::Health health_;
    std::vector<upkeep::Change> changes_;
    std::map<std::string, std::uint32_t> models_;  // numbers of kinds with their products
    base::Time began_;                             // the register of devices
    base::Time health_kept_ = base::Time::none();

    std::map<std::uint64_t, ports::WorkOrderRow> orders_;
    std::map<Key, std::uint64_t> live_;  // device, finding → work that is not over
    std::uint64_t next_order_ = 1;
    // device, finding → work that somebody has ended, and when it is looked whether the finding is over too
    struct Ended {
        std::uint64_t order = 0;
        base::Time look;
    };
    std::map<Key, Ended> ended_;
    struct Counted {
        std::array<std::uint64_t, upkeep::finding_count> opened{};
        std::uint64_t again = 0;
        std::uint64_t passed = 0;
        std::uint64_t done = 0;
        std::uint64_t dropped = 0;
    };
    Counted counted_;                        // since start
    std::vector<std::uint64_t> fresh_work_;  // opened since the last line of the log
    ports::Log log_;
    std::multimap<base::Time, model::DeviceId> again_;  // gateways that are back: look what still is not

    std::map<std::uint64_t, ports::RoundRow> rounds_;
    std::uint64_t next_round_ = 1;
    std::unordered_map<std::uint32_t, std::vector<WaitingTick>> ticks_;  // by device
    std::unordered_map<std::uint32_t, base::Time> tried_;                // when somebody last set it off, by device
    std::map<std::uint64_t, ports::QuietWindowRow> quiet_;               // not over yet
    std::set<std::uint64_t> quiet_told_;
    std::uint64_t next_quiet_ = 1;

    std::map<Key, ports::FoundDeviceRow> found_;  // device, speaker
    std::set<Key> found_changed_;
    std::map<std::string, std::size_t> spoken_;  // rows of the tray by speaker, waiting or not
    std::map<std::string, std::map<std::string, ports::Announced>> announced_;  // by speaker, device; of what waits
    std::set<std::string> announced_changed_;
    base::Time found_kept_ = base::Time::none();
    std::map<std::string, Rotation> rotations_;  // by device
    std::set<std::string> rotating_;             // being written
    std::vector<ports::RecordWrite> pending_;    // to be written with the next check
    bool changing_ = false;                      // the directory
    Worker worker_{2};                           // last: ends first
};

}  // namespace shoumen::shell

// The desk's part that looks after devices: how each is bought, put up, repaired and thrown away; what is wrong with
// which, and who looks; rounds; when somebody keeps them quiet on purpose; what it all costs.
//
// Called on the io thread; answers come on it too, those by callback after the commit. Changes need leave to change
// devices at the device's place; a device elsewhere is not known (unknown-device). Every step is an act (ports::ActRow,
// subject "device:…", "work:…", "round:…"). Why somebody did something is free text: kept sealed, and in no act. Errors
// carry codes of api/errors.json.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/policy.hpp"
#include "ports/announced.hpp"
#include "ports/persons.hpp"
#include "ports/upkeep_rows.hpp"

namespace shoumen::ports {

struct Session;

struct KeptDevice {
    std::string code;
    model::DeviceId device;  // invalid: not in the directory (bought, or retired)
    std::string kind;        // word; empty: a gateway
    model::Names name;
    model::PlaceId place;  // invalid: not said
    std::string gateway;
    std::string stage;
    DeviceRecordRow record;  // maker, product, serial …
    bool by_hand = false;    // in devices.yaml
    base::Time last_heard = base::Time::none();
    bool clock_wrong = false;
    bool has_token = false;
    std::vector<std::string> findings;            // words
    base::Time quiet_until = base::Time::none();  // alerts are held back until then
};

struct StageChoice {
    std::string to;
    bool allowed = false;
    std::string reason;  // code
};

struct KeptDeviceWhole {
    KeptDevice device;
    std::vector<StageChoice> choices;  // empty: may not be changed by this session
    std::vector<DeviceMoveRow> moves;  // by nth; with `why` in clear
    std::vector<WorkOrderRow> orders;  // newest first, the latest 50
    std::uint32_t rhythm_gaps = 0;
    base::Duration rhythm_usual;
    base::Duration silent_after;
    bool rhythm_own = false;
    base::Time old_tokens_until = base::Time::none();  // a rotation is under way
};

// Credentials: a new one, shown once, and until when those before it are good; they end at once where the new one is
// used.
struct RotateAsked {
    std::string device;
    base::Duration grace = base::hours(1);  // zero: at once; at most longest_grace
};
constexpr base::Duration longest_grace = base::days(7);
struct Rotated {
    std::string token;
    base::Time old_until = base::Time::none();  // none: there was no other, or it has ended
};

struct DeviceQuery {
    std::string text;     // in code, name, kind, place, maker, product or serial; all its words
    std::string stage;    // word; empty: any but retired
    std::string finding;  // word; "any": some; empty: whatever
    std::string place;    // code: within it
    std::string after;    // page: codes above this one
    std::size_t limit = 100;
};

struct DevicePage {
    std::vector<KeptDevice> devices;  // by code
    bool more = false;
    std::size_t found = 0;                        // in all
    std::map<std::string, std::size_t> stages;    // of what is seen, whatever was asked for
    std::map<std::string, std::size_t> findings;  // the same
};

struct MoveAsked {
    std::string device;
    std::string to;  // word
    std::string why;
};

// none: stays as it is.
struct DeviceAsked {
    std::string device;
    std::optional<std::string> place;  // code
    std::optional<std::string> maker;
    std::optional<std::string> product;
    std::optional<std::string> serial;
    std::optional<base::Time> bought;
    std::optional<std::int64_t> cost_fen;
};

struct TakeAsked {
    std::string device;
    std::string kind;     // word
    std::string place;    // code
    std::string name;     // may be empty
    std::string speaker;  // code of who spoke for it; a gateway goes on to
};

struct Tray {
    std::vector<FoundDeviceRow> waiting;       // newest first
    std::map<std::string, std::string> kinds;  // by device: what it seems to be; the word it said, where that is one
    std::map<std::pair<std::string, std::string>, Announced> announced;  // by device and speaker, where it was
};

struct WorkQuery {
    std::string state;  // word; "live": open or taken; empty: all
    std::string place;  // code: within it
    std::size_t limit = 500;
};

struct WorkView {
    WorkOrderRow row;  // with `why` in clear
    model::PlaceId place;
    bool is_over = false;  // the finding itself, though nobody has said so
    bool overdue = false;  // nobody has ended it in the time for it
    std::vector<StageChoice> choices;
};

// What is said of work in a few words (WorkOrderRow::detail): a figure; and, where work on the same was ended and the
// finding went on, which.
struct WorkDetail {
    std::uint64_t again_of = 0;  // 0: none
    std::string figure;
};
std::string to_text(const WorkDetail& detail);
WorkDetail work_detail_of(std::string_view text);

struct WorkAsked {
    std::uint64_t id = 0;
    std::string to;  // word
    std::string why;
    std::int64_t cost_fen = 0;
};

struct RoundAsked {
    std::string kind;   // word: weekly, monthly
    std::string place;  // code
    base::Time due;
};

struct RoundView {
    RoundRow row;
    model::PlaceId place;
    bool overdue = false;
    std::size_t proven = 0;
    std::size_t unproven = 0;
    std::vector<TickRow> ticks;       // of one round asked for by number
    std::vector<KeptDevice> devices;  // the same
};

struct TickAsked {
    std::uint64_t round = 0;
    std::string device;
    std::string code;  // as it was scanned; empty: it was not
    std::optional<model::Coordinates> at;
};

struct QuietAsked {
    std::vector<std::string> devices;
    base::Time from = base::Time::none();  // none: now
    base::Time until;
    std::string why;
};

// What upkeep costs and yields, by kind, maker or age.
struct UpkeepGroup {
    std::string key;
    std::size_t devices = 0;  // in service or under repair
    std::size_t idle = 0;
    std::size_t faults = 0;       // found in the last 365 days
    std::size_t repaired = 0;     // of those
    double repair_hours = 0;      // from found to done, of all repaired
    std::int64_t upkeep_fen = 0;  // of work ended in the last 365 days
    std::int64_t bought_fen = 0;  // what they cost
};

struct UpkeepFigures {
    base::Time at;
    std::size_t devices = 0;
    std::size_t idle = 0;
    double idle_share_planned = 0.32;  // what the plan found
    std::optional<double> fault_rate;  // faults a device and year; none before a month has been seen
    std::optional<double> repair_hours_mean;
    std::int64_t upkeep_fen = 0;
    std::vector<UpkeepGroup> by_kind;
    std::vector<UpkeepGroup> by_maker;
    std::vector<UpkeepGroup> by_age;  // keys: years since it was put up, "0" … "9", "10"; "": not known
};

class UpkeepDesk {
public:
    virtual ~UpkeepDesk() = default;

    virtual base::Result<DevicePage> devices(const Session& session, const DeviceQuery& query) = 0;
    virtual base::Result<KeptDeviceWhole> device(const Session& session, const std::string& code) = 0;
    // Codes: unknown-device, reason-needed, and those of choices.
    virtual void move(const Session& session, MoveAsked asked,
                      std::function<void(base::Result<KeptDeviceWhole>)> done) = 0;
    // Codes: unknown-device, unknown-place, device-by-hand (its place), busy.
    virtual void change(const Session& session, DeviceAsked asked,
                        std::function<void(base::Result<KeptDeviceWhole>)> done) = 0;
    // Codes: unknown-device, bad-field (grace), busy.
    virtual void rotate(const Session& session, RotateAsked asked, std::function<void(base::Result<Rotated>)> done) = 0;
    // A table (CSV). Lines that are right are taken in, the others told of; `check`: none is. Codes: forbidden, busy,
    // bad-encoding, bad-csv, too-large, missing-column, policy-refused.
    virtual void import(const Session& session, std::string table, bool check,
                        std::function<void(base::Result<ImportReport>)> done) = 0;

    virtual base::Result<Tray> tray(const Session& session) = 0;
    // Into the directory, put up. Codes: forbidden, unknown-device (nobody spoke for it), device-known, unknown-kind,
    // unknown-place, busy, policy-refused.
    virtual void take_in(const Session& session, TakeAsked asked,
                         std::function<void(base::Result<KeptDeviceWhole>)> done) = 0;
    // It does not belong here: it waits no more until it is asked for by table.
    virtual void leave(const Session& session, std::string device, std::function<void(base::Result<void>)> done) = 0;

    virtual base::Result<std::vector<WorkView>> work(const Session& session,
                                                     const WorkQuery& query) = 0;  // by building
    virtual void work_on(const Session& session, WorkAsked asked, std::function<void(base::Result<WorkView>)> done) = 0;

    virtual base::Result<std::vector<RoundView>> rounds(const Session& session) = 0;  // what is overdue first
    virtual base::Result<RoundView> round(const Session& session, std::uint64_t id) = 0;
    virtual void plan(const Session& session, RoundAsked asked, std::function<void(base::Result<RoundView>)> done) = 0;
    // Codes: unknown-round, unknown-device, round-over. Answers what stands now, proven or not.
    virtual void tick(const Session& session, TickAsked asked, std::function<void(base::Result<TickRow>)> done) = 0;
    // Done, whatever has been ticked; the next one is planned.
    virtual void end_round(const Session& session, std::uint64_t id,
                           std::function<void(base::Result<RoundView>)> done) = 0;

    virtual base::Result<std::vector<QuietWindowRow>> quiet(const Session& session) = 0;  // not over yet; newest first
    virtual void begin_quiet(const Session& session, QuietAsked asked,
                             std::function<void(base::Result<QuietWindowRow>)> done) = 0;
    virtual void end_quiet(const Session& session, std::uint64_t id, std::function<void(base::Result<void>)> done) = 0;

    virtual base::Result<UpkeepFigures> figures(const Session& session) = 0;
};

}  // namespace shoumen::ports

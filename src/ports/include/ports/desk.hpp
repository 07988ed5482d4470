// The seam between the HTTP door and the shell for people: signing in, asking, commanding, and following what changes.
//
// Everything here is asked on the io thread. Answers that need the writer come by callback on that same thread, after
// the commit. Errors carry codes of api/errors.json.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"
#include "model/track.hpp"
#include "ports/accounts.hpp"
#include "ports/ledger.hpp"
#include "ports/persons.hpp"
#include "ports/retention.hpp"
#include "ports/store.hpp"
#include "ports/task.hpp"

namespace shoumen::ports {

class WaysInDesk;      // ports/ways_in.hpp
class RosterDesk;      // ports/roster.hpp
class CoverageDesk;    // ports/coverage.hpp
class WiderSightDesk;  // ports/wider_sight.hpp
class UpkeepDesk;      // ports/upkeep.hpp

struct Session {
    std::string account;
    model::Actor actor;
    std::vector<model::Holding> holdings;  // what the gate asks
    std::vector<model::Person> acts_for;   // those who agreed to be acted for (代管)
    bool must_change = false;              // only the password may be changed
    bool must_enrol = false;               // only a second factor may be set: its roles ask for one
    std::string language;
    base::Time expires;
    base::Digest token_hash{};
    bool by_token = false;  // a program, by a token of its own
};

struct SignedIn {
    Session session;
    std::string token;  // shown to the caller once
    bool half = false;  // the token opens nothing but the second step; of the session only `expires` is said
};

// An action on an incident and whether it is allowed now for this actor; `reason` is a code of api/errors.json when it
// is not.
struct ActionState {
    model::Action action{};
    bool allowed = false;
    std::string reason;
};

struct IncidentView {
    model::Incident incident;
    std::vector<model::TimelineEvent> timeline;
    std::vector<AlertRow> alerts;
    std::vector<ActionState> actions;
    std::vector<model::BodyId> transfer_targets;
    std::vector<model::IncidentId> merge_targets;
    std::map<std::uint64_t, std::string> texts;  // by handle; masked where the gate says so
    std::vector<HeldBack> held_back;
    std::vector<PersonView> concerned;  // who needs help now, as far as it is shown
};

struct DeviceView {
    model::DeviceId device;
    base::Time last_heard = base::Time::none();
    bool clock_wrong = false;
    bool has_token = false;
};

// One change pushed to signed-in pages, after its commit.
struct Push {
    enum class What : std::uint8_t { incident, quarantine, policy } what{};
    model::Incident incident;  // of an incident change
    base::Time committed;
};

struct PolicyVersion {
    std::uint64_t version = 0;
    base::Digest digest{};
    base::Time activated;
};

struct PolicyFiles {
    PolicyVersion version;
    std::map<std::string, std::string> files;  // name → content
};

// What a rule in force did lately.
struct RuleView {
    model::RuleId rule;
    std::uint64_t alerts = 0;
    base::Time last = base::Time::none();
};

struct Health {
    bool ready = false;
    bool storing = false;  // false: the last commit failed; `trouble` says why and how to mend it
    std::string trouble;
    std::uint64_t next_seq = 0;
    std::uint64_t queued = 0;  // inputs waiting to be committed
    std::uint64_t policy_version = 0;
    std::vector<std::string> degraded;  // backlog, disk, clock, gateway: all goes on, but somebody should look
};

struct NewAccount {
    std::string name;
    model::Person person;
    model::RoleSet roles;
    std::vector<std::string> bodies;
};

// What a device is to do: a word, and values as they go to it (a JSON object of plain members).
struct DeviceCommand {
    std::string device;
    std::string word;
    std::string values;
};

struct DeviceCertificate {
    std::string certificate;  // PEM
    std::string authority;    // PEM: by which the device knows the node
    base::Time until;
};

class Desk {
public:
    virtual ~Desk() = default;

    // Slow on purpose (argon2id, on a worker thread). Wrong name and wrong password look and take the same; after five
    // failures an account waits, and after many an address (code `sign-in-wait`). The session begun is a new one,
    // whatever was shown before.
    virtual void sign_in(std::string name, std::string password, const Caller& from,
                         std::function<void(base::Result<SignedIn>)> done) = 0;
    // Of whom sign_in gave half a session: a code of the authenticator, or a recovery code. Codes: second-step-failed,
    // sign-in-wait, sign-in-again (the half is over: five minutes, five tries, another browser).
    virtual void second_step(std::string half, std::string code, const Caller& from,
                             std::function<void(base::Result<SignedIn>)> done) = 0;
    // Of a person's session or a program's token; what it may is as of now. One that began in a browser ends when
    // another kind of browser shows it. `from` null: the program itself asks whether it still stands.
    virtual base::Result<Session> session(std::string_view token, const Caller* from) = 0;
    virtual AccountDesk& people() = 0;
    virtual WaysInDesk& ways_in() = 0;
    virtual WiderSightDesk& wider() = 0;
    virtual RosterDesk& duties() = 0;
    virtual CoverageDesk& plan() = 0;
    virtual PersonDesk& persons() = 0;
    virtual UpkeepDesk& upkeep() = 0;
    virtual void sign_out(const Session& session, std::function<void(base::Result<void>)> done) = 0;
    virtual void change_password(const Session& session, std::string old_password, std::string new_password,
                                 std::function<void(base::Result<void>)> done) = 0;
    // Administrators only. The one-time password is returned once.
    virtual void add_account(const Session& session, NewAccount account,
                             std::function<void(base::Result<std::string>)> done) = 0;
    virtual void issue_device_token(const Session& session, std::string device,
                                    std::function<void(base::Result<std::string>)> done) = 0;
    virtual void revoke_device_tokens(const Session& session, std::string device,
                                      std::function<void(base::Result<void>)> done) = 0;

    // Signs a device's own request (PEM, PKCS#10) with the node's authority; the certificate is worth what a token is,
    // and goes with the tokens when they are revoked. Codes: unknown-device, bad-certificate-request, no-authority.
    virtual void certify_device(const Session& session, std::string device, std::string request_pem,
                                std::function<void(base::Result<DeviceCertificate>)> done) = 0;

    // Administrators and duty officers. Recorded durably, then handed to the device's connection; the answer is the
    // command's id. Nothing is kept for a device that is away. Codes: unknown-device, device-not-connected, busy.
    virtual void command_device(const Session& session, DeviceCommand command,
                                std::function<void(base::Result<std::string>)> done) = 0;

    // A community directory (name → content) takes force as a new version, from the next input on; windows of rules
    // that did not change go on. Administrators only. The answer, once it is on disk, is the version in force (the same
    // as before where nothing has changed). `based_on`: the version that was looked at when the files were written; 0:
    // whichever is in force. Codes: policy-refused (`message`: the findings, a line each), policy-changed (another took
    // force meanwhile: look at it, then try again), busy.
    virtual void activate_policy(const Session& session, std::map<std::string, std::string> files,
                                 std::uint64_t based_on, std::function<void(base::Result<std::uint64_t>)> done) = 0;
    // What activation would find in these files; nothing changes. Administrators only.
    virtual void check_policy(const Session& session, std::map<std::string, std::string> files,
                              std::function<void(base::Result<std::vector<Finding>>)> done) = 0;
    // How these files would have judged the signals received in [from, to): a task. Administrators only. Codes: busy
    // (another one is under way), bad-time.
    virtual void try_policy(const Session& session, std::map<std::string, std::string> files, base::Time from,
                            base::Time to, std::function<void(base::Result<Task>)> done) = 0;
    // The files of a version (0: the one in force), and which versions there are, newest first. Administrators only.
    virtual void policy_files(const Session& session, std::uint64_t version,
                              std::function<void(base::Result<PolicyFiles>)> done) = 0;
    virtual void policy_versions(const Session& session, std::size_t limit,
                                 std::function<void(base::Result<std::vector<PolicyVersion>>)> done) = 0;
    // The rules in force, in the order of their numbers, with their alerts of the last seven days.
    virtual void rules(const Session& session, std::function<void(base::Result<std::vector<RuleView>>)> done) = 0;
    // Long tasks, newest first, without their results; one with its result; asking one to end. Administrators only.
    virtual base::Result<std::vector<Task>> tasks(const Session& session) = 0;
    virtual base::Result<Task> task(const Session& session, std::uint64_t id) = 0;
    virtual base::Result<Task> cancel_task(const Session& session, std::uint64_t id) = 0;
    virtual std::shared_ptr<const model::Policy> policy() = 0;
    virtual base::Time now() = 0;
    virtual base::Result<std::vector<model::Incident>> incidents(const Session& session,
                                                                 const IncidentQuery& query) = 0;
    // As far as the gate lets it be seen. What is shown of a person in clear is written down before it is answered.
    // Codes: unknown-incident, also for one that may not be seen.
    virtual void incident(const Session& session, model::IncidentId id,
                          std::function<void(base::Result<IncidentView>)> done) = 0;
    // Asks for what is shown only when asked for, with the purpose; for a limited time `incident` then shows it.
    // Codes: forbidden, wrong-purpose.
    virtual void ask_to_see(const Session& session, model::IncidentId id, std::vector<model::Item> items,
                            model::Purpose purpose, std::function<void(base::Result<IncidentView>)> done) = 0;
    // Whether the session may see (sight clear) or change the item: anywhere in the community, where places part it (a
    // call about one thing asks again for that thing), else in all of it. Code: forbidden.
    virtual base::Result<void> admit(const Session& session, model::Item item, model::Sight least) = 0;
    // How an incident looks to the session: equal numbers look alike. None: it is not seen.
    virtual std::optional<std::uint32_t> how_seen(const Session& session, const model::Incident& incident) = 0;
    virtual model::Incident seen_as(std::uint32_t how, const model::Incident& incident) = 0;
    virtual base::Result<std::vector<QuarantineRow>> quarantine(const Session& session,
                                                                std::optional<std::uint64_t> before,
                                                                std::size_t limit) = 0;
    virtual base::Result<QuarantineCounts> quarantine_counts(const Session& session) = 0;
    virtual base::Result<std::vector<DeviceView>> devices(const Session& session) = 0;
    // How often each rule was right by each device the session may see, of the incidents of the last 90 days.
    virtual void precision(const Session& session,
                           std::function<void(base::Result<std::vector<model::TrackView>>)> done) = 0;

    // `text` is kept outside the log and its handle put into the command. Codes of refusal: those of act/life.hpp, or
    // `busy`.
    virtual void command(const Session& session, model::Command command, std::string text,
                         std::function<void(base::Result<model::CommandResult>)> done) = 0;
    // Stores the file by content hash (fsynced before the command that names it commits), reads its EXIF time, and adds
    // it to the incident. JPEG, PNG, WebP, at most 20 MB.
    virtual void add_evidence(const Session& session, model::IncidentId incident, model::EvidencePhase phase,
                              std::string media_type, std::string bytes,
                              std::function<void(base::Result<model::CommandResult>)> done) = 0;
    virtual void evidence(const Session& session, const base::Digest& sha256,
                          std::function<void(base::Result<std::pair<EvidenceRow, std::string>>)> done) = 0;

    // What was done and who looked, newest first; without leave to see all acts only those on oneself or on whom one
    // acts for. Code: forbidden.
    virtual base::Result<std::vector<ActRow>> acts(const Session& session, const ActQuery& query) = 0;

    // How the ledger stands, and a receipt for an act the session may see. Codes: not-found, also for one that may not
    // be seen; not-in-ledger, receipt-not-yet.
    virtual base::Result<LedgerState> ledger(const Session& session) = 0;
    // How long things are kept: everybody who is signed in may know.
    virtual base::Result<RetentionState> retention(const Session& session) = 0;
    virtual base::Result<ActReceipt> receipt(const Session& session, std::uint64_t act) = 0;

    // Pushes until forget(). The callback must be quick.
    virtual std::uint64_t follow(std::function<void(const Push&)> call) = 0;
    virtual void forget(std::uint64_t registration) = 0;

    virtual Health health() = 0;
    virtual std::string metrics() = 0;  // Prometheus text
};

}  // namespace shoumen::ports

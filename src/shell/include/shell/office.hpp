// The desk behind the HTTP door: sign-in, questions, commands, what changes. ports/desk.hpp says what each call does.
//
// Who may ask: everyone needs a session, and what it shows or changes is the gate's answer (protect/gate.hpp) by the
// access list of the policy in force. What may be done with an incident that is seen is act::refusal's answer alone.
// Values of persons that are shown in clear are written down (ports::ActRow, kind `looked`) before they are answered.
// One thread: the io thread.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "ports/clock.hpp"
#include "ports/courier.hpp"
#include "ports/coverage.hpp"
#include "ports/desk.hpp"
#include "ports/files.hpp"
#include "ports/roster.hpp"
#include "ports/ways_in.hpp"
#include "ports/wider_sight.hpp"
#include "protect/certificates.hpp"
#include "protect/gate.hpp"
#include "shell/account_book.hpp"
#include "shell/node.hpp"
#include "shell/persons.hpp"
#include "shell/sweeper.hpp"
#include "shell/tasks.hpp"
#include "shell/watcher.hpp"
#include "shell/worker.hpp"

namespace shoumen::shell {

class Notary;
class Upkeep;

class Office final : public ports::Desk,
                     public ports::AccountDesk,
                     public ports::WaysInDesk,
                     public ports::WiderSightDesk,
                     public ports::RosterDesk,
                     public ports::CoverageDesk {
public:
    // All given outlive the office.
    // What makes a policy of a directory's files, on top of another; with it the files packed for their row. Where
    // there is any finding, there is no policy. Any thread.
    struct Compiled {
        std::shared_ptr<const model::Policy> policy;
        std::string files;
        std::vector<ports::Finding> findings;
        base::Digest digest{};  // of the files
    };
    using Compile =
        std::function<Compiled(const std::map<std::string, std::string>& files, const model::Policy& before)>;
    using Unpack = std::function<base::Result<std::map<std::string, std::string>>(std::string_view packed)>;

    Office(Node& node, ports::EvidenceFiles& files, const ports::Clock& clock, Node::Post post, Compile compile = {},
           Unpack unpack = {});
    ~Office() override;

    base::Result<void> start();  // opens its reader

    void sign_in(std::string name, std::string password, const ports::Caller& from,
                 std::function<void(base::Result<ports::SignedIn>)> done) override;
    void second_step(std::string half, std::string code, const ports::Caller& from,
                     std::function<void(base::Result<ports::SignedIn>)> done) override;
    base::Result<ports::Session> session(std::string_view token, const ports::Caller* from = nullptr) override;
    ports::AccountDesk& people() override { return *this; }
    ports::WaysInDesk& ways_in() override { return *this; }
    ports::WiderSightDesk& wider() override { return *this; }
    ports::RosterDesk& duties() override { return *this; }
    base::Result<ports::Roster> roster(const ports::Session& session) override;
    ports::CoverageDesk& plan() override { return *this; }
    void coverage(const ports::Session& session, std::size_t devices,
                  std::function<void(base::Result<ports::CoverageView>)> done) override;
    ports::PersonDesk& persons() override { return persons_; }
    ports::UpkeepDesk& upkeep() override;
    // What looks after devices: its second's work, asked for by whoever has the timer (shell/upkeep.hpp).
    [[nodiscard]] Upkeep& devices_kept() { return *upkeep_; }
    void sign_out(const ports::Session& session, std::function<void(base::Result<void>)> done) override;
    void change_password(const ports::Session& session, std::string old_password, std::string new_password,
                         std::function<void(base::Result<void>)> done) override;
    void activate_policy(const ports::Session& session, std::map<std::string, std::string> files,
                         std::uint64_t based_on, std::function<void(base::Result<std::uint64_t>)> done) override;
    void check_policy(const ports::Session& session, std::map<std::string, std::string> files,
                      std::function<void(base::Result<std::vector<ports::Finding>>)> done) override;
    void try_policy(const ports::Session& session, std::map<std::string, std::string> files, base::Time from,
                    base::Time to, std::function<void(base::Result<ports::Task>)> done) override;
    void policy_files(const ports::Session& session, std::uint64_t version,
                      std::function<void(base::Result<ports::PolicyFiles>)> done) override;
    void policy_versions(const ports::Session& session, std::size_t limit,
                         std::function<void(base::Result<std::vector<ports::PolicyVersion>>)> done) override;
    void rules(const ports::Session& session,
               std::function<void(base::Result<std::vector<ports::RuleView>>)> done) override;
    base::Result<std::vector<ports::Task>> tasks(const ports::Session& session) override;
    base::Result<ports::Task> task(const ports::Session& session, std::uint64_t id) override;
    base::Result<ports::Task> cancel_task(const ports::Session& session, std::uint64_t id) override;
    void add_account(const ports::Session& session, ports::NewAccount account,
                     std::function<void(base::Result<std::string>)> done) override;
    void issue_device_token(const ports::Session& session, std::string device,
                            std::function<void(base::Result<std::string>)> done) override;
    void revoke_device_tokens(const ports::Session& session, std::string device,
                              std::function<void(base::Result<void>)> done) override;
    void certify_device(const ports::Session& session, std::string device, std::string request_pem,
                        std::function<void(base::Result<ports::DeviceCertificate>)> done) override;
    // Who signs; null: nobody. It outlives the office, or is taken back.
    void certify_by(protect::CertificateAuthority* authority) { authority_ = authority; }

    // ports::AccountDesk
    base::Result<std::vector<ports::AccountView>> accounts(const ports::Session& session) override;
    base::Result<ports::AccountView> account(const ports::Session& session, std::string_view name) override;
    void give_role(const ports::Session& session, ports::GrantAsked asked,
                   std::function<void(base::Result<ports::GrantRow>)> done) override;
    void end_role(const ports::Session& session, std::string_view account, std::uint64_t grant,
                  std::function<void(base::Result<void>)> done) override;
    void reset_password(const ports::Session& session, std::string_view account,
                        std::function<void(base::Result<std::string>)> done) override;
    void unlock(const ports::Session& session, std::string_view account,
                std::function<void(base::Result<void>)> done) override;
    void leave(const ports::Session& session, std::string_view account, bool anyway,
               std::function<void(base::Result<ports::Left>)> done) override;
    base::Result<std::vector<ports::SessionView>> sessions(const ports::Session& session,
                                                           std::string_view account) override;
    void end_session(const ports::Session& session, std::string_view account, std::string_view id,
                     std::function<void(base::Result<void>)> done) override;
    void end_sessions(const ports::Session& session, std::string_view account,
                      std::function<void(base::Result<void>)> done) override;
    base::Result<std::vector<ports::ApiTokenRow>> api_tokens(const ports::Session& session,
                                                             std::string_view account) override;
    void make_api_token(const ports::Session& session, ports::TokenAsked asked,
                        std::function<void(base::Result<ports::TokenMade>)> done) override;
    void revoke_api_token(const ports::Session& session, std::string_view account, std::uint64_t id,
                          std::function<void(base::Result<void>)> done) override;
    base::Result<ports::SecondFactorState> second_factor(const ports::Session& session) override;
    void begin_second_factor(const ports::Session& session, std::string password,
                             std::function<void(base::Result<ports::Enrolment>)> done) override;
    void confirm_second_factor(const ports::Session& session, std::string code,
                               std::function<void(base::Result<std::vector<std::string>>)> done) override;
    void remove_second_factor(const ports::Session& session, std::string password, std::string code,
                              std::function<void(base::Result<void>)> done) override;
    void reset_second_factor(const ports::Session& session, std::string_view account,
                             std::function<void(base::Result<void>)> done) override;
    base::Result<std::vector<ports::DelegationRow>> delegations(const ports::Session& session,
                                                                const model::Person& of) override;
    void delegate(const ports::Session& session, ports::DelegationAsked asked,
                  std::function<void(base::Result<ports::DelegationRow>)> done) override;
    void end_delegation(const ports::Session& session, std::uint64_t id,
                        std::function<void(base::Result<void>)> done) override;

    // ports::WaysInDesk
    ports::WaysIn ways() override;
    void send_code(std::string phone, const ports::Caller& from, std::function<void(base::Result<void>)> done) override;
    void sign_in_by_code(std::string phone, std::string code, const ports::Caller& from,
                         std::function<void(base::Result<ports::SignedIn>)> done) override;
    base::Result<ports::AccountWays> ways_of(const ports::Session& session, std::string_view account) override;
    void set_phone(const ports::Session& session, std::string_view account, std::string phone,
                   std::function<void(base::Result<void>)> done) override;
    void remove_phone(const ports::Session& session, std::string_view account,
                      std::function<void(base::Result<void>)> done) override;
    void begin_sign_on(const ports::Caller& from, std::function<void(base::Result<ports::SignOnBegun>)> done) override;
    void finish_sign_on(ports::SignOnReturn back, const ports::Caller& from,
                        std::function<void(base::Result<ports::SignedIn>)> done) override;
    void link_sign_on(const ports::Session& session, std::string_view account, std::string subject,
                      std::function<void(base::Result<void>)> done) override;
    void unlink_sign_on(const ports::Session& session, std::string_view account,
                        std::function<void(base::Result<void>)> done) override;
    // By whom short messages go, and who knows the city's people; null: by nobody. They outlive the office.
    void text_by(ports::TextSender* texts) { texts_ = texts; }
    void sign_on_by(ports::SignOnProvider* provider) { provider_ = provider; }

    // ports::WiderSightDesk
    base::Result<ports::WiderSights> wider_sights(const ports::Session& session) override;
    void open_wider(const ports::Session& session, std::string reason,
                    std::function<void(base::Result<ports::WiderSightRow>)> done) override;
    void close_wider(const ports::Session& session, std::uint64_t id,
                     std::function<void(base::Result<void>)> done) override;
    [[nodiscard]] std::size_t wider_sights_open() const;

    void command_device(const ports::Session& session, ports::DeviceCommand command,
                        std::function<void(base::Result<std::string>)> done) override;
    // By whom commands reach devices; null: by nobody. It outlives the office, or is taken back.
    void commands_go_by(ports::Courier* courier) { courier_ = courier; }

    std::shared_ptr<const model::Policy> policy() override { return node_.policy(); }
    base::Time now() override { return clock_.now(); }
    base::Result<std::vector<model::Incident>> incidents(const ports::Session& session,
                                                         const ports::IncidentQuery& query) override;
    void incident(const ports::Session& session, model::IncidentId id,
                  std::function<void(base::Result<ports::IncidentView>)> done) override;
    void ask_to_see(const ports::Session& session, model::IncidentId id, std::vector<model::Item> items,
                    model::Purpose purpose, std::function<void(base::Result<ports::IncidentView>)> done) override;
    base::Result<void> admit(const ports::Session& session, model::Item item, model::Sight least) override;
    std::optional<std::uint32_t> how_seen(const ports::Session& session, const model::Incident& incident) override;
    model::Incident seen_as(std::uint32_t how, const model::Incident& incident) override;
    base::Result<std::vector<ports::QuarantineRow>> quarantine(const ports::Session& session,
                                                               std::optional<std::uint64_t> before,
                                                               std::size_t limit) override;
    base::Result<ports::QuarantineCounts> quarantine_counts(const ports::Session& session) override;
    base::Result<std::vector<ports::DeviceView>> devices(const ports::Session& session) override;
    void precision(const ports::Session& session,
                   std::function<void(base::Result<std::vector<model::TrackView>>)> done) override;

    void command(const ports::Session& session, model::Command command, std::string text,
                 std::function<void(base::Result<model::CommandResult>)> done) override;
    void add_evidence(const ports::Session& session, model::IncidentId incident, model::EvidencePhase phase,
                      std::string media_type, std::string bytes,
                      std::function<void(base::Result<model::CommandResult>)> done) override;
    void evidence(const ports::Session& session, const base::Digest& sha256,
                  std::function<void(base::Result<std::pair<ports::EvidenceRow, std::string>>)> done) override;

    base::Result<std::vector<ports::ActRow>> acts(const ports::Session& session, const ports::ActQuery& query) override;

    std::uint64_t follow(std::function<void(const ports::Push&)> call) override;
    void forget(std::uint64_t registration) override;

    ports::Health health() override;
    std::string metrics() override;

    base::Result<ports::LedgerState> ledger(const ports::Session& session) override;
    base::Result<ports::RetentionState> retention(const ports::Session& session) override;
    base::Result<ports::ActReceipt> receipt(const ports::Session& session, std::uint64_t act) override;
    // What the directory's coverage.yaml asks, of the files of the policy in force. Any thread.
    using Plan =
        std::function<model::Coverage(const std::map<std::string, std::string>& files, const model::Policy& policy)>;
    void plan_by(Plan plan) { plan_ = std::move(plan); }
    void prove_by(Notary* notary) { notary_ = notary; }
    void sweep_by(Sweeper* sweeper) { sweeper_ = sweeper; }

    // What it measures shows in health and metrics from then on; null: no more.
    void show(const Watcher* watcher) { watcher_ = watcher; }
    void log_to(ports::Log log);

    // For the first start and the command line, where nobody has signed in yet: as the calls above, without a session.
    // Roles the account does not hold already are given without an end.
    void put_account(ports::AccountRow row, std::string password, std::function<void(base::Result<void>)> done);
    void put_out_device_tokens(const std::string& device, std::function<void(base::Result<void>)> done);
    void put_device_token(std::string device, std::function<void(base::Result<std::string>)> done);

private:
    friend class Persons;  // a person's accounts are shut where the person is erased
    friend class Upkeep;   // asks the gate, and puts devices into the directory
    struct Attempts {
        unsigned failures = 0;
        base::Time wait_until = base::Time::none();
        base::Time last = base::Time::none();
    };

    // Asking the gate; gate.cpp.
    struct Looks;
    protect::Viewer viewer_of(const ports::Session& session) const;
    protect::IncidentSights& sights_of(const ports::Session& session);
    bool may(const ports::Session& session, model::Item item, model::Sight least, const protect::Thing& thing) const;
    base::Result<ports::IncidentView> view_of(const ports::Session& session, model::IncidentId id, Looks& looks);
    base::Result<void> add_texts(const ports::Session& session, const protect::IncidentSights::Sights& sights,
                                 ports::IncidentView& view, Looks& looks);
    void add_choices(const ports::Session& session, ports::IncidentView& view);
    bool has_asked(const ports::Session& session, model::IncidentId id, model::Item item) const;
    base::Result<model::Incident> visible(const ports::Session& session, model::IncidentId id);

    base::Result<void> may_give_tokens(const ports::Session& session, const std::string& device) const;
    // A session or token that has been looked up, and what it may; made anew where that may have changed.
    struct HeldSession {
        ports::Session session;
        ports::SessionRow row;  // of a person's
        base::Time good_until = base::Time::none();
        std::uint64_t changes = 0;
        std::shared_ptr<const model::Policy> policy;
    };

    // By which roles, tokens and delegations begin and end: never earlier than what was written down, so that a clock
    // set back takes no role away and brings none back. Hours ahead the clock was wrong, and is not waited for.
    base::Time moment() const;

    // sessions.cpp
    base::Result<void> refresh(HeldSession& held, const std::string& account, const ports::ApiTokenRow* token);
    base::Result<ports::Session> token_session(const ports::ApiTokenRow& token, const ports::Caller* from);
    base::Result<std::vector<ports::SessionRow>> live_sessions(std::string_view account);
    void end_rows(std::vector<ports::SessionRow> rows, std::vector<ports::RecordWrite> with,
                  std::function<void(base::Result<void>)> done);
    void finish_sign_in(const ports::AccountRow& account, const ports::Caller& from,
                        std::function<void(base::Result<ports::SignedIn>)> done);
    // The same for who came by another way than the password: a one-time password nobody has used is put out.
    void finish_other_way(ports::AccountRow account, const ports::Caller& from,
                          std::function<void(base::Result<ports::SignedIn>)> done);
    void begin_session(const ports::AccountRow& account, const ports::Caller& from,
                       std::function<void(base::Result<ports::SignedIn>)> done);
    void put_account_by(std::string giver, ports::AccountRow row, std::string password,
                        std::optional<ports::ActRow> act, std::function<void(base::Result<void>)> done);
    static constexpr unsigned failures_allowed = 5;
    static constexpr unsigned failures_of_an_address = 50;
    static bool is_limited(const std::string& address);
    void note_failure(const std::string& name, unsigned allowed);
    base::Result<void> waits(const std::string& name) const;

    // The password of the session's own account, tried as in sign_in; `then` where it is right. accounts.cpp
    base::Result<ports::AccountRow> still_open(const std::string& name);
    void with_password(const ports::Session& session, std::string password, const char* field,
                       std::function<void(base::Result<ports::AccountRow>)> then);
    void forget_failures(const std::string& account);

    // second_step.cpp
    struct Half {
        std::string account;
        std::string password_hash;  // changed meanwhile: over
        std::string agent;
        base::Time until;
        unsigned tried = 0;
    };
    base::Result<bool> has_second_factor(std::string_view account);
    base::Result<ports::SignedIn> begin_half(const ports::AccountRow& account, const ports::Caller& from);
    std::optional<ports::SecondFactorRow> after_code(ports::SecondFactorRow row, std::string_view code) const;
    // One change of a second factor at a time: a code on its way twice is refused, not asked twice.
    template <class T>
    bool takes_factor(const std::string& account, const std::function<void(base::Result<T>)>& done);
    void write_factor(const std::string& account, std::vector<ports::RecordWrite> writes,
                      std::function<void(base::Result<void>)> done);
    base::Result<ports::SecondFactorRow> factor_of(const ports::Session& session, bool confirmed);

    void put_device_token_by(ports::ActRow act, std::string device,
                             std::function<void(base::Result<std::string>)> done);
    void put_out_device_tokens_by(ports::ActRow act, const std::string& device,
                                  std::function<void(base::Result<void>)> done);

    std::optional<std::pair<model::Role, base::Duration>> may_open_wider(const ports::Session& session) const;

    // phone_codes.cpp. By a number's lookup, or an address: how many were asked for, and the newest.
    struct PhoneCode {
        base::Time counted_from = base::Time::none();
        unsigned sent = 0;
        base::Time asked = base::Time::none();
        base::Time until = base::Time::none();
        unsigned tried = 0;
        base::Digest hash{};
    };
    bool may_by_phone(const ports::AccountRow& account);
    base::Result<std::string> phone_lookup(const std::string& number);
    static std::string phone_owner(const ports::AccountRow& account);
    void send_to_owner(const std::string& number, const std::string& lookup, const std::string& code);
    // Deletes those of a kind; of no kind: all.
    static std::vector<ports::RecordWrite> without_ways(const std::vector<ports::WayInRow>& ways,
                                                        std::string_view kind);

    // sign_on.cpp
    struct BegunSignOn {
        std::string nonce;
        std::string verifier;
        base::Digest binding{};
        std::string agent;
        std::string address;
        base::Time until;
    };
    static std::string sign_on_context(std::string_view account);
    base::Result<std::string> sign_on_lookup(const std::string& issuer, const std::string& subject);
    void sign_on_as(const ports::SignOnIdentity& identity, const ports::Caller& from,
                    std::function<void(base::Result<ports::SignedIn>)> done);

    // roles.cpp
    base::Result<void> move_roles_to_grants();
    static ports::ActRow with_grants(ports::ActRow act, const std::vector<ports::RecordWrite>& writes);
    std::vector<ports::RecordWrite> give_all(ports::AccountRow row, const std::string& given_by);
    base::Result<ports::AccountRow> known_account(std::string_view name);
    base::Result<ports::AccountRow> may_change_account(const ports::Session& session, std::string_view name);
    base::Result<ports::AccountRow> own_or_others(const ports::Session& session, std::string_view name,
                                                  model::Sight least);
    ports::AccountView account_view(ports::AccountRow row);
    bool is_last_administrator(std::string_view account, std::uint64_t grant);
    base::Result<std::vector<model::IncidentId>> incidents_with(const model::Person& person);
    ports::ActRow act_of(const ports::Session& session, std::string kind, std::string subject,
                         std::string detail) const;
    // What shuts all of somebody's accounts, sessions, tokens and delegations, and what is to be done once it is
    // stored. Code: last-administrator.
    struct Closing {
        std::vector<ports::RecordWrite> writes;
        std::vector<ports::SessionRow> sessions;
        std::vector<ports::GrantRow> grants;
        std::vector<ports::ApiTokenRow> tokens;
        std::vector<ports::DelegationRow> delegations;
    };
    base::Result<Closing> closing_of(const model::Person& person, const std::string& by);
    void closed(const Closing& closing);
    base::Result<std::vector<ports::AccountRow>> accounts_of(const model::Person& person);
    std::optional<protect::Verdict> may_witness(const ports::Session& session, const model::Person& person) const;
    std::vector<ports::DelegationRow> delegations_of(const model::Person& person);
    ports::ActRow act_of_consent(const ports::Session& session, const std::optional<protect::Verdict>& heard,
                                 std::string kind, const ports::DelegationRow& row, std::string detail) const;
    // Words that somebody typed beside a role, a consent, a token: kept under a person's key, as text for any database.
    // As they are where there are no keys, or from before.
    base::Result<std::string> sealed_words(const std::string& owner, std::string_view context, std::string words);
    std::string opened_words(std::string_view context, std::string kept);
    model::Actor actor_at(const ports::Session& session, model::PlaceId place) const;

    void log_failure(const std::string& name, const char* code);
    void on_committed(const Committed& what);
    template <class T>
    void on_worker(std::function<base::Result<T>(ports::StoreReader&)> ask, std::function<void(base::Result<T>)> done);

    Node& node_;
    ports::EvidenceFiles& files_;
    ports::Courier* courier_ = nullptr;
    protect::CertificateAuthority* authority_ = nullptr;
    const ports::Clock& clock_;
    Node::Post post_;
    std::unique_ptr<ports::StoreReader> reader_;
    std::unique_ptr<ports::StoreReader> worker_reader_;  // used by jobs of the worker alone
    AccountBook book_;
    mutable base::Time latest_ = base::Time::none();                            // of moment()
    std::unordered_map<base::Digest, HeldSession, base::DigestHash> sessions_;  // what has been looked up
    std::unordered_map<base::Digest, unsigned, base::DigestHash> ending_;       // being deleted: not to be read again
    base::Time sessions_swept_ = base::Time::none();
    // By session; made anew where the policy or the session's roles are others.
    std::unordered_map<base::Digest, protect::IncidentSights, base::DigestHash> sights_;
    std::map<std::tuple<base::Digest, std::uint64_t, model::Item>, base::Time> asked_;  // until when it is shown
    std::map<std::string, Attempts> attempts_;
    std::unordered_map<base::Digest, Half, base::DigestHash> halves_;
    std::map<std::string, unsigned> factors_under_way_;
    ports::TextSender* texts_ = nullptr;
    ports::SignOnProvider* provider_ = nullptr;
    std::map<std::string, PhoneCode> codes_;
    std::unordered_map<base::Digest, BegunSignOn, base::DigestHash> begun_;
    Compile compile_;
    const Watcher* watcher_ = nullptr;
    Notary* notary_ = nullptr;
    Sweeper* sweeper_ = nullptr;
    ports::Log log_;
    std::string log_salt_;  // of this run
    std::uint64_t failed_sign_ins_ = 0;
    base::Time failures_counted_from_ = base::Time{};
    unsigned failures_logged_ = 0;
    std::uint64_t failures_left_out_ = 0;
    Unpack unpack_;
    Plan plan_;
    std::vector<std::pair<std::uint64_t, std::function<void(const ports::Push&)>>> followers_;
    std::uint64_t next_registration_ = 1;
    Tasks tasks_;
    Persons persons_;
    std::unique_ptr<Upkeep> upkeep_;
    // Last: these end first. A large picture is seconds of work, and nobody who signs in waits for it.
    Worker pictures_;
    Worker worker_;
};

}  // namespace shoumen::shell

// The register of persons: who is listed, where they live, and what is personal, sealed with each one's own key
// (protect/entry.hpp). ports/persons.hpp says what each call does.
//
// Who is listed, where, and by which keyed phone stands in memory (some hundred bytes a person); what is personal is
// read and opened when it is asked for, and shown through the gate alone. Tables are read, checked and sealed on a
// thread of their own; while one goes on, nobody else changes the register. One thread: the io thread.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>

#include "ports/clock.hpp"
#include "ports/desk.hpp"
#include "ports/files.hpp"
#include "protect/entry.hpp"
#include "protect/gate.hpp"
#include "shell/node.hpp"
#include "shell/worker.hpp"

namespace shoumen::shell {

struct LookList;
class Office;

// An entry that was asked for, checked and put together with what was there.
struct PersonChange {
    ports::PersonRow row;
    bool is_new = false;
    std::string fields;  // words of what is others now, for the act; empty: nothing is
};

class Persons final : public ports::PersonDesk {
public:
    // All given outlive it. A node without a vault keeps no register: every change is refused (keys-missing).
    Persons(Office& office, Node& node, ports::EvidenceFiles& files, const ports::Clock& clock, Node::Post post);

    // Reads who is listed; what was begun of an erasure, or is erased by the keys and not here, is done to its end.
    base::Result<void> start();

    void list(const ports::Session& session, ports::PersonQuery query,
              std::function<void(base::Result<ports::PersonPage>)> done) override;
    void find(const ports::Session& session, const std::string& phone,
              std::function<void(base::Result<std::vector<ports::PersonView>>)> done) override;
    void person(const ports::Session& session, const model::Person& person,
                std::function<void(base::Result<ports::PersonView>)> done) override;
    void ask_to_see(const ports::Session& session, const model::Person& person, std::vector<model::Item> items,
                    model::Purpose purpose, std::function<void(base::Result<ports::PersonView>)> done) override;
    void put(const ports::Session& session, ports::PersonAsked asked,
             std::function<void(base::Result<ports::PersonPut>)> done) override;
    void import(const ports::Session& session, std::string table, bool check,
                std::function<void(base::Result<ports::ImportReport>)> done) override;
    void kept(const ports::Session& session, const model::Person& person,
              std::function<void(base::Result<ports::KeptCounts>)> done) override;
    void take_out(const ports::Session& session, const model::Person& person, const std::string& reason,
                  std::function<void(base::Result<ports::Kept>)> done) override;
    void erase(const ports::Session& session, const model::Person& person, const std::string& reason,
               std::function<void(base::Result<ports::Erased>)> done) override;

    // Who needs help in an incident: whose devices called, who lives in the home it is in, and, where it is in a floor,
    // a unit or a building, who lives there and cannot help themselves. As the session may see it.
    std::vector<ports::PersonView> concerned(const ports::Session& session, const model::Incident& incident,
                                             const std::vector<ports::AlertRow>& alerts, const protect::Thing& thing,
                                             const std::function<bool(model::Item)>& has_asked, LookList& looks);
    [[nodiscard]] bool is_erased(const model::Person& person) const;
    [[nodiscard]] model::PlaceId home_of(std::string_view code) const;  // not valid: none that is known

private:
    struct Head {
        std::string home;
        std::string status;
        std::string phone_index;
    };
    struct Import;
    using Asked = std::tuple<base::Digest, std::string, model::Item>;

    void remember(const ports::PersonRow& row);
    [[nodiscard]] bool is_listed(std::string_view code) const;
    [[nodiscard]] protect::Thing thing_of(const ports::Session& session, const model::Person& person) const;
    // What the gate says of each item, and of what is asked for, whether it has been.
    [[nodiscard]] protect::Gate::Verdicts verdicts_of(const ports::Session& session, const model::Person& person) const;
    [[nodiscard]] base::Result<protect::PersonEntry> entry_of(const model::Person& person, base::Time* changed);
    base::Result<ports::PersonView> view_of(const ports::Session& session, const model::Person& person,
                                            LookList& looks);
    template <class T>
    void answer(LookList& looks, T value, std::function<void(base::Result<T>)> done);
    void read_table(const std::shared_ptr<Import>& import);
    void write_next(const std::shared_ptr<Import>& import);
    [[nodiscard]] ports::ActRow act_of(const ports::Session& session, const model::Person& person, std::string kind,
                                       std::string detail) const;

    // persons_needed.cpp
    bool needs_help(const std::string& code);
    std::vector<std::string> in_need_at(model::PlaceId place);

    // persons_kept.cpp
    struct Gathered;
    base::Result<Gathered> gather(const model::Person& person);
    base::Result<protect::Verdict> may_have(const ports::Session& session, const model::Person& person,
                                            model::Item item, const std::string& reason) const;
    [[nodiscard]] std::string why_not_erase(const model::Person& person);  // a code; empty: it may be
    [[nodiscard]] bool is_known(const model::Person& person, const Gathered& gathered) const;
    ports::KeptCounts counts_of(const ports::Session& session, const model::Person& person, const Gathered& gathered);

    // persons_erase.cpp
    struct Erasure;
    void finish_erasures();
    void begin_erasing(const std::shared_ptr<Erasure>& erasure);
    void erase_key(const std::shared_ptr<Erasure>& erasure);
    void empty_acts(const std::shared_ptr<Erasure>& erasure);

    Office& office_;
    Node& node_;
    ports::EvidenceFiles& files_;
    const ports::Clock& clock_;
    Node::Post post_;
    protect::Vault* vault_;
    std::unique_ptr<ports::StoreReader> reader_;
    std::unique_ptr<ports::StoreReader> table_reader_;  // of the thread that reads tables
    std::map<std::string, Head, std::less<>> heads_;
    std::map<std::string, std::set<std::string>, std::less<>> by_home_;
    std::multimap<std::string, std::string, std::less<>> by_phone_;
    std::map<std::string, bool, std::less<>> needs_help_;  // of those who have been asked for
    struct Misses {
        base::Time from;
        unsigned count = 0;
    };
    std::map<std::string, Misses> misses_;  // by account: numbers looked for that nobody has
    std::map<Asked, base::Time> asked_;     // until when it is shown
    bool importing_ = false;
    std::set<std::string> writing_;  // codes whose change is on its way to the disk
    Worker worker_{2};               // last: ends first
};

protect::Viewer viewer_of(const ports::Session& session);

}  // namespace shoumen::shell

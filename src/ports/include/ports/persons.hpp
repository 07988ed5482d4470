// The desk's part that knows the register of persons: who lives here, what is kept of them, and what of it is shown.
//
// Called on the io thread; answers come by callback on it too, after the commit. Every value that is shown in clear is
// written down before it is answered (ports::ActRow, kind `looked`). What is kept is masked unless a row of the access
// list shows it; who may not see that a person stands in the register is told there is none (unknown-person). Errors
// carry codes of api/errors.json.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/access.hpp"
#include "model/ids.hpp"
#include "model/incident.hpp"
#include "ports/store.hpp"

namespace shoumen::ports {

struct Session;

// What is not shown in clear, and whether it would be if it were asked for.
struct HeldBack {
    model::Item item{};
    model::Sight sight = model::Sight::masked;
    model::Purpose purpose{};
    base::Duration lasts;
};

// As far as it is shown: in clear where `clear` has the item, else masked, else empty.
struct PersonView {
    model::Person person;
    model::PlaceId home;  // invalid: not said, or gone from the directory; without the door where that is held back
    std::string name;     // whole
    std::string first_name;
    std::string phone;
    std::string id_number;
    std::string health;
    std::string contact;  // whom to call; shown as the phone is
    std::string contact_phone;
    model::ItemSet clear;
    std::vector<HeldBack> held_back;
    base::Time changed;
};

// none: stays as it is; empty: is taken away.
struct PersonAsked {
    model::Person person;
    std::optional<std::string> home;  // code of a home
    std::optional<std::string> family_name;
    std::optional<std::string> given_name;
    std::optional<std::string> phone;
    std::optional<std::string> id_number;
    std::optional<std::string> health;
    std::optional<std::string> contact;
    std::optional<std::string> contact_phone;
};

struct PersonPut {
    bool is_new = false;
    PersonView view;
};

struct PersonQuery {
    std::string place;  // code: who lives within; empty: everywhere
    std::string after;  // page: codes above this one
    std::size_t limit = 200;
};

struct PersonPage {
    std::vector<PersonView> persons;
    bool more = false;
};

// A line that was not taken in.
struct LineFinding {
    std::size_t line = 0;
    std::string field;  // the column as the file calls it; empty: the line as a whole
    std::string code;
};

struct ImportReport {
    std::size_t added = 0;
    std::size_t changed = 0;
    std::size_t unchanged = 0;
    std::vector<LineFinding> refused;  // by line; the first thousand
    std::size_t refused_count = 0;     // in all
};

// How much is kept about somebody.
struct KeptCounts {
    model::Person person;
    bool listed = false;  // in the register
    std::size_t accounts = 0;
    std::size_t reported = 0;  // incidents they reported
    std::size_t words = 0;     // what they wrote
    std::size_t pictures = 0;  // they added
    std::size_t looked = 0;    // acts of looking at what is theirs
    std::size_t acts = 0;      // other acts on them, and theirs
    std::size_t delegations = 0;
    bool may_take_out = false;
    bool may_erase = false;
    std::string may_not_erase;  // why not now: a code; empty where it may be
};

struct KeptWord {
    model::IncidentId incident;
    base::Time at;
    model::EventType what{};
    std::string text;
};

struct KeptPicture {
    EvidenceRow row;
    std::string bytes;  // empty: cannot be read any more
};

// All of it, to be handed out.
struct Kept {
    KeptCounts counts;
    base::Time at;
    std::optional<PersonView> entry;  // in clear
    std::vector<std::string> accounts;
    std::vector<model::Incident> reported;
    std::vector<KeptWord> words;
    std::vector<KeptPicture> pictures;
    std::vector<ActRow> on;  // acts, oldest first
    std::vector<ActRow> by;
    std::vector<DelegationRow> delegations;
};

struct Erased {
    std::size_t acts = 0;   // that were emptied
    std::size_t words = 0;  // that cannot be read any more
    std::size_t pictures = 0;
};

class PersonDesk {
public:
    virtual ~PersonDesk() = default;

    // By code; those whom the session may know of.
    virtual void list(const Session& session, PersonQuery query,
                      std::function<void(base::Result<PersonPage>)> done) = 0;
    // By a whole phone number.
    virtual void find(const Session& session, const std::string& phone,
                      std::function<void(base::Result<std::vector<PersonView>>)> done) = 0;
    // Code: unknown-person.
    virtual void person(const Session& session, const model::Person& person,
                        std::function<void(base::Result<PersonView>)> done) = 0;
    // Codes: unknown-person, forbidden, wrong-purpose.
    virtual void ask_to_see(const Session& session, const model::Person& person, std::vector<model::Item> items,
                            model::Purpose purpose, std::function<void(base::Result<PersonView>)> done) = 0;
    // Codes: forbidden, unknown-place, not-a-home, bad-phone, bad-id-number, erased, busy (an import goes on).
    virtual void put(const Session& session, PersonAsked asked, std::function<void(base::Result<PersonPut>)> done) = 0;
    // A table (CSV). Lines that are right are taken in, the others told of; `check`: none is. Codes: forbidden, busy,
    // bad-encoding, bad-csv, too-large, missing-column.
    virtual void import(const Session& session, std::string table, bool check,
                        std::function<void(base::Result<ImportReport>)> done) = 0;

    // --- What is kept about somebody: oneself, whom one acts for, or by an administrator for a reason (a word; empty
    // for one's own). Codes: unknown-person, forbidden, missing-field (no reason).
    virtual void kept(const Session& session, const model::Person& person,
                      std::function<void(base::Result<KeptCounts>)> done) = 0;
    // To be handed out. It is an act, and each value in it a look.
    virtual void take_out(const Session& session, const model::Person& person, const std::string& reason,
                          std::function<void(base::Result<Kept>)> done) = 0;
    // For good: the person's key is destroyed, the entry emptied, accounts shut, and acts that name them emptied. One's
    // own word, or an administrator's. Codes besides: by-token, last-administrator, person-on-duty, person-in-incident,
    // erased (already).
    virtual void erase(const Session& session, const model::Person& person, const std::string& reason,
                       std::function<void(base::Result<Erased>)> done) = 0;
};

}  // namespace shoumen::ports

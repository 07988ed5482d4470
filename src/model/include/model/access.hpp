// Who may see or change what, for what, where and when: the rows of the access list (access.yaml). The gate
// (protect/gate.hpp) reads them and nothing else: what no row names is refused.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/ids.hpp"
#include "model/words.hpp"

namespace shoumen::model {

// What can be seen or changed. The first ones belong to an incident, then come those of a person, then the rest.
enum class Item : std::uint8_t {
    incidents,   // that it is: kind, place down to the floor, severity, state, deadlines, bodies
    door,        // the very home it is in
    actors,      // which member of staff did what, who was told: codes of persons
    words,       // what people wrote; masked: names, numbers and addresses in it are covered
    reporter,    // who reported it
    pictures,    // evidence; masked: withheld
    concerned,   // that a certain person is concerned
    first_name,  // what to call a person
    name,
    phone,
    id_number,
    home,    // where a person lives; masked: building and floor
    health,  // what helpers must know
    people,  // the register: that a person stands in it
    devices,
    quarantine,  // payloads refused; masked: without the payload
    rules,
    policy,    // the community directory
    accounts,  // accounts, roles, sessions of others
    tokens,    // of devices and programs
    commands,  // to devices
    tasks,
    figures,  // metrics
    acts,     // who did what, who looked
    roster,
    archive,  // all that is kept about a person, to be handed out to them
    erasure,  // that it goes
};
constexpr std::size_t item_count = 27;

// What data is used for (目的).
enum class Purpose : std::uint8_t {
    response,        // 应急处置
    verification,    // 核验
    care,            // 照护
    upkeep,          // 运维
    supervision,     // 督办
    administration,  // 系统管理
    audit,           // 审计
    assessment,      // 考核评估
    own,             // 本人
};
constexpr std::size_t purpose_count = 9;

// How far a row reaches from where the role is held.
enum class Reach : std::uint8_t {
    own,       // what is about the person who asks, or the person they act for
    involved,  // incidents that a body of the person leads, assists or supervises, or that the person was told of
    place,     // what lies within the place the role is held at
    beyond,    // what lies anywhere: only by a row with a name
};

enum class Sight : std::uint8_t {
    masked,
    ask,    // masked until asked for with the purpose; then clear for a limited time, and written down
    clear,  // at once, and written down
    change,
};

struct ItemSet {
    std::uint32_t bits = 0;
    [[nodiscard]] constexpr bool has(Item i) const { return (bits >> static_cast<unsigned>(i)) & 1U; }
    constexpr ItemSet& add(Item i) {
        bits |= 1U << static_cast<unsigned>(i);
        return *this;
    }
    bool operator==(const ItemSet&) const = default;
};

// A role held: where in the tree of places, and until when. A place that is not of this community holds nothing here.
struct Holding {
    Role role{};
    PlaceId place;
    base::Time until = base::Time::never();
    bool opened = false;  // besides the role: a wider sight that was opened; reaches rows `while: opened` alone
    bool operator==(const Holding&) const = default;
};

struct AccessRow {
    std::uint32_t line = 0;
    std::string name;  // of a row that reaches beyond: the rule by which it is shared
    RoleSet roles;
    Purpose purpose{};
    ItemSet items;
    Reach reach = Reach::place;
    std::uint32_t uses = 0;  // bits of PlaceUse; 0: any
    bool live_only = false;  // only while an incident is open to resolved
    bool opened = false;     // only while somebody has opened a wider sight, with a reason; for at most `lasts`
    Sight sight = Sight::masked;
    base::Duration lasts;  // of ask: how long it stays clear; of opened: how long it stays open
    bool operator==(const AccessRow&) const = default;
};

// Who comes from the city's single sign-on with this value of a claim gets an account with these roles.
struct SignOnRule {
    std::string claim;
    std::string value;
    RoleSet roles;
    std::vector<std::string> bodies;  // codes
    bool operator==(const SignOnRule&) const = default;
};

// What accounts.yaml says; without the file nothing of it.
struct AccountRules {
    RoleSet second_step;  // who holds one of these signs in by two steps
    RoleSet by_phone;     // who holds these and no others may sign in by a code sent to their telephone
    std::vector<SignOnRule> sign_on;
    bool operator==(const AccountRules&) const = default;
};

// The list as shipped, for a community directory without access.yaml.
std::span<const AccessRow> default_access();

std::string_view to_word(Item value);
std::optional<Item> parse_Item(std::string_view word);
std::span<const std::string_view> words_of_Item();
std::string_view to_word(Purpose value);
std::optional<Purpose> parse_Purpose(std::string_view word);
std::span<const std::string_view> words_of_Purpose();
std::string_view to_word(Reach value);
std::optional<Reach> parse_Reach(std::string_view word);
std::span<const std::string_view> words_of_Reach();
std::string_view to_word(Sight value);
std::optional<Sight> parse_Sight(std::string_view word);
std::span<const std::string_view> words_of_Sight();

}  // namespace shoumen::model

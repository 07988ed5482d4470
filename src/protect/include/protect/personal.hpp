// Values about a person, masked by their type.
//
// A Personal cannot be printed, formatted, logged, compared, converted to text or serialised: such code does not
// compile (shown by personal_test). Three ways lead out of it:
//   masked()          what everybody may see, by the kind's rule below;
//   unmasked(grant)   the value, for the holder of a Grant, which the gate alone can make; every look is counted on the
//                     grant, so that the gate's record of looks is complete;
//   sealing           as ciphertext, under the person's own key (protect/seal.hpp).
// Thread-safe as a std::string is; a Grant belongs to one request and one thread.
//
// Masks (`*` stands for what is not shown; the number of stars says nothing where it would tell the length):
//   name       surname and stars: 张三 → 张*, 欧阳测试 → 欧阳**
//   id_number  county (first six) and check digit: 110105***********X
//   phone      first three and last four: 160****0901; a land line: area code and last two: 0755-******62
//   address    down to the building: …50号27栋****
//   plate      where it is from, and the last character: 京A****7
//   bank_card  the last four
//   document   passports, permits: first letter and last two
//   email      first letter and the domain; account (WeChat, QQ): first letter
//   position   to 0.01 degree, about a kilometre
//   face, health: ***
#pragma once
#include <array>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/time.hpp"

namespace shoumen::protect {

class Gate;    // decides who may see what; written beside this
class Sealer;  // protect/seal.hpp

enum class PersonalKind : std::uint8_t {
    name,
    id_number,
    phone,
    address,
    plate,
    face,
    position,
    health,
    bank_card,
    document,
    email,
    account,
    organisation,  // a credit code; found in free text beside people's
};
constexpr std::size_t personal_kinds = 13;
std::string_view word_of(PersonalKind kind);  // "name", "id-number", …

// The mask of a value that is at hand as text; never fails, whatever the bytes.
std::string masked_text(PersonalKind kind, std::string_view utf8);

// Leave to see, given by the gate to one person, in one role, for one purpose, until a time.
class Grant {
public:
    Grant(const Grant&) = delete;
    Grant& operator=(const Grant&) = delete;
    Grant(Grant&&) = default;

    [[nodiscard]] std::string_view who() const { return who_; }
    [[nodiscard]] std::string_view role() const { return role_; }
    [[nodiscard]] std::string_view purpose() const { return purpose_; }
    [[nodiscard]] base::Time until() const { return until_; }
    [[nodiscard]] bool covers(PersonalKind kind) const { return ((kinds_ >> static_cast<unsigned>(kind)) & 1U) != 0; }
    // How many values of a kind were shown by this grant.
    [[nodiscard]] std::uint32_t looks(PersonalKind kind) const { return looks_[static_cast<std::size_t>(kind)]; }

private:
    friend class Gate;
    template <PersonalKind>
    friend class Personal;

    // kinds: a bit for each PersonalKind. now: when the request is answered, by the gate's clock.
    Grant(std::string who, std::string role, std::string purpose, std::uint32_t kinds, base::Time now, base::Time until)
        : who_(std::move(who)),
          role_(std::move(role)),
          purpose_(std::move(purpose)),
          kinds_(kinds),
          now_(now),
          until_(until) {}

    [[nodiscard]] base::Result<void> look(PersonalKind kind) const;

    std::string who_, role_, purpose_;
    std::uint32_t kinds_ = 0;
    base::Time now_, until_;
    mutable std::array<std::uint32_t, personal_kinds> looks_{};
};

struct Degrees {
    double latitude = 0;
    double longitude = 0;
    bool operator==(const Degrees&) const = default;
};

// A place on the ground, as text "31.23,121.47".
std::string text_of(Degrees at);
base::Result<Degrees> degrees_of(std::string_view text);

template <PersonalKind K>
class Personal {
public:
    static constexpr PersonalKind kind = K;

    Personal() = default;
    explicit Personal(std::string value) : value_(std::move(value)) {}
    explicit Personal(Degrees at)
        requires(K == PersonalKind::position)
        : value_(text_of(at)) {}

    [[nodiscard]] bool is_empty() const { return value_.empty(); }
    [[nodiscard]] std::string masked() const { return masked_text(K, value_); }
    // Errors: grant-not-for-kind, grant-over.
    [[nodiscard]] base::Result<std::string> unmasked(const Grant& grant) const {
        if (auto seen = grant.look(K); !seen) return tl::unexpected(std::move(seen.error()));
        return value_;
    }

    // What would be a slip is refused by name, so that the compiler says which.
    bool operator==(const Personal&) const = delete;
    auto operator<=>(const Personal&) const = delete;
    friend std::ostream& operator<<(std::ostream&, const Personal&) = delete;

private:
    friend class Sealer;
    std::string value_;
};

using Name = Personal<PersonalKind::name>;
using IdNumber = Personal<PersonalKind::id_number>;
using Phone = Personal<PersonalKind::phone>;
using Address = Personal<PersonalKind::address>;
using Plate = Personal<PersonalKind::plate>;
using Face = Personal<PersonalKind::face>;
using Position = Personal<PersonalKind::position>;
using Health = Personal<PersonalKind::health>;

}  // namespace shoumen::protect

#include "person_rules.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace shoumen::shell {
namespace {

using model::Item;
using model::Sight;
using protect::PersonalKind;

constexpr std::size_t longest_name = 90;  // thirty characters
constexpr std::size_t longest_number = 40;
constexpr std::size_t longest_health = 600;
constexpr std::size_t longest_code = 64;

bool is_code(std::string_view text) {
    return !text.empty() && text.size() <= longest_code && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-';
    });
}

bool is_plain(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

base::Result<void> check_text(const std::optional<std::string>& text, std::size_t longest, const char* field) {
    if (!text || (text->size() <= longest && is_plain(*text))) return {};
    return base::fail("bad-value", fmt::format("{} bytes at most, on one line", longest), field);
}

bool is_given(const std::optional<std::string>& text) { return text && !text->empty(); }

// Puts a value in the place of what was there, and its word among those that changed.
template <PersonalKind K>
void take(const std::optional<std::string>& asked, protect::Personal<K>& into, const char* field,
          std::string& changed) {
    if (!asked) return;
    protect::Personal<K> value(*asked);
    if (protect::Sealer::same(value, into)) return;
    into = std::move(value);
    changed += (changed.empty() ? "" : " ") + std::string(field);
}

void take_name(const ports::PersonAsked& asked, protect::PersonEntry& entry, std::string& changed) {
    if (!asked.family_name && !asked.given_name) return;
    const std::string family = asked.family_name.value_or("");
    const std::string whole = family + asked.given_name.value_or("");
    const auto bytes = static_cast<std::uint8_t>(family.size());
    const std::string before = changed;
    take(whole, entry.name, "name", changed);
    if (changed == before && bytes != entry.family_bytes) changed += (changed.empty() ? "" : " ") + std::string("name");
    entry.family_bytes = bytes;
}

constexpr std::uint32_t bit(PersonalKind kind) { return 1U << static_cast<unsigned>(kind); }

}  // namespace

std::string key_owner(std::string_view person) { return fmt::format("person/{}", person); }

model::PlaceId place_of(std::string_view code, const model::Policy& policy) {
    const auto it = policy.place_by_code.find(code);
    if (it == policy.place_by_code.end() || policy.places[it->second.value].retired) return {};
    return it->second;
}

base::Result<void> check_person(const ports::PersonAsked& asked, const model::Policy& policy) {
    if (!is_code(asked.person.code))
        return base::fail("bad-value", "a code of 1 to 64 letters, digits and . _ -", "code");
    if (is_given(asked.home)) {
        const auto home = place_of(*asked.home, policy);
        if (!home.valid()) return base::fail("unknown-place", "no such place in the community directory", "home");
        if (policy.places[home.value].level != model::PlaceLevel::home)
            return base::fail("not-a-home", "people live in homes", "home");
    }
    for (const auto& [text, longest, field] :
         {std::tuple{&asked.family_name, longest_name, "family_name"},
          std::tuple{&asked.given_name, longest_name, "given_name"}, std::tuple{&asked.phone, longest_number, "phone"},
          std::tuple{&asked.id_number, longest_number, "id_number"},
          std::tuple{&asked.health, longest_health, "health"}, std::tuple{&asked.contact, longest_name, "contact"},
          std::tuple{&asked.contact_phone, longest_number, "contact_phone"}}) {
        if (auto fine = check_text(*text, longest, field); !fine) return fine;
    }
    if (is_given(asked.phone) && !protect::is_phone(*asked.phone))
        return base::fail("bad-phone", "a mobile number has 11 digits, a land line its area code", "phone");
    if (is_given(asked.contact_phone) && !protect::is_phone(*asked.contact_phone))
        return base::fail("bad-phone", "a mobile number has 11 digits, a land line its area code", "contact_phone");
    if (is_given(asked.id_number) && !protect::is_identity_number(*asked.id_number))
        return base::fail("bad-id-number", "its check digit does not fit", "id_number");
    if ((asked.family_name || asked.given_name) && !is_given(asked.given_name))
        return base::fail("missing-field", "the given name must be there", "given_name");
    return {};
}

base::Result<PersonChange> change_person(const ports::PersonAsked& asked, ports::StoreReader& reader,
                                         const model::Policy& policy, protect::Vault& vault, base::Time now) {
    if (auto fine = check_person(asked, policy); !fine) return tl::unexpected(std::move(fine.error()));
    const auto& code = asked.person.code;
    const auto owner = key_owner(code);
    if (vault.is_erased(owner)) return base::fail("erased", "this person has been erased", "code");
    auto row = reader.person(code);
    if (!row) return tl::unexpected(std::move(row.error()));
    if (*row && (*row)->status != listed) return base::fail("erased", "this person has been erased", "code");
    if (!*row && !is_given(asked.given_name))
        return base::fail("missing-field", "somebody new has a name", "given_name");
    const auto key = vault.key(owner);
    if (!key) return tl::unexpected(key.error());

    PersonChange out;
    out.is_new = !*row;
    protect::PersonEntry entry;
    if (*row) {
        auto opened = protect::open_entry(**key, code, (*row)->fields);
        if (!opened) return tl::unexpected(std::move(opened.error()));
        entry = std::move(*opened);
        out.row = std::move(**row);
    }
    out.row.person = asked.person;
    out.row.status = listed;
    out.row.changed = now;
    take_name(asked, entry, out.fields);
    take(asked.phone, entry.phone, "phone", out.fields);
    take(asked.id_number, entry.id_number, "id_number", out.fields);
    take(asked.health, entry.health, "health", out.fields);
    take(asked.contact, entry.contact, "contact", out.fields);
    take(asked.contact_phone, entry.contact_phone, "contact_phone", out.fields);
    if (asked.home && *asked.home != out.row.home) {
        out.row.home = *asked.home;
        out.fields += (out.fields.empty() ? "" : " ") + std::string("home");
    }
    if (out.fields.empty()) return out;

    auto sealed = protect::seal_entry(**key, vault.suite(), code, entry);
    if (!sealed) return tl::unexpected(std::move(sealed.error()));
    out.row.fields = std::move(*sealed);
    out.row.phone_index.clear();
    if (!entry.phone.is_empty()) {
        const auto index_key = vault.key(index_owner);
        if (!index_key) return tl::unexpected(index_key.error());
        auto index = protect::Sealer::index(**index_key, entry.phone);
        if (!index) return tl::unexpected(std::move(index.error()));
        out.row.phone_index = std::move(*index);
    }
    return out;
}

namespace {

// One view being filled.
struct Showing {
    const ports::Session& session;
    const protect::Gate::Verdicts& verdicts;
    base::Time now;
    ports::PersonView& view;
    LookList& looks;

    // Whether it is shown in clear; else it is told of as held back, where `there` is something.
    bool is_clear(Item item, bool there) {
        const auto& verdict = verdicts[static_cast<std::size_t>(item)];
        if (!there || !verdict) return false;
        if (verdict->sight < Sight::clear) {
            view.held_back.push_back({item, verdict->sight, verdict->purpose, verdict->lasts});
            return false;
        }
        view.clear.add(item);
        return true;
    }
    [[nodiscard]] bool is_named(Item item) const { return verdicts[static_cast<std::size_t>(item)].has_value(); }
    void looked(Item item, std::uint64_t values) {
        looks.add(session, *verdicts[static_cast<std::size_t>(item)], "person:" + view.person.code, item, values, now);
    }

    // By the grant of the item's verdict, which counts.
    template <PersonalKind K>
    std::string value(const protect::Grant& grant, const protect::Personal<K>& personal) {
        return personal.is_empty() ? std::string() : personal.unmasked(grant).value_or(std::string());
    }
    [[nodiscard]] protect::Grant grant(Item item, std::uint32_t kinds) const {
        return protect::Gate::grant(viewer_of(session), *verdicts[static_cast<std::size_t>(item)], kinds, now);
    }
};

std::uint64_t looks_of(const protect::Grant& grant) {
    return std::uint64_t{grant.looks(PersonalKind::name)} + grant.looks(PersonalKind::phone) +
           grant.looks(PersonalKind::id_number) + grant.looks(PersonalKind::health);
}

// A single value: in clear, masked, or not at all.
template <PersonalKind K>
void show(Showing& in, Item item, const protect::Personal<K>& personal, std::string& into) {
    if (in.is_clear(item, !personal.is_empty())) {
        const auto grant = in.grant(item, bit(K));
        into = in.value(grant, personal);
        in.looked(item, looks_of(grant));
    } else if (in.is_named(item)) {
        into = personal.masked();
    }
}

}  // namespace

void show_entry(const ports::Session& session, const protect::Gate::Verdicts& verdicts,
                const protect::PersonEntry& entry, base::Time now, ports::PersonView& view, LookList& looks) {
    Showing in{session, verdicts, now, view, looks};
    show(in, Item::name, entry.name, view.name);
    show(in, Item::id_number, entry.id_number, view.id_number);
    show(in, Item::health, entry.health, view.health);
    // Whom to call goes with the phone.
    const bool there = !entry.phone.is_empty() || !entry.contact.is_empty() || !entry.contact_phone.is_empty();
    if (in.is_clear(Item::phone, there)) {
        const auto grant = in.grant(Item::phone, bit(PersonalKind::phone) | bit(PersonalKind::name));
        view.phone = in.value(grant, entry.phone);
        view.contact = in.value(grant, entry.contact);
        view.contact_phone = in.value(grant, entry.contact_phone);
        in.looked(Item::phone, looks_of(grant));
    } else if (in.is_named(Item::phone)) {
        view.phone = entry.phone.masked();
        view.contact = entry.contact.masked();
        view.contact_phone = entry.contact_phone.masked();
    }
}

void show_first_name(const ports::Session& session, const protect::Gate::Verdicts& verdicts,
                     const protect::PersonEntry& entry, base::Time now, ports::PersonView& view, LookList& looks) {
    Showing in{session, verdicts, now, view, looks};
    if (!in.is_clear(Item::first_name, !entry.name.is_empty())) return;
    const auto grant = in.grant(Item::first_name, bit(PersonalKind::name));
    view.first_name = entry.first_name(grant).value_or(std::string());
    in.looked(Item::first_name, looks_of(grant));
}

void show_home(const ports::Session& session, const protect::Gate::Verdicts& verdicts, model::PlaceId home,
               const model::Policy& policy, base::Time now, ports::PersonView& view, LookList& looks) {
    Showing in{session, verdicts, now, view, looks};
    if (in.is_clear(Item::home, home.valid())) {
        view.home = home;
        in.looked(Item::home, 1);
    } else if (in.is_named(Item::home)) {
        view.home = protect::without_door(policy, home);
    }
}

}  // namespace shoumen::shell

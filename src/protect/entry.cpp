#include "protect/entry.hpp"

#include <algorithm>
#include <optional>

#include "base/bytes.hpp"

#include "characters.hpp"
#include "formats.hpp"

namespace shoumen::protect {
namespace {

constexpr std::uint8_t version = 1;

std::string context_of(std::string_view code, std::string_view field) {
    return std::string("person/").append(code).append("/").append(field);
}

// One after the other, until one fails.
class Packer {
public:
    Packer(const DataKey& key, Suite suite, std::string_view code) : key_(key), suite_(suite), code_(code) {}

    template <PersonalKind K>
    Packer& add(std::string_view field, const Personal<K>& value) {
        if (error_) return *this;
        auto sealed = Sealer::seal(key_, suite_, context_of(code_, field), value);
        if (sealed)
            out_.text(*sealed);
        else
            error_ = std::move(sealed.error());
        return *this;
    }
    base::Result<std::string> take(std::uint8_t family_bytes) {
        if (error_) return tl::unexpected(std::move(*error_));
        base::ByteWriter all;
        all.u8(version);
        all.u8(family_bytes);
        all.raw(out_.view());
        return all.take();
    }

private:
    const DataKey& key_;
    Suite suite_;
    std::string_view code_;
    base::ByteWriter out_;
    std::optional<base::Error> error_;
};

class Unpacker {
public:
    Unpacker(const DataKey& key, std::string_view code, std::string_view sealed)
        : key_(key), code_(code), in_(sealed) {}

    bool begins(std::uint8_t& family_bytes) {
        const bool known = in_.u8() == version;
        family_bytes = in_.u8();
        return known && in_.ok();
    }
    template <PersonalKind K>
    Unpacker& take(std::string_view field, Personal<K>& into) {
        const auto sealed = in_.text();
        if (error_ || !in_.ok()) return *this;
        auto opened = Sealer::open<K>(key_, context_of(code_, field), sealed);
        if (opened)
            into = std::move(*opened);
        else
            error_ = std::move(opened.error());
        return *this;
    }
    base::Result<void> end() {
        if (error_) return tl::unexpected(std::move(*error_));
        if (!in_.ok() || !in_.at_end()) return base::fail("sealed-unreadable", "an entry of the register is damaged");
        return {};
    }

private:
    const DataKey& key_;
    std::string_view code_;
    base::ByteReader in_;
    std::optional<base::Error> error_;
};

// Digits and letters alone, without what a country is called by.
std::u32string digits_of(std::string_view text) {
    const Characters c(text);
    std::u32string out;
    for (const char32_t x : c.text) {
        if (x == U' ' || x == U'-' || x == U'(' || x == U')') continue;
        out.push_back(x);
    }
    for (const std::u32string_view code : {U"+86", U"0086", U"86"}) {
        if (out.starts_with(code) && out.size() > 12) return out.substr(code.size());
    }
    return out;
}

}  // namespace

base::Result<std::string> PersonEntry::first_name(const Grant& grant) const {
    auto whole = name.unmasked(grant);
    if (whole && family_bytes < whole->size()) whole->erase(0, family_bytes);
    return whole;
}

base::Result<std::string> seal_entry(const DataKey& key, Suite suite, std::string_view code, const PersonEntry& entry) {
    Packer out(key, suite, code);
    out.add("name", entry.name).add("phone", entry.phone).add("id_number", entry.id_number);
    out.add("health", entry.health).add("contact", entry.contact).add("contact_phone", entry.contact_phone);
    return out.take(entry.family_bytes);
}

base::Result<PersonEntry> open_entry(const DataKey& key, std::string_view code, std::string_view sealed) {
    PersonEntry entry;
    Unpacker in(key, code, sealed);
    if (!in.begins(entry.family_bytes))
        return base::fail("sealed-unreadable", "an entry of the register is damaged, or of a newer program");
    in.take("name", entry.name).take("phone", entry.phone).take("id_number", entry.id_number);
    in.take("health", entry.health).take("contact", entry.contact).take("contact_phone", entry.contact_phone);
    if (auto done = in.end(); !done) return tl::unexpected(std::move(done.error()));
    return entry;
}

std::uint8_t family_bytes_of(std::string_view name) {
    const Characters c(name);
    if (c.size() < 2 || c.text.find(U'·') != std::u32string::npos) return 0;
    if (!std::ranges::all_of(c.text, is_han)) return 0;
    const std::size_t n = c.size() > 2 && is_long_surname(c.text) ? 2 : 1;
    return static_cast<std::uint8_t>(c.to[n - 1]);
}

bool is_phone(std::string_view text) {
    const auto d = digits_of(text);
    if (!std::ranges::all_of(d, is_digit)) return false;
    if (d.size() == 11 && d[0] == U'1') return d[1] >= U'3';
    if (d.size() < 10 || d.size() > 12 || d[0] != U'0') return false;
    return is_area_code(d.substr(0, 3)) || is_area_code(d.substr(0, 4));
}

bool is_identity_number(std::string_view text) { return is_id_number(digits_of(text)); }

}  // namespace shoumen::protect

#include "render_persons.hpp"

#include <algorithm>

namespace shoumen::doors::http {

void write_held_back(JsonWriter& out, const std::vector<ports::HeldBack>& held_back) {
    out.key("held_back").begin_array();
    for (const auto& h : held_back) {
        out.begin().field("item", to_word(h.item)).field("sight", to_word(h.sight));
        out.field("purpose", to_word(h.purpose));
        out.field("lasts_s", static_cast<std::uint64_t>(std::max<std::int64_t>(0, h.lasts.us / 1'000'000))).end();
    }
    out.end_array();
}

void write_person(JsonWriter& out, Phrases& phrases, const ports::PersonView& person) {
    const auto text = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) out.field(name, value);
    };
    out.begin().field("code", person.person.code);
    if (person.home.valid()) out.key("home").raw(phrases.place_on_path(person.home));
    text("name", person.name);
    text("first_name", person.first_name);
    text("phone", person.phone);
    text("id_number", person.id_number);
    text("health", person.health);
    text("contact", person.contact);
    text("contact_phone", person.contact_phone);
    out.key("clear").begin_array();
    for (std::size_t i = 0; i < model::item_count; ++i) {
        if (person.clear.has(static_cast<model::Item>(i))) out.text(to_word(static_cast<model::Item>(i)));
    }
    out.end_array();
    write_held_back(out, person.held_back);
    if (person.changed.is_set()) out.field("changed", phrases.time(person.changed));
    out.end();
}

std::string render_person(Phrases& phrases, const ports::PersonView& person) {
    JsonWriter out;
    write_person(out, phrases, person);
    return out.take();
}

std::string render_persons(Phrases& phrases, const std::vector<ports::PersonView>& persons, bool more) {
    JsonWriter out;
    out.begin().key("persons").begin_array();
    for (const auto& person : persons) write_person(out, phrases, person);
    out.end_array().field("more", more).end();
    return out.take();
}

std::string render_kept(const Catalogue& catalogue, const ports::KeptCounts& kept) {
    JsonWriter out;
    const auto count = [&](std::string_view name, std::size_t n) { out.field(name, static_cast<std::uint64_t>(n)); };
    out.begin().field("code", kept.person.code).field("listed", kept.listed);
    count("accounts", kept.accounts);
    count("reported", kept.reported);
    count("words", kept.words);
    count("pictures", kept.pictures);
    count("looked", kept.looked);
    count("acts", kept.acts);
    count("delegations", kept.delegations);
    out.field("may_take_out", kept.may_take_out).field("may_erase", kept.may_erase);
    if (!kept.may_not_erase.empty()) {
        const auto& entry = catalogue.of(kept.may_not_erase);
        out.key("may_not_erase").begin().field("code", kept.may_not_erase);
        out.field("zh", entry.zh).field("en", entry.en).end();
    }
    out.end();
    return out.take();
}

std::string render_erased(const ports::Erased& erased) {
    JsonWriter out;
    out.begin().field("acts", static_cast<std::uint64_t>(erased.acts));
    out.field("words", static_cast<std::uint64_t>(erased.words));
    out.field("pictures", static_cast<std::uint64_t>(erased.pictures)).end();
    return out.take();
}

std::string render_import(const Catalogue& catalogue, const ports::ImportReport& report) {
    JsonWriter out;
    const auto count = [&](std::string_view name, std::size_t n) { out.field(name, static_cast<std::uint64_t>(n)); };
    out.begin();
    count("added", report.added);
    count("changed", report.changed);
    count("unchanged", report.unchanged);
    count("refused_count", report.refused_count);
    out.key("refused").begin_array();
    for (const auto& finding : report.refused) {
        const auto& entry = catalogue.of(finding.code);
        out.begin();
        count("line", finding.line);
        if (!finding.field.empty()) out.field("field", finding.field);
        out.field("code", finding.code);
        out.key("message").begin().field("zh", entry.zh).field("en", entry.en).end().end();
    }
    out.end_array().end();
    return out.take();
}

}  // namespace shoumen::doors::http

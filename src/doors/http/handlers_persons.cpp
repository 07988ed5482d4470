// The register of persons.
#include <fmt/format.h>

#include "papers/zip.hpp"

#include "answers.hpp"
#include "archive.hpp"
#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"
#include "render_persons.hpp"

namespace shoumen::doors::http {

namespace {

std::function<void(base::Result<ports::PersonView>)> then_person(Door& door, const CallPtr& call) {
    return [&door, call](const base::Result<ports::PersonView>& view) {
        answer_with(door, call, view, 200, render_person);
    };
}

// The person in the path; none: answered already.
std::optional<model::Person> person_in(Door& door, const CallPtr& call) {
    auto person = parse_person_code(call->params[0]);
    if (person) return std::move(*person);
    call->reply(door.error(person.error()));
    return std::nullopt;
}

}  // namespace

void list_persons(Door& door, const CallPtr& call) {
    const auto query = parse_person_query(call->request.head.target);
    if (!query) return call->reply(door.error(query.error()));
    door.desk().persons().list(*call->session, *query, [&door, call](const base::Result<ports::PersonPage>& page) {
        answer_with(door, call, page, 200, [](Phrases& phrases, const auto& shown) {
            return render_persons(phrases, shown.persons, shown.more);
        });
    });
}

void find_persons(Door& door, const CallPtr& call) {
    const auto phone = parse_person_find(call->request.body);
    if (!phone) return call->reply(door.error(phone.error()));
    door.desk().persons().find(*call->session, *phone, [&door, call](const auto& persons) {
        answer_with(door, call, persons, 200,
                    [](Phrases& phrases, const auto& list) { return render_persons(phrases, list, false); });
    });
}

void import_persons(Door& door, const CallPtr& call) {
    const auto check = call->request.head.target.param("check").value_or("0");
    if (check != "0" && check != "1") return call->reply(door.error({"bad-request", "check is 0 or 1.", "check"}));
    door.desk().persons().import(*call->session, std::move(call->request.body), check == "1",
                                 [&door, call](const base::Result<ports::ImportReport>& report) {
                                     if (!call->reply.wanted()) return;
                                     if (!report) return call->reply(door.error(report.error()));
                                     call->reply(json_answer(200, render_import(door.catalogue(), *report)));
                                 });
}

void get_person(Door& door, const CallPtr& call) {
    const auto person = person_in(door, call);
    if (person) door.desk().persons().person(*call->session, *person, then_person(door, call));
}

void put_person(Door& door, const CallPtr& call) {
    const auto person = person_in(door, call);
    if (!person) return;
    auto asked = parse_person(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    asked->person = *person;
    door.desk().persons().put(*call->session, std::move(*asked), [&door, call](const auto& put) {
        answer_with(door, call, put, put && put->is_new ? 201 : 200,
                    [](Phrases& phrases, const auto& p) { return render_person(phrases, p.view); });
    });
}

void show_person(Door& door, const CallPtr& call) {
    const auto person = person_in(door, call);
    if (!person) return;
    auto asked = parse_show(call->request.body);
    if (!asked) return call->reply(door.error(asked.error()));
    door.desk().persons().ask_to_see(*call->session, *person, std::move(asked->items), asked->purpose,
                                     then_person(door, call));
}

void get_kept(Door& door, const CallPtr& call) {
    const auto person = person_in(door, call);
    if (!person) return;
    door.desk().persons().kept(*call->session, *person, [&door, call](const base::Result<ports::KeptCounts>& kept) {
        if (!call->reply.wanted()) return;
        call->reply(kept ? json_answer(200, render_kept(door.catalogue(), *kept)) : door.error(kept.error()));
    });
}

void take_out_kept(Door& door, const CallPtr& call) {
    const auto person = person_in(door, call);
    if (!person) return;
    const auto reason = parse_closed_reason(call->request.body);
    if (!reason) return call->reply(door.error(reason.error()));
    door.desk().persons().take_out(
        *call->session, *person, *reason, [&door, call](const base::Result<ports::Kept>& kept) {
            if (!call->reply.wanted()) return;
            if (!kept) return call->reply(door.error(kept.error()));
            Phrases* phrases = door.phrases();
            if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
            auto zip = papers::zip(archive_of(*phrases, *kept), kept->at);
            if (!zip) return call->reply(door.error(zip.error()));
            Answer answer{.content_type = "application/zip", .body = std::move(*zip)};
            answer.with("Cache-Control", "no-store");
            answer.with("Content-Disposition",
                        fmt::format("attachment; filename=\"my-data-{}.zip\"", kept->counts.person.code));
            call->reply(std::move(answer));
        });
}

void erase_person(Door& door, const CallPtr& call) {
    const auto person = person_in(door, call);
    if (!person) return;
    const auto reason = parse_erasure(call->request.body, *person);
    if (!reason) return call->reply(door.error(reason.error()));
    door.desk().persons().erase(
        *call->session, *person, *reason, [&door, call](const base::Result<ports::Erased>& done) {
            if (!call->reply.wanted()) return;
            call->reply(done ? json_answer(200, render_erased(*done)) : door.error(done.error()));
        });
}

}  // namespace shoumen::doors::http

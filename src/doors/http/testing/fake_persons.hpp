// A register that answers as the test needs: every field that may be there is there once. Used on the io thread.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ports/desk.hpp"

namespace shoumen::doors::http::testing {

class FakePersons : public ports::PersonDesk {
public:
    using Later = std::function<void(std::function<void()>)>;
    FakePersons(Later later, base::Time now) : later_(std::move(later)), now_(now) {}

    ports::PersonAsked last_asked;
    ports::PersonQuery last_query;
    std::string last_table;

    [[nodiscard]] ports::PersonView view(const std::string& code) const {
        ports::PersonView v;
        v.person = {code};
        v.home = model::PlaceId{5U};
        v.name = "测*";
        v.first_name = "试";
        v.phone = "160****0901";
        v.id_number = "110105***********X";
        v.health = "不能独自行走";
        v.contact = "样*";
        v.contact_phone = "160****0902";
        v.clear.add(model::Item::health);
        v.held_back = {{model::Item::phone, model::Sight::ask, model::Purpose::care, base::minutes(10)}};
        v.changed = now_;
        return v;
    }

    void list(const ports::Session&, ports::PersonQuery query,
              std::function<void(base::Result<ports::PersonPage>)> done) override {
        last_query = query;
        if (query.place == "nowhere") return say<ports::PersonPage>(done, base::fail("unknown-place", ""));
        ports::PersonView bare;
        bare.person = {"p-9"};
        ports::PersonPage page{{view("p-8"), bare}, false};
        page.more = page.persons.size() > query.limit;
        if (page.more) page.persons.resize(query.limit);
        say<ports::PersonPage>(done, page);
    }
    void find(const ports::Session&, const std::string&,
              std::function<void(base::Result<std::vector<ports::PersonView>>)> done) override {
        say<std::vector<ports::PersonView>>(done, std::vector{view("p-8")});
    }
    void person(const ports::Session&, const model::Person& person,
                std::function<void(base::Result<ports::PersonView>)> done) override {
        if (person.code == "nobody") return say<ports::PersonView>(done, base::fail("unknown-person", ""));
        say<ports::PersonView>(done, view(person.code));
    }
    void ask_to_see(const ports::Session&, const model::Person& person, std::vector<model::Item>, model::Purpose,
                    std::function<void(base::Result<ports::PersonView>)> done) override {
        say<ports::PersonView>(done, view(person.code));
    }
    void put(const ports::Session&, ports::PersonAsked asked,
             std::function<void(base::Result<ports::PersonPut>)> done) override {
        last_asked = asked;
        if (asked.person.code == "gone") return say<ports::PersonPut>(done, base::fail("erased", ""));
        say<ports::PersonPut>(done, ports::PersonPut{asked.person.code == "p-new", view(asked.person.code)});
    }
    void import(const ports::Session&, std::string table, bool,
                std::function<void(base::Result<ports::ImportReport>)> done) override {
        last_table = table;
        if (table == "broken") return say<ports::ImportReport>(done, base::fail("bad-csv", "", "2"));
        say<ports::ImportReport>(done,
                                 ports::ImportReport{2, 1, 0, {{3, "电话", "bad-phone"}, {4, "", "too-many-cells"}}});
    }

    void kept(const ports::Session&, const model::Person& person,
              std::function<void(base::Result<ports::KeptCounts>)> done) override {
        if (person.code == "nobody") return say<ports::KeptCounts>(done, base::fail("forbidden", ""));
        say<ports::KeptCounts>(done,
                               ports::KeptCounts{person, true, 1, 1, 2, 1, 9, 4, 1, true, true, "person-in-incident"});
    }
    void take_out(const ports::Session&, const model::Person& person, const std::string& reason,
                  std::function<void(base::Result<ports::Kept>)> done) override {
        if (reason == "died") return say<ports::Kept>(done, base::fail("unknown-person", ""));
        ports::Kept kept;
        kept.counts.person = person;
        kept.counts.looked = 1;
        kept.at = now_;
        kept.entry = view(person.code);
        kept.accounts = {"li"};
        model::Incident incident;
        incident.id = model::IncidentId{42U << 20U};
        incident.kind = model::IncidentKindId{0U};
        incident.place = model::PlaceId{5U};
        incident.opened = now_;
        kept.reported = {incident};
        kept.words = {{incident.id, now_, model::EventType::opened, "<b>楼道有杂物</b>"}};
        kept.pictures = {{{base::sha256("photo"), 5, "image/jpeg", now_, now_, incident.id}, "photo"},
                         {{base::sha256("gone"), 5, "image/png", now_, now_, incident.id}, ""}};
        kept.on = {{4, now_, "p-101", "grid_worker", "looked", "care", "person:p-8", 2, "phone home", {}, 7}};
        kept.by = {{5, now_, "p-8", "", "report", "", "incident:44040192", 1, "blue", {}, 8}};
        kept.delegations = {{3, person, {"p-9"}, now_, now_, "own", "", "", base::Time::never(), ""}};
        say<ports::Kept>(done, kept);
    }
    void erase(const ports::Session&, const model::Person& person, const std::string&,
               std::function<void(base::Result<ports::Erased>)> done) override {
        if (person.code == "p-101") return say<ports::Erased>(done, base::fail("person-on-duty", ""));
        say<ports::Erased>(done, ports::Erased{12, 3, 1});
    }

private:
    template <class T>
    void say(std::function<void(base::Result<T>)> done, base::Result<T> result) {
        later_([done = std::move(done), result = std::move(result)] { done(result); });
    }

    Later later_;
    base::Time now_;
};

}  // namespace shoumen::doors::http::testing

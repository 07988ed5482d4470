// Tells the family that a home is quiet (家属): those whom its people have asked, by a consent that holds, to act for
// them (代管). Apart from the officials, who are told by the matrix: a short message in words of its own; and the
// bracelets in the home that listen for commands are told to call.
//
// When an absence opens an incident of a home; once more when it is red, since then the door is to be opened; and when
// it has ended. Each of them is told once, before and after a restart: what was sent stands as an act (`family_told`)
// of whoever is told, written when the gateway has taken it.
// One that it did not take is sent again by retry(), later and later for an hour, then given up with a record that says
// so (`unsent`). Without an answer nobody knows whether it was taken: that is tried three times. A stop between the
// gateway's answer and the record sends it twice rather than never. Who has no number in the register of persons, and
// everybody where no short messages are sent from here, sees the incident on the pages alone. One thread: the io
// thread.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ports/courier.hpp"
#include "ports/log.hpp"
#include "ports/ways_in.hpp"
#include "shell/node.hpp"

namespace shoumen::shell {

class Family {
public:
    // All given outlive it.
    Family(Node& node, const ports::Clock& clock, ports::Log log);

    base::Result<void> start();                                           // opens its reader
    void text_by(ports::TextSender* texts) { texts_ = texts; }            // null: no short messages
    void commands_go_by(ports::Courier* courier) { courier_ = courier; }  // null: nothing listens
    void changed(const model::Incident& incident);                        // after its commit
    void catch_up();  // what was committed before a restart, and not told of any more
    void retry();     // what did not go out; to be called every half minute or so

private:
    // Each once; none: it cannot be read now.
    [[nodiscard]] std::optional<std::vector<model::Person>> asked_by(const std::string& home);
    [[nodiscard]] std::string number_of(const model::Person& person);  // empty: none
    [[nodiscard]] std::optional<bool> was_told(const std::string& subject, const std::string& what);
    [[nodiscard]] bool is_on_its_way(const std::string& subject, const std::string& what) const;
    void tell(const model::Person& person, const model::Incident& incident, std::string_view step);
    void put_down(const model::Person& person, std::uint64_t incident, const std::string& step, const char* way);
    void send_again(std::uint64_t incident, const std::string& step);
    void not_sent(const model::Person& person, std::uint64_t incident, const std::string& step, const base::Error& why);
    void catch_up_with(const std::vector<model::IncidentState>& states, std::size_t limit);
    void call_bracelets(model::PlaceId home, const model::Incident& incident);
    void warn(std::string event, const std::string& what, const base::Error& why) const;

    Node& node_;
    const ports::Clock& clock_;
    ports::Log log_;
    ports::TextSender* texts_ = nullptr;
    ports::Courier* courier_ = nullptr;
    std::unique_ptr<ports::StoreReader> reader_;
    std::set<std::pair<std::uint64_t, std::string>> done_;  // incident, step: not to be looked up again
    std::set<std::pair<std::string, std::string>>
        on_their_way_;  // subject, what: given to the gateway, not put down yet
    struct Tried {
        int times = 0;
        base::Time next;
    };
    std::map<std::pair<std::string, std::string>, Tried> tried_;  // what did not go out yet, as above
    bool again_ = false;                                          // something did not go out
};

}  // namespace shoumen::shell

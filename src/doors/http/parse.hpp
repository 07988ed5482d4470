// From what a request says to what handlers ask for. Pure: every fault is an error with its code and the field it is
// about, and no error repeats what was sent.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "model/incident.hpp"
#include "model/policy.hpp"
#include "ports/desk.hpp"

#include "message.hpp"

namespace shoumen::doors::http {

constexpr std::size_t max_text_bytes = 4'000;
constexpr std::size_t min_reason_bytes = 6;  // two Chinese characters
constexpr std::size_t max_list = 10'000;
constexpr std::size_t max_quarantine_list = 1'000;
constexpr std::size_t max_act_list = 1'000;
constexpr std::size_t max_person_list = 1'000;

// A 64-bit number in decimal digits, not 0; `where` is named in the error.
base::Result<std::uint64_t> parse_id(std::string_view text, std::string_view where);
base::Result<base::Digest> parse_sha256(std::string_view text);

struct SignIn {
    std::string account;
    std::string password;
};
base::Result<SignIn> parse_sign_in(std::string_view body);

// What of these is asked for; all of it must be there. half: a half session.
struct Step {
    std::string phone;
    std::string state;
    std::string binding;
    std::string subject;
    std::string half;
    std::string password;
    std::string code;
};
base::Result<Step> parse_step(std::string_view body, std::initializer_list<std::string_view> fields);

base::Result<std::string> parse_reason(std::string_view body);  // {reason}

struct PasswordChange {
    std::string old_password;
    std::string new_password;
};
// Refuses what is weak: fewer than 10 characters, or the old one.
base::Result<PasswordChange> parse_password_change(std::string_view body);

base::Result<ports::NewAccount> parse_new_account(std::string_view body, const model::Policy& policy);

// {"command": "open", "values": {"seconds": 5}}; the device is for the caller to fill in.
base::Result<ports::DeviceCommand> parse_device_command(std::string_view body);

struct CommandAsked {
    model::Command command;
    std::string text;
};
// Actor and request are for the caller to fill in.
base::Result<CommandAsked> parse_report(std::string_view body, const model::Policy& policy);
base::Result<CommandAsked> parse_action(std::string_view action, std::string_view body, const model::Policy& policy);

// {"items": ["words"], "purpose": "response"}
struct ShowAsked {
    std::vector<model::Item> items;
    model::Purpose purpose{};
};
base::Result<std::string> parse_certificate_request(std::string_view body);
base::Result<ShowAsked> parse_show(std::string_view body);

// {"role": "verifier", "place": "b1", "since": …, "until": …, "why": "…"}; the account is for the caller to fill in.
base::Result<ports::GrantAsked> parse_grant(std::string_view body);
// {"anyway": true}; nothing: false.
base::Result<bool> parse_leave(std::string_view body);
// {"name": "…", "roles": […], "place": "…", "network": "…", "until": …}
base::Result<ports::TokenAsked> parse_token(std::string_view body);
// {"from": "p-7", "to": "p-8", "until": …, "reason": "…"}
base::Result<ports::DelegationAsked> parse_delegation(std::string_view body);

// The fields of a person's entry; the code is for the caller to fill in.
base::Result<ports::PersonAsked> parse_person(std::string_view body);
// {"phone": "…"}
base::Result<std::string> parse_person_find(std::string_view body);
// ?place=&after=&limit=; one more than asked for is queried.
base::Result<ports::PersonQuery> parse_person_query(const Target& target);
// {"reason": "died"}; nothing: "".
base::Result<std::string> parse_closed_reason(std::string_view body);
// {"confirm": "p-8", "reason": "died"}; `confirm` must be the code.
base::Result<std::string> parse_erasure(std::string_view body, const model::Person& person);
base::Result<model::Person> parse_person_code(std::string_view code);

// ?subject=&actor=&before=&limit=
base::Result<ports::ActQuery> parse_act_query(const Target& target);

// {"files": {"community.yaml": "…", …}}
base::Result<std::map<std::string, std::string>> parse_directory(std::string_view body);
// The same with `based_on`: the version the files were written over; 0: not said.
struct Activation {
    std::map<std::string, std::string> files;
    std::uint64_t based_on = 0;
};
base::Result<Activation> parse_activation(std::string_view body);
// The same with `from` and `to`; none: not said.
struct TrialAsked {
    std::map<std::string, std::string> files;
    base::Time from = base::Time::none();
    base::Time to = base::Time::none();
};
base::Result<TrialAsked> parse_trial(std::string_view body);
// {"topic": "…", "payload": "…", "own": "…"}
struct MapTryAsked {
    std::string topic;
    std::string payload;
    std::string own;  // the device that sends it
};
base::Result<MapTryAsked> parse_map_try(std::string_view body);
// The number that stands for an Idempotency-Key of this account; 0 where there is none.
base::Result<std::uint64_t> parse_request_key(std::string_view key, std::string_view account, std::string_view asked);

// One more than asked for is queried, so that it shows whether there are more.
base::Result<ports::IncidentQuery> parse_incident_query(const Target& target);

struct QuarantineQuery {
    std::optional<std::uint64_t> before;
    std::size_t limit = 100;
};
base::Result<QuarantineQuery> parse_quarantine_query(const Target& target);

// "application/json; charset=utf-8" → "application/json"; lower case.
std::string media_type_of(std::string_view content_type);

}  // namespace shoumen::doors::http

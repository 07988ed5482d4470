#include "parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "parse_upkeep.hpp"

namespace shoumen::doors::http {

namespace json = boost::json;

namespace {

using base::fail;

constexpr std::size_t max_code_bytes = 128;
constexpr std::size_t max_password_bytes = 1'024;
constexpr std::size_t min_password_characters = 10;
constexpr std::size_t max_members = 32;

bool is_word(std::string_view text) {
    return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-';
    });
}

// Line breaks and tabs belong to text; other control characters are nobody's words.
bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\n' && c != '\r' && c != '\t') || u == 0x7F;
    });
}

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

// The object in a body, read field by field. The first fault is kept; what is asked for afterwards comes back empty.
class Fields {
public:
    Fields(std::string_view body, std::initializer_list<std::string_view> known) { read(body, known); }

    // Empty where it is left out or null.
    std::string text(std::string_view name, std::size_t limit = max_code_bytes);
    std::string required(std::string_view name, std::size_t limit = max_code_bytes) {
        std::string found = text(name, limit);
        if (found.empty()) fault("missing-field", fmt::format("{} must be there and not be empty.", name), name);
        return found;
    }
    // None where it is left out or null.
    std::optional<std::string> optional(std::string_view name, std::size_t limit = max_code_bytes) {
        return find(name) ? std::optional(text(name, limit)) : std::nullopt;
    }
    std::vector<std::string> list(std::string_view name, std::size_t limit = 64);
    std::map<std::string, std::string> texts(std::string_view name);  // an object of texts
    // An object of true, false, numbers, texts and null under plain words, as JSON; left out: {}.
    std::string plain_members(std::string_view name);
    bool boolean(std::string_view name);          // false where it is left out
    std::uint64_t number(std::string_view name);  // whole, not below 0; 0 where it is left out
    std::optional<double> real(std::string_view name, double least, double most);  // none where it is left out
    [[nodiscard]] bool has(std::string_view name) { return find(name) != nullptr; }

    void fault(std::string code, std::string message, std::string_view where) {
        if (!error_) error_ = base::Error{std::move(code), std::move(message), std::string(where)};
    }
    [[nodiscard]] const std::optional<base::Error>& error() const { return error_; }

private:
    void read(std::string_view body, std::initializer_list<std::string_view> known);
    const json::value* find(std::string_view name) {
        if (error_) return nullptr;
        const json::value* value = object_->if_contains(name);
        return value && !value->is_null() ? value : nullptr;
    }

    json::value document_;
    const json::object* object_ = nullptr;
    std::optional<base::Error> error_;
};

void Fields::read(std::string_view body, std::initializer_list<std::string_view> known) {
    boost::system::error_code ec;
    json::parse_options options;
    options.max_depth = 8;
    document_ = json::parse(body, ec, {}, options);
    if (ec) return fault("bad-json", "The body is not valid JSON in UTF-8.", {});
    object_ = document_.if_object();
    if (!object_) return fault("wrong-type", "The body must be a JSON object.", {});
    for (const auto& [name, value] : *object_) {
        if (std::ranges::find(known, std::string_view(name)) == known.end())
            return fault("unknown-field", fmt::format("Only these fields are known here: {}.", fmt::join(known, ", ")),
                         {});
    }
}

std::string Fields::text(std::string_view name, std::size_t limit) {
    const json::value* value = find(name);
    if (!value) return {};
    if (!value->is_string()) return fault("wrong-type", fmt::format("{} must be text.", name), name), std::string();
    const std::string_view found = value->get_string();
    if (found.size() > limit)
        fault(limit == max_text_bytes ? "text-too-long" : "bad-value",
              fmt::format("{} may have {} bytes at most.", name, limit), name);
    if (has_control(found))
        fault("bad-value", fmt::format("{} has control characters in it; leave them out.", name), name);
    return error_ ? std::string() : std::string(found);
}

bool Fields::boolean(std::string_view name) {
    const json::value* value = find(name);
    if (value && !value->is_bool()) fault("wrong-type", fmt::format("{} must be true or false.", name), name);
    return value && value->is_bool() && value->get_bool();
}

std::vector<std::string> Fields::list(std::string_view name, std::size_t limit) {
    const json::value* value = find(name);
    if (!value) return {};
    std::vector<std::string> out;
    const json::array* array = value->if_array();
    if (!array || !std::ranges::all_of(*array, [](const json::value& v) { return v.is_string(); }))
        return fault("wrong-type", fmt::format("{} must be a list of texts.", name), name), out;
    if (array->size() > limit)
        return fault("bad-value", fmt::format("{} may have {} entries.", name, limit), name), out;
    for (const json::value& v : *array) out.emplace_back(v.get_string());
    return out;
}

std::map<std::string, std::string> Fields::texts(std::string_view name) {
    const json::value* value = find(name);
    std::map<std::string, std::string> out;
    const json::object* object = value ? value->if_object() : nullptr;
    if (!object) return fault("missing-field", fmt::format("{} must be an object of texts.", name), name), out;
    for (const auto& [key, text] : *object) {
        if (!text.is_string()) return fault("wrong-type", fmt::format("{} must hold texts only.", name), name), out;
        out.emplace(std::string(key), std::string(text.get_string()));
    }
    return out;
}

std::string Fields::plain_members(std::string_view name) {
    const json::value* value = find(name);
    if (!value) return "{}";
    const json::object* object = value->if_object();
    if (!object) return fault("wrong-type", fmt::format("{} must be an object.", name), name), std::string();
    if (object->size() > max_members)
        return fault("bad-value", fmt::format("{} may have {} members.", name, max_members), name), std::string();
    for (const auto& [key, member] : *object) {
        if (!is_word(key))
            fault("bad-value", fmt::format("The names in {} are 1 to 64 of letters, digits and . _ -", name), name);
        const json::string* text = member.if_string();
        if (member.is_double() && !std::isfinite(member.get_double()))
            fault("bad-number", fmt::format("A number in {} is too large.", name), name);
        if (member.is_object() || member.is_array())
            fault("wrong-type", fmt::format("{} may hold true, false, numbers, texts and null.", name), name);
        if (text &&
            (text->size() > max_code_bytes || has_control(*text) || text->find_first_of("\n\r\t") != text->npos))
            fault("bad-value", fmt::format("A text in {} has {} bytes at most, on one line.", name, max_code_bytes),
                  name);
    }
    return error_ ? std::string() : json::serialize(*object);
}

std::uint64_t Fields::number(std::string_view name) {
    const json::value* value = find(name);
    if (!value) return 0;
    boost::system::error_code ec;
    const auto n = value->to_number<std::uint64_t>(ec);
    if (ec) fault("wrong-type", fmt::format("{} must be a whole number.", name), name);
    return ec ? 0 : n;
}

std::optional<double> Fields::real(std::string_view name, double least, double most) {
    const json::value* value = find(name);
    if (!value) return std::nullopt;
    boost::system::error_code ec;
    const auto number = value->to_number<double>(ec);
    if (!ec && number >= least && number <= most) return number;
    fault("bad-number", fmt::format("{} must be a number from {} to {}.", name, least, most), name);
    return std::nullopt;
}

base::Time time_of(Fields& fields, std::string_view name) {
    const std::string text = fields.text(name);
    if (text.empty()) return base::Time::none();
    const auto time = base::parse_rfc3339(text);
    if (!time) fields.fault("bad-time", fmt::format("{} is not a time like 2026-03-03T08:00:00+08:00.", name), name);
    return time.value_or(base::Time::none());
}

std::string reason_of(Fields& fields) {
    std::string reason = fields.text("reason");
    constexpr std::array known{"", "asked_in_person", "asked_in_writing", "guardian_asked", "died", "authority_asked"};
    if (std::ranges::find(known, std::string_view(reason)) == known.end())
        fields.fault("bad-value", "reason is a word of the schema ReasonAsked.", "reason");
    return reason;
}

template <class Id, class Things>
Id known(Fields& fields, std::string_view name, const std::string& code, const model::Policy::Names_to<Id>& by_code,
         const Things& things, std::string_view fault) {
    if (code.empty()) return {};
    const auto it = by_code.find(code);
    bool gone = it == by_code.end();
    if constexpr (requires { things[0].retired; }) gone = gone || things[it->second.value].retired;
    if (!gone) return it->second;
    fields.fault(std::string(fault),
                 fmt::format("{} must be a code of the policy in force (GET /api/v1/policy).", name), name);
    return {};
}

model::Severity severity_of(Fields& fields) {
    const auto severity = model::parse_Severity(fields.required("severity"));
    if (!severity) fields.fault("bad-value", "severity is one of red, orange, yellow, blue.", "severity");
    return severity.value_or(model::Severity::blue);
}

model::Verdict verdict_of(Fields& fields) {
    const std::string word = fields.text("verdict");
    if (word.empty()) return model::Verdict::none;
    const auto verdict = model::parse_Verdict(word);
    if (!verdict || *verdict == model::Verdict::none)
        fields.fault("bad-value", "verdict is one of true, false, test, unknown.", "verdict");
    return verdict.value_or(model::Verdict::none);
}

model::AlertId alert_of(Fields& fields) {
    const std::string text = fields.text("alert");
    if (text.empty()) return {};
    const auto id = parse_id(text, "alert");
    if (!id) fields.fault(id.error().code, id.error().message, "alert");
    return id ? model::AlertId{*id} : model::AlertId{};
}

// What has gone quiet is shown to who asks for it.
std::vector<model::IncidentState> all_but_quiet() {
    std::vector<model::IncidentState> states;
    for (auto s = std::uint8_t{}; s < static_cast<std::uint8_t>(model::IncidentState::quiet); ++s)
        states.push_back(static_cast<model::IncidentState>(s));
    return states;
}

// Without what nobody sees: a reason of blanks is none.
std::string without_blanks(std::string text) {
    for (const std::string_view unseen :
         {" ", "\t", "\r", "\n", "\u00a0", "\u3000", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"}) {
        for (auto at = text.find(unseen); at != std::string::npos; at = text.find(unseen, at))
            text.erase(at, unseen.size());
    }
    return text;
}

void read_payload_of(model::Action action, Fields& fields, const model::Policy& policy, CommandAsked& out) {
    out.text = fields.text("text", max_text_bytes);
    if (action == model::Action::transfer)
        out.command.body = known<model::BodyId>(fields, "body", fields.required("body"), policy.body_by_code,
                                                policy.bodies, "unknown-body");
    if (action == model::Action::set_severity) out.command.severity = severity_of(fields);
    if (action == model::Action::judge || action == model::Action::mark_false_alarm)
        out.command.verdict = verdict_of(fields);
    if (action == model::Action::judge) out.command.alert = alert_of(fields);
    if (action == model::Action::add_note && out.text.empty())
        fields.fault("missing-field", "A note needs its text.", "text");
    // Here and not in the core: what older programs let pass must replay as it was decided.
    if (action == model::Action::trust_again && without_blanks(out.text).size() < min_reason_bytes)
        fields.fault("reason-needed", "Say why it is to be trusted again, in 6 bytes at least.", "text");
    if (action != model::Action::merge) return;
    const std::string other = fields.required("other");
    if (fields.error()) return;
    if (const auto id = parse_id(other, "other"))
        out.command.other = model::IncidentId{*id};
    else
        fields.fault(id.error().code, id.error().message, "other");
}

// "red,orange" → the words one by one; empty text: none.
template <class Word>
base::Result<std::vector<Word>> words_in(std::optional<std::string_view> text,
                                         std::optional<Word> (*parse)(std::string_view), std::string_view where) {
    std::vector<Word> out;
    if (!text || text->empty()) return out;
    std::string_view rest = *text;
    while (true) {
        const auto comma = rest.find(',');
        const auto word = parse(rest.substr(0, comma));
        if (!word || out.size() == 32)
            return fail("bad-request", fmt::format("{} is a list of known words, separated by commas.", where),
                        std::string(where));
        out.push_back(*word);
        if (comma == std::string_view::npos) return out;
        rest.remove_prefix(comma + 1);
    }
}

base::Result<std::size_t> limit_in(const Target& target, std::size_t standard, std::size_t most) {
    const auto text = target.param("limit");
    if (!text) return standard;
    std::size_t limit = 0;
    const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), limit);
    if (ec != std::errc() || end != text->data() + text->size() || limit < 1 || limit > most)
        return fail("bad-request", fmt::format("limit is a whole number from 1 to {}.", most), "limit");
    return limit;
}

base::Result<std::optional<std::uint64_t>> before_in(const Target& target) {
    const auto text = target.param("before");
    if (!text) return std::nullopt;
    return parse_id(*text, "before").map([](std::uint64_t id) { return std::optional(id); });
}

}  // namespace

base::Result<std::uint64_t> parse_id(std::string_view text, std::string_view where) {
    std::uint64_t id = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (ec != std::errc() || end != text.data() + text.size() || id == 0)
        return fail("bad-request", "An id is a number in decimal digits, below 2^64.", std::string(where));
    return id;
}

base::Result<base::Digest> parse_sha256(std::string_view text) {
    const bool lower =
        std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (text.size() != 64 || !lower)
        return fail("bad-request", "The name of a picture is 64 hexadecimal digits in lower case.", "sha256");
    return base::digest_from_hex(text);
}

base::Result<SignIn> parse_sign_in(std::string_view body) {
    Fields fields(body, {"account", "password"});
    SignIn out{fields.required("account"), fields.required("password", max_password_bytes)};
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<Step> parse_step(std::string_view body, std::initializer_list<std::string_view> names) {
    Fields fields(body, names);
    Step out;
    for (const std::string_view name : names) {
        if (name == "half") out.half = fields.required(name);
        if (name == "password") out.password = fields.required(name, max_password_bytes);
        if (name == "code") out.code = fields.required(name, 4'096);
        if (name == "phone") out.phone = fields.required(name, 32);
        if (name == "state") out.state = fields.required(name);
        if (name == "binding") out.binding = fields.required(name);
        if (name == "subject") out.subject = fields.required(name, 255);
    }
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<std::string> parse_reason(std::string_view body) {
    Fields fields(body, {"reason"});
    std::string reason = fields.required("reason", 500);
    if (fields.error()) return tl::unexpected(*fields.error());
    return reason;
}

base::Result<PasswordChange> parse_password_change(std::string_view body) {
    Fields fields(body, {"old", "new"});
    PasswordChange out{fields.required("old", max_password_bytes), fields.required("new", max_password_bytes)};
    if (fields.error()) return tl::unexpected(*fields.error());
    if (characters(out.new_password) < min_password_characters || out.new_password == out.old_password)
        return fail("password-weak", "The new password needs 10 characters at least, and must not be the old one.",
                    "new");
    return out;
}

base::Result<ports::NewAccount> parse_new_account(std::string_view body, const model::Policy& policy) {
    Fields fields(body, {"name", "person", "roles", "bodies"});
    ports::NewAccount out;
    out.name = fields.required("name", 64);
    out.person.code = fields.required("person", 64);
    if (!out.person.code.empty() && !is_word(out.person.code))
        fields.fault("bad-value", "person is an opaque code of letters, digits and . _ -", "person");
    for (const auto& word : fields.list("roles")) {
        if (const auto role = model::parse_Role(word))
            out.roles.add(*role);
        else
            fields.fault("unknown-role", "roles are words of the schema Role.", "roles");
    }
    if (out.roles.bits == 0) fields.fault("missing-field", "An account needs one role at least.", "roles");
    out.bodies = fields.list("bodies");
    for (const auto& code : out.bodies)
        known<model::BodyId>(fields, "bodies", code, policy.body_by_code, policy.bodies, "unknown-body");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<std::map<std::string, std::string>> parse_directory(std::string_view body) {
    Fields fields(body, {"files"});
    auto files = fields.texts("files");
    if (fields.error()) return tl::unexpected(*fields.error());
    return files;
}

base::Result<ports::DeviceCommand> parse_device_command(std::string_view body) {
    Fields fields(body, {"command", "values"});
    ports::DeviceCommand out;
    out.word = fields.required("command", 64);
    if (!out.word.empty() && !is_word(out.word))
        fields.fault("bad-value", "command is one word of letters, digits and . _ -", "command");
    out.values = fields.plain_members("values");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<std::string> parse_certificate_request(std::string_view body) {
    Fields fields(body, {"request"});
    std::string request = fields.required("request", 16'384);
    if (fields.error()) return tl::unexpected(*fields.error());
    return request;
}

base::Result<ports::GrantAsked> parse_grant(std::string_view body) {
    Fields fields(body, {"role", "place", "since", "until", "why"});
    ports::GrantAsked out;
    const auto role = model::parse_Role(fields.required("role"));
    if (!role) fields.fault("unknown-role", "role is a word of the schema Role.", "role");
    out.role = role.value_or(model::Role{});
    out.place = fields.text("place");
    out.since = time_of(fields, "since");
    const auto until = time_of(fields, "until");
    if (until.is_set()) out.until = until;
    out.why = fields.text("why", 500);
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<bool> parse_leave(std::string_view body) {
    if (body.empty()) return false;
    Fields fields(body, {"anyway"});
    const bool anyway = fields.boolean("anyway");
    if (fields.error()) return tl::unexpected(*fields.error());
    return anyway;
}

base::Result<ports::TokenAsked> parse_token(std::string_view body) {
    Fields fields(body, {"name", "roles", "place", "network", "until"});
    ports::TokenAsked out;
    out.name = fields.required("name", 100);
    for (const auto& word : fields.list("roles")) {
        if (const auto role = model::parse_Role(word))
            out.roles.add(*role);
        else
            fields.fault("unknown-role", "roles are words of the schema Role.", "roles");
    }
    out.place = fields.text("place");
    out.network = fields.text("network", 64);
    out.until = time_of(fields, "until");
    if (!out.until.is_set()) fields.fault("missing-field", "A token has an end.", "until");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::DelegationAsked> parse_delegation(std::string_view body) {
    Fields fields(body, {"from", "to", "until", "reason"});
    ports::DelegationAsked out;
    out.from.code = fields.text("from", 64);
    out.to.code = fields.required("to", 64);
    for (const auto* code : {&out.from.code, &out.to.code}) {
        if (!code->empty() && !is_word(*code))
            fields.fault("bad-value", "a person is an opaque code of letters, digits and . _ -", "to");
    }
    out.until = time_of(fields, "until");
    if (!out.until.is_set()) fields.fault("missing-field", "A delegation has an end.", "until");
    out.reason = fields.text("reason", 500);
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ShowAsked> parse_show(std::string_view body) {
    Fields fields(body, {"items", "purpose"});
    ShowAsked out;
    for (const auto& word : fields.list("items")) {
        if (const auto item = model::parse_Item(word))
            out.items.push_back(*item);
        else
            fields.fault("bad-value", "items are words of the schema Item.", "items");
    }
    if (out.items.empty()) fields.fault("missing-field", "Name one item at least.", "items");
    if (const auto purpose = model::parse_Purpose(fields.required("purpose")))
        out.purpose = *purpose;
    else
        fields.fault("bad-value", "purpose is a word of the schema Purpose.", "purpose");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::PersonAsked> parse_person(std::string_view body) {
    Fields fields(body,
                  {"family_name", "given_name", "home", "phone", "id_number", "health", "contact", "contact_phone"});
    ports::PersonAsked out;
    out.family_name = fields.optional("family_name");
    out.given_name = fields.optional("given_name");
    out.home = fields.optional("home");
    out.phone = fields.optional("phone");
    out.id_number = fields.optional("id_number");
    out.health = fields.optional("health", 600);
    out.contact = fields.optional("contact");
    out.contact_phone = fields.optional("contact_phone");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<std::string> parse_person_find(std::string_view body) {
    Fields fields(body, {"phone"});
    std::string phone = fields.required("phone", 40);
    if (fields.error()) return tl::unexpected(*fields.error());
    return phone;
}

base::Result<std::string> parse_closed_reason(std::string_view body) {
    if (body.empty()) return std::string();
    Fields fields(body, {"reason"});
    std::string reason = reason_of(fields);
    if (fields.error()) return tl::unexpected(*fields.error());
    return reason;
}

base::Result<std::string> parse_erasure(std::string_view body, const model::Person& person) {
    Fields fields(body, {"confirm", "reason"});
    const std::string confirm = fields.required("confirm");
    if (confirm != person.code)
        fields.fault("confirm-wrong", "confirm is the code of the person, once more.", "confirm");
    std::string reason = reason_of(fields);
    if (fields.error()) return tl::unexpected(*fields.error());
    return reason;
}

base::Result<model::Person> parse_person_code(std::string_view code) {
    if (!is_word(code)) return fail("bad-request", "A person is a code of letters, digits and . _ -", "code");
    return model::Person{std::string(code)};
}

base::Result<ports::PersonQuery> parse_person_query(const Target& target) {
    ports::PersonQuery query;
    query.place = std::string(target.param("place").value_or(""));
    query.after = std::string(target.param("after").value_or(""));
    if (query.place.size() > max_code_bytes) return fail("bad-request", "place is the code of a place.", "place");
    if (!query.after.empty() && !is_word(query.after))
        return fail("bad-request", "after is the code of a person.", "after");
    const auto limit = limit_in(target, 200, max_person_list);
    if (!limit) return tl::unexpected(limit.error());
    query.limit = *limit;
    return query;
}

base::Result<Activation> parse_activation(std::string_view body) {
    Fields fields(body, {"files", "based_on"});
    Activation out;
    out.files = fields.texts("files");
    out.based_on = fields.number("based_on");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<TrialAsked> parse_trial(std::string_view body) {
    Fields fields(body, {"files", "from", "to"});
    TrialAsked out;
    out.files = fields.texts("files");
    out.from = time_of(fields, "from");
    out.to = time_of(fields, "to");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<MapTryAsked> parse_map_try(std::string_view body) {
    constexpr std::size_t longest_payload = 65'536;
    Fields fields(body, {"topic", "payload", "own"});
    MapTryAsked out;
    out.topic = fields.required("topic");
    out.payload = fields.required("payload", longest_payload);
    out.own = fields.text("own");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<CommandAsked> parse_report(std::string_view body, const model::Policy& policy) {
    Fields fields(body, {"kind", "place", "severity", "text"});
    CommandAsked out;
    out.command.action = model::Action::report;
    out.command.kind = known<model::IncidentKindId>(
        fields, "kind", fields.required("kind"), policy.incident_kind_by_code, policy.incident_kinds, "unknown-kind");
    out.command.place = known<model::PlaceId>(fields, "place", fields.required("place"), policy.place_by_code,
                                              policy.places, "unknown-place");
    out.command.severity = severity_of(fields);
    out.text = fields.text("text", max_text_bytes);
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<CommandAsked> parse_action(std::string_view word, std::string_view body, const model::Policy& policy) {
    const auto action = model::parse_Action(word);
    if (!action) return fail("not-found", "There is no such action; the incident's detail lists them.", "action");
    if (*action == model::Action::report || *action == model::Action::add_evidence)
        return fail("not-found", "report and add_evidence have addresses of their own.", "action");
    Fields fields(body.empty() ? "{}" : body, {"body", "other", "severity", "text", "verdict", "alert"});
    CommandAsked out;
    out.command.action = *action;
    if (!fields.error()) read_payload_of(*action, fields, policy, out);
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<std::uint64_t> parse_request_key(std::string_view key, std::string_view account, std::string_view asked) {
    if (key.empty()) return 0;
    if (key.size() > 128)
        return fail("bad-request", "Idempotency-Key may have 128 characters at most.", "Idempotency-Key");
    return std::max<std::uint64_t>(1, base::fast_hash(fmt::format("{}\n{}\n{}", account, key, base::fast_hash(asked))));
}

base::Result<ports::IncidentQuery> parse_incident_query(const Target& target) {
    ports::IncidentQuery query;
    const auto live = target.param("live");
    if (live && *live != "0" && *live != "1") return fail("bad-request", "live is 0 or 1.", "live");
    query.live_only = live == "1";
    auto states = words_in(target.param("state"), &model::parse_IncidentState, "state");
    if (!states) return tl::unexpected(states.error());
    auto severities = words_in(target.param("severity"), &model::parse_Severity, "severity");
    if (!severities) return tl::unexpected(severities.error());
    const auto before = before_in(target);
    if (!before) return tl::unexpected(before.error());
    const auto limit = limit_in(target, 200, max_list);
    if (!limit) return tl::unexpected(limit.error());
    query.states = states->empty() ? all_but_quiet() : std::move(*states);
    query.severities = std::move(*severities);
    if (*before) query.before = model::IncidentId{**before};
    query.limit = *limit + 1;
    return query;
}

base::Result<QuarantineQuery> parse_quarantine_query(const Target& target) {
    const auto before = before_in(target);
    if (!before) return tl::unexpected(before.error());
    const auto limit = limit_in(target, 100, max_quarantine_list);
    if (!limit) return tl::unexpected(limit.error());
    return QuarantineQuery{*before, *limit};
}

base::Result<ports::ActQuery> parse_act_query(const Target& target) {
    ports::ActQuery out;
    const auto before = before_in(target);
    if (!before) return tl::unexpected(before.error());
    const auto limit = limit_in(target, 100, max_act_list);
    if (!limit) return tl::unexpected(limit.error());
    out.before = *before;
    out.limit = *limit;
    for (const auto& [name, into] : {std::pair{"subject", &out.subject}, std::pair{"actor", &out.actor}}) {
        const auto text = target.param(name);
        if (!text) continue;
        if (text->size() > max_code_bytes) return fail("bad-value", fmt::format("{} is too long.", name), name);
        *into = std::string(*text);
    }
    return out;
}

std::string media_type_of(std::string_view content_type) {
    std::string_view type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
    std::string out(type);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

// --- Devices (parse_upkeep.hpp) ------------------------------------------------------------------------------------

namespace {

constexpr std::uint64_t most_fen = 1'000'000'000'000;

std::int64_t money_of(Fields& fields, std::string_view name) {
    const auto fen = fields.number(name);
    if (fen > most_fen) fields.fault("bad-number", fmt::format("{} is too much.", name), name);
    return static_cast<std::int64_t>(std::min(fen, most_fen));
}

}  // namespace

base::Result<ports::DeviceQuery> parse_device_query(const Target& target) {
    ports::DeviceQuery query;
    query.text = std::string(target.param("q").value_or(""));
    query.stage = std::string(target.param("stage").value_or(""));
    query.finding = std::string(target.param("finding").value_or(""));
    query.place = std::string(target.param("place").value_or(""));
    query.after = std::string(target.param("after").value_or(""));
    if (query.text.size() > max_code_bytes) return fail("bad-request", "q has 128 bytes at most.", "q");
    for (const auto& [name, word] : {std::pair{"stage", &query.stage}, std::pair{"finding", &query.finding},
                                     std::pair{"place", &query.place}, std::pair{"after", &query.after}}) {
        if (!word->empty() && !is_word(*word)) return fail("bad-request", fmt::format("{} is a word.", name), name);
    }
    const auto limit = limit_in(target, 100, max_device_list);
    if (!limit) return tl::unexpected(limit.error());
    query.limit = *limit;
    return query;
}

base::Result<ports::MoveAsked> parse_device_move(std::string_view body) {
    Fields fields(body, {"to", "why"});
    ports::MoveAsked out;
    out.to = fields.required("to");
    out.why = fields.text("why", max_text_bytes);
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::RotateAsked> parse_rotation(std::string_view body) {
    Fields fields(body, {"grace_minutes"});
    ports::RotateAsked out;
    const auto most = static_cast<std::uint64_t>(ports::longest_grace.us / base::minutes(1).us);
    const auto minutes = fields.number("grace_minutes");
    if (minutes > most) fields.fault("bad-number", fmt::format("grace_minutes is at most {}.", most), "grace_minutes");
    if (fields.has("grace_minutes")) out.grace = base::minutes(static_cast<std::int64_t>(minutes));
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::DeviceAsked> parse_device_change(std::string_view body) {
    Fields fields(body, {"place", "maker", "product", "serial", "bought", "cost_fen"});
    ports::DeviceAsked out;
    out.place = fields.optional("place");
    out.maker = fields.optional("maker");
    out.product = fields.optional("product");
    out.serial = fields.optional("serial");
    if (fields.has("bought")) out.bought = time_of(fields, "bought");
    if (fields.has("cost_fen")) out.cost_fen = money_of(fields, "cost_fen");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::TakeAsked> parse_take(std::string_view body) {
    Fields fields(body, {"speaker", "kind", "place", "name"});
    ports::TakeAsked out;
    out.speaker = fields.required("speaker");
    out.kind = fields.required("kind");
    out.place = fields.required("place");
    out.name = fields.text("name");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::WorkQuery> parse_work_query(const Target& target) {
    ports::WorkQuery query;
    query.state = std::string(target.param("state").value_or("live"));
    query.place = std::string(target.param("place").value_or(""));
    if (!query.place.empty() && !is_word(query.place)) return fail("bad-request", "place is a code.", "place");
    const auto limit = limit_in(target, 500, max_work_list);
    if (!limit) return tl::unexpected(limit.error());
    query.limit = *limit;
    return query;
}

base::Result<ports::WorkAsked> parse_work(std::string_view body) {
    Fields fields(body, {"to", "why", "cost_fen"});
    ports::WorkAsked out;
    out.to = fields.required("to");
    out.why = fields.text("why", max_text_bytes);
    out.cost_fen = money_of(fields, "cost_fen");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::RoundAsked> parse_round(std::string_view body) {
    Fields fields(body, {"kind", "place", "due"});
    ports::RoundAsked out;
    out.kind = fields.required("kind");
    out.place = fields.required("place");
    fields.required("due");
    out.due = time_of(fields, "due");
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::TickAsked> parse_tick(std::string_view body) {
    Fields fields(body, {"device", "code", "latitude", "longitude"});
    ports::TickAsked out;
    out.device = fields.required("device");
    out.code = fields.text("code");
    const auto latitude = fields.real("latitude", -90, 90);
    const auto longitude = fields.real("longitude", -180, 180);
    if (latitude.has_value() != longitude.has_value())
        fields.fault("missing-field", "latitude and longitude go together.", latitude ? "longitude" : "latitude");
    if (latitude && longitude) out.at = model::Coordinates{*latitude, *longitude};
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

base::Result<ports::QuietAsked> parse_quiet(std::string_view body) {
    Fields fields(body, {"devices", "from", "until", "why"});
    ports::QuietAsked out;
    out.devices = fields.list("devices", 500);
    out.from = time_of(fields, "from");
    fields.required("until");
    out.until = time_of(fields, "until");
    out.why = fields.text("why", max_text_bytes);
    if (fields.error()) return tl::unexpected(*fields.error());
    return out;
}

}  // namespace shoumen::doors::http

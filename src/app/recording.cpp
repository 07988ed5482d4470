#include "recording.hpp"

#include <charconv>
#include <cstring>

#include <boost/json.hpp>
#include <simdjson.h>

#include "base/hash.hpp"
#include "sense/decode.hpp"

namespace shoumen::app {
namespace {

namespace json = boost::json;
namespace dom = simdjson::dom;

// ---- writing ----

json::value value_of(const model::Policy& policy, const model::Batch& batch, const model::Value& v) {
    switch (v.type) {
        case model::ValueType::boolean:
            return v.number != 0;
        case model::ValueType::number:
            return v.number;
        case model::ValueType::symbol:
            return json::value(policy.symbols[v.index]);
        case model::ValueType::text:
            return json::value("text:" + base::to_hex(batch.texts[v.index].handle.value));
    }
    return nullptr;
}

json::object signal_body(const model::Policy& policy, const model::Batch& batch, const model::Signal& s) {
    json::object values;
    for (std::size_t i = 0; i < s.value_count; ++i) {
        const model::Value& v = batch.values[s.values_begin + i];
        values[policy.fields[v.field.value]] = value_of(policy, batch, v);
    }
    for (std::size_t i = 0; i < s.other_count; ++i) {
        const model::OtherValue& v = batch.others[s.others_begin + i];
        switch (v.type) {
            case model::ValueType::boolean:
                values[v.name] = v.number != 0;
                break;
            case model::ValueType::text:
                values[v.name] = "text:" + base::to_hex(batch.texts[v.text_position].handle.value);
                break;
            default:
                values[v.name] = v.number;
        }
    }
    json::object o;
    if (s.message != 0) o["id"] = "#" + base::to_hex(s.message);
    o["device"] = policy.devices[s.device.value].code;
    o["kind"] = model::to_word(s.kind);
    if (s.claimed.is_set()) o["time"] = base::format_utc(s.claimed);
    o["values"] = std::move(values);
    return o;
}

template <class Id, class List, class Code>
json::value code_of(Id id, const List& list, Code code) {
    return id.valid() && id.value < list.size() ? json::value(code(list[id.value])) : json::value();
}

json::object command_body(const model::Policy& p, const model::Command& c) {
    json::array roles;
    for (std::size_t r = 0; r < model::role_count; ++r) {
        if (c.actor.roles.has(static_cast<model::Role>(r)))
            roles.emplace_back(model::to_word(static_cast<model::Role>(r)));
    }
    json::array bodies;
    for (const auto b : c.actor.bodies) bodies.emplace_back(p.bodies[b.value].code);
    const auto code = [](const auto& x) { return x.code; };
    return {{"action", model::to_word(c.action)},
            {"incident", std::to_string(c.incident.value)},
            {"person", c.actor.person.code},
            {"roles", roles},
            {"bodies", bodies},
            {"request", base::to_hex(c.request)},
            {"body", code_of(c.body, p.bodies, code)},
            {"other", std::to_string(c.other.value)},
            {"kind", code_of(c.kind, p.incident_kinds, code)},
            {"place", code_of(c.place, p.places, code)},
            {"severity", model::to_word(c.severity)},
            {"text", base::to_hex(c.text.value)},
            {"text_hash", base::to_hex(c.text_hash)},
            {"evidence", base::to_hex(c.evidence)},
            {"phase", model::to_word(c.phase)},
            {"taken", base::format_utc(c.taken)}};
}

json::object policy_body(const model::PolicyInput& input, const policy::Files* files) {
    json::object contents;
    if (files != nullptr) {
        for (const auto& [name, content] : *files) contents[name] = content;
    }
    return {{"version", input.version}, {"digest", base::to_hex(input.digest)}, {"files", std::move(contents)}};
}

std::string_view word(model::InputType t) {
    switch (t) {
        case model::InputType::signal:
            return "signal";
        case model::InputType::command:
            return "command";
        case model::InputType::timer:
            return "timer";
        case model::InputType::policy:
            return "policy";
        case model::InputType::record:
            return "record";
    }
    return "";
}

// ---- reading ----

std::string_view text_at(dom::object o, std::string_view key) {
    std::string_view out;
    if (o[key].get_string().get(out) != simdjson::SUCCESS) return {};
    return out;
}

std::uint64_t number_in(std::string_view text, int base) {
    std::uint64_t v = 0;
    std::from_chars(text.data(), text.data() + text.size(), v, base);
    return v;
}

template <class Map>
auto look_up(const Map& map, std::string_view code) {
    const auto it = map.find(code);
    return it == map.end() ? typename Map::mapped_type{} : it->second;
}

base::Digest digest_at(dom::object o, std::string_view key) {
    return base::digest_from_hex(text_at(o, key)).value_or(base::Digest{});
}

base::Result<model::Command> command_from(dom::object o, const model::Policy& p) {
    model::Command c;
    const auto action = model::parse_Action(text_at(o, "action"));
    if (!action) return base::fail("bad-recording", "unknown action", "action");
    c.action = *action;
    c.incident = model::IncidentId{number_in(text_at(o, "incident"), 10)};
    c.actor.person.code = std::string(text_at(o, "person"));
    dom::array list;
    if (o["roles"].get_array().get(list) == simdjson::SUCCESS) {
        for (const auto r : list) {
            std::string_view w;
            if (r.get_string().get(w) != simdjson::SUCCESS) continue;
            if (const auto role = model::parse_Role(w)) c.actor.roles.add(*role);
        }
    }
    if (o["bodies"].get_array().get(list) == simdjson::SUCCESS) {
        for (const auto b : list) {
            std::string_view w;
            if (b.get_string().get(w) == simdjson::SUCCESS) c.actor.bodies.push_back(look_up(p.body_by_code, w));
        }
    }
    c.request = number_in(text_at(o, "request"), 16);
    c.body = look_up(p.body_by_code, text_at(o, "body"));
    c.other = model::IncidentId{number_in(text_at(o, "other"), 10)};
    c.kind = look_up(p.incident_kind_by_code, text_at(o, "kind"));
    c.place = look_up(p.place_by_code, text_at(o, "place"));
    c.severity = model::parse_Severity(text_at(o, "severity")).value_or(model::Severity::yellow);
    c.text = model::Handle{number_in(text_at(o, "text"), 16)};
    c.text_hash = digest_at(o, "text_hash");
    c.evidence = digest_at(o, "evidence");
    c.phase = model::parse_EvidencePhase(text_at(o, "phase")).value_or(model::EvidencePhase::before);
    c.taken = base::parse_rfc3339(text_at(o, "taken")).value_or(base::Time::none());
    return c;
}

// Text of a recording is a handle at most: nothing is kept of it.
class NoTexts final : public sense::TextKeeper {
public:
    explicit NoTexts(model::Batch& batch) : batch_(batch) {}
    std::uint64_t keep(std::string_view text) override {
        model::TextMark mark;
        if (text.starts_with("text:")) mark.handle = model::Handle{number_in(text.substr(5), 16)};
        batch_.texts.push_back(mark);
        return batch_.texts.size() - 1;
    }

private:
    model::Batch& batch_;
};

}  // namespace

void write_line(std::ostream& out, const model::Policy& policy, const model::Batch& batch, std::size_t nth,
                const policy::Files* files) {
    const model::InputHead& head = batch.inputs[nth];
    json::object line{
        {"seq", batch.first_seq + nth}, {"received", base::format_utc(head.received)}, {"input", word(head.type)}};
    switch (head.type) {
        case model::InputType::signal:
            line["body"] = signal_body(policy, batch, batch.signals[head.index]);
            break;
        case model::InputType::command:
            line["body"] = command_body(policy, batch.commands[head.index]);
            break;
        case model::InputType::timer:
            line["body"] = json::object{};
            break;
        case model::InputType::policy:
            line["body"] = policy_body(batch.policies[head.index], files);
            break;
        case model::InputType::record:
            line["body"] = json::object{{"subject", batch.records[head.index].subject}};
            break;
    }
    out << json::serialize(line) << '\n';
}

struct RecordingReader::Impl {
    dom::parser parser;
    doors::NativeReader native;
    std::string body;
    std::uint64_t next_version = 1;
    std::function<model::IncidentId(std::uint64_t)> ask;

    base::Result<void> name_incident(dom::object of, model::Command& command) const {
        const auto request = text_at(of, "report");
        if (request.empty()) return {};
        if (ask) command.incident = ask(number_in(request, 16));
        if (command.incident.valid()) return {};
        return base::fail("bad-recording", "no report with this request has opened an incident", "body.report");
    }
};

RecordingReader::RecordingReader() : impl_(std::make_unique<Impl>()) {}
RecordingReader::~RecordingReader() = default;

void RecordingReader::on_report(std::function<model::IncidentId(std::uint64_t)> ask) { impl_->ask = std::move(ask); }

namespace {

constexpr std::string_view before_body = R"(,"body":{)";

// A signal's line as this program and its tools write it: {…,"input":"signal","body":{…}} with nothing behind. The head
// is then a small object of its own and the body can be read where it stands, once. Nothing: any other line.
struct Split {
    std::string_view head;  // without its closing bracket
    std::string_view body;
};
std::optional<Split> split(std::string_view line) {
    if (!line.ends_with("}}")) return std::nullopt;
    const std::size_t at = line.substr(0, 160).find(before_body);
    if (at == line.npos || !line.substr(0, at).ends_with(R"("input":"signal")")) return std::nullopt;
    const std::size_t body = at + before_body.size() - 1;
    return Split{line.substr(0, at), line.substr(body, line.size() - body - 1)};
}

}  // namespace

base::Result<bool> RecordingReader::take_signal(const base::Result<std::size_t>& count, base::Time received,
                                                const model::Policy& policy, model::Batch& batch) {
    const auto refuse = [&](const base::Error& e) {
        ++quarantined_[e.code];
        return false;
    };
    if (!count) return refuse(count.error());
    const auto flat = impl_->native.signal(0);
    if (!flat) return refuse(flat.error());
    const bool by_event = !received.is_set();
    if (by_event && flat->time.empty())
        return refuse(base::Error{"bad-time", "a recorded signal needs its time, or when it was received", "time"});
    const auto device = policy.device_by_code.find(flat->device);
    NoTexts texts(batch);
    const model::DeviceId speaker = device == policy.device_by_code.end() ? model::DeviceId{} : device->second;
    if (auto done = sense::decode(policy, *flat, speaker, received, texts, batch); !done) return refuse(done.error());
    if (by_event) batch.inputs.back().received = batch.signals.back().claimed;
    return true;
}

base::Result<bool> RecordingReader::read(std::string_view line, const model::Policy* policy, model::Batch& batch,
                                         std::shared_ptr<const model::Policy>& fresh) {
    seq_ = 0;
    if (policy != nullptr) {
        const auto parts = split(line);
        if (parts && parts->head == R"({"input":"signal")") {
            // Only if the body is one whole object is the line what it seems to be.
            const auto count = impl_->native.read_padded(parts->body);
            if (count && *count == 1) return take_signal(count, base::Time::none(), *policy, batch);
        }
    }
    dom::element root;
    dom::object o;
    if (impl_->parser.parse(line.data(), line.size(), false).get(root) != simdjson::SUCCESS ||
        root.get_object().get(o) != simdjson::SUCCESS) {
        return base::fail("bad-recording", "not a JSON object; a recording has one input a line");
    }
    std::string_view input;
    dom::object body;
    if (o["input"].get_string().get(input) != simdjson::SUCCESS)
        return base::fail("bad-recording", "no input named", "input");
    if (o["body"].get_object().get(body) != simdjson::SUCCESS) return base::fail("bad-recording", "no object", "body");
    (void)o["seq"].get_uint64().get(seq_);
    base::Time received = base::Time::none();
    if (const auto text = text_at(o, "received"); !text.empty()) {
        const auto t = base::parse_rfc3339(text);
        if (!t) return base::fail("bad-recording", t.error().message, "received");
        received = *t;
    }

    if (input == "signal") {
        if (policy == nullptr) return base::fail("bad-recording", "a signal before any policy");
        if (const auto parts = split(line)) {
            const auto count = impl_->native.read_padded(parts->body);
            if (count && *count == 1) return take_signal(count, received, *policy, batch);
        }
        impl_->body = simdjson::minify(body);
        return take_signal(impl_->native.read(impl_->body), received, *policy, batch);
    }
    if (!received.is_set())
        return base::fail("bad-recording", "an input other than a signal needs its time", "received");
    if (input == "command") {
        if (policy == nullptr) return base::fail("bad-recording", "a command before any policy");
        auto c = command_from(body, *policy);
        if (!c) return tl::unexpected(c.error());
        if (auto named = impl_->name_incident(body, *c); !named) return tl::unexpected(named.error());
        batch.inputs.push_back(
            {model::InputType::command, static_cast<std::uint32_t>(batch.commands.size()), received});
        batch.commands.push_back(std::move(*c));
        return true;
    }
    if (input == "timer") {
        batch.inputs.push_back({model::InputType::timer, 0, received});
        return true;
    }
    if (input == "policy") {
        policy::Files files;
        dom::object contents;
        if (body["files"].get_object().get(contents) != simdjson::SUCCESS)
            return base::fail("bad-recording", "no files", "body.files");
        for (const auto [name, content] : contents) {
            std::string_view text;
            if (content.get_string().get(text) == simdjson::SUCCESS)
                files.emplace(std::string(name), std::string(text));
        }
        std::uint64_t version = impl_->next_version;
        (void)body["version"].get_uint64().get(version);
        auto compiled = policy::compile(files, policy, version);
        if (!compiled.policy)
            return base::fail("bad-recording",
                              "the policy in it cannot be read: " + policy::to_line(compiled.findings.front()));
        impl_->next_version = version + 1;
        fresh = compiled.policy;
        batch.inputs.push_back({model::InputType::policy, static_cast<std::uint32_t>(batch.policies.size()), received});
        batch.policies.push_back({version, fresh->digest});
        return true;
    }
    if (input == "record") {
        batch.inputs.push_back({model::InputType::record, static_cast<std::uint32_t>(batch.records.size()), received});
        batch.records.push_back({std::string(text_at(body, "subject")), 0});
        return true;
    }
    return base::fail("bad-recording", "one of signal, command, timer, policy, record", "input");
}

std::optional<std::string_view> Lines::next() {
    std::size_t searched = begin_;
    for (;;) {
        const char* const from = held_.data() + searched;
        if (const void* found = searched < end_ ? std::memchr(from, '\n', end_ - searched) : nullptr) {
            const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - held_.data());
            const std::string_view line = std::string_view(held_).substr(begin_, at - begin_);
            begin_ = at + 1;
            return line;
        }
        const std::size_t rest = end_ - begin_;
        if (!fill()) {
            if (rest == 0) return std::nullopt;
            begin_ = end_;
            return std::string_view(held_).substr(end_ - rest, rest);
        }
        searched = begin_ + rest;
    }
}

// False: there is no more. What was not given out yet moves to the front.
bool Lines::fill() {
    constexpr std::size_t part = std::size_t{1} << 20U;
    const std::size_t rest = end_ - begin_;
    if (begin_ > 0) std::memmove(held_.data(), held_.data() + begin_, rest);
    begin_ = 0;
    end_ = rest;
    if (held_.size() < rest + part + doors::NativeReader::padding)
        held_.resize(rest + rest / 2 + part + doors::NativeReader::padding);
    in_.read(held_.data() + end_, static_cast<std::streamsize>(part));
    end_ += static_cast<std::size_t>(in_.gcount());
    return in_.gcount() > 0;
}

bool holds_timers(std::istream& in) {
    constexpr std::string_view forms[] = {R"("input":"timer")", R"("input": "timer")"};
    constexpr std::size_t part = std::size_t{1} << 20U;
    constexpr std::size_t overlap = 32;  // a form may lie across two parts
    std::string held(part + overlap, '\0');
    std::size_t kept = 0;
    while (in.read(held.data() + kept, static_cast<std::streamsize>(part)), in.gcount() > 0) {
        const auto text = std::string_view(held).substr(0, kept + static_cast<std::size_t>(in.gcount()));
        // Seldom: the word; then what stands before it is looked at.
        if (memmem(text.data(), text.size(), "\"timer\"", 7) != nullptr) {
            for (const auto form : forms) {
                if (text.find(form) != text.npos) return true;
            }
        }
        kept = std::min(overlap, text.size());
        std::memmove(held.data(), text.data() + text.size() - kept, kept);
    }
    return false;
}

}  // namespace shoumen::app

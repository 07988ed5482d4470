#include "play.hpp"

#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "cast.hpp"
#include "expect.hpp"
#include "stage.hpp"
#include "words.hpp"

namespace shoumen::scenarios {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

// What came back and has not been expected yet: the next line must say so.
struct Refused {
    std::string verb;  // refused, quarantined
    std::string code;
    std::size_t line = 0;
};

// A field of a signal: name=value, where the value is true, false, null, a number or a word.
struct Field {
    std::string name;
    std::string value;
};

auto value_of(const std::string& text) -> decltype(model::FlatValue::value) {
    if (text == "true") return true;
    if (text == "false") return false;
    if (text == "null") return std::monostate{};
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size()) return number;
    return std::string_view(text);
}

class Play {
public:
    explicit Play(const Communities& communities) : communities_(communities) {}

    void line(std::size_t number, const std::string& text) {
        number_ = number;
        Words words(words_of(text));
        if (words.done()) return;
        const std::string verb = words.take("a word");
        if (verb == "scenario") return;
        if (verb != "expect") check_refused();
        statement(verb, words);
        words.end();
    }
    void end() {
        if (!title_ || !stage_) throw Failure("a scenario begins with scenario:, community: and at");
        check_refused();
    }
    void has_title() { title_ = true; }
    [[nodiscard]] std::size_t number() const { return number_; }

private:
    void statement(const std::string& verb, Words& words) {
        if (verb == "community") return community(words);
        if (verb == "at") return at(words);
        Stage& there = stage();
        if (verb == "after") return there.advance(there.now() + words.duration());
        if (verb == "signal") return signal(words);
        if (verb == "person") return person(words);
        if (verb == "restart") return there.restart();
        if (verb == "adopt") return adopt(words);
        if (verb == "expect") return expect(words);
        if (!words.take_if("times")) throw Failure(fmt::format("'{}' is no word a line can begin with", verb));
        repeat(verb, words);
    }

    Stage& stage() {
        if (!stage_)
            throw Failure("before this there must be a line with the moment it begins: at 2026-03-03 22:00:00");
        return *stage_;
    }

    // --- Time and place ---

    void community(Words& words) { policy_ = communities_(words.take("the name of a community"), nullptr, 1); }

    void at(Words& words) {
        if (!policy_) throw Failure("before this there must be a line with the community: community: demo");
        const base::Time to = moment(words, policy_->zone, stage_ ? stage_->now() : base::Time{});
        if (!stage_) {
            stage_ = std::make_unique<Stage>(policy_, to);
        } else if (to < stage_->now()) {
            throw Failure(fmt::format("time runs forward only; it is {} already", policy_->zone.format(stage_->now())));
        } else {
            stage_->advance(to);
        }
    }

    void adopt(Words& words) {
        words.take_if("community");
        policy_ = communities_(words.take("the name of a community"), policy_.get(), policy_->version + 1);
        stage_->adopt(policy_);
    }

    // --- Devices ---

    // N times every DURATION signal …
    void repeat(const std::string& count, Words& words) {
        std::size_t n = 0;
        const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), n);
        if (error != std::errc{} || end != count.data() + count.size())
            throw Failure("write: 3 times every 20s signal …");
        words.expect("every");
        const base::Duration step = words.duration();
        words.expect("signal");
        const Words each = words;
        for (std::size_t i = 0; i < n; ++i) {
            if (i > 0) stage().advance(stage().now() + step);
            words = each;
            signal(words);
        }
    }

    void signal(Words& words) {
        const model::Policy& policy = stage().policy();
        const std::string device = words.take("a device");
        const auto known = policy.device_by_code.find(device);
        std::string kind = known == policy.device_by_code.end()
                               ? std::string("smoke")
                               : std::string(model::to_word(policy.devices[known->second.value].kind));
        std::string speaker = device;
        std::string id;
        std::string time;
        std::vector<Field> fields;
        while (!words.done()) {
            if (words.take_if("id")) {
                id = words.take("a message id");
            } else if (words.take_if("from")) {
                speaker = words.take("a gateway");
            } else if (words.take_if("kind")) {
                kind = words.take("a kind");
            } else if (words.take_if("sent")) {
                time = policy.zone.format(sent(words));
            } else {
                const std::string word = words.take("a value");
                const std::size_t equals = word.find('=');
                if (equals == std::string::npos) throw Failure(fmt::format("'{}' should be like smoke=true", word));
                fields.push_back({word.substr(0, equals), word.substr(equals + 1)});
            }
        }
        send({.id = id, .device = device, .kind = kind, .time = time}, speaker, fields);
    }

    // sent 5m ago, sent 5m ahead, sent at 21:00
    base::Time sent(Words& words) {
        if (words.take_if("at")) return moment(words, stage_->policy().zone, stage_->now());
        const base::Duration distance = words.duration();
        if (words.take_if("ahead")) return stage_->now() + distance;
        words.expect("ago");
        return stage_->now() - distance;
    }

    void send(model::FlatSignal flat, const std::string& speaker, const std::vector<Field>& fields) {
        std::vector<model::FlatValue> values;
        for (const Field& field : fields) values.push_back({field.name, value_of(field.value)});
        flat.values = values;
        const auto known = stage_->policy().device_by_code.find(speaker);
        const model::DeviceId who = known == stage_->policy().device_by_code.end() ? model::DeviceId{} : known->second;
        if (const std::string code = stage_->signal(flat, who); !code.empty())
            refused_ = Refused{"quarantined", code, number_};
    }

    // --- Persons ---

    // person P is ROLE … for BODY …   or   person P ACTION …
    void person(Words& words) {
        const std::string name = words.take("a person");
        if (words.take_if("is")) return cast_.declare(name, words, stage_->policy());
        model::Command command;
        command.action = action(words.take("an action"));
        command.actor = cast_.actor(name, stage_->policy());
        if (command.action == model::Action::report) {
            report(command, words);
        } else {
            command.incident = incident(words, *stage_).id;
            payload(command, words);
        }
        words.end();
        const model::CommandResult result = stage_->command(std::move(command));
        if (!result.accepted) refused_ = Refused{"refused", result.code, number_};
    }

    void report(model::Command& command, Words& words) {
        const auto& kinds = stage_->policy().incident_kind_by_code;
        const std::string kind = words.take("a kind of incident");
        if (!kinds.contains(kind)) throw Failure(fmt::format("there is no kind of incident '{}'", kind));
        command.kind = kinds.find(kind)->second;
        words.expect("at");
        command.place = place(stage_->policy(), words.take("a place"));
        words.expect("severity");
        command.severity = severity(words.take("a severity"));
        if (words.take_if("request")) command.request = words.number("the request's number");
    }

    void payload(model::Command& command, Words& words) {
        if (command.action == model::Action::transfer) {
            words.expect("to");
            command.body = body(stage_->policy(), words.take("a body"));
        } else if (command.action == model::Action::merge) {
            words.expect("into");
            command.other = incident(words, *stage_).id;
        } else if (command.action == model::Action::set_severity) {
            words.expect("to");
            command.severity = severity(words.take("a severity"));
        } else if (command.action == model::Action::add_evidence) {
            evidence(command, words);
        } else if (command.action == model::Action::judge ||
                   (command.action == model::Action::mark_false_alarm && !words.done())) {
            command.verdict = verdict(words.take("true, false, test or unknown"));
        }
    }

    // before|after PHOTO [taken MOMENT | taken 5m ago]
    void evidence(model::Command& command, Words& words) {
        const bool after = words.take_if("after");
        if (!after) words.expect("before");
        command.phase = after ? model::EvidencePhase::after : model::EvidencePhase::before;
        command.evidence = photo(words.take("a photo"));
        if (!words.take_if("taken")) return;
        if (base::parse_duration(words.peek())) {
            command.taken = stage_->now() - words.duration();
            words.expect("ago");
        } else {
            command.taken = words.take_if("now") ? stage_->now() : moment(words, stage_->policy().zone, stage_->now());
        }
    }

    // --- What is expected ---

    void expect(Words& words) {
        for (const char* verb : {"refused", "quarantined"}) {
            if (!words.take_if(verb)) continue;
            const std::string code = words.take("a code");
            if (!refused_ || refused_->verb != verb) throw Failure(fmt::format("nothing has been {}", verb));
            if (refused_->code != code) throw Failure(fmt::format("it was {}: {}", verb, refused_->code));
            refused_.reset();
            return;
        }
        check_refused();
        check_expectation(words, *stage_, cast_);
    }

    void check_refused() {
        if (!refused_) return;
        number_ = refused_->line;
        throw Failure(fmt::format("this was {}: {}", refused_->verb, refused_->code));
    }

    const Communities& communities_;
    std::shared_ptr<const model::Policy> policy_;
    std::unique_ptr<Stage> stage_;
    Cast cast_;
    std::optional<Refused> refused_;
    std::size_t number_ = 0;
    bool title_ = false;
};

}  // namespace

std::optional<Broken> play(std::string_view text, const Communities& communities) {
    Play play(communities);
    if (!title_of(text).empty()) play.has_title();
    std::size_t number = 0;
    try {
        for (const std::string& line : lines_of(text)) play.line(++number, line);
        play.end();
    } catch (const Failure& failure) {
        return Broken{std::max<std::size_t>(play.number(), 1), failure.what()};
    }
    return {};
}

std::string title_of(std::string_view text) {
    constexpr std::string_view key = "scenario:";
    for (const std::string& line : lines_of(text)) {
        if (!line.starts_with(key)) continue;
        const std::size_t begin = line.find_first_not_of(' ', key.size());
        return begin == std::string::npos ? std::string{} : line.substr(begin);
    }
    return {};
}

}  // namespace shoumen::scenarios

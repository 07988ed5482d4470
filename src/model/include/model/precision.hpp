// Learned precision (学习到的准确率): how often what a rule finds by one device, in one scene, has been real, and what
// that makes of its next alert. Decided in room `decide` (decide/precision.hpp) from what people have said of the
// incidents the core holds.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/ids.hpp"

namespace shoumen::model {

// What an alert turned out to be. words: none true false test unknown
enum class Verdict : std::uint8_t { none, real, mistaken, test, unknown };
constexpr std::size_t verdict_count = 5;
std::string_view to_word(Verdict v);
std::optional<Verdict> parse_Verdict(std::string_view word);

// What becomes of the next alert: it goes its way; the desk looks first; it is kept and tells nobody.
enum class Stage : std::uint8_t { trusted, second_look, quiet };
constexpr std::size_t stage_count = 3;
std::string_view to_word(Stage s);

// Whether an incident waits for the desk's second look (复核), or has been sent on after one.
enum class Look : std::uint8_t { none, wanted, confirmed };
std::string_view to_word(Look l);

// One of the things a rule's field says where before the device it was: a zone of a camera's picture. 0: none. One that
// cannot be told from others (scene_untold) is never doubted.
using Scene = std::uint64_t;

// As the rule says it. Shares are thousandths.
struct Precision {
    std::uint32_t target = 500;     // below it, somebody looks before anybody is sent
    std::uint32_t quiet_below = 0;  // below it, it goes quiet; 0: never
    FieldId scene;                  // invalid: the rule does not ask
    base::Duration look_within = base::minutes(3);
    bool operator==(const Precision&) const = default;
};

// Whose precision it is.
struct Track {
    RuleId rule;
    DeviceId device;
    Scene scene = 0;
    auto operator<=>(const Track&) const = default;
};

// Where alerts of an incident came from, and what they were.
struct Source {
    Track track;
    AlertId alert;  // its first
    base::Time first;
    base::Time latest;
    std::uint32_t alerts = 0;
    Verdict verdict = Verdict::none;
    base::Time judged = base::Time::none();
    bool by_hand = false;  // the verdict was given to this one, not to the incident as a whole
    bool operator==(const Source&) const = default;
};

// The verdicts on a track: how many, and what they weigh in thousandths, since old ones count for less.
struct Record {
    std::uint32_t real = 0;
    std::uint32_t mistaken = 0;
    std::uint32_t test = 0;
    std::uint32_t unknown = 0;
    std::uint32_t real_weight = 0;
    std::uint32_t mistaken_weight = 0;
    bool operator==(const Record&) const = default;
};

// Why an incident waits for a look, or is quiet: what was known when it began.
struct Doubt {
    Stage stage = Stage::trusted;
    std::uint32_t real = 0;
    std::uint32_t mistaken = 0;
    std::uint32_t at_most = 1000;  // the precision, in thousandths, as good as surely
    bool operator==(const Doubt&) const = default;
};

}  // namespace shoumen::model

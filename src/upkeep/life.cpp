#include "upkeep/life.hpp"

#include <algorithm>

namespace shoumen::upkeep {
namespace {

constexpr std::array<std::string_view, stage_count> stages = {"bought", "installed", "in_service", "repair", "retired"};
constexpr std::array<std::string_view, 5> works = {"open", "taken", "done", "dropped", "passed"};

template <class Enum, std::size_t n>
std::optional<Enum> parse(const std::array<std::string_view, n>& words, std::string_view word) {
    const auto it = std::ranges::find(words, word);
    if (it == words.end()) return std::nullopt;
    return static_cast<Enum>(it - words.begin());
}

std::string_view why_not(const Standing& at, Stage to) {
    if (at.stage == Stage::retired) return "device-retired";
    switch (to) {
        case Stage::bought:
            return "not-bought-again";
        case Stage::installed:
            if (at.stage == Stage::in_service) return "take-down-first";
            return at.placed ? "" : "place-missing";
        case Stage::in_service:
            if (at.stage == Stage::bought) return "put-up-first";
            if (at.stage == Stage::installed && !at.heard) return "not-heard-yet";
            return "";
        case Stage::repair:
            return at.stage == Stage::bought ? "put-up-first" : "";
        case Stage::retired:
            return at.has_order ? "work-open" : "";
    }
    return "";
}

}  // namespace

std::string_view to_word(Stage stage) { return stages[static_cast<std::size_t>(stage)]; }
std::optional<Stage> parse_stage(std::string_view word) { return parse<Stage>(stages, word); }

std::array<Choice, stage_count - 1> choices(const Standing& standing) {
    std::array<Choice, stage_count - 1> out;
    std::size_t n = 0;
    for (std::size_t i = 0; i < stage_count; ++i) {
        const auto to = static_cast<Stage>(i);
        if (to == standing.stage) continue;
        const auto reason = why_not(standing, to);
        out.at(n++) = {to, reason.empty(), reason};
    }
    return out;
}

std::string_view to_word(Work work) { return works[static_cast<std::size_t>(work)]; }
std::optional<Work> parse_work(std::string_view word) { return parse<Work>(works, word); }

std::string_view why_not(Work from, Work to) {
    if (is_over(from)) return "work-over";
    if (to == Work::taken) return from == Work::taken ? "work-taken" : "";
    if (to == Work::done) return from == Work::open ? "take-work-first" : "";
    return to == Work::dropped ? "" : "bad-step";
}

std::string_view what_is_missing(const Presence& presence) {
    if (!presence.code_fits) return "no-code";
    if (!presence.has_position) return "no-position";
    if (!presence.near) return "too-far";
    return presence.heard ? "" : "no-test-signal";
}

}  // namespace shoumen::upkeep

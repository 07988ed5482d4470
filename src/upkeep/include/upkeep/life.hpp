// The life of a device as a thing that is bought, put up, looked after and thrown away, and of the work on it. Pure.
//
//   bought ──▶ installed ──▶ in_service ◀──▶ repair        any of them ──▶ retired (for good)
//                  ▲                            │
//                  └────────────────────────────┘          (put up again elsewhere)
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace shoumen::upkeep {

enum class Stage : std::uint8_t { bought, installed, in_service, repair, retired };
constexpr std::size_t stage_count = 5;
std::string_view to_word(Stage stage);
std::optional<Stage> parse_stage(std::string_view word);

// What is known of a device where a step of its life is asked for.
struct Standing {
    Stage stage{};
    bool placed = false;     // it is known where it hangs
    bool heard = false;      // since it was put up
    bool has_order = false;  // work on it is open
};

struct Choice {
    Stage to{};
    bool allowed = false;
    std::string_view reason;  // code of api/errors.json where it is not
};

// Every other stage, whether it may be gone to now, and why not.
std::array<Choice, stage_count - 1> choices(const Standing& standing);

// The work somebody is to do.
enum class Work : std::uint8_t { open, taken, done, dropped, passed };  // passed: over before anybody took it
std::string_view to_word(Work work);
std::optional<Work> parse_work(std::string_view word);
[[nodiscard]] constexpr bool is_over(Work work) { return work >= Work::done; }
// Code of why not; empty: it may be.
std::string_view why_not(Work from, Work to);

// What is missing to prove that somebody stood before a device, in this order; empty: nothing.
struct Presence {
    bool code_fits = false;     // it was scanned, and it is this device's
    bool has_position = false;  // of the telephone
    bool near = false;          // of where the device hangs; true where that is not known
    bool heard = false;         // a signal came from it meanwhile
};
std::string_view what_is_missing(const Presence& presence);

}  // namespace shoumen::upkeep

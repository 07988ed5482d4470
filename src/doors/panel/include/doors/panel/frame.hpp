// Frames of GB/T 26875.3 from bytes and to bytes: what a fire alarm panel's transmitter sends to a centre. Pure.
//
//   40 40 | serial 2 | version 2 | time 6 | from 6 | to 6 | length 2 | command 1 | data ≤ 1,024 | sum 1 | 23 23
//
// Numbers of several bytes come with the lowest first. The sum is of all between the start and itself. Error of
// reports_of(): bad-frame.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "model/signal.hpp"

namespace shoumen::doors::panel {

enum class Command : std::uint8_t { control = 1, send = 2, confirm = 3, ask = 4, answer = 5, deny = 6 };

using Tag = std::array<std::uint8_t, 6>;  // second, minute, hour, day, month, year since 2000

struct Frame {
    std::uint16_t serial = 0;
    std::uint16_t version = 0;
    Tag time{};
    std::string from, to;  // 12 hex digits, the highest first
    std::uint8_t command = 0;
    std::string_view data;  // points into what was read
};

constexpr std::size_t most_data = 1'024;
constexpr std::size_t most_frame = most_data + 30;

struct Found {
    std::size_t skipped = 0;  // bytes before it that are no frame
    std::size_t used = 0;     // those, and the frame; or, without one, what can never become one
    std::optional<Frame> frame;
    bool sum_is_right = true;
};
// The first frame in the stream. What is no frame is passed over until one begins; where one seems to begin and a whole
// one with a right sum lies within it, that one counts, so that noise holds nothing back.
Found find_frame(std::string_view stream);

std::string write_frame(const Frame& frame);
// To whoever sent it: confirm or deny, with the same serial and without data.
std::string write_reply(const Frame& to, Command command, const Tag& now);

// A report of the data: one information object.
struct Report {
    enum class Of : std::uint8_t { transmitter, system, part } of = Of::system;
    int type = 0;  // of the data unit
    int system_type = 0, system = 0, part_type = 0;
    std::array<std::uint8_t, 4> part{};  // the highest first
    std::uint16_t state = 0;             // bits; types 1, 2 and 21
    std::uint8_t operation = 0;          // bits; types 4 and 24
    int analogue = 0;                    // which quantity; type 3
    int value = 0;
    std::string text;  // the part's description, UTF-8
    Tag time{};
};
// Those that say how something stands; versions, configurations and clocks are passed over.
base::Result<std::vector<Report>> reports_of(std::string_view data);

// The name of what a report is of, as a map may give it a device: "gb26875:0102030405ff/1.2/0.0.3.17", of a system
// "gb26875:0102030405ff/1.2", of the transmitter "gb26875:0102030405ff".
std::string name_of(std::string_view transmitter, const Report& report, Report::Of as);

// The report as values of a device of this kind. Points into `report`.
std::vector<model::FlatValue> values_of(const Report& report, model::SignalKind kind);

// RFC 3339; empty: no time.
std::string time_of(const Tag& tag, const base::Zone& zone);
Tag tag_of(base::Time time, const base::Zone& zone);

}  // namespace shoumen::doors::panel

// From a published message to the Intake: one ticket, whatever the message holds.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "doors/mqtt/session.hpp"

namespace shoumen::doors::mqtt {

struct Message {
    std::string_view topic;
    std::string_view payload;  // NativeReader::padding bytes behind it must be readable
};

// Submits every signal of the message from number `taken` on, or refuses the message as a whole. The answer is the last
// ticket, or nullopt when the Intake is busy; `taken` then says where to go on.
std::optional<std::uint64_t> deliver(Common& common, const ports::Speaker& speaker, const Message& message,
                                     std::uint32_t& taken);

// Refuses a message of which only the head was kept. nullopt: busy.
std::optional<std::uint64_t> refuse_large(Common& common, const ports::Speaker& speaker, const ports::RawPayload& raw);

}  // namespace shoumen::doors::mqtt

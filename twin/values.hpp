// What a device of the simulated world says in one message: a few named values, without memory of their own (names and
// words are constants). Private to room twin.
#pragma once
#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "model/signal.hpp"

namespace shoumen::twin {

class Values {
public:
    Values() = default;
    Values(std::initializer_list<model::FlatValue> values) {
        for (const auto& v : values) add(v);
    }
    void add(const model::FlatValue& v) { items_[count_++] = v; }

    [[nodiscard]] std::span<const model::FlatValue> span() const { return {items_.data(), count_}; }
    [[nodiscard]] bool empty() const { return count_ == 0; }

private:
    std::array<model::FlatValue, 5> items_{};
    std::uint8_t count_ = 0;
};

// {"smoke":true,"battery":97}
std::string json_of(const Values& values);

// What is said after a while of something that has begun.
struct Line {
    base::Duration after;
    Values values;
};

}  // namespace shoumen::twin

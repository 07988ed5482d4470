// Wider sights that answer as the test needs. Used on the io thread.
#pragma once
#include <functional>
#include <string>
#include <utility>

#include "ports/wider_sight.hpp"

namespace shoumen::doors::http::testing {

class FakeWiderSight : public ports::WiderSightDesk {
public:
    using Later = std::function<void(std::function<void()>)>;
    FakeWiderSight(Later later, base::Time now) : later_(std::move(later)), now_(now) {}

    base::Result<ports::WiderSights> wider_sights(const ports::Session&) override {
        auto ended = row();
        ended.ended = now_;
        ended.ended_by = "p-admin";
        return ports::WiderSights{true, base::minutes(30), {row(), ended}};
    }
    void open_wider(const ports::Session&, std::string reason,
                    std::function<void(base::Result<ports::WiderSightRow>)> done) override {
        base::Result<ports::WiderSightRow> answer = row();
        if (reason == "x") answer = base::fail("reason-needed", "", "reason");
        later_([done = std::move(done), answer] { done(answer); });
    }
    void close_wider(const ports::Session&, std::uint64_t id, std::function<void(base::Result<void>)> done) override {
        base::Result<void> answer;
        if (id == 99) answer = base::fail("unknown-wider-sight", "");
        later_([done = std::move(done), answer] { done(answer); });
    }

private:
    [[nodiscard]] ports::WiderSightRow row() const {
        return {3,    "officer",           "p-officer", "duty_officer", "老人失联，家属电话打不通", now_,
                now_, base::Time::never(), ""};
    }
    Later later_;
    base::Time now_;
};

}  // namespace shoumen::doors::http::testing

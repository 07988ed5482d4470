#include <doctest/doctest.h>

#include "model/track.hpp"

#include "testing.hpp"

using namespace shoumen;
using namespace shoumen::loop;
using namespace shoumen::loop::testing;

namespace {

struct Quietly : Driven {
    explicit Quietly(std::shared_ptr<const Policy> policy) : Driven(std::move(policy)) {}
    void record(Time now, const std::string& device, Time until) {
        Batch batch;
        batch.inputs.push_back({InputType::record, 0, now});
        batch.records.push_back({std::string(Quiet::subject) + device, static_cast<std::uint64_t>(until.us)});
        step(batch);
    }
};

std::shared_ptr<const Policy> with_alarm() {
    Homes homes;
    homes.alarm_rule();
    return homes.ready();
}

const Time later = noon + base::minutes(30);

}  // namespace

TEST_CASE("what a quiet device's rules find is held back, and raised when the quiet ends and it still holds") {
    Quietly d(with_alarm());
    d.record(noon, "d0", later);
    CHECK(d.core.next_due() == later);
    d.signal(noon + base::minutes(1), 0, on());
    CHECK(d.effects.alerts.empty());
    CHECK(d.core.live_incidents() == 0);
    // Others are not.
    d.signal(noon + base::minutes(1), 5, on());
    CHECK(d.effects.alerts.size() == 1);
    d.timer(later);
    REQUIRE(d.effects.alerts.size() == 1);
    CHECK(d.effects.alerts[0].alert.device == DeviceId{0U});
    CHECK(d.effects.alerts[0].alert.at == later);
    CHECK(d.core.live_incidents() == 2);
    // It can be cleared as any other.
    d.signal(later + base::minutes(1), 0, off());
    CHECK(d.effects.cleared.size() == 1);
    d.signal(later + base::minutes(2), 0, on());
    CHECK(d.effects.alerts.size() == 1);
}

TEST_CASE("what has passed by then leaves no trace") {
    Quietly d(with_alarm());
    d.record(noon, "d0", later);
    d.signal(noon + base::minutes(1), 0, on());
    d.signal(noon + base::minutes(2), 0, off());
    CHECK(d.effects.cleared.empty());
    d.timer(later);
    CHECK(d.effects.alerts.empty());
    CHECK(d.core.live_incidents() == 0);
}

TEST_CASE("quiet ends early when it is told so; a device nobody knows and other subjects change nothing") {
    Quietly d(with_alarm());
    d.record(noon, "d0", later);
    d.signal(noon + base::minutes(1), 0, on());
    d.record(noon + base::minutes(2), "nobody", later);
    d.record(noon + base::minutes(3), "d0", Time{0});
    REQUIRE(d.effects.alerts.size() == 1);
    CHECK(d.effects.alerts[0].alert.at == noon + base::minutes(3));
    CHECK(d.core.windows().quiet.next_due() == Time::never());
}

TEST_CASE("an alert told before the quiet is cleared within it") {
    Quietly d(with_alarm());
    d.signal(noon, 0, on());
    REQUIRE(d.effects.alerts.size() == 1);
    const auto told = d.effects.alerts[0].alert.id;
    d.record(noon + base::seconds(10), "d0", later);
    d.signal(noon + base::minutes(1), 0, off());
    REQUIRE(d.effects.cleared.size() == 1);
    CHECK(d.effects.cleared[0].id == told);
}

TEST_CASE("quiet and what it holds back go through a snapshot, and through the tail of the log") {
    Quietly d(with_alarm());
    d.record(noon, "d0", later);
    d.signal(noon + base::minutes(1), 0, on());
    const auto bytes = window_bytes(d.core);
    Quietly restored(with_alarm());
    base::ByteReader in(bytes);
    REQUIRE(restored.core.load_windows(in));
    CHECK(in.at_end());
    restored.timer(later);
    CHECK(restored.effects.alerts.size() == 1);

    Quietly rewound(with_alarm());
    Batch batch;
    batch.first_seq = 1;
    batch.inputs.push_back({InputType::record, 0, noon});
    batch.records.push_back({"quiet/d0", static_cast<std::uint64_t>(later.us)});
    add_signal(batch, noon + base::minutes(1), 0, on());
    rewound.core.rewind(batch);
    CHECK(window_bytes(rewound.core) == bytes);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        Quietly cut(with_alarm());
        base::ByteReader part(std::string_view(bytes).substr(0, size));
        (void)cut.core.load_windows(part);
    }
}

TEST_CASE("the scene of what is held back goes through a snapshot; bytes of before there were scenes are read") {
    Homes homes;
    Rule& seen = homes.rule("seen", homes.flood, Severity::orange);
    seen.raise = {testing::alarm, Compare::equal, Value::boolean(testing::alarm, true)};
    seen.precision = Precision{.target = 500, .scene = level};
    const auto policy = homes.ready();
    Quietly d(policy);
    d.record(noon, "d0", later);
    d.signal(noon + base::minutes(1), 0, {Value::boolean(testing::alarm, true), Value::real(level, 7)});
    const auto bytes = window_bytes(d.core);
    const auto scene_after = [&](std::string_view from) {
        Quietly restored(policy);
        base::ByteReader in(from);
        REQUIRE(restored.core.load_windows(in));
        restored.timer(later);
        REQUIRE(restored.effects.alerts.size() == 1);
        return restored.effects.alerts[0].alert.scene;
    };
    CHECK(scene_after(bytes) == (model::scene_of_number | 7U));
    CHECK(scene_after(std::string_view(bytes).substr(0, bytes.size() - sizeof(Scene))) == 0);
}

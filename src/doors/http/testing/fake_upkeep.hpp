// Devices that are looked after as the test needs: every field that may be there is there once. Used on the io thread.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "ports/upkeep.hpp"

namespace shoumen::doors::http::testing {

class FakeUpkeep : public ports::UpkeepDesk {
public:
    using Later = std::function<void(std::function<void()>)>;
    FakeUpkeep(Later later, base::Time now) : later_(std::move(later)), now_(now) {}

    ports::DeviceQuery last_query;
    ports::DeviceAsked last_change;
    ports::RotateAsked last_rotation;
    ports::TickAsked last_tick;
    ports::QuietAsked last_quiet;
    std::string last_table;

    [[nodiscard]] ports::KeptDevice kept(const std::string& code) const {
        ports::KeptDevice d;
        d.code = code;
        d.device = model::DeviceId{0U};
        d.kind = "smoke";
        d.name = {"烟感", "Smoke alarm"};
        d.place = model::PlaceId{5U};
        d.gateway = "gw-1";
        d.stage = "in_service";
        d.record = {.device = code,
                    .stage = "in_service",
                    .kind = "smoke",
                    .place = "b1-301",
                    .name = "烟感",
                    .gateway = "gw-1",
                    .maker = "甲厂",
                    .product = "Y-1",
                    .serial = "0001",
                    .bought = now_,
                    .cost_fen = 8'900,
                    .installed = now_,
                    .since = now_,
                    .moves = 2};
        d.last_heard = now_;
        d.has_token = true;
        d.findings = {"low_battery", "silent"};
        d.quiet_until = now_;
        return d;
    }
    [[nodiscard]] ports::KeptDeviceWhole whole(const std::string& code) const {
        ports::KeptDeviceWhole w;
        w.device = kept(code);
        w.choices = {{"repair", true, ""}, {"retired", false, "work-open"}};
        w.moves = {{code, 1, now_, "", "installed", "p-101", "换新"}};
        w.orders = {order()};
        w.rhythm_gaps = 30;
        w.rhythm_usual = base::minutes(5);
        w.silent_after = base::minutes(15);
        w.rhythm_own = true;
        w.old_tokens_until = now_;
        return w;
    }
    [[nodiscard]] ports::WorkOrderRow order() const {
        return {.id = 3,
                .device = "smoke-301",
                .finding = "silent",
                .place = "b1",
                .state = "done",
                .found = now_,
                .last = now_,
                .times = 2,
                .detail = "again 2; 40 min",
                .by = "p-101",
                .taken = now_,
                .ended = now_,
                .ended_by = "p-101",
                .why = "换了电池",
                .cost_fen = 1'200,
                .round = 1};
    }
    [[nodiscard]] ports::WorkView work_view() const {
        return {order(), model::PlaceId{5U}, true, true, {{"taken", false, "work-over"}}};
    }
    [[nodiscard]] ports::RoundView round_view() const {
        ports::RoundView v;
        v.row = {.id = 1,
                 .kind = "weekly",
                 .place = "b1",
                 .from = now_,
                 .due = now_,
                 .state = "planned",
                 .by = "p-101",
                 .devices = {"smoke-301"},
                 .ended = now_,
                 .ended_by = "p-101"};
        v.place = model::PlaceId{5U};
        v.overdue = true;
        v.unproven = 1;
        v.ticks = {{1, "smoke-301", now_, "p-101", false, "no-code", 12}};
        v.devices = {kept("smoke-301")};
        return v;
    }
    [[nodiscard]] ports::QuietWindowRow window() const {
        return {.id = 1,
                .devices = {"smoke-301"},
                .from = now_,
                .until = now_,
                .by = "p-101",
                .why = "更换底座",
                .ended = base::Time::never(),
                .ended_by = ""};
    }

    base::Result<ports::DevicePage> devices(const ports::Session&, const ports::DeviceQuery& query) override {
        last_query = query;
        if (query.place == "nowhere") return base::fail("unknown-place", "");
        return ports::DevicePage{{kept("smoke-301")}, true, 2, {{"in_service", 2}}, {{"silent", 1}}};
    }
    base::Result<ports::KeptDeviceWhole> device(const ports::Session&, const std::string& code) override {
        if (code == "nothing") return base::fail("unknown-device", "");
        return whole(code);
    }
    void move(const ports::Session&, ports::MoveAsked asked,
              std::function<void(base::Result<ports::KeptDeviceWhole>)> done) override {
        if (asked.to == "installed") return say<ports::KeptDeviceWhole>(done, base::fail("take-down-first", ""));
        say<ports::KeptDeviceWhole>(done, whole(asked.device));
    }
    void change(const ports::Session&, ports::DeviceAsked asked,
                std::function<void(base::Result<ports::KeptDeviceWhole>)> done) override {
        last_change = asked;
        say<ports::KeptDeviceWhole>(done, whole(asked.device));
    }
    void rotate(const ports::Session&, ports::RotateAsked asked,
                std::function<void(base::Result<ports::Rotated>)> done) override {
        last_rotation = asked;
        if (asked.device == "nothing") return say<ports::Rotated>(done, base::fail("unknown-device", ""));
        say<ports::Rotated>(done, ports::Rotated{"t-" + asked.device, now_});
    }
    void import(const ports::Session&, std::string table, bool,
                std::function<void(base::Result<ports::ImportReport>)> done) override {
        last_table = table;
        if (table == "broken") return say<ports::ImportReport>(done, base::fail("bad-csv", "", "2"));
        say<ports::ImportReport>(done, ports::ImportReport{1, 2, 3, {{4, "编号", "doubled-code"}}});
    }
    base::Result<ports::Tray> tray(const ports::Session&) override {
        return ports::Tray{{{.device = "new-1",
                             .speaker = "gw-1",
                             .door = "mqtt",
                             .kind = "smoke",
                             .first = now_,
                             .last = now_,
                             .times = 4,
                             .state = "waiting"}},
                           {{"new-1", "smoke"}},
                           {{{"new-1", "gw-1"}, {"new-1", "smoke", "门厅烟感", "甲厂", "Y-1", "gw-1"}}}};
    }
    void take_in(const ports::Session&, ports::TakeAsked asked,
                 std::function<void(base::Result<ports::KeptDeviceWhole>)> done) override {
        say<ports::KeptDeviceWhole>(done, whole(asked.device));
    }
    void leave(const ports::Session&, std::string, std::function<void(base::Result<void>)> done) override {
        later_([done] { done({}); });
    }
    base::Result<std::vector<ports::WorkView>> work(const ports::Session&, const ports::WorkQuery&) override {
        return std::vector{work_view()};
    }
    void work_on(const ports::Session&, ports::WorkAsked asked,
                 std::function<void(base::Result<ports::WorkView>)> done) override {
        if (asked.id == 99) return say<ports::WorkView>(done, base::fail("unknown-work", ""));
        say<ports::WorkView>(done, work_view());
    }
    base::Result<std::vector<ports::RoundView>> rounds(const ports::Session&) override {
        return std::vector{round_view()};
    }
    base::Result<ports::RoundView> round(const ports::Session&, std::uint64_t id) override {
        if (id == 99) return base::fail("unknown-round", "");
        return round_view();
    }
    void plan(const ports::Session&, ports::RoundAsked,
              std::function<void(base::Result<ports::RoundView>)> done) override {
        say<ports::RoundView>(done, round_view());
    }
    void tick(const ports::Session&, ports::TickAsked asked,
              std::function<void(base::Result<ports::TickRow>)> done) override {
        last_tick = asked;
        say<ports::TickRow>(done, ports::TickRow{asked.round, asked.device, now_, "p-101", false, "no-code", 12});
    }
    void end_round(const ports::Session&, std::uint64_t,
                   std::function<void(base::Result<ports::RoundView>)> done) override {
        say<ports::RoundView>(done, round_view());
    }
    base::Result<std::vector<ports::QuietWindowRow>> quiet(const ports::Session&) override {
        return std::vector{window()};
    }
    void begin_quiet(const ports::Session&, ports::QuietAsked asked,
                     std::function<void(base::Result<ports::QuietWindowRow>)> done) override {
        last_quiet = asked;
        say<ports::QuietWindowRow>(done, window());
    }
    void end_quiet(const ports::Session&, std::uint64_t, std::function<void(base::Result<void>)> done) override {
        later_([done] { done({}); });
    }
    base::Result<ports::UpkeepFigures> figures(const ports::Session&) override {
        ports::UpkeepFigures f;
        f.at = now_;
        f.devices = 10;
        f.idle = 3;
        f.fault_rate = 0.5;
        f.repair_hours_mean = 12.5;
        f.upkeep_fen = 1'200;
        f.by_kind = {{"smoke", 10, 3, 5, 1, 12.5, 1'200, 89'000}};
        f.by_maker = f.by_kind;
        f.by_age = f.by_kind;
        return f;
    }

private:
    template <class T>
    void say(const std::function<void(base::Result<T>)>& done, base::Result<T> result) {
        later_([done, result = std::move(result)]() mutable { done(std::move(result)); });
    }
    Later later_;
    base::Time now_;
};

}  // namespace shoumen::doors::http::testing

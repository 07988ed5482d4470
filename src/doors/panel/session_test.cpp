#include "doors/panel/session.hpp"

#include <map>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace shoumen;
using namespace shoumen::doors::panel;

namespace {

struct Taken {
    std::string device, id, time, code;
    std::map<std::string, std::string> values;
};

std::string shown(const model::FlatValue& v) {
    if (const auto* b = std::get_if<bool>(&v.value)) return *b ? "true" : "false";
    if (const auto* d = std::get_if<double>(&v.value)) return fmt::format("{}", *d);
    if (const auto* t = std::get_if<std::string_view>(&v.value)) return std::string(*t);
    return "null";
}

class FakeIntake final : public ports::Intake {
public:
    FakeIntake() {
        add({.code = "panel-1", .is_gateway = true});
        const model::DeviceId gateway{0U};
        add({.code = "link-panel", .kind = model::SignalKind::link, .gateway = gateway});
        add({.code = "smoke-a", .kind = model::SignalKind::smoke, .gateway = gateway});
        add({.code = "fire-system", .kind = model::SignalKind::smoke, .gateway = gateway});
        in_force->maps.push_back({.code = "panels",
                                  .devices = {{"gb26875:060504030201", "panel-1"},
                                              {"gb26875:060504030201/1.2/0.0.3.17", "smoke-a"},
                                              {"gb26875:060504030201/1.2", "fire-system"}}});
        in_force->zone = base::Zone("Asia/Shanghai", {{base::Time{0}, 8 * 3'600}});
    }
    void add(model::Device device) {
        in_force->device_by_code[device.code] = model::DeviceId{in_force->devices.size()};
        in_force->devices.push_back(std::move(device));
    }
    std::shared_ptr<model::Policy> in_force = std::make_shared<model::Policy>();
    std::vector<Taken> taken;
    std::uint64_t on_disk = 0;
    int room = 1'000'000;

    std::optional<ports::Speaker> speaker(std::string_view) override { return {}; }
    std::optional<model::DeviceId> device(std::string_view code) override {
        const auto found = in_force->device_by_code.find(code);
        return found == in_force->device_by_code.end() ? std::nullopt : std::optional(found->second);
    }
    ports::Submitted submit(const ports::Speaker&, std::string_view, const model::FlatSignal& signal,
                            const ports::RawPayload&) override {
        Taken one{std::string(signal.device), std::string(signal.id), std::string(signal.time), "", {}};
        for (const auto& v : signal.values) one.values[std::string(v.name)] = shown(v);
        return take(std::move(one), ports::Admission::queued);
    }
    ports::Submitted refuse(const ports::Speaker&, std::string_view, const base::Error& why,
                            const ports::RawPayload&) override {
        return take({"", "", "", why.code, {}}, ports::Admission::quarantined);
    }
    [[nodiscard]] std::shared_ptr<const model::Policy> policy() const override { return in_force; }
    [[nodiscard]] std::uint64_t committed() const override { return on_disk; }
    std::uint64_t on_progress(std::function<void()>) override { return 1; }
    void forget(std::uint64_t) override {}

private:
    ports::Submitted take(Taken one, ports::Admission how) {
        if (room-- <= 0) return {ports::Admission::busy, 0, {}};
        taken.push_back(std::move(one));
        return {how, taken.size(), {}};
    }
};

const std::string tag("\x05\x04\x0b\x03\x07\x1a", 6);  // 2026-07-03 11:04:05

std::string frame(const std::string& data, int serial = 1, int command = 2, const std::string& from = "060504030201") {
    Frame f;
    f.serial = static_cast<std::uint16_t>(serial);
    f.version = 0x0101;
    f.time = {5, 4, 11, 3, 7, 26};
    f.from = from;
    f.to = "000000000000";
    f.command = static_cast<std::uint8_t>(command);
    f.data = data;
    return write_frame(f);
}

// A part's state, with a description in GB 18030: 三楼.
std::string part(int state, int address = 17) {
    std::string out("\x02\x01\x01\x02\x28", 5);
    out += static_cast<char>(address);
    out += std::string("\x03\x00\x00", 3);
    out += static_cast<char>(state);
    out += '\0';
    std::string words("\xc8\xfd\xc2\xa5");
    words.resize(31);
    return out + words + tag;
}

struct Stand {
    FakeIntake intake;
    Common common{intake};
    Session session{common, "192.0.2.9"};
    std::string out;
    std::size_t say(const std::string& bytes) {
        out.clear();
        const auto done = session.consume(bytes, out);
        return done.bytes;
    }
    std::string commit() {
        std::string confirmed;
        intake.on_disk = intake.taken.size();
        session.acknowledge(intake.on_disk, confirmed);
        return confirmed;
    }
    [[nodiscard]] Taken last() const { return intake.taken.back(); }
};

int command_of(const std::string& bytes) {
    const auto found = find_frame(bytes);
    return found.frame && found.sum_is_right ? found.frame->command : -1;
}

}  // namespace

TEST_CASE("a frame's bytes are those of the standard") {
    const auto bytes = frame(part(3), 0x1234);
    CHECK(bytes.substr(0, 4) == "@@\x34\x12");
    CHECK(bytes.substr(12, 6) == std::string("\x01\x02\x03\x04\x05\x06", 6));
    CHECK(bytes.substr(24, 3) == std::string("\x30\x00\x02", 3));
    CHECK(bytes.ends_with("##"));
    unsigned sum = 0;
    for (std::size_t i = 2; i < bytes.size() - 3; ++i) sum += static_cast<unsigned char>(bytes[i]);
    CHECK(static_cast<unsigned char>(bytes[bytes.size() - 3]) == (sum & 0xffU));
}

TEST_CASE("a part's fire alarm becomes a signal of its device, and is confirmed when it is on disk") {
    Stand stand;
    const auto bytes = frame(part(3), 7);
    CHECK(stand.say(bytes) == bytes.size());
    CHECK(stand.out.empty());
    REQUIRE(stand.intake.taken.size() == 2);
    CHECK(stand.intake.taken[0].device == "link-panel");
    CHECK(stand.intake.taken[0].values.at("online") == "true");
    const auto a = stand.last();
    CHECK(a.device == "smoke-a");
    CHECK(a.time == "2026-07-03T03:04:05Z");
    CHECK(a.values.at("smoke") == "true");
    CHECK(a.values.at("fire") == "true");
    CHECK(a.values.at("fault") == "false");
    CHECK(a.values.at("description") == "三楼");
    CHECK_FALSE(a.values.contains("test"));
    const auto confirmed = stand.commit();
    CHECK(command_of(confirmed) == 3);
    const auto read = find_frame(confirmed);
    CHECK(read.frame->serial == 7);
    CHECK(read.frame->to == "060504030201");
    // The same frame again has the same id: the core takes it once.
    stand.say(bytes);
    CHECK(stand.last().id == a.id);
}

TEST_CASE("what has no device of its own is its system's, and then the panel's") {
    Stand stand;
    stand.say(frame(part(3, 99)));
    CHECK(stand.last().device == "fire-system");
    CHECK(stand.last().values.at("source") == "gb26875:060504030201/1.2/0.0.3.99");
    std::string other = part(5);
    other[3] = 9;
    stand.say(frame(other));
    CHECK(stand.last().device == "link-panel");
    CHECK(stand.last().values.at("fault") == "true");
    CHECK(stand.last().values.at("fire") == "false");
}

TEST_CASE("systems, quantities, operations and the transmitter itself") {
    Stand stand;
    stand.say(frame(std::string("\x01\x01\x01\x02\x05\x01", 6) + tag));
    CHECK(stand.last().values.at("fault") == "true");
    CHECK(stand.last().values.at("mains_fault") == "true");
    CHECK(stand.last().values.at("smoke") == "false");
    stand.say(frame(std::string("\x03\x01\x01\x02\x28\x11\x03\x00\x00\x03\xf6\xff", 12) + tag));
    CHECK(stand.last().device == "smoke-a");
    CHECK(stand.last().values.at("temperature_c") == "-1");
    stand.say(frame(std::string("\x04\x01\x01\x02\x04\x07", 6) + tag));
    CHECK(stand.last().values.at("manual_alarm") == "true");
    CHECK(stand.last().values.at("smoke") == "true");
    stand.say(frame(std::string("\x15\x01\x21", 3) + tag));
    CHECK(stand.last().device == "link-panel");
    CHECK(stand.last().values.at("line_fault") == "true");
    // Two objects in one frame, one confirmation.
    stand.commit();
    stand.say(frame(std::string("\x15\x02\x21", 3) + tag + "\x01" + tag, 9));
    CHECK(command_of(stand.commit()) == 3);
}

TEST_CASE("a wrong sum and data that is cut short are denied, the latter kept with its reason") {
    Stand stand;
    auto bytes = frame(part(3));
    bytes[bytes.size() - 3] = static_cast<char>(bytes[bytes.size() - 3] ^ 1);
    CHECK(stand.say(bytes) == bytes.size());
    CHECK(command_of(stand.out) == 6);
    CHECK(stand.intake.taken.empty());
    stand.say(frame(std::string("\x02\x09", 2) + "short"));
    CHECK(stand.last().code == "bad-frame");
    CHECK(command_of(stand.commit()) == 6);
}

TEST_CASE("garbage is passed over, and a frame behind it is found, however it comes") {
    Stand stand;
    const auto bytes = "noise@@\x01\x02 more @" + frame(part(3));
    std::string held;
    for (const char c : bytes) {
        held += c;
        held.erase(0, stand.say(held));
        CHECK(held.size() <= most_frame);
    }
    REQUIRE_FALSE(stand.intake.taken.empty());
    CHECK(stand.last().device == "smoke-a");
    CHECK(stand.common.counters.frames == 1);
    CHECK(stand.common.counters.garbage_bytes == bytes.size() - frame(part(3)).size());
}

TEST_CASE(
    "how the bytes are cut decides nothing: what looks like a frame and does not end as one hides none behind it") {
    auto wrong = frame(part(3));
    wrong[wrong.size() - 3] = static_cast<char>(wrong[wrong.size() - 3] ^ 1);
    const auto right = frame(part(3));
    // A beginning that says it ends a little behind the right frame, where no end is.
    auto hull = frame("").substr(0, 27);
    hull[24] = static_cast<char>(wrong.size() + right.size() + 2);
    const auto bytes = hull + wrong + right + std::string(20, 'x');
    Stand whole;
    whole.say(bytes);
    Stand cut;
    std::string held;
    std::string denied;
    for (const char c : bytes) {
        held += c;
        held.erase(0, cut.say(held));
        denied += cut.out;
    }
    CHECK(whole.out == denied);
    CHECK(whole.intake.taken.size() == cut.intake.taken.size());
    REQUIRE_FALSE(cut.intake.taken.empty());
    CHECK(whole.last().device == "smoke-a");
    CHECK(whole.common.counters.garbage_bytes == cut.common.counters.garbage_bytes);
}

TEST_CASE("a transmitter that nobody has entered is denied, and what it reports is kept, ten times a minute") {
    Stand stand;
    for (int i = 0; i < 50; ++i) {
        stand.say(frame(part(3), i, 2, "0000000000ff"));
        CHECK(command_of(stand.out) == 6);
    }
    CHECK(stand.intake.taken.size() == 10);
    CHECK(stand.intake.taken[0].code == "unknown-device");
    CHECK(stand.common.counters.unknown == 50);
}

TEST_CASE("while the shell is busy the frame stays, and is taken later") {
    Stand stand;
    stand.intake.room = 1;  // for the word of being online
    const auto bytes = frame(part(3));
    CHECK(stand.say(bytes) == 0);
    stand.intake.room = 100;
    CHECK(stand.say(bytes) == bytes.size());
    CHECK(stand.last().device == "smoke-a");
    CHECK(stand.common.counters.stalls == 1);
}

TEST_CASE("a connection that ends says that the panel is not heard any more") {
    Stand stand;
    stand.say(frame(part(1)));
    CHECK(stand.session.lost());
    CHECK(stand.last().device == "link-panel");
    CHECK(stand.last().values.at("online") == "false");
}

TEST_CASE("a time that is none is left out") {
    Stand stand;
    auto data = part(3);
    data[data.size() - 2] = 13;  // month
    stand.say(frame(data));
    CHECK(stand.last().time.empty());
}

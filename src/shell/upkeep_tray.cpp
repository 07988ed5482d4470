// The part of shell/upkeep that holds devices which somebody known has spoken for, or announced, and nobody knows.
#include <algorithm>

#include "base/bytes.hpp"
#include "protect/vault.hpp"
#include "shell/office.hpp"
#include "shell/upkeep.hpp"

#include "added_devices.hpp"
#include "upkeep_rules.hpp"

namespace shoumen::shell {
namespace {

using upkeep::Stage;

constexpr std::size_t most_found = 20'000;        // of all speakers: what the store gives back at once
constexpr std::size_t most_found_of_one = 5'000;  // of one speaker, so that the others have room
constexpr std::size_t longest_said = 120;         // bytes of a name, a maker …
constexpr base::Duration seen_again_after = base::hours(1);

std::string announced_key(const std::string& speaker) { return "tray/announced/" + speaker; }
std::string owner_of(const std::string& speaker) { return "device/" + speaker; }

// Cut where a character ends; control characters become spaces.
std::string bounded(std::string_view text) {
    std::size_t end = std::min(text.size(), longest_said);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80) --end;
    std::string out(text.substr(0, end));
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return out;
}

std::string encoded(const std::map<std::string, ports::Announced>& all) {
    base::ByteWriter out;
    out.varint(all.size());
    for (const auto& [device, one] : all) {
        for (const auto* text : {&one.device, &one.kind, &one.name, &one.maker, &one.product, &one.parent})
            out.text(*text);
    }
    return out.take();
}

base::Result<std::map<std::string, ports::Announced>> decoded(std::string_view bytes) {
    base::ByteReader in(bytes);
    std::map<std::string, ports::Announced> all;
    for (std::size_t n = in.count(); n > 0 && in.ok(); --n) {
        ports::Announced one;
        for (auto* text : {&one.device, &one.kind, &one.name, &one.maker, &one.product, &one.parent})
            *text = std::string(in.text());
        all[one.device] = std::move(one);
    }
    if (!in.ok()) return base::fail("data-damaged", "what was announced cannot be read");
    return all;
}

}  // namespace

ports::FoundDeviceRow* Upkeep::put_in_tray(const std::string& device, const std::string& speaker, base::Time now) {
    auto it = found_.find({device, speaker});
    if (it == found_.end()) {
        if (found_.size() >= most_found || spoken_[speaker] >= most_found_of_one) return nullptr;
        ++spoken_[speaker];
        ports::FoundDeviceRow row;
        row.device = device;
        row.speaker = speaker;
        row.first = now;
        row.last = now - seen_again_after;
        row.times = 0;
        row.state = tray_waiting;
        it = found_.emplace(Key{device, speaker}, std::move(row)).first;
    }
    if (it->second.state == tray_taken) it->second.state = tray_waiting;  // thrown away since, and there again
    return &it->second;
}

// --- Announced ---------------------------------------------------------------------------------------------------

std::size_t Upkeep::on_announced(const ports::Speaker& speaker, std::string_view door,
                                 std::span<const ports::Announced> devices) {
    const auto policy = node_.policy();
    if (!speaker.device.valid() || !speaker.is_gateway) return 0;
    const auto& who = policy->devices[speaker.device.value].code;
    const base::Time now = clock_.now();
    std::size_t waiting = 0;
    for (const auto& said : devices) {
        if (!is_device_code(said.device) || said.device == who) continue;
        if (const auto known = node_.device(said.device); known && !policy->devices[known->value].retired) continue;
        auto* row = put_in_tray(said.device, who, now);
        if (row == nullptr) break;
        if (row->state != tray_waiting) continue;
        ++waiting;
        if (is_device_code(said.kind) && row->times == 0 && row->kind != said.kind) {
            row->kind = said.kind;
            found_changed_.insert({said.device, who});
        }
        if (row->times == 0 && now - row->last >= seen_again_after) {
            row->door = std::string(door);
            row->last = now;
            found_changed_.insert({said.device, who});
        }
        // Some say one thing at a time: what is not said stays.
        auto& before = announced_[who][said.device];
        auto kept = before;
        kept.device = said.device;
        const auto put = [](std::string& into, const std::string& text) {
            if (!text.empty()) into = bounded(text);
        };
        put(kept.kind, said.kind);
        put(kept.name, said.name);
        put(kept.maker, said.maker);
        put(kept.product, said.product);
        put(kept.parent, said.parent);
        if (before == kept) continue;
        before = std::move(kept);
        announced_changed_.insert(who);
    }
    return waiting;
}

const ports::Announced* Upkeep::announced_of(const std::string& device, const std::string& speaker) const {
    const auto all = announced_.find(speaker);
    if (all == announced_.end()) return nullptr;
    const auto one = all->second.find(device);
    return one == all->second.end() ? nullptr : &one->second;
}

// Sealed: whoever named the channels of a recorder may have named people.
void Upkeep::keep_announced() {
    for (const auto& speaker : announced_changed_) {
        ports::MetaPut row{announced_key(speaker), encoded(announced_[speaker])};
        if (node_.vault() != nullptr) {
            auto sealed = node_.vault()->seal(owner_of(speaker), row.key, row.value);
            if (!sealed) continue;  // it is announced again
            row.value = std::move(*sealed);
        }
        pending_.emplace_back(std::move(row));
    }
    announced_changed_.clear();
}

// What cannot be read any more is announced again.
base::Result<void> Upkeep::read_announced() {
    for (const auto& [key, row] : found_) {
        if (spoken_[key.second]++ > 0) continue;
        const auto meta = announced_key(key.second);
        auto kept = reader_->meta(meta);
        if (!kept) return tl::unexpected(kept.error());
        if (!*kept) continue;
        auto plain = node_.vault() != nullptr ? node_.vault()->open(meta, **kept) : base::Result<std::string>(**kept);
        auto all = plain ? decoded(*plain) : tl::unexpected(plain.error());
        if (all) announced_[key.second] = std::move(*all);
    }
    return {};
}

// --- Asked for, taken, left --------------------------------------------------------------------------------------

std::size_t Upkeep::waiting_in_tray() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(found_, [](const auto& f) { return f.second.state == tray_waiting; }));
}

bool Upkeep::may_decide(const ports::Session& session, const std::string& speaker) const {
    const auto known = policy_->device_by_code.find(speaker);
    return may_change(session, known == policy_->device_by_code.end() ? model::PlaceId{}
                                                                      : policy_->devices[known->second.value].place);
}

base::Result<ports::Tray> Upkeep::tray(const ports::Session& session) {
    if (!may_change_anywhere(session)) return base::fail("forbidden", "your roles do not include this");
    if (node_.policy() != policy_) adopt_policy();
    ports::Tray tray;
    for (const auto& [key, row] : found_) {
        if (row.state != tray_waiting) continue;
        if (!may_decide(session, row.speaker)) continue;
        tray.waiting.push_back(row);
        if (const auto* said = announced_of(row.device, row.speaker)) tray.announced[key] = *said;
        if (const auto kind = model::parse_SignalKind(row.kind)) tray.kinds[row.device] = to_word(*kind);
    }
    std::ranges::sort(tray.waiting, [](const auto& a, const auto& b) {
        return std::tie(b.first, a.device, a.speaker) < std::tie(a.first, b.device, b.speaker);
    });
    return tray;
}

void Upkeep::finish_found(const std::string& device, std::string_view state, std::vector<ports::RecordWrite>& writes) {
    for (auto it = found_.lower_bound({device, ""}); it != found_.end() && it->first.first == device; ++it)
        finish_found(it->first, state, writes);
}

void Upkeep::finish_found(const Key& found, std::string_view state, std::vector<ports::RecordWrite>& writes) {
    auto& row = found_.at(found);
    row.state = state;
    writes.emplace_back(row);
    found_changed_.erase(found);
    const auto said = announced_.find(found.second);
    if (said != announced_.end() && said->second.erase(found.first) > 0) announced_changed_.insert(said->first);
}

void Upkeep::take_in(const ports::Session& session, ports::TakeAsked asked,
                     std::function<void(base::Result<ports::KeptDeviceWhole>)> done) {
    if (!may_change_anywhere(session)) return done(base::fail("forbidden", "your roles do not include this"));
    if (node_.policy() != policy_) adopt_policy();
    const auto found = found_.find({asked.device, asked.speaker});
    if (found == found_.end() || !may_decide(session, asked.speaker))
        return done(base::fail("unknown-device", "nobody has spoken for a device of this code", "device"));
    if (!is_device_code(asked.device))
        return done(base::fail("name-no-code", "the gateway's name for it is no code of a device", "device"));
    const auto entry = entries_.find(asked.device);
    const bool bought = entry != entries_.end() && entry->second.stage == Stage::bought;
    if (entry != entries_.end() && !bought)
        return done(base::fail("device-known", "a device of this code is there already", "device"));
    const auto kind = model::parse_SignalKind(asked.kind);
    if (!kind || *kind == model::SignalKind::platform)
        return done(base::fail("unknown-kind", "not a kind of device", "kind"));
    const auto place = policy_->place_by_code.find(asked.place);
    if (place == policy_->place_by_code.end() || policy_->places[place->second.value].retired ||
        !may_change(session, place->second))
        return done(base::fail("unknown-place", "no such place in the community directory", "place"));
    auto row = bought ? record_of(asked.device) : ports::DeviceRecordRow{};
    row.device = asked.device;
    row.kind = to_word(*kind);
    row.place = asked.place;
    if (!asked.name.empty()) row.name = asked.name;
    if (const auto* said = announced_of(asked.device, asked.speaker)) {
        if (row.name.empty()) row.name = said->name;
        if (row.maker.empty()) row.maker = said->maker;
        if (row.product.empty()) row.product = said->product;
    }
    if (is_serial_taken(row))
        return done(base::fail("serial-taken", "another device of this maker has this serial", "serial"));
    if (const auto speaker = node_.device(asked.speaker); speaker && policy_->devices[speaker->value].is_gateway)
        row.gateway = asked.speaker;
    std::vector<ports::RecordWrite> writes;
    put_record(writes, session, row, Stage::installed, {});
    change_directory([added = added_of(row)](AddedDevices& all) { all.put(added); }, std::move(writes),
                     [this, session, row, done](base::Result<void> result) {
                         if (!result) return done(tl::unexpected(result.error()));
                         finish_found(row.device, tray_taken, pending_);
                         remember(row);
                         done(device(session, row.device));
                     });
}

void Upkeep::leave(const ports::Session& session, std::string device, std::function<void(base::Result<void>)> done) {
    if (!may_change_anywhere(session)) return done(base::fail("forbidden", "your roles do not include this"));
    if (node_.policy() != policy_) adopt_policy();
    std::vector<ports::RecordWrite> writes;
    for (auto it = found_.lower_bound({device, ""}); it != found_.end() && it->first.first == device; ++it) {
        if (may_decide(session, it->first.second)) finish_found(it->first, tray_left, writes);
    }
    if (writes.empty())
        return done(base::fail("unknown-device", "nobody has spoken for a device of this code", "device"));
    writes.emplace_back(act_of(session, "device_left", "device:" + device, {}));
    node_.write_records(std::move(writes), std::move(done));
}

}  // namespace shoumen::shell

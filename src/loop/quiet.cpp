#include "loop/quiet.hpp"

#include <algorithm>

namespace shoumen::loop {
namespace {

void encode(const model::Alert& a, base::ByteWriter& out) {
    out.u64(a.id.value);
    for (const auto n : {a.rule.value, a.device.value, a.place.value, a.anchor.value}) out.varint(n);
    out.varint(a.kind.value);
    out.varint(a.cause.value);
    out.u8(static_cast<std::uint8_t>(a.severity));
    out.zigzag(a.at.us);
    out.u64(a.renews.value);
    out.boolean(a.late);
}

model::Alert decode_alert(base::ByteReader& in) {
    model::Alert a;
    a.id.value = in.u64();
    a.rule.value = static_cast<std::uint32_t>(in.varint());
    a.device.value = static_cast<std::uint32_t>(in.varint());
    a.place.value = static_cast<std::uint32_t>(in.varint());
    a.anchor.value = static_cast<std::uint32_t>(in.varint());
    a.kind.value = static_cast<std::uint32_t>(in.varint());
    a.cause.value = static_cast<std::uint32_t>(in.varint());
    a.severity = static_cast<model::Severity>(in.u8() % model::severity_count);
    a.at.us = in.zigzag();
    a.renews.value = in.u64();
    a.late = in.boolean();
    return a;
}

}  // namespace

std::vector<model::Alert> Quiet::end(model::DeviceId device, base::Time now) {
    std::vector<model::Alert> out;
    until_.erase(device);
    for (auto& alert : held_) {
        if (alert.device == device) out.push_back(alert);
    }
    std::erase_if(held_, [&](const auto& alert) { return alert.device == device; });
    for (auto& alert : out) alert.at = now;
    return out;
}

std::vector<model::Alert> Quiet::end_due(base::Time now) {
    std::vector<model::DeviceId> over;
    for (const auto& [device, until] : until_) {
        if (until <= now) over.push_back(device);
    }
    std::vector<model::Alert> out;
    for (const auto device : over) {
        for (auto& alert : end(device, now)) out.push_back(alert);
    }
    return out;
}

base::Time Quiet::next_due() const {
    base::Time next = base::Time::never();
    for (const auto& [device, until] : until_) next = std::min(next, until);
    return next;
}

void Quiet::hold_back(std::vector<model::Alert>& raised, std::vector<model::AlertCleared>& cleared) {
    if (until_.empty()) return;
    const auto held = [this](model::AlertId id) { return std::ranges::find(held_, id, &model::Alert::id); };
    for (model::Alert alert : raised) {
        if (!until_.contains(alert.device)) continue;
        if (const auto before = held(alert.renews); before != held_.end()) {
            alert.renews = before->renews;
            held_.erase(before);
        }
        held_.push_back(alert);
    }
    std::erase_if(raised, [&](const auto& alert) { return until_.contains(alert.device); });
    // What it went on from was told; its end is as well.
    std::erase_if(cleared, [&](auto& over) {
        const auto alert = held(over.id);
        if (alert == held_.end()) return false;
        over.id = alert->renews;
        held_.erase(alert);
        return !over.id.valid();
    });
}

void Quiet::encode(base::ByteWriter& out) const {
    out.varint(until_.size());
    for (const auto& [device, until] : until_) {
        out.varint(device.value);
        out.zigzag(until.us);
    }
    out.varint(held_.size());
    for (const auto& alert : held_) loop::encode(alert, out);
    // Behind them all, for bytes of before there were scenes end here.
    for (const auto& alert : held_) out.u64(alert.scene);
}

base::Result<void> Quiet::decode(base::ByteReader& in) {
    Quiet fresh;
    for (auto n = in.count(); n > 0; --n) {
        const model::DeviceId device{static_cast<std::uint32_t>(in.varint())};
        fresh.until_[device] = {in.zigzag()};
    }
    for (auto n = in.count(); n > 0; --n) fresh.held_.push_back(decode_alert(in));
    if (!in.at_end()) {
        for (auto& alert : fresh.held_) alert.scene = in.u64();
    }
    if (!in.ok())
        return base::fail("data-damaged", "the snapshot of quiet devices is cut short; restore it from a backup");
    *this = std::move(fresh);
    return {};
}

}  // namespace shoumen::loop

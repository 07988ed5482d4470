#include "model/input.hpp"

#include "model/effects.hpp"

#include "fields.hpp"

namespace shoumen::model {
namespace {

// 2: a command's verdict. Batches of form 1 are read: nothing in them is one.
constexpr std::uint8_t form = 2;

// The claimed time as difference to receipt: small for a device whose clock is right.
void put_claimed(base::ByteWriter& out, base::Time claimed, base::Time received) {
    out.boolean(claimed.is_set());
    if (claimed.is_set()) out.zigzag(claimed.us - received.us);
}

void put_signal(base::ByteWriter& out, const Batch& batch, const Signal& s, base::Time received) {
    out.varint(s.device.value);
    put(out, s.kind);
    out.u64(s.message);
    put_claimed(out, s.claimed, received);
    out.varint(s.value_count);
    for (std::size_t i = 0; i < s.value_count; ++i) {
        const Value& v = batch.values[s.values_begin + i];
        out.varint(v.field.value);
        put(out, v.type);
        switch (v.type) {
            case ValueType::boolean:
                out.boolean(v.number != 0);
                break;
            case ValueType::number:
                out.real(v.number);
                break;
            case ValueType::symbol:
            case ValueType::text:
                out.varint(v.index);
                break;
        }
    }
    out.varint(s.other_count);
    for (std::size_t i = 0; i < s.other_count; ++i) {
        const OtherValue& v = batch.others[s.others_begin + i];
        out.text(v.name);
        put(out, v.type);
        if (v.type == ValueType::text) {
            out.varint(v.text_position);
        } else {
            out.real(v.number);
        }
    }
}

bool get_value(base::ByteReader& in, Value& v, std::size_t texts) {
    v.field = FieldId{static_cast<std::uint32_t>(in.varint())};
    get(in, v.type);
    switch (v.type) {
        case ValueType::boolean:
            v.number = in.boolean() ? 1.0 : 0.0;
            return true;
        case ValueType::number:
            v.number = in.real();
            return true;
        case ValueType::symbol:
            v.index = in.varint();
            return true;
        case ValueType::text:
            v.index = in.varint();
            return v.index < texts;
    }
    return false;
}

bool get_signal(base::ByteReader& in, Batch& out, base::Time received) {
    Signal s;
    s.device = DeviceId{static_cast<std::uint32_t>(in.varint())};
    get(in, s.kind);
    s.message = in.u64();
    if (in.boolean()) s.claimed = base::Time{received.us + in.zigzag()};
    const std::uint64_t values = in.varint();
    if (static_cast<std::size_t>(s.kind) >= signal_kind_count || values > max_values_per_signal) return false;
    s.value_count = static_cast<std::uint8_t>(values);
    s.values_begin = static_cast<std::uint32_t>(out.values.size());
    for (std::uint64_t i = 0; i < values; ++i) {
        if (!get_value(in, out.values.emplace_back(), out.texts.size())) return false;
    }
    const std::uint64_t others = in.varint();
    if (others > max_values_per_signal) return false;
    s.other_count = static_cast<std::uint8_t>(others);
    s.others_begin = static_cast<std::uint32_t>(out.others.size());
    for (std::uint64_t i = 0; i < others; ++i) {
        OtherValue& v = out.others.emplace_back();
        get(in, v.name);
        get(in, v.type);
        if (v.type == ValueType::text) {
            v.text_position = in.varint();
            if (v.text_position >= out.texts.size()) return false;
        } else {
            v.number = in.real();
        }
    }
    out.signals.push_back(s);
    return in.ok();
}

template <class IO, class C>
void command_fields(IO io, C& c) {
    io(c.action, c.incident, c.actor.person, c.actor.roles.bits, c.actor.bodies, c.request, c.body, c.other, c.kind,
       c.place, c.severity);
    io(c.text, c.text_hash, c.evidence, c.phase, c.taken);
    if (io.form >= 2) io(c.verdict, c.alert);
}

void put_body(base::ByteWriter& out, const Batch& batch, const InputHead& head) {
    switch (head.type) {
        case InputType::signal:
            put_signal(out, batch, batch.signals[head.index], head.received);
            break;
        case InputType::command:
            command_fields(Writing{out, form}, batch.commands[head.index]);
            break;
        case InputType::timer:
            break;
        case InputType::policy:
            Writing{out}(batch.policies[head.index].version, batch.policies[head.index].digest);
            break;
        case InputType::record:
            Writing{out}(batch.records[head.index].subject, batch.records[head.index].record);
            break;
    }
}

template <class List>
std::uint32_t last_index(const List& list) {
    return static_cast<std::uint32_t>(list.size() - 1);
}

bool get_body(base::ByteReader& in, Batch& out, InputHead& head, std::uint8_t written) {
    switch (head.type) {
        case InputType::signal:
            if (!get_signal(in, out, head.received)) return false;
            head.index = last_index(out.signals);
            return true;
        case InputType::command:
            command_fields(Reading{in, written}, out.commands.emplace_back());
            head.index = last_index(out.commands);
            return static_cast<std::size_t>(out.commands.back().action) < action_count &&
                   static_cast<std::size_t>(out.commands.back().verdict) < verdict_count;
        case InputType::timer:
            return true;
        case InputType::policy: {
            auto& p = out.policies.emplace_back();
            Reading{in}(p.version, p.digest);
            head.index = last_index(out.policies);
            return true;
        }
        case InputType::record: {
            auto& r = out.records.emplace_back();
            Reading{in}(r.subject, r.record);
            head.index = last_index(out.records);
            return true;
        }
    }
    return false;
}

}  // namespace

void Batch::clear() {
    inputs.clear();
    signals.clear();
    values.clear();
    others.clear();
    texts.clear();
    commands.clear();
    policies.clear();
    records.clear();
    first_seq = 0;
    prev_hash = {};
}

void encode(const Batch& batch, base::ByteWriter& out) {
    out.u8(form);
    out.varint(batch.shard);
    out.varint(batch.first_seq);
    out.varint(batch.inputs.size());
    put(out, batch.prev_hash);
    out.varint(batch.texts.size());
    for (const TextMark& t : batch.texts) {
        put(out, t.handle);
        put(out, t.salted_hash);
    }
    base::Time before{0};
    for (const InputHead& head : batch.inputs) {
        put(out, head.type);
        out.zigzag(head.received.us - before.us);
        before = head.received;
        put_body(out, batch, head);
    }
}

base::Result<void> decode_batch(std::string_view bytes, Batch& out) {
    out.clear();
    base::ByteReader in(bytes);
    const std::uint8_t written = in.u8();
    if (written < 1 || written > form)
        return base::fail("bad-batch", "a batch of the log has a form this program does not know");
    out.shard = static_cast<std::uint32_t>(in.varint());
    out.first_seq = in.varint();
    const std::size_t n = in.count();
    get(in, out.prev_hash);
    const std::size_t texts = in.count();
    for (std::size_t i = 0; i < texts && in.ok(); ++i) {
        TextMark& t = out.texts.emplace_back();
        get(in, t.handle);
        get(in, t.salted_hash);
    }
    base::Time before{0};
    for (std::size_t i = 0; i < n; ++i) {
        InputHead head;
        get(in, head.type);
        head.received = base::Time{before.us + in.zigzag()};
        before = head.received;
        if (!in.ok() || !get_body(in, out, head, written) || !in.ok())
            return base::fail("bad-batch", "a batch of the log is damaged");
        out.inputs.push_back(head);
    }
    if (!in.ok() || !in.at_end()) return base::fail("bad-batch", "a batch of the log is damaged");
    return {};
}

void Effects::clear() {
    alerts.clear();
    cleared.clear();
    changed.clear();
    events.clear();
    notices.clear();
    results.clear();
    counts = {};
}

}  // namespace shoumen::model

// Canonical bytes of a policy: the order of fields is written once and serves writing and reading.
#include "model/policy.hpp"

#include "fields.hpp"

namespace shoumen::model {
namespace {

// 3: severity on timers, classes of days with their calendar, whose a device is, flat batteries. 4: storeys, and how
// far a cause reaches. 5: the access list. 6: rules of accounts, rows that are opened, how long things are kept. 7:
// maps of XML and bytes, their cases. 8: precision of rules. Rows since form 2 are read; what they do not know is as if
// not said.
constexpr std::uint8_t form = 8;
constexpr std::uint8_t oldest_form = 2;

// In one class, so that a list of rules may hold lists of conditions whatever the order they stand in.
struct Form {
    template <class IO, class T>
    static void optional_field(IO& io, T& value) {
        bool present = value.has_value();
        io(present);
        if (!present) return;
        if constexpr (!std::is_const_v<std::remove_reference_t<T>>) {
            if (!value) value.emplace();
        }
        fields_of(io, *value);
    }

    template <class IO, class V>
    static void value_fields(IO& io, V& v) {
        io(v.field, v.type, v.index);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Condition>
    static void fields_of(IO& io, T& c) {
        io(c.field, c.compare);
        value_fields(io, c.value);
        io(c.negated, c.or_next);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Event>
    static void fields_of(IO& io, T& e) {
        io(e.kinds);
        list_field(io, e.where);
        io(e.at_least, e.absent);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Schedule>
    static void fields_of(IO& io, T& s) {
        io(s.from_minute, s.to_minute, s.weekdays);
        if (io.form >= 3) io(s.day_classes);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Role>
    static void fields_of(IO& io, T& r) {
        io(r);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Coordinates>
    static void fields_of(IO& io, T& c) {
        auto latitude = std::bit_cast<std::uint64_t>(c.latitude_deg);
        auto longitude = std::bit_cast<std::uint64_t>(c.longitude_deg);
        io(latitude, longitude);
        if constexpr (!std::is_const_v<T>) c = {std::bit_cast<double>(latitude), std::bit_cast<double>(longitude)};
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Place>
    static void fields_of(IO& io, T& p) {
        io(p.code, p.name, p.parent, p.level, p.use);
        optional_field(io, p.at);
        io(p.estate_type, p.retired);
        if (io.form >= 4) optional_field(io, p.storey);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Grid>
    static void fields_of(IO& io, T& g) {
        io(g.code, g.name, g.places, g.retired);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Body>
    static void fields_of(IO& io, T& b) {
        io(b.code, b.name, b.role, b.places, b.grids, b.retired);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Duty>
    static void fields_of(IO& io, T& d) {
        io(d.body, d.person, d.channels);
        fields_of(io, d.hours);
        io(d.from, d.to, d.line);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Device>
    static void fields_of(IO& io, T& d) {
        io(d.code, d.kind, d.name, d.place, d.gateway, d.is_gateway, d.retired);
        if (io.form >= 3) io(d.person);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, IncidentKind>
    static void fields_of(IO& io, T& k) {
        io(k.code, k.name, k.retired);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MatrixRow>
    static void fields_of(IO& io, T& m) {
        io(m.line, m.kinds, m.places, m.severities, m.any_hour);
        fields_of(io, m.hours);
        optional_field(io, m.lead);
        io(m.assist, m.acknowledge, m.arrive, m.close);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, AccessRow>
    static void fields_of(IO& io, T& r) {
        io(r.line, r.name, r.roles.bits, r.purpose, r.items.bits, r.reach, r.uses, r.live_only, r.sight, r.lasts);
        if (io.form >= 6) io(r.opened);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, SignOnRule>
    static void fields_of(IO& io, T& r) {
        io(r.claim, r.value, r.roles.bits, r.bodies);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, LadderRung>
    static void fields_of(IO& io, T& r) {
        io(r.level, r.role);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Rule>
    static void fields_of(IO& io, T& r) {
        io(r.id, r.code, r.name, r.line, r.file, r.identity, r.kinds, r.within_places, r.only_devices, r.key);
        list_field(io, r.where);
        io(r.op);
        fields_of(io, r.raise);
        optional_field(io, r.clear);
        io(r.hold, r.repeat, r.at_least, r.within, r.link);
        list_field(io, r.events);
        optional_field(io, r.unless);
        optional_field(io, r.during);
        io(r.cooldown, r.auto_clear, r.incident, r.cause, r.severity, r.join, r.retired);
        if (io.form < 3) return;
        list_field(io, r.rise);
        optional_field(io, r.fall);
        list_field(io, r.flat);
        if (io.form >= 4) io(r.parted_by_silent_floor);
        if (io.form >= 8) optional_field(io, r.precision);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, std::int32_t>
    static void fields_of(IO& io, T& number) {
        io(number);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Precision>
    static void fields_of(IO& io, T& p) {
        io(p.target, p.quiet_below, p.scene, p.look_within);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, SeverityStep>
    static void fields_of(IO& io, T& s) {
        io(s.after, s.to);
    }

    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapPair>
    static void fields_of(IO& io, T& p) {
        io(p.from, p.to);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapMeaning>
    static void fields_of(IO& io, T& m) {
        io(m.field, m.text, m.value);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, double>
    static void fields_of(IO& io, T& number) {
        auto bits = std::bit_cast<std::uint64_t>(number);
        io(bits);
        if constexpr (!std::is_const_v<T>) number = std::bit_cast<double>(bits);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, std::int16_t>
    static void fields_of(IO& io, T& number) {
        std::int32_t wide = number;
        io(wide);
        if constexpr (!std::is_const_v<T>) number = static_cast<std::int16_t>(wide);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapCondition>
    static void fields_of(IO& io, T& c) {
        io(c.path, c.texts);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapNamed>
    static void fields_of(IO& io, T& n) {
        io(n.each, n.name, n.value);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapAnyOf>
    static void fields_of(IO& io, T& a) {
        io(a.name, a.of);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapInList>
    static void fields_of(IO& io, T& l) {
        io(l.name, l.list, l.item);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapScale>
    static void fields_of(IO& io, T& s) {
        io(s.field);
        fields_of(io, s.times);
        fields_of(io, s.plus);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapByteField>
    static void fields_of(IO& io, T& f) {
        io(f.name, f.at, f.number, f.bits_from, f.bits);
        fields_of(io, f.times);
        fields_of(io, f.plus);
        optional_field(io, f.unset);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapRecord>
    static void fields_of(IO& io, T& r) {
        list_field(io, r.tag);
        io(r.length);
        list_field(io, r.fields);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapBytes>
    static void fields_of(IO& io, T& b) {
        list_field(io, b.when);
        io(b.path, b.encoding);
        list_field(io, b.fields);
        io(b.skip, b.length_follows);
        list_field(io, b.records);
    }
    // What form 7 brought.
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapReading>
    static void fields_of(IO& io, T& r) {
        list_field(io, r.scales);
        list_field(io, r.named);
        list_field(io, r.lists);
        list_field(io, r.bytes);
        list_field(io, r.set);
        list_field(io, r.any);
    }
    template <class IO, class T>
    static void first_reading_fields(IO& io, T& r) {
        list_field(io, r.fields);
        list_field(io, r.rename);
        io(r.leave);
        list_field(io, r.meanings);
        list_field(io, r.kinds);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapCase>
    static void fields_of(IO& io, T& c) {
        io(c.line, c.reading.ignored);
        list_field(io, c.when);
        first_reading_fields(io, c.reading);
        fields_of(io, c.reading);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, MapTopic>
    static void fields_of(IO& io, T& t) {
        io(t.line, t.levels, t.reading.ignored, t.device, t.device_path, t.id, t.time, t.time_in_seconds, t.values);
        first_reading_fields(io, t.reading);
        io(t.plain);
        if (io.form < 7) return;
        io(t.form, t.inner, t.each, t.same, t.evidence, t.nested);
        optional_field(io, t.offset_min);
        fields_of(io, t.reading);
        list_field(io, t.cases);
    }
    template <class IO, class T>
        requires std::is_same_v<std::remove_const_t<T>, Map>
    static void fields_of(IO& io, T& m) {
        io(m.code, m.file, m.token_as_user);
        list_field(io, m.topics);
        list_field(io, m.devices);
    }

    template <class T>
    static void list_field(Writing& io, const std::vector<T>& list) {
        io(static_cast<std::uint64_t>(list.size()));
        for (const auto& x : list) fields_of(io, x);
    }
    template <class T>
    static void list_field(Reading& io, std::vector<T>& list) {
        const std::size_t n = io.in.count();
        for (std::size_t i = 0; i < n && io.in.ok(); ++i) fields_of(io, list.emplace_back());
    }

    static void zone_fields(Writing& io, const base::Zone& zone) {
        io(zone.name(), static_cast<std::uint64_t>(zone.changes().size()));
        for (const auto& c : zone.changes()) {
            io(c.from);
            io.out.zigzag(c.offset_s);
        }
    }
    static void zone_fields(Reading& io, base::Zone& zone) {
        std::string name;
        io(name);
        std::vector<base::Zone::Change> changes;
        const std::size_t n = io.in.count();
        for (std::size_t i = 0; i < n && io.in.ok(); ++i) {
            auto& c = changes.emplace_back();
            io(c.from);
            c.offset_s = static_cast<std::int32_t>(io.in.zigzag());
        }
        zone = base::Zone(std::move(name), std::move(changes));
    }

    template <class IO, class P>
    static void policy_fields(IO& io, P& p) {
        io(p.version, p.digest, p.community, p.community_name);
        zone_fields(io, p.zone);
        io(p.root);
        list_field(io, p.places);
        list_field(io, p.grids);
        list_field(io, p.bodies);
        list_field(io, p.duty);
        list_field(io, p.devices);
        io(p.fields, p.symbols, p.causes);
        list_field(io, p.incident_kinds);
        list_field(io, p.rules);
        list_field(io, p.matrix);
        list_field(io, p.ladder.rungs);
        for (auto& c : p.ladder.climb) io(c);
        list_field(io, p.maps);
        if (io.form < 3) return;
        io(p.persons, p.calendar.years, p.calendar.off, p.calendar.worked);
        if (io.form >= 5) list_field(io, p.access);
        if (io.form < 6) return;
        io(p.accounts.second_step.bits, p.accounts.by_phone.bits);
        list_field(io, p.accounts.sign_on);
        for (auto& span : p.retention.spans) io(span);
    }
};

template <class Id, class List>
bool in_range(Id id, const List& list) {
    return !id.valid() || id.value < list.size();
}

template <class Ids, class List>
bool all_in_range(const Ids& ids, const List& list) {
    for (const auto id : ids) {
        if (!id.valid() || id.value >= list.size()) return false;
    }
    return true;
}

// The bytes may come from a damaged disk: every index must point somewhere, and every parent before its tree ends.
bool sound(const Policy& p) {
    for (const auto& x : p.places) {
        if (!in_range(x.parent, p.places)) return false;
        if (x.parent.valid() && p.places[x.parent.value].level >= x.level) return false;
    }
    for (const auto& g : p.grids) {
        if (!all_in_range(g.places, p.places)) return false;
    }
    for (const auto& b : p.bodies) {
        if (!all_in_range(b.places, p.places) || !all_in_range(b.grids, p.grids)) return false;
    }
    for (const auto& d : p.duty) {
        if (!d.body.valid() || !in_range(d.body, p.bodies)) return false;
    }
    for (const auto& d : p.devices) {
        if (!d.place.valid() || !in_range(d.place, p.places) || !in_range(d.gateway, p.devices)) return false;
        if (!in_range(d.person, p.persons)) return false;
    }
    for (const auto& r : p.rules) {
        if (!all_in_range(r.within_places, p.places) || !all_in_range(r.only_devices, p.devices)) return false;
        if (!in_range(r.incident, p.incident_kinds) || !in_range(r.cause, p.causes)) return false;
    }
    return in_range(p.root, p.places);
}

}  // namespace

void encode(const Policy& policy, base::ByteWriter& out) {
    out.u8(form);
    Writing io{out, form};
    Form::policy_fields(io, policy);
}

base::Result<Policy> decode_policy(std::string_view bytes) {
    base::ByteReader in(bytes);
    const std::uint8_t written = in.u8();
    if (written < oldest_form || written > form)
        return base::fail("bad-row", "a policy row has a form this program does not know");
    Policy policy;
    Reading io{in, written};
    Form::policy_fields(io, policy);
    if (!in.ok() || !in.at_end() || !sound(policy)) return base::fail("bad-row", "a policy row is damaged");
    // Before there was a list in the directory, the one as shipped held.
    if (written < 5) policy.access.assign(default_access().begin(), default_access().end());
    policy.index();
    return policy;
}

}  // namespace shoumen::model

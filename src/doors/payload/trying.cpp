#include "doors/payload/trying.hpp"

#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace shoumen::doors {

namespace json = boost::json;

namespace {

json::value value_of(const model::FlatValue& flat) {
    if (const auto* b = std::get_if<bool>(&flat.value)) return *b;
    if (const auto* d = std::get_if<double>(&flat.value)) {
        const bool whole = std::nearbyint(*d) == *d && std::abs(*d) < 9e15;
        return whole ? json::value(static_cast<std::int64_t>(*d)) : json::value(*d);
    }
    if (const auto* s = std::get_if<std::string_view>(&flat.value)) return json::string(*s);
    return nullptr;
}

json::object object_of(const model::FlatSignal& signal, std::uint32_t case_line) {
    json::object out{{"device", signal.device}};
    if (!signal.kind.empty()) out["kind"] = signal.kind;
    if (!signal.id.empty()) out["id"] = signal.id;
    if (!signal.time.empty()) out["time"] = signal.time;
    if (!signal.evidence.empty()) out["evidence"] = signal.evidence;
    json::object values;
    for (const model::FlatValue& v : signal.values) values[v.name] = value_of(v);
    out["values"] = std::move(values);
    if (case_line != 0) out["case"] = case_line;
    return out;
}

json::object object_of(const base::Error& e) {
    json::object out{{"code", e.code}, {"message", e.message}};
    if (!e.where.empty()) out["field"] = e.where;
    return out;
}

}  // namespace

json::object try_maps(const std::vector<model::Map>& maps, std::string_view topic, std::string_view own,
                      std::string_view payload, MappedReader& reader) {
    json::object out;
    const auto fit = fitting(maps, topic);
    if (!fit) {
        out["error"] = object_of({"unknown-topic", "no topic entry of the maps fits this topic", ""});
        return out;
    }
    out["map"] = fit->map->code;
    out["entry"] = fmt::format("{}:{}", fit->map->file, fit->topic->line);
    const auto count = reader.read(*fit, own, payload);
    if (!count) {
        out["error"] = object_of(count.error());
        return out;
    }
    if (*count == 0) {
        out["ignored"] = true;
        return out;
    }
    json::array signals;
    for (std::size_t i = 0; i < *count; ++i) {
        const auto signal = reader.signal(i);
        if (!signal) {
            out["error"] = object_of(signal.error());
            return out;
        }
        signals.push_back(object_of(*signal, reader.case_line(i)));
    }
    out["signals"] = std::move(signals);
    return out;
}

}  // namespace shoumen::doors

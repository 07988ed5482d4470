// The identifiers of the field's things. Persons are opaque codes ("p-101"): who that is stands outside the core, in
// erasable records.
#pragma once
#include <compare>
#include <string>

#include "base/ids.hpp"

namespace shoumen::model {

using PlaceId = base::IndexId<struct PlaceTag>;
using DeviceId = base::IndexId<struct DeviceTag>;
using GridId = base::IndexId<struct GridTag>;
using BodyId = base::IndexId<struct BodyTag>;
using RuleId = base::IndexId<struct RuleTag>;
using IncidentKindId = base::IndexId<struct IncidentKindTag>;
using CauseId = base::IndexId<struct CauseTag>;
using FieldId = base::IndexId<struct FieldTag>;      // name of a value a device sends
using SymbolId = base::IndexId<struct SymbolTag>;    // an enumerated text value ("emergency")
using WatchedId = base::IndexId<struct WatchedTag>;  // a person some devices belong to, by an opaque code

using AlertId = base::EventId<struct AlertTag>;
using IncidentId = base::EventId<struct IncidentTag>;
using NoticeId = base::EventId<struct NoticeTag>;
// A random number that stands for a piece of free text or a file kept outside the log, so that it can be erased.
using Handle = base::EventId<struct HandleTag>;

struct Person {
    std::string code;  // 1–64 of [A-Za-z0-9._-]; empty: nobody
    [[nodiscard]] bool valid() const { return !code.empty(); }
    auto operator<=>(const Person&) const = default;
};

// Text in the two languages of the product.
struct Names {
    std::string zh;
    std::string en;
    bool operator==(const Names&) const = default;
};

}  // namespace shoumen::model

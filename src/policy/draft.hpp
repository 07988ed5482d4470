// The policy while it is being made, and the numbers of its things.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "model/coverage.hpp"
#include "model/policy.hpp"

#include "reader.hpp"

namespace shoumen::policy {

// Things with a code. Each keeps the number it had in the policy before; a new one takes the next; what is not declared
// this time stays, retired.
template <class T, class Id>
class Numbers {
public:
    struct Entry {
        Id id;
        std::uint32_t line = 0;
    };
    using Declared = std::unordered_map<std::string, Entry, model::Policy::TextHash, std::equal_to<>>;

    explicit Numbers(std::vector<T>& list) : list_(list) {}

    void keep(const std::vector<T>& earlier) {
        list_ = earlier;
        for (std::size_t i = 0; i < list_.size(); ++i) {
            list_[i].retired = true;
            earlier_.emplace(list_[i].code, Id{i});
        }
    }

    // Invalid, and reported, when the code is taken.
    Id declare(const Source& source, std::string_view what, const std::string& code, std::uint32_t line) {
        if (const auto at = declared_.find(code); at != declared_.end()) {
            source.at(line, "doubled-code",
                      fmt::format("the {} {} is already declared at line {}: give each its own code", what, quote(code),
                                  at->second.line));
            return Id{};
        }
        const auto kept = earlier_.find(code);
        const Id id = kept == earlier_.end() ? Id{list_.size()} : kept->second;
        if (kept == earlier_.end()) list_.emplace_back();
        list_[id.value] = T{};
        list_[id.value].code = code;
        declared_.emplace(code, Entry{id, line});
        return id;
    }

    [[nodiscard]] const Entry* find(std::string_view code) const {
        const auto at = declared_.find(code);
        return at == declared_.end() ? nullptr : &at->second;
    }

    // The thing a value names; reported when there is none.
    std::optional<Id> resolve(const Source& source, std::string_view what, const Node& node) const {
        const auto code = read_text(source, node, what);
        if (!code) return std::nullopt;
        if (const Entry* entry = find(*code)) return entry->id;
        // Without the file that declares them every name would be unknown: one finding there is enough.
        if (complete_)
            source.at(node.line, fmt::format("unknown-{}", what),
                      fmt::format("no {} has the code {}{}", what, quote(*code),
                                  source.report.suggest(*code, declared_,
                                                        [](const auto& d) -> std::string_view { return d.first; })));
        return std::nullopt;
    }

    // One or several, each once.
    std::vector<Id> resolve_all(const Source& source, std::string_view what, const Node& node) const {
        std::vector<Id> ids;
        std::vector<bool> seen(list_.size());
        for (const Node* item : values_of(source, node, what)) {
            const auto id = resolve(source, what, *item);
            if (!id) continue;
            if (seen[id->value])
                source.at(item->line, "doubled-item", fmt::format("{} stands twice in this list", quote(item->text)));
            else
                ids.push_back(*id);
            seen[id->value] = true;
        }
        return ids;
    }

    [[nodiscard]] std::size_t size() const { return list_.size(); }
    T& operator[](Id id) { return list_[id.value]; }
    const T& operator[](Id id) const { return list_[id.value]; }
    [[nodiscard]] const std::vector<T>& all() const { return list_; }
    void set_complete() { complete_ = true; }  // all that will be declared has been

private:
    std::vector<T>& list_;
    model::Policy::Names_to<Id> earlier_;
    Declared declared_;
    bool complete_ = false;
};

struct Draft {
    Draft(const Files& files, const model::Policy* before, std::uint64_t version);

    const Files& files;
    Report report;
    model::Policy policy;
    model::Coverage coverage;
    Numbers<model::Place, model::PlaceId> places{policy.places};
    Numbers<model::Grid, model::GridId> grids{policy.grids};
    Numbers<model::Body, model::BodyId> bodies{policy.bodies};
    Numbers<model::Device, model::DeviceId> devices{policy.devices};
    Numbers<model::IncidentKind, model::IncidentKindId> incidents{policy.incident_kinds};

    [[nodiscard]] Source source(std::string_view file) { return {file, report}; }
    // The tree of a file; nothing, reported, when it is missing or cannot be read.
    std::optional<Node> tree(const std::string& file);

    model::FieldId field(std::string_view name);
    model::SymbolId symbol(std::string_view word);
    model::CauseId cause(std::string_view name);
    model::WatchedId person(std::string_view code);
    // As read_days(); classes of days ask the calendar, so there must be one.
    void days(const Source& source, const Node& node, model::Schedule& into);

private:
    model::Policy::Names_to<model::WatchedId> person_by_code_;
};

// Each reads its file, reports what is wrong with it and adds the rest to the draft. In this order: later files name
// what earlier ones declare.
void read_community(Draft& draft);  // community.yaml but for its places
void read_places(Draft& draft, const Source& source, const Fields& community);
void read_calendar(Draft& draft);
void read_devices(Draft& draft);
void read_duty(Draft& draft);
void read_matrix(Draft& draft);
void read_ladder(Draft& draft);
void read_rules(Draft& draft);
void read_maps(Draft& draft);
void read_access(Draft& draft);
void read_retention(Draft& draft);
void read_accounts(Draft& draft);
void read_coverage(Draft& draft);

// Offsets of an IANA time zone from 1970 to 2100, as far as the system lists them; nothing when it does not know the
// zone.
std::optional<base::Zone> make_zone(const std::string& name);

// Of a rule that has been read: it says what may be doubted at all.
std::optional<model::Precision> read_precision(Draft& draft, const Source& source, const Node& node,
                                               const model::Rule& rule);

// What a rule does, by codes: the same for two policies that number things differently.
base::Digest identity_of(const model::Policy& policy, const model::Rule& rule);

}  // namespace shoumen::policy

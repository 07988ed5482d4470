// access.yaml: who may see or change what. A community without it has the list as shipped (model/access.hpp).
#include <algorithm>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

using model::AccessRow;
using model::Item;
using model::Reach;
using model::Sight;

constexpr std::string_view file = "access.yaml";
constexpr std::array asked_for{Item::name, Item::phone, Item::id_number, Item::health};
constexpr std::array changed_by_somebody{Item::accounts, Item::policy, Item::tokens};

bool is_any(const Node& node) { return node.is(Node::Type::text) && node.text == "*"; }

class RowReader {
public:
    RowReader(Draft& draft, const Source& source, const Node& node)
        : draft_(draft),
          source_(source),
          fields_(source, node, "row",
                  {"roles", "purpose", "items", "reach", "place", "while", "sight", "lasts", "name"}) {}

    void read() {
        if (!fields_.is_map()) return;
        row_.line = fields_.line();
        read_who();
        read_what();
        read_how_far();
        read_how_long();
        draft_.policy.access.push_back(row_);
    }

private:
    void read_who() {
        const Node* roles = fields_.need("roles");
        if (!roles || is_any(*roles)) return;
        for (const auto role : read_words<model::Role>(source_, *roles, "role", SHOUMEN_READ(Role)))
            row_.roles.add(role);
    }

    void read_what() {
        if (const Node* purpose = fields_.need("purpose"))
            row_.purpose =
                read_word<model::Purpose>(source_, *purpose, "purpose", SHOUMEN_READ(Purpose)).value_or(row_.purpose);
        if (const Node* items = fields_.need("items")) {
            for (const auto item : read_words<Item>(source_, *items, "item", SHOUMEN_READ(Item))) row_.items.add(item);
        }
        if (const Node* sight = fields_.need("sight"))
            row_.sight = read_word<Sight>(source_, *sight, "sight", SHOUMEN_READ(Sight)).value_or(row_.sight);
    }

    void read_how_far() {
        if (const Node* reach = fields_.need("reach"))
            row_.reach = read_word<Reach>(source_, *reach, "reach", SHOUMEN_READ(Reach)).value_or(row_.reach);
        if (const Node* uses = fields_.find("place")) {
            for (const auto use : read_words<model::PlaceUse>(source_, *uses, "use of a place", SHOUMEN_READ(PlaceUse)))
                row_.uses |= 1U << static_cast<unsigned>(use);
        }
        if (const Node* name = fields_.find("name"))
            row_.name = std::string(read_text(source_, *name, "name").value_or(""));
        if (row_.roles.bits == 0 && row_.reach != Reach::own)
            source_.at(row_.line, "access-anybody",
                       "\"*\" is everybody who is signed in: only what is their own (reach: own) may be theirs; name "
                       "roles");
        if (row_.reach == Reach::beyond && row_.name.empty())
            source_.at(row_.line, "access-unnamed",
                       "what lies outside one's own places is shared by a rule that has a name: add name, such as the "
                       "agreement it rests on");
    }

    void read_how_long() {
        if (const Node* when = fields_.find("while")) {
            const auto word = read_text(source_, *when, "while");
            row_.live_only = word == "live";
            row_.opened = word == "opened";
            if (word && !row_.live_only && !row_.opened)
                source_.at(when->line, "unknown-word",
                           "'while' knows live, while the incident goes on, and opened, while somebody has opened a "
                           "wider sight with a reason");
        }
        const Node* lasts = fields_.find("lasts");
        if (lasts)
            row_.lasts =
                read_duration(source_, *lasts, "lasts", base::minutes(1), base::hours(12)).value_or(base::minutes(1));
        if ((row_.sight == Sight::ask || row_.opened) != (lasts != nullptr))
            source_.at(row_.line, "access-lasts",
                       "what is shown when asked for, or opened, is shown for a time: sight ask, or while opened, and "
                       "lasts stand together");
        if (row_.opened && (row_.roles.bits == 0 || row_.sight == Sight::change))
            source_.at(row_.line, "access-opened",
                       "a wider sight is opened by somebody with a role, to see and not to change: name roles, and a "
                       "sight other than change");
    }

    Draft& draft_;
    const Source& source_;
    Fields fields_;
    AccessRow row_;
};

// Names, numbers and health are never simply on the screen of somebody else.
void check_width(const Source& source, const AccessRow& row) {
    if (row.sight < Sight::clear || row.reach == Reach::own || row.opened) return;  // opened: with a reason
    for (const Item item : asked_for) {
        if (row.items.has(item))
            source.at(row.line, "access-too-wide",
                      fmt::format("{} of others is shown only when asked for: write sight ask with lasts",
                                  model::to_word(item)));
    }
}

bool covers(const AccessRow& wide, const AccessRow& row, model::Role role, Item item) {
    return (wide.roles.bits == 0 || wide.roles.has(role)) && wide.items.has(item) && wide.sight >= row.sight &&
           (wide.reach == row.reach ||
            (wide.reach >= Reach::place && wide.reach >= row.reach && row.reach != Reach::own)) &&
           (wide.uses == 0 || (row.uses != 0 && (row.uses & ~wide.uses) == 0)) && (!wide.live_only || row.live_only) &&
           wide.opened == row.opened && wide.purpose == row.purpose;
}

// A row that says nothing the rows before it have not said hides a slip.
void check_idle(const Source& source, const std::vector<AccessRow>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const AccessRow& row = rows[i];
        bool adds = row.roles.bits == 0 || row.items.bits == 0;
        for (unsigned r = 0; r < model::role_count && !adds; ++r) {
            if (!row.roles.has(static_cast<model::Role>(r))) continue;
            for (unsigned k = 0; k < model::item_count && !adds; ++k) {
                const auto item = static_cast<Item>(k);
                if (!row.items.has(item)) continue;
                adds = std::none_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& wide) {
                    return covers(wide, row, static_cast<model::Role>(r), item);
                });
            }
        }
        if (!adds)
            source.at(row.line, "access-idle",
                      "the rows before it allow all of this already: take it out, or correct what was meant");
    }
}

void check_gaps(const Source& source, const std::vector<AccessRow>& rows) {
    const auto somebody = [&](Item item, Sight least) {
        return std::ranges::any_of(rows, [&](const AccessRow& row) {
            return row.roles.bits != 0 && !row.opened && row.items.has(item) && row.sight >= least &&
                   row.reach >= Reach::place;
        });
    };
    for (const Item item : changed_by_somebody) {
        if (!somebody(item, Sight::change))
            source.at(
                1, "access-gap",
                fmt::format("nobody may change {}: add a row with sight change and reach place", model::to_word(item)));
    }
    if (!somebody(Item::incidents, Sight::clear))
        source.at(1, "access-gap", "nobody sees incidents: add a row with sight clear and reach place");
}

}  // namespace

void read_access(Draft& draft) {
    auto& rows = draft.policy.access;
    if (!draft.files.contains(std::string(file))) {
        rows.assign(model::default_access().begin(), model::default_access().end());
        return;
    }
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"access"});
    const Node* list = fields.is_map() ? fields.need("access") : nullptr;
    if (!list) return;
    const bool clean = draft.report.empty();
    for (const Node* item : items_of(source, *list, "access")) RowReader(draft, source, *item).read();
    for (const AccessRow& row : rows) check_width(source, row);
    if (!clean || !draft.report.empty()) return;  // what could not be read would look like a gap
    check_idle(source, rows);
    check_gaps(source, rows);
}

}  // namespace shoumen::policy

// accounts.yaml: what accounts must do, and what they may beyond their roles. A community without it asks for nothing.
#include <array>

#include "draft.hpp"

namespace shoumen::policy {

namespace {

model::RoleSet roles_in(const Source& source, const Node& node) {
    model::RoleSet out;
    for (const auto role : read_words<model::Role>(source, node, "role", SHOUMEN_READ(Role))) out.add(role);
    return out;
}

// Who comes from outside is given roles here without anybody looking: never those that rule the platform.
constexpr std::array never_by_rule{model::Role::administrator, model::Role::auditor};

void read_sign_on(Draft& draft, const Source& source, const Node& item) {
    const Fields fields(source, item, "rule", {"claim", "value", "roles", "bodies"});
    if (!fields.is_map()) return;
    model::SignOnRule rule;
    if (const Node* claim = fields.need("claim"))
        rule.claim = std::string(read_text(source, *claim, "claim").value_or(""));
    if (const Node* value = fields.need("value"))
        rule.value = std::string(read_text(source, *value, "value").value_or(""));
    if (const Node* roles = fields.need("roles")) {
        rule.roles = roles_in(source, *roles);
        for (const auto role : never_by_rule) {
            if (rule.roles.has(role))
                source.at(roles->line, "sign-on-too-wide",
                          fmt::format("{} is given by an administrator to a person, never by a rule: take it out",
                                      model::to_word(role)));
        }
    }
    if (const Node* bodies = fields.find("bodies")) {
        const auto ids = draft.bodies.resolve_all(source, "body", *bodies);
        for (const auto id : ids) rule.bodies.push_back(draft.bodies[id].code);
    }
    draft.policy.accounts.sign_on.push_back(std::move(rule));
}

}  // namespace

void read_accounts(Draft& draft) {
    constexpr std::string_view file = "accounts.yaml";
    if (!draft.files.contains(std::string(file))) return;
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"second_step", "by_phone", "sign_on"});
    if (!fields.is_map()) return;
    model::AccountRules& rules = draft.policy.accounts;
    if (const Node* roles = fields.find("second_step")) rules.second_step = roles_in(source, *roles);
    if (const Node* roles = fields.find("by_phone")) rules.by_phone = roles_in(source, *roles);
    if (const Node* list = fields.find("sign_on")) {
        for (const Node* item : items_of(source, *list, "sign_on")) read_sign_on(draft, source, *item);
    }
}

}  // namespace shoumen::policy

// accounts.yaml: what accounts must do, and what they may beyond their roles. A community without it asks for nothing.
#include "draft.hpp"

namespace shoumen::policy {

void read_accounts(Draft& draft) {
    constexpr std::string_view file = "accounts.yaml";
    if (!draft.files.contains(std::string(file))) return;
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"second_step"});
    if (!fields.is_map()) return;
    model::AccountRules& rules = draft.policy.accounts;
    if (const Node* roles = fields.find("second_step")) {
        for (const auto role : read_words<model::Role>(source, *roles, "role", SHOUMEN_READ(Role)))
            rules.second_step.add(role);
    }
}

}  // namespace shoumen::policy

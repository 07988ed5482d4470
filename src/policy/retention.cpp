// retention.yaml: how long each kind of data is kept. A community without it keeps things as model/retention.hpp says.
#include "draft.hpp"

namespace shoumen::policy {

void read_retention(Draft& draft) {
    constexpr std::string_view file = "retention.yaml";
    if (!draft.files.contains(std::string(file))) return;
    const auto tree = draft.tree(std::string(file));
    if (!tree) return;
    const Source source = draft.source(file);
    const Fields fields(source, *tree, file, {"retention"});
    const Node* list = fields.is_map() ? fields.need("retention") : nullptr;
    if (!list) return;
    const Fields kinds(source, *list, "retention", {"signals", "refused", "words", "pictures"});
    if (!kinds.is_map()) return;
    auto& spans = draft.policy.retention.spans;
    for (std::size_t i = 0; i < model::kept_count; ++i) {
        const auto word = model::to_word(static_cast<model::Kept>(i));
        const Node* node = kinds.find(word);
        if (!node) continue;
        spans[i] = read_duration(source, *node, word, model::shortest_kept, model::longest_kept).value_or(spans[i]);
    }
}

}  // namespace shoumen::policy

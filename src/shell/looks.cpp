#include "looks.hpp"

namespace shoumen::shell {

void LookList::add(const ports::Session& session, const protect::Verdict& by, const std::string& subject,
                   model::Item item, std::uint64_t values, base::Time at) {
    if (values == 0) return;
    const auto what = model::to_word(item);
    const std::string_view kind = by.opened ? "looked_opened" : "looked";
    for (auto& act : acts) {
        if (act.subject != subject || act.detail != what || act.purpose != model::to_word(by.purpose) ||
            act.kind != kind)
            continue;
        act.count += values;
        return;
    }
    ports::ActRow act;
    act.at = at;
    act.actor = session.actor.person.code;
    if (by.role) act.role = std::string(model::to_word(*by.role));
    act.kind = std::string(kind);
    act.purpose = std::string(model::to_word(by.purpose));
    act.subject = subject;
    act.count = values;
    act.detail = std::string(what);
    acts.push_back(std::move(act));
}

}  // namespace shoumen::shell

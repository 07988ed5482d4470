#include "base/hash.hpp"

#include "json_writer.hpp"
#include "render.hpp"

namespace shoumen::doors::http {

std::string render_ledger(Phrases& phrases, const ports::LedgerState& state) {
    JsonWriter out;
    out.begin().field("origin", state.origin).field("hash", state.hash).field("size", std::to_string(state.size));
    if (state.signed_at.is_set())
        out.field("root", base::to_hex(state.root)).field("signed", phrases.time(state.signed_at));
    if (!state.fault.empty()) out.field("fault", state.fault);
    out.key("witnesses").begin_array();
    for (const auto& w : state.witnesses) {
        out.begin().field("name", w.name).field("key", w.key).field("silent", w.silent);
        if (w.reported) out.field("reported", true);
        if (w.last.is_set()) out.field("last", phrases.time(w.last)).field("size", std::to_string(w.size));
        out.end();
    }
    out.end_array().key("keys").begin_array();
    for (const auto& key : state.keys) out.text(key);
    out.end_array().end();
    return out.take();
}

std::string render_retention(Phrases& phrases, const ports::RetentionState& state) {
    JsonWriter out;
    out.begin().key("kinds").begin_array();
    for (std::size_t i = 0; i < model::kept_count; ++i) {
        const auto& kind = state.kinds[i];
        out.begin().field("kind", model::to_word(static_cast<model::Kept>(i)));
        out.field("days", static_cast<std::uint64_t>(kind.span.us / base::days(1).us));
        if (kind.oldest.is_set()) out.field("oldest", phrases.time(kind.oldest));
        out.field("gone", kind.gone).end();
    }
    out.end_array();
    if (state.swept.is_set()) out.field("swept", phrases.time(state.swept));
    out.field("next", phrases.time(state.next)).end();
    return out.take();
}

std::string render_receipt(const ports::ActReceipt& receipt) {
    JsonWriter out;
    out.begin().field("receipt", receipt.text);
    if (!receipt.code.empty()) out.field("code", receipt.code);
    out.field("leaf", std::to_string(receipt.leaf)).field("size", std::to_string(receipt.size));
    out.key("cosigned_by").begin_array();
    for (const auto& name : receipt.cosigned_by) out.text(name);
    out.end_array().end();
    return out.take();
}

}  // namespace shoumen::doors::http

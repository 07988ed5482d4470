// The ledger: what anybody may fetch, what witnesses hand in, its state, and receipts. And how long things are kept.
#include <string>

#include "door.hpp"
#include "handlers.hpp"
#include "parse.hpp"
#include "render.hpp"

namespace shoumen::doors::http {
namespace {

void answer_witness(Door& door, const CallPtr& call,
                    void (ports::Ledger::*take)(std::string, std::function<void(base::Result<void>)>)) {
    ports::Ledger* const ledger = door.options().ledger;
    if (!ledger) return call->reply(door.error({"not-ready", "", {}}));
    (ledger->*take)(std::move(call->request.body), [&door, call](const base::Result<void>& taken) {
        call->reply(taken ? Answer{.status = 204} : door.error(taken.error()));
    });
}

}  // namespace

void post_cosignature(Door& door, const CallPtr& call) { answer_witness(door, call, &ports::Ledger::cosigned); }

void post_witness_report(Door& door, const CallPtr& call) { answer_witness(door, call, &ports::Ledger::reported); }

void get_ledger(Door& door, const CallPtr& call) {
    const auto state = door.desk().ledger(*call->session);
    if (!state) return call->reply(door.error(state.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, render_ledger(*phrases, *state)));
}

void get_retention(Door& door, const CallPtr& call) {
    const auto state = door.desk().retention(*call->session);
    if (!state) return call->reply(door.error(state.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(200, render_retention(*phrases, *state)));
}

void get_receipt(Door& door, const CallPtr& call) {
    const auto id = parse_id(call->params[0], "id");
    if (!id) return call->reply(door.error(id.error()));
    const auto receipt = door.desk().receipt(*call->session, *id);
    if (!receipt) return call->reply(door.error(receipt.error()));
    call->reply(json_answer(200, render_receipt(*receipt)));
}

// Beside the table: what is the same for everybody, may be kept by whoever stands in between, and has no JSON in it.
Answer Door::ledger_file(const Head& head) {
    if (head.method != "GET" && head.method != "HEAD")
        return error({"method-not-allowed", "The ledger's files are only read.", {}}).with("Allow", "GET, HEAD");
    std::string path;
    for (std::size_t i = 1; i < head.target.segments.size(); ++i) path += (i > 1 ? "/" : "") + head.target.segments[i];
    auto file = options_.ledger ? options_.ledger->file(path) : std::nullopt;
    if (!file) return error({"not-found", "", {}});
    Answer answer{.status = 200, .content_type = std::string(file->type), .body = std::move(file->bytes)};
    answer.with("Cache-Control", file->for_ever ? "public, max-age=31536000, immutable" : "no-cache");
    return answer;
}

}  // namespace shoumen::doors::http

// How most handlers answer: with what was asked for, or why not.
#pragma once
#include <functional>

#include "door.hpp"
#include "handlers.hpp"

namespace shoumen::doors::http {

inline std::function<void(const base::Result<void>&)> then_nothing(Door& door, const CallPtr& call) {
    return [&door, call](const base::Result<void>& result) {
        if (!call->reply.wanted()) return;
        call->reply(result ? Answer{.status = 204} : door.error(result.error()));
    };
}

// A session, or half of one; with its cookie. handlers_session.cpp
Answer answer_to_sign_in(Door& door, const Call& call, const base::Result<ports::SignedIn>& result);

// What was asked for, written by `render`; or why not.
template <class T, class Render>
void answer_with(Door& door, const CallPtr& call, const base::Result<T>& result, unsigned status, Render render) {
    if (!call->reply.wanted()) return;
    if (!result) return call->reply(door.error(result.error()));
    Phrases* phrases = door.phrases();
    if (!phrases) return call->reply(door.error({"not-ready", "", {}}));
    call->reply(json_answer(status, render(*phrases, *result)));
}

}  // namespace shoumen::doors::http

// How the office asks the store beside the io thread: for those of its files that do.
#pragma once
#include "shell/office.hpp"

namespace shoumen::shell {

// Asks on the worker, answers on the io thread.
template <class T>
void Office::on_worker(std::function<base::Result<T>(ports::StoreReader&)> ask,
                       std::function<void(base::Result<T>)> done) {
    const bool queued = worker_.run([this, ask = std::move(ask), done] {
        auto answer = ask(*worker_reader_);
        post_([answer = std::move(answer), done]() mutable { done(std::move(answer)); });
    });
    if (!queued) done(base::fail("busy", "too much is being worked on at this moment; try again"));
}

}  // namespace shoumen::shell

// Where the answer to one request goes. The connection that waits owns the Pending; a handler, and whoever it passes
// the Reply on to, only knows of it: an answer that comes after the connection has gone is dropped. One thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "message.hpp"

namespace shoumen::doors::http {

struct Pending {
    std::optional<Answer> answer;
    std::function<void()> wake;  // called once when an answer has come, where the connection sleeps already
};

class Reply {
public:
    explicit Reply(std::weak_ptr<Pending> pending) : pending_(std::move(pending)) {}

    // The first answer counts.
    void operator()(Answer answer) const {
        const auto pending = pending_.lock();
        if (!pending || pending->answer) return;
        pending->answer = std::move(answer);
        if (pending->wake) pending->wake();
    }
    // Somebody still waits for it.
    [[nodiscard]] bool wanted() const {
        const auto pending = pending_.lock();
        return pending && !pending->answer;
    }

private:
    std::weak_ptr<Pending> pending_;
};

}  // namespace shoumen::doors::http

// Short messages by a gateway: a POST of {"to","text"} in JSON, with the secret as Authorization: Bearer. What the
// city's own gateway wants beyond that (a signature, a template's number), an adapter beside this program knows.
#pragma once
#include <functional>
#include <string>

#include "ports/ways_in.hpp"
#include "shell/worker.hpp"

#include "outgoing.hpp"

namespace shoumen::app {

class TextGateway final : public ports::TextSender {
public:
    using Post = std::function<void(std::function<void()>)>;
    TextGateway(Url url, std::string secret, std::string authorities, Post post);
    void send(std::string number, std::string text, std::function<void(base::Result<void>)> done) override;

private:
    Url url_;
    std::string secret_;
    std::string authorities_;
    Post post_;
    shell::Worker errands_{200};  // last: ends first
};

}  // namespace shoumen::app

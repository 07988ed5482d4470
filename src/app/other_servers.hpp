// The servers elsewhere that this node calls: the gateway for short messages, the provider of single sign-on. Made of
// the command line; where an option is left out there is none.
#pragma once
#include <functional>
#include <memory>

#include "base/time.hpp"

#include "commands.hpp"
#include "single_sign_on.hpp"
#include "text_gateway.hpp"

namespace shoumen::app {

struct OtherServers {
    std::unique_ptr<TextGateway> texts;
    std::unique_ptr<SingleSignOn> sign_on;
};
// Errors: bad-url, key-file-refused (a secret's file that others can read, or is not there).
base::Result<OtherServers> other_servers(const ServeOptions& options, std::function<base::Time()> now,
                                         std::function<void(std::function<void()>)> post);

}  // namespace shoumen::app

// Accounts and tokens of the first start, printed once on stdout:
//   account <name> password <password>
//   device <code> token <token>
// Nothing is printed when they exist already; there is no default password. Private to room app.
#pragma once
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/result.hpp"
#include "shell/node.hpp"
#include "shell/office.hpp"

namespace shoumen::app {

// What the demo's feed uses; made anew at each start, never printed.
struct DemoSecrets {
    std::string gateway;
    std::string gateway_token;
    std::string crew_account;
    std::string crew_password;
};

// Runs `io` until everything is stored. Secrets are empty without `feed`, or where the community has no gateway.
base::Result<DemoSecrets> first_start(boost::asio::io_context& io, shell::Node& node, shell::Office& office, bool demo,
                                      bool feed);

}  // namespace shoumen::app

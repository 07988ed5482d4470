// Where a PostgreSQL database is: what libpq understands, a URI (postgresql://user@host:5432/name) or words
// (host=… dbname=… user=…).
//
// What people read of it is name, host and port alone: a password never gets into a message or a log. One on a command
// line can be read by everybody on the machine (ps): parse() refuses it unless told that the text came from elsewhere.
#pragma once
#include <string>

#include "base/result.hpp"

namespace shoumen::store::postgresql {

struct Address {
    std::string conninfo;  // as it was given; may hold a password
    std::string shown;     // "shoumen at 10.0.0.5:5432"
};

enum class PasswordInside { refused, allowed };

// Codes: `bad-database` (libpq cannot read it), `database-password` (it holds a password).
base::Result<Address> parse_address(const std::string& text, PasswordInside password);

}  // namespace shoumen::store::postgresql

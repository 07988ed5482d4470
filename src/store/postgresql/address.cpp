#include "store/postgresql/address.hpp"

#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <libpq-fe.h>

namespace shoumen::store::postgresql {
namespace {

using Options = std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)>;

std::string value_of(const PQconninfoOption* options, std::string_view keyword) {
    for (const auto* option = options; option->keyword; ++option) {
        if (keyword == option->keyword && option->val) return option->val;
    }
    return {};
}

std::string shown(const PQconninfoOption* options) {
    const auto name = value_of(options, "dbname");
    auto host = value_of(options, "host");
    if (host.empty()) host = value_of(options, "hostaddr");
    const auto port = value_of(options, "port");
    return fmt::format("{} at {}{}{}", name.empty() ? "(the default)" : name, host.empty() ? "this machine" : host,
                       port.empty() ? "" : ":", port);
}

}  // namespace

base::Result<Address> parse_address(const std::string& text, PasswordInside password) {
    // What libpq says of a text it cannot read may hold parts of it, a password among them: it is not passed on.
    const Options options(PQconninfoParse(text.c_str(), nullptr), PQconninfoFree);
    if (!options)
        return base::fail("bad-database",
                          "this is no address of a database; write it as postgresql://user@host:5432/name, or as "
                          "\"host=… port=… dbname=… user=…\"");
    const bool secret = !value_of(options.get(), "password").empty() || !value_of(options.get(), "sslpassword").empty();
    if (password == PasswordInside::refused && secret)
        return base::fail("database-password",
                          "a password on a command line can be read by everybody on this machine; put it into "
                          "~/.pgpass or the file that PGPASSFILE names, or give the whole address by the environment "
                          "variable SHOUMEN_DATABASE or in the file that SHOUMEN_DATABASE_FILE names");
    return Address{text, shown(options.get())};
}

}  // namespace shoumen::store::postgresql

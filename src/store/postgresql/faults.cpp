#include "faults.hpp"

#include <array>

namespace shoumen::store::postgresql {
namespace {

struct Row {
    std::string_view state;  // or the class it begins with
    Said said;
};

constexpr Said away{"database-away", "it is tried again; nothing acknowledged is lost"};
constexpr Said read_only{
    "data-read-only", "let this role write there: make it the owner of the database, or GRANT CREATE, USAGE ON SCHEMA"};

constexpr std::array<Row, 18> rows = {{
    {"53100", {"disk-full", "make room on the disk of the database server, then it goes on by itself"}},
    {"53300", {"data-busy", "the server has no connection left: raise max_connections, or close other programs"}},
    {"53", {"database-away", "the server is short of memory or connections; it is tried again"}},
    {"57P", away},
    {"57014", {"data-busy", "the server took too long; it is tried again"}},
    {"08", away},
    {"25006", {"data-read-only", "this server only reads (a standby?): point at the one that writes"}},
    {"42501", read_only},
    {"28", {"database-refused", "let this role in: pg_hba.conf, and its password in ~/.pgpass"}},
    {"3D000", {"database-refused", "create the database first: createdb --encoding=UTF8 --template=template0"}},
    {"40", {"data-busy", "another program is at the same rows; it is tried again"}},
    {"55P03", {"data-busy", "another program holds the table; it is tried again"}},
    {"55006", {"data-busy", "another program is using it; it is tried again"}},
    {"58", {"disk-error", "check the disk of the database server and its log"}},
    {"XX001", {"data-damaged", "restore the database from a backup (pg_restore)"}},
    {"XX002", {"data-damaged", "rebuild the index (REINDEX), or restore the database from a backup (pg_restore)"}},
    {"54", {"store-error", "a row is larger than the server takes"}},
    {"42", {"store-error", "the tables are not as this program made them; restore the database from a backup"}},
}};

}  // namespace

Said what_to_say(std::string_view sqlstate) {
    for (const auto& row : rows) {
        if (sqlstate.starts_with(row.state)) return row.said;
    }
    return {"store-error", "this is a mistake in the program; please report it"};
}

bool ends_session(std::string_view sqlstate) { return sqlstate.starts_with("57P") || sqlstate.starts_with("08"); }

}  // namespace shoumen::store::postgresql

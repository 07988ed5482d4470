#include "schema.hpp"

#include <charconv>

#include <fmt/format.h>

#include "store/sql/statements.hpp"

namespace shoumen::store::postgresql {
namespace {

using base::Result;

// Stands as a comment on the table of migrations, so that a table of the same name of something else is told apart.
constexpr std::string_view signature = "Shoumen";

std::uint64_t number_of(const std::string& text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// The schema new tables go to, whether our table of migrations stands there, and how much else does, extensions left
// out.
constexpr const char* what_is_there =
    "WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) "
    "SELECT COALESCE(current_schema(), ''), "
    "(SELECT COALESCE(obj_description(c.oid, 'pg_class'), '') FROM pg_class c, here "
    " WHERE c.relnamespace = here.oid AND c.relname = 'schema_migration'), "
    "(SELECT COUNT(*) FROM pg_class c, here WHERE c.relnamespace = here.oid AND c.relkind IN ('r', 'p', 'v', 'm', 'S', "
    "'f') AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND "
    "d.deptype = 'e'))";

struct Found {
    std::uint64_t version = 0;
    bool empty = false;
};

tl::unexpected<base::Error> foreign(const Connection& db, const std::string& schema) {
    return base::fail("data-foreign",
                      fmt::format("the schema {} of the database {} holds tables of something else; make a database of "
                                  "its own: createdb --encoding=UTF8 --template=template0 shoumen",
                                  schema, db.address().shown));
}

Result<Found> look(Connection& db) {
    const auto there = db.row(what_is_there);
    if (!there) return tl::unexpected(there.error());
    const auto& schema = there->at(0);
    if (schema.empty())
        return base::fail("database-unfit",
                          fmt::format("there is no schema in the database {} that new tables would go to; create one "
                                      "(CREATE SCHEMA), or set the role's search_path",
                                      db.address().shown));
    if (there->at(1) != signature) {
        if (there->at(2) != "0") return foreign(db, schema);
        return Found{0, true};
    }
    const auto version = db.row(std::string(sql::schema_version));
    if (!version) return tl::unexpected(version.error());
    return Found{number_of(version->at(0)), false};
}

// Beside the first migration. Batches are dense already: to compress them again costs more than it saves.
std::string first_of_all() {
    return fmt::format(
        "{}; COMMENT ON TABLE schema_migration IS '{}'; "
        "CREATE TABLE writer_state (one BIGINT PRIMARY KEY, database_id TEXT NOT NULL, mark BIGINT NOT NULL); "
        "INSERT INTO writer_state (one, database_id, mark) VALUES (1, gen_random_uuid()::text, 0); ",
        sql::create_schema_table, signature);
}
constexpr std::string_view after_first = "ALTER TABLE IF EXISTS input_batch ALTER COLUMN bytes SET STORAGE EXTERNAL; ";

Result<void> apply(Connection& db, const Migration& migration, bool first) {
    auto done = db.run(fmt::format(
        "BEGIN; {} {}; {} INSERT INTO schema_migration (version, name) VALUES ({}, '{}'); "
        "COMMIT",
        first ? first_of_all() : "", migration.text, first ? after_first : "", migration.version, migration.name));
    if (!done) (void)db.run("ROLLBACK");
    return done;
}

}  // namespace

Result<void> check_fit(Connection& db) {
    const auto said = db.row(
        "SELECT current_setting('server_encoding'), current_setting('fsync'), current_setting('full_page_writes'), "
        "pg_is_in_recovery()::text");
    if (!said) return tl::unexpected(said.error());
    const auto unfit = [&](const std::string& why) {
        return base::fail("database-unfit", fmt::format("the database {} {}", db.address().shown, why));
    };
    if (said->at(0) != "UTF8")
        return unfit(
            fmt::format("is encoded {}, which does not keep Chinese whole; make one that is UTF8: createdb "
                        "--encoding=UTF8 --locale=C.UTF-8 --template=template0 shoumen",
                        said->at(0)));
    if (said->at(1) != "on" || said->at(2) != "on")
        return unfit(
            "runs with fsync or full_page_writes off: what is acknowledged would not outlive a power cut; switch both "
            "on in postgresql.conf");
    if (said->at(3) == "true") return unfit("is a standby, which only reads; point at the server that writes");
    return {};
}

Result<void> migrate(Connection& db, std::span<const Migration> known) {
    const auto found = look(db);
    if (!found) return tl::unexpected(found.error());
    if (found->version > known.size()) return tl::unexpected(schema_newer(found->version, known.size()));
    for (const auto& migration : known.subspan(found->version)) {
        if (auto done = apply(db, migration, migration.version == 1); !done) return done;
    }
    return {};
}

Result<void> fence(Connection& db) {
    return db.run(
        "DO $$ DECLARE t record; BEGIN "
        "FOR t IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND NOT c.relforcerowsecurity AND EXISTS "
        "(SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'shard' AND NOT a.attisdropped) LOOP "
        "EXECUTE format('DROP POLICY IF EXISTS own_shard ON %I', t.relname); "
        "EXECUTE format('CREATE POLICY own_shard ON %I USING (shard = "
        "NULLIF(current_setting(%L, true), %L)::bigint)', t.relname, 'shoumen.shard', ''); "
        "EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t.relname); "
        "END LOOP; END $$");
}

Result<void> tell_planner(Connection& db) {
    const auto unknown = db.row(
        "SELECT COUNT(*) FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname IN ('incident', "
        "'alert', 'incident_event', 'input_batch') AND (n_mod_since_analyze > 1000 OR "
        "(last_analyze IS NULL AND last_autoanalyze IS NULL))");
    if (!unknown) return tl::unexpected(unknown.error());
    return unknown->at(0) == "0" ? Result<void>{} : db.run("ANALYZE incident, alert, incident_event, input_batch");
}

Result<void> check_schema(Connection& db, std::span<const Migration> known) {
    const auto found = look(db);
    if (!found) return tl::unexpected(found.error());
    if (found->empty)
        return base::fail("data-missing", fmt::format("the database {} holds no tables yet; start `shoumen serve` on "
                                                      "it once, which makes them",
                                                      db.address().shown));
    if (found->version > known.size()) return tl::unexpected(schema_newer(found->version, known.size()));
    if (found->version < known.size()) return tl::unexpected(schema_older(found->version, known.size()));
    return {};
}

Result<WriterState> read_writer_state(Connection& db) {
    const auto row = db.row("SELECT database_id, mark FROM writer_state WHERE one = 1");
    if (!row) return tl::unexpected(row.error());
    if (row->size() != 2)
        return base::fail("data-damaged", "the table writer_state is empty; restore the database from a backup");
    return WriterState{row->at(0), static_cast<std::int64_t>(number_of(row->at(1)))};
}

}  // namespace shoumen::store::postgresql

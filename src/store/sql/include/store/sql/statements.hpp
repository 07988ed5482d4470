// The statement catalogue: every SQL text the store runs, beside the migrations.
//
// In the portable subset: parameters $1…$n, BIGINT microseconds, ON CONFLICT, RETURNING, explicit CAST where a type
// cannot be seen, no JSON operators. Nothing here knows SQLite or PostgreSQL; what is special to one stands in its
// connection.cpp. Columns are read by position, in the order written here.
#pragma once
#include <array>
#include <string_view>

namespace shoumen::store::sql {

// --- Schema ------------------------------------------------------------------------------------------------------

inline constexpr std::string_view create_schema_table =
    "CREATE TABLE IF NOT EXISTS schema_migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL)";
inline constexpr std::string_view schema_version = "SELECT COALESCE(MAX(version), 0) FROM schema_migration";
inline constexpr std::string_view add_migration = "INSERT INTO schema_migration (version, name) VALUES ($1, $2)";

// --- The log -----------------------------------------------------------------------------------------------------

// A row comes back when it was not there before.
inline constexpr std::string_view add_batch =
    "INSERT INTO input_batch (shard, first_seq, n, received, hash, prev_hash, bytes, leaf) VALUES ($1, $2, $3, $4, $5, "
    "$6, "
    "$7, $8) "
    "ON CONFLICT (shard, first_seq) DO NOTHING RETURNING first_seq";
inline constexpr std::string_view batch_hash = "SELECT hash FROM input_batch WHERE shard = $1 AND first_seq = $2";
inline constexpr std::string_view last_batch =
    "SELECT first_seq, n, hash, received FROM input_batch WHERE shard = $1 ORDER BY first_seq DESC LIMIT 1";
// The batch that holds number $2, or the first one above it.
inline constexpr std::string_view batch_start =
    "SELECT COALESCE(MAX(first_seq), 0) FROM input_batch WHERE shard = $1 AND first_seq <= $2";
// How large each of the next ones is, so that no more of them are asked for than are wanted in memory at a time.
inline constexpr std::string_view batch_sizes =
    "SELECT LENGTH(bytes) FROM input_batch WHERE shard = $1 AND first_seq >= $2 ORDER BY first_seq LIMIT $3";
inline constexpr std::string_view batches =
    "SELECT first_seq, n, received, hash, prev_hash, bytes, leaf FROM input_batch WHERE shard = $1 AND first_seq >= $2 "
    "ORDER BY first_seq LIMIT $3";

// --- Incidents ---------------------------------------------------------------------------------------------------

inline constexpr std::string_view put_incident =
    "INSERT INTO incident (shard, id, kind, severity, state, live, level, place, lead, opened, ended, policy_version, "
    "body) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (shard, id) DO UPDATE SET "
    "kind = excluded.kind, severity = excluded.severity, state = excluded.state, live = excluded.live, "
    "level = excluded.level, place = excluded.place, lead = excluded.lead, opened = excluded.opened, "
    "ended = excluded.ended, policy_version = excluded.policy_version, body = excluded.body";
inline constexpr std::string_view incident = "SELECT body FROM incident WHERE shard = $1 AND id = $2";

// The filter reads an index alone; only rows that are shown are touched. $3…$11 states, $12…$15 severities, $16 limit.
inline constexpr std::string_view incidents =
    "SELECT body FROM incident WHERE shard = $1 AND id IN (SELECT id FROM incident WHERE shard = $1 AND id < $2 "
    "AND state IN ($3, $4, $5, $6, $7, $8, $9, $10, $11) AND severity IN ($12, $13, $14, $15) "
    "ORDER BY id DESC LIMIT $16) ORDER BY id DESC";
inline constexpr std::string_view live_incidents =
    "SELECT body FROM incident WHERE shard = $1 AND id IN (SELECT id FROM incident WHERE shard = $1 AND id < $2 "
    "AND live = 1 AND state IN ($3, $4, $5, $6, $7, $8, $9, $10, $11) AND severity IN ($12, $13, $14, $15) "
    "ORDER BY id DESC LIMIT $16) ORDER BY id DESC";
inline constexpr std::string_view incidents_for_core =
    "SELECT body FROM incident WHERE shard = $1 AND id IN (SELECT id FROM incident WHERE shard = $1 AND live = 1 "
    "UNION ALL SELECT id FROM incident WHERE shard = $1 AND live = 0 AND ended >= $2) ORDER BY id";

inline constexpr std::string_view put_event =
    "INSERT INTO incident_event (shard, incident, nth, cause_seq, at, type, from_state, to_state, actor, body, alert, "
    "level, "
    "severity, detail, text, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) "
    "ON CONFLICT (shard, incident, nth) DO UPDATE SET cause_seq = excluded.cause_seq, at = excluded.at, "
    "type = excluded.type, from_state = excluded.from_state, to_state = excluded.to_state, actor = excluded.actor, "
    "body = excluded.body, alert = excluded.alert, level = excluded.level, severity = excluded.severity, "
    "detail = excluded.detail, text = excluded.text, evidence = excluded.evidence";
inline constexpr std::string_view timeline =
    "SELECT nth, cause_seq, at, type, from_state, to_state, actor, body, alert, level, severity, detail, text, "
    "evidence "
    "FROM incident_event WHERE shard = $1 AND incident = $2 ORDER BY nth";
inline constexpr std::string_view events_by =
    "SELECT nth, cause_seq, at, type, from_state, to_state, actor, body, alert, level, severity, detail, text, "
    "evidence, incident FROM incident_event WHERE shard = $1 AND actor = $2 AND actor <> '' ORDER BY incident, nth "
    "LIMIT $3";

// --- Alerts, notices ---------------------------------------------------------------------------------------------

// `cleared` is left as it is: the same alert put again is no news that it burns anew.
inline constexpr std::string_view put_alert =
    "INSERT INTO alert (shard, id, incident, rule, kind, cause, severity, device, place, anchor, at, late, cleared) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (shard, id) DO UPDATE SET "
    "incident = excluded.incident, rule = excluded.rule, kind = excluded.kind, cause = excluded.cause, "
    "severity = excluded.severity, device = excluded.device, place = excluded.place, anchor = excluded.anchor, "
    "at = excluded.at, late = excluded.late";
inline constexpr std::string_view clear_alert = "UPDATE alert SET cleared = $3 WHERE shard = $1 AND id = $2";
inline constexpr std::string_view alerts_of =
    "SELECT id, incident, rule, kind, cause, severity, device, place, anchor, at, late, cleared FROM alert "
    "WHERE shard = $1 AND incident = $2 ORDER BY id";
inline constexpr std::string_view alerts =
    "SELECT id, incident, rule, kind, cause, severity, device, place, anchor, at, late, cleared FROM alert "
    "WHERE shard = $1 AND id > $2 ORDER BY id LIMIT $3";
inline constexpr std::string_view put_notice =
    "INSERT INTO notice (shard, id, incident, person, body, channel, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7, "
    "$8) "
    "ON CONFLICT (shard, id) DO UPDATE SET incident = excluded.incident, person = excluded.person, body = "
    "excluded.body, "
    "channel = excluded.channel, reason = excluded.reason, at = excluded.at";

// --- Quarantine --------------------------------------------------------------------------------------------------

inline constexpr std::string_view add_quarantine =
    "INSERT INTO quarantine (id, received, door, speaker, code, message, field, payload_size, payload_hash, payload, "
    "topic) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
inline constexpr std::string_view drop_quarantine = "DELETE FROM quarantine WHERE id <= $1";
inline constexpr std::string_view put_quarantine_state =
    "UPDATE quarantine_state SET last_id = $1, kept = $2, dropped = $3 WHERE one = 1";
inline constexpr std::string_view quarantine_state =
    "SELECT last_id, kept, dropped FROM quarantine_state WHERE one = 1";
inline constexpr std::string_view quarantine =
    "SELECT id, received, door, speaker, code, message, field, payload_size, payload_hash, payload, topic FROM "
    "quarantine "
    "WHERE id < $1 ORDER BY id DESC LIMIT $2";

// --- Text, evidence ----------------------------------------------------------------------------------------------

inline constexpr std::string_view put_text =
    "INSERT INTO free_text (handle, salt, text, shard, added) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (handle) DO UPDATE SET salt = excluded.salt, text = excluded.text, added = excluded.added";
inline constexpr std::string_view text = "SELECT text FROM free_text WHERE handle = $1 AND shard = $2";
inline constexpr std::string_view put_evidence =
    "INSERT INTO evidence (sha256, size, media_type, added, taken, incident) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (sha256) DO UPDATE SET size = excluded.size, media_type = excluded.media_type, added = "
    "excluded.added, "
    "taken = excluded.taken, incident = excluded.incident";
inline constexpr std::string_view evidence =
    "SELECT sha256, size, media_type, added, taken, incident, removed FROM evidence WHERE sha256 = $1";
inline constexpr std::string_view all_evidence =
    "SELECT sha256, size, media_type, added, taken, incident, removed FROM evidence ORDER BY added, sha256";

// --- What time takes away -----------------------------------------------------------------------------------------

inline constexpr std::string_view empty_batches =
    "UPDATE input_batch SET bytes = $4 WHERE shard = $1 AND first_seq >= $2 AND first_seq <= $3";
inline constexpr std::string_view drop_quarantine_before = "DELETE FROM quarantine WHERE received < $1";
inline constexpr std::string_view drop_texts_before =
    "DELETE FROM free_text WHERE shard = $1 AND added < $2 AND handle NOT IN (SELECT e.text FROM incident i JOIN "
    "incident_event e ON e.shard = i.shard AND e.incident = i.id WHERE i.shard = $1 AND i.live = 1)";
inline constexpr std::string_view mark_evidence = "UPDATE evidence SET removed = $2 WHERE sha256 = $1";
inline constexpr std::string_view quarantine_before = "SELECT COUNT(*) FROM quarantine WHERE received < $1";
inline constexpr std::string_view texts_before =
    "SELECT COUNT(*) FROM free_text WHERE shard = $1 AND added < $2 AND handle NOT IN (SELECT e.text FROM incident i "
    "JOIN incident_event e ON e.shard = i.shard AND e.incident = i.id WHERE i.shard = $1 AND i.live = 1)";
// The smallest number there is means: not removed.
inline constexpr std::string_view evidence_before =
    "SELECT v.sha256, v.size, v.media_type, v.added, v.taken, v.incident, v.removed FROM evidence v JOIN incident i "
    "ON i.shard = $1 AND i.id = v.incident WHERE v.removed = -9223372036854775808 AND v.added < $2 AND i.live = 0 "
    "ORDER BY v.added LIMIT $3";
inline constexpr std::string_view oldest_quarantine = "SELECT received FROM quarantine ORDER BY received LIMIT 1";
inline constexpr std::string_view oldest_text = "SELECT added FROM free_text WHERE shard = $1 ORDER BY added LIMIT 1";
inline constexpr std::string_view oldest_evidence =
    "SELECT added FROM evidence WHERE removed = -9223372036854775808 ORDER BY added LIMIT 1";

// --- Accounts, sessions, tokens ----------------------------------------------------------------------------------

inline constexpr std::string_view put_account =
    "INSERT INTO account (name, password_hash, must_change, disabled, person, roles, bodies, language) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, "
    "must_change = excluded.must_change, disabled = excluded.disabled, person = excluded.person, roles = "
    "excluded.roles, "
    "bodies = excluded.bodies, language = excluded.language";
inline constexpr std::string_view account =
    "SELECT name, password_hash, must_change, disabled, person, roles, bodies, language FROM account WHERE name = $1";
inline constexpr std::string_view accounts =
    "SELECT name, password_hash, must_change, disabled, person, roles, bodies, language FROM account ORDER BY name";
inline constexpr std::string_view put_session =
    "INSERT INTO session (token_hash, account, created, expires, seen, agent) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (token_hash) DO UPDATE SET account = excluded.account, created = excluded.created, "
    "expires = excluded.expires, seen = excluded.seen, agent = excluded.agent";
inline constexpr std::string_view delete_session = "DELETE FROM session WHERE token_hash = $1";
inline constexpr std::string_view delete_sessions_of = "DELETE FROM session WHERE account = $1";
inline constexpr std::string_view delete_sessions_past = "DELETE FROM session WHERE expires <= $1";
inline constexpr std::string_view session =
    "SELECT token_hash, account, created, expires, seen, agent FROM session WHERE token_hash = $1";
inline constexpr std::string_view sessions_of =
    "SELECT token_hash, account, created, expires, seen, agent FROM session WHERE account = $1 ORDER BY token_hash";
inline constexpr std::string_view put_grant =
    "INSERT INTO role_grant (id, account, role, place, since, until, given_by, why, ended, ended_by) VALUES ($1, $2, "
    "$3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET account = excluded.account, role = excluded.role, "
    "place = excluded.place, since = excluded.since, until = excluded.until, given_by = excluded.given_by, "
    "why = excluded.why, ended = excluded.ended, ended_by = excluded.ended_by";
inline constexpr std::string_view grants =
    "SELECT id, account, role, place, since, until, given_by, why, ended, ended_by FROM role_grant ORDER BY id";
inline constexpr std::string_view put_api_token =
    "INSERT INTO api_token (id, token_hash, account, name, roles, place, network, created, until, used, revoked) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO UPDATE SET "
    "token_hash = excluded.token_hash, account = excluded.account, name = excluded.name, roles = excluded.roles, "
    "place = excluded.place, network = excluded.network, created = excluded.created, until = excluded.until, "
    "used = excluded.used, revoked = excluded.revoked";
inline constexpr std::string_view api_tokens =
    "SELECT id, token_hash, account, name, roles, place, network, created, until, used, revoked FROM api_token "
    "ORDER BY id";
inline constexpr std::string_view put_delegation =
    "INSERT INTO delegation (id, from_person, to_person, since, until, consent, witness, reason, ended, ended_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET "
    "from_person = excluded.from_person, to_person = excluded.to_person, since = excluded.since, "
    "until = excluded.until, consent = excluded.consent, witness = excluded.witness, reason = excluded.reason, "
    "ended = excluded.ended, ended_by = excluded.ended_by";
inline constexpr std::string_view delegations =
    "SELECT id, from_person, to_person, since, until, consent, witness, reason, ended, ended_by FROM delegation "
    "ORDER BY id";
inline constexpr std::string_view put_second_factor =
    "INSERT INTO second_factor (account, secret, confirmed, last_step, recovery) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, confirmed = excluded.confirmed, "
    "last_step = excluded.last_step, recovery = excluded.recovery";
inline constexpr std::string_view delete_second_factor = "DELETE FROM second_factor WHERE account = $1";
inline constexpr std::string_view second_factor =
    "SELECT account, secret, confirmed, last_step, recovery FROM second_factor WHERE account = $1";
inline constexpr std::string_view put_way_in =
    "INSERT INTO way_in (kind, lookup, account, sealed, since) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, lookup) "
    "DO UPDATE SET account = excluded.account, sealed = excluded.sealed, since = excluded.since";
inline constexpr std::string_view delete_way_in = "DELETE FROM way_in WHERE kind = $1 AND lookup = $2";
inline constexpr std::string_view way_in =
    "SELECT kind, lookup, account, sealed, since FROM way_in WHERE kind = $1 AND lookup = $2";
inline constexpr std::string_view ways_in_of =
    "SELECT kind, lookup, account, sealed, since FROM way_in WHERE account = $1 ORDER BY kind, lookup";
inline constexpr std::string_view put_wider_sight =
    "INSERT INTO wider_sight (id, account, person, role, reason, since, until, ended, ended_by) VALUES ($1, $2, $3, "
    "$4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO UPDATE SET account = excluded.account, person = excluded.person, "
    "role = excluded.role, reason = excluded.reason, since = excluded.since, until = excluded.until, "
    "ended = excluded.ended, ended_by = excluded.ended_by";
inline constexpr std::string_view wider_sights =
    "SELECT id, account, person, role, reason, since, until, ended, ended_by FROM wider_sight ORDER BY id DESC "
    "LIMIT $1";
inline constexpr std::string_view put_person =
    "INSERT INTO person (shard, code, home, status, fields, phone_index, changed) VALUES ($1, $2, $3, $4, $5, $6, $7) "
    "ON CONFLICT (shard, code) DO UPDATE SET home = excluded.home, status = excluded.status, fields = excluded.fields, "
    "phone_index = excluded.phone_index, changed = excluded.changed";
inline constexpr std::string_view person =
    "SELECT code, home, status, fields, phone_index, changed FROM person WHERE shard = $1 AND code = $2";
inline constexpr std::string_view persons =
    "SELECT code, home, status, fields, phone_index, changed FROM person WHERE shard = $1 AND code > $2 "
    "ORDER BY code LIMIT $3";
inline constexpr std::string_view put_device_token =
    "INSERT INTO device_token (token_hash, device, created, revoked) VALUES ($1, $2, $3, $4) ON CONFLICT (token_hash) "
    "DO UPDATE SET device = excluded.device, created = excluded.created, revoked = excluded.revoked";
inline constexpr std::string_view device_tokens =
    "SELECT token_hash, device, created, revoked FROM device_token ORDER BY device, created, token_hash";

// --- Policies, the rest ------------------------------------------------------------------------------------------

inline constexpr std::string_view put_policy =
    "INSERT INTO policy_version (version, digest, activated, files, compiled) VALUES ($1, $2, $3, $4, $5) "
    "ON CONFLICT (version) DO UPDATE SET digest = excluded.digest, activated = excluded.activated, "
    "files = excluded.files, compiled = excluded.compiled";
inline constexpr std::string_view policy =
    "SELECT version, digest, activated, files, compiled FROM policy_version WHERE version = $1";
inline constexpr std::string_view newest_policy =
    "SELECT version, digest, activated, files, compiled FROM policy_version ORDER BY version DESC LIMIT 1";
inline constexpr std::string_view put_meta =
    "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
inline constexpr std::string_view meta = "SELECT value FROM meta WHERE key = $1";
inline constexpr std::string_view add_counts =
    "INSERT INTO counts (shard, signals, repeats, late, clock_wrong) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shard) "
    "DO UPDATE SET signals = counts.signals + excluded.signals, repeats = counts.repeats + excluded.repeats, "
    "late = counts.late + excluded.late, clock_wrong = counts.clock_wrong + excluded.clock_wrong";
inline constexpr std::string_view counts = "SELECT signals, repeats, late, clock_wrong FROM counts WHERE shard = $1";

// --- Acts --------------------------------------------------------------------------------------------------------

inline constexpr std::string_view put_act =
    "INSERT INTO act (shard, id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf) VALUES ($1, $2, $3, "
    "$4, $5, "
    "$6, $7, $8, $9, $10, $11, $12) ON CONFLICT (shard, id) DO UPDATE SET at = excluded.at, actor = excluded.actor, "
    "role = excluded.role, kind = excluded.kind, purpose = excluded.purpose, subject = excluded.subject, "
    "n = excluded.n, detail = excluded.detail, salt = excluded.salt, leaf = excluded.leaf";
inline constexpr std::string_view acts =
    "SELECT id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf FROM act WHERE shard = $1 AND id < $2 "
    "ORDER BY id DESC LIMIT $3";
inline constexpr std::string_view acts_on =
    "SELECT id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf FROM act WHERE shard = $1 AND id < $2 "
    "AND subject = $4 ORDER BY id DESC LIMIT $3";
inline constexpr std::string_view acts_by =
    "SELECT id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf FROM act WHERE shard = $1 AND id < $2 "
    "AND actor = $4 ORDER BY id DESC LIMIT $3";
inline constexpr std::string_view acts_by_on =
    "SELECT id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf FROM act WHERE shard = $1 AND id < $2 "
    "AND subject = $4 AND actor = $5 ORDER BY id DESC LIMIT $3";

inline constexpr std::string_view act =
    "SELECT id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf FROM act WHERE shard = $1 AND id = $2";
inline constexpr std::string_view acts_from =
    "SELECT id, at, actor, role, kind, purpose, subject, n, detail, salt, leaf FROM act WHERE shard = $1 AND id >= $2 "
    "ORDER BY id LIMIT $3";

inline constexpr std::string_view erase_act =
    "UPDATE act SET actor = $3, subject = $4, detail = $5, salt = $6 WHERE shard = $1 AND id = $2";

// --- The ledger --------------------------------------------------------------------------------------------------

inline constexpr std::string_view put_tile =
    "INSERT INTO ledger_tile (shard, level, n, hashes, inner_nodes) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shard, "
    "level, n) DO UPDATE SET hashes = excluded.hashes, inner_nodes = excluded.inner_nodes";
inline constexpr std::string_view tile =
    "SELECT level, n, hashes, inner_nodes FROM ledger_tile WHERE shard = $1 AND level = $2 AND n = $3";
inline constexpr std::string_view last_tile =
    "SELECT level, n, hashes, inner_nodes FROM ledger_tile WHERE shard = $1 AND level = $2 ORDER BY n DESC LIMIT 1";
inline constexpr std::string_view put_checkpoint =
    "INSERT INTO ledger_checkpoint (shard, size, at, minute, cosigned, note) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (shard, size) DO UPDATE SET at = excluded.at, minute = excluded.minute, cosigned = excluded.cosigned, "
    "note = excluded.note";
inline constexpr std::string_view thin_checkpoints =
    "DELETE FROM ledger_checkpoint WHERE shard = $1 AND minute = $2 AND size < $3 AND cosigned = 0";
inline constexpr std::string_view newest_checkpoint =
    "SELECT size, at, cosigned, note FROM ledger_checkpoint WHERE shard = $1 ORDER BY size DESC LIMIT 1";
inline constexpr std::string_view checkpoints =
    "SELECT size, at, cosigned, note FROM ledger_checkpoint WHERE shard = $1 AND size > $2 ORDER BY size LIMIT $3";
inline constexpr std::string_view cosigned_checkpoints =
    "SELECT size, at, cosigned, note FROM ledger_checkpoint WHERE shard = $1 AND size > $2 AND cosigned = 1 "
    "ORDER BY size LIMIT $3";

// All of them but the first, for the test that each reads by an index.
inline constexpr auto all = std::to_array<std::string_view>({schema_version,
                                                             add_migration,
                                                             add_batch,
                                                             batch_hash,
                                                             last_batch,
                                                             batch_start,
                                                             batch_sizes,
                                                             batches,
                                                             put_incident,
                                                             incident,
                                                             incidents,
                                                             live_incidents,
                                                             incidents_for_core,
                                                             put_event,
                                                             timeline,
                                                             put_alert,
                                                             clear_alert,
                                                             alerts_of,
                                                             alerts,
                                                             put_notice,
                                                             add_quarantine,
                                                             drop_quarantine,
                                                             put_quarantine_state,
                                                             quarantine_state,
                                                             quarantine,
                                                             put_text,
                                                             text,
                                                             put_evidence,
                                                             evidence,
                                                             all_evidence,
                                                             empty_batches,
                                                             drop_quarantine_before,
                                                             drop_texts_before,
                                                             mark_evidence,
                                                             quarantine_before,
                                                             texts_before,
                                                             evidence_before,
                                                             oldest_quarantine,
                                                             oldest_text,
                                                             oldest_evidence,
                                                             put_account,
                                                             account,
                                                             accounts,
                                                             put_session,
                                                             delete_session,
                                                             delete_sessions_of,
                                                             delete_sessions_past,
                                                             session,
                                                             sessions_of,
                                                             put_grant,
                                                             grants,
                                                             put_api_token,
                                                             api_tokens,
                                                             put_delegation,
                                                             delegations,
                                                             put_second_factor,
                                                             delete_second_factor,
                                                             second_factor,
                                                             put_way_in,
                                                             delete_way_in,
                                                             way_in,
                                                             ways_in_of,
                                                             put_wider_sight,
                                                             wider_sights,
                                                             put_person,
                                                             person,
                                                             persons,
                                                             events_by,
                                                             erase_act,
                                                             put_device_token,
                                                             device_tokens,
                                                             put_policy,
                                                             policy,
                                                             newest_policy,
                                                             put_meta,
                                                             meta,
                                                             add_counts,
                                                             counts,
                                                             put_act,
                                                             acts,
                                                             acts_on,
                                                             acts_by,
                                                             acts_by_on,
                                                             act,
                                                             acts_from,
                                                             put_tile,
                                                             tile,
                                                             last_tile,
                                                             put_checkpoint,
                                                             thin_checkpoints,
                                                             newest_checkpoint,
                                                             checkpoints,
                                                             cosigned_checkpoints});

}  // namespace shoumen::store::sql

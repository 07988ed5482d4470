-- Roles held by accounts in a place and for a time, what a session is bound to, tokens of programs, second factors, and who may act for
-- whom. Grants and delegations are ended, never deleted: who held what when stays answerable.
CREATE TABLE role_grant (
    id BIGINT PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    role TEXT NOT NULL,
    place TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    given_by TEXT NOT NULL,
    why TEXT NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL
);

ALTER TABLE session ADD COLUMN seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
CREATE INDEX session_expires ON session (expires);

CREATE TABLE api_token (
    id BIGINT PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    roles BIGINT NOT NULL,
    place TEXT NOT NULL,
    network TEXT NOT NULL,
    created BIGINT NOT NULL,
    until BIGINT NOT NULL,
    used BIGINT NOT NULL,
    revoked SMALLINT NOT NULL
);

CREATE TABLE delegation (
    id BIGINT PRIMARY KEY,
    from_person TEXT NOT NULL,
    to_person TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    consent TEXT NOT NULL,
    witness TEXT NOT NULL,
    reason TEXT NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL
);

-- secret: sealed with a key outside the database. recovery: hashes of codes not used yet, 32 bytes each.
CREATE TABLE second_factor (
    account TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    confirmed SMALLINT NOT NULL,
    last_step BIGINT NOT NULL,
    recovery BYTEA NOT NULL,
    PRIMARY KEY (account)
) /* clustered */;

-- The first schema.
--
-- One text for every database, in the portable subset: BIGINT microseconds since 1970 UTC (the smallest BIGINT: not set, the largest:
-- never), BYTEA, SMALLINT for yes and no, code words for enumerations. A binding layer replaces types where its database calls them
-- differently, and "/* clustered */" by what keeps a table in the order of its key, where there is such a thing.
-- shard: the community's shard, in front of every key that comes from an input sequence.

-- The log: canonical bytes of a batch of inputs, chained by hash. Never changed, never deleted.
CREATE TABLE input_batch (
    shard BIGINT NOT NULL,
    first_seq BIGINT NOT NULL,
    n BIGINT NOT NULL,
    received BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (shard, first_seq)
);

-- Incidents: what lists are made by stands in columns, all of it in body (canonical bytes, model/incident.hpp).
CREATE TABLE incident (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    live SMALLINT NOT NULL,
    level TEXT NOT NULL,
    place BIGINT NOT NULL,
    lead BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    policy_version BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (shard, id)
);
CREATE INDEX incident_live ON incident (shard, id, state, severity) WHERE live = 1;
CREATE INDEX incident_list ON incident (shard, id, state, severity);
CREATE INDEX incident_ended ON incident (shard, ended) WHERE live = 0;

CREATE TABLE incident_event (
    shard BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    nth BIGINT NOT NULL,
    cause_seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    type TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    actor TEXT NOT NULL,
    body BIGINT NOT NULL,
    alert BIGINT NOT NULL,
    level TEXT NOT NULL,
    severity TEXT NOT NULL,
    detail TEXT NOT NULL,
    text BIGINT NOT NULL,
    evidence BYTEA NULL,
    PRIMARY KEY (shard, incident, nth)
) /* clustered */;

CREATE TABLE alert (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    rule BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    cause BIGINT NOT NULL,
    severity TEXT NOT NULL,
    device BIGINT NOT NULL,
    place BIGINT NOT NULL,
    anchor BIGINT NOT NULL,
    at BIGINT NOT NULL,
    late SMALLINT NOT NULL,
    cleared BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE INDEX alert_incident ON alert (shard, incident, id);

CREATE TABLE notice (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    person TEXT NOT NULL,
    body BIGINT NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;

-- Payloads that could not become signals; the oldest go when there are too many.
CREATE TABLE quarantine (
    id BIGINT PRIMARY KEY,
    received BIGINT NOT NULL,
    door TEXT NOT NULL,
    speaker TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    field TEXT NOT NULL,
    payload_size BIGINT NOT NULL,
    payload_hash BYTEA NOT NULL,
    payload BYTEA NOT NULL
);
-- One row: so that nobody counts the table above.
CREATE TABLE quarantine_state (
    one BIGINT PRIMARY KEY,
    last_id BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    dropped BIGINT NOT NULL
);
INSERT INTO quarantine_state (one, last_id, kept, dropped) VALUES (1, 0, 0, 0);

-- Erasable: what people wrote. The log holds the handle and a salted hash.
CREATE TABLE free_text (
    handle BIGINT PRIMARY KEY,
    salt BYTEA NOT NULL,
    text BYTEA NOT NULL
);

CREATE TABLE evidence (
    sha256 BYTEA NOT NULL,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    added BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    incident BIGINT NOT NULL,
    PRIMARY KEY (sha256)
) /* clustered */;

CREATE TABLE account (
    name TEXT COLLATE "C" NOT NULL,
    password_hash TEXT NOT NULL,
    must_change SMALLINT NOT NULL,
    disabled SMALLINT NOT NULL,
    person TEXT NOT NULL,
    roles BIGINT NOT NULL,
    bodies BYTEA NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (name)
) /* clustered */;

-- "session" and "token" stand for the hash of what a person or device shows; the thing itself is kept nowhere.
CREATE TABLE session (
    token_hash BYTEA NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (token_hash)
) /* clustered */;
CREATE INDEX session_account ON session (account);

CREATE TABLE device_token (
    token_hash BYTEA NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    created BIGINT NOT NULL,
    revoked SMALLINT NOT NULL,
    PRIMARY KEY (token_hash)
) /* clustered */;

CREATE TABLE policy_version (
    version BIGINT PRIMARY KEY,
    digest BYTEA NOT NULL,
    activated BIGINT NOT NULL,
    files BYTEA NOT NULL,
    compiled BYTEA NOT NULL
);

CREATE TABLE meta (
    key TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (key)
) /* clustered */;

CREATE TABLE counts (
    shard BIGINT PRIMARY KEY,
    signals BIGINT NOT NULL,
    repeats BIGINT NOT NULL,
    late BIGINT NOT NULL,
    clock_wrong BIGINT NOT NULL
);

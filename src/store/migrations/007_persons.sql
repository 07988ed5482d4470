-- The register of persons (docs/decisions/021-persons.md).
--
-- fields: what is personal, each value sealed with the person's own key; phone_index: keyed, the same for the same phone. Both are empty
-- once the person is erased; the row stays, so that nobody comes back under the code. home: code of a place; status: word.
CREATE TABLE person (
    shard BIGINT NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    home TEXT NOT NULL,
    status TEXT NOT NULL,
    fields BYTEA NOT NULL,
    phone_index TEXT NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (shard, code)
) /* clustered */;
-- What somebody did in incidents.
CREATE INDEX incident_event_actor ON incident_event (shard, actor, incident, nth) WHERE actor <> '';

-- Acts that matter: who did what to what, in which role and for which purpose. Numbered without a gap within a shard. The salt makes the
-- commitment to an act unguessable; without it and the detail (erased) the row still says that something stood here.
CREATE TABLE act (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    role TEXT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    purpose TEXT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    detail TEXT NOT NULL,
    salt BYTEA NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE INDEX act_subject ON act (shard, subject, id);
CREATE INDEX act_actor ON act (shard, actor, id);

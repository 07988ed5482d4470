-- Other ways in than the password, and sight that somebody opened for a short time.
--
-- way_in: a telephone that one-time codes go to, or who somebody is at a provider of single sign-on. lookup stands for it and tells nothing
-- (a keyed hash); sealed is what it is, with a key outside the database.
CREATE TABLE way_in (
    kind TEXT COLLATE "C" NOT NULL,
    lookup TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (kind, lookup)
) /* clustered */;
CREATE INDEX way_in_account ON way_in (account);

-- reason: sealed. Ended, never deleted.
CREATE TABLE wider_sight (
    id BIGINT PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    reason BYTEA NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL
);

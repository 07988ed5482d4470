-- The ledger: a Merkle tree whose leaves commit to acts and to batches of inputs (docs/decisions/016-ledger.md).
--
-- leaf: the row's place in the tree; -1: written before there was one. Tiles hold the tree's hashes, 256 to a tile, as they are served; a
-- full tile also holds the nodes between them and its root, so that a proof reads and does not hash.
ALTER TABLE act ADD COLUMN leaf BIGINT NOT NULL DEFAULT -1;
ALTER TABLE input_batch ADD COLUMN leaf BIGINT NOT NULL DEFAULT -1;
CREATE TABLE ledger_tile (
    shard BIGINT NOT NULL,
    level BIGINT NOT NULL,
    n BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    inner_nodes BYTEA NOT NULL,
    PRIMARY KEY (shard, level, n)
);
-- Signed checkpoints with what witnesses have co-signed; of those nobody co-signed, the last of each minute.
CREATE TABLE ledger_checkpoint (
    shard BIGINT NOT NULL,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    minute BIGINT NOT NULL,
    cosigned SMALLINT NOT NULL,
    note BYTEA NOT NULL,
    PRIMARY KEY (shard, size)
);
CREATE INDEX ledger_checkpoint_minute ON ledger_checkpoint (shard, minute);
CREATE INDEX ledger_checkpoint_cosigned ON ledger_checkpoint (shard, size) WHERE cosigned = 1;

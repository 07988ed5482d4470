-- Devices as things that are bought, put up, looked after and thrown away (docs/decisions/029-upkeep.md).
--
-- Words: stage, kind, finding, state. why: sealed. devices: codes, each with its length before it. found_device: what somebody known has
-- spoken for and nobody knows.
CREATE TABLE device_record (
    shard BIGINT NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    name TEXT NOT NULL,
    gateway TEXT NOT NULL,
    maker TEXT NOT NULL,
    product TEXT NOT NULL,
    serial TEXT NOT NULL,
    bought BIGINT NOT NULL,
    cost_fen BIGINT NOT NULL,
    installed BIGINT NOT NULL,
    since BIGINT NOT NULL,
    moves BIGINT NOT NULL,
    PRIMARY KEY (shard, device)
) /* clustered */;
CREATE TABLE device_move (
    shard BIGINT NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    nth BIGINT NOT NULL,
    at BIGINT NOT NULL,
    from_stage TEXT NOT NULL,
    to_stage TEXT NOT NULL,
    by_person TEXT NOT NULL,
    why BYTEA NOT NULL,
    PRIMARY KEY (shard, device, nth)
) /* clustered */;
CREATE TABLE work_order (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    device TEXT NOT NULL,
    finding TEXT NOT NULL,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    found BIGINT NOT NULL,
    last BIGINT NOT NULL,
    times BIGINT NOT NULL,
    detail TEXT NOT NULL,
    by_person TEXT NOT NULL,
    taken BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    why BYTEA NOT NULL,
    cost_fen BIGINT NOT NULL,
    round BIGINT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE TABLE round (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    from_time BIGINT NOT NULL,
    due BIGINT NOT NULL,
    state TEXT NOT NULL,
    by_person TEXT NOT NULL,
    devices BYTEA NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE TABLE tick (
    shard BIGINT NOT NULL,
    round BIGINT NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    by_person TEXT NOT NULL,
    proven BIGINT NOT NULL,
    why TEXT NOT NULL,
    distance_m BIGINT NOT NULL,
    PRIMARY KEY (shard, round, device)
) /* clustered */;
CREATE TABLE quiet_window (
    shard BIGINT NOT NULL,
    id BIGINT NOT NULL,
    devices BYTEA NOT NULL,
    from_time BIGINT NOT NULL,
    until_time BIGINT NOT NULL,
    by_person TEXT NOT NULL,
    why BYTEA NOT NULL,
    ended BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    PRIMARY KEY (shard, id)
) /* clustered */;
CREATE TABLE found_device (
    shard BIGINT NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    speaker TEXT COLLATE "C" NOT NULL,
    door TEXT NOT NULL,
    kind TEXT NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    times BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (shard, device, speaker)
) /* clustered */;

-- What is not kept for ever: words know whose and from when they are, pictures when they went (docs/decisions/022-retention.md). Words written
-- before that are as old as the first event that names them; those none names stay.
ALTER TABLE free_text ADD COLUMN shard BIGINT NOT NULL DEFAULT 1;
ALTER TABLE free_text ADD COLUMN added BIGINT NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX incident_event_text ON incident_event (text);
UPDATE free_text SET added = COALESCE((SELECT MIN(e.at) FROM incident_event e WHERE e.text = free_text.handle), 9223372036854775807);
DROP INDEX incident_event_text;
CREATE INDEX free_text_added ON free_text (shard, added);
ALTER TABLE evidence ADD COLUMN removed BIGINT NOT NULL DEFAULT -9223372036854775808;
CREATE INDEX evidence_added ON evidence (added) WHERE removed = -9223372036854775808;
CREATE INDEX quarantine_received ON quarantine (received);

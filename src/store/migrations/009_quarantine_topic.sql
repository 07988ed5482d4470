-- Where a payload that could not be read was published: without it nobody knows which map is missing. Sealed like the payload.
ALTER TABLE quarantine ADD COLUMN topic BYTEA NOT NULL DEFAULT '';

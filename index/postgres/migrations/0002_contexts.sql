-- How many texts stand above passages: their tokens have the rows behind the passages'.
ALTER TABLE passerelle.generations ADD COLUMN above integer NOT NULL DEFAULT 0;
-- Where cosines of pooled vectors are measured from.
ALTER TABLE passerelle.generations ADD COLUMN centres bytea NOT NULL DEFAULT '';

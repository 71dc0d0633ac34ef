-- The number of the language of each passage, a byte each: how many of them a filter leaves says how
-- they are searched. Generations from before have none, and are searched exactly.
ALTER TABLE passerelle.generations ADD COLUMN spoken bytea;

CREATE EXTENSION IF NOT EXISTS vector;

CREATE SEQUENCE passerelle.turns;

-- The generation that answers is the one whose turn came last; one without a turn is being loaded.
CREATE TABLE passerelle.generations (
    id text PRIMARY KEY,
    turn bigint UNIQUE,
    manifest bytea NOT NULL,
    frame bytea NOT NULL,
    passages integer NOT NULL,
    languages text[] NOT NULL,
    nearby smallint[] NOT NULL,
    words text NOT NULL,
    sizes integer[] NOT NULL,
    loaded timestamptz NOT NULL DEFAULT now()
);

-- The files of each generation, byte for byte: a header, then the column of a table, row by row,
-- or else all that the blob of that digest holds.
CREATE TABLE passerelle.files (
    generation text NOT NULL REFERENCES passerelle.generations ON DELETE CASCADE,
    name text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    header bytea,
    source text,
    PRIMARY KEY (generation, name)
);
CREATE INDEX ON passerelle.files (sha256);

CREATE TABLE passerelle.blobs (
    sha256 text NOT NULL,
    part integer NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (sha256, part)
);
ALTER TABLE passerelle.blobs ALTER content SET STORAGE EXTERNAL;

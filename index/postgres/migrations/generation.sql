-- One generation, in a schema of its own: to remove it is to drop that, and touches no other.
CREATE SCHEMA {schema};

CREATE TABLE {schema}.documents (
    place integer NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    sections text NOT NULL,
    source_url text,
    sha256 text NOT NULL,
    pages text NOT NULL,
    notices text NOT NULL,
    properties text NOT NULL,
    origin text NOT NULL,
    first integer NOT NULL,
    passages integer NOT NULL
);

CREATE TABLE {schema}.passages (
    row integer NOT NULL,
    spoken smallint NOT NULL,
    document text NOT NULL,
    starts integer NOT NULL,
    ends integer NOT NULL,
    section text NOT NULL,
    leads text NOT NULL,
    language text NOT NULL,
    pooled vector({dimension}) NOT NULL
);
ALTER TABLE {schema}.passages ALTER pooled SET STORAGE EXTERNAL;

CREATE TABLE {schema}.tokens (
    row integer NOT NULL,
    spoken smallint NOT NULL,
    codes bytea NOT NULL,
    radii bytea NOT NULL,
    scales bytea NOT NULL,
    starts bytea NOT NULL,
    spans bytea NOT NULL,
    above integer[] NOT NULL
);
ALTER TABLE {schema}.tokens ALTER codes SET STORAGE EXTERNAL;

-- A question reads the weights of many passages, and of their terms only the index.
CREATE TABLE {schema}.stems (
    row integer NOT NULL,
    terms tsvector NOT NULL,
    weights sparsevec NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE {schema}.stems ALTER terms SET STORAGE EXTENDED, ALTER weights SET STORAGE MAIN;

CREATE TABLE {schema}.prefixes (
    row integer NOT NULL,
    terms tsvector NOT NULL,
    weights sparsevec NOT NULL
) WITH (toast_tuple_target = 128);
ALTER TABLE {schema}.prefixes ALTER terms SET STORAGE EXTENDED, ALTER weights SET STORAGE MAIN;

CREATE TABLE {schema}.terms (
    kind text NOT NULL,
    term text NOT NULL,
    number integer NOT NULL,
    passages integer NOT NULL
);

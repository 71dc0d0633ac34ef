ALTER TABLE {schema}.documents ADD PRIMARY KEY (place), ADD UNIQUE (id);
ALTER TABLE {schema}.passages ADD PRIMARY KEY (row);
ALTER TABLE {schema}.tokens ADD PRIMARY KEY (row);
ALTER TABLE {schema}.words ADD PRIMARY KEY (row);
ALTER TABLE {schema}.terms ADD PRIMARY KEY (kind, term);
CREATE INDEX ON {schema}.words USING gin (stems) WITH (fastupdate = off);
CREATE INDEX ON {schema}.words USING gin (prefixes) WITH (fastupdate = off);

ALTER TABLE {schema}.documents ADD PRIMARY KEY (place), ADD UNIQUE (id);
ALTER TABLE {schema}.passages ADD PRIMARY KEY (row);
ALTER TABLE {schema}.tokens ADD PRIMARY KEY (row);
ALTER TABLE {schema}.stems ADD PRIMARY KEY (row);
ALTER TABLE {schema}.prefixes ADD PRIMARY KEY (row);
ALTER TABLE {schema}.terms ADD PRIMARY KEY (kind, term);
CREATE INDEX ON {schema}.stems USING gin (terms) WITH (fastupdate = off);
CREATE INDEX ON {schema}.prefixes USING gin (terms) WITH (fastupdate = off);

"""The documents over HTTP: what is indexed, one by one and as a list; files come and go."""

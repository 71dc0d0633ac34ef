"""Generations in PostgreSQL with pgvector: needs the ``postgres`` extra.

A built generation comes in, by COPY; a ``Searchable`` goes out, which any number of servers
share. ``migrations/`` holds the tables.
"""

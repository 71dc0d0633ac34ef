"""The stages of a build that run on a Ray cluster: needs the ``ray`` extra.

Paths of files come in; passages and their vectors go out, as Arrow tables. The generation is the
one that a single machine builds.
"""

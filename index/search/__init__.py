"""From a question's vectors and words to ranked passages.

A ``Query`` and a ``Searchable`` (an open generation of any store) come in; a ``Ranking`` goes
out. All weights of the ranking stand together in ``ranking``.
"""

"""From documents to a new generation: cut, encoded, written, checked, swapped in.

Documents come in one at a time; a published generation goes out. What the generation before it
holds already is not encoded again.
"""

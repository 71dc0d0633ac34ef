"""Immutable generations of an index: how they lie on disk, are opened, swapped in, copied.

Files that ``index.build`` wrote come in; an open ``Generation``, which is ``Searchable``, goes
out. ``store`` says what serving needs of any store of generations.
"""

"""Which sentence-transformers model makes the vectors: needs the ``build`` extra.

A hub id, a folder or nothing (the default model, unpacked from a wheel) comes in; a
``ModelSource``, or an open encoder, goes out.
"""

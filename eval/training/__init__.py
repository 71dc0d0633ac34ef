"""Trains the reader: question sets in SQuAD layout come in, an adapter of the encoder goes out.

Nothing that serves imports this room; it needs the ``build`` extra.
"""

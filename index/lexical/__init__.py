"""The words of passages: normalised terms, and BM25 over them.

Texts come in when an index is built; scores of passages for the words of a question go out.
``analysis`` decides which spellings count as the same word.
"""

"""Nearest passages by the inner product of pooled vectors, with FAISS.

A question's vector comes in; rows and scores of the nearest passages go out. ``exact`` compares
all vectors; ``inverted_file`` only those of the nearest cells.
"""

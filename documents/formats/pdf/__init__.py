"""PDF files, read by pypdfium2 in a process of their own, in bounded time and memory.

Bytes come in; ``process`` gives lines with their places, ``layout`` makes paragraphs and headings
of them, and an ``Extract`` with pages goes out.
"""

"""Which language a question or a document is in, and how sure that is.

A text comes in; ``fr``, ``en`` or unknown goes out, with a probability. langdetect is one piece
of evidence beside the words.
"""

"""What is asked: the fixed questions on the article, and data sets in BEIR layout.

Files come in; questions with gold, and an index of their passages, go out.
"""

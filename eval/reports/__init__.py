"""Figures as people read them: tables on a terminal, JSON, Markdown with plots.

The outcomes of an evaluation come in; text and files go out.
"""

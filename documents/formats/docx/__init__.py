"""Reads Word documents: a package of XML parts goes in, an ``Extract`` comes out.

The parts are opened in ``package``; ``styles`` and ``numbering`` say what a paragraph inherits,
``words`` reads its text, and ``reader`` puts paragraphs, tables, notes and margins in order.
"""

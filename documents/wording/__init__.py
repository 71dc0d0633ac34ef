"""How French and English are written: where sentences end, and numbers in letters.

Comes in: text, or its words. Goes out: ranges of it, and values.
"""

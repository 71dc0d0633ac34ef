"""The page that people see: a question box, answers, documents; whole without a script.

An answer or a document comes in; HTML goes out, in French or in English (``texts``). Templates,
style and script are in ``web/``.
"""

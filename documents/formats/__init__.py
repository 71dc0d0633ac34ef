"""One module for each kind of file: Markdown, text, HTML, PDF, DOCX, EPUB.

Bytes come in; an ``Extract`` goes out: the text, its blocks (headings, items, captions), pages
and metadata. ``registry`` says which module reads which suffix; a library is imported when its
format is met.
"""

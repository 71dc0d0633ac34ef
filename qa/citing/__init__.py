"""Citations that leave the service: links that stay true, and what people paste.

A citation and its document come in. Out goes an address that still finds the quote, or says that
it is gone, once the document has changed; or the citation as text, Markdown, BibTeX, CSL-JSON, RIS.
"""

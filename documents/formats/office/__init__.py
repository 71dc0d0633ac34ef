"""Office suites: bytes of ODT, ODP, PPTX and RTF come in; an extract with headings goes out."""

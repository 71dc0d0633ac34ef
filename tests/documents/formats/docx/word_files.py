"""Word documents of a few parts, written by hand."""

from __future__ import annotations

from collections.abc import Mapping

from documents.formats.docx.reader import read_docx
from documents.formats.extract import Extract
from tests.documents.formats.format_files import zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_SPACES = (
    "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main' "
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math' "
    f"xmlns:r='{_OFFICE}/relationships' "
    "xmlns:o='urn:schemas-microsoft-com:office:office' xmlns:v='urn:schemas-microsoft-com:vml' "
    "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION = "<Relationship Id='{}' Type='{}/relationships/{}' Target='{}'/>"
ROOTS = {
    "styles": "styles",
    "numbering": "numbering",
    "settings": "settings",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "hdr",
    "footer": "ftr",
}


def part(root: str, inner: str) -> bytes:
    """Return a part, of the name of its root in Word's namespace and what is in it."""
    return f"<w:{root} {_SPACES}>{inner}</w:{root}>".encode()


def word_file(body: str, others: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a document.

    Args:
        body: its paragraphs, in the usual prefixes.
        others: what is in its other parts, by their file's name (``numbering.xml``), whose
            letters say the kind; bytes are the whole part. The name is the relation too.
    """
    found = dict(others or {})
    kinds = {name: name.split(".")[0].rstrip("0123456789") for name in found}
    relations = "".join(_RELATION.format(n, _OFFICE, k, n) for n, k in kinds.items())
    main = _RELATION.format("a", _OFFICE, "officeDocument", "word/document.xml")
    listed = "<Relationships xmlns='{}'>{}</Relationships>"
    files = {
        "_rels/.rels": listed.format(_PACKAGE, main).encode(),
        "word/_rels/document.xml.rels": listed.format(_PACKAGE, relations).encode(),
        "word/document.xml": part("document", f"<w:body>{body}</w:body>"),
    }
    for name, inner in found.items():
        if isinstance(inner, str):
            inner = part(ROOTS[kinds[name]], inner)
        files[f"word/{name}"] = inner
    return zipped(files)


def read(body: str, others: Mapping[str, str | bytes] | None = None) -> Extract:
    """Read a document of these paragraphs and parts."""
    return read_docx(word_file(body, others), "a.docx")


def p(words: str = "", properties: str = "") -> str:
    """Return a paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{r(words)}</w:p>"


def r(words: str, properties: str = "") -> str:
    """Return a run."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"

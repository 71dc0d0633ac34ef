"""Packages of Office Open XML: no passwords or bombs; Strict ones as the others; properties."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from documents.errors import UnreadableDocument
from documents.formats.archive import Archive
from documents.notices import Notice, NoticeKind
from documents.properties import Properties, listed, properties_of

if TYPE_CHECKING:
    from lxml import etree

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/([A-Za-z]+)")
_TYPES = "[Content_Types].xml"
_SHOW = re.compile(rb"(presentationml\.|ms-powerpoint\.)(?:slideshow|template)(\.[\w.]*main\+xml)")
_COMMENTS = re.compile(r"(?:xl|ppt)/(?:comments/)?(?:modernC|c)omment(?!Authors)[^/]*\.xml")
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|cm)[\s>]")
_CORE = "docProps/core.xml"
_PROPERTIES = {
    "creator": "author", "keywords": "keywords", "category": "category",
    "created": "date", "modified": "modified",
}  # fmt: skip
"""The properties of a file, by the names of its core properties."""
_OF_TEMPLATES = ("python-docx", "2013-12-23T23:15:00", "2013-01-27T09:1")
"""How author and dates start that libraries leave of their templates in every file they write."""
_SCHEMAS = rb"http://schemas.openxmlformats.org/\1/2006/\2"


def checked_package(raw: bytes, name: str, suffix: str) -> bytes:
    """Return a package that is safe to open, in the namespaces that libraries know.

    Args:
        raw: the package.
        name: the file, for messages.
        suffix: what to save it as, for messages.

    Raises:
        DamagedDocument: it is no ZIP archive, or damaged.
        UnreadableDocument: it is protected by a password, or of the format before it.
        UnsafeDocument: it unpacks to too much, or defines entities.
    """
    if raw.startswith(_OLE):
        raise UnreadableDocument(
            f"{name}: protected by a password, or of an old format: save it as a plain {suffix}"
        )
    archive = Archive(raw, name)
    archive.check()
    return _usual(archive) if _is_strict(archive) or _is_show(archive) else raw


def transitional(content: bytes) -> bytes:
    """Return a part in the namespaces that most programs write: those of Strict Open XML differ."""
    return _STRICT.sub(_SCHEMAS, content)


def core_properties(core: etree._Element | None) -> Properties:
    """Return author, dates and keywords of a document from the root of its core properties."""
    texts = {key: core_property(core, name) or "" for name, key in _PROPERTIES.items()}
    own = ((key, text) for key, text in texts.items() if not text.startswith(_OF_TEMPLATES))
    return properties_of(pair for key, text in own for pair in listed(key, text))


def core_property(core: etree._Element | None, name: str) -> str | None:
    """Return one of the core properties, such as ``title``."""
    found = None if core is None else core.find("{*}" + name)
    return None if found is None else found.text


def package_properties(package: bytes, name: str) -> Properties:
    """Return author, dates and keywords of a workbook or a presentation.

    Their libraries invent properties where a file has none.

    Raises:
        DamagedDocument: the part that has them is no XML.
    """
    archive = Archive(package, name)
    return core_properties(archive.xml(_CORE)) if _CORE in archive.names() else ()


def comments(package: bytes, name: str) -> tuple[Notice, ...]:
    """Return a notice of how many comments a workbook or a presentation has, if it has any."""
    archive = Archive(package, name)
    members = (m for m in archive.names() if _COMMENTS.fullmatch(m))
    count = sum(len(_COMMENT.findall(archive.read(member))) for member in members)
    return (Notice(NoticeKind.COMMENTS, str(count)),) if count else ()


def _is_strict(archive: Archive) -> bool:
    relations = "_rels/.rels"
    return relations in archive.names() and bool(_STRICT.search(archive.read(relations)))


def _is_show(archive: Archive) -> bool:
    """Tell whether it is a slide show or a template rather than a presentation."""
    return _TYPES in archive.names() and bool(_SHOW.search(archive.read(_TYPES)))


def _usual(archive: Archive) -> bytes:
    """Return the package in the namespaces and of the type that libraries know."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for member in sorted(archive.names()):
            content = transitional(archive.read(member))
            package.writestr(member, _SHOW.sub(rb"\1presentation\2", content))
    return stream.getvalue()

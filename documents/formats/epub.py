"""Reads EPUB into text and blocks: the chapters in the order of the spine, each as HTML."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from documents.formats.archive import Archive
from documents.formats.extract import Composer, Extract, clean, known_language
from documents.formats.html import compose, parse_html
from documents.formats.web.main_content import main_content, notices_of
from documents.formats.web.notes import bring_notes
from documents.properties import properties_of
from documents.titles import is_left_over

_CONTAINER = "META-INF/container.xml"
_PROPERTIES = {"creator": "author", "date": "date", "subject": "tag", "publisher": "publisher"}
"""The properties of a book, by their names in Dublin Core."""
_PAGES = frozenset({"application/xhtml+xml", "text/html"})


def read_epub(raw: bytes, name: str) -> Extract:
    """Read a book.

    Args:
        raw: the archive.
        name: the file, for messages.

    Raises:
        DamagedDocument: no sound EPUB, or one whose chapters are encrypted.
        UnsafeDocument: it unpacks to too much, defines entities or leads out of itself.
    """
    archive, composer = Archive(raw, name), Composer()
    package = _package(archive)
    book = archive.xml(package)
    chapters = {c: archive.read(c) for c in _chapters(archive, package, book)}
    pages = {c: parse_html(raw, f"{name}: {c}") for c, raw in chapters.items() if raw.strip()}
    bring_notes(pages)
    contents = [main_content(page) for page in pages.values()]
    for content in contents:
        compose(content.root, composer)
    title = _metadata(book, "title")
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        title=None if title is None or is_left_over(title) else title,
        file_title=title,
        file_language=known_language(_metadata(book, "language")),
        notices=notices_of(contents, composer.text),
        properties=properties_of(
            (key, text) for name, key in _PROPERTIES.items() for text in _every(book, name)
        ),
    )


def _package(archive: Archive) -> str:
    if _encrypts_chapters(archive, "META-INF/encryption.xml", "EncryptedData"):
        raise archive.damaged("some of it is encrypted")
    for found in archive.xml(_CONTAINER).iter("{*}rootfile"):
        return archive.beside("", found.get("full-path", ""))
    raise archive.damaged("its container names no package")


def _encrypts_chapters(archive: Archive, member: str, element: str) -> bool:
    if member not in archive.names():
        return False
    # Encrypted fonts are no obstacle: many books that anyone can read have them.
    found = (e for e in archive.xml(member).iter(f"{{*}}{element}") if _is_chapter(e))
    return next(found, None) is not None


def _is_chapter(encrypted: etree._Element) -> bool:
    references = encrypted.iter("{*}CipherReference")
    return any(r.get("URI", "").lower().endswith(("html", "htm")) for r in references)


def _chapters(archive: Archive, package: str, book: etree._Element) -> list[str]:
    items = {e.get("id"): e for e in book.iter("{*}item") if e.get("media-type") in _PAGES}
    spine = [items[ref] for e in book.iter("{*}itemref") if (ref := e.get("idref")) in items]
    pages = [e for e in spine if "nav" not in e.get("properties", "").split()]
    return list(dict.fromkeys(archive.beside(package, e.get("href", "")) for e in pages))


def _metadata(book: etree._Element, name: str) -> str | None:
    return next(_every(book, name), None)


def _every(book: etree._Element, name: str) -> Iterator[str]:
    found = (
        clean("".join(e.itertext()))
        for e in book.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}")
    )
    return (text.replace("\n", " ") for text in found if text)

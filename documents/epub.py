"""EPUB becomes text and blocks: its chapters in the order of the spine, each as HTML."""

from __future__ import annotations

from lxml import etree

from documents.archive import Archive
from documents.extract import Composer, Extract, clean, known_language
from documents.html import compose, parse_html
from documents.html_main import main_content

_CONTAINER = "META-INF/container.xml"
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
    for chapter in _chapters(archive, package, book):
        content = archive.read(chapter)
        if content.strip():
            compose(main_content(parse_html(content, f"{name}: {chapter}")), composer)
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        title=_property(book, "title"),
        file_language=known_language(_property(book, "language")),
    )


def _package(archive: Archive) -> str:
    if _holds(archive, "META-INF/encryption.xml", "EncryptedData"):
        raise archive.damaged("some of it is encrypted")
    for found in archive.xml(_CONTAINER).iter("{*}rootfile"):
        return archive.beside("", found.get("full-path", ""))
    raise archive.damaged("its container names no package")


def _holds(archive: Archive, member: str, element: str) -> bool:
    if member not in archive.names():
        return False
    # Fonts may be obfuscated in a book that anyone can read.
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


def _property(book: etree._Element, name: str) -> str | None:
    found = (
        clean("".join(e.itertext()))
        for e in book.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}")
    )
    return next((text.replace("\n", " ") for text in found if text), None)

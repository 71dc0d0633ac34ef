"""Opens ZIP archives that nobody vouches for: DOCX and EPUB are ZIP files of XML."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING
from urllib.parse import unquote

from documents.errors import DamagedDocument, UnsafeDocument

if TYPE_CHECKING:
    from lxml import etree

MAX_ENTRIES = 10_000
MAX_UNPACKED = 256 * 2**20
MAX_MARKUP = 32 * 2**20
"""The most bytes of XML and HTML in an archive; its tree takes about ten times as much."""
_MARKUP_SUFFIXES = (".xml", ".rels", ".opf", ".ncx", ".html", ".htm", ".xhtml")
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
)


class Archive:
    """The files of an archive. Sizes are checked before unpacking; nothing is written to disk."""

    def __init__(self, raw: bytes, name: str) -> None:
        """Open an archive.

        Args:
            raw: the archive.
            name: the file, for messages.

        Raises:
            DamagedDocument: it is no ZIP archive.
            UnsafeDocument: it has more than 10,000 files, or they would unpack to more than 256 MiB
                (32 MiB for XML and HTML).
        """
        self._name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (*_ZIP_ERRORS, OSError) as error:
            raise self.damaged(f"not a ZIP archive ({error})") from error
        self._refuse_bombs()

    def _refuse_bombs(self) -> None:
        # A file that unpacks to more than it declares is cut there by zipfile, and refused.
        entries = self._zip.infolist()
        markup = sum(e.file_size for e in entries if e.filename.lower().endswith(_MARKUP_SUFFIXES))
        total = sum(e.file_size for e in entries)
        if len(entries) > MAX_ENTRIES or total > MAX_UNPACKED or markup > MAX_MARKUP:
            raise UnsafeDocument(
                f"{self._name}: its {len(entries)} parts unpack to {total // 2**20} MiB "
                f"({markup // 2**20} MiB of markup), more than is safe: split the document"
            )

    def names(self) -> frozenset[str]:
        """Return the names of the files in the archive."""
        return frozenset(self._zip.namelist())

    def read(self, member: str) -> bytes:
        """Unpack one file.

        Raises:
            DamagedDocument: it is missing or damaged.
            UnsafeDocument: it defines XML entities, which neither format needs.
        """
        try:
            content = self._zip.read(member)
        except KeyError as error:
            raise self.damaged(f"there is no {member!r} in it") from error
        except _ZIP_ERRORS as error:
            raise self.damaged(f"{member!r} cannot be unpacked ({error})") from error
        # In UTF-16 each of these letters has a NUL byte beside it.
        if b"<!ENTITY" in content.replace(b"\0", b""):
            raise UnsafeDocument(f"{self._name}: {member!r} defines XML entities: remove them")
        return content

    def check(self) -> None:
        """Read all the markup once.

        Raises:
            DamagedDocument: some of it cannot be unpacked.
            UnsafeDocument: some of it defines entities.
        """
        for member in self._zip.namelist():
            if member.lower().endswith(_MARKUP_SUFFIXES):
                self.read(member)

    def xml(self, member: str) -> etree._Element:
        """Parse one file; nothing outside of it is read.

        Raises:
            DamagedDocument: it is missing, damaged or no XML.
            UnsafeDocument: it defines entities.
        """
        from lxml import etree

        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            return etree.fromstring(self.read(member), parser)
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"{member!r} is no XML ({error})") from error

    def beside(self, member: str, reference: str) -> str:
        """Return the name of the file that another one refers to.

        Raises:
            UnsafeDocument: the reference leads out of the archive.
        """
        path = unquote(reference.split("#")[0].split("?")[0])
        found = posixpath.normpath(posixpath.join(posixpath.dirname(member), path))
        if found.startswith(("/", "..")) or ":" in path or "\\" in path:
            raise UnsafeDocument(
                f"{self._name}: {reference!r} leads out of the file: repair the document"
            )
        return found

    def damaged(self, reason: str) -> DamagedDocument:
        """Return the error that says why this is not a sound archive."""
        return DamagedDocument(f"{self._name}: {reason}: export the document again")

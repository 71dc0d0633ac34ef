"""Opens the package of a Word document: its parts, and how they refer to each other."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from documents.errors import DamagedDocument
from documents.formats.archive import Archive
from documents.formats.docx.names import w
from documents.formats.open_xml import transitional

_PARTS = (".xml", ".rels")
_CONTENT_TYPES = "[Content_Types].xml"


@dataclass(frozen=True, slots=True)
class Relation:
    """A reference from one part to another.

    Attributes:
        kind: the last word of its type: ``styles``, ``header``.
        target: the name of the other part, or None if it is outside of the package.
        written: the reference as it stands in the file, for messages.
    """

    kind: str
    target: str | None
    written: str


class Package(Archive):
    """The parts of a document; those of a Strict document come with the usual namespaces.

    Attributes:
        document: the name of the main part.
    """

    def __init__(self, raw: bytes, name: str) -> None:
        """Open a package and find its main part.

        Raises:
            DamagedDocument: it is no ZIP archive, or there is no Word document in it.
            UnsafeDocument: see ``Archive``.
        """
        super().__init__(raw, name)
        self._known: dict[str, dict[str, Relation]] = {}
        self.document = self.related("", "officeDocument") or "word/document.xml"
        if self.document not in self._members.values() or self.body.tag != w("document"):
            raise DamagedDocument(
                f"{name}: there is no Word document in it: open it with the program that made "
                "it, and save it as .docx"
            )

    @cached_property
    def body(self) -> etree._Element:
        """The root of the main part."""
        return self.xml(self.document)

    @cached_property
    def _members(self) -> dict[str, str]:
        # The names of parts are the same whatever their case.
        return {name.lower(): name for name in self.names()}

    def read(self, member: str) -> bytes:
        """Unpack one part, in the namespaces that most programs write.

        Raises:
            DamagedDocument: it is missing or damaged.
            UnsafeDocument: it defines XML entities.
        """
        content = super().read(self._members.get(member.lower(), member))
        return transitional(content) if member.endswith(_PARTS) else content

    def related(self, part: str, kind: str) -> str | None:
        """Return the first part of a kind that a part (``""`` for the package) refers to."""
        found = (r.target for r in self.relations(part).values() if r.kind == kind)
        return next((target for target in found if target is not None), None)

    def tree(self, part: str, kind: str) -> etree._Element | None:
        """Return the root of the first part of a kind that a part refers to, if there is one.

        Raises:
            DamagedDocument: it is damaged or no XML.
            UnsafeDocument: it defines entities.
        """
        found = self.related(part, kind)
        return None if found is None else self.xml(found)

    def relations(self, part: str) -> dict[str, Relation]:
        """Return all that a part refers to, by the identifiers used in it."""
        if part not in self._known:
            self._known[part] = self._relations(part)
        return self._known[part]

    def content_type(self, part: str) -> str:
        """Return the media type of a part, or ``""``."""
        return self._types.get(f"/{part}".lower()) or self._types.get(
            posixpath.splitext(part)[1].lower(), ""
        )

    @cached_property
    def _types(self) -> dict[str, str]:
        if _CONTENT_TYPES.lower() not in self._members:
            return {}
        return {
            (e.get("PartName") or f".{e.get('Extension')}").lower(): e.get("ContentType", "")
            for e in self.xml(_CONTENT_TYPES)
        }

    def _relations(self, part: str) -> dict[str, Relation]:
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed.lower() not in self._members:
            return {}
        return {e.get("Id", ""): self._relation(part, e) for e in self.xml(listed)}

    def _relation(self, part: str, element: etree._Element) -> Relation:
        written = element.get("Target", "")
        kind = element.get("Type", "").rpartition("/")[2]
        if element.get("TargetMode") == "External":
            return Relation(kind, None, written)
        start = "" if written.startswith("/") else part
        # A reference that leads out of the package is one to nothing in it.
        target = posixpath.normpath(posixpath.join(posixpath.dirname(start), written.lstrip("/")))
        known = self._members.get(target.lower())
        return Relation(kind, known, written)

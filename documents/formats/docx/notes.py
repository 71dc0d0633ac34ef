"""Finds footnotes and endnotes, and numbers them in the order of their references."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from lxml import etree

from documents.formats.docx.names import number, setting, w
from documents.formats.docx.number_formats import written
from documents.formats.docx.package import Package
from documents.formats.docx.words import NoteReference

_USUAL = {"footnote": "decimal", "endnote": "lowerRoman"}


class Notes:
    """The notes of a document."""

    def __init__(self, package: Package, settings: etree._Element | None) -> None:
        """Start with no note numbered.

        Args:
            package: the document's.
            settings: the root of its settings, which say how notes are numbered.
        """
        self._package, self._settings = package, settings
        self._counts: Counter[str] = Counter()

    def mark(self, kind: str) -> str:
        """Number the next note of a kind, and return its mark in the text, ``[1]``."""
        self._counts[kind] += 1
        first = number(self._setting(kind, "numStart")) or 1
        form = self._setting(kind, "numFmt") or _USUAL[kind]
        return f"[{written(first + self._counts[kind] - 1, form, french=False)}]"

    def take(self, reference: NoteReference) -> etree._Element | None:
        """Return the note, the first time that it is asked for."""
        return self._notes.pop(reference[:2], None)

    def _setting(self, kind: str, name: str) -> str | None:
        return setting(self._settings, w(f"{kind}Pr/{name}"))

    @cached_property
    def _notes(self) -> dict[tuple[str, ...], etree._Element]:
        found: dict[tuple[str, ...], etree._Element] = {}
        for kind in _USUAL:
            root = self._package.tree(self._package.document, f"{kind}s")
            listed = [] if root is None else root.findall(w(kind))
            found |= {(kind, note.get(w("id"), "")): note for note in listed}
        return found

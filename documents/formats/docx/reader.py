"""Puts the paragraphs, tables, notes and margins of a Word document in order."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable

from lxml import etree

from documents.errors import UnreadableDocument, UnsupportedFormat
from documents.formats.docx.drawings import chart_rows, diagram_lines
from documents.formats.docx.embedded import ReadEmbedded, read_embedded
from documents.formats.docx.margins import Margins
from documents.formats.docx.names import (
    ALTERNATIVES,
    CHOICE,
    FALLBACK,
    PARAGRAPH,
    RELATION,
    TABLE,
    number,
    paragraphs,
    parts,
    setting,
    w,
)
from documents.formats.docx.notes import Notes
from documents.formats.docx.numbering import Label, Numbering
from documents.formats.docx.package import Package
from documents.formats.docx.styles import ALIGNMENT, Style, Styles
from documents.formats.docx.tables import MergedCells, cells_of, header_rows, parting_rows, rows_of
from documents.formats.docx.words import Line, NoteReference, Words, is_bold
from documents.formats.extract import ANY_LEVEL, Composer, Extract, clean, known_language
from documents.formats.labels import label_rank
from documents.formats.open_xml import core_properties, core_property
from documents.lines import is_closed, item_marker
from documents.notices import Notice, NoticeKind
from documents.structure import MAX_HEADING
from documents.titles import is_left_over
from documents.types import Span

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK, _STYLE, _OUTLINE = w("altChunk"), w("pPr/pStyle"), w("pPr/outlineLvl")
_JOINED = (w("pPr/rPr/del"), w("pPr/rPr/moveFrom"))
_LANGUAGE = w("docDefaults/rPrDefault/rPr/lang")
_LEFT_OUT = frozenset({w("del"), w("moveFrom"), w("sdtPr"), FALLBACK})
_CAPTIONS = frozenset({"caption", "toc heading"})
_CONTENTS = re.compile(r"toc \d|table of figures|index \d")
_LISTS = ("list bullet", "list number")
_MAX_HEADING = 120
_MAX_LEAD = 300
"""Code points of the longest row that is a lead of the table within it."""


def read_docx(raw: bytes, name: str, read_other: ReadEmbedded | None = None) -> Extract:
    """Read a document of Word or another office suite, its tracked changes accepted.

    Numbers of paragraphs are counted as Word does. Notes follow their paragraph; headers start the
    text, footers end it, each once. Tables of contents, comments, hidden words and macros are left
    out.

    Args:
        raw: the archive.
        name: the file, for messages.
        read_other: reads the files of other formats that stand in the document; without it, they
            are only named.

    Raises:
        DamagedDocument: no sound DOCX.
        UnreadableDocument: it is protected by a password.
        UnsafeDocument: it unpacks to too much, or defines entities.
    """
    if raw.startswith(_OLE):
        raise UnreadableDocument(
            f"{name}: protected by a password, or an old .doc: save it as a plain .docx"
        )
    return _Reader(Package(raw, name), read_other or _read_nothing).extract()


def _read_nothing(_: bytes, name: str) -> Extract:
    raise UnsupportedFormat(
        f"{name}: it stands too deep in other files: save it as a file of its own"
    )


class _Reader:
    def __init__(self, package: Package, read_other: ReadEmbedded) -> None:
        self._package, self._read_other = package, read_other
        main = package.document
        self._core = package.tree("", "core-properties")
        self._settings = package.tree(main, "settings")
        styles = package.tree(main, "styles")
        self._styles = Styles(styles)
        usual = setting(styles, _LANGUAGE)
        french = known_language(core_property(self._core, "language") or usual) != "en"
        self._numbering = Numbering(package.tree(main, "numbering"), self._styles, french=french)
        self._notes = Notes(package, self._settings)
        self._words = Words(self._styles, self._notes.mark)
        self._margins = Margins(package, self._styles, self._notes.mark)
        self._merged = MergedCells()
        self._composer = Composer()
        self._title: str | None = None
        self._listed = False
        self._carried = ""
        self._parts_read: set[str] = set()
        self._unread: dict[str, None] = {}
        self._counts: Counter[NoticeKind] = Counter()
        self._inserted: list[Notice] = []

    @property
    def _stated(self) -> str:
        return clean(core_property(self._core, "title") or "").replace("\n", " ")

    def extract(self) -> Extract:
        first, later = self._margins.parts(self._settings)
        self._add_margins(first)
        self._walk(self._package.body)
        self._end_paragraph("")
        self._add_margins(later)
        return Extract(
            text=self._composer.text,
            blocks=tuple(self._composer.blocks),
            title=self._title,
            file_title=self._stated or None,
            file_language=known_language(core_property(self._core, "language")),
            notices=tuple(self._notices()),
            properties=core_properties(self._core),
        )

    def _notices(self) -> Iterable[Notice]:
        yield from (Notice(kind, str(count)) for kind, count in sorted(self._counts.items()))
        if self._unread:
            yield Notice(NoticeKind.EMBEDDED_UNREAD, ", ".join(self._unread))
        yield from self._inserted

    def _walk(self, parent: etree._Element) -> None:
        for element in parent:
            if element.tag == PARAGRAPH:
                self._paragraph(element)
            elif element.tag == TABLE:
                self._table(element)
            elif element.tag == _CHUNK:
                self._chunk(element)
            elif element.tag == ALTERNATIVES:
                self._walk(next((e for e in element if e.tag == CHOICE), element))
            elif element.tag not in _LEFT_OUT:
                self._walk(element)

    def _paragraph(self, element: etree._Element) -> None:
        style = self._styles.paragraph(setting(element, _STYLE))
        if any(map(_CONTENTS.fullmatch, style.names)):
            return
        line = self._words.read(element, style)
        if any(element.find(path) is not None for path in _JOINED):
            # The mark that ends it was deleted: what follows is the same paragraph.
            self._carried += line.text
        else:
            self._end_paragraph(line.text, element, style, hidden=line.hidden)
        self._after(line)

    def _end_paragraph(
        self,
        words: str,
        element: etree._Element | None = None,
        style: Style | None = None,
        *,
        hidden: bool = False,
    ) -> None:
        text, self._carried = clean(self._carried + words), ""
        if element is None or style is None:
            self._composer.paragraph(text)
        elif text or not hidden:
            self._compose(text, element, style)

    def _compose(self, text: str, element: etree._Element, style: Style) -> None:
        label = self._numbering.label(element, style) or Label()
        if style.names and style.names[0] in _CAPTIONS:
            self._composer.caption(_labelled(label, text))
            return
        depth = _depth(element, style)
        if depth is None and not label.words and self._is_title(text, element, style):
            depth = 0
        rank = label_rank(label.words) if depth is None and _is_short(text) else None
        if depth is not None or rank is not None:
            self._heading(_labelled(label, text), depth, rank)
        else:
            self._text(label, text, element, style)

    def _is_title(self, text: str, element: etree._Element, style: Style) -> bool:
        """Tell whether a paragraph is the title of a file that states none: first, bold, centred.

        Headers come before it and are of level 0.
        """
        if not text or any(block.level > 0 for block in self._composer.blocks):
            return False
        if (
            len(text) > MAX_HEADING
            or is_closed(text)
            or (self._stated and not is_left_over(self._stated))
        ):
            return False
        alignment = setting(element, ALIGNMENT)
        centred = style.centred if alignment is None else alignment == "center"
        return centred and is_bold(element, usual=style.bold)

    def _heading(self, words: str, depth: int | None, rank: int | None) -> None:
        flat = words.replace("\n", " ")
        if depth == 0 and self._title is None:
            self._title = flat or None
        level = depth if depth is not None else 1 + (rank or 0)
        self._composer.heading(flat, min(level, ANY_LEVEL - 1))
        self._listed = False

    def _text(self, label: Label, text: str, element: etree._Element, style: Style) -> None:
        bullet = label.bullet or (not label.words and _is_list(style))
        words = f"- {text}" if bullet and text else _labelled(label, text) if text else ""
        listed = bool(words) and (bullet or bool(label.words and item_marker(f"{label.words} ")))
        self._composer.paragraph(
            words,
            close=listed and self._listed,
            question=not listed and text.endswith("?") and is_bold(element),
        )
        self._listed = listed

    def _after(self, line: Line) -> None:
        """Read what hangs on a paragraph, behind it."""
        for box in line.boxes:
            self._walk(box)
        for reference in line.notes:
            self._note(reference)
        for relation in line.drawings:
            self._drawing(relation)
        for relation in line.objects:
            self._name_unread(relation)
        if line.hidden:
            self._counts[NoticeKind.HIDDEN_TEXT] += 1
        if line.comments:
            self._counts[NoticeKind.COMMENTS] += line.comments

    def _drawing(self, relation: str) -> None:
        part = self._target(relation)
        if part is None or part in self._parts_read:
            return
        self._parts_read.add(part)
        root = self._package.xml(part)
        for words in diagram_lines(root):
            self._composer.paragraph(clean(words).replace("\n", " "))
        rows = chart_rows(root)
        if rows is None:
            self._name_unread(relation)
        else:
            cleaned = ([clean(cell).replace("\n", " ") for cell in row] for row in rows)
            self._composer.table((_row(row), at == 0) for at, row in enumerate(cleaned))

    def _note(self, reference: NoteReference) -> None:
        note = self._notes.take(reference)
        if note is None:
            return
        found = [(p, self._styles.paragraph(setting(p, _STYLE))) for p in paragraphs(note)]
        words = clean(" ".join(self._words.read(p, style).text for p, style in found))
        text = f"{reference.mark} {words}".strip() if words else ""
        self._composer.paragraph(text.replace("\n", " "), close=self._listed)

    def _table(self, table: etree._Element, above: tuple[Span, ...] = ()) -> None:
        rows = rows_of(table)
        cells = [cell for row in rows for cell in cells_of(row)]
        if len(cells) == 1:
            self._walk(cells[0])
            return
        lines: list[Line] = []
        self._rows(rows, header_rows(table, rows), above, lines)
        for line in lines:
            self._after(line)
        self._listed = False

    def _rows(
        self,
        rows: list[etree._Element],
        headers: list[bool],
        above: tuple[Span, ...],
        lines: list[Line],
    ) -> None:
        """Add the rows, those of tables in their cells after each."""
        inner: list[etree._Element] = []
        group: list[tuple[str, bool]] = []
        parting, start = parting_rows(rows), 0
        texts = self._merged.rows(rows, lambda cell: self._cell(cell, inner, lines))
        for at, (words, is_header) in enumerate(zip(texts, headers, strict=True)):
            group.append((_row(words), is_header or at in parting))
            if inner or at + 1 == len(rows):
                above = self._composer.table(group, above, {p - start for p in parting})
                self._inner(inner, above)
                group, start = [], at + 1
                inner.clear()

    def _inner(self, elements: list[etree._Element], above: tuple[Span, ...]) -> None:
        """Read the tables and files that stand in the cells of the row that was added last."""
        row = self._composer.blocks[-1].span if self._composer.blocks else Span(0, 0)
        short = 0 < row.end - row.start <= _MAX_LEAD and row not in above
        for element in list(elements):
            if element.tag == TABLE:
                self._table(element, (*above, row) if short else above)
            else:
                self._chunk(element)

    def _cell(self, cell: etree._Element, inner: list[etree._Element], lines: list[Line]) -> str:
        found: list[str] = []
        for element in parts(cell, PARAGRAPH, TABLE, _CHUNK):
            if element.tag == PARAGRAPH:
                found.append(self._cell_paragraph(element, lines))
            else:
                inner.append(element)
        return " ".join(text for text in found if text)

    def _cell_paragraph(self, element: etree._Element, lines: list[Line]) -> str:
        style = self._styles.paragraph(setting(element, _STYLE))
        line = self._words.read(element, style)
        lines.append(line)
        text = clean(line.text).replace("\n", " ")
        label = self._numbering.label(element, style) or Label()
        return _labelled(label, text) if text else ""

    def _chunk(self, element: etree._Element) -> None:
        relation = element.get(RELATION, "")
        part = self._target(relation)
        if part is None or part in self._parts_read:
            return
        self._parts_read.add(part)
        found = read_embedded(self._package, part, self._read_other)
        if found is None:
            self._name_unread(relation)
        else:
            self._composer.insert(found)
            self._inserted += found.notices
        self._listed = False

    def _target(self, relation: str) -> str | None:
        found = self._package.relations(self._package.document).get(relation)
        return None if found is None else found.target

    def _name_unread(self, relation: str) -> None:
        part = self._target(relation)
        if part is not None:
            self._unread[posixpath.basename(part)] = None

    def _add_margins(self, listed: list[str]) -> None:
        """Add headers or footers, below no heading."""
        self._composer.level = 0
        for part in listed:
            self._composer.paragraph("\n".join(self._margins.lines(part)))
        self._composer.level = ANY_LEVEL


def _labelled(label: Label, text: str) -> str:
    return clean(f"{label.words} {text}")


def _row(cells: list[str]) -> str:
    return " | ".join(cells).strip() if any(cells) else ""


def _is_list(style: Style) -> bool:
    return style.numbers is None and any(name.startswith(_LISTS) for name in style.names)


def _is_short(text: str) -> bool:
    return len(text) <= _MAX_HEADING and not is_closed(text)


def _depth(element: etree._Element, style: Style) -> int | None:
    outline = number(setting(element, _OUTLINE))
    if style.depth is not None or outline is None:
        return style.depth
    return outline + 1 if outline < 9 else None

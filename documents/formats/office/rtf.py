r"""Reads RTF: headings by style, list items, tables, notes after their paragraph, margins last.

What a group holds is told by the first word in it, its destination: ``{\footnote …}``. Groups that
start with ``\*`` are left out unless their destination is known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from documents.errors import DamagedDocument
from documents.formats.extract import ANY_LEVEL, Composer, Extract, clean
from documents.formats.office.rtf_tokens import LATIN, Token, code_page, encoding_of, tokens
from documents.formats.tables.grid import flat
from documents.notices import Notice, NoticeKind
from documents.properties import Properties, listed, properties_of

_BODY, _UNSEEN = "body", "unseen"
_KNOWN: Final = {
    "footnote": "note", "annotation": _UNSEEN, "header": "margin", "headerl": "margin",
    "headerr": "margin", "headerf": "margin", "footer": "margin", "footerl": "margin",
    "footerr": "margin", "footerf": "margin", "shptxt": "box", "dptxbxtext": "box",
    "fonttbl": "fonts", "stylesheet": "styles", "title": "title", "author": "author",
    "keywords": "keywords", "creatim": "created", "revtim": "revised", "listtext": "mark",
    "pntext": "mark", "shpinst": "shape", "shp": "shape", "do": "shape", "info": "shape",
}  # fmt: skip
_LEFT_OUT: Final = frozenset({
    "bkmkend", "bkmkstart", "category", "colortbl", "comment", "company",
    "datafield", "datastore", "doccomm", "falt", "fldinst", "generator",
    "listoverridetable", "listtable", "manager", "nonshppict", "objclass", "objdata", "operator",
    "panose", "pict", "printim", "revtbl", "rsidtbl", "rxe", "shprslt", "sn", "sp",
    "subject", "sv", "tc", "template", "themedata", "txe", "userprops", "xe", "xmlnstbl",
    "filetbl", "latentstyles", "pgptbl", "atnid", "atnauthor", "atnref", "atndate",
    "nesttableprops", "nonesttables", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "ftncn", "aftncn",
    "bliptag",
    "blipuid", "buptim", "colorschememapping", "mmathPr", "wgrffmtfilter", "private",
})  # fmt: skip
_SIGNS: Final = {
    "line": "\n", "lbr": "\n", "softline": "\n", "tab": " ", "emdash": "—", "endash": "–",
    "emspace": " ", "enspace": " ", "qmspace": " ", "bullet": "•", "lquote": "‘", "rquote": "’",
    "ldblquote": "“", "rdblquote": "”", "~": "\xa0", "_": "\u2011",
    "nestcell": " | ", "nestrow": "\n",
}  # fmt: skip
_ENDS: Final = frozenset({"par", "sect", "page", "\n", "\r"})
_HEADING = re.compile(r"(?:heading|titre|überschrift) ([1-9])", re.IGNORECASE)
_TITLES: Final = frozenset({"title", "titre"})
_PAGE_WORDS = re.compile(r"(?:[\W\d_]|\b(?:page|pages|p|pg|of|on|sur|de|à)\b)*", re.IGNORECASE)


def read_rtf(raw: bytes, name: str) -> Extract:
    """Read a text; hidden and deleted words, pictures and embedded objects are left out.

    Args:
        raw: the file.
        name: the file, for messages.

    Raises:
        DamagedDocument: no RTF.
        UnsafeDocument: reading it would take too long.
    """
    source = raw.decode("latin-1").lstrip("\x00 \t\r\n").removeprefix("ï»¿")
    if not source.startswith("{\\rtf"):
        raise DamagedDocument(f"{name}: no RTF: export it again, or give it its own suffix")
    reader = _Reader()
    for token in tokens(source, name):
        reader.take(token)
    return reader.extract()


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds for the words of a group, and ends with it."""

    place: str = _BODY
    skip: int = 1
    font: int | None = None
    hidden: bool = False
    starred: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What holds for the paragraph that is being read."""

    style: int | None = None
    outline: int | None = None
    in_table: bool = False


@dataclass(slots=True)
class _Text:
    """The words of a place, with bytes that wait for others to be decoded with."""

    parts: list[str] = field(default_factory=list)

    def take(self) -> str:
        words, self.parts = "".join(self.parts), []
        # Letters beyond the first plane are written as two halves.
        joined = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return clean(joined)


class _Reader:
    def __init__(self) -> None:
        self._group = _Group()
        self._groups: list[_Group] = []
        self._texts: dict[str, _Text] = {}
        self._paragraph = _Paragraph()
        self._fonts: dict[int | None, str] = {}
        self._styles: dict[int, tuple[str, int | None]] = {}
        self._usual = LATIN
        self._codes = bytearray()
        self._left = 0
        self._row: list[str] = []
        self._rows: list[tuple[str, bool]] = []
        self._is_header = False
        self._after: list[str] = []
        self._margins: list[str] = []
        self._notes = 0
        self._listed = False
        self._mark = ""
        self._title: str | None = None
        self._dates: dict[str, dict[str, int]] = {"created": {}, "revised": {}}
        self._composer = Composer()

    def extract(self) -> Extract:
        cut = bool(self._groups)
        self._decode()
        self._end()
        self._flush_rows()
        self._composer.level = 0
        for line in dict.fromkeys(self._margins):
            self._composer.paragraph(line)
        return Extract(
            self._composer.text,
            tuple(self._composer.blocks),
            title=self._title,
            file_title=flat(self._text("title").take()) or None,
            notices=(Notice(NoticeKind.CUT_SHORT),) if cut else (),
            properties=self._properties(),
        )

    def _properties(self) -> Properties:
        texts = [(place, flat(self._text(place).take())) for place in ("author", "keywords")]
        pairs = [pair for name, written in texts for pair in listed(name, written)]
        dates = (("date", self._dates["created"]), ("modified", self._dates["revised"]))
        days = ((key, "-".join(f"{part:02}" for part in date.values())) for key, date in dates)
        return properties_of([*pairs, *days])

    def take(self, token: Token) -> None:
        if token.code is not None:
            self._code(token.code)
            return
        self._decode()
        if token.text:
            self._letters(token.text)
        elif token.word == "{":
            self._groups.append(self._group)
            self._left = 0
        elif token.word == "}":
            self._close()
        else:
            self._word(token.word, token.number)

    def _close(self) -> None:
        self._left = 0
        if not self._groups:
            return
        inner, self._group = self._group, self._groups.pop()
        if inner.place == self._group.place:
            return
        if inner.place in {"note", "box"}:
            self._end_aside(inner.place)
        elif inner.place == "margin":
            self._end_margin()
        elif inner.place == "mark":
            self._end_mark()

    def _code(self, code: int) -> None:
        if self._left:
            self._left -= 1
        elif self._is_seen():
            self._codes.append(code)

    def _decode(self) -> None:
        if self._codes:
            encoding = self._fonts.get(self._group.font, self._usual)
            self._add(self._codes.decode(encoding, "replace"))
            self._codes.clear()

    def _letters(self, text: str) -> None:
        skipped = min(self._left, len(text))
        self._left -= skipped
        if self._group.place == "fonts":
            return
        if self._group.place == "styles":
            self._name_style(text)
        elif self._is_seen():
            self._add(text[skipped:])

    def _is_seen(self) -> bool:
        return not self._group.hidden and self._group.place not in {_UNSEEN, "fonts", "shape"}

    def _add(self, words: str) -> None:
        self._text(self._group.place).parts.append(words)

    def _text(self, place: str) -> _Text:
        return self._texts.setdefault(place, _Text())

    def _word(self, word: str, number: int | None) -> None:
        if word == "*" and self._group.place != _UNSEEN:
            self._group = replace(self._group, starred=True)
        elif self._group.place != _UNSEEN and word in _KNOWN:
            self._enter(_KNOWN[word])
        elif word in _LEFT_OUT or self._group.starred:
            self._group = replace(self._group, place=_UNSEEN, starred=False)
        elif self._group.place in {"fonts", "styles"}:
            self._define(word, number)
        elif self._group.place in self._dates:
            self._note_date(word, number)
        elif self._group.place != _UNSEEN:
            self._format(word, number)

    def _enter(self, place: str) -> None:
        self._group = replace(self._group, place=place, starred=False)
        if place == "note":
            self._notes += 1
            self._text(_BODY).parts.append(f" [{self._notes}]")
            self._text("note").parts.append(f"[{self._notes}] ")

    def _define(self, word: str, number: int | None) -> None:
        """Note what a table of fonts or styles says."""
        if self._group.place == "fonts":
            if word == "f":
                self._group = replace(self._group, font=number)
            elif word == "fcharset" and number is not None:
                self._fonts[self._group.font] = encoding_of(number, self._usual)
        elif word == "s" and number is not None:
            self._paragraph.style, self._paragraph.outline = number, None
        elif word == "outlinelevel":
            self._paragraph.outline = number

    def _note_date(self, word: str, number: int | None) -> None:
        if word in {"yr", "mo", "dy"} and number is not None:
            self._dates[self._group.place][word] = number

    def _name_style(self, text: str) -> None:
        if text.rstrip().endswith(";") and self._paragraph.style is not None:
            found = text.strip().rstrip(";").strip().casefold()
            self._styles[self._paragraph.style] = (found, self._paragraph.outline)
            self._paragraph = _Paragraph()

    def _format(self, word: str, number: int | None) -> None:
        if word in _SIGNS:
            self._left = 0
            if self._is_seen():
                self._add(_SIGNS[word])
        elif word == "u" and number is not None:
            self._unicode(number)
        elif word in _ENDS:
            self._end_paragraph()
        elif word in _SETTERS:
            self._group = _SETTERS[word](self._group, number)
        elif word in {"ansicpg", "mac", "pc", "pca"}:
            self._usual = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}.get(
                word, code_page(number)
            )
        elif self._group.place == _BODY:
            self._lay_out(word, number)

    def _unicode(self, number: int) -> None:
        if self._is_seen() and -0x8000 <= number <= 0xFFFF:
            self._add(chr(number % 0x10000))
        self._left = self._group.skip

    def _end_paragraph(self) -> None:
        if self._group.place != _BODY or self._paragraph.in_table:
            self._add("\n")
        else:
            self._end()

    def _lay_out(self, word: str, number: int | None) -> None:
        if word == "pard":
            self._paragraph = _Paragraph()
        elif word == "s":
            self._paragraph.style = number
        elif word == "outlinelevel":
            self._paragraph.outline = number
        elif word == "intbl":
            self._paragraph.in_table = True
        else:
            self._lay_out_table(word)

    def _lay_out_table(self, word: str) -> None:
        if word in {"trowd", "trhdr"}:
            self._is_header = word == "trhdr"
        elif word == "cell":
            self._row.append(flat(self._text(_BODY).take()))
        elif word == "row":
            self._end_row()

    def _end_row(self) -> None:
        words = " | ".join(self._row).strip() if any(self._row) else ""
        self._rows.append((words, self._is_header))
        self._row = []

    def _flush_rows(self) -> None:
        if self._rows:
            self._composer.table(self._rows)
            self._rows, self._listed = [], False
            self._flush_after()

    def _flush_after(self) -> None:
        for words in self._after:
            self._composer.paragraph(words)
        self._after = []

    def _end(self) -> None:
        """End a paragraph of the text; its notes and text boxes come after it."""
        words = self._text(_BODY).take()
        if words:
            self._flush_rows()
            self._compose(words)
        if not self._rows:
            self._flush_after()

    def _compose(self, words: str) -> None:
        mark, self._mark = self._mark, ""
        level = self._level()
        if level is None:
            self._composer.paragraph(mark + words, close=bool(mark) and self._listed)
            self._listed = bool(mark)
            return
        if level == 0:
            self._title = self._title or words.replace("\n", " ")
        self._composer.heading(mark + words, level)
        self._listed = False

    def _level(self) -> int | None:
        name, outline = self._styles.get(self._paragraph.style or 0, ("", None))
        own = self._paragraph.outline if self._paragraph.outline is not None else outline
        if name in _TITLES:
            return 0
        if found := _HEADING.fullmatch(name):
            return min(int(found[1]), ANY_LEVEL - 1)
        return own + 1 if own is not None and 0 <= own < ANY_LEVEL - 1 else None

    def _end_aside(self, place: str) -> None:
        if words := self._text(place).take():
            self._after.append(words.replace("\n", " ") if place == "note" else words)

    def _end_margin(self) -> None:
        lines = self._text("margin").take().split("\n")
        self._margins += (line for line in lines if not _PAGE_WORDS.fullmatch(line))

    def _end_mark(self) -> None:
        mark = flat(self._text("mark").take())
        self._mark = f"{mark if any(map(str.isalnum, mark)) else '-'} "


def _hide(group: _Group, number: int | None) -> _Group:
    return replace(group, hidden=number != 0)


_SETTERS: Final[dict[str, Callable[[_Group, int | None], _Group]]] = {
    "v": _hide,
    "deleted": _hide,
    "uc": lambda group, number: replace(group, skip=max(0, number or 0)),
    "f": lambda group, number: replace(group, font=number),
    "plain": lambda group, _: replace(group, hidden=False),
}

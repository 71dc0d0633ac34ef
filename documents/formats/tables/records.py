"""Reads JSON and JSON Lines: each object is a section, which names its keys and values.

Objects in a list, wherever it is, are sections of their own below the object that has the list.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.errors import DamagedDocument, UnsafeDocument
from documents.formats.decoding import decoded
from documents.formats.extract import ANY_LEVEL, Composer, Extract, clean
from documents.formats.tables.composing import Manner, compose_fields, manner_of
from documents.formats.tables.grid import MAX_CELLS
from documents.lines import lines
from documents.notices import Notice, NoticeKind

_NAMES: Final = tuple(
    frozenset(words.split())
    for words in (
        "name nom title titre label libelle intitule designation headline heading subject sujet",
        "term terme product produit item article theme topic",
        "id identifier identifiant code ref reference sku key slug numero number uuid isbn",
    )
)
"""Words of keys whose values name an object, folded; the sooner, the more."""
_KEY_WORD = re.compile(r"[A-ZÀ-Ý]?[^\W\d_A-ZÀ-Ý]+|[A-ZÀ-Ý]+(?![^\W\d_A-ZÀ-Ý])")
_BELOW: Final = " › "
_MAX_NAME: Final = 120
"""Code points of the longest name of an object."""
_TITLES: Final = ("title", "titre", "headline", "heading", "subject", "sujet", "name", "nom")
_TEXTS: Final = (
    "text", "texte", "body", "content", "contenu", "abstract", "description",
    "answer", "réponse", "reponse", "response",
)  # fmt: skip
_QUESTIONS: Final = ("question", "prompt")
_MAX_TITLE = 200
_MAX_LISTED = 20
_SAMPLE = 100
"""The members by which it is told in which language a file is."""
_MIN_PROSE = 80
"""Code points from which on a value under a key for texts is a paragraph of its own."""
_MAX_DEPTH = 6
"""How many lists deep an object has a section of its own; deeper ones are values of it."""
Value = tuple[str, str]
"""The path of keys to a value, and the value."""
Inner = tuple[str, object]
"""The path of keys to a list, and an object in it."""


def read_json_lines(raw: bytes, name: str) -> Extract:
    """Read a value a line; lines that are no JSON are left out and named.

    Args:
        raw: UTF-8, or UTF-16 with a byte-order mark.
        name: the file, for messages.

    Raises:
        DamagedDocument: no line is JSON.
        UndecodableDocument: no encoding fits.
        UnsafeDocument: there are too many values, or they are nested too deep.
    """
    text, notices = decoded(raw, name)
    found, unread = list[tuple[int, object]](), list[int]()
    for number, line in enumerate(lines(text), start=1):
        if words := text[slice(*line)].strip():
            _add(words, number, found, unread)
    if unread and not found:
        raise DamagedDocument(f"{name}: no line of it is JSON: export it again")
    if unread:
        detail = ", ".join(map(str, unread[:_MAX_LISTED])) + (" …" * (len(unread) > _MAX_LISTED))
        notices = (*notices, Notice(NoticeKind.LINES_UNREAD, detail))
    return _extract(found, name, notices, by_line=True)


def read_json(raw: bytes, name: str) -> Extract:
    """Read one value: of a list, each member is a section; so is each object of a list within.

    Args:
        raw: UTF-8, or UTF-16 with a byte-order mark.
        name: the file, for messages.

    Raises:
        DamagedDocument: it is no JSON.
        UndecodableDocument: no encoding fits.
        UnsafeDocument: there are too many values, or they are nested too deep.
    """
    text, notices = decoded(raw, name)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedDocument(f"{name}: no JSON ({error}): export it again") from error
    members = list(enumerate(value if isinstance(value, list) else [value], start=1))
    return _extract(members, name, notices, by_line=False)


def _add(words: str, number: int, found: list[tuple[int, object]], unread: list[int]) -> None:
    try:
        found.append((number, json.loads(words)))
    except (ValueError, RecursionError):
        unread.append(number)


def _extract(
    members: list[tuple[int, object]], name: str, notices: tuple[Notice, ...], *, by_line: bool
) -> Extract:
    sample = (pair for _, member in members[:_SAMPLE] for pair in _values(member, name))
    manner = manner_of(words for pair in sample for words in pair)
    sections = _Sections(name, manner)
    for number, member in members:
        sections.add(member, _place(number, len(members), manner, by_line=by_line))
    heading = _name_of(list(_values(members[0][1], name, []))) if len(members) == 1 else None
    return Extract(
        sections.composer.text,
        tuple(sections.composer.blocks),
        file_title=clean(heading[1]) if heading else None,
        file_language=manner.language,
        notices=notices,
    )


@dataclass(slots=True)
class _Sections:
    """Writes objects and, below each, those of its lists, without recursion."""

    name: str
    manner: Manner
    composer: Composer = field(default_factory=Composer)
    left: int = MAX_CELLS

    def add(self, member: object, place: str) -> None:
        waiting = [(place, 0, member)]
        while waiting:
            place, depth, value = waiting.pop()
            inner: list[Inner] | None = [] if depth < _MAX_DEPTH else None
            values = list(_values(value, self.name, inner))
            self._count(len(values) + bool(inner))
            self._heading(values, place, depth, holds=bool(inner))
            _compose(values, self.composer, self.manner)
            waiting += [(p, depth + 1, v) for p, v in reversed(_placed(inner or []))]

    def _count(self, values: int) -> None:
        self.left -= values
        if self.left < 0:
            raise UnsafeDocument(f"{self.name}: more than {MAX_CELLS:,} values: split the file")

    def _heading(self, values: list[Value], place: str, depth: int, *, holds: bool) -> None:
        heading, level = _name_of(values), 2 * depth + 1
        self.composer.level = max(ANY_LEVEL, level + 1)
        self.composer.heading(place, level, question=True)
        if heading and (len(values) > 1 or holds):
            self.composer.heading(clean(heading[1]), level + 1, question=True)


def _placed(inner: Sequence[Inner]) -> list[tuple[str, object]]:
    """Return each object of some lists with its place: ``contacts n° 2``."""
    counts = Counter[str]()
    found = list[tuple[str, object]]()
    for label, value in inner:
        counts[label] += 1
        found.append((f"{label} n° {counts[label]}".strip(), value))
    return found


def _name_of(values: list[Value]) -> Value | None:
    """Return what names an object: its title, or else the field that is most like a name."""
    known = _first(values, _QUESTIONS) or _first(values, _TITLES)
    if known or len(values) == 1:
        return known
    short = [
        v for v in values if _BELOW not in v[0] and len(v[1]) <= _MAX_NAME and "\n" not in v[1]
    ]
    ranked = [(rank, v) for v in short if (rank := _rank(v[0])) is not None]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else None


def _rank(key: str) -> int | None:
    """Return how little a key is like a name: ``productName`` 0, ``nom_client`` 0, ``sku`` 2."""
    parts = _KEY_WORD.findall(key)
    words = [unicodedata.normalize("NFKD", part).casefold() for part in (*parts, key)]
    plain = {"".join(c for c in word if not unicodedata.combining(c)) for word in words}
    return next((rank for rank, known in enumerate(_NAMES) if plain & known), None)


def _place(number: int, members: int, manner: Manner, *, by_line: bool) -> str:
    if by_line:
        return f"{manner.line} {number}"
    return f"n° {number}" if members > 1 else ""


def _compose(values: list[Value], composer: Composer, manner: Manner) -> None:
    heading = _name_of(values)
    titled = _first(values, _QUESTIONS) or _first(values, _TITLES)
    prose = [v for v in values if v is not heading and _is_prose(v, titled)]
    # Where nothing else follows in prose, the fields are whole, so that they can be quoted.
    rest = (v for v in values if not (prose and v is heading) and v not in prose)
    compose_fields([_field(*value, manner) for value in rest], composer, manner.between)
    for _, words in prose:
        for paragraph in words.split("\n\n"):
            composer.paragraph(clean(paragraph))


def _first(values: list[Value], keys: tuple[str, ...]) -> Value | None:
    found = {label.casefold(): (label, words) for label, words in reversed(values)}
    chosen = next((found[key] for key in keys if key in found), None)
    known = chosen is not None and clean(chosen[1]) and len(chosen[1]) <= _MAX_TITLE
    return next((v for v in values if v == chosen), None) if known else None


def _is_prose(value: Value, title: Value | None) -> bool:
    known = value[0].casefold() in _TEXTS
    return known and bool(clean(value[1])) and (len(value[1]) >= _MIN_PROSE or title is not None)


def _field(label: str, words: str, manner: Manner) -> str:
    flat = clean(words).replace("\n", " ")
    return f"{label}{manner.colon}{flat}" if label else flat


def _values(member: object, name: str, inner: list[Inner] | None = None) -> Iterator[Value]:
    """Yield the values of an object with the paths of their keys, without recursion.

    Args:
        member: the object, or another value.
        name: the file, for messages.
        inner: where the objects of its lists are put; without it, their values are its own.
    """
    waiting: list[tuple[str, object]] = [("", member)]
    seen = 0
    while waiting:
        path, value = waiting.pop()
        seen += 1
        if seen > MAX_CELLS:
            raise UnsafeDocument(f"{name}: more than {MAX_CELLS:,} values: split the file")
        if isinstance(value, dict):
            waiting += reversed([(_below(path, str(key)), v) for key, v in value.items()])
        elif isinstance(value, list):
            yield from _list(path, value, waiting, inner)
        elif value is not None and clean(str(value)):
            yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _list(
    path: str,
    value: list[object],
    waiting: list[tuple[str, object]],
    inner: list[Inner] | None,
) -> Iterator[Value]:
    if inner is not None and any(map(_is_record, value)):
        inner += ((path, v) for v in value if isinstance(v, dict))
        value = [v for v in value if not isinstance(v, dict)]
    if any(isinstance(v, dict | list) for v in value):
        waiting += reversed([(path, v) for v in value])
    elif value:
        yield path, ", ".join(str(v) for v in value if v is not None)


def _is_record(value: object) -> bool:
    """Tell whether a value is an object that says more than one short word of a list does."""
    if not isinstance(value, dict) or not value:
        return False
    first = next(iter(value.values()))
    return len(value) > 1 or isinstance(first, dict | list) or len(str(first)) > _MAX_NAME


def _below(path: str, key: str) -> str:
    label = clean(key).replace("\n", " ")
    return f"{path}{_BELOW}{label}" if path else label

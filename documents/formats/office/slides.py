"""A slide as every reader of presentations returns it, and how slides become text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from documents.formats.extract import Composer, Extract, known_language
from documents.formats.tables.composing import manner_of
from documents.notices import Notice, NoticeKind
from documents.titles import is_left_over

_TITLE = 1
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table: the words of each, and whether it is a header."""

    rows: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Slide:
    """A slide.

    Attributes:
        title: its own, or ``""``.
        parts: paragraphs and tables in reading order.
        notes: paragraphs of what the speaker says.
        hidden: it is left out when the slides are shown.
    """

    title: str
    parts: tuple[str | Table, ...]
    notes: tuple[str, ...] = ()
    hidden: bool = False


def in_reading_order(
    shapes: Iterable[Shape], place: Callable[[Shape], tuple[float, float]], line: float
) -> list[Shape]:
    """Return shapes from top to bottom, those of one line from left to right.

    Args:
        shapes: in any order.
        place: how far a shape is from the top and from the left.
        line: shapes whose tops are as near as this are on one line.
    """
    lines: list[list[Shape]] = []
    for shape in sorted(shapes, key=place):
        if not lines or place(shape)[0] > place(lines[-1][0])[0] + line:
            lines.append([])
        lines[-1].append(shape)
    return [shape for found in lines for shape in sorted(found, key=lambda s: place(s)[1])]


def slides_extract(
    slides: Sequence[Slide], title: str | None = None, language: str | None = None
) -> Extract:
    """Return the text of slides: each is a section under its title, and a page.

    Args:
        slides: in order.
        title: of the file, in its properties.
        language: its code, in the file's properties.
    """
    composer = Composer()
    texts = (p for slide in slides for p in (slide.title, *slide.parts) if isinstance(p, str))
    manner = manner_of(texts)
    for number, slide in enumerate(slides, start=1):
        composer.page()
        _add(slide, f"{manner.slide} {number}", composer)
    own = title if title and not is_left_over(title) else None
    first = next((slide.title for slide in slides if slide.title), None)
    return Extract(
        text=composer.text,
        blocks=tuple(composer.blocks),
        file_title=own or first,
        file_language=manner.language or known_language(language),
        pages=composer.pages,
        notices=_notices(slides),
    )


def _add(slide: Slide, place: str, composer: Composer) -> None:
    if slide.title or slide.parts or slide.notes:
        composer.heading(slide.title or place, _TITLE, question=True)
    if slide.title and not (slide.parts or slide.notes):
        composer.paragraph(slide.title)
    listed = False
    for part in slide.parts:
        if isinstance(part, Table):
            composer.table(part.rows)
        else:
            composer.paragraph(part, close=listed and part.startswith("- "))
        listed = isinstance(part, str) and part.startswith("- ")
    for note in slide.notes:
        composer.paragraph(note)


def _notices(slides: Sequence[Slide]) -> tuple[Notice, ...]:
    hidden = [str(at) for at, slide in enumerate(slides, start=1) if slide.hidden]
    return (Notice(NoticeKind.HIDDEN_SLIDES, ", ".join(hidden)),) if hidden else ()

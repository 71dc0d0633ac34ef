"""Recognises the text in a picture of a page, with the program ``tesseract``, in bounded time."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import groupby
from statistics import fmean, median
from typing import Final, NamedTuple

from documents.formats.extract import clean
from documents.formats.pdf.lines import Line

DOTS_PER_INCH: Final = 300
POINTS_PER_DOT: Final = 72 / DOTS_PER_INCH

_PROGRAM = "tesseract"
_LANGUAGES = ("fra", "eng")
_MAX_SECONDS = 120
_MIN_CONFIDENCE = 40.0
"""Below this mean certainty of its words, in per cent, a picture shows something else than text."""
_LARGER = 1.4
"""Lines this many times as high as usual are set in larger letters."""
_WORD = "5"
_HOW_TO_INSTALL = "apt-get install tesseract-ocr tesseract-ocr-fra, or brew install tesseract-lang"


class _Word(NamedTuple):
    line: tuple[str, str, str, str]
    text: str
    confidence: float
    left: int
    top: int
    right: int
    bottom: int


def what_is_missing() -> str:
    """Return what recognising text lacks here and how to install it, or ``""``."""
    lacking = _lacking()
    return f"{lacking}: install it ({_HOW_TO_INSTALL})" if lacking else ""


@cache
def _lacking() -> str:
    program = shutil.which(_PROGRAM)
    if program is None:
        return f"the program {_PROGRAM} is not installed"
    known = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
    lacking = [code for code in _LANGUAGES if code not in known.stdout.split()]
    return f"{_PROGRAM} lacks the languages {', '.join(lacking)}" if lacking else ""


def recognised_lines(picture: bytes, height: float, scale: float = POINTS_PER_DOT) -> list[Line]:
    """Return the lines that are recognised in a picture of a page, from the top.

    Args:
        picture: PNG, JPEG, TIFF or PNM.
        height: of the page, in points.
        scale: the points of a dot of the picture.

    Returns:
        Nothing if the picture shows no text, or takes more than two minutes.
    """
    words = list(_words(_recognise(picture)))
    if not words or fmean(word.confidence for word in words) < _MIN_CONFIDENCE:
        return []
    rows = [list(row) for _, row in groupby(words, lambda word: word.line)]
    usual = median(_height(row) for row in rows)
    return [_line(row, usual, height, scale) for row in rows]


def _recognise(picture: bytes) -> str:
    command = [_PROGRAM, "stdin", "stdout", "-l", "+".join(_LANGUAGES), "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command, input=picture, capture_output=True, timeout=_MAX_SECONDS, env=environment,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _words(table: str) -> Iterator[_Word]:
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = clean(row.get("text") or "")
        if row["level"] == _WORD and text:
            left, top = int(row["left"]), int(row["top"])
            yield _Word(
                (row["page_num"], row["block_num"], row["par_num"], row["line_num"]),
                text,
                float(row["conf"]),
                left,
                top,
                left + int(row["width"]),
                top + int(row["height"]),
            )


def _height(row: Sequence[_Word]) -> int:
    return max(word.bottom for word in row) - min(word.top for word in row)


def _line(row: Sequence[_Word], usual: float, height: float, scale: float) -> Line:
    # The height of a line depends on its letters; only much larger ones are told apart.
    size = _height(row) if _height(row) > _LARGER * usual else usual
    text = " ".join(word.text for word in row)
    broken = len(text) > 1 and text[-1] in "-\u2010" and text[-2].isalpha()
    return Line(
        text=text[: -1 if broken else None],
        left=row[0].left * scale,
        right=row[-1].right * scale,
        bottom=height - max(word.bottom for word in row) * scale,
        size=size * scale,
        hyphenated=broken,
    )

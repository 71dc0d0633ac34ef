"""Measures how often the language of a question is detected rightly, beside langdetect alone.

    python -m eval.language questions.tsv

The file has a header and two columns, ``language`` and ``text``.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from langdetect.lang_detect_exception import LangDetectException
from rich.console import Console
from rich.table import Table

from documents.errors import PasserelleError, UnreadableDocument
from qa.language.detection import detect, two_profiles

LENGTHS = {"1": range(2), "2-3": range(2, 4), "4-6": range(4, 7), "7+": range(7, sys.maxsize)}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The detected language of one question, compared with the right one.

    Attributes:
        language: the right language, ``fr`` or ``en``.
        words: how many words the question has, split at white space.
        right: whether the language that was found is the right one, the default included.
        default: whether detection failed, so that the default language was taken.
        langdetect_right: whether langdetect alone, restricted to French and English, is right.
        microseconds: how long the detection took.
    """

    language: str
    words: int
    right: bool
    default: bool
    langdetect_right: bool
    microseconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table for a file of labelled questions; the exit code is 2 for an unusable one."""
    parser = argparse.ArgumentParser(prog="python -m eval.language", description=__doc__)
    parser.add_argument("questions", type=Path, help="tab-separated: language, text")
    path = parser.parse_args(arguments).questions
    try:
        questions = read_questions(path)
    except PasserelleError as error:
        Console(stderr=True).print(f"error: {error}", markup=False)
        return 2
    Console().print(
        detection_table([check_detection(language, text) for language, text in questions])
    )
    return 0


def read_questions(path: Path) -> list[tuple[str, str]]:
    """Read the (language, text) rows of a tab-separated file, in its order.

    Raises:
        UnreadableDocument: the file cannot be read, or lacks a column or its rows.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        questions = [(row["language"], row["text"]) for row in rows]
    except (OSError, UnicodeDecodeError, KeyError) as error:
        raise UnreadableDocument(f"{path}: no columns 'language' and 'text': {error}") from error
    if not questions:
        raise UnreadableDocument(f"{path}: there are no questions below the header: add some")
    return questions


def check_detection(language: str, text: str) -> Verdict:
    """Detect the language of a question of known language."""
    start = time.perf_counter()
    found = detect(text)
    microseconds = 1e6 * (time.perf_counter() - start)
    return Verdict(
        language,
        len(text.split()),
        found.code == language,
        found.source == "default",
        _langdetect_alone(text) == language,
        microseconds,
    )


def _langdetect_alone(text: str) -> str:
    detector = two_profiles().create()
    detector.append(text)
    try:
        return str(detector.detect())
    except LangDetectException:
        return "und"


def detection_table(verdicts: Sequence[Verdict]) -> Table:
    """Lay out the accuracy by language and by length, a row each, the empty groups left out."""
    columns = ["language", "words", "n", "accuracy", "default", "langdetect alone", "µs a question"]
    result = Table(title="Language of questions", title_justify="left")
    for column in columns:
        result.add_column(column, justify="left" if column == "language" else "right")
    for language in sorted({verdict.language for verdict in verdicts}):
        members = [verdict for verdict in verdicts if verdict.language == language]
        for name, lengths in LENGTHS.items():
            _add_row(result, language, name, [v for v in members if v.words in lengths])
        _add_row(result, language, "all", members)
    return result


def _add_row(result: Table, language: str, name: str, members: Sequence[Verdict]) -> None:
    if not members:
        return

    def mean(value: Callable[[Verdict], float]) -> float:
        return sum(map(value, members)) / len(members)

    result.add_row(
        language,
        name,
        str(len(members)),
        f"{mean(lambda v: v.right):.2%}",
        str(sum(verdict.default for verdict in members)),
        f"{mean(lambda v: v.langdetect_right):.2%}",
        f"{mean(lambda v: v.microseconds):.0f}",
    )


if __name__ == "__main__":
    sys.exit(main())

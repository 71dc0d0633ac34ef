"""Says what an update of an index did: counts, notices, and files that were left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from documents.reading import Reader, Reading, counted_suffixes
from index.build.changes import Changes
from index.build.pipeline import Built
from qa.indexes.building import Indexed
from qa.indexes.updating import Update
from qa.messages import (
    AND_MORE,
    CHANGES,
    INDEXED,
    KEPT,
    LEFT_OUT,
    LOST,
    NO_SUFFIX,
    ONE_PASSED_OVER,
    PASSED_OVER,
    STEPPED_ASIDE,
    UNCHANGED,
    UNKNOWN_LANGUAGE,
    Language,
    interface_language,
    notice_text,
)
from qa.notices import complain
from qa.reasons import said_in

LISTED: Final = 20
"""The most changed documents, and the most notices, that are listed."""


def say_what_was_done(done: Indexed) -> None:
    """Say what an update did, on standard error."""
    language = interface_language()
    say_changes(done.built.changes, done.update)
    _say_built(done.built, language)
    say_what_was_read(done.reading, done.kept)


def say_changes(changes: Changes, update: Update) -> None:
    """Say which documents are new, changed or gone, or would be."""
    language = interface_language()
    for line in _changes(changes, language):
        complain(line, prefix=False)
    if update.bundled:
        complain(STEPPED_ASIDE[language], prefix=False)
    if update.lost:
        complain(LOST[language], prefix=False)


def say_what_was_read(reading: Reader | Reading, kept: Sequence[str]) -> None:
    """Say what people should know of the files that were read and of those that were not."""
    language = interface_language()
    _say_notices(reading, language)
    _say_what_is_odd(reading, language)
    for line in _first([KEPT[language].format(document=name) for name in kept], language):
        complain(line, prefix=False)


def _say_built(built: Built, language: Language) -> None:
    said = INDEXED if built.published else UNCHANGED
    text = said[language].format(
        documents=len(built.generation.documents),
        passages=len(built.generation.passages),
        encoded=built.encoded,
        reused=built.reused,
        generation=built.generation.id,
    )
    complain(text, prefix=False)


def _say_notices(reading: Reader | Reading, language: Language) -> None:
    for noted in reading.noted[:LISTED]:
        text = notice_text(noted.notice.kind, noted.notice.detail, language)
        complain(f"{noted.path}: {text}", prefix=False)
    if len(reading.noted) > LISTED:
        more = AND_MORE[language].format(len(reading.noted) - LISTED)
        complain(f"{more} (qa documents)", prefix=False)


def _say_what_is_odd(reading: Reader | Reading, language: Language) -> None:
    for name, found in reading.read.items():
        if found == "und":
            complain(UNKNOWN_LANGUAGE[language].format(document=name), prefix=False)
    if reading.problems:
        complain(LEFT_OUT[language].format(files=len(reading.problems)), prefix=False)
    for problem in reading.problems:
        complain(f"  {said_in(language, problem.error)}", prefix=False)
    if reading.passed_over:
        complain(_passed_over(reading.passed_over, language), prefix=False)


def _passed_over(counts: Mapping[str, int], language: Language) -> str:
    """Say how many files are of formats that are not read, and of which suffixes."""
    suffixes = counted_suffixes(counts, NO_SUFFIX[language])
    more = [AND_MORE[language].format(len(suffixes) - LISTED)] if len(suffixes) > LISTED else []
    files = sum(counts.values())
    said = ONE_PASSED_OVER if files == 1 else PASSED_OVER
    return said[language].format(files=files, suffixes=", ".join([*suffixes[:LISTED], *more]))


def _changes(changes: Changes, language: Language) -> list[str]:
    """Return a line for each document that is not what it was, then one with all counts."""
    kinds = (("+", changes.added), ("~", changes.changed), ("-", changes.removed))
    lines = [f"{sign} {name}" for sign, names in kinds for name in names]
    counts = CHANGES[language].format(
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        unchanged=len(changes.unchanged),
    )
    return [*_first(lines, language), counts]


def _first(lines: list[str], language: Language) -> list[str]:
    more = [AND_MORE[language].format(len(lines) - LISTED)] if len(lines) > LISTED else []
    return [*lines[:LISTED], *more]

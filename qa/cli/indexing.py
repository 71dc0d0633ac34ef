"""``qa index`` and ``qa verify``: building an index, and checking it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from itertools import islice
from typing import Final

from documents.discovery import Selection, UnreadFile
from documents.errors import EveryFileLeftOut
from documents.options import ReadingOptions
from documents.reading import NotedFile, Reader, Reading
from documents.sources import Request
from index.build.changes import Changes
from index.errors import CorruptIndex
from index.generations.generation import Generation
from index.search.searchable import Searchable
from qa.answer.types import Citation
from qa.errors import InvalidSetting
from qa.indexes.progress import Job, build
from qa.indexes.rehearsal import rehearse
from qa.indexes.reporting import say_changes, say_what_was_read
from qa.indexes.stores import store_of
from qa.indexes.waiting import patiently_said
from qa.messages import (
    AGREED,
    NOT_BUILT,
    VERIFIED,
    WOULD_REMOVE,
    interface_language,
    notice_text,
)
from qa.notices import complain
from qa.reasons import said_in
from qa.settings import Settings
from qa.wire.schemas import IndexedOut, LeftOutOut, NotedOut

SHOWN: Final = 10
"""The most documents that are named where somebody is asked whether they may go."""
COMPLETE, FAILED, PARTIAL = 0, 2, 3


def index(options: argparse.Namespace, settings: Settings) -> int:
    """Index the paths of the command line; return 0, or 3 if some files had to be left out.

    Raises:
        DocumentError: a path is missing, or text cannot be recognised here.
        InvalidSetting: options do not fit together, or documents would go that nobody agreed to.
    """
    _require_sense(options)
    reading = ReadingOptions(recognise=options.ocr, convert=options.convert)
    selection = Selection(tuple(options.include), tuple(options.exclude), reading)
    if options.dry_run:
        return _rehearse(Request(tuple(options.paths), selection, options.only), options, settings)
    agree = (lambda _: None) if options.yes else _ask
    job = Job(options.paths, selection, options.only, agree, options.jobs, options.ray)
    if options.watch:
        from qa.indexes.watching import watch

        return watch(job, settings)
    try:
        done = patiently_said(lambda: build(job, settings))
    except EveryFileLeftOut as error:  # each of them is left out, and named
        complain(str(error))
        return PARTIAL
    if options.json:
        print(_report(done.built.changes, done.reading, done.built.generation).model_dump_json())
    return PARTIAL if done.reading.problems else COMPLETE


def _require_sense(options: argparse.Namespace) -> None:
    if options.jobs is not None and options.jobs < 1:
        raise InvalidSetting(f"--jobs {options.jobs}: encode at least one batch at a time")
    if options.only and not options.paths:
        raise InvalidSetting("--only: name the files and folders that the index is to hold")
    if (options.include or options.exclude) and not options.paths:
        raise InvalidSetting(
            "--include and --exclude: name the folder that they choose from; `qa sources` lists "
            "those that are followed, each with its own"
        )
    if options.watch and (options.json or options.dry_run):
        raise InvalidSetting("--watch goes on and on: leave out --json and --dry-run")


def _ask(removed: Sequence[str]) -> None:
    """Ask on a terminal whether documents may go.

    Raises:
        InvalidSetting: nobody can be asked, or the answer is no.
    """
    more = [f"… ({len(removed)})"] if len(removed) > SHOWN else []
    names = ", ".join([*removed[:SHOWN], *more])
    if not sys.stdin.isatty():
        raise InvalidSetting(
            f"this would remove {len(removed)} document(s) from the index ({names}): add --yes to "
            "agree, or leave out --only and other patterns to keep them"
        )
    question = WOULD_REMOVE[interface_language()].format(documents=len(removed), names=names)
    print(question, end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in AGREED:
        raise InvalidSetting("that was not agreed to: the index is as it was")


def _rehearse(request: Request, options: argparse.Namespace, settings: Settings) -> int:
    done = rehearse(request, settings)
    say_changes(done.changes, done.update)
    complain(NOT_BUILT[interface_language()], prefix=False)
    say_what_was_read(done.reading, done.kept)
    if options.json:
        print(_report(done.changes, done.reading, None).model_dump_json())
    return PARTIAL if done.reading.problems else COMPLETE


def _report(
    changes: Changes, reading: Reader | Reading, generation: Generation | None
) -> IndexedOut:
    """Return what was done in the form of JSON; without a generation, what would be done."""
    there = (changes.added, changes.changed, changes.unchanged)
    return IndexedOut(
        dry_run=generation is None,
        added=list(changes.added),
        changed=list(changes.changed),
        removed=list(changes.removed),
        unchanged=list(changes.unchanged),
        documents=sum(map(len, there)),
        passages=None if generation is None else len(generation.passages),
        generation=None if generation is None else generation.id,
        problems=list(map(_left_out, reading.problems)),
        notices=list(map(_noted, reading.noted)),
        passed_over=dict(reading.passed_over),
    )


def _left_out(problem: UnreadFile) -> LeftOutOut:
    reason = said_in(interface_language(), problem.error)
    return LeftOutOut(file=str(problem.path), reason=reason)


def _noted(noted: NotedFile) -> NotedOut:
    said = notice_text(noted.notice.kind, noted.notice.detail, interface_language())
    return NotedOut(document=noted.document_id, kind=noted.notice.kind, text=said)


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """Check every file and every citation of the current generation; return 0 if all are sound."""
    del options
    store = store_of(settings)
    name = store.current_name()
    checked = store.verify(name)
    for damaged in checked.damaged:
        complain(f"{damaged} is damaged: run `qa index` again, or `qa rollback`")
    if checked.damaged:
        return FAILED
    generation = store.open(name)
    _check_texts(generation)
    said = VERIFIED[interface_language()]
    print(said.format(generation=name, files=checked.files, passages=len(generation.passages)))
    return 0


def _check_texts(generation: Searchable) -> None:
    """Read every document, which compares its text with its SHA-256, and cite every passage.

    Raises:
        CorruptIndex: a text or a passage is not what it was, or two documents share an identifier.
    """
    passages, begun = iter(generation.passages), 0
    for name in generation.documents:
        document, rows = generation.documents[name], generation.rows_of(name)
        if rows.start != begun:
            raise CorruptIndex(
                f"document {name!r}: its passages do not follow those of the one before it, as "
                "where two documents share an identifier: run `qa index` again"
            )
        for passage in islice(passages, len(rows)):
            Citation.of(passage, document)
        begun = rows.stop

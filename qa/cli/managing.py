"""``qa documents``, ``qa remove`` and ``qa rollback``: keeping an index in order."""

from __future__ import annotations

import argparse
import sys

from index.search.searchable import Searchable
from qa.indexes.opening import open_newest
from qa.indexes.removing import remove_named
from qa.indexes.stores import store_of
from qa.indexes.waiting import patiently_said
from qa.messages import NOW_CURRENT, interface_language
from qa.notices import complain, printable
from qa.settings import Settings
from qa.wire.schemas import DocumentOut, DocumentsOut

DIGEST = 12
"""How many characters of a document's SHA-256 are listed."""


def documents(options: argparse.Namespace, settings: Settings) -> int:
    """List what is indexed; return 0."""
    held = DocumentsOut.of(open_newest(settings).generation)
    if options.json:
        sys.stdout.write(held.model_dump_json() + "\n")
    else:
        _list(held.documents)
    return 0


def _list(held: list[DocumentOut]) -> None:
    width = max(len(document.id) for document in held)
    for document in held:
        title = printable(document.title).replace("\n", " ")
        print(
            f"{document.id:{width}}  {document.language}  {document.passages:5}  "
            f"{document.sha256[:DIGEST]}  {title}"
        )
        for notice in document.notices:
            print(f"{'':{width}}  ! {printable(notice.text[interface_language()])}")


def remove(options: argparse.Namespace, settings: Settings) -> int:
    """Remove documents from the index, and follow their files no more; return 0.

    Raises:
        UnknownDocument: one of them is not indexed; nothing is removed.
    """
    say_current(patiently_said(lambda: remove_named(options.ids, settings)))
    return 0


def rollback(options: argparse.Namespace, settings: Settings) -> int:
    """Make an earlier generation current; return 0."""
    store = store_of(settings)
    name = patiently_said(lambda: store.go_back(options.generation))
    say_current(store.open(name))
    return 0


def say_current(generation: Searchable) -> None:
    """Say which generation is current, and what it holds."""
    said = NOW_CURRENT[interface_language()].format(
        documents=len(generation.documents),
        passages=len(generation.passages),
        generation=generation.id,
    )
    complain(said, prefix=False)

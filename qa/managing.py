"""``qa documents``, ``qa remove`` and ``qa rollback``: keeping an index in order."""

from __future__ import annotations

import argparse
import sys

from index.generation import Generation
from index.removal import remove_documents
from index.searching import Searchable
from qa.errors import UnknownDocument
from qa.messages import NOW_CURRENT, interface_language
from qa.notices import complain, printable
from qa.opening import open_newest
from qa.schemas import DocumentOut, DocumentsOut
from qa.settings import Settings
from qa.stores import changing, store_of

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


def remove(options: argparse.Namespace, settings: Settings) -> int:
    """Remove documents from the index; return 0.

    Raises:
        UnknownDocument: one of them is not indexed; nothing is removed.
    """
    with changing(settings) as store:
        _require(options.ids, Generation.open(store.current()))
        left = remove_documents(store, frozenset(options.ids))
    say_current(left)
    return 0


def _require(names: list[str], generation: Generation) -> None:
    for name in names:
        if name not in generation.documents:
            raise UnknownDocument(
                f"the index holds no document {name!r}: see `qa documents` for those it holds"
            )


def rollback(options: argparse.Namespace, settings: Settings) -> int:
    """Make an earlier generation current; return 0."""
    store = store_of(settings)
    say_current(store.open(store.go_back(options.generation)))
    return 0


def say_current(generation: Searchable) -> None:
    """Say which generation is current, and what it holds."""
    said = NOW_CURRENT[interface_language()].format(
        documents=len(generation.documents),
        passages=len(generation.passages),
        generation=generation.id,
    )
    complain(said, prefix=False)

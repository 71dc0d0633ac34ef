"""``qa sources``: what the index follows."""

from __future__ import annotations

import argparse
from pathlib import Path

from documents.sources import named_source, stop_following, wants
from documents.types import Source
from index.build.removal import remove_documents
from index.generations.generation import Generation
from index.search.searchable import Searchable
from qa.cli.managing import say_current
from qa.errors import InvalidSetting
from qa.indexes.opening import open_newest
from qa.indexes.stores import changing, store_of
from qa.indexes.waiting import patiently_said
from qa.messages import (
    FOLLOWS_NOTHING,
    REMOVED_OF_SOURCE,
    SOURCE,
    SOURCE_MISSING,
    interface_language,
)
from qa.notices import complain, printable
from qa.settings import Settings
from qa.wire.schemas import SourceOut, SourcesOut


def sources(options: argparse.Namespace, settings: Settings) -> int:
    """List what is followed, or stop following some of it; return 0.

    Raises:
        InvalidSetting: what should be followed no more is not followed.
        IndexingError: no document would be left.
    """
    if options.remove:
        patiently_said(lambda: _stop(options.remove, settings))
        return 0
    generation = open_newest(settings).generation
    followed = store_of(settings).sources(generation.id)
    listed = SourcesOut(sources=[_described(source, generation) for source in followed])
    if options.json:
        print(listed.model_dump_json())
    else:
        _list(listed)
    return 0


def _described(source: Source, generation: Searchable) -> SourceOut:
    origins = [d.origin for d in generation.documents.values()]
    return SourceOut(
        path=source.path,
        include=list(source.include),
        exclude=list(source.exclude),
        without=list(source.without),
        documents=sum(o is not None and bool(o.root) and wants(source, o.file) for o in origins),
        exists=Path(source.path).exists(),
    )


def _list(listed: SourcesOut) -> None:
    language = interface_language()
    for source in listed.sources:
        patterns = [f"--include {p}" for p in source.include]
        patterns += [f"--exclude {p}" for p in source.exclude]
        said = SOURCE[language].format(path=source.path, documents=source.documents)
        print(printable(" ".join([said, *patterns])))
        for name in source.without:
            print(printable(REMOVED_OF_SOURCE[language].format(name=name)))
        if not source.exists:
            print(SOURCE_MISSING[language])
    if not listed.sources:
        complain(FOLLOWS_NOTHING[language], prefix=False)


def _stop(paths: list[Path], settings: Settings) -> None:
    named = {named_source(path).path for path in paths} | set(map(str, paths))
    with changing(settings) as store:
        generation = Generation.open(store.current())
        followed = generation.manifest.sources
        _require(paths, followed)
        left = tuple(source for source in followed if source.path not in named)
        origins = {d.id: d.origin for d in generation.documents.values()}
        gone = stop_following([s for s in followed if s not in left], left, origins)
        say_current(remove_documents(store, gone, left))


def _require(paths: list[Path], followed: tuple[Source, ...]) -> None:
    known = {source.path for source in followed}
    for path in paths:
        if not {str(path), named_source(path).path} & known:
            listed = ", ".join(sorted(known)) or "nothing"
            raise InvalidSetting(f"--remove {path}: this is not followed; what is: {listed}")

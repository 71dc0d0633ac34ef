"""The files and folders that an index follows, and what to do to bring it up to date with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from documents.discovery import FoundFiles, Selection, UnreadFile, discover, file_mode
from documents.errors import DocumentError, UnreadableDocument
from documents.formats.registry import supported_suffixes
from documents.identifiers import assign_identifiers, identifier
from documents.types import Origin, Source

Origins = Mapping[str, Origin | None]
"""Where the file of each document is, by its identifier, in the order of the documents."""


def named_source(path: Path, selection: Selection | None = None) -> Source:
    """Return what to follow where this path is named; patterns choose among files of folders.

    The name itself may be that of a link, which may come to lead elsewhere; of the folder that it
    is in, the real path is taken.
    """
    where = _real(path.parent) / path.name if path.name not in ("", "..") else _real(path)
    chosen = selection or Selection()
    if not where.is_dir():
        return Source(str(where), options=chosen.options)
    return Source(str(where), chosen.include, chosen.exclude, options=chosen.options)


def follow(sources: Iterable[Source], named: Iterable[Source]) -> tuple[Source, ...]:
    """Return the sources once these are followed too: none lies in another that has its files.

    A source that is named again takes its new patterns, and what was removed from it by name stays
    so until it is named itself.
    """
    followed = {source.path: source for source in sources}
    for source in named:
        followed = {at: _with(outer, Path(source.path)) for at, outer in followed.items()}
        known = followed.get(source.path)
        if known is not None:
            followed[source.path] = replace(source, without=known.without)
            _absorb(followed, source)
        elif not any(_has(other, source) for other in followed.values()):
            followed[source.path] = source
            _absorb(followed, source)
    return tuple(followed.values())


def _with(source: Source, file: Path) -> Source:
    """Return a source that has this file again, if it was removed from it by name."""
    below = _below(source, file)
    name = "" if below is None else below.as_posix()
    return replace(source, without=tuple(other for other in source.without if other != name))


def _absorb(followed: dict[str, Source], source: Source) -> None:
    """Let a folder stand for those of its files and folders that were followed before it."""
    for inner in [other for other in followed.values() if _has(source, other)]:
        del followed[inner.path]
        beyond = Path(inner.path).relative_to(followed[source.path].path)
        without = tuple((beyond / name).as_posix() for name in inner.without)
        outer = followed[source.path]
        followed[source.path] = replace(outer, without=outer.without + without)


def _has(outer: Source, inner: Source) -> bool:
    """Tell whether all that one source wants is wanted by another."""
    path = Path(inner.path)
    below = _below(outer, path)
    if below is None or not below.parts or _is_hidden(below):
        return False
    return wants(outer, path) or not (path.is_file() or outer.include or outer.exclude)


def wants(source: Source, file: Path) -> bool:
    """Tell whether a file, by its absolute path, is among those that a source stands for."""
    below = _below(source, file)
    if below is None:
        return False
    if not below.parts:
        return True
    selected = Selection(source.include, source.exclude).wants(below)
    known = file.suffix.lower() in supported_suffixes(source.options) and not _is_hidden(below)
    return known and selected and below.as_posix() not in source.without


def _below(source: Source, path: Path) -> Path | None:
    return path.relative_to(source.path) if path.is_relative_to(source.path) else None


def _real(path: Path) -> Path:
    # Unlike Path.resolve, it takes a link that leads to itself for a file that is missing.
    return Path(os.path.realpath(path))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def leave_out(sources: Iterable[Source], files: Iterable[Path]) -> tuple[Source, ...]:
    """Return the sources without these files, which were removed by name."""
    left = list(sources)
    for file in files:
        left = [_without(source, file) for source in left if source.path != str(file)]
    return tuple(left)


def _without(source: Source, file: Path) -> Source:
    if not wants(source, file):
        return source
    return replace(source, without=(*source.without, file.relative_to(source.path).as_posix()))


def stop_following(
    stopped: Iterable[Source], left: Iterable[Source], origins: Origins
) -> frozenset[str]:
    """Return the identifiers of the documents that only these sources stood for.

    Args:
        stopped: what is followed no more.
        left: what is still followed.
        origins: where the files of all documents are.
    """
    places, others = [_real(Path(source.path)) for source in stopped], list(left)
    return frozenset(
        name
        for name, origin in origins.items()
        if origin is not None
        and origin.root
        and any(_real(origin.file).is_relative_to(place) for place in places)
        and not any(wants(source, origin.file) for source in others)
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do to bring the documents of an index up to date.

    Attributes:
        sources: what is followed from now on.
        found: the files to read, and what cannot be read.
        names: the identifiers of the documents to be read from these files.
        origins: where each document that is to be read has its file, by identifier.
        kept: the identifiers of the documents that stay as they are, in their order.
        unread: those of them that stay only because something keeps their files from being read.
        removed: the identifiers of the documents that go.
    """

    sources: tuple[Source, ...]
    found: FoundFiles
    names: dict[Path, str]
    origins: dict[str, Origin]
    kept: tuple[str, ...]
    unread: tuple[str, ...]
    removed: tuple[str, ...]

    def order(self, before: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
        """Yield the identifiers of all documents, those from before first, each with its file.

        Args:
            before: the identifiers of the documents from before.
        """
        files = {name: file for file, name in self.names.items()}
        kept, known = set(self.kept), dict.fromkeys(before)
        yield from ((name, files.get(name)) for name in known if name in files or name in kept)
        yield from ((name, file) for name, file in files.items() if name not in known)


@dataclass(frozen=True, slots=True)
class Request:
    """What of an index is to be brought up to date.

    Attributes:
        paths: the files and folders; none stands for all that is followed.
        selection: which files of the folders are wanted.
        only: whether the index is to hold nothing else.
    """

    paths: tuple[Path, ...] = ()
    selection: Selection | None = None
    only: bool = False


def plan(request: Request, sources: tuple[Source, ...], before: Origins) -> Plan:
    """Find the files of a request, and what becomes of the documents of before.

    A document outside of what is asked for stays. One whose file is no longer found goes, unless
    something keeps the file from being read. So a document keeps its identifier for as long as its
    file is there, whatever else is indexed.

    Args:
        request: what is asked for.
        sources: what is followed.
        before: where the files of the documents of the index are.

    Raises:
        UnreadableDocument: a path that is named is missing, or a folder that may not be listed.
        UnsupportedFormat: a file that is named is of no known format.
    """
    for path in request.paths:
        file_mode(path)
    named = [named_source(path, request.selection) for path in request.paths]
    followed = follow(() if request.only else sources, named)
    scope = _scope(named, followed)
    written = {source.path: path for source, path in zip(named, request.paths, strict=True)}
    found = _search(scope, written, followed)
    return _Planner(followed, scope, found, before, request.only).plan()


def _scope(named: list[Source], followed: tuple[Source, ...]) -> list[Source]:
    """Return what to search: what is named and all that is followed below it, or else all."""
    if not named:
        return list(followed)
    kept = {source.path: source for source in followed}
    inner = [s for s in followed if any(_below(n, Path(s.path)) is not None for n in named)]
    return list({s.path: s for s in (*(kept.get(n.path, n) for n in named), *inner)}.values())


class _Found(NamedTuple):
    """The files to read and what cannot be read, and the origin of each file."""

    files: FoundFiles
    origins: dict[Path, Origin]


def _search(
    scope: list[Source], written: Mapping[str, Path], followed: tuple[Source, ...]
) -> _Found:
    """Search the deepest folders first: their files take their identifiers from them.

    A file that was named, or found in a folder that was, is known by the folder that is followed
    and has it, so that its path and its collection are the same however it was named.

    Args:
        scope: where to search.
        written: the paths as they were named just now; one that is missing is an error.
        followed: what is followed from now on.
    """
    found, seen = _Found(FoundFiles(), {}), set[Path]()
    for source in sorted(scope, key=lambda s: len(Path(s.path).parts), reverse=True):
        inside = _files_of(source, written.get(source.path))
        found.files.problems.extend(inside.problems)
        found.files.options = found.files.options.joined(source.options)
        for suffix, files in inside.passed_over.items():
            found.files.passed_over[suffix] = found.files.passed_over.get(suffix, 0) + files
        for each, folder in inside.files.items():
            if (real := _real(each)) not in seen:
                seen.add(real)
                home = source if source in followed else _home(each, source, followed)
                file, root = (each, folder) if home is source else _below_home(each, home)
                found.files.files[file] = root
                found.origins[file] = _origin(home, file.relative_to(root))
    return found


def _home(file: Path, named: Source, followed: tuple[Source, ...]) -> Source:
    """Return the deepest of what is followed that has a file, or else what was named."""
    place = _real(file.parent) / file.name
    homes = [source for source in followed if wants(source, place)]
    return max(homes, key=lambda source: len(Path(source.path).parts), default=named)


def _below_home(file: Path, home: Source) -> tuple[Path, Path]:
    """Return a file and the folder that has it; as the file was written, where that names both."""
    folder, place = _folder(home), _real(file.parent) / file.name
    depth = len(place.relative_to(folder).parts)
    if depth <= len(file.parents) and _real(above := file.parents[depth - 1]) == folder:
        return file, above
    return place, folder


def _files_of(source: Source, written: Path | None) -> FoundFiles:
    path = Path(source.path) if written is None else written
    try:
        found = discover([path], Selection(source.include, source.exclude, source.options))
    except DocumentError as error:
        if written is not None:
            raise
        advice = f"what was indexed of it stays; `qa sources --remove {path}` stops following it"
        problem = UnreadableDocument(f"{error}: {advice}")
        return FoundFiles({}, [UnreadFile(path, problem, f"{identifier(path)}-")])
    wanted = {f: r for f, r in found.files.items() if _name(f, r) not in source.without}
    return FoundFiles(wanted, found.problems, found.passed_over, found.options)


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _origin(source: Source, below: Path) -> Origin:
    return Origin(str(_folder(source)), below.as_posix())


def _folder(source: Source) -> Path:
    path = Path(source.path)
    return path if path.is_dir() else path.parent


class _Planner:
    """Decides what becomes of each document of before."""

    def __init__(
        self,
        sources: tuple[Source, ...],
        scope: list[Source],
        found: _Found,
        before: Origins,
        only: bool,
    ) -> None:
        self._sources, self._before, self._only = sources, before, only
        self._found, self._places = found
        self._scope = [_real(Path(source.path)) for source in scope]
        self._unread = [_real(problem.path) for problem in self._found.problems]
        self._own = {name: o for name, o in before.items() if o is not None and o.root}
        self._real = {name: _real(origin.file) for name, origin in self._own.items()}

    def plan(self) -> Plan:
        known = {real: name for name, real in self._real.items()}
        files = self._found.files
        names = {f: known[r] for f in files if (r := _real(f)) in known}
        read = set(names.values())
        twice = {name for name, real in self._real.items() if known[real] in read} - read
        kept = [n for n in self._before if n not in read | twice and self._stays(n)]
        fresh = {file: root for file, root in files.items() if file not in names}
        origins = {name: self._own[name] for name in names.values()}
        names |= assign_identifiers(fresh, {*kept, *read})
        if names or any(name in self._real for name in kept):
            kept = [name for name in kept if not self._is_bundled(name)]
        left = {*kept, *names.values()}
        removed = tuple(name for name in self._before if name not in left)
        ordered = {file: names[file] for file in files}
        origins |= {ordered[file]: self._places[file] for file in fresh}
        unread = tuple(filter(self._is_unread, kept))
        return Plan(self._sources, self._found, ordered, origins, tuple(kept), unread, removed)

    def _is_bundled(self, name: str) -> bool:
        origin = self._before[name]
        return origin is not None and not origin.root

    def _stays(self, name: str) -> bool:
        real = self._real.get(name)
        if real is None:
            return not self._only
        if self._only or self._is_unread(name):
            return self._is_unread(name)
        in_scope = any(real.is_relative_to(path) for path in self._scope)
        return not in_scope or self._is_wanted(name)

    def _is_unread(self, name: str) -> bool:
        real = self._real.get(name)
        return real is not None and any(real.is_relative_to(path) for path in self._unread)

    def _is_wanted(self, name: str) -> bool:
        """Tell whether a source has the file, though it was not looked for there."""
        file = self._own[name].file
        return file.is_file() and any(wants(source, file) for source in self._sources)

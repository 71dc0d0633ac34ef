"""What an update of an index begins with: what is there, what is followed, what is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import documents
from documents.chunking import ChunkSettings, chunk
from documents.discovery import UnreadFile, discover
from documents.errors import (
    DocumentError,
    EveryFileLeftOut,
    NothingReadable,
    PasserelleError,
)
from documents.identifiers import assign_identifiers
from documents.notices import Notice, NoticeKind
from documents.reading import Reading
from documents.sources import Plan, Request, plan
from documents.types import Document, Origin, Passage, Source
from index.build.pipeline import Chunker, newest_sound
from index.build.stage import BuildEncoder
from index.errors import IndexingError
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.generations.records import NAMES, TABLES
from index.manifest import Manifest

ARTICLES: Final = Path(documents.__file__).parent / "articles"
"""The documents that are indexed when none are named."""
ReadFile = Callable[[Path, str], Document | None]
"""Reads the file of a document under an identifier; None if it cannot be read."""
TokenCounter = Callable[[list[str]], list[int]]
Agree = Callable[[Sequence[str]], None]
"""Is told which documents would be removed, and raises an error if they may not be."""


@dataclass(frozen=True, slots=True)
class Update:
    """What is there, and what is to be done.

    Attributes:
        before: the newest sound generation, if there is one.
        plan: what becomes of its documents, and what is read.
        lost: whether the current generation cannot be read, nor all of what it follows.
    """

    before: Generation | None
    plan: Plan
    lost: bool

    @property
    def held(self) -> Mapping[str, Document]:
        """The documents of before."""
        return self.before.documents if self.before else {}

    @property
    def bundled(self) -> tuple[str, ...]:
        """The documents that come with Passerelle and step aside."""
        return tuple(name for name in self.plan.removed if is_bundled(self.held[name]))


def prepare(request: Request, store: FolderStore) -> Update:
    """Find out what is to be done for a request.

    Raises:
        DocumentError: a path is missing, or there is nothing to read.
        IndexingError: nothing is named and nothing is followed.
    """
    before = newest_sound(store)
    if store.exists() and (before is None or not store.is_current(before.id)):
        return _after_a_loss(request, store, before)
    sources = before.manifest.sources if before else ()
    held = before.documents if before else {}
    if not request.paths and not sources:
        if not all(map(is_bundled, held.values())):
            raise IndexingError(
                "the index follows no file or folder: name some, as in `qa index FOLDER`"
            )
        return Update(before, _bundled_plan(held), lost=False)
    found = plan(request, sources, _origins(before))
    _require_something(request, found)
    return Update(before, found, lost=False)


def _origins(before: Generation | None) -> dict[str, Origin | None]:
    held = before.documents if before else {}
    return {name: held[name].origin for name in held}


def _after_a_loss(request: Request, store: FolderStore, before: Generation | None) -> Update:
    """Read all that is followed again, and what is named: the current generation is damaged.

    Args:
        request: what is asked for.
        store: holds the index.
        before: an earlier generation that is sound, if there is one.
    """
    (sources, is_all), origins = _followed(store), _origins(before)
    if request.paths or sources:
        found = plan(request, sources, origins)
        if not request.only:  # what is followed cannot be taken over, so it is read too
            found = plan(Request(), found.sources, origins)
        _require_something(request, found)
        return Update(before, found, lost=not (is_all or request.only))
    if not is_all and not _held_only_articles(store):
        raise IndexingError(
            f"the index in {store.folder} is damaged or of another version, and what it follows "
            "cannot be read: name the files and folders again, as in `qa index FOLDER`"
        )
    return Update(before, _bundled_plan(before.documents if before else {}), lost=False)


def _followed(store: FolderStore) -> tuple[tuple[Source, ...], bool]:
    """Return what the newest manifest that can be read follows, and whether it is the current."""
    for number, folder in enumerate(store.generations()):
        with suppress(PasserelleError):
            return Manifest.read(folder).sources, number == 0
    return (), False


def _held_only_articles(store: FolderStore) -> bool:
    articles = "".join(assign_identifiers(discover([ARTICLES]).files).values())
    try:
        held = [(folder / TABLES / NAMES).read_bytes() for folder in store.generations()]
    except OSError:
        return False
    return set(held) <= {articles.encode()}


def _require_something(request: Request, found: Plan) -> None:
    if request.paths and not (found.names or found.removed or found.found.problems):
        named = ", ".join(map(str, request.paths))
        raise NothingReadable(
            f"{named}: there is no file to read there: name files that hold text, or other folders"
        )


def _bundled_plan(held: Mapping[str, Document]) -> Plan:
    found = discover([ARTICLES])
    names = assign_identifiers(found.files)
    origins = {
        name: Origin("", file.relative_to(ARTICLES).as_posix()) for file, name in names.items()
    }
    removed = tuple(name for name in held if name not in origins)
    return Plan((), found, names, origins, (), (), removed)


def is_bundled(document: Document) -> bool:
    """Tell whether a document comes with Passerelle."""
    return document.origin is not None and not document.origin.root


class UpdatedDocuments:
    """The documents of an index after an update, read one at a time.

    A document whose file can no longer be read stays as it was, with a notice of why.

    Attributes:
        kept: the identifiers of those that stay though their files should have been read.
    """

    def __init__(self, update: Update, read: ReadFile, problems: Sequence[UnreadFile]) -> None:
        """Read the first file that can be read.

        Args:
            update: what is to be done.
            read: reads a file.
            problems: what could not be read so far.

        Raises:
            EveryFileLeftOut: none of the files can be read.
            NothingReadable: there are files of other formats only.
        """
        self.kept = list(update.plan.unread)
        self._update, self._read_file = update, read
        self._problems = problems
        self._tried: dict[str, Document | None] = {}
        for file, name in update.plan.names.items():
            self._tried[name] = self._read(file, name)
            if self._tried[name] is not None:
                return
        if any(self._stays(name) for name in self._tried):
            return
        passed_over = {} if update.plan.kept else update.plan.found.passed_over
        try:
            Reading((), tuple(problems), passed_over=passed_over).require_documents()
        except DocumentError as error:
            if not problems:
                raise
            reasons = tuple((problem.path, problem.error) for problem in problems)
            raise EveryFileLeftOut(str(error), reasons) from error

    def __iter__(self) -> Iterator[Document]:
        """Yield the documents."""
        for name, file in self._update.plan.order(self._update.held):
            document = self._held(name) if file is None else self._of(name, file)
            if document is not None:
                yield document

    def _of(self, name: str, file: Path) -> Document | None:
        read = self._tried.pop(name) if name in self._tried else self._read(file, name)
        if read is not None or not self._stays(name):
            return read
        self.kept.append(name)
        return self._held(name)

    def _stays(self, name: str) -> bool:
        """Tell whether the document of before is of this file, not of one that is gone."""
        held = self._update.held
        return name in held and held[name].origin == self._update.plan.origins[name]

    def _held(self, name: str) -> Document:
        """Return a document of before; if its file has a problem, with a notice of that."""
        held = self._update.held[name]
        found = next((p for p in self._problems if p.document_id == name), None)
        if found is None:
            return held
        reason = str(found.error).replace(str(found.path), found.path.name)
        others = (n for n in held.notices if n.kind != NoticeKind.NO_LONGER_READ)
        notice = Notice(NoticeKind.NO_LONGER_READ, reason)
        return replace(held, notices=(*others, notice))

    def _read(self, file: Path, name: str) -> Document | None:
        read = self._read_file(file, name)
        return read and replace(read, origin=self._update.plan.origins[name])


@dataclass(frozen=True, slots=True)
class KeptPassages:
    """Cuts documents, but takes the passages of those that stay from the generation before.

    Attributes:
        update: says which documents stay.
        encoder: the encoder that makes the vectors.
        cut: cuts the others.
    """

    update: Update
    encoder: BuildEncoder
    cut: Chunker = chunk

    def __call__(
        self, document: Document, count_tokens: TokenCounter, settings: ChunkSettings
    ) -> list[Passage]:
        """Return the passages of a document."""
        before = self.update.before
        if before is None or document.id in self.update.plan.origins:
            return self.cut(document, count_tokens, settings)
        made = before.recipe
        if (made.revision, made.chunking) != (self.encoder.revision, asdict(settings)):
            return self.cut(document, count_tokens, settings)
        rows = before.rows_of(document.id)
        return before.passages[rows.start : rows.stop]

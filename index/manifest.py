"""What a generation says of itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import CorruptIndex, IncompatibleIndex
from index.faults import reported

SCHEMA = 6
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the generation: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides what a document's passages and vectors are.

    Attributes:
        model: the encoder's name, for people.
        revision: which weights exactly.
        prompts: what is put before a query and before a passage.
        dimension: the length of a vector.
        chunking: the chunker's settings.
    """

    model: str
    revision: str
    prompts: dict[str, str]
    dimension: int
    chunking: dict[str, int]


@dataclass(frozen=True, slots=True)
class Width:
    """How widely the passages of a language are searched, and what that was found to give.

    Attributes:
        language: its number, in the order of the codes.
        vectors: how many there are.
        cells: into how many cells they are put; 0 where every vector is compared.
        searched: how many of the cells are searched for a question.
        asked: how many sentences stood for questions when this was measured.
        recall: the share of their nearest that was found, in 0-1.
    """

    language: int
    vectors: int
    cells: int = 0
    searched: int = 0
    asked: int = 0
    recall: float = 1.0


@dataclass(frozen=True, slots=True)
class Search:
    """How passages are found, as it follows from how many there are.

    Attributes:
        recall: the share of the nearest that had to be found, in 0-1.
        nearest: of how many nearest.
        widths: one a language.
    """

    recall: float
    nearest: int
    widths: tuple[Width, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The contents of a generation.

    Attributes:
        recipe: how it was made.
        search: how it is searched.
        documents: how many it holds.
        passages: how many passages in all.
        files: every other file of the generation, by its path inside it.
    """

    recipe: Recipe
    search: Search
    documents: int
    passages: int
    files: dict[str, FileEntry]

    @property
    def generation(self) -> str:
        """The identifier: the same contents always have the same one."""
        return _identifier(self._json().encode())

    def write(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        with reported(folder / NAME):
            (folder / NAME).write_text(self._json(), encoding="utf-8")

    def _json(self) -> str:
        return json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, indent=1)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a generation, whose folder bears its digest.

        Raises:
            CorruptIndex: it is missing or damaged.
            IncompatibleIndex: another version of Passerelle wrote it.
        """
        path = folder / NAME
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CorruptIndex(f"{path} cannot be read ({error}): run `qa index` again") from error
        if _identifier(content) != folder.name:
            raise CorruptIndex(f"{path} is damaged: run `qa index` again")
        return cls._of(content, path)

    @classmethod
    def _of(cls, content: bytes, path: Path) -> Manifest:
        try:
            fields = dict(json.loads(content))
            schema = fields.pop("schema")
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptIndex(f"{path} cannot be read ({error}): run `qa index` again") from error
        if schema != SCHEMA:
            raise IncompatibleIndex(
                f"{path.parent} has index schema {schema}, this version reads schema {SCHEMA}: "
                "run `qa index` to build it again"
            )
        return _manifest(fields, path)


def _identifier(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _manifest(fields: dict[str, Any], path: Path) -> Manifest:
    try:
        return Manifest(
            recipe=Recipe(**fields["recipe"]),
            search=_search(dict(fields["search"])),
            documents=int(fields["documents"]),
            passages=int(fields["passages"]),
            files={name: FileEntry(**entry) for name, entry in fields["files"].items()},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptIndex(f"{path} is damaged ({error!r}): run `qa index` again") from error


def _search(fields: dict[str, Any]) -> Search:
    widths = tuple(Width(**width) for width in fields.pop("widths"))
    return Search(widths=widths, **fields)


def describe_files(folder: Path, names: Iterable[str]) -> dict[str, FileEntry]:
    """Measure files of a folder, by their paths inside it."""
    return {name: describe_file(folder / name) for name in names}


def describe_file(path: Path) -> FileEntry:
    """Return the size and the SHA-256 of a file."""
    with path.open("rb") as file:
        return FileEntry(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())

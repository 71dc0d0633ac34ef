"""The manifest of a generation: how it was made, what it holds, and the digest of every file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from documents.options import ReadingOptions
from documents.types import Source
from index.errors import CorruptIndex, IncompatibleIndex
from index.faults import reported

SCHEMA = 9
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the generation: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings that decide the passages and vectors of a document.

    Attributes:
        model: the encoder's name.
        revision: identifies the exact weights.
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
    """How many cells are searched for the passages of a language, and the recall that was measured.

    Attributes:
        language: its number: languages are numbered from 0 in the order of their codes.
        vectors: how many passages have this language.
        cells: how many cells of an inverted file hold them; 0 where every vector is compared.
        searched: how many of the cells a question searches.
        asked: how many sentences stood for questions when recall was measured.
        recall: the share of the exact nearest that was found, in 0-1.
    """

    language: int
    vectors: int
    cells: int = 0
    searched: int = 0
    asked: int = 0
    recall: float = 1.0


@dataclass(frozen=True, slots=True)
class Search:
    """How the nearest passages are found; it depends on how many there are.

    Attributes:
        recall: the share of the exact nearest that had to be found, in 0-1.
        nearest: how many nearest passages that share is measured over.
        widths: one for each language.
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
        sources: the files and folders that the index follows.
    """

    recipe: Recipe
    search: Search
    documents: int
    passages: int
    files: dict[str, FileEntry]
    sources: tuple[Source, ...] = ()

    @property
    def generation(self) -> str:
        """The identifier: the same contents always have the same one."""
        return _identifier(self._json().encode())

    def write(self, folder: Path) -> None:
        """Write the manifest into a generation's folder."""
        with reported(folder / NAME):
            (folder / NAME).write_text(self._json(), encoding="utf-8")

    def _json(self) -> str:
        # In ASCII: not every path is text.
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a generation; the name of its folder is the digest of the manifest.

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
            sources=tuple(map(_source, fields["sources"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptIndex(f"{path} is damaged ({error!r}): run `qa index` again") from error


def _source(fields: dict[str, Any]) -> Source:
    patterns = {name: tuple(fields[name]) for name in ("include", "exclude", "without")}
    return Source(fields["path"], **patterns, options=ReadingOptions(**fields["options"]))


def _search(fields: dict[str, Any]) -> Search:
    widths = tuple(Width(**width) for width in fields.pop("widths"))
    return Search(widths=widths, **fields)


def describe_files(folder: Path, names: Iterable[str]) -> dict[str, FileEntry]:
    """Return the entries of files in a folder, by their paths inside it."""
    return {name: describe_file(folder / name) for name in names}


def describe_file(path: Path) -> FileEntry:
    """Return the size and the SHA-256 of a file."""
    with path.open("rb") as file:
        return FileEntry(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())

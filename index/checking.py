"""Checks that the files of a generation are those that its manifest lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from index.errors import CorruptIndex
from index.manifest import FileEntry, Manifest, describe_file

Check = Callable[[Path, Manifest], None]
"""Raises CorruptIndex, naming a file, if a folder does not hold what its manifest lists."""

READ_AT_OPENING: Final = 128 * 2**20
"""How many bytes are checked to open a generation, smallest files first; the rest by size only."""


def check_sizes(folder: Path, manifest: Manifest) -> None:
    """Check that every file is there and has its size.

    Raises:
        CorruptIndex: a file is missing or has another size; it is named.
    """
    for name, entry in manifest.files.items():
        if not _has_size(folder / name, entry):
            raise CorruptIndex(f"{folder / name} is missing or cut short: run `qa index` again")


def check_quickly(folder: Path, manifest: Manifest) -> None:
    """Check all sizes, and every byte of the smallest files: of all of them in a small index.

    Raises:
        CorruptIndex: a file is not what it was; it is named.
    """
    check_sizes(folder, manifest)
    _check(folder, manifest, _smallest(manifest, READ_AT_OPENING))


def check_contents(folder: Path, manifest: Manifest) -> None:
    """Check every byte of every file.

    Raises:
        CorruptIndex: a file is not what it was; it is named.
    """
    check_sizes(folder, manifest)
    _check(folder, manifest, manifest.files)


def check_part(folder: Path, manifest: Manifest, part: str) -> None:
    """Check every byte of the files in a folder of the generation.

    Raises:
        CorruptIndex: a file is not what it was; it is named.
    """
    _check(folder, manifest, [name for name in manifest.files if name.startswith(f"{part}/")])


def damaged_files(folder: Path, manifest: Manifest) -> Iterator[Path]:
    """Yield every file that is missing or does not have its checksum."""
    for name, entry in manifest.files.items():
        if not _is_sound(folder / name, entry):
            yield folder / name


def _check(folder: Path, manifest: Manifest, names: Iterable[str]) -> None:
    for name in names:
        if not _is_sound(folder / name, manifest.files[name]):
            raise CorruptIndex(f"{folder / name} is damaged: run `qa index` again")


def _smallest(manifest: Manifest, limit: int) -> Iterator[str]:
    for name in sorted(manifest.files, key=lambda name: manifest.files[name].size):
        limit -= manifest.files[name].size
        if limit < 0:
            return
        yield name


def _has_size(path: Path, entry: FileEntry) -> bool:
    return path.is_file() and path.stat().st_size == entry.size


def _is_sound(path: Path, entry: FileEntry) -> bool:
    try:
        return describe_file(path) == entry
    except OSError:  # missing, or its disk is failing
        return False

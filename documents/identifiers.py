"""Paths become identifiers that are stable, readable and safe in a URL."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l"})
_DIGEST = 12


def identifier(path: Path, root: Path | None = None) -> str:
    """Return the path in ``a-z``, ``0-9`` and ``-``, its suffix left out.

    Args:
        path: a file.
        root: a folder above it; without one, or from another, only the file's name counts.
    """
    relative = _relative(path, root)
    plain = unicodedata.normalize("NFKD", relative.with_suffix("").as_posix())
    letters = "".join(c for c in plain.casefold() if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters.translate(_LIGATURES)).strip("-") or "document"


def assign_identifiers(roots: Mapping[Path, Path]) -> dict[Path, str]:
    """Give each file, mapped to the folder its name starts from, an identifier of its own.

    Where several files would share one (``a.md`` and ``a.txt``, ``b/a.md`` and ``b-a.md``),
    each takes a digest of its relative path, or if that is shared too of its absolute path:
    the order of the files plays no part.
    """
    choices = {path: _choices(path, root) for path, root in roots.items()}
    counts = Counter(name for names in choices.values() for name in set(names))
    return {
        path: next((name for name in names if counts[name] == 1), names[-1])
        for path, names in choices.items()
    }


def _choices(path: Path, root: Path) -> tuple[str, str, str]:
    plain = identifier(path, root)
    relative, absolute = _relative(path, root), path.resolve()
    return plain, f"{plain}-{_digest(relative)}", f"{plain}-{_digest(absolute)}"


def _relative(path: Path, root: Path | None) -> Path:
    if root is None or not path.is_relative_to(root):
        return Path(path.name)
    return path.relative_to(root)


def _digest(path: Path) -> str:
    name = unicodedata.normalize("NFC", path.as_posix())
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGEST]

"""Makes identifiers of paths: stable, readable and safe in a URL."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count
from pathlib import Path

from documents.errors import AmbiguousNames

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "ł": "l"})
_DIGEST = 12


def identifier(path: Path, root: Path | None = None) -> str:
    """Return the path in ``a-z``, ``0-9`` and ``-``, its suffix left out.

    Args:
        path: a file.
        root: the folder that the path is taken relative to. Without it, or if the file is
            elsewhere, the identifier is made of the file's name alone.
    """
    relative = _relative(path, root)
    plain = unicodedata.normalize("NFKD", relative.with_suffix("").as_posix())
    letters = "".join(c for c in plain.casefold() if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", letters.translate(_LIGATURES)).strip("-") or "document"


def assign_identifiers(
    roots: Mapping[Path, Path], taken: Collection[str] = frozenset()
) -> dict[Path, str]:
    """Give each file, mapped to the folder its name starts from, an identifier of its own.

    Where several files would share one (``a.md`` and ``a.txt``, ``b/a.md`` and ``b-a.md``), a
    digest of the relative path is added to each, or of the absolute path if the relative one is
    shared too. Names that only a file system tells apart, as ``é`` of one or of two code points,
    take a digest of their bytes. So an identifier does not depend on the order of the files.

    Args:
        roots: the files.
        taken: identifiers of other documents, which none of the files is given.

    Raises:
        AmbiguousNames: two files would still share one.
    """
    choices = {path: _choices(path, root) for path, root in roots.items()}
    counts = Counter(name for names in choices.values() for name in set(names))
    counts.update(dict.fromkeys(taken, 2))
    found = {
        path: next((name for name in names if counts[name] == 1), _other(names[-1], taken))
        for path, names in choices.items()
    }
    _refuse_shared(found)
    return found


def _refuse_shared(found: Mapping[Path, str]) -> None:
    paths: dict[str, Path] = {}
    for path, name in found.items():
        other = paths.setdefault(name, path)
        if other is not path:
            raise AmbiguousNames(
                f"{path} and {other}: both would be the document {name!r}: rename one of them"
            )


def _other(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: the digest was that of a file that has been moved away."""
    numbers = (f"{name}-{number}" for number in count(2))
    return name if name not in taken else next(n for n in numbers if n not in taken)


def _choices(path: Path, root: Path) -> tuple[str, ...]:
    plain = identifier(path, root)
    ways = ((known, form) for known in (_relative(path, root), path.resolve()) for form in _FORMS)
    return plain, *(f"{plain}-{_digest(form(os.fsencode(known)))}" for known, form in ways)


def _relative(path: Path, root: Path | None) -> Path:
    if root is None or not path.is_relative_to(root):
        return Path(path.name)
    return path.relative_to(root)


def _composed(path: bytes) -> bytes:
    name = unicodedata.normalize("NFC", path.decode("utf-8", "surrogateescape"))
    return name.encode("utf-8", "surrogateescape")


def _as_they_are(path: bytes) -> bytes:
    # Never what the composed form of another name is, so that one digest stands for one name.
    return b"\0" + path


def _digest(path: bytes) -> str:
    return hashlib.sha256(path).hexdigest()[:_DIGEST]


_FORMS = (_composed, _as_they_are)

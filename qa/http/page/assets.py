"""Style, script and drawing: named by their content, compressed once, kept for ever by browsers."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "web"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that the page uses.

    Attributes:
        name: its file name with the first 12 digits of its SHA-256 before the ending.
        media_type: as HTTP names it.
        content: its bytes.
        compressed: the same, by gzip.
    """

    name: str
    media_type: str
    content: bytes
    compressed: bytes


@cache
def assets() -> dict[str, Asset]:
    """Return the assets by their plain file name."""
    found = (path for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES)
    return {path.name: _read(path) for path in found}


def address(name: str) -> str:
    """Return where an asset is served."""
    return f"/assets/{assets()[name].name}"


@cache
def by_address() -> dict[str, Asset]:
    """Return the assets by the name they are served under."""
    return {asset.name: asset for asset in assets().values()}


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
    compressed = gzip.compress(content, compresslevel=9, mtime=0)
    return Asset(name, _TYPES[path.suffix], content, compressed)

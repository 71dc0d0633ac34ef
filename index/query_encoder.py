"""The query encoder of a generation: the export, or a note to use the model itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import ModelError

if TYPE_CHECKING:
    from index.encoding import Encoder
    from index.model import ModelSource

ENCODER: Final = "encoder"
"""The folder of the query encoder in that of a generation."""
_NOTE: Final = "not-exported.json"


def open_query_encoder(folder: Path) -> Encoder:
    """Open what ``qa index`` left in this folder.

    Raises:
        MissingBuildDependency: the model was not exported and the ``build`` extra is missing.
        ModelError: the encoder cannot be used, or the model is another one now.
    """
    if reason_not_exported(folder) is None:
        from index.onnx_encoder import OnnxEncoder

        return OnnxEncoder.open(folder)
    return _open_model(folder / _NOTE)


def reason_not_exported(folder: Path) -> str | None:
    """Return why the model itself must be used; None where it was exported."""
    note = folder / _NOTE
    return _read(note)["reason"] if note.exists() else None


def note_not_exported(folder: Path, source: ModelSource, reason: str) -> None:
    """Leave a note to use the model itself, and nothing else, in an existing folder."""
    for path in folder.iterdir():
        path.unlink()
    note = {"location": source.location, "revision": source.revision, "reason": reason}
    (folder / _NOTE).write_text(json.dumps(note), encoding="utf-8")


def _open_model(note: Path) -> Encoder:
    from index.model import resolve_model
    from index.st_encoder import SentenceTransformerEncoder

    noted = _read(note)
    source = resolve_model(noted["location"], note.parent)
    if source.revision != noted["revision"]:
        raise ModelError(
            f"the model {source.name!r} has changed since it was indexed: run `qa index` again"
        )
    return SentenceTransformerEncoder(source)


def _read(note: Path) -> dict[str, str]:
    try:
        noted: dict[str, str] = json.loads(note.read_bytes())
        return {name: noted[name] for name in ("location", "revision", "reason")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{note} cannot be read ({error!r}): run `qa index` again") from error

"""The folder of a query encoder: an exported model, or a note that the model itself is needed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from index.errors import ModelError

ENCODER: Final = "encoder"
"""The folder of the query encoder in that of a generation."""
_NOTE: Final = "not-exported.json"


@dataclass(frozen=True, slots=True)
class Note:
    """Says that the model itself must be used, since it could not be exported.

    Attributes:
        location: the folder or the hub id of the model.
        revision: which state of the model was indexed.
        reason: why it could not be exported.
    """

    location: str
    revision: str
    reason: str

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the note of an encoder's folder.

        Raises:
            ModelError: it cannot be read.
        """
        path = folder / _NOTE
        try:
            noted = json.loads(path.read_bytes())
            return cls(noted["location"], noted["revision"], noted["reason"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} cannot be read ({error!r}): run `qa index` again") from error

    def write(self, folder: Path) -> None:
        """Leave this note, and nothing else, in an existing folder."""
        for path in folder.iterdir():
            path.unlink()
        (folder / _NOTE).write_text(json.dumps(asdict(self)), encoding="utf-8")


def reason_not_exported(folder: Path) -> str | None:
    """Return why the model itself must be used; None where it was exported."""
    return Note.read(folder).reason if (folder / _NOTE).exists() else None

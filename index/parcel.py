"""An encoder as it travels: the files of its export, opened again on another machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.encoding import Encoder
from index.encoding_stage import BuildEncoder
from index.faults import reported
from index.query_encoder import reason_not_exported

Opener = Callable[[Path], Encoder]
"""Opens the folder of an exported encoder."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """The export of an encoder, in memory.

    Attributes:
        files: the content of each file, by its name.
        exported: whether that is all it takes; otherwise each node loads the model itself, from
            the folder or the hub that the export names, and refuses another than was indexed.
    """

    files: dict[str, bytes]
    exported: bool

    @classmethod
    def of(cls, encoder: BuildEncoder) -> Self:
        """Pack an encoder.

        Raises:
            IndexingError: there is no room for it on the disk.
        """
        with tempfile.TemporaryDirectory(prefix="passerelle-") as name, reported(Path(name)):
            folder = Path(name)
            encoder.export(folder)
            files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
            return cls(files, reason_not_exported(folder) is None)

    def open(self, opener: Opener) -> Encoder:
        """Unpack it, open it, and leave nothing behind.

        Raises:
            ModelError: it does not give the model's vectors on this machine.
        """
        with tempfile.TemporaryDirectory(prefix="passerelle-") as name, reported(Path(name)):
            for file, content in self.files.items():
                (Path(name) / file).write_bytes(content)
            return opener(Path(name))


def open_travelled(folder: Path) -> Encoder:
    """Open an exported encoder to encode many passages with it; or the model that it names.

    Raises:
        ModelError: it cannot be used here.
        MissingBuildDependency: the model itself is needed, and the ``build`` extra is missing.
    """
    from index.build_encoder import ExportedEncoder
    from index.query_encoder import open_query_encoder

    if reason_not_exported(folder) is not None:
        return open_query_encoder(folder)
    return ExportedEncoder.open(folder)

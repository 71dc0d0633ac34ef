"""An encoder as it travels: the files of its export, opened again on another machine."""

from __future__ import annotations

import hashlib
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Self

import numpy
import onnxruntime
import tokenizers

from index.encoding import Encoder
from index.encoding_stage import BuildEncoder
from index.errors import ClusterError
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
        program: of whom it is: see ``program``.
    """

    files: dict[str, bytes]
    exported: bool
    program: str

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
            return cls(files, reason_not_exported(folder) is None, program())

    def open(self, opener: Opener) -> Encoder:
        """Unpack it, open it, and leave nothing behind.

        Raises:
            ClusterError: this machine runs another program.
            ModelError: it does not give the model's vectors on this machine.
        """
        if self.program != program():
            raise ClusterError(
                f"{socket.gethostname()} runs another Passerelle from {Path(__file__).parent}, or "
                "other libraries: install the same versions on every node"
            )
        with tempfile.TemporaryDirectory(prefix="passerelle-") as name, reported(Path(name)):
            for file, content in self.files.items():
                (Path(name) / file).write_bytes(content)
            return opener(Path(name))


@cache
def program() -> str:
    """Return a digest of what decides the bytes of an index: this code, and its libraries.

    Two versions of it may round vectors differently, and such must not be mixed.
    """
    digest = hashlib.sha256()
    folder = Path(__file__).parents[1]
    for path in sorted(p for name in ("documents", "index") for p in (folder / name).glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    versions = (numpy.__version__, onnxruntime.__version__, tokenizers.__version__)
    digest.update(" ".join((*versions, version("icu4py"))).encode())
    return digest.hexdigest()


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

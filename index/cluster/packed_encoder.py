"""A packed encoder: the files of an exported encoder, sent to other machines and opened there."""

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

from index.build.stage import BuildEncoder
from index.encoder.folder import reason_not_exported
from index.encoder.protocol import Encoder
from index.errors import ClusterError
from index.faults import reported

_ROOT = Path(__file__).parents[2]
OpenEncoder = Callable[[Path], Encoder]
"""Opens the folder of an exported encoder."""


@dataclass(frozen=True, slots=True)
class PackedEncoder:
    """The files of an exported encoder, to be sent to other machines.

    Attributes:
        files: the content of each file, by its name.
        exported: whether the files are enough to encode. If not, they name the folder or the hub
            from which each node loads the model itself; a node refuses any other revision.
        program: the digest of the code and libraries that packed it: see ``program``.
    """

    files: dict[str, bytes]
    exported: bool
    program: str

    @classmethod
    def of(cls, encoder: BuildEncoder) -> Self:
        """Pack an encoder.

        Raises:
            IndexingError: it cannot be written to the disk.
        """
        with tempfile.TemporaryDirectory(prefix="passerelle-") as name, reported(Path(name)):
            folder = Path(name)
            encoder.export(folder)
            files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
            return cls(files, reason_not_exported(folder) is None, program())

    def open(self, open_encoder: OpenEncoder) -> Encoder:
        """Open the encoder from a temporary folder.

        Raises:
            ClusterError: this machine has other code or libraries than the one that packed it.
            ModelError: it does not give the model's vectors on this machine.
        """
        if self.program != program():
            raise ClusterError(
                f"{socket.gethostname()} runs another Passerelle from {_ROOT}, or "
                "other libraries: install the same versions on every node"
            )
        with tempfile.TemporaryDirectory(prefix="passerelle-") as name, reported(Path(name)):
            for file, content in self.files.items():
                (Path(name) / file).write_bytes(content)
            return open_encoder(Path(name))


@cache
def program() -> str:
    """Return a digest of what decides the bytes of an index: this code and its libraries.

    Two versions may round vectors differently, and such vectors must not be mixed in one index.
    """
    digest = hashlib.sha256()
    for path in program_files():
        digest.update(path.relative_to(_ROOT).as_posix().encode() + path.read_bytes())
    versions = (numpy.__version__, onnxruntime.__version__, tokenizers.__version__)
    digest.update(" ".join((*versions, version("icu4py"))).encode())
    return digest.hexdigest()


def program_files() -> list[Path]:
    """Return every file of code that decides the bytes of an index."""
    return sorted(path for room in ("documents", "index") for path in (_ROOT / room).rglob("*.py"))


def open_exported(folder: Path) -> Encoder:
    """Open an exported encoder to encode many passages, or load the model that the folder names.

    Raises:
        ModelError: it cannot be used here.
        MissingBuildDependency: the model itself is needed, and the ``build`` extra is missing.
    """
    from index.build.encoder import ExportedEncoder
    from index.model.opening import open_query_encoder

    if reason_not_exported(folder) is not None:
        return open_query_encoder(folder)
    return ExportedEncoder.open(folder)

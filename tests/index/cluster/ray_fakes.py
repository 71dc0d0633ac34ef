"""What the actors of a test's Ray open in the place of a real encoder."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.cluster.ray_cluster import LOCAL, Cluster, joined
from index.encoder.protocol import Encoding
from index.errors import ModelError
from tests.fakes import FakeEncoder


def run_this_code(patch: pytest.MonkeyPatch) -> None:
    """Let the actors of a Ray that is started now import what the test imports."""
    patch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))


@contextmanager
def joined_here(patch: pytest.MonkeyPatch, actors: int) -> Iterator[Cluster]:
    """Start a Ray of so many cores that runs this code."""
    run_this_code(patch)
    with joined(LOCAL, actors) as cluster:
        yield cluster


class Mortal(FakeEncoder):
    """Is killed with its process where it first meets a text, once for each marker file."""

    def __init__(self, marker: Path) -> None:
        """Die if the marker is there."""
        super().__init__()
        self._marker = marker

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Encode, or be killed as by the system's lack of memory."""
        if any("roi" in text for text in texts) and self._marker.exists():
            self._marker.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_passages(texts)


def open_fake(folder: Path) -> FakeEncoder:
    """Open what ``FakeEncoder.export`` left."""
    assert (folder / "encoder.txt").read_text("ascii") == "fake"
    return FakeEncoder()


def open_mortal(folder: Path) -> FakeEncoder:
    """Open one that may die; the marker's place is beside the export of ``Marked``."""
    return Mortal(Path((folder / "marker.txt").read_text("utf-8")))


def refuse(folder: Path) -> FakeEncoder:
    """Be unable to open it."""
    raise ModelError(f"there is no such processor, {sorted(p.name for p in folder.iterdir())}")


class Marked(FakeEncoder):
    """Exports where a marker file is."""

    def __init__(self, marker: Path) -> None:
        """Keep the place."""
        super().__init__()
        self._marker = marker

    def export(self, target: Path) -> None:
        """Write where the marker is too."""
        super().export(target)
        (target / "marker.txt").write_text(str(self._marker), encoding="utf-8")

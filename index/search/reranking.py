"""An optional second stage: a cross-encoder reads the question and each passage together."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any, Final, Protocol

import numpy as np

from index.encoder.protocol import Floats
from index.errors import INSTALL, MissingBuildDependency, ModelError

DEPTH: Final = 20
"""How many of the first passages are scored again."""


class Reranker(Protocol):
    """Scores passages for a question; higher is better."""

    def scores(self, question: str, passages: Sequence[str]) -> Floats:
        """Return a score a passage, ``(p,) float32``."""


class CrossEncoderReranker:
    """A cross-encoder of the hub, or of a folder, run by sentence-transformers."""

    def __init__(self, name: str) -> None:
        """Load the model.

        Raises:
            MissingBuildDependency: the ``build`` extra is not installed.
            ModelError: sentence-transformers cannot load the model.
        """
        self._model, self._alone = _load(name), Lock()

    def scores(self, question: str, passages: Sequence[str]) -> Floats:
        """Return a score a passage, ``(p,) float32``."""
        pairs = [(question, passage) for passage in passages]
        with self._alone:  # the library's tokeniser fails when two threads set it up at once
            found = self._model.predict(pairs, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)


def _load(name: str) -> Any:
    try:
        from sentence_transformers import CrossEncoder
    except ImportError as error:
        raise MissingBuildDependency(f"{error.name} is not installed: {INSTALL}") from error
    try:
        return CrossEncoder(name, num_labels=1)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(
            f"the reranker {name!r} cannot be loaded ({error}): correct QA_RERANKER or unset it"
        ) from error

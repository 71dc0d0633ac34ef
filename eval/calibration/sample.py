"""Questions that were asked to fit the confidence to, and what came of each."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from eval.errors import EvaluationError
from qa.answer.confidence import Features

NEAR, SWAPPED, ALONE = ".near", ".swapped", ".alone"
"""How the names of sets of near misses end, and of questions asked of one document alone."""


class Asked(NamedTuple):
    """A question that was asked, and what came of it.

    Attributes:
        source: the name of its data set.
        features: of the first passage.
        right: whether the first passage answers.
        answerable: whether any passage answers.
        language: of the question.
        read: the reader's logit that the first passage answers; NaN where it was not read.
    """

    source: str
    features: Features
    right: bool
    answerable: bool
    language: str
    read: float = math.nan


@dataclass(frozen=True, slots=True)
class Sample:
    """Questions that were asked.

    Attributes:
        source: the name of each question's data set, ``(n,) str``.
        features: what the confidence is computed from, ``(n, f) float64``.
        right: whether the first passage answers, ``(n,) bool``.
        answerable: whether any passage answers, ``(n,) bool``.
        language: of each question, ``(n,) str``.
        read: the reader's logit that the first passage answers; NaN where it was not read,
            ``(n,) float64``.
    """

    source: NDArray[np.str_]
    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    answerable: NDArray[np.bool_]
    language: NDArray[np.str_]
    read: NDArray[np.float64]

    @property
    def signals(self) -> NDArray[np.float64]:
        """The features, and what the reader said if it was asked, ``(n, f or f + 1) float64``."""
        if np.isnan(self.read).all():
            return self.features
        return np.hstack([self.features, self.read[:, None]])

    @classmethod
    def of_rows(cls, rows: Iterable[Asked]) -> Self:
        """Collect questions, at least one."""
        sources, features, *judged = zip(*rows, strict=True)
        columns = (np.array(column) for column in judged)
        return cls(np.array(sources), np.array(features, dtype=np.float64), *columns)

    def save(self, path: Path) -> None:
        """Keep the sample as a file, for another fit."""
        np.savez_compressed(
            path, **{field.name: getattr(self, field.name) for field in fields(self)}
        )

    @classmethod
    def load(cls, path: Path) -> Self:
        """Take up a sample that was kept.

        Raises:
            EvaluationError: it is none, or of other features.
        """
        try:
            with np.load(path, allow_pickle=False) as kept:
                sample = cls(**{field.name: kept[field.name] for field in fields(cls)})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise EvaluationError(f"{path} is no sample that --save wrote: {error}") from error
        if sample.features.shape[1:] != (len(Features._fields),):
            raise EvaluationError(f"{path} holds other signals than this version: ask again")
        return sample

    def of(self, members: NDArray[np.bool_] | NDArray[np.int64]) -> Sample:
        """Return some of the questions."""
        return Sample(*(getattr(self, field.name)[members] for field in fields(self)))

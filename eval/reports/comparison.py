"""Compares the systems: by data set, by direction, and on average over directions.

In an average over data sets each data set counts the same, and in the average over directions each
direction, whatever their numbers of questions. Intervals resample the questions of each data set
on their own.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from eval.benchmark import DatasetResult
from eval.metrics import Estimate, Scores, interval, resampled_means

SYSTEMS = ("passerelle", "dense", "bm25", "rrf")
COMPARED = ("nDCG@10", "MRR@10", "Success@1")
DECIDING = "nDCG@10"
"""The metric by which a baseline is the best one."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """The questions of one data set in one direction, n of them.

    Attributes:
        name: of the data set.
        direction: as people read it.
        scores: by the system's name, then the metric's, ``(n,) float64``.
    """

    name: str
    direction: str
    scores: Mapping[str, Scores]

    def mean(self, system: str, metric: str) -> float:
        """Return a system's mean."""
        return float(self.scores[system][metric].mean())

    def differences(self, baseline: str, metric: str) -> NDArray[np.float64]:
        """Return what Passerelle gains on a baseline, question by question."""
        return self.scores["passerelle"][metric] - self.scores[baseline][metric]


Strata = Sequence[Stratum]
Rival = Callable[[Strata], str]


def strata(results: Sequence[DatasetResult]) -> list[Stratum]:
    """Divide the questions of each data set by their direction."""
    return [
        Stratum(r.name, direction, _members(r, np.array(r.directions) == direction))
        for r in results
        for direction in sorted(set(r.directions))
    ]


def by_direction(found: Strata) -> dict[str, list[Stratum]]:
    """Gather the strata of each direction."""
    names = sorted({s.direction for s in found})
    return {name: [s for s in found if s.direction == name] for name in names}


def mean(groups: Sequence[Strata], system: str, metric: str) -> float:
    """Return the mean over groups of the mean over their strata of a system's means."""
    return fmean(fmean(s.mean(system, metric) for s in group) for group in groups)


def best_baseline(found: Strata) -> str:
    """Return the baseline with the highest mean nDCG@10."""
    return max(SYSTEMS[1:], key=lambda system: mean([found], system, DECIDING))


def gain(groups: Sequence[Strata], rival: Rival, metric: str) -> Estimate:
    """Return Passerelle's gain, the mean over groups of strata, with its paired bootstrap interval.

    Args:
        groups: each of one stratum or more.
        rival: names the baseline that a group is compared with.
        metric: what is compared.
    """
    gains = [_gains(group, rival(group), metric) for group in groups]
    resampled = np.mean([draws for _, draws in gains], axis=0)
    return interval(fmean(value for value, _ in gains), resampled)


def _members(result: DatasetResult, members: NDArray[np.bool_]) -> dict[str, Scores]:
    return {
        system: {metric: values[members] for metric, values in scores.items()}
        for system, scores in result.scores.items()
    }


def _gains(found: Strata, baseline: str, metric: str) -> tuple[float, NDArray[np.float64]]:
    """Return the mean over strata of the gain, and its resampled means."""
    differences = [s.differences(baseline, metric) for s in found]
    draws = [resampled_means(*pair) for pair in zip(differences, map(_seed, found), strict=True)]
    return fmean(float(d.mean()) for d in differences), np.mean(draws, axis=0)


def _seed(stratum: Stratum) -> int:
    # Seeded by its own name, so that adding a data set does not change the interval of another.
    return zlib.crc32(f"{stratum.name} {stratum.direction}".encode())

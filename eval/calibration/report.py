"""What a fit says of each data set, under weights fitted to the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from eval.abstention import Outcomes, auroc, bins, calibration_error
from eval.calibration.fitting import fit, left_out
from eval.calibration.risk import DOUBT, RISK, threshold_for
from eval.calibration.sample import ALONE, NEAR, SWAPPED, Sample
from qa.answer.confidence import Features

THRESHOLD: Final = 0.2
"""From which confidence a question counts as answered in the report: that of the settings."""
DRAWN: Final = 100
"""Of each set, so many questions at most are drawn for the risk, so that sets count about alike."""


def report(sample: Sample) -> None:
    """Print the figures of each set, the weights, and the threshold of a bounded risk."""
    unread = np.isnan(sample.read)
    _report_fit(sample.of(unread), "")
    if not unread.all():
        print("\nread:")
        _report_fit(sample.of(~unread), "READ_")


def _report_fit(sample: Sample, prefix: str) -> None:
    confidences = left_out(sample)
    for name in np.unique(sample.source):
        members = sample.source == name
        print(f"{name:26} {_figures(confidences[members], sample.of(members))}")
    for language in np.unique(sample.language):
        members = sample.answerable & (sample.language == language)
        print(f"answerable, {language}: {np.mean(confidences[members] < THRESHOLD):.3f} refused")
    weights, intercept = fit(sample)
    own, read = weights[: len(Features._fields)], weights[len(Features._fields) :]
    rounded = ", ".join(f"{n}={w:.3f}" for n, w in zip(Features._fields, own, strict=True))
    print(f"{prefix}WEIGHTS = Features({rounded})\n{prefix}INTERCEPT = {intercept:.3f}")
    for weight in read:
        print(f"READ = {weight:.3f}")
    members = _as_people_ask(sample)
    _report_risk(confidences[members], sample.of(members))


def _report_risk(confidences: NDArray[np.float64], sample: Sample) -> None:
    print(f"\nquestions as people ask them, at most {DRAWN} of a set: {len(confidences)}")
    for part in bins(Outcomes(confidences, sample.right, sample.answerable)):
        print(f"confidence {part.confidence:.2f}: {part.right:.2f} right of {part.size}")
    print(f"FOUND = {threshold_for(confidences, sample.right)}  # risk {RISK}, doubt {DOUBT}")


def _as_people_ask(sample: Sample) -> NDArray[np.int64]:
    """Return the places of the questions that the risk is measured on, ``(n,) int64``."""
    return np.sort(np.concatenate(list(_drawn(sample))))


def _drawn(sample: Sample) -> Iterator[NDArray[np.int64]]:
    generator = np.random.default_rng(0)
    for name in np.unique(sample.source):
        if not str(name).endswith((NEAR, SWAPPED, ALONE)):
            members = np.flatnonzero(sample.source == name)
            yield generator.permutation(members)[:DRAWN]


def _figures(confidences: NDArray[np.float64], sample: Sample) -> str:
    found = Outcomes(confidences, sample.right, sample.answerable)
    areas = (auroc(confidences, found.right), auroc(confidences, found.answerable))
    answered = confidences >= THRESHOLD
    shares = (answered[~found.answerable], ~answered[found.answerable])
    return (
        f"n {len(confidences):5} AUROC {_shown(areas[0])} of answerable {_shown(areas[1])} "
        + "unanswerable answered {} answerable refused {} ".format(
            *(_shown(float(share.mean()) if len(share) else None) for share in shares)
        )
        + f"ECE {calibration_error(found):.3f}"
    )


def _shown(figure: float | None) -> str:
    return "    -" if figure is None else f"{figure:.3f}"

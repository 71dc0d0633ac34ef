"""From which confidence an answer counts as found: the least one whose risk is bounded.

Learn then Test (Angelopoulos, Bates, Candès, Jordan and Lei, 2021) with fixed-sequence testing:
thresholds are tried from the highest down; at each, that more than ``risk`` of the answers from
there on are wrong is tested by the exact binomial tail, and the first that is not rejected ends the
search. With probability 1 - ``doubt`` over the questions, the risk at the threshold is at most
``risk``, for questions drawn alike.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

RISK: Final = 0.1
"""The share of answers called found that may be wrong."""
DOUBT: Final = 0.1
"""How probable it may be that the risk is higher."""
FEWEST: Final = 80
"""The first threshold that is tried has so many answers from it on, and a tenth of all of them: of
fewer, a single wrong one would end the search."""


def threshold_for(
    confidence: NDArray[np.float64],
    right: NDArray[np.bool_],
    risk: float = RISK,
    doubt: float = DOUBT,
) -> float | None:
    """Return the least threshold whose risk is bounded, in steps of 0.01; None if none is.

    Args:
        confidence: ``(n,) float64`` in 0-1.
        right: ``(n,) bool``, whether the first passage answers.
        risk: the share of wrong answers that is allowed, in 0-1.
        doubt: the probability that it is exceeded, in 0-1.
    """
    found = None
    for step in range(99, -1, -1):
        answered = confidence >= step / 100
        count = int(answered.sum())
        if count < max(FEWEST, len(right) // 10):
            continue
        wrong = int((answered & ~right).sum())
        if _at_most(wrong, count, risk) > doubt:
            break
        found = step / 100
    return found


def _at_most(hits: int, count: int, chance: float) -> float:
    """Return the probability of at most so many hits in ``count`` draws (binomial)."""
    logs = (
        math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
        + k * math.log(chance) + (count - k) * math.log1p(-chance)
        for k in range(hits + 1)
    )  # fmt: skip
    return math.fsum(map(math.exp, logs))

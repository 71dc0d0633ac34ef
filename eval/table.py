"""Figures as tables that people read on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from eval.metrics import METRICS, estimate

Scores = Mapping[str, NDArray[np.float64]]


def metrics_table(title: str, groups: Mapping[str, NDArray[np.bool_]], scores: Scores) -> Table:
    """Lay out each metric's mean and 95 % interval, a row a group of questions."""
    table = Table(title=title, title_justify="left")
    table.add_column("questions")
    table.add_column("n", justify="right")
    for name in METRICS:
        table.add_column(name, justify="right")
    for group, members in groups.items():
        table.add_row(group, str(int(members.sum())), *_cells(members, scores))
    return table


def _cells(members: NDArray[np.bool_], scores: Scores) -> Sequence[str]:
    estimates = (estimate(scores[name][members]) for name in METRICS)
    return [f"{e.mean:.3f}\n{e.low:.2f}-{e.high:.2f}" for e in estimates]

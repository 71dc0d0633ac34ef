"""Draws the plots of a report as SVG files; equal figures give equal bytes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eval.abstention import BINS, Outcomes, bins, risks
from eval.reports.comparison import DECIDING, SYSTEMS

_BAR = 0.8 / len(SYSTEMS)


def draw_reliability(path: Path, collections: Mapping[str, Outcomes]) -> None:
    """Draw the share of right answers against the confidence, in bins, a line a collection."""
    with _chart(path, "confidence, mean of the bin", "share of right answers") as axes:
        axes.plot([0, 1], [0, 1], color="grey", linestyle="--", label="calibrated")
        for name, found in collections.items():
            points = bins(found)
            x, y = [b.confidence for b in points], [b.right for b in points]
            axes.plot(x, y, marker="o", markersize=4, label=name)
        axes.set_xticks(np.linspace(0, 1, BINS + 1))


def draw_risk_coverage(path: Path, collections: Mapping[str, Outcomes]) -> None:
    """Draw the share of wrong answers among the most confident, a line a collection."""
    with _chart(path, "coverage: share of questions answered", "risk: share of them wrong") as axes:
        for name, found in collections.items():
            curve = risks(found)
            axes.plot(np.arange(1, len(curve) + 1) / len(curve), curve, label=name)


def draw_systems(path: Path, directions: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw each system's mean nDCG@10, a group of bars a direction."""
    places = np.arange(len(directions))
    with _chart(path, "direction", f"mean {DECIDING}") as axes:
        for number, system in enumerate(SYSTEMS):
            heights = [found["systems"][system][DECIDING] for found in directions.values()]
            axes.bar(places + number * _BAR, heights, _BAR, label=system)
        axes.set_xticks(places + _BAR * (len(SYSTEMS) - 1) / 2, list(directions))


@contextlib.contextmanager
def _chart(path: Path, x: str, y: str) -> Iterator[Axes]:
    # Names of data sets are text, without mathematics; the salt keeps identifiers from run to run.
    with mpl.rc_context({"text.parse_math": False, "svg.hashsalt": "passerelle"}):
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        axes: Axes = figure.subplots()
        axes.set(xlabel=x, ylabel=y, ylim=(0, 1.02), axisbelow=True)
        axes.grid()
        yield axes
        figure.legend(loc="outside upper center", ncols=4, fontsize="small")
        figure.savefig(path, metadata={"Date": None})

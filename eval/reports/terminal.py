"""Lays out figures as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.markup import escape
from rich.table import Table

from eval.metrics import METRICS, Scores, estimate
from eval.reports.comparison import COMPARED, SYSTEMS
from eval.reports.folders import tables

Figures = Mapping[str, Any]

ABSTENTION = {
    "right": "right",
    "auroc": "AUROC",
    "auroc_answerable": "AUROC, answerable or not",
    "ece": "ECE",
    "aurc": "AURC",
}


def metrics_table(title: str, groups: Mapping[str, NDArray[np.bool_]], scores: Scores) -> Table:
    """Lay out each metric's mean and 95 % interval, a row a group of questions."""
    table = _table(title, "questions", "n", *METRICS)
    for group, members in groups.items():
        table.add_row(group, str(int(members.sum())), *_cells(members, scores))
    return table


def systems_table(figures: Figures) -> Table:
    """Lay out the systems side by side: by data set, by direction, and over directions.

    The last two columns hold what Passerelle gains, with the 95 % interval below it.
    """
    title = "Data sets: mean of each system; gain with its 95 % paired bootstrap interval"
    table = _table(title, "questions", "metric", *SYSTEMS, "gain on dense", "on the best baseline")
    for name, found in _comparisons(figures):
        for number, metric in enumerate(COMPARED):
            last = number == len(COMPARED) - 1
            name_, means = "" if number else escape(name), (found["systems"][s] for s in SYSTEMS)
            cells = [f"{system[metric]:.3f}" for system in means]
            table.add_row(name_, metric, *cells, *_gains(found["gains"], metric), end_section=last)
    return table


def abstention_table(title: str, groups: Mapping[str, Figures]) -> Table:
    """Lay out how well the confidence tells right from wrong, a row a group of questions."""
    table = _table(title, "questions", "n", *ABSTENTION.values())
    for name, found in groups.items():
        cells = [format_score(found.get(key)) for key in ABSTENTION]
        table.add_row(escape(name), str(found.get("questions", 0)), *cells)
    return table


def accuracy_table(title: str, measures: Mapping[str, Mapping[str, Figures]]) -> Table:
    """Lay out shares of right answers, a row a measure and a language."""
    table = _table(title, "what", "questions", "n", "accuracy")
    for measure, groups in measures.items():
        for name, found in groups.items():
            table.add_row(measure, name, str(found["questions"]), format_score(found["accuracy"]))
    return table


def folder_tables(figures: Figures) -> Iterator[Table]:
    """Lay out two tables a folder of documents, and one where all are in one index."""
    for title, columns, rows in tables(figures):
        table = _table(escape(title), *columns)
        for row in rows:
            table.add_row(*map(escape, row))
        yield table


def format_score(value: float | None) -> str:
    """Write a figure with three decimals, or a dash for one that is not defined."""
    return "–" if value is None else f"{value:.3f}"


def gain_text(found: Figures) -> tuple[str, str]:
    """Write a gain with its sign, and its interval."""
    return f"{found['mean']:+.3f}", f"{found['low']:+.3f} to {found['high']:+.3f}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left", no_wrap=not place)
    return table


def _comparisons(figures: Figures) -> Iterator[tuple[str, Figures]]:
    for dataset in figures["datasets"]:
        size = f"{dataset['questions']} on {dataset['passages']}"
        yield f"{dataset['name']} ({size})", dataset
    yield from figures["directions"].items()
    yield "mean over directions", figures["mean"]


def _gains(gains: Figures, metric: str) -> list[str]:
    rivals = ", ".join(gains["best_baseline"]["systems"])
    dense, best = (gain_text(gains[rival][metric]) for rival in ("dense", "best_baseline"))
    return ["\n".join(dense), f"{best[0]} ({rivals})\n{best[1]}"]


def _cells(members: NDArray[np.bool_], scores: Scores) -> Sequence[str]:
    estimates = (estimate(scores[name][members]) for name in METRICS)
    return [f"{e.mean:.3f}\n{e.low:.2f}-{e.high:.2f}" for e in estimates]

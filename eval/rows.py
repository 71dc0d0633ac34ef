"""A figure of the bench, and how figures are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A figure: Passerelle's, the naive service's if it has one, and whether less is better."""

    what: str
    unit: str
    ours: float
    naive: float | None = None
    less: bool = True

    @property
    def gain(self) -> float | None:
        """How many times better than the naive service."""
        if self.naive is None or not self.unit:
            return None
        return self.naive / self.ours if self.less else self.ours / self.naive


def table(rows: Sequence[Row]) -> str:
    """Return the figures in Markdown, the ratios first."""
    lines = ["| | times better | Passerelle | naive | |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        gain = "" if row.gain is None else f"**{row.gain:.1f}**"
        naive = "" if row.naive is None else number(row.naive)
        lines.append(f"| {row.what} | {gain} | {number(row.ours)} | {naive} | {row.unit} |")
    return "\n".join(lines)


def number(value: float) -> str:
    """Return a figure with as many digits as say something."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.4f}" if value < 1 else f"{value:.2f}"

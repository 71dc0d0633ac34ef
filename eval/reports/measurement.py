"""A measured figure of the bench, and the Markdown table of such figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Measurement(NamedTuple):
    """A figure of Passerelle, and that of the naive service if it was measured there too.

    Attributes:
        what: what was measured.
        unit: the unit, such as ``ms``; ``""`` for a number without one.
        ours: Passerelle's figure.
        naive: the naive service's figure, or None.
        less: whether a lower figure is better.
    """

    what: str
    unit: str
    ours: float
    naive: float | None = None
    less: bool = True

    @property
    def gain(self) -> float | None:
        """How many times better Passerelle is than the naive service; None if not comparable."""
        if self.naive is None or not self.unit:
            return None
        return self.naive / self.ours if self.less else self.ours / self.naive


def measurement_table(rows: Sequence[Measurement]) -> str:
    """Return the figures as a Markdown table, with the ratios in the first column."""
    lines = ["| | times better | Passerelle | naive | |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        gain = "" if row.gain is None else f"**{row.gain:.1f}**"
        naive = "" if row.naive is None else format_number(row.naive)
        lines.append(f"| {row.what} | {gain} | {format_number(row.ours)} | {naive} | {row.unit} |")
    return "\n".join(lines)


def format_number(value: float) -> str:
    """Write a number: from 100 on without decimals, from 1 on with two, below with four."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.4f}" if value < 1 else f"{value:.2f}"

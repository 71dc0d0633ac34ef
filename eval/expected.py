"""The figures on the article that a change must not lower beyond noise.

The encoder and the ranking are deterministic; noise is what another processor's arithmetic, or a
change that only reorders near ties, may do. It is taken as 0.02 of any figure: four of the 200
questions that the article answers, two of the hundred of a direction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.article import Asked
from eval.errors import EvaluationError
from eval.figures import article_figures

EXPECTED = Path(__file__).with_name("expected.json")
NOISE = 0.02
RANKING = ("Success@1", "nDCG@10")

Expected = Mapping[str, Mapping[str, float | None]]
"""By group of questions, then by figure."""


def measure(asked: Sequence[Asked]) -> Expected:
    """Return the figures that are kept, of all questions and of each direction."""
    figures = article_figures(asked)
    names = ["all", *sorted({a.direction for a in asked if a.question.answerable})]
    return {
        name: {
            **{metric: figures[name][metric]["mean"] for metric in RANKING},
            "AUROC": figures["abstention"][name]["auroc"],
        }
        for name in names
    }


def drops(expected: Expected, found: Expected) -> list[str]:
    """Return a line for each expected figure that is missing or lower by more than the noise."""
    return [
        f"{group}, {name}: {_value(found, group, name)}, expected {value:.3f}"
        for group, figures in expected.items()
        for name, value in figures.items()
        if value is not None and _value(found, group, name) < value - NOISE
    ]


def read_expected(path: Path = EXPECTED) -> Expected:
    """Read the committed figures.

    Raises:
        EvaluationError: the file is missing or is not JSON.
    """
    try:
        found: Expected = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path}: {error}: run `python -m eval --write-expected`") from error
    return found


def write_expected(asked: Sequence[Asked], path: Path = EXPECTED) -> None:
    """Keep the figures of now, rounded to four decimals."""
    figures = {
        group: {name: None if value is None else round(value, 4) for name, value in found.items()}
        for group, found in measure(asked).items()
    }
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _value(found: Expected, group: str, name: str) -> float:
    value = found.get(group, {}).get(name)
    return 0.0 if value is None else value

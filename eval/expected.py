"""The figures on the article and on folders of documents that no change may lower beyond noise.

The encoder and the ranking are deterministic. Noise means the effect of another processor's
arithmetic, or of a change that only swaps passages with almost equal scores. It is taken to be
0.02: four of the 200 questions that the article answers, two of the 100 in one direction, three of
the 162 of one folder and one of the 60 of the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.article import Asked
from eval.document_folders import OURS, FolderResult
from eval.errors import EvaluationError
from eval.reports.figures import article_figures
from eval.reports.folders import folder_figures

EXPECTED = Path(__file__).with_name("expected.json")
NOISE = 0.02
RANKING = ("Success@1", "nDCG@10")
FOLDER_RANKING = ("Success@1", "Success@5")

Expected = Mapping[str, Mapping[str, float | None]]
"""By group of questions or by folder of documents, then by figure."""


def kept_figures(asked: Sequence[Asked]) -> Expected:
    """Return the figures that ``expected.json`` keeps of the article: all, and by direction."""
    figures = article_figures(asked)
    names = ["all", *sorted({a.direction for a in asked if a.question.answerable})]
    return {
        name: {
            **{metric: figures[name][metric]["mean"] for metric in RANKING},
            "AUROC": figures["abstention"][name]["auroc"],
        }
        for name in names
    }


def kept_folder_figures(results: Sequence[FolderResult]) -> Expected:
    """Return the figures that ``expected.json`` keeps of folders of documents, by their names."""
    every = {f["name"]: f["groups"]["answerable"] for f in folder_figures(results)["documents"]}
    return {
        name: {
            **{metric: found["systems"][OURS][metric] for metric in FOLDER_RANKING},
            "answered": found["answered"],
            "AUROC": found["auroc"],
        }
        for name, found in every.items()
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


def write_expected(
    asked: Sequence[Asked], results: Sequence[FolderResult], path: Path = EXPECTED
) -> None:
    """Write the figures of these answers to ``expected.json``, rounded to four decimals."""
    kept = {**kept_figures(asked), **kept_folder_figures(results)}
    figures = {
        group: {name: None if value is None else round(value, 4) for name, value in found.items()}
        for group, found in kept.items()
    }
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _value(found: Expected, group: str, name: str) -> float:
    value = found.get(group, {}).get(name)
    return 0.0 if value is None else value

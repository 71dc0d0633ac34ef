"""Computes every figure of an evaluation, as plain values that JSON can hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from eval.abstention import group_summary, summary
from eval.article import Asked, abstention_groups, abstention_of, groups
from eval.benchmark import DatasetResult
from eval.metrics import METRICS, estimate, score
from eval.reports.comparison import (
    COMPARED,
    SYSTEMS,
    Strata,
    best_baseline,
    by_direction,
    gain,
    mean,
    strata,
)

Figures = dict[str, Any]


def article_figures(asked: Sequence[Asked]) -> Figures:
    """Return every mean with its interval by group and by metric, and what else is measured."""
    answerable = [a for a in asked if a.question.answerable]
    scores = score([a.judged for a in answerable])
    return {
        **{
            name: {m: asdict(estimate(scores[m][members])) for m in METRICS}
            for name, members in groups(answerable).items()
        },
        "abstention": abstention_figures(asked),
        "highlights": _accuracy(asked, lambda a: a.highlighted),
        "language": _accuracy(asked, lambda a: a.answer.language.code == a.question.language),
    }


def abstention_figures(asked: Sequence[Asked]) -> Figures:
    """Return how well the confidence tells right from wrong on the article, by group."""
    found = abstention_of(asked)
    return {name: group_summary(found, m) for name, m in abstention_groups(asked).items()}


def dataset_figures(results: Sequence[DatasetResult]) -> Figures:
    """Return the figures of each data set, of each direction, and over all directions."""
    found = by_direction(strata(results))
    return {
        "datasets": [_dataset(result) for result in results],
        "directions": {name: _comparison([group]) for name, group in found.items()},
        "mean": _comparison(list(found.values())),
    }


def _dataset(result: DatasetResult) -> Figures:
    lost = result.abstention
    return {
        "name": result.name,
        "questions": len(result.directions),
        "passages": result.passages,
        **_comparison([strata([result])]),
        "abstention": summary(lost) if lost else {"auroc": None, "ece": None},
    }


def _comparison(groups_: Sequence[Strata]) -> Figures:
    return {
        "systems": {s: {m: mean(groups_, s, m) for m in COMPARED} for s in SYSTEMS},
        "gains": {
            "dense": _gains(groups_, lambda _: "dense"),
            "best_baseline": {
                "systems": sorted({best_baseline(group) for group in groups_}),
                **_gains(groups_, best_baseline),
            },
        },
    }


def _gains(groups_: Sequence[Strata], rival: Callable[[Strata], str]) -> Figures:
    return {metric: asdict(gain(groups_, rival, metric)) for metric in COMPARED}


def _accuracy(asked: Sequence[Asked], right: Callable[[Asked], bool | None]) -> Figures:
    """Return the share of right ones by the question's language; None is not counted."""
    verdicts = [(a.question.language, right(a)) for a in asked]
    known = [(language, verdict) for language, verdict in verdicts if verdict is not None]
    members = {"all": known} | {
        code: [v for v in known if v[0] == code] for code in sorted({c for c, _ in known})
    }
    return {
        name: {
            "questions": len(found),
            "accuracy": sum(v for _, v in found) / len(found) if found else None,
        }
        for name, found in members.items()
    }

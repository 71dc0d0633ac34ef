"""The offline evaluation of the article's fixed question set."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from documents.errors import PasserelleError
from eval.article import Asked, ask_all
from eval.metrics import METRICS, estimate, score
from eval.questions import load_questions
from eval.table import metrics_table
from qa.opening import index_paths, open_service
from qa.settings import Settings

Groups = dict[str, NDArray[np.bool_]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the evaluation and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        asked = evaluate_article(Settings.from_environment(), options.split)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    _show(asked, options.split)
    if options.json:
        options.json.write_text(json.dumps(figures(asked), ensure_ascii=False, indent=1) + "\n")
    return 0


def evaluate_article(settings: Settings, split: str) -> list[Asked]:
    """Index the bundled article in a place of its own and ask it the questions of a split."""
    aside = replace(settings, index=settings.index / "eval" / "article")
    index_paths([], aside)
    questions = [q for q in load_questions() if split in {q.split, "all"}]
    return ask_all(open_service(aside), questions)


def figures(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return every mean with its interval, by group and by metric."""
    answerable = [a for a in asked if a.question.answerable]
    scores = score([a.judged for a in answerable])
    return {
        name: {m: asdict(estimate(scores[m][members])) for m in METRICS}
        for name, members in groups(answerable).items()
    }


def groups(asked: Sequence[Asked]) -> Groups:
    """Return which questions belong to each direction and to each kind."""
    return {
        "all": np.ones(len(asked), dtype=bool),
        **_by(asked, lambda a: f"{a.question.language} → {_passage_language(a)}"),
        **_by(asked, lambda a: a.question.kind),
    }


def _by(asked: Sequence[Asked], key: Callable[[Asked], str]) -> Groups:
    keys = np.array([key(a) for a in asked])
    return {str(name): keys == name for name in np.unique(keys)}


def _passage_language(asked: Asked) -> str:
    return asked.answer.passages[0].passage.language


def _show(asked: Sequence[Asked], split: str) -> None:
    answerable = [a for a in asked if a.question.answerable]
    scores = score([a.judged for a in answerable])
    title = f"Article, {split} questions that it answers: mean, 95 % bootstrap interval"
    Console(width=100).print(metrics_table(title, groups(answerable), scores))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    parser.add_argument("--split", choices=("dev", "test", "all"), default="all")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures here")
    return parser

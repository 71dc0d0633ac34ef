"""The offline evaluation: the article's fixed question set, or data sets in BEIR layout."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from documents.errors import PasserelleError
from eval.article import Asked, ask_all, groups
from eval.benchmark import Result, evaluate
from eval.collection import Collections, of_article
from eval.datasets import load_dataset
from eval.errors import EvaluationError
from eval.expected import write_expected
from eval.figures import Figures, article_figures, dataset_figures
from eval.metrics import score
from eval.questions import load_questions
from eval.report import write_report
from eval.table import abstention_table, accuracy_table, metrics_table, systems_table
from qa.building import index_paths
from qa.opening import open_service
from qa.settings import Settings

WIDTH = 120


def main(
    arguments: Sequence[str] | None = None,
    collections: Callable[[Settings], Collections] = Collections.of,
) -> int:
    """Run the evaluation and return its exit status.

    Args:
        arguments: of the command line.
        collections: makes, of the settings, what indexes and opens data sets.
    """
    options = _options(arguments)
    try:
        settings = Settings.from_environment()
        folders = options.dataset
        results = evaluate_datasets(folders, collections(settings)) if folders else []
        asked = evaluate_article(settings, options.split) if _wants_article(options) else []
        _publish(options, asked, results)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def evaluate_article(settings: Settings, split: str) -> list[Asked]:
    """Index the bundled article in a place of its own and ask it the questions of a split."""
    aside = of_article(settings)
    index_paths([], aside)
    questions = [q for q in load_questions() if split in {q.split, "all"}]
    return ask_all(open_service(aside), questions)


def evaluate_datasets(folders: Sequence[Path], collections: Collections) -> list[Result]:
    """Read every data set, then index each in a place of its own and ask it its questions.

    Raises:
        EvaluationError: a data set is malformed; none was indexed then.
        IndexingError: one cannot be indexed.
    """
    datasets = [load_dataset(folder) for folder in folders]
    results = []
    for dataset in track(datasets, "data sets", console=Console(stderr=True), transient=True):
        results.append(evaluate(dataset, collections))  # noqa: PERF401 # the bar must advance
    return results


def _wants_article(options: argparse.Namespace) -> bool:
    return options.article or options.write_expected or not options.dataset


def _publish(
    options: argparse.Namespace, asked: Sequence[Asked], results: Sequence[Result]
) -> None:
    figures = (article_figures(asked) if asked else {}) | (
        dataset_figures(results) if results else {}
    )
    console = Console(width=WIDTH)
    for table in _tables(options.split, asked, figures):
        console.print(table)
    if options.json:
        _write(options.json, figures)
    if options.report:
        write_report(options.report, asked, results)
    if options.write_expected:
        write_expected(asked)


def _tables(split: str, asked: Sequence[Asked], figures: Figures) -> Iterator[Table]:
    if asked:
        yield from _article_tables(split, asked, figures)
    if "datasets" in figures:
        yield systems_table(figures)
        lost = {d["name"]: d["abstention"] for d in figures["datasets"]}
        yield abstention_table("Confidence, where half of the questions lost their gold", lost)


def _article_tables(split: str, asked: Sequence[Asked], figures: Figures) -> Iterator[Table]:
    answerable = [a for a in asked if a.question.answerable]
    scores = score([a.judged for a in answerable])
    title = f"Article, {split} questions that it answers: mean, 95 % bootstrap interval"
    yield metrics_table(title, groups(answerable), scores)
    yield abstention_table(f"Confidence, {split} questions", figures["abstention"])
    measures = {name: figures[name] for name in ("highlights", "language")}
    yield accuracy_table("Right highlights and question languages", measures)


def _write(path: Path, figures: Figures) -> None:
    try:
        path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"{path}: cannot be written: {error.strerror}") from error


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write_expected and options.split != "all":
        parser.error("the expected figures are those of all questions: leave --split out")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    add = parser.add_argument
    add("--split", choices=("dev", "test", "all"), default="all", help="of the article's questions")
    add("--dataset", metavar="FOLDER", type=Path, action="append", default=[],
        help="a data set in BEIR layout instead of the article; may be repeated")  # fmt: skip
    add("--article", action="store_true", help="the article too, where data sets are named")
    add("--json", metavar="FILE", type=Path, help="write the figures here")
    add("--report", metavar="FOLDER", type=Path, help="write Markdown with plots here")
    add(
        "--write-expected", action="store_true", help="make the article's figures the expected ones"
    )
    return parser

"""The offline evaluation: the article's fixed questions, data sets in BEIR layout, or documents."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from documents.errors import PasserelleError
from eval.article import Asked, ask_all, groups
from eval.benchmark import DatasetResult, evaluate
from eval.document_folders import GATED, FolderResult, measure_folder, measure_together
from eval.errors import EvaluationError
from eval.expected import write_expected
from eval.metrics import score
from eval.reports.figures import Figures, article_figures, dataset_figures
from eval.reports.folders import folder_figures, lost_lines
from eval.reports.markdown import write_report
from eval.reports.terminal import (
    abstention_table,
    accuracy_table,
    folder_tables,
    metrics_table,
    systems_table,
)
from eval.sets.collection import Collections, of_article
from eval.sets.datasets import load_dataset
from eval.sets.documents import load_folder
from eval.sets.questions import load_questions
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings

WIDTH = 120
SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was measured; empty where it was not asked for.

    Attributes:
        asked: the article's questions.
        datasets: the data sets.
        folders: the folders of documents, each in an index of its own.
        together: the same folders, all in one index.
    """

    asked: Sequence[Asked] = ()
    datasets: Sequence[DatasetResult] = ()
    folders: Sequence[FolderResult] = ()
    together: Sequence[FolderResult] = ()

    def figures(self) -> Figures:
        """Return all figures."""
        return {
            **(article_figures(self.asked) if self.asked else {}),
            **(dataset_figures(self.datasets) if self.datasets else {}),
            **(folder_figures(self.folders, self.together) if self.folders else {}),
        }


def main(
    arguments: Sequence[str] | None = None,
    collections: Callable[[Settings], Collections] = Collections.of,
) -> int:
    """Run the evaluation and return its exit status.

    Args:
        arguments: of the command line.
        collections: makes, of the settings, what indexes and opens data sets and documents.
    """
    options = _options(arguments)
    try:
        _publish(options, _evaluate(options, Settings.from_environment(), collections))
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _evaluate(
    options: argparse.Namespace, settings: Settings, collections: Callable[[Settings], Collections]
) -> Evaluated:
    folders = [*options.documents, *(GATED if options.write_expected else ())]
    made = collections(settings) if options.dataset or folders else None
    asked = evaluate_article(settings, options.split) if _wants_article(options) else []
    if made is None:
        return Evaluated(asked)
    datasets = evaluate_datasets(options.dataset, made)
    return Evaluated(asked, datasets, *evaluate_folders(folders, made, options.together))


def evaluate_article(settings: Settings, split: str) -> list[Asked]:
    """Index the bundled article in a place of its own and ask it the questions of a split."""
    aside = of_article(settings)
    index_paths([], aside)
    questions = [q for q in load_questions() if split in {q.split, "all"}]
    return ask_all(open_service(aside), questions)


def evaluate_datasets(folders: Sequence[Path], collections: Collections) -> list[DatasetResult]:
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


def evaluate_folders(
    paths: Sequence[Path], collections: Collections, together: bool
) -> tuple[list[FolderResult], list[FolderResult]]:
    """Ask each folder of documents its questions, and again where all are in one index, if wanted.

    Raises:
        EvaluationError: a folder is malformed; none was indexed then.
        DocumentError: no document of a folder can be read.
        IndexingError: one cannot be indexed.
    """
    folders = [load_folder(path) for path in paths]
    bar = track(folders, "documents", console=Console(stderr=True), transient=True)
    results = [measure_folder(folder, collections) for folder in bar]
    return results, measure_together(folders, collections) if together else []


def _wants_article(options: argparse.Namespace) -> bool:
    others = options.dataset or options.documents
    return options.article or options.write_expected or not others


def _publish(options: argparse.Namespace, found: Evaluated) -> None:
    figures = found.figures()
    console = Console(width=WIDTH)
    for table in _tables(options.split, found.asked, figures):
        console.print(table)
    for line in _lost(figures):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.json:
        _write(options.json, figures)
    if options.report:
        documents = figures if "documents" in figures else None
        write_report(options.report, found.asked, found.datasets, documents)
    if options.write_expected:
        write_expected(found.asked, found.folders)


def _lost(figures: Figures) -> Iterable[str]:
    for folder in figures.get("documents", ()):
        yield from (f"{folder['name']}: {line}" for line in lost_lines(folder))


def _tables(split: str, asked: Sequence[Asked], figures: Figures) -> Iterator[Table]:
    if asked:
        yield from _article_tables(split, asked, figures)
    if "documents" in figures:
        yield from folder_tables(figures)
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
    if options.write_expected and options.documents:
        parser.error("the expected figures have folders of their own: leave --documents out")
    if options.together and len(options.documents) < SEVERAL:
        parser.error("--together needs two folders or more: name them with --documents")
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description=__doc__)
    add = parser.add_argument
    add("--split", choices=("dev", "test", "all"), default="all", help="of the article's questions")
    add("--dataset", metavar="FOLDER", type=Path, action="append", default=[],
        help="a data set in BEIR layout instead of the article; may be repeated")  # fmt: skip
    add("--documents", metavar="FOLDER", type=Path, action="extend", nargs="+", default=[],
        help="folders of docs/ and questions.jsonl instead of the article")  # fmt: skip
    add("--together", action="store_true",
        help="the documents of all these folders in one index too")  # fmt: skip
    add("--article", action="store_true", help="the article too, where others are named")
    add("--json", metavar="FILE", type=Path, help="write the figures here")
    add("--report", metavar="FOLDER", type=Path, help="write Markdown with plots here")
    add("--write-expected", action="store_true", help="make today's figures the expected ones")
    return parser

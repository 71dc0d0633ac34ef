"""Writes an evaluation as Markdown with plots, and the questions with the worst answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.abstention import Outcomes, summary
from eval.article import Asked, abstention_of, misses_of
from eval.benchmark import DatasetResult
from eval.errors import EvaluationError
from eval.metrics import METRICS
from eval.misses import Miss
from eval.reports.comparison import COMPARED, SYSTEMS
from eval.reports.figures import article_figures, dataset_figures
from eval.reports.folders import lost_lines, tables
from eval.reports.plots import draw_reliability, draw_risk_coverage, draw_systems
from eval.reports.terminal import ABSTENTION, format_score, gain_text
from eval.sets.collection import ARTICLE

WORST = 10
LONGEST = 300
"""How many code points of a passage are shown."""
# All of ASCII's but , ; ? ' " %, which mean nothing anywhere in Markdown.
_PUNCTUATION = re.compile(r"([!#$&(-+\--/:<=>@\[-`{-~])")

Figures = Mapping[str, Any]
Cells = Sequence[str]


def write_report(
    folder: Path,
    asked: Sequence[Asked],
    results: Sequence[DatasetResult],
    documents: Figures | None = None,
) -> None:
    """Write ``report.md`` and its plots; the article or the data sets may be left out.

    Args:
        folder: is made if it is missing.
        asked: the article's questions.
        results: of data sets.
        documents: the figures of folders of documents, if there are any.

    Raises:
        EvaluationError: the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = "\n".join([*_report(folder, asked, results), *_documents(documents or {})])
        (folder / "report.md").write_text(lines + "\n", encoding="utf-8")
    except OSError as error:
        raise EvaluationError(
            f"{folder}: the report cannot be written ({error.strerror or error}): "
            "name a folder that can be written to"
        ) from error


def as_text(text: str) -> str:
    """Return an untrusted text as one line, escaped so that Markdown shows it literally."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return _PUNCTUATION.sub(r"\\\1", " ".join(plain.split()))


def shorten(text: str) -> str:
    """Return the beginning of a long text."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _report(
    folder: Path, asked: Sequence[Asked], results: Sequence[DatasetResult]
) -> Iterator[str]:
    yield "# Evaluation"
    if asked:
        yield from _article(article_figures(asked))
    if results:
        yield from _datasets(folder, dataset_figures(results))
    yield from _confidence(folder, _outcomes(asked, results))
    yield from _worst(ARTICLE, misses_of(asked))
    for result in results:
        yield from _worst(result.name, result.misses)


def _article(figures: Figures) -> Iterator[str]:
    yield from ("", "## The article", "")
    ranked = {name: found for name, found in figures.items() if METRICS.keys() <= found.keys()}
    yield from _table(
        ["questions", *METRICS],
        [[as_text(n), *(_interval(f[m]) for m in METRICS)] for n, f in ranked.items()],
    )
    yield from ("", "Means with their 95 % bootstrap intervals.", "")
    yield from _table(
        ["what", "language of the question", "questions", "accuracy"],
        [
            [what, language, str(found["questions"]), format_score(found["accuracy"])]
            for what in ("highlights", "language")
            for language, found in figures[what].items()
        ],
    )
    yield from ("", "### Confidence by group", "")
    yield from _abstention(figures["abstention"])


def _datasets(folder: Path, figures: Figures) -> Iterator[str]:
    draw_systems(folder / "systems.svg", figures["directions"])
    yield from ("", "## Data sets", "", "![Mean nDCG@10 by direction](systems.svg)", "")
    rows = [(d["name"], d) for d in figures["datasets"]]
    rows += [*figures["directions"].items(), ("mean over directions", figures["mean"])]
    yield from _table(
        ["questions", "metric", *SYSTEMS, "gain on dense", "gain on the best baseline"],
        [_systems(name, found, metric) for name, found in rows for metric in COMPARED],
    )
    yield from ("", "Gains have 95 % paired bootstrap intervals.")


def _systems(name: str, found: Figures, metric: str) -> Cells:
    dense, best = found["gains"]["dense"], found["gains"]["best_baseline"]
    rivals = ", ".join(best["systems"])
    return [
        as_text(name),
        metric,
        *(f"{found['systems'][system][metric]:.3f}" for system in SYSTEMS),
        "{} ({})".format(*gain_text(dense[metric])),
        "{} ({}; {rivals})".format(*gain_text(best[metric]), rivals=rivals),
    ]


def _confidence(folder: Path, collections: Mapping[str, Outcomes]) -> Iterator[str]:
    if not collections:
        return
    draw_reliability(folder / "reliability.svg", collections)
    draw_risk_coverage(folder / "risk-coverage.svg", collections)
    yield from ("", "## Confidence", "")
    yield "Of a data set, half of the questions have lost the passages that answer them."
    yield from ("", "![Reliability diagram](reliability.svg)", "")
    yield from ("![Risk-coverage curve](risk-coverage.svg)", "")
    yield from _abstention({name: summary(found) for name, found in collections.items()})


def _outcomes(asked: Sequence[Asked], results: Sequence[DatasetResult]) -> dict[str, Outcomes]:
    article = {ARTICLE: abstention_of(asked)} if asked else {}
    return article | {r.name: r.abstention for r in results if r.abstention}


def _abstention(groups: Mapping[str, Figures]) -> Iterator[str]:
    yield from _table(
        ["questions", "n", *ABSTENTION.values()],
        [
            [
                as_text(name),
                str(found["questions"]),
                *(format_score(found[key]) for key in ABSTENTION),
            ]
            for name, found in groups.items()
        ],
    )


def _worst(name: str, found: Sequence[Miss]) -> Iterator[str]:
    if not found:
        return
    yield from ("", f"## {as_text(name)}: the worst of {len(found)} questions ranked wrong")
    for miss in found[:WORST]:
        rank = "not listed" if miss.rank is None else f"rank {miss.rank}"
        yield from ("", f"- **{as_text(miss.question)}** The gold: {rank}.")
        yield f"  - Ranked first: {as_text(shorten(miss.above))}"
        yield f"  - Gold: {as_text(shorten(miss.gold))}"


def _documents(figures: Figures) -> Iterator[str]:
    for title, columns, rows in tables(figures) if figures else ():
        yield from ("", f"## {as_text(title)}", "")
        yield from _table(columns, [[as_text(row[0]), *row[1:]] for row in rows])
    for folder in figures.get("documents", ()):
        lines = (f"{folder['name']}: {line}" for line in lost_lines(folder))
        yield from ("", *(f"- {as_text(line)}" for line in lines))


def _table(header: Cells, rows: Sequence[Cells]) -> Iterator[str]:
    yield from (f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows))


def _interval(found: Figures) -> str:
    return f"{found['mean']:.3f} ({found['low']:.2f}–{found['high']:.2f})"

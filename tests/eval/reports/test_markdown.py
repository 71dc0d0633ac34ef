"""A report shows what others wrote and does nothing else with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt

from eval.abstention import Outcomes
from eval.benchmark import DatasetResult
from eval.metrics import Judged
from eval.misses import Miss, misses
from eval.reports.comparison import COMPARED, SYSTEMS
from eval.reports.markdown import LONGEST, as_text, shorten, write_report

HOSTILE = [
    "# no heading",
    "**bold** _it_ `code` ~~no~~",
    "[x](javascript:alert(1)) ![x](y) <b>b</b> <script>",
    "a | b",
    "&lt; $x^2$ \\ @someone www.example.org https://example.org",
    "two\nlines\r\n\r\n# and more",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    (_, inline, _) = MarkdownIt("gfm-like", {"linkify": False}).parse("A: " + as_text(text))
    assert {child.type for child in inline.children or []} == {"text"} | (
        {"text_special"} & {child.type for child in inline.children or []}
    )
    shown = "".join(child.content for child in inline.children or [])
    assert shown == "A: " + " ".join(text.split())


def test_a_text_cannot_leave_its_table_cell() -> None:
    table = f"| a | b |\n| --- | --- |\n| {as_text('x | y')} | z |\n"
    assert MarkdownIt("gfm-like", {"linkify": False}).render(table).count("<td>") == 2


def test_what_cannot_be_seen_is_left_out() -> None:
    assert as_text("a\u202eb\x00c\u00a0d") == "a b c d"


def test_long_texts_are_cut() -> None:
    assert shorten("a" * LONGEST) == "a" * LONGEST
    assert shorten("a" * (LONGEST + 1)) == "a" * (LONGEST - 1) + "…"


def test_the_worst_come_first() -> None:
    relevant = frozenset("g")
    judged = [
        Judged("1", ("g", "x"), relevant),
        Judged("2", ("x", "g"), relevant),
        Judged("3", ("x",), relevant),
        Judged("4", (), relevant),
    ]
    texts = {"x": "wrong", "g": "gold"}
    assert misses(judged, ["un", "deux", "trois", "quatre"], texts, ["gold"] * 4) == (
        Miss("trois", None, "wrong", "gold"),
        Miss("quatre", None, "", "gold"),
        Miss("deux", 2, "wrong", "gold"),
    )


@pytest.fixture
def result() -> DatasetResult:
    scores = {s: dict.fromkeys(COMPARED, np.array([1.0, 0.25])) for s in SYSTEMS}
    lost = Outcomes(np.array([0.9, 0.2]), np.array([True, False]), np.array([True, False]))
    miss = Miss("Qui | quoi ?", 3, "<b>" + "x" * 400, "gold")
    return DatasetResult("a_$b$", 2, ("en → fr", "fr → fr"), scores, lost, (miss,))


def test_the_report_has_its_tables_plots_and_worst_questions(
    tmp_path: Path, result: DatasetResult
) -> None:
    write_report(tmp_path / "new", [], [result])
    report = (tmp_path / "new" / "report.md").read_text(encoding="utf-8")
    assert "| mean over directions | nDCG@10 | 0.625 |" in report
    assert "| a\\_\\$b\\$ | 2 | 0.500 | 1.000 | 1.000 | 0.150 | 0.250 |" in report
    assert "- **Qui \\| quoi ?** The gold: rank 3.\n  - Ranked first: \\<b\\>xxx" in report
    for plot in ("systems.svg", "reliability.svg", "risk-coverage.svg"):
        assert f"({plot})" in report
        assert (tmp_path / "new" / plot).read_text(encoding="utf-8").startswith("<?xml")


def test_the_same_figures_give_the_same_files(tmp_path: Path, result: DatasetResult) -> None:
    for folder in ("a", "b"):
        write_report(tmp_path / folder, [], [result])
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()

"""Progress is shown from the first second: files read, then passages encoded."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from qa.indexes.progress import Bar


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def shown(bar: Bar) -> str:
    console = Console(file=StringIO(), width=120, color_system=None)
    with console.capture() as captured:
        console.print(bar.picture())
    return " ".join(captured.get().split())


def test_each_phase_counts_its_own_things() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=120, color_system=None)
    with Bar(console) as bar:
        assert shown(bar).startswith("Looking for files")
        assert "?" not in shown(bar)
        bar.read(1, 40)
        assert shown(bar).startswith("Files read")
        assert "1/40" in shown(bar)
        bar.read(40, 40)
        assert "40/40" in shown(bar)
        bar.encoded(64, 3000)
        assert shown(bar).startswith("Passages encoded")
        assert "64/3000" in shown(bar)


def test_rate_and_time_left_are_told() -> None:
    console = Console(file=StringIO(), force_terminal=True, width=120, color_system=None)
    now = [0.0]
    with Bar(console, clock=lambda: now[0]) as bar:
        for done in (10, 20, 30, 40):
            bar.encoded(done, 100)
            now[0] += 5
        assert shown(bar).endswith("40/100 2.0/s 0:00:20 0:00:30")


def test_nothing_is_shown_where_there_is_no_terminal() -> None:
    out = StringIO()
    with Bar(Console(file=out)) as bar:
        bar.read(1, 2)
        bar.encoded(1, 2)
    assert out.getvalue() == ""


def test_a_question_is_asked_beside_the_bar() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=80, color_system=None)
    with Bar(console) as bar:
        bar.read(1, 2)
        bar.aside(lambda removed: print("asked of", *removed, file=out))(["one"])
        bar.read(2, 2)
    assert "asked of one\n" in out.getvalue()

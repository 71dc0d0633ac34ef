"""What the README and the other pages tell people to type, and to look at, exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from qa.cli.main import parser
from qa.messages import HELP
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.strip()]
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(ROOT.glob("docs/*.md")),
    *sorted(path for path in (ROOT / "deploy").iterdir()),
    ROOT / "Makefile",
]
ROOMS = ("deploy", "docs", "documents", "eval", "index", "qa", "tests")


def found(pattern: str) -> list[tuple[str, str]]:
    """Return what a pattern's group finds in the pages, with the page's name, sorted."""
    texts = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
    return sorted(
        {(name, hit) for name, text in texts.items() for hit in re.findall(pattern, text)}
    )


def commands(program: str) -> list[list[str]]:
    split = (shlex.split(command.split(" < ")[0], comments=True) for command in COMMANDS)
    return [words[1:] for words in split if words and words[0] == program]


@pytest.mark.parametrize("arguments", commands("qa"), ids=" ".join)
def test_qa_commands_are_understood(arguments: list[str]) -> None:
    assert parser(HELP["en"]).parse_args(arguments).run


@pytest.mark.parametrize("arguments", commands("make"), ids=" ".join)
def test_make_targets_exist(arguments: list[str]) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{arguments[0]}:", makefile, re.MULTILINE)


def test_both_kinds_are_there() -> None:
    assert len(commands("qa")) >= 3
    assert len(commands("make")) >= 2


def test_every_setting_is_documented() -> None:
    for name in re.findall(r"``(QA_\w+)``", Settings.__doc__ or ""):
        assert f"`{name}`" in README


@pytest.mark.parametrize(("page", "path"), found(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*)`"))
def test_paths_exist(page: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{page} names it"


@pytest.mark.parametrize(("page", "module"), found(r"-m (eval[\w.]*|qa[\w.]*)"))
def test_modules_that_are_run_exist(page: str, module: str) -> None:
    path = ROOT.joinpath(*module.split("."))
    assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), f"{page} runs it"


@pytest.mark.parametrize(("page", "path"), found(r"pytest (?:-\w+ )*(tests[\w./-]*)"))
def test_tests_that_are_run_exist(page: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{page} names it"


@pytest.mark.parametrize(("page", "path"), found(r"\]\((?!https?:|#)([^)#]+)"))
def test_links_lead_somewhere(page: str, path: str) -> None:
    assert (ROOT / page).parent.joinpath(path).exists()


def test_pages_name_paths_and_commands() -> None:
    assert len(found(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*)`")) > 40
    assert len(found(r"-m (eval[\w.]*)")) > 8
    assert len(found(r"pytest (?:-\w+ )*(tests[\w./-]*)")) > 3

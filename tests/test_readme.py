"""What the README tells people to type exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from qa.cli import parser
from qa.messages import HELP
from qa.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.strip()]


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

"""What contexts cost is measured on real files, cut as `qa index` cuts them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.cost import contexts
from eval.cost.contexts import Cost, main, table
from tests.fakes import FakeEncoder


@dataclass
class Made:
    """Stands for the collections, with the encoder that tests have."""

    encoder: FakeEncoder

    @classmethod
    def of(cls, _settings: object) -> Made:
        """Take no notice of the settings."""
        return cls(FakeEncoder())


def test_the_same_passages_cost_more_with_their_contexts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(contexts, "Collections", Made)
    sections = (f"## Le roi numéro {n}\n\nLa mer {n} est calme.\n" for n in range(60))
    (tmp_path / "a.md").write_text("\n".join(sections), encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    bare, whole = (line.split("|") for line in capsys.readouterr().out.splitlines()[2:])
    assert bare[2] == whole[2] == " 60 "
    sizes = [float(cells[4].split()[0]) for cells in (bare, whole)]
    assert sizes[0] < sizes[1]


def test_the_shares_are_of_the_index_without_contexts() -> None:
    assert table(Cost(4, 2.0, 1.0), Cost(4, 2.3, 1.08)).splitlines()[-1] == (
        "| titles, headings | 4 | 2.3 s (+15%) | 1.08 MB (+8%) |"
    )


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "none" in capsys.readouterr().err

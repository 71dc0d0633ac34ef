"""What indexing costs is measured over different real texts, with the real command."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from eval.cost import indexing
from eval.cost.indexing import real_texts
from eval.errors import EvaluationError
from qa.settings import Settings
from tests.beir import write_beir
from tests.fakes import ENGLISH, FRENCH


def test_halves_follow_entries_and_no_text_comes_twice() -> None:
    ours = {"french": FRENCH, "english": ENGLISH}
    texts = real_texts([ours, ours], 4)
    assert texts[:2] == [FRENCH.text, ENGLISH.text]
    assert len(set(texts)) == 4
    assert texts[2] in FRENCH.text
    assert "".join(texts[2:4]).replace("\n", "") in FRENCH.text.replace("\n", "")
    with pytest.raises(EvaluationError, match="have 6 texts, not 7"):
        real_texts([ours], 7)


def test_the_costs_are_a_table(
    article_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QA_CACHE", str(article_settings.cache))
    monkeypatch.setattr(
        indexing, "index_paths", lambda _, own: shutil.copytree(article_settings.index, own.index)
    )
    folder = write_beir(tmp_path / "made")
    assert indexing.main([str(folder), "--sizes", "2"]) == 0
    *head, row = capsys.readouterr().out.splitlines()
    assert len(head) == 2
    assert re.match(r"\| 2 \| [\d.]+ s \| \d+ passages/s \| \d+ MB \| ", row)
    assert indexing.main([str(folder), "--sizes", "9999"]) == 2
    assert "not 9999: name more" in capsys.readouterr().err

"""An export is compared with the model that it was made from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.parity import main
from index.model.source import ModelSource

TEXTS = ["Le chat dort sur le toit.", "La mer est calme ce matin.", "Le roi mange du pain."]


def write(folder: Path) -> Path:
    (folder / "qrels").mkdir(parents=True)
    passages = [{"_id": f"d{n}", "title": "", "text": text} for n, text in enumerate(TEXTS)]
    lines = "\n".join(json.dumps(passage) for passage in passages)
    (folder / "corpus.jsonl").write_text(lines, encoding="utf-8")
    question = json.dumps({"_id": "q0", "text": "Où dort le chat ?"})
    (folder / "queries.jsonl").write_text(question, encoding="utf-8")
    judged = "query-id\tcorpus-id\tscore\nq0\td0\t1\n"
    (folder / "qrels" / "test.tsv").write_text(judged, encoding="utf-8")
    return folder


def test_vectors_and_rankings_are_nearly_the_same(
    default_model: ModelSource,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QA_CACHE", str(Path(default_model.location).parent))
    assert main([str(write(tmp_path / "tiny.fr-fr"))]) == 0
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines()[2:]]
    found = {cells[1].strip(): float(cells[3]) for cells in rows}
    cosines = [figure for what, figure in found.items() if what.startswith("cosine")]
    differences = [figure for what, figure in found.items() if what.startswith("nDCG@10")]
    assert (len(cosines), min(cosines) > 0.999, max(cosines) < 1.0001) == (4, True, True)
    assert differences == [0, 0]


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 2
    assert "corpus.jsonl" in capsys.readouterr().err

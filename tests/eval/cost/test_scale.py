"""What very many passages cost is measured with stand-ins whose vectors are those of sentences."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from eval.cost import scale
from eval.cost.scale import measure_scale, scale_table
from eval.cost.stand_in import StandIn, paragraphs, real_sentences, write_stand_in
from index.dense import inverted_file as near
from index.encoder.folder import ENCODER
from index.generations.folder import FolderStore
from index.model.opening import open_query_encoder
from qa.settings import Settings
from tests.fakes import FRENCH

SENTENCES = [
    f"{who} {what} depuis {when}."
    for who in ("Le roi", "La mairie", "Une chercheuse", "Le port", "Un musée", "La forêt")
    for what in ("ouvre au public", "change de nom", "attire les curieux", "manque d'eau")
    for when in ("lundi", "mille ans", "la guerre", "cet hiver")
]
QUESTIONS = ["Qui change de nom ?", "Depuis quand le port manque-t-il d'eau ?"]


@pytest.fixture(scope="module")
def prepared(article_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stand-in")
    encoder = FolderStore(article_settings.index).current() / ENCODER
    write_stand_in(folder, SENTENCES, open_query_encoder(encoder))
    asked = {"questions": QUESTIONS, "encoder": str(encoder)}
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    return folder


def opened(folder: Path) -> StandIn:
    return StandIn.open(folder, Path(json.loads((folder / "asked.json").read_bytes())["encoder"]))


def test_short_sentences_of_real_documents_each_once() -> None:
    texts = real_sentences([FRENCH, FRENCH])
    assert texts
    assert len(texts) == len(set(texts))
    assert all(text in FRENCH.text for text in texts)


def test_passages_are_pairs_of_sentences_no_two_alike(prepared: Path) -> None:
    stand_in = opened(prepared)
    documents = list(stand_in.documents(120))
    passages = [p for d in documents for p in paragraphs(d, None, None)]
    assert [len(d.sections[0].paragraphs) for d in documents] == [50, 50, 20]
    assert len({p.text for p in passages}) == 120
    assert all(line in stand_in.places for p in passages for line in p.text.split("\n"))
    assert all(d.text[p.start : p.end] == p.text for d in documents[:1] for p in passages[:50])


def test_tokens_are_those_of_the_sentences(prepared: Path) -> None:
    stand_in = opened(prepared)
    first, second = islice(stand_in.texts, 2)
    alone = stand_in.encode_passages([first, second])
    both = stand_in.encode_passages([f"{first}\n{second}"])
    np.testing.assert_array_equal(
        both.tokens[0].vectors, np.concatenate([tokens.vectors for tokens in alone.tokens])
    )
    assert float(np.linalg.norm(both.pooled[0])) == pytest.approx(1, abs=1e-6)
    assert float(both.pooled[0] @ alone.pooled[0]) > 0.9


def test_a_size_is_built_and_asked(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = measure_scale(prepared, 150)
    monkeypatch.setattr(near, "EXACT_BELOW", 100)
    part = measure_scale(prepared, 150)
    assert (exact.passages, exact.cells, exact.recall) == (150, 0, 1)
    assert (part.cells, part.passages) == (near.cells_for(150), 150)
    assert part.recall >= 0.9
    assert 0 < part.p50 <= part.p95
    assert part.peak >= part.before > 0
    lines = scale_table([exact, part]).splitlines()
    assert lines[2].startswith("| 150 | ") and "| all |" in lines[2]
    assert f"| {part.searched} of {part.cells} |" in lines[3]


def test_a_folder_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scale.main([str(tmp_path / "none"), "--sizes", "10,20"]) == 2
    assert "eval: " in capsys.readouterr().err

"""Files in SQuAD layout become data sets whose articles are known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.errors import EvaluationError
from eval.sets.squad import load_squad


def paragraph(text: str, *questions: str) -> dict[str, object]:
    return {"context": text, "qas": [{"id": q, "question": q, "answers": []} for q in questions]}


def test_entries_of_one_title_are_one_article(tmp_path: Path) -> None:
    path = tmp_path / "piaf-v1.json"
    entries = [
        {"title": "Le_chat", "paragraphs": [paragraph("Il dort.", "Que fait-il ?")]},
        {"title": "La_mer", "paragraphs": [paragraph("Elle est calme.", "Est-elle calme ?")]},
        {"title": "Le_chat", "paragraphs": [paragraph("Il mange.", "Que mange-t-il ?")]},
    ]
    path.write_text(json.dumps({"data": entries}), encoding="utf-8")
    squad = load_squad(path)
    assert squad.dataset.name == "piaf.near"
    assert {t: len(ids) for t, ids in squad.articles.items()} == {"Le_chat": 2, "La_mer": 1}
    texts = {q: squad.dataset.documents[min(g)].text for q, g in squad.dataset.qrels.items()}
    asked = {squad.dataset.queries[q]: text for q, text in texts.items()}
    assert asked["Que mange-t-il ?"] == "Il mange."
    assert squad.dataset.documents[squad.articles["Le_chat"][0]].title == "Le chat"


@pytest.mark.parametrize("content", ["{", '{"data": [{"title": "x"}]}'])
def test_a_file_of_another_layout_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"bad\.json"):
        load_squad(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="name a file"):
        load_squad(tmp_path / "none.json")

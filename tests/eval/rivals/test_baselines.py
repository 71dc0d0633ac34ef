"""The baselines rank as one works out by hand."""

from __future__ import annotations

import pytest

from documents.types import Passage
from eval.rivals.baselines import Bm25Baseline, fuse, rank_baselines, rank_headed
from eval.rivals.headed import headed
from qa.answer.service import QAService
from tests.fakes import FakeEncoder


def passage(text: str, language: str = "fr") -> Passage:
    return Passage(text, "d", 0, len(text), text, (), language)


def test_fusion_adds_reciprocal_ranks() -> None:
    # 1: 1/61; 2: 1/62 + 1/61; 3: 1/63 + 1/63; 4: 1/62.
    assert 1 / 61 < 2 / 63 < 1 / 62 + 1 / 61
    assert fuse([1, 2, 3], [2, 4, 3]) == [2, 3, 1, 4]


def test_what_is_ranked_the_same_stays_in_order() -> None:
    assert fuse([7, 8], [9]) == [7, 9, 8]
    assert fuse([], []) == []


def test_bm25_ranks_what_shares_a_stem_and_nothing_else() -> None:
    index = Bm25Baseline(
        [passage("Il dort."), passage("Les chats et les chats."), passage("Un chat ici.")]
    )
    assert index.rank("Où sont les chats ?")[0] == 1
    assert sorted(index.rank("chats")) == [1, 2]
    assert index.rank("king") == []


def test_bm25_stems_a_question_in_every_language_of_the_passages() -> None:
    index = Bm25Baseline([passage("Ils mangeaient.", "fr"), passage("They were eating.", "en")])
    assert index.rank("manger") == [0]
    assert index.rank("eats") == [1]


@pytest.mark.parametrize(("texts", "question"), [(["…", "!"], "chat"), (["Un chat."], "?!")])
def test_bm25_of_no_words_finds_nothing(texts: list[str], question: str) -> None:
    assert Bm25Baseline([passage(text) for text in texts]).rank(question) == []


def test_every_baseline_ranks_every_question(service: QAService) -> None:
    found = rank_baselines(service, ["The sea and the cat", "pain"])
    assert list(found) == ["dense", "bm25", "rrf"]
    texts = [p.text for p in service.generation.passages]
    assert texts[found["dense"][0][0]] == "The cat sees the sea."
    assert texts[found["bm25"][1][0]] == "Le pain du roi : « du pain ! »"
    assert found["rrf"][1] == fuse(found["dense"][1], found["bm25"][1])
    assert sorted(found["dense"][0]) == [0, 1, 2, 3, 4]


def test_a_passage_stands_below_its_title_and_headings() -> None:
    assert headed("Lille", ("Piscine", "Tarifs"), "3 €.") == "Lille\nPiscine > Tarifs\n3 €."
    assert headed("", (), "3 €.") == "3 €."


def test_rivals_that_read_headings_find_what_only_a_heading_says(
    service: QAService, encoder: FakeEncoder
) -> None:
    found = rank_headed(service, encoder, ["Animals", "repas", "English"])
    assert list(found) == ["dense", "bm25", "rrf"]
    places = [p.section for p in service.generation.passages]
    assert [places[row] for row in found["bm25"][0]] == [("Animals",)] * 2
    assert [places[row] for row in found["bm25"][1]] == [("Le repas",)]
    assert [places[row] for row in found["bm25"][2]] == [("Animals",)] * 2
    assert found["rrf"][1] == fuse(found["dense"][1], found["bm25"][1])
    assert sorted(found["dense"][0]) == [0, 1, 2, 3, 4]
    assert "English\nAnimals\nThe cat sees the sea." in encoder.encoded

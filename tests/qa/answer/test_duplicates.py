"""The same text is one result; its other places are listed, and others fill the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.encoder.protocol import Floats
from index.generations.folder import FolderStore
from index.search.ranking import Query, Ranking, rank
from qa.answer.duplicates import distinct, likely, without_copies
from qa.answer.service import AskRequest, QAService
from qa.wire.schemas import MAX_ALSO, AnswerOut
from tests.fakes import FakeEncoder, document

CAT, SEA = "Le chat dort près du roi.", "La mer a du pain."
QUESTION = "Où est le chat ?"
Serve = Callable[[list[Document]], QAService]


@pytest.fixture
def serve(tmp_path: Path, encoder: FakeEncoder) -> Serve:
    """Serve some documents, a passage a paragraph."""
    numbers: Iterator[int] = count()

    def serving(documents: list[Document]) -> QAService:
        store = FolderStore(tmp_path / str(next(numbers)))
        built = build_index(documents, store, encoder, settings=ChunkSettings(budget=12))
        return QAService(built.generation, encoder, threshold=0.0)

    return serving


def copies(number: int, *others: str) -> list[Document]:
    """Return documents of the same sentence; the first has other paragraphs, too."""
    first = document("a", "fr", {"Bêtes": [CAT, *others]})
    return [first, *(document(f"copie-{n}", "fr", {"Animaux": [CAT]}) for n in range(1, number))]


def test_the_same_text_is_listed_once_with_its_other_places(serve: Serve) -> None:
    first, second = serve(copies(3, SEA)).ask(AskRequest(QUESTION, top_k=2)).passages
    assert (first.rank, first.citation.document_id, first.citation.quote) == (1, "a", CAT)
    assert [(p.document_id, p.title, p.section) for p in first.also] == [
        ("copie-1", "Copie-1", ("Animaux",)),
        ("copie-2", "Copie-2", ("Animaux",)),
    ]
    assert all(place.quote == CAT for place in first.also)
    assert (second.rank, second.citation.quote, second.also) == (2, SEA, ())


def test_copies_beyond_those_that_fit_are_found(serve: Serve) -> None:
    (only,) = serve(copies(9, SEA)).ask(AskRequest(QUESTION, top_k=1)).passages
    assert [place.document_id for place in only.also] == [f"copie-{n}" for n in range(1, 9)]


@pytest.mark.parametrize("same", [CAT.replace(" ", "\n"), CAT.replace(" du", "\u00a0du")])
def test_white_space_and_typography_make_no_other_text(serve: Serve, same: str) -> None:
    held = [*copies(1), document("b", "fr", {"Autre": [same]})]
    (only,) = serve(held).ask(AskRequest(QUESTION)).passages
    assert len(only.also) == 1
    for cited in (only.citation, *only.also):
        assert cited.quote in {CAT, same}


def test_another_text_of_the_same_length_is_another_result(serve: Serve) -> None:
    held = [*copies(1), document("b", "fr", {"Autre": [CAT.replace("dort", "rêve")]})]
    passages = serve(held).ask(AskRequest(QUESTION)).passages
    assert [p.also for p in passages] == [(), ()]


def test_a_text_twice_in_a_document_is_one_result(serve: Serve) -> None:
    held = [document("a", "fr", {"Un": [CAT], "Deux": [CAT]})]
    (only,) = serve(held).ask(AskRequest(QUESTION)).passages
    assert only.citation.section == ("Un",)
    assert [(p.document_id, p.section) for p in only.also] == [("a", ("Deux",))]


def test_copies_count_neither_for_nor_against_the_confidence(serve: Serve) -> None:
    alone, copied = (serve(copies(n, SEA)).ask(AskRequest(QUESTION)) for n in (1, 4))
    # Not the same: the words of a text that stands four times are less rare, and it weighs more in
    # the mean that cosines are taken from.
    assert copied.confidence == pytest.approx(alone.confidence, abs=0.05)


def test_the_confidence_does_not_depend_on_how_many_are_listed(serve: Serve) -> None:
    service = serve(copies(4, SEA))
    one, many = (service.ask(AskRequest(QUESTION, top_k=k)).confidence for k in (1, 20))
    assert one == many


def test_no_more_places_go_over_the_wire_than_can_be_read(serve: Serve) -> None:
    service = serve(copies(MAX_ALSO + 4))
    (sent,) = AnswerOut.of(service.ask(AskRequest(QUESTION))).passages
    (whole,) = service.ask(AskRequest(QUESTION)).passages
    assert len(whole.also) == MAX_ALSO + 3
    assert (len(sent.also), sent.also_more) == (MAX_ALSO, 3)
    assert sent.also[0].url.startswith("/documents/copie-1?c=9-34&v=")
    assert len({place.url for place in sent.also}) == MAX_ALSO


class Backwards:
    """Ranks the passages the other way round."""

    def scores(self, question: str, passages: Sequence[str]) -> Floats:
        """Return rising scores."""
        assert question
        return np.arange(len(passages), dtype=np.float32)


def test_reranked_passages_are_listed_once_too(serve: Serve) -> None:
    service = replace(serve(copies(3, SEA)), reranker=Backwards())
    first, second = service.ask(AskRequest(QUESTION)).passages
    assert sorted((first.citation.quote, second.citation.quote)) == sorted((CAT, SEA))
    assert len(first.also) + len(second.also) == 2


def ranking(service: QAService) -> Ranking:
    encoded = service.encoder.encode_queries([QUESTION])
    found = rank(service.generation, Query(QUESTION, "fr", encoded.pooled[0], encoded.tokens[0]))
    assert found is not None
    return found


def test_what_is_read_is_fetched_together(serve: Serve) -> None:
    service = serve(copies(3, SEA))
    ranked = ranking(service)
    read = [
        place.id
        for found in distinct(service.generation, ranked, 1)
        for place in (found.passage, *found.copies)
    ]
    fetched = [service.generation.passages[row].id for row in likely(ranked, 1)]
    assert sorted(read) == sorted(fetched)
    assert len(without_copies(service.generation, ranked).rows) == 2

"""Both stores keep the same promises: the folder of generations, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from documents.chunking import ChunkSettings
from documents.notices import Notice, NoticeKind
from documents.types import Document
from index.build.pipeline import build_index
from index.errors import CorruptIndex, MissingIndex
from index.generations.folder import FolderStore
from index.generations.generation import Generation
from index.generations.store import GenerationStore
from index.lexical import bm25
from index.postgres import selection
from index.postgres.store import PostgresStore
from index.search.filters import parse_filter
from index.search.ranking import Query, Ranking, rank
from qa.answer.service import AskRequest, QAService
from qa.errors import UnknownDocument
from tests.fakes import ENGLISH, FRENCH, FakeEncoder, document
from tests.postgres_server import Server

QUESTIONS = (
    ("Où dort le chat du roi ?", "fr"),
    ("Who has bread, the king or the cat?", "en"),
    ("Le pain, le pain !", "fr"),
    ("zzz", "en"),
)
BOTH = [FRENCH, ENGLISH]
Publish = Callable[[list[Document]], str]


class Kept(Protocol):
    """A store, and how something is published in it."""

    store: GenerationStore
    publish: Publish
    go_back: Callable[[], Any]


class Embedded:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        """Keep generations in this folder."""
        working = FolderStore(folder)
        self.store: GenerationStore = working
        self.publish: Publish = lambda documents: built(working, documents).id
        self.go_back: Callable[[], Any] = working.go_back


class Shared:
    """The database, loaded from a folder."""

    def __init__(self, held: PostgresStore, folder: Path) -> None:
        """Keep generations in this database, built in this folder."""
        self.store: GenerationStore = held
        working = FolderStore(folder)

        def publish(documents: list[Document]) -> str:
            built(working, documents)
            return held.publish(working.current())

        self.publish: Publish = publish
        self.go_back: Callable[[], Any] = held.go_back


def built(store: FolderStore, documents: list[Document]) -> Generation:
    small = ChunkSettings(budget=12)
    return build_index(documents, store, FakeEncoder(), settings=small).generation


@pytest.fixture(params=["embedded", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "embedded":
        yield Embedded(tmp_path / "index")
        return
    server: Server = request.getfixturevalue("postgres")
    with closing(PostgresStore(server.database("contract"), tmp_path / "cache")) as held:
        yield Shared(held, tmp_path / "working")


@pytest.fixture
def expected(tmp_path: Path) -> Generation:
    return built(FolderStore(tmp_path / "expected"), BOTH)


def ask(generation: Any, question: str, language: str, rows: Any = None) -> Ranking:
    encoded = FakeEncoder().encode_queries([question])
    query = Query(question, language, encoded.pooled[0], encoded.tokens[0])
    ranking = rank(generation, query, rows)
    assert ranking is not None
    return ranking


def test_nothing_is_there_at_first(kept: Kept) -> None:
    assert not kept.store.exists()
    assert kept.store.names() == []
    with pytest.raises(MissingIndex, match="run `qa index`"):
        kept.store.current_name()


def test_what_is_published_is_current_and_the_one_before_is_kept(kept: Kept) -> None:
    names = [kept.publish(documents) for documents in ([FRENCH], BOTH, [ENGLISH])]
    assert kept.store.exists()
    assert kept.store.current_name() == names[2]
    assert kept.store.names() == names[:0:-1]
    with pytest.raises(CorruptIndex):
        kept.store.open(names[0])


def test_the_stamp_changes_with_the_current_generation_alone(kept: Kept) -> None:
    kept.publish([FRENCH])
    before = kept.store.stamp()
    assert kept.store.stamp() == before
    kept.publish(BOTH)
    after = kept.store.stamp()
    kept.go_back()
    assert len({before, after, kept.store.stamp()}) == 3


def test_one_goes_back_to_the_generation_before(kept: Kept) -> None:
    names = [kept.publish(documents) for documents in ([FRENCH], BOTH)]
    kept.go_back()
    assert kept.store.current_name() == names[0]
    assert kept.store.names() == names
    kept.go_back()
    assert kept.store.current_name() == names[1]


def test_an_open_generation_answers_while_another_takes_its_place(kept: Kept) -> None:
    held = kept.store.open(kept.publish([FRENCH]))
    kept.publish(BOTH)
    assert ask(held, *QUESTIONS[0]).rows.tolist() == [0, 2, 1]


def test_identifier_recipe_and_encoder_are_those_of_the_contents(
    kept: Kept, expected: Generation
) -> None:
    name = kept.publish(BOTH)
    held = kept.store.open(name)
    assert name == held.id == expected.id
    assert held.recipe == kept.store.recipe(name) == expected.recipe
    assert held.encoder_files == expected.encoder_files
    files = {path.name: path.read_bytes() for path in held.encoder.iterdir()}
    assert files == {path.name: path.read_bytes() for path in expected.encoder.iterdir()}


def test_documents_and_passages_are_those_that_were_indexed(
    kept: Kept, expected: Generation
) -> None:
    held = kept.store.open(kept.publish(BOTH))
    assert list(held.documents) == ["french", "english"]
    assert dict(held.documents) == {"french": FRENCH, "english": ENGLISH}
    assert list(held.documents.values()) == BOTH
    assert list(held.passages) == list(expected.passages)
    assert len(held.passages) == 5
    assert held.passages[4] == expected.passages[4]
    assert (held.rows_of("french"), held.rows_of("english")) == (range(3), range(3, 5))
    for missing in (held.rows_of, held.documents.__getitem__):
        with pytest.raises(KeyError):
            missing("nowhere")
    with pytest.raises(IndexError):
        held.passages[5]


def test_notices_are_kept(kept: Kept) -> None:
    noted = replace(ENGLISH, notices=(Notice(NoticeKind.PAGES_WITHOUT_TEXT, "2, « 3 »"),))
    held = kept.store.open(kept.publish([FRENCH, noted]))
    assert dict(held.documents) == {"french": FRENCH, "english": noted}


@pytest.mark.parametrize("documents", [[FRENCH], BOTH], ids=["french", "mixed"])
@pytest.mark.parametrize(("question", "language"), QUESTIONS)
def test_questions_have_the_same_rankings(
    kept: Kept, tmp_path: Path, documents: list[Document], question: str, language: str
) -> None:
    expected = ask(built(FolderStore(tmp_path / "expected"), documents), question, language)
    found = ask(kept.store.open(kept.publish(documents)), question, language)
    np.testing.assert_allclose(found.scores, expected.scores, atol=1e-6)
    order = np.argsort(found.rows)
    same = np.argsort(expected.rows)
    assert found.rows[order].tolist() == expected.rows[same].tolist()
    for name in ("scores", "lexical"):
        ours, theirs = getattr(found, name)[order], getattr(expected, name)[same]
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert found.late.at(order).spans.tolist() == expected.late.at(same).spans.tolist()
    np.testing.assert_allclose(
        found.late.at(order).tokens, expected.late.at(same).tokens, atol=1e-6
    )


def test_cosines_are_those_of_the_pooled_vectors(kept: Kept, expected: Generation) -> None:
    held, rows = kept.store.open(kept.publish(BOTH)), np.array([4, 0, 2])
    pooled = FakeEncoder().encode_queries(["le chat du roi"]).pooled[0]
    np.testing.assert_allclose(
        held.cosines(pooled, rows), expected.dense.vectors(rows) @ pooled, atol=1e-6
    )


def test_what_is_about_to_be_shown_can_be_fetched(kept: Kept, expected: Generation) -> None:
    held = kept.store.open(kept.publish(BOTH))
    held.fetch(np.array([4, 0, 1]))
    assert [held.passages[row] for row in (4, 0, 1)] == [expected.passages[n] for n in (4, 0, 1)]
    assert held.documents["french"] == FRENCH


def test_only_the_rows_that_are_allowed_are_ranked(kept: Kept) -> None:
    held = kept.store.open(kept.publish(BOTH))
    ranking = ask(held, *QUESTIONS[0], rows=np.array([1, 3]))
    assert sorted(ranking.rows.tolist()) == [1, 3]


def test_what_is_known_of_documents_is_kept(kept: Kept, encoder: FakeEncoder) -> None:
    tagged = replace(FRENCH, properties=(("path", ("a/é.md",)), ("tag", ("rh", "paie"))))
    held = kept.store.open(kept.publish([tagged, ENGLISH]))
    assert held.documents["french"] == tagged
    assert [(e.id, e.first, e.passages) for e in held.catalogue.entries] == [
        ("french", 0, 3), ("english", 3, 2),
    ]  # fmt: skip
    wanted = parse_filter({"type": "eq", "key": "tag", "value": "paie"})
    assert held.catalogue.rows(wanted).tolist() == [0, 1, 2]
    answer = QAService(held, encoder).ask(AskRequest("Who has bread?", top_k=20, filters=wanted))
    assert {p.citation.document_id for p in answer.passages} == {"french"}
    inside = QAService(held, encoder).within(wanted)
    assert list(inside.generation.documents) == ["french"]
    assert inside.info.passages == 3
    assert inside.ask(AskRequest("Who has bread?", top_k=20)).passages == answer.passages


def test_many_rows_are_searched_as_few_are(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    held, few = kept.store.open(kept.publish(BOTH)), []
    pooled = FakeEncoder().encode_queries(["le chat du roi"]).pooled[0]
    for rows in (np.array([0, 1, 3]), np.array([4]), np.arange(5), np.empty(0, dtype=np.int64)):
        asked = held.lexical_query("le chat du roi", "fr")
        few.append((held.nearest(pooled, 2, rows).tolist(), asked.best(2, rows).tolist()))
        assert set(few[-1][0] + few[-1][1]) <= set(rows.tolist())
    monkeypatch.setattr(selection, "EXACT_BELOW", 1)
    monkeypatch.setattr(bm25, "_SCORED", 0)
    for rows in (np.array([0, 1, 3]), np.array([4]), np.arange(5), np.empty(0, dtype=np.int64)):
        asked = held.lexical_query("le chat du roi", "fr")
        many = held.nearest(pooled, 2, rows).tolist(), asked.best(2, rows).tolist()
        assert many == few.pop(0)


def test_words_find_the_passages_that_share_one(kept: Kept, expected: Generation) -> None:
    held = kept.store.open(kept.publish(BOTH))
    for question, language in QUESTIONS:
        ours, theirs = (
            held.lexical_query(question, language),
            expected.lexical_query(question, language),
        )
        assert ours.best(20).tolist() == theirs.best(20).tolist()
        assert ours.best(1).tolist() == theirs.best(1).tolist()
        allowed = np.array([0, 4])
        assert ours.best(20, allowed).tolist() == theirs.best(20, allowed).tolist()
        every = np.arange(5)
        np.testing.assert_allclose(ours.at(every), theirs.at(every), atol=1e-6)


def test_answers_cite_the_documents(kept: Kept, encoder: FakeEncoder) -> None:
    service = QAService(kept.store.open(kept.publish(BOTH)), encoder, threshold=0.0)
    answer = service.ask(AskRequest("Où dort le chat ?", documents=("french",)))
    first = answer.passages[0].citation
    assert first.quote == FRENCH.text[first.start : first.end] == "Le chat dort près du roi."
    with pytest.raises(UnknownDocument):
        service.ask(AskRequest("Où dort le chat ?", documents=("nowhere",)))


def test_any_character_and_word_of_a_text_is_kept(kept: Kept) -> None:
    odd = document(
        "odd", "fr",
        {"L’été’ \\ « \t": ["\u202f1\u00a0500 « œufs » d'e\u0301t\u00e9 \U0001f600 \\N \"q\" 'a'.",
                            "x" * 3000 + " chat"]},
    )  # fmt: skip
    held = kept.store.open(kept.publish([odd]))
    assert dict(held.documents) == {"odd": odd}
    assert ask(held, "l'œuf", "fr").rows[0] == 0
    assert held.lexical_query("x" * 3000, "fr").best(5).tolist() == [len(held.passages) - 1]


def test_a_damaged_copy_of_the_encoder_is_fetched_again(postgres: Server, tmp_path: Path) -> None:
    with closing(PostgresStore(postgres.database("contract"), tmp_path / "cache")) as held:
        Shared(held, tmp_path / "working").publish(BOTH)
        copy = held.open(held.current_name()).encoder / "encoder.txt"
        for content in ("fuke", "fak"):
            copy.write_text(content, "ascii")
            assert held.open(held.current_name()).encoder == copy.parent
            assert copy.read_text("ascii") == "fake"
        assert [path.name for path in (tmp_path / "cache").iterdir()] == [copy.parent.name]

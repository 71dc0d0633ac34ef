"""A BEIR folder is read as it stands, and a broken one says where it is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from documents.errors import PasserelleError
from documents.types import Section, Span
from eval.errors import EvaluationError
from eval.sets.datasets import Dataset, load_dataset
from tests.beir import CORPUS, write_beir


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_beir(tmp_path / "tiny.en-fr")


def put(folder: Path, name: str, *lines: object) -> Dataset:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / name).write_text("\n".join(texts), encoding="utf-8")
    return load_dataset(folder)


def test_what_is_read(folder: Path) -> None:
    found = load_dataset(folder)
    assert found.name == "tiny.en-fr"
    assert str(found.direction) == "en → fr"
    assert {name: d.text for name, d in found.documents.items()} == CORPUS
    assert list(found.queries) == ["q1", "q2", "q3", "q6"]
    assert found.qrels["q6"] == {"é"}


def test_an_entry_is_a_document_of_one_paragraph_with_a_safe_identifier(folder: Path) -> None:
    documents = load_dataset(folder).documents
    assert documents["p 2"].sections == (Section((), (Span(0, 7),)),)
    assert documents["p/1"].id == "e08bb0009894092b"
    assert len({d.id for d in documents.values()}) == 4


def test_a_name_without_languages_gives_no_direction(tmp_path: Path) -> None:
    found = load_dataset(write_beir(tmp_path / "tiny", corpus={**CORPUS, "é": "42"}))
    assert found.direction is None
    assert found.documents["é"].language == "und"


def test_the_language_is_that_of_the_text_and_else_of_the_name(folder: Path) -> None:
    english = "This is the text of an entry that was never translated, and it is in English."
    documents = put(
        folder, "corpus.jsonl", *({"_id": i, "text": english} for i in ("p/1", "p 2", "p#3")),
        {"_id": "é", "text": "42"},
    ).documents  # fmt: skip
    assert [d.language for d in documents.values()] == ["en", "en", "en", "fr"]


@pytest.mark.parametrize(("title", "kept"), [("Le roi", "Le roi"), ("", ""), (None, ""), (" ", "")])
def test_a_title_is_the_context_of_the_text(folder: Path, title: str | None, kept: str) -> None:
    lines = (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()
    entry = {"_id": "é", "title": title, "text": "Il dort.", "metadata": {"url": "x"}}
    document = put(folder, "corpus.jsonl", *lines[:-1], entry).documents["é"]
    assert (document.title, document.text) == (kept, "Il dort.")


def test_questions_that_nothing_answers_are_left_out(folder: Path) -> None:
    found = put(folder, "qrels/test.tsv", "q1\tp/1\t1", "q2\tp 2\t0", "q3\tp#3\t-1", "q1\té\t2")
    assert found.queries == {"q1": "the cat"}
    assert found.qrels == {"q1": {"p/1", "é"}}


def test_line_ends_marks_and_numbers_of_other_systems(folder: Path) -> None:
    corpus = (folder / "corpus.jsonl").read_text(encoding="utf-8").replace("\n", "\r\n")
    (folder / "corpus.jsonl").write_text("\ufeff" + corpus, encoding="utf-8", newline="")
    (folder / "queries.jsonl").write_text('\n{"_id": 7, "text": "a\u2028b"}\n', encoding="utf-8")
    found = put(folder, "qrels/test.tsv", "7\tp/1\t1.0\r")
    assert found.queries == {"7": "a\u2028b"}


@pytest.mark.parametrize(
    ("name", "lines", "message"),
    [
        ("corpus.jsonl", [{"_id": "a", "text": "b"}, "{"], r":2: line: Invalid JSON"),
        ("corpus.jsonl", [{"_id": "a"}], r":1: text: Field required"),
        ("corpus.jsonl", [{"_id": "", "text": "b"}], r":1: _id: String should have"),
        ("corpus.jsonl", ['{"_id": "a", "text": "\\ud800"}'], r":1: line: Invalid JSON"),
        ("corpus.jsonl", [{"_id": "a", "text": "b"}] * 2, r":2: the _id 'a' is on line 1 too"),
        ("queries.jsonl", [{"_id": "a", "text": "b"}, "", {"_id": "a", "text": "c"}],
         r":3: the _id 'a' is on line 1 too"),
        ("queries.jsonl", [{"_id": q, "text": "?!"} for q in ("q1", "q2", "q3", "q6")],
         r":1: the question holds no letter"),
        ("qrels/test.tsv", ["q1\tp/1\t1", "q9\tp/1\t1"], r":2: 'q9' is not in queries\.jsonl"),
        ("qrels/test.tsv", ["q1\tp9\t0"], r":1: 'p9' is not in corpus\.jsonl"),
        ("qrels/test.tsv", ["a\tb\tscore", "q1\tp/1\thigh"], r":2: the score 'high' is not a numb"),
        ("qrels/test.tsv", ["q1 p/1 1"], r":1: 1 columns, not 3"),
        ("qrels/test.tsv", ["q1\tp/1\t0"], r": no passage is relevant"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named(folder: Path, name: str, lines: list[object], message: str) -> None:
    with pytest.raises(EvaluationError, match=name.replace(".", r"\.") + message):
        put(folder, name, *lines)


def test_a_file_that_cannot_be_read_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(PasserelleError, match=r"none/corpus\.jsonl: cannot be read: No such file"):
        load_dataset(tmp_path / "none")
    (folder / "qrels" / "test.tsv").write_bytes(b"q1\xff")
    with pytest.raises(PasserelleError, match=r"test\.tsv: cannot be read: byte 2 is not UTF-8"):
        load_dataset(folder)

"""The fixed question set holds what it promises, and a broken one says where it is broken."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import documents
from documents.errors import PasserelleError
from documents.reading import read_document
from documents.types import Document, Section
from eval.errors import EvaluationError
from eval.sets.questions import Question, load_questions

ARTICLE = Path(documents.__file__).parent / "articles" / "mila-canada-2025.txt"
# Of each kind: how many questions in each of the two languages.
KINDS = {
    "fact": 26,
    "name": 16,
    "number": 8,
    "date": 6,
    "list": 10,
    "paraphrase": 14,
    "keyword": 10,
    "typo": 10,
    "unanswerable-near": 20,
    "unanswerable-far": 10,
}
LINE = {"id": "q1", "question": "Qui ?", "language": "fr", "kind": "name", "quotes": ["Hugo"]}


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return load_questions()


@pytest.fixture(scope="module")
def article() -> Document:
    return read_document(ARTICLE)


def paragraphs(article: Document, section: Section) -> list[str]:
    return [article.text[p.start : p.end] for p in section.paragraphs]


def test_every_kind_is_asked_as_often_in_both_languages(questions: tuple[Question, ...]) -> None:
    assert len(questions) == 260
    for language in ("fr", "en"):
        assert Counter(q.kind for q in questions if q.language == language) == KINDS


def test_identifiers_and_questions_are_unique(questions: tuple[Question, ...]) -> None:
    assert [q.id for q in questions] == [f"q{number:03}" for number in range(1, 261)]
    assert len({q.text.casefold() for q in questions}) == 260


def test_the_article_answers_all_but_sixty(questions: tuple[Question, ...]) -> None:
    assert sum(q.answerable for q in questions) == 200
    assert {q.kind for q in questions if not q.answerable} == {
        "unanswerable-near",
        "unanswerable-far",
    }


def test_each_quote_stands_verbatim_in_one_paragraph_and_once_in_the_article(
    questions: tuple[Question, ...], article: Document
) -> None:
    found = [text for section in article.sections for text in paragraphs(article, section)]
    for quote in {quote for q in questions for quote in q.quotes}:
        assert article.text.count(quote) == 1, quote
        assert sum(quote in paragraph for paragraph in found) == 1, quote


def test_every_paragraph_is_asked_about_in_both_languages(
    questions: tuple[Question, ...], article: Document
) -> None:
    assert len(article.sections) == 11
    for section in article.sections:
        for paragraph in paragraphs(article, section):
            asked = {q.language for q in questions if any(quote in paragraph for quote in q.quotes)}
            assert asked == {"fr", "en"}, paragraph


def test_the_split_never_moves(questions: tuple[Question, ...]) -> None:
    assert Counter((q.split, q.answerable) for q in questions) == {
        ("dev", True): 97,
        ("dev", False): 32,
        ("test", True): 103,
        ("test", False): 28,
    }
    assert [q.split for q in questions[:5]] == ["dev", "test", "dev", "dev", "test"]


def test_each_split_has_every_kind_in_both_languages(questions: tuple[Question, ...]) -> None:
    for split in ("dev", "test"):
        held = {(q.kind, q.language) for q in questions if q.split == split}
        assert held == {(kind, language) for kind in KINDS for language in ("fr", "en")}


def write(folder: Path, *lines: object) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_a_set_of_ones_own_is_read_in_order(tmp_path: Path) -> None:
    other = {**LINE, "id": "q2", "question": "Why?", "language": "en", "kind": "unanswerable-far"}
    assert load_questions(write(tmp_path, LINE, other | {"quotes": []})) == (
        Question("q1", "Qui ?", "fr", "name", ("Hugo",)),
        Question("q2", "Why?", "en", "unanswerable-far", ()),
    )


def test_a_blank_line_is_passed_over_but_counted(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text(f"\n{json.dumps(LINE)}\n\n{{\n", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"set\.jsonl:4: line: Invalid JSON"):
        load_questions(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"language": "de"}, r"language: Input should be 'fr' or 'en'"),
        ({"kind": "riddle"}, r"kind: Input should be 'fact', 'name'"),
        ({"question": " "}, r"question: String should match"),
        ({"id": 1}, r"id: Input should be a valid string"),
        ({"quotes": [""]}, r"quotes\.0: String should match"),
        ({"answer": "Hugo"}, r"answer: Extra inputs are not permitted"),
        ({"quotes": []}, r"line: Value error, an answerable question needs quotes"),
        ({"kind": "unanswerable-near"}, r"line: Value error, .* an unanswerable one has none"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = write(tmp_path, LINE, {**LINE, "id": "q2", "question": "Où ?", **change})
    with pytest.raises(EvaluationError, match=rf"set\.jsonl:2: {message}"):
        load_questions(path)


@pytest.mark.parametrize("change", [{"id": "q2"}, {"question": "Où ?"}])
def test_a_repeat_names_both_lines(tmp_path: Path, change: dict[str, str]) -> None:
    path = write(tmp_path, LINE, {**LINE, **change})
    with pytest.raises(EvaluationError, match=r"set\.jsonl:2: '(q1|Qui \?)' is on line 1 too"):
        load_questions(path)


def test_an_empty_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"set\.jsonl: there is no question in it"):
        load_questions(write(tmp_path))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(PasserelleError, match=r"none\.jsonl: cannot be read: No such file"):
        load_questions(tmp_path / "none.jsonl")
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes("é".encode("latin-1"))
    with pytest.raises(PasserelleError, match=r"latin\.jsonl: cannot be read: byte 0 is not UTF-8"):
        load_questions(latin)

"""A folder of documents is read with its questions; the right passages of an index are found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from documents.types import Document, Passage, Section, Span, checksum
from eval.errors import EvaluationError
from eval.sets.documents import DocumentFolder, Gold, load_folder, occurrences, plain

ANSWERED = {"q": "Où ?", "lang": "fr", "kind": "verbatim", "file": "a.md", "heading": "Où ?"}
TEXT = "Aujourd’hui le  bain\ncoûte trois euros."


def write(folder: Path, *lines: object) -> Path:
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "docs" / "a.md").write_text("# A\n\nIci.\n", encoding="utf-8")
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "questions.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
    return folder


def passage(start: int, end: int, section: tuple[str, ...] = ()) -> Passage:
    return Passage(f"a#{start}-{end}", "a", start, end, TEXT[start:end], section, "fr")


def gold(
    folder: Path, question: dict[str, str | None], *passages: Passage, title: str = "A"
) -> set[tuple[int, int]]:
    read = load_folder(write(folder, ANSWERED | question))
    whole = Section((), (Span(0, len(TEXT)),))
    document = Document("a", title, "fr", TEXT, (whole,), None, checksum(TEXT))
    found = Gold.of([read.docs], {"a": document}, passages)
    right = found.relevant(read, read.questions[0])
    return {(p.start, p.end) for p in passages if p.id in right}


def test_questions_are_read_in_order(tmp_path: Path) -> None:
    quoted = {"q": "What?", "lang": "en", "kind": "table", "file": "a.md", "quote": "94 €"}
    refused = {"q": "Qui ?", "lang": "fr", "kind": "far", "answerable": False}
    found = load_folder(write(tmp_path / "set", ANSWERED, "", quoted, refused))
    assert (found.name, found.docs) == ("set", tmp_path / "set" / "docs")
    assert [q.line for q in found.questions] == [1, 3, 4]
    assert [q.answerable for q in found.questions] == [True, True, False]
    assert [q.place for q in found.questions] == ["a.md # Où ?", "a.md # 94 €", ""]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "1: line: Invalid JSON"),
        (ANSWERED | {"lang": "de"}, "1: lang: "),
        (ANSWERED | {"q": " "}, "1: q: "),
        (ANSWERED | {"q": "a" * 5000}, "1: "),
        (ANSWERED | {"quote": "x"}, '"file" with either "heading" or "quote"'),
        ({**ANSWERED, "file": None}, '"file" with either "heading" or "quote"'),
        (ANSWERED | {"answerable": False}, "not answerable has no file"),
        (ANSWERED | {"headnig": "x"}, "1: headnig: Extra inputs"),
        (ANSWERED | {"file": "b.md"}, "1: 'b.md' is not in .*docs: correct its path"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: object, message: str) -> None:
    with pytest.raises(EvaluationError, match=rf"questions\.jsonl:1: .*|{message}") as caught:
        load_folder(write(tmp_path, line))
    assert caught.match(message)


def test_a_folder_without_documents_or_answers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"docs: there is no such folder"):
        load_folder(tmp_path / "none")
    refused = {"q": "Qui ?", "lang": "fr", "kind": "far", "answerable": False}
    with pytest.raises(EvaluationError, match=r"questions\.jsonl: no question in it is answerable"):
        load_folder(write(tmp_path, refused))


def test_questions_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = write(tmp_path) / "questions.jsonl"
    path.write_bytes(b"\xff")
    with pytest.raises(EvaluationError, match=r"questions\.jsonl: .*byte 0 is not UTF-8"):
        load_folder(tmp_path)
    path.unlink()
    with pytest.raises(EvaluationError, match=r"questions\.jsonl: .*No such file"):
        load_folder(tmp_path)


@pytest.mark.parametrize(
    "heading", ["L'**été** `x`", "L’été  x", "L'e\u0301te\u0301\u00a0x", r"L'été \x"]
)
def test_headings_are_compared_without_what_tells_no_two_apart(heading: str) -> None:
    assert plain(heading) == "L'été x"


def test_the_innermost_heading_counts(tmp_path: Path) -> None:
    passages = passage(0, 10, ("Où ?",)), passage(10, 20, ("Où ?", "Là")), passage(20, 30)
    assert gold(tmp_path, {}, *passages) == {(0, 10)}


def test_a_title_is_the_heading_of_what_has_no_section(tmp_path: Path) -> None:
    passages = passage(0, 10, ("Là",)), passage(10, 20)
    assert gold(tmp_path, {}, *passages, title="**Où ?**") == {(10, 20)}
    assert gold(tmp_path, {}, *passages, title="A") == set()


@pytest.mark.parametrize("quote", ["Aujourd'hui le bain", "Aujourd’hui  le\nbain"])
def test_a_quote_is_found_whatever_its_white_space(quote: str) -> None:
    assert occurrences(quote, TEXT) == [Span(0, 20)]


def test_a_quote_is_found_whatever_its_accents() -> None:
    assert occurrences("coûte", "cela cou\u0302te") == [Span(5, 11)]
    assert occurrences("cou\u0302te", TEXT) == [Span(21, 26)]


def test_a_passage_that_holds_half_of_a_quote_is_right(tmp_path: Path) -> None:
    quote: dict[str, str | None] = {"heading": None, "quote": "coûte trois"}  # 21-32
    passages = passage(0, 26), passage(26, 39)
    assert gold(tmp_path, quote, *passages) == {(26, 39)}
    assert gold(tmp_path, quote, passage(0, 39)) == {(0, 39)}
    assert gold(tmp_path, quote | {"quote": "nulle part"}, *passages) == set()


def test_a_document_that_was_not_read_has_no_right_passage(tmp_path: Path) -> None:
    read = load_folder(write(tmp_path, ANSWERED))
    found = Gold.of([read.docs], {}, [])
    assert found.document(read, read.questions[0]) is None
    assert found.relevant(read, read.questions[0]) == frozenset()


def test_the_same_question_twice_is_one_question(tmp_path: Path) -> None:
    other = ANSWERED | {"heading": "Là"}
    read: DocumentFolder = load_folder(write(tmp_path, ANSWERED, other))
    document = Document("a", "A", "fr", TEXT, (), None, checksum(TEXT))
    passages = passage(0, 10, ("Où ?",)), passage(10, 20, ("Là",))
    found = Gold.of([read.docs], {"a": document}, passages).relevant_to_all(read)
    assert found == [frozenset({"a#0-10", "a#10-20"})] * 2

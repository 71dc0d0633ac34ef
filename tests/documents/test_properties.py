"""What is known of a document: from its text, its file and its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from documents.notices import Notice, NoticeKind, lose_something
from documents.properties import LONGEST_VALUE, MOST_KEYS, MOST_VALUES, date_of, properties_of
from documents.reading import read_document, read_documents

DAY = 1_740_787_200  # 2025-03-01, 00:00 UTC


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2025", "2025"), ("2025-01", "2025-01"), ("2025-01-31T10:00:00+02:00", "2025-01-31"),
        ("D:20250131120000Z", "2025-01-31"), ("20250131", "2025-01-31"), ("31/01/2025", None),
        ("2025-13-01", None), ("2025-01-32", None), ("soon", None), ("", None), ("20251", None),
        ("2025-02-30", None), ("2025-02-29", None), ("2024-02-29", "2024-02-29"),
        ("3 mars 2024", "2024-03-03"), ("le dimanche 3 mars 2024 à 10 h", "2024-03-03"),
        ("March 3, 2024", "2024-03-03"), ("Sunday, Mar. 3rd, 2024", "2024-03-03"),
        ("3 of March 2024", "2024-03-03"), ("1er août 2024", "2024-08-01"),
        ("1er aou\u0302t 2024", "2024-08-01"), ("premier\xa0FÉVRIER 2024", "2024-02-01"),
        ("mars 2024", "2024-03"), ("12 déc. 2024", "2024-12-12"), ("May 2024", "2024-05"),
        ("30 février 2025", None), ("2 mars", None), ("12 de 2024", None), ("mars 20245", None),
        ("D:20250431", None), ("2025-06-31T10:00", None), ("0000", None),
    ],
)  # fmt: skip
def test_dates(written: str, date: str | None) -> None:
    assert date_of(written) == date


def test_keys_have_other_names_and_values_are_plain() -> None:
    found = properties_of([("Tags", " a\n b "), ("tag", "a b"), ("AUTHORS", "e\u0301"), ("x", "")])
    assert found == (("author", ("é",)), ("tag", ("a b",)))


def test_numbers_and_lengths_are_bounded() -> None:
    many = properties_of((f"k{n}", "v") for n in range(1000))
    assert len(many) == MOST_KEYS
    [(_, values)] = properties_of(("tag", f"{n} " + "x" * 1000) for n in range(1000))
    assert (len(values), max(map(len, values))) == (MOST_VALUES, LONGEST_VALUE)


def test_a_file_says_where_and_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "Rapports" / "2025" / "a.markdown"
    path.parent.mkdir(parents=True)
    path.write_text("Un mot.", encoding="utf-8")
    os.utime(path, (DAY, DAY))
    [document] = read_documents([tmp_path / "Rapports"]).documents
    assert dict(document.properties) == {
        "collection": ("Rapports",),
        "format": ("md",),
        "modified": ("2025-03-01",),
        "path": ("2025/a.markdown", "Rapports/2025/a.markdown"),
    }


def test_what_a_text_says_goes_before_what_its_file_says(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    header = "---\ntitle: T\nmodified: 2020-05\ncollection: RH\nformat: pdf\n---\n"
    path.write_text(header + "Un mot.", encoding="utf-8")
    found = dict(read_document(path).properties)
    assert (found["modified"], found["collection"]) == (("2020-05",), ("RH",))
    assert found["format"] == ("md",)


def test_a_page_states_author_date_and_keywords(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    metas = (
        '<meta name="Author" content="Zoé Dupont"><meta name="keywords" content="rh, paie">'
        '<meta property="article:published_time" content="2024-03-02T10:00:00Z">'
    )
    path.write_text(f"<html><head>{metas}</head><body><p>Un mot.</p></body></html>", "utf-8")
    found = dict(read_document(path).properties)
    assert found["author"] == ("Zoé Dupont",)
    assert found["tag"] == ("rh", "paie")
    assert found["date"] == ("2024-03-02",)


def test_a_word_file_states_author_and_dates(tmp_path: Path) -> None:
    import datetime

    import docx

    file = docx.Document()
    file.add_paragraph("Un mot.")
    file.core_properties.author = "Zoé Dupont"
    file.core_properties.keywords = "rh; paie"
    file.core_properties.created = datetime.datetime(2024, 3, 2, tzinfo=datetime.UTC)
    file.core_properties.modified = datetime.datetime(2024, 4, 1, tzinfo=datetime.UTC)
    file.save(str(tmp_path / "a.docx"))
    found = dict(read_document(tmp_path / "a.docx").properties)
    assert (found["author"], found["tag"]) == (("Zoé Dupont",), ("rh", "paie"))
    assert (found["date"], found["modified"]) == (("2024-03-02",), ("2024-04-01",))


@pytest.mark.parametrize(
    ("name", "content", "detail"),
    [
        ("a.md", "---\ntitle: T\ndate: 2025-02-30\n---\nUn mot.", "date: 2025-02-30"),
        ("a.txt", "---\ntitle: T\ndate: 31 juin 2025\n---\nUn mot.", "date: 31 juin 2025"),
        ("a.md", '+++\ntitle = "T"\ndate = "bientôt"\n+++\nUn mot.', "date: bientôt"),
        ("a.md", "---\ntitle: T\ndate: 3 mars 2024\n---\nUn mot.", None),
        ("a.md", "---\ntitle: T\ndate:\n---\nUn mot.", None),
    ],
)
def test_what_should_be_a_date_and_is_none_is_named(
    name: str, content: str, detail: str | None, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    notices = read_document(tmp_path / name).notices
    assert notices == ((Notice(NoticeKind.UNDATED, detail),) if detail else ())
    assert not lose_something(notices)

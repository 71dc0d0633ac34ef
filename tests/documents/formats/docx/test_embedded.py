"""Files of other formats that stand in a Word document."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.notices import Notice, NoticeKind
from documents.reading import read_document
from documents.types import Document
from tests.documents.formats.docx.word_files import p, word_file

PAGE = "<html><body><h1>Casier</h1><p>Le chef est Bruno Savard.</p></body></html>"
MAIL = (
    b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
    b"Content-Type: text/html; charset=windows-1252\nContent-Transfer-Encoding: 8bit\n\n"
    b"<meta charset='windows-1252'><p>L'\xe9t\xe9, Bruno Savard.</p>\n--x--\n"
)


def read(folder: Path, part: str, content: bytes, times: int = 1) -> Document:
    path = folder / "a.docx"
    chunk = f"<w:altChunk r:id='{part}'/>"
    path.write_bytes(word_file(p("Avant.") + chunk * times + p("Après."), {part: content}))
    return read_document(path)


@pytest.mark.parametrize(
    ("part", "content", "expected"),
    [
        ("a.html", PAGE.encode(), "Casier\n\nLe chef est Bruno Savard."),
        ("a.txt", "Bruno Savard, été.".encode(), "Bruno Savard, été."),
        ("a.docx", word_file(p("Bruno Savard.")), "Bruno Savard."),
        ("a.mht", MAIL, "L'été, Bruno Savard."),
    ],
)
def test_they_are_read_where_they_stand(
    tmp_path: Path, part: str, content: bytes, expected: str
) -> None:
    document = read(tmp_path, part, content, times=2)
    assert document.text == f"Avant.\n\n{expected}\n\nAprès."
    assert document.notices == ()
    told = [document.text[slice(*span)] for s in document.sections for span in s.paragraphs]
    assert told[0] == "Avant."
    assert told[-1] == "Après."
    assert "Savard" in "".join(told[1:-1])


@pytest.mark.parametrize(
    ("part", "content"), [("a.xyz", b"?"), ("a.docx", b"PK"), ("a.mht", b"no mail")]
)
def test_those_that_cannot_be_read_are_named(tmp_path: Path, part: str, content: bytes) -> None:
    document = read(tmp_path, part, content)
    assert document.text in {"Avant.\n\nAprès.", "Avant.\n\nno mail\n\nAprès."}
    named = (Notice(NoticeKind.EMBEDDED_UNREAD, part),)
    assert document.notices == (named if "mail" not in document.text else ())


def test_a_document_within_one_within_another_is_named(tmp_path: Path) -> None:
    inner = word_file(p("Dedans.") + "<w:altChunk r:id='b.txt'/>", {"b.txt": b"Profond."})
    document = read(tmp_path, "a.docx", inner)
    assert document.text == "Avant.\n\nDedans.\n\nAprès."
    assert document.notices == (Notice(NoticeKind.EMBEDDED_UNREAD, "b.txt"),)

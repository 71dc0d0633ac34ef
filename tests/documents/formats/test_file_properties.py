"""Author, date and keywords of files, as their programs keep them."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest

from documents.reading import read_document
from tests.documents.formats.format_files import saved, unzipped, zipped
from tests.documents.formats.mail.outlook_file import outlook_message
from tests.documents.formats.office_files import open_document

DAY = datetime.datetime(2024, 5, 1, 10, 30)
META = """<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>
 <meta:initial-creator>Zoé Dupont</meta:initial-creator><dc:creator>Luc Roy</dc:creator>
 <meta:creation-date>2024-05-01T10:30:00</meta:creation-date><dc:date>2025-01-02T09:00:00</dc:date>
 <meta:keyword>bail</meta:keyword><meta:keyword>loyer</meta:keyword>
</office:meta></office:document-meta>"""
RTF = (
    rb"{\rtf1\ansi{\info{\author Zo\'e9 Dupont}{\keywords bail, loyer}{\creatim\yr2024\mo5\dy1\hr9}"
    rb"{\revtim\yr2025\mo1\dy2}}Le bail dure trois ans.\par}"
)
MAIL = (
    "From: =?utf-8?q?Zo=C3=A9_Dupont?= <zoe@exemple.fr>\nTo: luc@exemple.fr\n"
    "Date: Wed, 01 May 2024 23:30:00 -0400\nSubject: Bail\n\nLe bail dure trois ans.\n"
)
OUTLOOK = {0x0C1A: "Zoé Dupont", 0x0037: "Bail", 0x1000: "Le bail dure trois ans."}


def word() -> bytes:
    file = docx.Document()
    file.add_paragraph("Le bail dure trois ans.")
    _fill(file.core_properties, "author")
    return saved(file)


def workbook() -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Le bail dure trois ans."])
    _fill(book.properties, "creator")
    book.save(stream)
    return stream.getvalue()


def deck() -> bytes:
    file, stream = pptx.Presentation(), io.BytesIO()
    file.slides.add_slide(file.slide_layouts[0]).shapes.title.text = "Le bail dure trois ans."
    _fill(file.core_properties, "author")
    file.save(stream)
    return stream.getvalue()


def _fill(properties: object, author: str) -> None:
    for name, value in ((author, "Zoé Dupont"), ("created", DAY), ("keywords", "bail, loyer")):
        setattr(properties, name, value)


def open_text() -> bytes:
    text = open_document("text", "<text:p>Le bail dure trois ans.</text:p>")
    return zipped({**unzipped(text), "meta.xml": META.encode()})


@pytest.mark.parametrize(
    ("name", "raw", "tags"),
    [
        ("a.docx", word(), ("bail", "loyer")),
        ("a.xlsx", workbook(), ("bail", "loyer")),
        ("a.pptx", deck(), ("bail", "loyer")),
        ("a.odt", open_text(), ("bail", "loyer")),
        ("a.rtf", RTF, ("bail", "loyer")),
        ("a.eml", MAIL.encode(), ()),
    ],
)
def test_a_file_says_who_wrote_it_and_when(
    name: str, raw: bytes, tags: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(raw)
    found = dict(read_document(tmp_path / name).properties)
    assert found["author"] == ("Zoé Dupont",)
    assert found["date"] == ("2024-05-01",)
    assert found.get("tag", ()) == tags


def test_a_message_of_outlook_says_who_sent_it(tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(outlook_message(OUTLOOK))
    assert dict(read_document(tmp_path / "a.msg").properties)["author"] == ("Zoé Dupont",)


@pytest.mark.parametrize("make", [workbook, deck])
def test_a_file_without_properties_is_given_none(make: object, tmp_path: Path) -> None:
    assert callable(make)
    parts = unzipped(make())
    del parts["docProps/core.xml"]
    path = tmp_path / ("a.xlsx" if make is workbook else "a.pptx")
    parts["_rels/.rels"] = _without_core(parts["_rels/.rels"])
    path.write_bytes(zipped(parts))
    found = dict(read_document(path).properties)
    assert "author" not in found
    assert "date" not in found


def _without_core(relations: bytes) -> bytes:
    kept = [r for r in relations.split(b"<Relationship ") if b"core-properties" not in r]
    joined = b"<Relationship ".join(kept)
    return joined if joined.endswith(b"</Relationships>") else joined + b"</Relationships>"


def test_a_date_that_is_in_no_calendar_stays_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: T\ndate: 2025-02-30\n---\nUn mot.\n", encoding="utf-8")
    assert dict(read_document(path).properties)["date"] == ("2025-02-30",)


@pytest.mark.parametrize("suffix", [".docx", ".pptx"])
def test_author_and_dates_of_a_template_are_not_those_of_the_file(
    suffix: str, tmp_path: Path
) -> None:
    """What these libraries write says that it was made in 2013, whenever that was."""
    path = tmp_path / f"a{suffix}"
    if suffix == ".docx":
        made = docx.Document()
        made.add_paragraph("Le chat dort.")
        made.save(str(path))
    else:
        shown = pptx.Presentation()
        shown.slides.add_slide(shown.slide_layouts[0]).shapes.title.text = "Le chat dort."
        shown.save(str(path))
    assert not {"author", "date"} & dict(read_document(path).properties).keys()

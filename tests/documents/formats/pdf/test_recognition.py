"""Pages without text are named, and recognised where people ask for it and a program can."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import fpdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from documents.discovery import Selection, discover
from documents.errors import MissingFormat, UnsupportedFormat
from documents.formats.pdf import recognition
from documents.formats.pdf.pages import read_pages, read_picture_pages
from documents.formats.pdf.reader import composed
from documents.formats.pdf.recognition import recognised_lines, what_is_missing
from documents.notices import Notice, NoticeKind
from documents.options import ReadingOptions
from documents.reading import read_document
from tests.documents.formats.format_files import FONT
from tests.documents.formats.pdf.pdf_files import DATA, read_file, texts

WITH_OCR = ReadingOptions(recognise=True)


def can_recognise() -> bool:
    return not what_is_missing()


needs_program = pytest.mark.skipif(not can_recognise(), reason="tesseract is not installed")


def picture(path: Path, *lines: str) -> Path:
    image = Image.new("L", (1_200, 200 + 90 * len(lines)), "white")
    font = ImageFont.truetype(str(FONT), 40)
    for at, words in enumerate(lines):
        ImageDraw.Draw(image).text((80, 90 + 90 * at), words, font=font)
    image.save(path, dpi=(300, 300))
    return path


def test_pages_without_text_are_named() -> None:
    extract = read_file("mixte_scan.pdf")
    assert extract.text == "Page de garde : rapport annuel de la coop."
    assert extract.notices == (Notice(NoticeKind.PAGES_WITHOUT_TEXT, "2, 3"),)


@needs_program
def test_pages_without_text_are_recognised(tmp_path: Path) -> None:
    file = fpdf.FPDF(unit="pt", format=(280, 120))
    file.set_font("Helvetica", size=11)
    file.add_page()
    file.text(20, 40, "Page de garde")
    file.add_page()
    scan = picture(tmp_path / "a.png", "Le conseil a adopté le budget.")
    file.image(scan, x=0, y=10, w=280, h=45)
    extract = composed(read_pages(bytes(file.output()), "a.pdf", recognise=True))
    assert extract.text == "Page de garde\n\nLe conseil a adopté le budget."
    assert extract.notices == (Notice(NoticeKind.PAGES_RECOGNISED, "2"),)


@needs_program
def test_a_picture_is_a_document(tmp_path: Path) -> None:
    file = picture(tmp_path / "avis.png", "Avis aux élèves", "La bibliothèque sera fermée à Noël.")
    document = read_document(file, options=WITH_OCR)
    assert "La bibliothèque sera fermée à Noël." in document.text
    assert document.notices == (Notice(NoticeKind.PAGES_RECOGNISED, "1"),)
    assert document.pages == (0,)


def test_pictures_are_documents_only_where_people_ask_for_it(tmp_path: Path) -> None:
    file = tmp_path / "avis.JPEG"
    file.write_bytes(b"")
    assert not discover([tmp_path]).files
    assert list(discover([tmp_path], Selection(options=WITH_OCR)).files) == [file]
    with pytest.raises(UnsupportedFormat, match="or index it with --ocr"):
        read_document(file)


def test_a_missing_program_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    recognition._lacking.cache_clear()
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert re.search(r"tesseract is not installed.*apt-get install", what_is_missing())
    recognition._lacking.cache_clear()


@pytest.fixture
def without_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    recognition._lacking.cache_clear()
    monkeypatch.setattr("shutil.which", lambda _: None)
    yield
    recognition._lacking.cache_clear()


@pytest.mark.usefixtures("without_program")
def test_without_the_program_files_with_text_are_read_and_others_named() -> None:
    assert read_pages((DATA / "ot1.pdf").read_bytes(), "a.pdf", recognise=True).lacking == ""
    mixed = composed(read_pages((DATA / "mixte_scan.pdf").read_bytes(), "a.pdf", recognise=True))
    assert mixed.text
    (notice,) = [n for n in mixed.notices if n.kind == NoticeKind.NOT_RECOGNISED]
    assert "tesseract is not installed: install it (apt-get install" in notice.detail


@pytest.mark.usefixtures("without_program")
def test_without_the_program_a_file_of_pictures_says_what_to_install() -> None:
    with pytest.raises(MissingFormat, match=r"^a\.pdf: text cannot be .*apt-get install"):
        read_pages((DATA / "sans_tounicode.pdf").read_bytes(), "a.pdf", recognise=True)
    with pytest.raises(MissingFormat, match=r"^a\.png: text cannot be .*apt-get install"):
        read_picture_pages(b"", "a.png")


def test_a_missing_language_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    recognition._lacking.cache_clear()
    monkeypatch.setattr("shutil.which", lambda name: name)
    listed = subprocess.CompletedProcess([], 0, "List of available languages:\neng\nosd\n")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: listed)
    assert "lacks the languages fra" in what_is_missing()
    recognition._lacking.cache_clear()


HEAD = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def said(monkeypatch: pytest.MonkeyPatch, *words: tuple[int, int, int, str]) -> None:
    """Let the program say words: their line, distance from the left in dots, certainty, text."""
    rows = [
        f"5\t1\t1\t1\t{ln}\t1\t{left}\t{100 * ln}\t90\t40\t{sure}\t{text}"
        for ln, left, sure, text in words
    ]
    table = "\n".join([HEAD, "1\t1\t0\t0\t0\t0\t0\t0\t900\t900\t-1\t", *rows])
    done = subprocess.CompletedProcess([], 0, table.encode(), b"")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: done)


def test_words_of_a_line_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, (1, 100, 95, "la"), (1, 200, 96, "biblio-"), (2, 100, 90, "thèque"))
    lines = recognised_lines(b"", 842)
    assert texts(lines) == ["la biblio", "thèque"]
    assert [ln.hyphenated for ln in lines] == [True, False]
    assert (lines[0].left, lines[0].bottom) == pytest.approx((24.0, 842 - 140 * 0.24))


def test_what_is_hardly_text_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    said(monkeypatch, (1, 100, 20, "~;"), (2, 100, 30, "|_"))
    assert recognised_lines(b"", 842) == []

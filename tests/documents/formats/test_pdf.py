"""PDF: lines, margins and layout, and a process that may fail."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from documents.errors import DamagedDocument, UnsafeDocument
from documents.formats.pdf import process as pdf_process
from documents.formats.pdf.pages import read_pages
from documents.formats.pdf.reader import composed, read_pdf
from tests.documents.formats.format_files import french_pdf, pdf


def read(*lines: tuple[float, float, str]) -> str:
    return composed(read_pages(pdf([lines]), "a.pdf")).text


def test_a_word_across_lines_is_joined() -> None:
    assert read((30, 11, "une biblio-"), (36, 11, "thèque de la")) == "une bibliothèque de la"


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("porte-", "Parole", "porte-Parole"),
        ("dit-", "elle à tous", "dit-elle à tous"),
        ("celle-", "ci est", "celle-ci est"),
        ("Mila-", "2025 est", "Mila-2025 est"),
        ("le porte-", "parole du maire", "le porte-parole du maire"),
        ("les porte-", "monnaies", "les porte-monnaies"),
        ("un va-", "et-vient", "un va-et-vient"),
        ("un va-et-", "vient", "un va-et-vient"),
        ("c’est-à-", "dire demain", "c’est-à-dire demain"),
        ("un rendez-", "vous", "un rendez-vous"),
        ("a well-", "known place", "a well-known place"),
        ("un porte-avions et un porte-", "avions", "un porte-avions et un porte-avions"),
        ("le chapitre A-", "", "le chapitre A-"),
        ("un mot -", "et un autre", "un mot - et un autre"),
    ],
)
def test_a_hyphen_of_the_words_own_stays(first: str, second: str, joined: str) -> None:
    lines = [(30.0, 11.0, first), *([(36.0, 11.0, second)] if second else [])]
    assert read(*lines) == joined


def test_ligatures_are_taken_apart_and_other_letters_kept() -> None:
    assert read((30, 11, "ﬁn ﬂot œuvre x² ½ e\u0301té")) == "fin flot œuvre x² ½ e\u0301té"


def test_two_lines_far_apart_below_a_title_are_one_paragraph() -> None:
    text = read(
        (30, 20, "Annual leave"), (39, 11, "Requests are filed at least 4"),
        (46, 11, "days ahead."),
    )  # fmt: skip
    assert text == "Annual leave\n\nRequests are filed at least 4 days ahead."


def test_paragraphs_part_at_wide_gaps_and_items() -> None:
    text = read(
        (30, 11, "Une phrase qui"), (36, 11, "va jusqu’ici."), (42, 11, "Encore elle."),
        (60, 11, "Un autre."), (66, 11, "• un"), (72, 11, "• deux"),
    )  # fmt: skip
    assert text == "Une phrase qui va jusqu’ici. Encore elle.\n\nUn autre.\n\n• un\n• deux"


def test_empty_pages_start_where_the_next_one_does() -> None:
    extract = read_pdf(pdf([[], [(30, 11, "Deux.")], [], [(30, 11, "Quatre.")], []]), "a.pdf")
    assert extract.text == "Deux.\n\nQuatre."
    assert extract.pages == (0, 0, 7, 7, 14)


def test_the_other_process_says_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = french_pdf(bookmarks=True)
    direct = read_pages(raw, "a.pdf")
    assert pdf_process.read_in_process(raw, "a.pdf") == direct
    monkeypatch.setattr(pdf_process, "_limit_memory", lambda: None)
    monkeypatch.setattr(sys, "argv", ["-c", "read", "é\udce9.pdf", "0"])
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"%PDF")))
    pdf_process.main()
    said = json.loads(capsys.readouterr().out)
    assert said["error"] == "DamagedDocument"
    assert said["message"].startswith("é\udce9.pdf: not a sound PDF")


def test_a_crash_is_a_damaged_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_process, "_PROGRAM", "import os; os.abort()")
    with pytest.raises(DamagedDocument, match=r"a\.pdf: reading it failed .* -6\)"):
        read_pdf(french_pdf(), "a.pdf")


def test_too_much_memory_is_a_damaged_document(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from documents.formats.pdf.process import _limit_memory; _limit_memory(); bytes(3 * 2**30)"
    )
    path = "import sys; sys.path[:] = sys.argv[3:]; "
    monkeypatch.setattr(pdf_process, "_PROGRAM", path + code)
    with pytest.raises(DamagedDocument, match="took more memory than is safe"):
        read_pdf(french_pdf(), "a.pdf")


def test_a_loop_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_process, "_PROGRAM", "while True: pass")
    monkeypatch.setattr(pdf_process, "MAX_SECONDS", 0.5)
    with pytest.raises(UnsafeDocument, match=r"takes more than 0\.5 s"):
        read_pdf(french_pdf(), "a.pdf")


def test_nothing_else_is_loaded_there() -> None:
    code = "import sys; from documents.formats.pdf import process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"numpy", "lxml", "markdown_it", "icu4py"} & set(done.stdout.split()) == set()

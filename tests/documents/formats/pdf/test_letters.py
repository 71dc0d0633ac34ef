"""Letters of fonts that do not name them, and accents that were drawn by themselves."""

from __future__ import annotations

import pytest

from documents.formats.pdf import legibility
from documents.formats.pdf.encodings import COMPANION, CORK, KNUTH, SYMBOLS, tex_encoding
from documents.notices import Notice, NoticeKind
from tests.documents.formats.pdf.pdf_files import raw_pdf, read, read_file, stream

LETTERS = set(range(0x61, 0x7B))


@pytest.mark.parametrize(
    ("name", "apostrophe"), [("ot1.pdf", "’"), ("ot1-type3.pdf", "'"), ("t1-type3.pdf", "'")]
)
def test_files_of_latex_read_as_they_look(name: str, apostrophe: str) -> None:
    text = read_file(name).text
    assert text.startswith("Le prêt est accordé aux étudiants à partir du 15 août. Événements, ")
    for said in ("la façade, naïf, île, cœur, « citer », affiches", f"À l{apostrophe}office."):
        assert said in text


def test_ligatures_of_type_3_fonts_are_whole() -> None:
    assert "efficacité, fil, flot, effet" in read_file("t1-type3.pdf").text
    text = read_file("two.pdf").text
    for said in ("efficacité", "effectués", "capteurs sans fil", "coefficients", "vérifiés"):
        assert said in text
    text = read_file("t1.pdf").text
    for said in ("Les œuvres rares", "les affiches", "dit « Nuit des bibliothèques », coûte 12 €"):
        assert said in text


@pytest.mark.parametrize(
    ("codes", "others", "encoding"),
    [
        (LETTERS | {0x1C, 0xE9}, set(), CORK),
        (LETTERS | {0x1C}, set(), CORK),
        (LETTERS | {0x0C, 0x13}, set(), KNUTH),
        (LETTERS | {0x13}, set(), KNUTH),
        (LETTERS | {0x13, 0x14}, set(), CORK),
        (LETTERS | {0x1C}, {0x0C}, KNUTH),
        ({0x1C, 0x1D}, LETTERS | {0x0C}, SYMBOLS),
        ({0xBF}, LETTERS | {0xE9}, COMPANION),
    ],
)
def test_the_codes_of_a_font_tell_its_encoding(
    codes: set[int], others: set[int], encoding: object
) -> None:
    assert tex_encoding(codes, codes | others) is encoding


CMAP = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def
/CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfrange <20> <FF> <0020> endbfrange endcmap end end"""
NAMED = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"


def test_codes_of_windows_are_letters() -> None:
    file = raw_pdf(NAMED, b"L\x92\xe9l\xe8ve du c\x9cur \x96 dit\x85", stream(CMAP))
    assert read(file).text == "L’élève du cœur – dit…"


def test_accents_beside_letters_are_no_accents() -> None:
    file = raw_pdf(NAMED, b"La commande `ls ~` donne a^2 et l\xb4eau.", stream(CMAP))
    assert read(file).text == "La commande `ls ~` donne a^2 et l´eau."


def test_unread_letters_are_named_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legibility, "_MIN_UNREADABLE", 1_000)
    extract = read_file("sans_tounicode.pdf")
    assert "Groupe d'\ufffdge" in extract.text
    assert extract.notices == (Notice(NoticeKind.PAGES_WITH_UNREAD_LETTERS, "1"),)

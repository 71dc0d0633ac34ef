"""RTF: styles, encodings, notes, lists, tables, margins, and what is left out."""

from __future__ import annotations

import pytest

from documents.errors import DamagedDocument, UnsafeDocument
from documents.formats.office import rtf_tokens
from documents.formats.office.rtf import read_rtf
from documents.notices import Notice, NoticeKind
from tests.documents.formats.office_files import RULES_RTF, passages


def test_a_text_is_read_with_headings_notes_lists_tables_and_margins() -> None:
    extract = read_rtf(RULES_RTF.encode("ascii"), "a.rtf")
    assert passages(extract) == [
        (("Accès",), "Le parc est ouvert [1] àtous. š 😀"),
        (("Accès",), "[1] Sauf le lundi."),
        (("Accès",), "1. Chiens"),
        (("Accès",), "2. Vélos"),
        (("Accès",), "Nom | Tél."),
        (("Accès",), "Gisèle | 0101"),
        (("Accès",), "Fin."),
        ((), "Ville de Québec"),
    ]
    assert (extract.title, extract.file_title) == ("Règlement du parc", "Titre du fichier")
    assert extract.notices == ()
    [lead] = {block.leads for block in extract.blocks if block.leads}
    assert [extract.text[slice(*span)] for span in lead] == ["Nom | Tél."]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"caf\'e9 {\'ab}ici{\'bb}", "café «ici»"),
        (r"\lquote un\rquote  \emdash  deux\~trois\_quatre", "‘un’ — deux\xa0trois\u2011quatre"),
        (r"{\uc2\u233\'c3\'a9}t\u233 ?", "ét\xe9"),
        (r"a{\field{\*\fldinst HYPERLINK x}{\fldrslt lien}}b", "alienb"),
        (r"a{\deleted b}{\revised c}{\object\objdata 0102}", "ac"),
        (r"un\line deux\tab trois", "un\ndeux trois"),
        (r"\{a\}\\ \bin3 }}}fin", "{a}\\ fin"),
        (r"{\shp{\*\shpinst{\sp{\sn a}{\sv 1}}{\shptxt\pard Encadr\'e9\par}}}Texte\par",
         "Texte\n\nEncadré"),
        ("\\'82\\'a0", "‚\xa0"),
    ],
)  # fmt: skip
def test_words(body: str, expected: str) -> None:
    raw = rf"{{\rtf1\ansi\ansicpg1252 {body}}}".encode("latin-1")
    assert read_rtf(raw, "a.rtf").text == expected.replace("‚\xa0", "‚")


def test_a_file_that_is_cut_says_so_and_another_format_is_refused() -> None:
    cut = read_rtf(rb"{\rtf1 Un mot\par et", "a.rtf")
    assert (cut.text, cut.notices) == ("Un mot\n\net", (Notice(NoticeKind.CUT_SHORT),))
    assert read_rtf(rb"{\rtf1 \'e9", "a.rtf").text == "é"
    with pytest.raises(DamagedDocument, match="no RTF"):
        read_rtf(b"PK\x03\x04", "a.rtf")


def test_endless_words_are_refused_and_depth_is_not_recursion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deep = rb"{\rtf1 " + b"{" * 10_000 + b"mot" + b"}" * 10_001
    assert read_rtf(deep, "a.rtf").text == "mot"
    monkeypatch.setattr(rtf_tokens, "MAX_TOKENS", 100)
    with pytest.raises(UnsafeDocument, match="more than 100 control words"):
        read_rtf(deep, "a.rtf")

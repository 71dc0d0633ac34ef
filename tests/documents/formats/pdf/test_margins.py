"""Margins recur at the same height, apart from the text; what is removed stays once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from documents.formats.pdf.lines import Line, Page
from documents.formats.pdf.margins import Body, without_margins
from tests.documents.formats.pdf.pdf_files import line, read_file, texts

WORDS = ("un", "deux", "trois", "quatre")


def separated(*pages: list[Line]) -> Body:
    return without_margins([Page(lines) for lines in pages])


def bodies(*pages: list[Line]) -> list[list[str]]:
    return [texts(lines) for lines in separated(*pages).pages]


def test_lines_of_short_pages_are_not_margins() -> None:
    text = read_file("fiches.pdf").text
    for lot, area in ((12, 300), (13, 345), (14, 390), (15, 435)):
        assert f"Lot {lot}" in text
        assert f"Il mesure {area} mètres carrés et donne sur la rivière." in text
    text = read_file("attestations.pdf").text
    assert text.count("L'attestation est valable trois ans") == 4
    assert text.count("Attestation de formation") == 1


def test_headers_may_hold_the_number_of_the_page() -> None:
    body = separated(*(
        [line(f"Chapitre 2 — {at}", 800), line(f"Texte {word}.", 700), line(f"{at} / 9", 20)]
        for at, word in enumerate(WORDS, start=4)
    ))  # fmt: skip
    assert [texts(lines) for lines in body.pages] == [[f"Texte {word}."] for word in WORDS]
    assert [texts(lines) for lines in body.margins] == [["Chapitre 2 — 4"], [], [], []]


def test_roman_numbers_count_pages() -> None:
    assert bodies(*(
        [line(f"Texte {word}.", 700), line(number, 20)]
        for word, number in zip(WORDS, ("iii", "iv", "v", "vi"), strict=True)
    )) == [[f"Texte {word}."] for word in WORDS]  # fmt: skip


def test_numbers_beside_words_are_text() -> None:
    pages = [[line(f"Lot {at}", 800), line(f"Texte {at}.", 700)] for at in range(12, 16)]
    assert bodies(*pages) == [texts(page) for page in pages]


def two_pages(first: str, second: str, body: tuple[float, float] = (700, 686)) -> list[list[Line]]:
    return [
        [line(words, 800), *(line(f"Texte {word} {at}.", at) for at in body), line(f"{page}", 20)]
        for page, (words, word) in enumerate([(first, "un"), (second, "deux")], 1)
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Rapport annuel", "Rapport annuel"),
        ("Rapport annuel | page 1", "Rapport annuel | page 2"),
        ("RAPPORT ANNUEL", "Rapport annuel"),
    ],
)
def test_a_header_on_both_pages_of_two_is_a_margin(first: str, second: str) -> None:
    body = separated(*two_pages(first, second))
    assert [texts(lines) for lines in body.pages] == [
        ["Texte un 700.", "Texte un 686."],
        ["Texte deux 700.", "Texte deux 686."],
    ]
    assert [texts(lines) for lines in body.margins] == [[first], []]


def test_a_footer_on_both_pages_of_two_is_a_margin() -> None:
    pages = [[line(f"Texte {w}.", 800), line("Fin.", 786), line("Ville de Lyon", 30)] for w in "ab"]
    assert bodies(*pages) == [["Texte a.", "Fin."], ["Texte b.", "Fin."]]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Lot 12", "Lot 13"), ("Titre", "Autre titre"), ("Tarif 3 €", "Tarif 4 €")],
)
def test_other_words_on_two_pages_are_text(first: str, second: str) -> None:
    pages = two_pages(first, second)
    assert [texts[0] for texts in bodies(*pages)] == [first, second]


def test_what_two_of_several_pages_share_is_text() -> None:
    pages = [[line(words, 800), line(f"Texte {at}.", 700)]
             for at, words in enumerate(["Titre", "Titre", "Autre", "Encore"])]  # fmt: skip
    assert bodies(*pages) == [texts(page) for page in pages]


def test_a_large_header_of_two_pages_stays_once() -> None:
    pages = [[replace(found, size=16) if found.bottom == 800 else found for found in page]
             for page in two_pages("Attestation", "Attestation")]  # fmt: skip
    assert [found[0] for found in bodies(*pages)] == ["Attestation", "Texte deux 700."]


def test_numbers_that_do_not_count_pages_are_text() -> None:
    pages = [[line("a", 700), line("12", 20)], [line("b", 700), line("99", 20)]]
    assert bodies(*pages) == [["a", "12"], ["b", "99"]]


def test_the_same_words_elsewhere_on_the_page_are_text() -> None:
    pages = [[line("Total", 800 - 20 * at), line(f"Texte {at}.", 600)] for at in range(4)]
    assert bodies(*pages) == [texts(page) for page in pages]


def test_lines_right_above_the_text_are_text() -> None:
    pages = [[line("Avis", 800), line(f"Texte {w}.", 786), line("Fin.", 772)] for w in WORDS]
    assert bodies(*pages) == [texts(page) for page in pages]

"""Columns are read one by one, tables row by row."""

from __future__ import annotations

import fpdf

from documents.formats.pdf.arrangement import arranged
from documents.formats.pdf.lines import HEADER, ROW, Line
from tests.documents.formats.format_files import FONT
from tests.documents.formats.pdf.pdf_files import line, read, texts

LEFT = ("Le conseil a adopté hier", "le budget de la ville", "pour la prochaine année", "de taxes")
RIGHT = (
    "Elle ouvre ses portes à",
    "neuf heures du matin et",
    "ferme à la fin du jour",
    "dit-on ici",
)


def rows(*cells: tuple[str, ...], step: float = 20) -> list[Line]:
    """Return rows of cells, each in a column 150 points wide."""
    return [
        line(cell, 700 - step * down, 50 + 150 * across, beside=across > 0)
        for down, row in enumerate(cells)
        for across, cell in enumerate(row)
        if cell
    ]


def test_columns_drawn_line_by_line_are_taken_apart() -> None:
    beside = rows(*zip(LEFT, RIGHT, strict=True), step=14)
    assert texts(arranged(beside)) == [*LEFT, *RIGHT]
    uneven = [ln if not ln.beside else line(ln.text, ln.bottom - 4, ln.left) for ln in beside]
    assert texts(arranged(uneven)) == [*LEFT, *RIGHT]


def test_columns_drawn_one_by_one_stay() -> None:
    page = [line(words, 700 - 14 * at) for at, words in enumerate(LEFT)]
    page += [line(words, 700 - 14 * at, 300) for at, words in enumerate(RIGHT)]
    assert texts(arranged(page)) == [*LEFT, *RIGHT]


def test_rows_of_a_table_are_lines_under_their_header() -> None:
    found = arranged(
        rows(
            ("Nom", "Poste", "Téléphone"),
            ("Alice Roy", "Greffière", "418 555-0100"),
            ("Bruno Kaya", "", "418 555-0101"),
        )
    )
    assert [(row.text, row.kind) for row in found] == [
        ("Nom | Poste | Téléphone", HEADER),
        ("Alice Roy | Greffière | 418 555-0100", ROW),
        ("Bruno Kaya |  | 418 555-0101", ROW),
    ]


def test_a_first_row_of_numbers_is_no_header() -> None:
    found = arranged(rows(("Mairie", "41 200"), ("École", "58 900"), ("Piscine", "120 400")))
    assert {row.kind for row in found} == {ROW}
    years = arranged(rows(("", "Budget", "2023", "2024"), ("", "Mairie", "41", "42")))
    assert [row.kind for row in years] == [HEADER, ROW]


def test_markers_of_items_and_labels_are_no_cells() -> None:
    items = arranged(rows(("1.", "Lire"), ("2.", "Compter"), ("3.", "Publier")))
    assert texts(items) == ["1. Lire", "2. Compter", "3. Publier"]
    labels = arranged(rows(("Adresse :", "12, rue Haute"), ("Courriel :", "a@b.ca")))
    assert texts(labels) == ["Adresse : 12, rue Haute", "Courriel : a@b.ca"]


def test_gaps_that_are_not_aligned_are_spaces() -> None:
    page = [
        line("Une ligne dont les", 700), line("mots sont espacés", 700, 190, beside=True),
        line("et une", 686), line("autre dont ils le sont ailleurs", 686, 110, beside=True),
    ]  # fmt: skip
    assert texts(arranged(page)) == [
        "Une ligne dont les mots sont espacés", "et une autre dont ils le sont ailleurs",
    ]  # fmt: skip


def test_a_table_with_wrapped_cells_is_found_by_its_header() -> None:
    file = fpdf.FPDF()
    file.add_font("sans", fname=FONT)
    file.set_font("sans", size=10)
    file.add_page()
    with file.table(width=170, col_widths=(60, 60, 50), first_row_as_headings=False) as table:
        table.row(("Nom", "Fonction", "Téléphone"))
        table.row(("Alice Roy", "Directrice générale et greffière de la ville", "418 555-0100"))
        table.row(("Chloé Petit", "", "418 555-0102"))
    extract = read(bytes(file.output()))
    rows_of_text = extract.text.split("\n")
    assert rows_of_text == [
        "Nom | Fonction | Téléphone",
        "Alice Roy | Directrice générale et greffière de la ville | 418 555-0100",
        "Chloé Petit |  | 418 555-0102",
    ]
    header = extract.blocks[0].span
    assert [block.leads for block in extract.blocks] == [(), (header,), (header,)]


def test_letters_that_are_set_apart_are_words() -> None:
    file = fpdf.FPDF()
    file.add_font("sans", fname=FONT)
    file.add_page()
    for down, words in (
        (30, "R é s u m é   d e   l a   s é a n c e"),
        (60, "A B C D E F"),
        (90, "x y z t u"),
    ):
        file.set_font("sans", size=11)
        file.text(20, down, words)
    text = read(bytes(file.output())).text
    assert text.split("\n\n") == ["Résumé de la séance", "A B C D E F", "x y z t u"]

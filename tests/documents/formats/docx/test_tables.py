"""Tables: a row a paragraph, led by its header; merged cells say their words again."""

from __future__ import annotations

import pytest

from documents.formats.docx import tables
from tests.documents.formats.docx.word_files import p, r, read


def c(words: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(words)}</w:tc>"


def row(*cells: str, more: str = "") -> str:
    return f"<w:tr><w:trPr>{more}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    look = "<w:tblPr><w:tblLook w:firstRow='1'/></w:tblPr>"
    return f"<w:tbl>{look}{''.join(rows)}</w:tbl>"


def led(body: str) -> list[tuple[str, list[str]]]:
    """Return each paragraph with its leads."""
    found = read(body)
    return [
        (found.text[slice(*b.span)], [found.text[slice(*lead)] for lead in b.leads])
        for b in found.blocks
    ]


SPAN, START, DOWN = "<w:gridSpan w:val='{}'/>", "<w:vMerge w:val='restart'/>", "<w:vMerge/>"


def test_merged_cells_are_said_again() -> None:
    body = table(
        row(c("Jour", START), c("Horaires", SPAN.format(2))),
        row(c("", DOWN), c("Matin"), c("Soir")),
        row(c("Lundi", START), c("9 h"), c("17 h")),
        row(c("", DOWN), c("10 h"), c("18 h")),
    )
    assert [words for words, _ in led(body)] == [
        "Jour | Horaires | Horaires",
        "Jour | Matin | Soir",
        "Lundi | 9 h | 17 h",
        "Lundi | 10 h | 18 h",
    ]


def test_a_cell_across_the_table_heads_the_rows_below() -> None:
    body = table(
        row(c("Ville"), c("Prix")),
        row(c("Nord", SPAN.format(2))),
        row(c("Lille"), c("9 €")),
        row(c("Sud", SPAN.format(2))),
        row(c("Nice"), c("8 €")),
    )
    assert led(body)[2:] == [
        ("Lille | 9 €", ["Ville | Prix", "Nord"]),
        ("Sud", ["Ville | Prix"]),
        ("Nice | 8 €", ["Ville | Prix", "Sud"]),
    ]


def test_a_first_row_that_alone_is_bold_is_the_header() -> None:
    bold = "<w:tc><w:p>" + r("Ville", "<w:b/>") + "</w:p></w:tc>"
    body = f"<w:tbl>{row(bold, bold)}{row(c('Albi'), c('Nice'))}</w:tbl>"
    assert led(body)[1] == ("Albi | Nice", ["Ville | Ville"])


def test_a_table_in_a_cell_is_led_by_its_row() -> None:
    inner = (
        f"<w:tc>{p('Tarifs')}{table(row(c('Âge'), c('Prix')), row(c('8'), c('2 €')))}{p()}</w:tc>"
    )
    body = table(row(c("Lieu"), c("Détail")), row(c("Lyon"), inner), row(c("Nice"), c("–")))
    assert led(body) == [
        ("Lieu | Détail", []),
        ("Lyon | Tarifs", ["Lieu | Détail"]),
        ("Âge | Prix", ["Lieu | Détail", "Lyon | Tarifs"]),
        ("8 | 2 €", ["Lieu | Détail", "Lyon | Tarifs", "Âge | Prix"]),
        ("Nice | –", ["Lieu | Détail"]),
    ]


def test_a_frame_of_one_cell_is_text_like_other() -> None:
    body = table(f"<w:tr><w:tc>{p('Un.')}{p('Deux.')}</w:tc></w:tr>")
    assert read(body).text == "Un.\n\nDeux."


def test_rows_and_cells_in_controls_deleted_and_hidden() -> None:
    control = f"<w:sdt><w:sdtContent>{row(c('b'), c('2'))}</w:sdtContent></w:sdt>"
    body = table(
        row(c("a"), c("1")),
        control,
        row(c("c"), c("3"), more="<w:del w:id='1'/>"),
        row(c("d"), c("4"), more="<w:hidden/>"),
        row(c("e"), c("5", "<w:cellDel w:id='1'/>"), c("6")),
    )
    assert read(body).text == "a | 1\nb | 2\ne | 6"


def test_what_merged_cells_repeat_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = table(row(c("mot", SPAN.format(9_999)), c("a")), row(c("x"), c("y")))
    assert read(wide).text.split("\n")[0].count("mot") == 63
    long = table(row(c("m" * 301, SPAN.format(3)), c("a")), row(c("x"), c("y")))
    assert read(long).text.count("m") == 301
    monkeypatch.setattr(tables, "_MAX_ADDED", 5)
    assert (
        read(table(row(c("mot", SPAN.format(3)), c("a")), row(c("x"), c("y")))).text.count("mot")
        == 1
    )

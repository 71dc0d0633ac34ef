"""XLSX and ODS: values as they are shown, merged cells, hidden sheets, the row of each passage."""

from __future__ import annotations

import io

import openpyxl
import openpyxl.comments
import pytest

from documents.errors import UnsafeDocument
from documents.formats.tables import grid
from documents.formats.tables.number_formats import shown
from documents.formats.tables.open_spreadsheet import read_ods
from documents.formats.tables.workbook import read_workbook
from documents.notices import Notice, NoticeKind
from tests.documents.formats.format_files import unzipped, zipped
from tests.documents.formats.office_files import (
    cell,
    open_document,
    passages,
    row,
    staff_ods,
    staff_workbook,
)


def test_a_workbook_names_sheet_group_and_row() -> None:
    extract = read_workbook(staff_workbook(), "a.xlsx")
    staff = ("Personnel", "Annuaire du personnel")
    assert passages(extract) == [
        ((*staff, "ligne 4"), "Direction générale"),
        (
            (*staff, "Direction générale, ligne 5"),
            "Nom : Gisèle Arsenault ; Téléphone : 418 555-0142 ; Embauche : 2020-03-12 ; "
            "Taux : 12,5 %",
        ),
        (
            (*staff, "Direction générale, ligne 6"),
            "Nom : Luc Roy ; Téléphone : 418 555-0143 ; Embauche : 2021-04-01 09:30 ; "
            "Taux : 100,0 %",
        ),
        ((*staff, "ligne 8"), "Mise à jour en mars, par le secrétariat."),
        (
            ("Prix", "ligne 3"),
            "Région : Estrie ; 2022 – Été : 1,00 € ; 2022 – Hiver : 2 ; 2023 – Été : 3",
        ),
        (("Calcul", "ligne 1"), "Total"),
    ]


def test_what_of_a_workbook_is_not_read_is_named() -> None:
    extract = read_workbook(staff_workbook(), "a.xlsx")
    assert extract.notices == (
        Notice(NoticeKind.HIDDEN_SHEETS, "Brouillon"),
        Notice(NoticeKind.FORMULAS_WITHOUT_VALUES, "Calcul"),
    )
    assert "Secret" not in extract.text
    assert "=1" not in extract.text


def test_comments_are_counted() -> None:
    book = openpyxl.Workbook()
    for at in ("A1", "B1"):
        book.active[at] = "mot"
        book.active[at].comment = openpyxl.comments.Comment("à revoir", "moi")
    stream = io.BytesIO()
    book.save(stream)
    extract = read_workbook(stream.getvalue(), "a.xlsx")
    assert extract.notices == (Notice(NoticeKind.COMMENTS, "2"),)
    assert "revoir" not in extract.text


def test_a_strict_workbook_and_one_whose_size_is_wrong() -> None:
    parts = unzipped(staff_workbook())
    strict = {
        name: part.replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ).replace(
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, part in parts.items()
    }
    sheet = "xl/worksheets/sheet1.xml"
    strict[sheet] = strict[sheet].replace(b'ref="A1:D8"', b'ref="A1"')
    assert strict[sheet] != parts[sheet]
    found = read_workbook(zipped(strict), "a.xlsx")
    assert found.text == read_workbook(staff_workbook(), "a.xlsx").text


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.125, "0.0%", "12.5 %"),
        (1234.5, "#,##0.00", "1234.50"),
        (1234.5, '#,##0.00\\ "€"', "1234.50 €"),
        (12, '"$"#,##0', "12 $"),
        (7, "00000", "00007"),
        (4185550142, "[<=9999999]###-####;(###) ###-####", "418555-0142"),
        (320000000, "00 00 00 00 00", "03 20 00 00 00"),
        (0.1 + 0.2, "General", "0.3"),
        (True, "General", "TRUE"),
        (None, "General", ""),
        ("texte", "General", "texte"),
    ],
)
def test_numbers_as_their_formats_show_them(
    value: object, number_format: str, expected: str
) -> None:
    assert shown(value, number_format) == expected


@pytest.mark.parametrize(
    ("value", "number_format", "french", "expected"),
    [
        (1234.5, "#,##0.00", True, "1234,50"),
        (0.125, "0.0%", True, "12,5 %"),
        (2.5, "General", True, "2,5"),
        (1234.5, "#,##0.00\\ [$€-40C]", False, "1234,50 €"),
        (1234.5, "[$$-C0C]#,##0.00", False, "1234,50 $"),
        (1234.5, "[$$-409]#,##0.00", True, "1234.50 $"),
        (1234.5, "[$€-2]#,##0.00", True, "1234,50 €"),
        (12345678, "00.00.00.00", True, "12.34.56.78"),
        ("1.5", "General", True, "1.5"),
        (12, "0", True, "12"),
    ],
)
def test_decimals_stand_behind_a_comma_in_french(
    value: object, number_format: str, french: bool, expected: str
) -> None:
    assert shown(value, number_format, french=french) == expected


def test_a_workbook_in_english_has_points() -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for cells in (["The name of the rate", "Rate"], ["This is the rate for children", 2.5]):
        book.active.append(cells)
    book.save(stream)
    assert read_workbook(stream.getvalue(), "a.xlsx").text.endswith("2.5")


def test_a_sparse_sheet_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_PLACES", 50_000)
    book = openpyxl.Workbook()
    for number in range(1, 9):
        book.active.cell(number, 16_384, "x")
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(UnsafeDocument, match="cells"):
        read_workbook(stream.getvalue(), "a.xlsx")


def test_formats_far_beyond_the_last_value_are_no_cells() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nom", "Prix"])
    book.active.append(["Table", 3])
    for number in (1000, 20_000):
        book.active.cell(number, 300).number_format = "0.00"
    stream = io.BytesIO()
    book.save(stream)
    found = passages(read_workbook(stream.getvalue(), "a.xlsx"))
    assert found == [(("Sheet", "ligne 2"), "Nom : Table ; Prix : 3")]


def test_ods_shows_texts_as_they_are_and_counts_repeated_rows() -> None:
    extract = read_ods(staff_ods(), "a.ods")
    assert passages(extract) == [
        (("Personnel", "ligne 2"), "Nom : Gisèle ; Téléphone : 418 555-0142 ; Taux : 12,5 %"),
        (("Personnel", "ligne 6"), "Nom : Luc ; Téléphone : 418 555-0143 ; Taux : 5 %"),
        (("Personnel", "ligne 7"), "Nom : Luc ; Téléphone : 418 555-0144 ; Taux : 6 %"),
    ]
    assert extract.notices == (Notice(NoticeKind.HIDDEN_SHEETS, "Brouillon"),)


def test_ods_without_texts_to_show_has_its_values() -> None:
    cells = (
        '<table:table-cell office:value="3.5"/><table:table-cell office:date-value="2024-03-12"/>'
    )
    body = f"<table:table>{row(cells)}</table:table>"
    assert read_ods(open_document("spreadsheet", body), "a.ods").text.endswith("3.5 | 2024-03-12")


def test_ods_of_endless_repetitions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 1000)
    wide = row(cell("x", 'table:number-columns-repeated="99999999"'))
    with pytest.raises(UnsafeDocument, match="cells"):
        read_ods(open_document("spreadsheet", f"<table:table>{wide}</table:table>"), "a.ods")

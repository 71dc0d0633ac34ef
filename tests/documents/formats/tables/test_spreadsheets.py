"""XLSX and ODS: values as they are shown, merged cells, hidden sheets, the row of each passage."""

from __future__ import annotations

import datetime
import io

import openpyxl
import openpyxl.comments
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
            "Taux : 12,5%",
        ),
        (
            (*staff, "Direction générale, ligne 6"),
            "Nom : Luc Roy ; Téléphone : 418 555-0143 ; Embauche : 2021-04-01 09:30 ; "
            "Taux : 100,0%",
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


_ACCOUNTING = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.125, "0.0 %", "12.5 %"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, '#,##0.00\\ "€"', "1,234.50 €"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, _ACCOUNTING, "$1,234.50"),
        (-1234.5, _ACCOUNTING, "$(1,234.50)"),
        (0, _ACCOUNTING, "0"),
        (-5, "#,##0.00_);[Red](#,##0.00)", "(5.00)"),
        (-0.001, "0.00", "0.00"),
        (-0.006, "0.00", "-0.01"),
        (1234567, '#,##0.0,, "M"', "1.2 M"),
        (12, "0.##", "12"),
        (12345.678, "0.00E+00", "1.23E+04"),
        (45.5, '0 "kg"', "46 kg"),
        (5, ";;;", "5"),
        (0, '"oui";;"non"', "non"),
        (1.5, "# ?/?", "1 1/2"),
        (0.5, "# ?/?", "1/2"),
        (3, "# ?/?", "3"),
        (2.25, "# ?/8", "2 2/8"),
        (7, "00000", "00007"),
        (5550142, "[<=9999999]###-####;(###) ###-####", "555-0142"),
        (4185550142, "[<=9999999]###-####;(###) ###-####", "(418) 555-0142"),
        (320000000, "00 00 00 00 00", "03 20 00 00 00"),
        (1e300, "#,##0.00", "1e+300"),
        ("12", '"Réf. "@', "Réf. 12"),
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
        (1234.5, "#,##0.00", True, "1\xa0234,50"),
        (0.125, "0.0%", True, "12,5%"),
        (2.5, "General", True, "2,5"),
        (1234.5, "#,##0.00\\ [$€-40C]", False, "1\xa0234,50 €"),
        (1234.5, "[$$-C0C]#,##0.00", False, "$1\xa0234,50"),
        (1234.5, "[$$-409]#,##0.00", True, "$1,234.50"),
        (1234.5, "[$€-2]#,##0.00", True, "€1\xa0234,50"),
        (True, "General", True, "VRAI"),
        (12345678, "00.00.00.00", True, "12.34.56.78"),
        ("1.5", "General", True, "1.5"),
        (12, "0", True, "12"),
    ],
)
def test_decimals_stand_behind_a_comma_in_french(
    value: object, number_format: str, french: bool, expected: str
) -> None:
    assert shown(value, number_format, french=french) == expected


_MOMENT = datetime.datetime(2024, 3, 12, 9, 5, 7)


@pytest.mark.parametrize(
    ("value", "number_format", "french", "expected"),
    [
        (_MOMENT, "dd/mm/yyyy", True, "12/03/2024"),
        (_MOMENT, "d mmmm yyyy", True, "12 mars 2024"),
        (_MOMENT, "mmmm d, yyyy", False, "March 12, 2024"),
        (_MOMENT, "[$-40C]dddd d mmm yy;@", False, "mardi 12 mars 24"),
        (_MOMENT, "[$-F800]dddd, mmmm dd, yyyy", True, "mardi 12 mars 2024"),
        (_MOMENT, "[$-F800]dddd, mmmm dd, yyyy", False, "Tuesday, March 12, 2024"),
        (_MOMENT, "mm-dd-yy", False, "2024-03-12"),
        (_MOMENT, "m/d/yy h:mm", True, "2024-03-12 09:05:07"),
        (_MOMENT, "General", False, "2024-03-12 09:05:07"),
        (_MOMENT, "dd/mm/yyyy hh:mm", True, "12/03/2024 09:05"),
        (datetime.datetime(2024, 3, 12), "dd/mm/yyyy hh:mm", True, "12/03/2024"),
        (datetime.date(2024, 8, 1), "mmm yyyy", True, "août 2024"),
        (datetime.date(2024, 8, 1), "mmm-yy", False, "Aug-24"),
        (datetime.time(9, 30), "h:mm", False, "9:30"),
        (datetime.time(21, 30), "h:mm AM/PM", False, "9:30 PM"),
        (datetime.time(9, 30), 'h"h"mm', True, "9h30"),
        (datetime.time(9, 30), "General", False, "09:30"),
        (datetime.timedelta(hours=30, minutes=15), "[h]:mm", False, "30:15"),
        (datetime.timedelta(minutes=75, seconds=3), "[mm]:ss", False, "75:03"),
        (datetime.timedelta(hours=30, minutes=15), "General", False, "30:15"),
        (datetime.datetime(1900, 1, 1, 1, 30), "[h]:mm", False, "25:30"),
    ],
)
def test_dates_times_and_durations_as_their_formats_show_them(
    value: object, number_format: str, french: bool, expected: str
) -> None:
    assert shown(value, number_format, french=french) == expected


@given(
    st.floats() | st.integers() | st.datetimes(),
    st.text('0#?.,%/E+-yYmdhs[]@$";_*\\ ', max_size=12),
)
def test_no_format_and_no_value_breaks_the_reading(value: object, number_format: str) -> None:
    assert shown(value, number_format).strip() or not str(value)


@pytest.mark.parametrize("part", ["_a", "[", '"', "*[", "0_", "\\"])
def test_a_hostile_format_takes_no_time(part: str) -> None:
    for count in (120, 100_000):
        assert shown(5, part * count + "\\").strip("a ")


def test_days_in_words_are_no_header() -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for cells in ([datetime.date(2024, 9, 12), "Salle A"], [datetime.date(2024, 9, 19), "Salle B"]):
        book.active.append(cells)
        book.active.cell(book.active.max_row, 1).number_format = "[$-40C]d mmmm yyyy"
    book.save(stream)
    found = passages(read_workbook(stream.getvalue(), "a.xlsx"))
    assert found == [
        (("Sheet", "ligne 1"), "12 septembre 2024 | Salle A"),
        (("Sheet", "ligne 2"), "19 septembre 2024 | Salle B"),
    ]


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


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('office:value-type="percentage" office:value="0.125"', "12.5 %"),
        ('office:value-type="currency" office:currency="CAD" office:value="5"', "5 CAD"),
        ('office:value-type="time" office:time-value="PT09H30M00S"', "9:30"),
        ('office:value-type="date" office:date-value="2024-03-12T00:00:00"', "2024-03-12"),
        ('office:value-type="percentage" office:value="?"', "?"),
    ],
)
def test_ods_without_texts_shows_values_by_their_type(attributes: str, expected: str) -> None:
    body = f"<table:table>{row(f'<table:table-cell {attributes}/>')}</table:table>"
    assert read_ods(open_document("spreadsheet", body), "a.ods").text.endswith(expected)


def test_ods_of_endless_repetitions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MAX_CELLS", 1000)
    wide = row(cell("x", 'table:number-columns-repeated="99999999"'))
    with pytest.raises(UnsafeDocument, match="cells"):
        read_ods(open_document("spreadsheet", f"<table:table>{wide}</table:table>"), "a.ods")

"""PPTX and ODP: a slide is a section and a page, in reading order, with its notes."""

from __future__ import annotations

import io
from typing import Any

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from documents.formats.extract import Extract
from documents.formats.office.odp import read_odp
from documents.formats.office.pptx import read_pptx
from documents.notices import Notice, NoticeKind
from tests.documents.formats.format_files import unzipped, zipped
from tests.documents.formats.office_files import deck_odp, deck_pptx, passages


def test_slides_of_powerpoint() -> None:
    extract = read_pptx(deck_pptx(), "a.pptx")
    second = ("diapositive 2",)
    assert passages(extract) == [
        (("Budget",), "- Recettes"),
        (("Budget",), "- Dépenses"),
        (("Budget",), "Parler lentement."),
        (second, "À gauche"),
        (second, "À droite"),
        (second, "Jour | Heures"),
        (second, "Lundi | 9 h"),
        (second, "En bas"),
    ]
    assert extract.notices == (Notice(NoticeKind.HIDDEN_SLIDES, "2"),)
    assert extract.file_title == "Budget"


def test_slides_of_impress() -> None:
    extract = read_odp(deck_odp(), "a.odp")
    assert passages(extract) == [
        (("Budget",), "À gauche"),
        (("Budget",), "À droite"),
        (("Budget",), "En bas"),
        (("Budget",), "Parler lentement."),
        (("diapositive 2",), "Lundi | 9 h"),
    ]


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (b"presentationml.presentation.main+xml", b"presentationml.slideshow.main+xml"),
        (b"presentationml.presentation.main+xml", b"presentationml.template.main+xml"),
        (
            b"openxmlformats-officedocument.presentationml.presentation.main",
            b"ms-powerpoint.presentation.macroEnabled.main",
        ),
        (
            b"openxmlformats-officedocument.presentationml.presentation.main",
            b"ms-powerpoint.slideshow.macroEnabled.main",
        ),
        (
            b"http://schemas.openxmlformats.org/presentationml/2006/main",
            b"http://purl.oclc.org/ooxml/presentationml/main",
        ),
    ],
)
def test_shows_templates_and_strict_presentations(found: bytes, wanted: bytes) -> None:
    parts = unzipped(deck_pptx())
    other = {name: part.replace(found, wanted) for name, part in parts.items()}
    assert other != parts
    if b"oclc" in wanted:
        relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        other = {name: part.replace(relations, strict) for name, part in other.items()}
    assert read_pptx(zipped(other), "a.ppsx").text == read_pptx(deck_pptx(), "a.pptx").text


@pytest.mark.parametrize("extract", [read_pptx(deck_pptx(), "a"), read_odp(deck_odp(), "a")])
def test_a_slide_is_a_page(extract: Extract) -> None:
    starts = [extract.text[at:].split("\n")[0] for at in extract.pages]
    assert starts == ["Budget", "diapositive 2"]


def test_charts_are_tables_and_merged_cells_repeat() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["Est", "Ouest"]
    data.add_series("Ventes", (1.5, 2))
    size = (Inches(1), Inches(1), Inches(4), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, data)
    table = slide.shapes.add_table(2, 2, 0, Inches(6), Inches(4), Inches(1)).table
    table.cell(0, 0).merge(table.cell(1, 0))
    for at, words in ((0, "Luc"), (1, "a"), (3, "b")):
        table.cell(at // 2, at % 2).text = words
    stream = io.BytesIO()
    deck.save(stream)
    parts = {  # python-pptx does not know this kind of chart
        name: part.replace(b"c:barChart>", b"c:bar3DChart>")
        for name, part in unzipped(stream.getvalue()).items()
    }
    found = [words for _, words in passages(read_pptx(zipped(parts), "a.pptx"))]
    assert found == ["| Ventes", "Est | 1.5", "Ouest | 2", "Luc | a", "Luc | b"]

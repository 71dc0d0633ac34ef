"""Charts and diagrams of Word documents: their words and their values."""

from __future__ import annotations

import pytest

from documents.formats.docx import drawings
from documents.notices import Notice, NoticeKind
from tests.documents.formats.docx.word_files import p, r, read

SPACES = (
    "xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart' "
    "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main' "
    "xmlns:d='http://schemas.openxmlformats.org/drawingml/2006/diagram'"
)
CHART = (
    f"<w:p>{r('Ventes.')}<w:r><w:drawing><c:chart {SPACES} r:id='chart1.xml'/></w:drawing></w:r>"
    "</w:p>"
)


def points(kind: str, *values: str) -> str:
    inner = "".join(f"<c:pt idx='{at}'><c:v>{v}</c:v></c:pt>" for at, v in enumerate(values))
    return f"<c:{kind}>{inner}</c:{kind}>"


def series(name: str, *values: str) -> str:
    tx = f"<c:tx><c:v>{name}</c:v></c:tx>"
    return f"<c:ser>{tx}{points('cat', 'Lyon', 'Nice')}{points('val', *values)}</c:ser>"


PART = (
    f"<c:chartSpace {SPACES}><c:chart><c:title><a:p><a:r><a:t>Par ville</a:t></a:r></a:p></c:title>"
    f"{series('2023', '4.2999999999999998', '2')}{series('2024', '5')}</c:chart></c:chartSpace>"
).encode()


def test_a_chart_is_a_table() -> None:
    found = read(CHART + p("Fin."), {"chart1.xml": PART})
    assert found.text == "Ventes.\n\nPar ville | 2023 | 2024\nLyon | 4.3 | 5\nNice | 2 |\n\nFin."
    assert [found.text[slice(*lead)] for lead in found.blocks[2].leads] == [
        "Par ville | 2023 | 2024"
    ]


def test_a_chart_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "_MAX_CELLS", 5)
    found = read(CHART, {"chart1.xml": PART})
    assert (found.text, found.notices) == (
        "Ventes.",
        (Notice(NoticeKind.EMBEDDED_UNREAD, "chart1.xml"),),
    )


def test_the_shapes_of_a_diagram() -> None:
    shape = "<d:pt><d:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></d:t></d:pt>"
    shapes = f"{shape.format('Direction')}<d:pt/>{shape.format('Achats')}"
    data = f"<d:dataModel {SPACES}>{shapes}</d:dataModel>"
    drawing = f"<w:p><w:r><w:drawing><d:relIds {SPACES} r:dm='data1.xml'/></w:drawing></w:r></w:p>"
    assert read(drawing, {"data1.xml": data.encode()}).text == "Direction\n\nAchats"

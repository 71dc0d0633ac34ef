"""DOCX: what python-docx alone would not tell."""

from __future__ import annotations

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from documents.docx import read_docx
from tests.format_files import saved

W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
MC = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
BOX = "<w:pict><w:txbxContent><w:p><w:r><w:t>Encadré</w:t></w:r></w:p></w:txbxContent></w:pict>"


def body(*paragraphs: str) -> str:
    file = docx.Document()
    for paragraph in paragraphs:
        file.element.body.insert(-1, parse_xml(paragraph))
    return read_docx(saved(file), "a.docx").text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a b\nc"),
        ("<w:r><w:t>porte</w:t><w:noBreakHyphen/><w:t>clé</w:t></w:r>", "porte\u2011clé"),
        ("<w:hyperlink><w:r><w:t>lien</w:t></w:r></w:hyperlink>", "lien"),
        ("<w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r>", "- a"),
        ("<w:pPr><w:numPr><w:numId w:val='0'/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r>", "a"),
        (f"<w:r><w:t>a</w:t></w:r><w:r>{BOX}</w:r>", "a\n\nEncadré"),
        (
            f"<w:r><mc:AlternateContent><mc:Choice>{BOX}</mc:Choice>"
            f"<mc:Fallback>{BOX}</mc:Fallback></mc:AlternateContent></w:r>",
            "Encadré",
        ),
    ],
)
def test_words_of_a_paragraph(inner: str, expected: str) -> None:
    assert body(f"<w:p {W} {MC}>{inner}</w:p>") == expected


def test_a_heading_by_its_level_alone() -> None:
    file = docx.Document()
    file.add_paragraph("Partie")._p.get_or_add_pPr().append(
        parse_xml(f"<w:outlineLvl {W} w:val='1'/>")
    )
    file.add_paragraph("Texte.")
    first = read_docx(saved(file), "a.docx").blocks[0]
    assert (first.heading, first.level) == ("Partie", 2)


def test_a_table_of_contents_is_left_out() -> None:
    file = docx.Document()
    file.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    file.add_paragraph("Partie ... 3", style="toc 1")
    file.add_paragraph("Texte.")
    assert read_docx(saved(file), "a.docx").text == "Texte."


def test_cells_within_cells_are_told_once() -> None:
    file = docx.Document()
    outer = file.add_table(1, 2)
    outer.cell(0, 0).text = "a"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "b", "c"
    assert read_docx(saved(file), "a.docx").text == "a |\nb | c"

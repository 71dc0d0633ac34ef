"""Word documents as a whole: headings, lists, tables, boxes."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml

from documents.formats.docx.reader import read_docx
from documents.introductions import introduced
from documents.structure import outline
from tests.documents.formats.format_files import saved

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


BOLD = "<w:rPr><w:b/></w:rPr>"
CENTRED = "<w:pPr><w:jc w:val='center'/></w:pPr>"


@pytest.mark.parametrize(
    ("look", "run", "words", "stated", "title"),
    [
        (CENTRED, BOLD, "Règlement du marché", "", "Règlement du marché"),
        (CENTRED, BOLD, "Règlement du marché", "Document1", "Règlement du marché"),
        (CENTRED, BOLD, "Règlement du marché", "Marché", None),
        (CENTRED, "", "Règlement du marché", "", None),
        ("", BOLD, "Règlement du marché", "", None),
        (CENTRED, BOLD, "Avis : le marché est fermé.", "", None),
    ],
)
def test_a_bold_line_in_the_middle_above_all_is_the_title(
    look: str, run: str, words: str, stated: str, title: str | None
) -> None:
    file = docx.Document()
    file.core_properties.title = stated
    for at, text in enumerate([words, "Texte du marché.", "Autre ligne"]):
        inner = f"<w:p {W}>{look if at != 1 else ''}<w:r>{run}<w:t>{text}</w:t></w:r></w:p>"
        file.element.body.insert(-1, parse_xml(inner))
    extract = read_docx(saved(file), "a.docx")
    assert extract.title == title
    assert [block.heading for block in extract.blocks] == [title, None, None]


def test_a_style_may_be_what_is_bold_and_in_the_middle() -> None:
    file = docx.Document()
    style = file.styles.add_style("Grand", WD_STYLE_TYPE.PARAGRAPH)
    style.font.bold, style.paragraph_format.alignment = True, WD_ALIGN_PARAGRAPH.CENTER
    file.add_paragraph("Règlement", style="Grand")
    file.add_paragraph("Texte.")
    assert read_docx(saved(file), "a.docx").title == "Règlement"


def test_a_table_of_contents_is_left_out() -> None:
    file = docx.Document()
    for name in ("toc 1", "TOC Heading"):
        if name not in file.styles:
            file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    file.add_paragraph("Sommaire", style="TOC Heading")
    file.add_paragraph("Partie ... 3", style="toc 1")
    file.add_paragraph("Texte.")
    assert read_docx(saved(file), "a.docx").text == "Sommaire\n\nTexte."


def test_cells_within_cells_are_told_once() -> None:
    file = docx.Document()
    outer = file.add_table(1, 2)
    outer.cell(0, 0).text = "a"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "b", "c"
    assert read_docx(saved(file), "a.docx").text == "a |\n\nb | c"


@pytest.mark.parametrize(
    ("look", "header", "led"),
    [
        ("w:firstRow='1'", "", True),
        ("w:firstRow='0'", "", False),
        ("w:val='04A0'", "", True),
        ("w:val='0480'", "", False),
        ("w:val='zz'", "", False),
        ("w:firstRow='0'", "<w:trPr><w:tblHeader/></w:trPr>", True),
        ("w:firstRow='0'", "<w:trPr><w:tblHeader w:val='0'/></w:trPr>", False),
    ],
)
def test_rows_are_led_by_header_and_caption(look: str, header: str, led: bool) -> None:
    file = docx.Document()
    file.add_paragraph("Tarifs", style="Caption")
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    rows = row.format(header, "Ville") + row.format("", "Albi")
    table = f"<w:tbl {W}><w:tblPr><w:tblLook {look}/></w:tblPr>{rows}</w:tbl>"
    file.element.body.insert(-1, parse_xml(table))
    read = read_docx(saved(file), "a.docx")
    above = [read.text[slice(*lead)] for lead in read.blocks[-1].leads]
    assert above == (["Tarifs", "Ville"] if led else ["Tarifs"])


def test_a_document_that_libreoffice_wrote() -> None:
    raw = Path(__file__).with_name("libreoffice.docx").read_bytes()
    found = read_docx(raw, "a.docx")
    assert found.text.split("\n\n") == [
        "Article 1 Objet",
        "Le contrat porte sur l'entretien. [1] Suite.",
        "[1] Hors samedi.",
        "1.1 Durée",
        "a) Premier point\nb) Second point\n- Détail",
        "Article 2 Prix",
        "Jour | Horaires | Horaires\nLundi | 9 h | 17 h\nLundi | 10 h | 18 h",
        "Fin.",
    ]
    assert [b.level for b in found.blocks if b.heading] == [1, 2, 1]


def test_a_question_in_bold() -> None:
    file = docx.Document()
    for text, bold in (("Où ", True), ("donc ?", True), ("Ici.", True), ("Quoi ?", False)):
        file.add_paragraph().add_run(text).bold = bold
    file.paragraphs[0].add_run("donc ?").bold = True
    blocks = read_docx(saved(file), "a.docx").blocks
    assert [block.question for block in blocks] == [True, True, False, False]


def test_lists_and_tables_are_led_by_the_line_above_them() -> None:
    file = docx.Document()
    file.add_heading("Guide", 1)
    file.add_heading("Pièces", 2)
    bullet = "List Bullet"
    listed = [("Il faut :", None), ("une photo", bullet), ("Matériel", None), ("corde", bullet)]
    for line, style in [*listed, ("casque", bullet), ("Tarifs", None)]:
        file.add_paragraph(line, style=style)
    table = file.add_table(rows=2, cols=2)
    for at, words in enumerate(["Qui", "Prix", "Enfant", "3 €"]):
        table.cell(at // 2, at % 2).text = words
    extract = read_docx(saved(file), "a.docx")
    [section] = outline(extract.blocks).sections
    found = introduced(extract.text, section)
    said = {extract.text[slice(*i.paragraph)]: i.leads for i in found}
    assert {
        words: [extract.text[slice(*lead)] for lead in leads] for words, leads in said.items()
    } == {
        "Il faut :": [],
        "- une photo": ["Il faut :"],
        "Matériel": [],
        "- corde": ["Matériel"],
        "- casque": ["Matériel"],
        "Tarifs": [],
        "Qui | Prix": ["Tarifs"],
        "Enfant | 3 €": ["Tarifs", "Qui | Prix"],
    }

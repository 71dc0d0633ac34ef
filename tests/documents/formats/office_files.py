"""Small files of tables, office suites and mail, made as the programs of people make them."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from email.message import EmailMessage

import openpyxl
import pptx
from pptx.util import Inches

from documents.formats.extract import Extract
from documents.structure import outline
from tests.documents.formats.format_files import zipped

STAFF_CSV = (
    "Nom;Téléphone;Prix\r\nGisèle Arsenault;418 555-0142;12,50\r\nLuc Roy;418 555-0143;13,00\r\n"
)
JSON_LINES = '{"nom": "Gisèle", "téléphone": "418 555-0142"}\n{"nom": "Luc", "téléphone": null}\n'
_SPACES = {
    "office": "office", "text": "text", "style": "style", "table": "table", "draw": "drawing",
    "presentation": "presentation", "svg": "svg-compatible", "fo": "xsl-fo-compatible",
}  # fmt: skip
_DECLARED = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in _SPACES.items()
)


def passages(extract: Extract) -> list[tuple[tuple[str, ...], str]]:
    """Return each paragraph with the headings above it."""
    sections = outline(extract.blocks, extract.title).sections
    return [(s.path, extract.text[slice(*p)]) for s in sections for p in s.paragraphs]


def staff_workbook() -> bytes:
    """A title, a header, a group, two rows and a remark; a second header row; a hidden sheet."""
    book = openpyxl.Workbook()
    staff = book.active
    staff.title = "Personnel"
    rows: list[list[object]] = [
        ["Annuaire du personnel"], [], ["Nom", "Téléphone", "Embauche", "Taux"],
        ["Direction générale"],
        ["Gisèle Arsenault", "418 555-0142", datetime.date(2020, 3, 12), 0.125],
        ["Luc Roy", 4185550143, datetime.datetime(2021, 4, 1, 9, 30), 1],
        [], ["Mise à jour en mars, par le secrétariat."],
    ]  # fmt: skip
    for row in rows:
        staff.append(row)
    for merged in ("A1:D1", "A4:D4"):
        staff.merge_cells(merged)
    staff["B6"].number_format = '000" "000"-"0000'
    staff["D5"].number_format = staff["D6"].number_format = "0.0%"
    prices = book.create_sheet("Prix")
    rows = [["Région", 2022, None, 2023], [None, "Été", "Hiver", "Été"], ["Estrie", 1, 2, 3]]
    for row in rows:
        prices.append(row)
    prices.merge_cells("B1:C1")
    prices.merge_cells("A1:A2")
    prices["B3"].number_format = "#,##0.00 [$€-40C]"
    hidden = book.create_sheet("Brouillon")
    hidden["A1"] = "Secret"
    hidden.sheet_state = "hidden"
    book.create_sheet("Calcul").append(["Total", "=1+2"])
    return _saved(book)


def _saved(file: object) -> bytes:
    stream = io.BytesIO()
    file.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def open_document(
    kind: str,
    body: str,
    *,
    automatic: str = "",
    styles: str = "",
    others: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return an OpenDocument file of a kind (``text``, …) with this content and these styles."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    content = (
        f'{head}<office:document-content {_DECLARED} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    style = f"{head}<office:document-styles {_DECLARED}>{styles}</office:document-styles>"
    parts = {"content.xml": content.encode(), "styles.xml": style.encode()}
    media = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": media, **parts, **(others or {})})


def cell(text: str, attributes: str = "") -> str:
    """Return a cell of an OpenDocument table."""
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def row(*cells: str, attributes: str = "") -> str:
    """Return a row of an OpenDocument table."""
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def staff_ods() -> bytes:
    """A header, a row that is there twice, a merged cell, and a hidden sheet."""
    hidden = (
        '<style:style style:name="h" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    covered = "<table:covered-table-cell/>"
    empty = cell("", 'table:number-columns-repeated="1024"')
    sheet = (
        row(cell("Nom"), cell("Téléphone"), cell("Taux"))
        + row(cell("Gisèle"), cell("418 555-0142"), cell("12,5 %"))
        + row(empty, attributes='table:number-rows-repeated="3"')
        + row(cell("Luc", 'table:number-rows-spanned="2"'), cell("418 555-0143"), cell("5 %"))
        + row(covered, cell("418 555-0144"), cell("6 %"))
        + row(empty, attributes='table:number-rows-repeated="1048570"')
    )  # fmt: skip
    body = (
        f'<table:table table:name="Personnel">{sheet}</table:table>'
        '<table:table table:name="Brouillon" table:style-name="h">'
        f"{row(cell('Secret'))}</table:table>"
    )
    return open_document("spreadsheet", body, automatic=hidden)


def rules_odt() -> bytes:
    """Numbered headings and lists, a note, a comment, a table, and margins."""
    outline = (
        '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" '
        'style:num-prefix="Article " style:num-format="1" style:num-suffix=" –"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style>"
    )
    lists = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
        'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
        'style:num-format="a" style:num-suffix=")"/></text:list-style>'
        '<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/>'
        '</text:list-style><style:style style:name="P" style:parent-style-name="Title"/>'
    )
    margins = (
        "<office:master-styles><style:master-page><style:header><text:p>Ville de Québec</text:p>"
        "</style:header><style:footer><text:p>Page 1 de 2</text:p></style:footer>"
        "</style:master-page></office:master-styles>"
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>Sauf le lundi.</text:p></text:note-body></text:note>"
    )
    comment = "<office:annotation><text:p>À revoir</text:p></office:annotation>"
    covered, two_rows = "<table:covered-table-cell/>", 'table:number-rows-spanned="2"'
    body = (
        '<text:p text:style-name="P">Règlement du parc</text:p>'
        '<text:h text:outline-level="1">Accès</text:h>'
        f"<text:p>Le parc est ouvert<text:span>{note} à tous.{comment}</text:span></text:p>"
        '<text:list text:style-name="L"><text:list-item><text:p>Chiens</text:p><text:list>'
        "<text:list-item><text:p>petits</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>Vélos</text:p></text:list-item></text:list>"
        '<text:list text:style-name="B"><text:list-item><text:p>un</text:p></text:list-item>'
        '</text:list><text:h text:outline-level="2">Heures</text:h>'
        '<text:p>De<text:s text:c="2"/>9 h<text:tab/>à 17 h.</text:p><table:table>'
        f"<table:table-header-rows>{row(cell('Nom'), cell('Tél.'))}</table:table-header-rows>"
        f"{row(cell('Gisèle', two_rows), cell('0101'))}"
        f"{row(covered, cell('0102'))}</table:table>"
        '<text:h text:outline-level="1">Durée</text:h><text:p>Trois ans.</text:p>'
    )
    return open_document("text", body, styles=outline + margins, automatic=lists)


def deck_odp() -> bytes:
    """Two slides, shapes out of order, notes, and a table."""

    def frame(x: str, y: str, inner: str, attributes: str = "") -> str:
        return (
            f'<draw:frame svg:x="{x}cm" svg:y="{y}cm" {attributes}><draw:text-box>{inner}'
            "</draw:text-box></draw:frame>"
        )

    table = f"<table:table>{row(cell('Lundi'), cell('9 h'))}</table:table>"
    notes = (
        "<presentation:notes><draw:frame presentation:class='notes'><draw:text-box><text:p>"
        "Parler lentement.</text:p></draw:text-box></draw:frame></presentation:notes>"
    )
    first = (
        frame("9", "5", "<text:p>À droite</text:p>")
        + frame("1", "5.1", "<text:p>À gauche</text:p>")
        + f"<draw:g>{frame('1', '9', '<text:p>En bas</text:p>')}</draw:g>"
        + frame("1", "1", "<text:p>Budget</text:p>", 'presentation:class="title"')
        + notes
    )
    second = f'<draw:frame svg:x="1cm" svg:y="2cm">{table}</draw:frame>'
    pages = f"<draw:page>{first}</draw:page><draw:page>{second}</draw:page>"
    return open_document("presentation", pages)


def deck_pptx() -> bytes:
    """A slide with a list and notes, one with shapes out of order, a group and a table."""
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Budget"
    slide.placeholders[1].text = "Recettes\nDépenses"
    slide.notes_slide.notes_text_frame.text = "Parler lentement."
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for words, left, top in (("À droite", 5, 2), ("À gauche", 1, 2.1)):
        box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(1), Inches(1))
        box.text_frame.text = words
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(Inches(1), Inches(6), Inches(1), Inches(1))
    box.text_frame.text = "En bas"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for at, words in enumerate(("Jour", "Heures", "Lundi", "9 h")):
        table.cell(at // 2, at % 2).text = words
    slide.element.set("show", "0")
    return _saved(deck)


RULES_RTF = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Title;}}"
    r"{\info{\title Titre du fichier}{\author Moi}}{\header\pard Ville de Qu\'e9bec\par}"
    r"{\footer\pard Page {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}"
    r"\pard\s2 R\'e8glement du parc\par"
    "\n"
    r"\pard\s1 Acc\'e8s\par"
    r"\pard Le parc est ouvert{\super\chftn}{\footnote\pard{\chftn} Sauf le lundi.} \u224?"
    r"{\b tous}{\v cach\'e9}.{\*\inconnu rien} {\f1 \'9a} \u-10179?\u-8704?\par"
    r"\pard{\listtext\pard 1.\tab}\ls1 Chiens\par\pard{\listtext\pard 2.\tab}\ls1 V\'e9los\par"
    r"\trowd\trhdr\cellx1\cellx2\pard\intbl Nom\cell T\'e9l.\cell\row"
    r"\trowd\cellx1\cellx2\pard\intbl Gis\'e8le\cell 0101\cell\row"
    r"\pard Fin.{\pict\wmetafile8 010203}\par}"
)


def message(*, html: bool = False) -> bytes:
    """A message of a French sender, with plain text and HTML, or HTML alone, and a file."""
    mail = EmailMessage()
    mail["From"] = "Gisèle Arsenault <gisele@exemple.org>"
    mail["To"] = "Luc Roy <luc@exemple.org>"
    mail["Date"] = "Tue, 12 Mar 2024 09:30:00 -0400"
    mail["Subject"] = "Budget de l’été"
    if html:
        mail.set_content("<p>La réunion est <b>mardi</b>.</p>", subtype="html")
        return mail.as_bytes()
    mail.set_content("Bonjour Luc,\n\nLa réunion est mardi à 9 h.\n", cte="quoted-printable")
    mail.add_alternative("<p>Autre texte.</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Été 2024.pdf")
    return mail.as_bytes()

"""ODT: numbers of headings and lists, notes, tables, margins, charts."""

from __future__ import annotations

from documents.formats.office.numbering import Counter, Level, written
from documents.formats.office.odt import read_odt
from documents.notices import Notice, NoticeKind
from tests.documents.formats.format_files import unzipped
from tests.documents.formats.office_files import cell, open_document, passages, row, rules_odt

ACCESS, HOURS = "Article 1 – Accès", "1.1 Heures"


def test_a_text_is_read_with_its_numbers_notes_and_margins() -> None:
    extract = read_odt(rules_odt(), "a.odt")
    assert passages(extract) == [
        ((ACCESS,), "Le parc est ouvert [1] à tous."),
        ((ACCESS,), "[1] Sauf le lundi."),
        ((ACCESS,), "1. Chiens"),
        ((ACCESS,), "a) petits"),
        ((ACCESS,), "2. Vélos"),
        ((ACCESS,), "- un"),
        ((ACCESS, HOURS), "De 9 h à 17 h."),
        ((ACCESS, HOURS), "Nom | Tél."),
        ((ACCESS, HOURS), "Gisèle | 0101"),
        ((ACCESS, HOURS), "Gisèle | 0102"),
        (("Article 2 – Durée",), "Trois ans."),
        ((), "Ville de Québec"),
    ]
    assert extract.title == "Règlement du parc"
    assert extract.notices == (Notice(NoticeKind.COMMENTS, "1"),)


def test_rows_are_led_by_their_header() -> None:
    extract = read_odt(rules_odt(), "a.odt")
    [lead] = {block.leads for block in extract.blocks if block.leads}
    assert [extract.text[slice(*span)] for span in lead] == ["Nom | Tél."]


def test_headings_by_style_text_boxes_and_charts() -> None:
    styles = '<style:style style:name="P1" style:parent-style-name="Heading_20_2"/>'
    box = (
        "<draw:frame><draw:text-box><text:p>Encadré</text:p></draw:text-box></draw:frame>"
        '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    )
    body = f'<text:p text:style-name="P1">Titre</text:p><text:p>Texte.{box}</text:p>'
    rows = row(cell(""), cell("Ventes")) + row(cell("Est"), cell("3"))
    chart = open_document("chart", f"<table:table>{rows}</table:table>")
    others = {"Object 1/content.xml": unzipped(chart)["content.xml"]}
    extract = read_odt(open_document("text", body, automatic=styles, others=others), "a.odt")
    words = [extract.text[slice(*block.span)] for block in extract.blocks]
    assert words == ["Titre", "Texte.", "| Ventes", "Est | 3", "Encadré"]
    assert extract.blocks[0].level == 2


def test_deleted_words_and_contents_are_left_out() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Retiré</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Objet 1</text:p></text:index-body>"
        "</text:table-of-content><text:section><text:p>Reste.</text:p></text:section>"
    )
    assert read_odt(open_document("text", body), "a.odt").text == "Reste."


def test_numbers_of_lists() -> None:
    counter = Counter({1: Level("I", after="."), 2: Level("1", "(", ")", shown=2)})
    marks = [counter.next(level) for level in (1, 2, 2, 1, 2)]
    assert marks == ["I. ", "(I.1) ", "(I.2) ", "II. ", "(II.1) "]
    assert counter.next(1, start=7) == "VII. "
    assert counter.next(3) == ""
    assert [written(28, form) for form in ("a", "A", "i", "1", "x")] == [
        "bb",
        "BB",
        "xxviii",
        "28",
        "28",
    ]


_HIDDEN = (
    '<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/>'
    '</style:style><style:style style:name="P1" style:family="paragraph"><style:text-properties'
    ' text:display="none"/></style:style><style:style style:name="P2" style:family="paragraph"'
    ' style:parent-style-name="P1"/><style:style style:name="T2" style:family="text">'
    '<style:text-properties text:display="true"/></style:style>'
)


def test_hidden_text_is_left_out_and_counted() -> None:
    body = (
        '<text:p>Le bail <text:span text:style-name="T1">secret </text:span>dure '
        '<text:span text:style-name="T2">trois</text:span> ans.</text:p>'
        '<text:p text:style-name="P1">Rien.</text:p><text:p text:style-name="P2">Ni ceci.</text:p>'
        '<text:section text:name="s" text:display="none"><text:p>Un.</text:p><text:p>Deux.</text:p>'
        '</text:section><text:p><text:hidden-text text:is-hidden="true">Caché</text:hidden-text>'
        'Fin.</text:p><text:p><text:hidden-paragraph text:is-hidden="true"/>Jamais.</text:p>'
        '<table:table><table:table-row><table:table-cell><text:p text:style-name="P1">x</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    extract = read_odt(open_document("text", body, automatic=_HIDDEN), "a.odt")
    assert extract.text == "Le bail dure trois ans.\n\nFin."
    assert extract.notices == (Notice(NoticeKind.HIDDEN_TEXT, "8"),)

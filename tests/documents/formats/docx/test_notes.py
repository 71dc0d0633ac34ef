"""Notes after their paragraph; headers and footers once."""

from __future__ import annotations

import pytest

from tests.documents.formats.docx.word_files import p, r, read

NOTES = {
    "footnotes.xml": (
        f"<w:footnote w:id='0' w:type='separator'>{p('x')}</w:footnote>"
        f"<w:footnote w:id='2'><w:p><w:r><w:footnoteRef/></w:r>{r(' Hors charges.')}</w:p>"
        f"{p('Voir la loi.')}</w:footnote>"
        f"<w:footnote w:id='3'>{p('* Sauf août.')}</w:footnote>"
    ),
    "endnotes.xml": f"<w:endnote w:id='2'>{p('Fin.')}</w:endnote>",
}


def reference(kind: str, name: int, more: str = "") -> str:
    return f"<w:r><w:{kind}Reference w:id='{name}' {more}/></w:r>"


def test_notes_follow_their_paragraph_and_marks_touch_no_word() -> None:
    first = r("Le loyer") + reference("footnote", 2) + r(" est dû")
    body = f"<w:p>{first}{reference('endnote', 2)}{r('.')}</w:p>" + p("Suite.")
    assert read(body, NOTES).text == (
        "Le loyer [1] est dû [i].\n\n[1] Hors charges. Voir la loi.\n\n[i] Fin.\n\nSuite."
    )


def test_a_mark_that_the_author_typed() -> None:
    mark = reference("footnote", 3, "w:customMarkFollows='1'")
    body = f"<w:p>{r('Ouvert')}{mark}{r('*')}</w:p>"
    assert read(body, NOTES).text == "Ouvert *\n\n* Sauf août."


def test_a_note_is_told_once_and_a_missing_one_harms_nothing() -> None:
    body = "".join(
        f"<w:p>{r(w)}{reference('footnote', n)}</w:p>" for w, n in (("a", 2), ("b", 2), ("c", 9))
    )
    assert read(body, NOTES).text == ("a [1]\n\n[1] Hors charges. Voir la loi.\n\nb [2]\n\nc [3]")


def test_how_notes_are_numbered() -> None:
    form = "<w:footnotePr><w:numFmt w:val='upperLetter'/><w:numStart w:val='2'/></w:footnotePr>"
    body = f"<w:p>{r('a')}{reference('footnote', 2)}</w:p>"
    assert read(body, {**NOTES, "settings.xml": form}).text.startswith("a [B]\n\n[B] Hors")


def test_notes_of_a_table_follow_it_and_those_of_an_item_stay_in_the_list() -> None:
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    cell = f"<w:p>{r('12')}{reference('footnote', 2)}</w:p>"
    table = f"<w:tbl>{row.format(p('Lyon'), cell)}{row.format(p('Nice'), p('9'))}</w:tbl>"
    assert read(table, NOTES).text == ("Lyon | 12 [1]\nNice | 9\n\n[1] Hors charges. Voir la loi.")


SECTION = "<w:sectPr>{}</w:sectPr>"
REFERENCE = "<w:{}Reference w:type='{}' r:id='{}'/>"


def margin(kind: str, name: str, pages: str = "default") -> str:
    return REFERENCE.format(kind, pages, name)


def test_headers_start_the_text_and_footers_end_it_once() -> None:
    inner = margin("header", "header1.xml") + margin("footer", "footer1.xml")
    later = margin("header", "header2.xml") + margin("footer", "footer1.xml")
    heading = "<w:pStyle w:val='T'/>"
    styles = "<w:style w:type='paragraph' w:styleId='T'><w:name w:val='heading 1'/></w:style>"
    body = p("Bail", heading) + p("Un.", SECTION.format(inner)) + p("Deux.") + SECTION.format(later)
    found = read(
        body,
        {
            "styles.xml": styles,
            "header1.xml": p("Dossier n° 2024-118"),
            "header2.xml": p("Dossier n° 2024-118") + p("Annexes"),
            "footer1.xml": p("Poste 4417"),
        },
    )
    assert found.text == "Dossier n° 2024-118\n\nBail\n\nUn.\n\nDeux.\n\nPoste 4417\n\nAnnexes"
    assert [b.level for b in found.blocks] == [0, 1, 7, 7, 0, 0]


@pytest.mark.parametrize(
    "header",
    [
        "<w:p>"
        + r("Page ")
        + "<w:fldSimple w:instr='PAGE'>"
        + r("1")
        + "</w:fldSimple>"
        + r(" sur ")
        + "<w:fldSimple w:instr=' NUMPAGES '>"
        + r("9")
        + "</w:fldSimple></w:p>",
        p("– 3 –"),
        p("Bail  COMMERCIAL"),
        p(),
    ],
)
def test_margins_that_say_nothing_of_their_own(header: str) -> None:
    body = p("Bail commercial") + SECTION.format(margin("header", "header1.xml"))
    assert read(body, {"header1.xml": header}).text == "Bail commercial"


def test_margins_that_no_page_shows() -> None:
    inner = "".join(margin("header", f"header{n}.xml", k) for n, k in enumerate(("first", "even")))
    headers = {"header0.xml": p("Première"), "header1.xml": p("Paire")}
    body = p("Vu.") + SECTION.format(inner + "{}")
    assert read(body.format(""), headers).text == "Vu."
    both = {**headers, "settings.xml": "<w:evenAndOddHeaders/>"}
    assert read(body.format("<w:titlePg/>"), both).text == "Première\n\nPaire\n\nVu."

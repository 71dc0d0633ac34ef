"""The words of paragraphs: what the page shows, and nothing else."""

from __future__ import annotations

import pytest

from documents.notices import Notice, NoticeKind
from tests.documents.formats.docx.word_files import p, r, read

FIELD = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
CODE = "<w:r><w:instrText> {} </w:instrText></w:r>"


def field(code: str, result: str) -> str:
    inner = FIELD.format("begin") + code + FIELD.format("separate") + result
    return inner + FIELD.format("end")


def m(words: str) -> str:
    return f"<m:r><m:t>{words}</m:t></m:r>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (f"{r('Directeur')}<w:r><w:ptab/></w:r>{r('É. Roussel')}", "Directeur É. Roussel"),
        (f"{r('25 ')}<w:r><w:sym w:font='Symbol' w:char='F0B0'/></w:r>{r('C')}", "25 °C"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>" + r(" Oui"), "☑ Oui"),
        ("<w:r><w:sym w:font='Wingdings' w:char='A8'/></w:r>" + r(" Non"), "☐ Non"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0E0'/></w:r>" + r(" a"), "→ a"),
        ("<w:r><w:sym w:font='Arial' w:char='20AC'/></w:r>", "€"),
        ("<w:r><w:sym w:font='Arial' w:char='?'/></w:r>" + r("a"), "a"),
        (r("\uf061\uf0ae", "<w:rFonts w:ascii='Symbol'/>"), "α→"),
        (r("\uf0fc a", "<w:rFonts w:ascii='Wingdings'/>"), "✓ a"),
        (field(CODE.format("REF _Ref1 \\h"), r("article 3")), "article 3"),
        (
            field(CODE.format("IF") + field(CODE.format("X"), r("secret")), r("vu")),
            "vu",
        ),
        ("<w:fldSimple w:instr=' DATE '>" + r("3 mai") + "</w:fldSimple>", "3 mai"),
        (
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:checked/>"
            "</w:checkBox></w:ffData></w:fldChar></w:r>" + FIELD.format("end") + r(" Oui"),
            "☒ Oui",
        ),
        (
            "<w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/>"
            "<w:listEntry w:val='Lyon'/><w:listEntry w:val='Nice'/></w:ddList></w:ffData>"
            "</w:fldChar></w:r>" + FIELD.format("end"),
            "Nice",
        ),
        (FIELD.format("end") + r("a") + FIELD.format("begin"), "a"),
        (r("10") + r("-6", "<w:vertAlign w:val='superscript'/>") + r(" m"), "10⁻⁶ m"),
        (r("1") + r("er", "<w:vertAlign w:val='superscript'/>") + r(" mai"), "1er mai"),
        (f"<m:oMath>{m('a=b')}</m:oMath><m:oMath>{m('c=d')}</m:oMath>", "a=b c=d"),
        (
            "<w:commentRangeStart w:id='1'/>" + r("pré") + "<w:commentRangeEnd w:id='1'/>"
            "<w:r><w:commentReference w:id='1'/></w:r>" + r("avis"),
            "préavis",
        ),
        (
            "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>"
            + r("choix")
            + "</w:sdtContent></w:sdt>",
            "choix",
        ),
        (
            "<w:r><w:ruby><w:rt>" + r("lu") + "</w:rt><w:rubyBase>" + r("mot") + "</w:rubyBase>"
            "</w:ruby></w:r>",
            "(lu)mot",
        ),
        (
            "<w:r><w:pict><v:shape><v:textpath string='Ébauche'/></v:shape></w:pict></w:r>",
            "Ébauche",
        ),
    ],
)
def test_what_a_paragraph_shows(inner: str, expected: str) -> None:
    assert read(f"<w:p>{inner}</w:p>").text == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (m("A=π") + f"<m:sSup><m:e>{m('r')}</m:e><m:sup>{m('2')}</m:sup></m:sSup>", "A=πr²"),
        (f"<m:f><m:num>{m('a+b')}</m:num><m:den>{m('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:rad><m:radPr/><m:deg/><m:e>{m('x+1')}</m:e></m:rad>", "√(x+1)"),
        (f"<m:rad><m:deg>{m('3')}</m:deg><m:e>{m('8')}</m:e></m:rad>", "∛8"),
        (
            "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
            f"<m:sub>{m('i=1')}</m:sub><m:sup>{m('n')}</m:sup><m:e>{m('i')}</m:e></m:nary>",
            "∑_(i=1)ⁿ i",
        ),
        (f"<m:sSub><m:e>{m('x')}</m:e><m:sub>{m('0')}</m:sub></m:sSub>", "x₀"),
        (
            f"<m:sSubSup><m:e>{m('x')}</m:e><m:sub>{m('i')}</m:sub><m:sup>{m('k')}</m:sup></m:sSubSup>",
            "x_i^k",
        ),
        (
            "<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr>"
            f"<m:e>{m('a')}</m:e><m:e>{m('b')}</m:e></m:d>",
            "[a|b]",
        ),
        (f"<m:func><m:fName>{m('sin')}</m:fName><m:e>{m('x')}</m:e></m:func>", "sin x"),
        (f"<m:acc><m:e>{m('v')}</m:e></m:acc>", "v\u0302"),
        (f"<m:bar><m:e>{m('x')}</m:e></m:bar>", "x\u0305"),
        (f"<m:limLow><m:e>{m('lim')}</m:e><m:lim>{m('x→0')}</m:lim></m:limLow>", "lim_(x→0)"),
        (f"<m:m><m:mr><m:e>{m('1')}</m:e><m:e>{m('0')}</m:e></m:mr></m:m>", "1, 0"),
        (f"<m:eqArr><m:e>{m('x=1')}</m:e><m:e>{m('y=2')}</m:e></m:eqArr>", "x=1; y=2"),
        (f"<m:sPre><m:sub>{m('2')}</m:sub><m:sup/><m:e>{m('X')}</m:e></m:sPre>", "₂X"),
        (
            "<m:phant><m:phantPr><m:show m:val='0'/></m:phantPr>"
            f"<m:e>{m('x')}</m:e></m:phant>{m('y')}",
            "y",
        ),
        (m("\U0001d434=1"), "A=1"),
    ],
)
def test_formulas_in_a_line(inner: str, expected: str) -> None:
    body = f"<w:p>{r('L’aire : ')}<m:oMath>{inner}</m:oMath>{r(' où')}</w:p>"
    assert read(body).text == f"L’aire : {expected} où"
    apart = f"<w:p>{r('Vu')}<m:oMathPara><m:oMath>{inner}</m:oMath></m:oMathPara></w:p>"
    assert read(apart).text == f"Vu {expected}"


STYLES = (
    "<w:style w:type='character' w:styleId='Cache'><w:name w:val='cache'/>"
    "<w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Secret'><w:name w:val='secret'/>"
    "<w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Fils'><w:name w:val='fils'/>"
    "<w:basedOn w:val='Secret'/></w:style>"
)


@pytest.mark.parametrize(
    "hidden",
    [
        f"<w:p>{r('La marge.', '<w:vanish/>')}</w:p>",
        "<w:p>" + r("La marge.", "<w:rStyle w:val='Cache'/>") + "</w:p>",
        p("La marge.", "<w:pStyle w:val='Secret'/>"),
        p("La marge.", "<w:pStyle w:val='Fils'/>"),
    ],
)
def test_hidden_text_is_left_out_and_named(hidden: str) -> None:
    found = read(p("Vu.") + hidden, {"styles.xml": STYLES})
    assert (found.text, found.notices) == ("Vu.", (Notice(NoticeKind.HIDDEN_TEXT, "1"),))


@pytest.mark.parametrize(
    ("properties", "run"),
    [
        ("<w:pStyle w:val='Secret'/>", "<w:vanish w:val='0'/>"),
        # Hidden twice is shown: the two styles undo each other.
        ("<w:pStyle w:val='Secret'/>", "<w:rStyle w:val='Cache'/>"),
        ("", "<w:webHidden/>"),
    ],
)
def test_text_that_is_shown_after_all(properties: str, run: str) -> None:
    body = f"<w:p><w:pPr>{properties}</w:pPr>{r('Vu.', run)}</w:p>"
    found = read(body, {"styles.xml": STYLES})
    assert (found.text, found.notices) == ("Vu.", ())


def test_revisions_are_accepted() -> None:
    gone = "<w:del w:id='1'><w:r><w:delText>dix</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom w:id='1'>{r('là')}</w:moveFrom><w:moveTo w:id='2'>{r('ici')}</w:moveTo>"
    body = f"<w:p>{r('Le délai est de ')}{gone}<w:ins w:id='2'>{r('vingt ')}</w:ins>{moved}</w:p>"
    assert read(body).text == "Le délai est de vingt ici"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    body = p("Le délai est ", "<w:rPr><w:del w:id='1'/></w:rPr>") + p("de vingt jours.")
    assert read(body).text == "Le délai est de vingt jours."
    assert read(p("Fin.", "<w:rPr><w:del w:id='1'/></w:rPr>")).text == "Fin."


def test_comments_and_objects_are_named() -> None:
    comment = "<w:r><w:commentReference w:id='1'/></w:r>"
    shown = "<w:r><w:object><o:OLEObject r:id='package.xlsx'/></w:object></w:r>"
    found = read(f"<w:p>{r('Vu.')}{comment}{comment}{shown}</w:p>", {"package.xlsx": b"x"})
    assert found.notices == (
        Notice(NoticeKind.COMMENTS, "2"),
        Notice(NoticeKind.EMBEDDED_UNREAD, "package.xlsx"),
    )

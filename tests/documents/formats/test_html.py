"""HTML: what is main content, and in which encoding it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.errors import UndecodableDocument, UnsafeDocument
from documents.formats import html
from documents.formats.html import read_html
from documents.reading import read_document
from documents.structure import Block

MENU = "<ul><li><a href=a>Un</a><li><a href=b>Deux</a><li><a href=c>Trois</a></ul>"


def text(page: str | bytes) -> str:
    return read_html(page.encode() if isinstance(page, str) else page, "a.html").text


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        # Nothing marks the content: lists of links are menus.
        (f"{MENU}<h1>T</h1><p>Texte.</p>", "T\n\nTexte."),
        (f"{MENU}<main><p>Liens :</p>{MENU}</main>", "Liens :\n\n- Un\n- Deux\n- Trois"),
        ("<p>Avant</p><article><p>Dedans</p></article>", "Dedans"),
        ("<article><p>a</p></article><article><p>b</p></article>", "a\n\nb"),
        ("<header><h1>T</h1></header><p>Texte.</p>", "T\n\nTexte."),
        ("<div role=banner>Marque</div><p>Texte.</p>", "Texte."),
        ("<p>Texte.</p><div id=cookie-consent>Oui ou non ?</div>", "Texte.\n\nOui ou non ?"),
        ("<p>Un texte assez long.</p><div id=cookie-consent>Oui ?</div>", "Un texte assez long."),
        ("<div class='has-sidebar'><p>Texte.</p></div>", "Texte."),
        ("<div class='menu'><p>Le menu du jour : soupe.</p></div><p>Fin</p>",
         "Le menu du jour : soupe.\n\nFin"),
        ("<h2><button>Qui ?</button></h2><p>Nous.</p>", "Qui ?\n\nNous."),
        ("<h2>Titre <button>Copier</button></h2><p>Nous.</p>", "Titre\n\nNous."),
        ("<p>a</p><p hidden>b</p><p style='display: none'>c</p>", "a"),
        ("<button aria-controls=x>+</button><p>a</p><p hidden id=x>b</p>", "a\n\nb"),
        ("<p>a<br><br>b<br>c</p>", "a\n\nb\nc"),
        ("<p>Un <b>mot</b>cl\u00e9</p>", "Un motcl\u00e9"),
        ("<dl><dt>Mot</dt><dd>Sens</dd></dl>", "Mot\n\nSens"),
        ("<table><tr><td>a<td></td><tr><td><td>b</table>", "a |\n| b"),
        ("<table role=presentation><tr><td><p>a</p><td><p>b</p></table>", "a\n\nb"),
        ("<table><tr><td><table><tr><td>a<td>b</table></table>", "a | b"),
        ("<table><tr><td><h2>T</h2><p>a</p></table>", "T\n\na"),
    ],
)  # fmt: skip
def test_main_content(page: str, expected: str) -> None:
    assert text(page) == expected


HEADER = "<header><h1>Aréna</h1><p>L'aréna est fermé le 8 juillet.</p></header>"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (f"{HEADER}<main><h2>Tarifs</h2><p>3 $.</p></main>"
         "<footer><p>Téléphone de l'aréna : 418 555-0999.</p></footer>",
         "Aréna | L'aréna est fermé le 8 juillet. | Tarifs | 3 $. | "
         "Téléphone de l'aréna : 418 555-0999."),
        ("<header><nav><a href=a>Menu</a></nav><p>Nous sommes fermés.</p></header><p>a</p>"
         "<footer><h3>Nous joindre</h3><p>12, rue Haute</p><h3>Suivez-nous</h3><a href=b>Fil</a>"
         "<p>© 2024 Ville</p></footer>",
         "Nous sommes fermés. | a | Nous joindre | 12, rue Haute"),
        ("<div><h1>Titre</h1></div><main>Quai.</main><div id=footer>Lac <a href=tel:1>Lu</a></div>",
         "Titre | Quai. | Lac Lu"),
        ("<div role=banner><h1>Site</h1><p>Une ville au bord du lac</p></div><main><h1>Quai</h1>"
         "<p>a</p></main>", "Site | Une ville au bord du lac | Quai | a"),
        ("<p>Un texte bien assez long.</p><div class=site-footer><a href=a><div>Plan</div></a>"
         "Lu<p><a href=mailto:a@b.ca>Écrire</a></p></div>",
         "Un texte bien assez long. | Lu | Écrire"),
        # Menus, banners of cookies, legal lines and names of sites stay out.
        ("<header>Marque</header><main><p>a</p></main><footer><p>© Ville</p></footer>", "a"),
        ("<header><p>Ce site utilise des cookies. <a href=a>Lire</a></p></header><main>a</main>"
         "<footer><p><a href=a>Plan du site</a> | <a href=b>Emplois</a></p>"
         "<div class=social>Suivez-nous sur les réseaux.</div></footer>", "a"),
        ("<header><form><label>Chercher dans le site :</label></form></header><main>a</main>"
         "<article><footer>Un autre billet de ce site.</footer></article>", "a"),
    ],
)  # fmt: skip
def test_what_the_header_and_the_footer_of_a_page_say(page: str, expected: str) -> None:
    assert text(page).replace("\n\n", " | ") == expected


def test_header_and_footer_stand_below_no_heading_and_the_title_in_the_header_is_that_of_the_page(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.html"
    footer = "<footer><p>Téléphone : 418 555-0999.</p></footer>"
    page.write_text(f"{HEADER}<main><h2>Tarifs</h2><p>3 $.</p></main>{footer}")
    found = read_document(page)
    assert found.title == "Aréna"
    assert [section.path for section in found.sections] == [(), ("Tarifs",), ()]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("<caption>C</caption><tr><th>A<th>B<tr><td>1<td>2<tr><td>3<td>4",
         [("A | B", "C"), ("1 | 2", "C, A | B"), ("3 | 4", "C, A | B")]),
        ("<thead><tr><td>A<td>B<tr><td>x<td>y</thead><tr><td>1<td>2",
         [("A | B", ""), ("x | y", "A | B"), ("1 | 2", "A | B, x | y")]),
        ("<tr><td><b>A</b><td><b>B</b><tr><td><b>T</b><td><b>9</b><tr><td>1<td>2",
         [("A | B", ""), ("T | 9", "A | B"), ("1 | 2", "A | B")]),
        ("<tr><th>A<th>B<tr><td>1<td>2<tr><th colspan=2>E<tr><td>3<td>4<tr><th>F<tr><td>5<td>6",
         [("A | B", ""), ("1 | 2", "A | B"), ("E", "A | B"), ("3 | 4", "A | B, E"),
          ("F", "A | B"), ("5 | 6", "A | B, F")]),
        ("<tr><td>1<td>2<tr><th>3<td>4", [("1 | 2", ""), ("3 | 4", "")]),
        # Cells that span rows and columns stand in each of them, within their part of the table.
        ("<thead><tr><th rowspan=2>L<th colspan=2>P<tr><th>A<th>B</thead>"
         "<tbody><tr><th rowspan=9>M<td>1<td>2<tr><td>3<td>4</tbody><tbody><tr><th>G<td>5<td>6",
         [("L | P | P", ""), ("L | A | B", "L | P | P"), ("M | 1 | 2", "L | P | P, L | A | B"),
          ("M | 3 | 4", "L | P | P, L | A | B"), ("G | 5 | 6", "L | P | P, L | A | B")]),
        ("<tr><th>A<th>B<th>C<tr><td>1<td rowspan=2 colspan=2>x<tr><td>2<tr><td>3<td>4<td>5",
         [("A | B | C", ""), ("1 | x | x", "A | B | C"), ("2 | x | x", "A | B | C"),
          ("3 | 4 | 5", "A | B | C")]),
        ("<tr><th scope=row>A<th scope=row>B<tr><th>C<td>1", [("A | B", ""), ("C | 1", "")]),
        # Tables with headers hold data, whatever the length of their cells; tables in them follow.
        (f"<tr><th>A<th>B<tr><td>1<td>{'x' * 500}", [("A | B", ""), (f"1 | {'x' * 500}", "A | B")]),
        ("<tr><th>A<th>B<tr><td>1<td>b<table><caption>D</caption><tr><th>C<tr><td>2</table>",
         [("A | B", ""), ("1 | b", "A | B"), ("C", "D"), ("2", "D, C")]),
        ("<tr><td><p>a</p><p>b</p>", [("a", ""), ("b", "")]),
    ],
)  # fmt: skip
def test_rows_are_led_by_headers_and_caption(table: str, expected: list[tuple[str, str]]) -> None:
    page = read_html(f"<p>Texte.</p><table>{table}</table><p>Fin.</p>".encode(), "a")

    def said(block: Block) -> tuple[str, str]:
        texts = [page.text[slice(*span)] for span in (block.span, *block.leads)]
        return texts[0], ", ".join(texts[1:])

    assert [said(b) for b in page.blocks] == [("Texte.", ""), *expected, ("Fin.", "")]


@pytest.mark.parametrize(
    ("paragraph", "asks"),
    [
        ("<p><strong>Où ?</strong></p>", True),
        ("<p> <a><b>Où ?</b></a> </p>", True),
        (f"<p>{'<i>' * 1900}<b>Où ?", True),
        ("<p><b>Où</b> ?</p>", False),
        ("<p>Mais <b>où ?</b></p>", False),
        ("<p><b>Où</b><b> ?</b></p>", False),
        ("<p><i>Où ?</i></p>", False),
        ("<p><b>Ici.</b></p>", False),
        ("<div><b>Où ?</b></div>", False),
    ],
)
def test_questions_in_bold(paragraph: str, asks: bool) -> None:
    page = read_html(f"{paragraph}<p>Ici.</p>".encode(), "a")
    assert page.blocks[0].question is asks


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("<p><b>Où ?</b><br>Ici.<p><b>Quand ?</b><br>Le 12.", "Où ?|=Ici.|Quand ?|=Le 12."),
        ("<p><strong>Où ?<br></strong> Ici.<br>Là.", "Où ?|=Ici. Là."),
        ("<p><span><b>Où ?</b></span> <br/>Ici.<br><b>Et là ?</b><br>Non.",
         "Où ?|=Ici.|Et là ?|=Non."),
        ("<div>Intro.<br><b>Où ?</b><br>Ici.</div><p>Fin.", "=Intro.|Où ?|=Ici.|=Fin."),
        ("<ul><li><b>Où ?</b><br>Ici.<li><b>Quand ?</b><br>Le 12.</ul>",
         "- Où ?|=Ici.|- Quand ?|=Le 12."),
        ("<p><b>Où ?</b> Ici.<br>Là.", "=Où ? Ici. Là."),
        ("<p>Mais <b>où ?</b><br>Là.", "=Mais où ? Là."),
        ("<p><b>Où ?<br>Là.</b>", "=Où ? Là."),
        ("<p><b>Note.</b><br>Là.", "=Note. Là."),
        ("<p><b>Où ?</b><i>!</i><br>Là.", "=Où ?! Là."),
    ],
)  # fmt: skip
def test_a_question_in_bold_on_a_line_of_its_own(page: str, blocks: str) -> None:
    read = read_html(page.encode(), "a")
    found = (f"{'' if b.question else '='}{read.text[slice(*b.span)]}" for b in read.blocks)
    assert "|".join(found).replace("\n", " ") == blocks


def test_a_table_of_nothing_but_headers() -> None:
    page = read_html(f"<table>{'<tr><th>a' * 9}</table>".encode(), "a")
    assert max(len(block.leads) for block in page.blocks) <= 4


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("iso-8859-1", "windows-1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("utf-16", "utf-16"),
        ("base64", "windows-1252"),
        ("no-such", "windows-1252"),
    ],
)
def test_encodings(declared: str, encoding: str) -> None:
    page = f"<meta charset={declared}><p>Le cœur « été »</p>"
    assert text(page.encode(encoding)) == "Le cœur « été »"


def test_no_encoding_fits() -> None:
    with pytest.raises(UndecodableDocument, match=r"a\.html"):
        text(b"<p>\x81\xff</p>")


def test_a_page_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_BYTES", 10)
    with pytest.raises(UnsafeDocument, match=r"a\.html"):
        text("<p>12345678")


def test_one_first_heading_is_the_title_and_several_are_not() -> None:
    page = "<title>Site</title><h1>A</h1><p>a</p>{}"
    assert read_html(page.format("").encode(), "a").title == "A"
    several = read_html(page.format("<h1>B</h1><p>b</p>").encode(), "a")
    assert (several.title, several.file_title) == (None, "Site")


@pytest.mark.parametrize(
    "page",
    ["<title>Salle</title><main><h1>Salle</h1><p>Ouverte à 9 h.</p></main>",
     "<meta charset=utf-8><title>Salle</title><section><h1>Salle</h1><p>Ouverte à 9 h.</section>",
     "<title>Salle</title><header><h1>Salle</h1></header><p>Ouverte à 9 h.</p>"],
)  # fmt: skip
def test_a_page_may_leave_out_its_body(page: str) -> None:
    assert text(page) == "Salle\n\nOuverte à 9 h."

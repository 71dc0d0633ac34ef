"""HTML: what is main content, and in which encoding it comes."""

from __future__ import annotations

import pytest

from documents import html
from documents.errors import UndecodableDocument, UnsafeDocument
from documents.html import read_html

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

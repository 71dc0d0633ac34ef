"""Notes stand after the paragraph that refers to them, and their markers touch no word."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.formats.html import read_html
from documents.reading import read_document
from tests.documents.formats.format_files import CHAPTER, french_epub, unzipped, zipped

PARAGRAPH = "<p>Il partit à l'aube.{}</p><p>Puis rien.</p>"
EXPECTED = "Il partit à l'aube.\n\nLe capitaine Kerlo.\n\nPuis rien."


def text(body: str) -> str:
    return read_html(f"<html><body><main>{body}</main></body></html>".encode(), "a").text


@pytest.mark.parametrize(
    ("marker", "note"),
    [
        ("<sup><a href='#n1'>1</a></sup>", "<footer><p id=n1>{}</p></footer>"),
        ("<a href='#n1'><sup>1</sup></a>", "<aside id=n1>{}</aside>"),
        ("<a epub:type=noteref href='#n1'>1</a>",
         "<aside epub:type=footnote id=n1 hidden><p>{}</p></aside>"),
        ("<a role=doc-noteref href='#n1'>*</a>",
         "<section role=doc-endnotes><ol><li id=n1>{} <a role=doc-backlink href='#r'>↩</a></ol>"
         "</section>"),
        ("<sup class=reference><a href='#cite_note-1'>[1]</a></sup>",
         "<ol class=references><li id=cite_note-1>{}</ol>"),
        ("<a class=footnote-ref href='#fn1'><sup>1</sup></a>",
         "<div id=fn1><p>{}<a class=footnote-back href='#r'>↩︎</a></p></div>"),
        ("<sup><a href='#n1'>1</a></sup>", "<p><a id=n1></a>{}</p>"),
    ],
)  # fmt: skip
def test_a_note_follows_its_paragraph(marker: str, note: str) -> None:
    assert text(PARAGRAPH.format(marker) + note.format("Le capitaine Kerlo.")) == EXPECTED


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a<sup><a href='#n'>1</a>, <a href='#m'>2</a></sup></p><p id=n>Un</p><p id=m>Deux</p>",
         "a\n\nUn\n\nDeux"),
        ("<ul><li>a<sup><a href='#n'>1</a></sup><li>b</ul><p id=n>Un</p>", "- a\n\nUn\n\n- b"),
        ("<table><tr><td>a<sup><a href='#n'>1</a></sup><td>b</table><p>c</p><p id=n>Un</p>",
         "a | b\n\nUn\n\nc"),
        ("<p>Un mot.<a epub:type=noteref href='notes.xhtml#n'>1</a></p>", "Un mot."),
        ("<p>Voir <a href='#s'>la suite</a>.</p><p>b</p><p id=s>c</p>",
         "Voir la suite.\n\nb\n\nc"),
        ("<p>H<sub>2</sub>O, 5 m<sup>2</sup>, 10<sup>-3</sup>, le 1<sup>er</sup></p>",
         "H2O, 5 m2, 10-3, le 1er"),
        ("<p>Il vint.<sup>1</sup> Le chat<sup>2</sup> dort</p>", "Il vint. 1 Le chat 2 dort"),
        ("<p>a <a href='#p2'>2</a></p><div id=p2><h2>b</h2><p>c</p></div>",
         "a 2\n\nb\n\nc"),
    ],
)  # fmt: skip
def test_markers_and_numbers(body: str, expected: str) -> None:
    assert text(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<aside class=callout>Feux interdits.</aside>", "Feux interdits."),
        ("<aside><h2>À lire</h2><a href=a>Un</a> <a href=b>Deux</a></aside>", ""),
        ("<section><header><h2>T</h2></header><p>a</p><footer>Par Lu.</footer></section>",
         "T\n\na\n\nPar Lu."),
        ("<aside class='related-links'>Un autre</aside>", ""),
        ("<img src=a.png alt='Le bloc est au site 14'>", "Le bloc est au site 14"),
        ("<p>Tournez <img alt='le bouton rouge' src=b>.</p>", "Tournez le bouton rouge ."),
        ("<picture><source srcset=a><img alt='Le quai en été'></picture>", "Le quai en été"),
        ("<figure><img alt=''><figcaption>Le quai rénové.</figcaption></figure>",
         "Le quai rénové."),
        ("<img alt='Logo de la ville'><img alt='photo du quai' role=presentation>", ""),
        ("<img alt='le petit quai' width=16><img alt='quai du port.jpg'><img alt=quai>", ""),
        ("<nav><img alt='Le plan du quai'></nav>", ""),
    ],
)  # fmt: skip
def test_asides_footers_and_pictures(body: str, expected: str) -> None:
    page = text(f"<p>Avant un texte assez long.</p>{body}")
    assert page.removeprefix("Avant un texte assez long.").strip() == expected


def test_a_note_in_another_file_of_a_book_follows_its_paragraph(tmp_path: Path) -> None:
    parts = unzipped(french_epub())
    link = "<a epub:type='noteref' href='deux%20.xhtml#n1'>1</a>"
    text = f"Il partit.{link}</p><p>Puis rien, sauf cela.{link.replace('n1', 'no')}"
    parts["OEBPS/texte/un.xhtml"] = CHAPTER.format(title="L’aube", text=text).encode()
    note = "Suite.</p><aside epub:type='footnote' id='n1'><p>Kerlo.</p></aside><p>Fin."
    parts["OEBPS/texte/deux .xhtml"] = CHAPTER.format(title="Le soir", text=note).encode()
    path = tmp_path / "a.epub"
    path.write_bytes(zipped(parts))
    expected = (
        "L’aube\n\nIl partit.\n\nKerlo.\n\nPuis rien, sauf cela.\n\nLe soir\n\nSuite.\n\nFin."
    )
    assert read_document(path).text == expected


def test_an_aside_around_the_content_stays_out() -> None:
    around = "<body><div>{}</div><aside><h2>Autres</h2></aside></body>"
    assert read_html(around.format("<p>Texte.</p>").encode(), "a").text == "Texte."
    inside = "<body><p>Texte.</p><aside>Attention.</aside><p>Fin.</p></body>"
    assert read_html(inside.encode(), "a").text == "Texte.\n\nAttention.\n\nFin."

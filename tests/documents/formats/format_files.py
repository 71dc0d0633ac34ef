"""A small French file of each format, made as the programs of people make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import docx
import fpdf
import matplotlib as mpl

FONT = Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
Line = tuple[float, float, str]
"""The height from the top of the page in mm, the size in points, the words."""

HTML = """<!DOCTYPE html>
<html lang="fr-CA">
<head>
  <title>Le rapport | Bibliothèque</title>
  <link rel="canonical" href="https://exemple.org/rapport">
  <style>p { color: red }</style>
  <script>var menu = "<p>jamais</p>";</script>
</head>
<body>
  <header><a href="/">Bibliothèque</a></header>
  <nav><ul><li><a href="/a">Accueil</a></li><li><a href="/b">Contact</a></li></ul></nav>
  <div class="cookie-banner"><p>Nous utilisons des témoins. Acceptez-les.</p></div>
  <main>
    <nav aria-label="breadcrumb">Accueil › Rapport</nav>
    <h1>Le c&oelig;ur du rapport</h1>
    <p>L&rsquo;&eacute;quipe a lu &laquo;&nbsp;tout&nbsp;&raquo;,
       <em>sans exception</em>&#8239;: 1&#x202F;500&nbsp;pages.</p>
    <h2>M\u00e9thode</h2>
    <ul>
      <li>Lire <a href="/l">les livres</a>
        <ul><li>les vieux</li></ul>
      </li>
      <li>Compter</li>
    </ul>
    <ol start="3"><li>Publier</li></ol>
    <h3>R\u00e9sultats</h3>
    <table>
      <caption>Livres par ville</caption>
      <tr><th>Ville</th><th>Livres</th></tr>
      <tr><td>Qu\u00e9bec</td><td>12<sup>e</sup></td></tr>
    </table>
    <p>Une e\u0301tude co\u00fb\u00adteuse.<br>Fin &lt;de&gt; ligne.</p>
    <pre>if a:
    b()</pre>
    <div aria-hidden="true">d\u00e9cor</div>
  </main>
  <aside><p>\u00c0 lire aussi</p></aside>
  <footer><p>Tous droits r\u00e9serv\u00e9s</p></footer>
</body>
</html>
"""


def pdf(pages: Sequence[Sequence[Line]], bookmarks: Mapping[str, int] | None = None) -> bytes:
    """Set lines on pages; a bookmark, with its depth from 0, goes to the page of its line."""
    file = fpdf.FPDF()
    file.add_font("sans", fname=FONT)
    for lines in pages:
        file.add_page()
        for down, size, words in lines:
            file.set_font("sans", size=size)
            if bookmarks and words in bookmarks:
                file.start_section(words, bookmarks[words])
            file.text(20, down, words)
    return bytes(file.output())


def french_pdf(*, bookmarks: bool = False) -> bytes:
    """Three pages with headers and numbers, and a word and a sentence across page breaks."""
    first: list[Line] = [
        (30, 22, "Le cœur du rapport"),
        (45, 11, "L’équipe a lu « tout » dans la biblio-"),
        (51, 11, "thèque ; son étude ﬁnale ﬂotte entre 1\u202f500 et 2\u00a0000 porte-"),
        (57, 11, "Monnaies, dit-"),
        (63, 11, "elle."),
        (80, 15, "Méthode"),
        (90, 11, "L’enquête e\u0301tait longue et la conclu-"),
    ]
    second: list[Line] = [
        (30, 11, "sion fut claire."),
        (45, 11, "• lire"),
        (51, 11, "• compter"),
        (70, 15, "Résultats"),
        (80, 11, "Tout est resté dans la grande salle du"),
    ]
    third: list[Line] = [(30, 11, "premier étage."), (45, 11, "Une seconde phrase.")]
    pages = [
        [(12, 8, "Rapport annuel"), *lines, (285, 8, f"– {number} –")]
        for number, lines in enumerate([first, second, third], start=1)
    ]
    return pdf(pages, {"Méthode": 0, "Résultats": 1} if bookmarks else None)


def french_docx() -> bytes:
    """Headings by style, lists, a table, and words in a hyperlink, an insertion and a control."""
    file = docx.Document()
    file.core_properties.language = "fr-CA"
    file.add_heading("Le cœur du rapport", 0)
    file.add_paragraph("L’équipe a lu «\u00a0tout\u00a0» : 1\u202f500 pages.")
    file.add_heading("Méthode", 1)
    file.add_paragraph("Lire", style="List Bullet")
    file.add_paragraph("Compter", style="List Number")
    file.add_heading("Résultats", 2)
    table = file.add_table(2, 2)
    for cell, words in zip(table._cells, ("Ville", "Livres", "Québec", "12"), strict=True):
        cell.text = words
    file.add_paragraph("Légende", style="Caption")
    file.add_paragraph("Une e\u0301tude.")
    return _with_markup(saved(file))


def saved(file: docx.document.Document) -> bytes:
    """Return the bytes of a document of python-docx."""
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def _with_markup(raw: bytes) -> bytes:
    """Put what python-docx cannot write into the last paragraph."""
    parts = unzipped(raw)
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    added = (
        f"<w:ins w:id='1' w:author='a'>{run.format(' Ajout.')}</w:ins>"
        "<w:del w:id='2' w:author='a'><w:r><w:delText>Retrait.</w:delText></w:r></w:del>"
        f"<w:sdt><w:sdtContent>{run.format(' Champ.')}</w:sdtContent></w:sdt></w:p><w:sectPr"
    )
    body = parts["word/document.xml"].decode()
    parts["word/document.xml"] = body.replace("</w:p><w:sectPr", added).encode()
    return zipped(parts)


CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OEBPS/livre.opf"/></rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Le cœur</dc:title><dc:language>fr</dc:language></metadata>
<manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="b" href="texte/deux%20.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="texte/un.xhtml" media-type="application/xhtml+xml"/>
<item id="i" href="image.png" media-type="image/png"/>
</manifest>
<spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/><itemref idref="i"/></spine>
</package>"""
CHAPTER = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>
<body><section><h1>{title}</h1><p>{text}</p></section></body></html>"""


def french_epub(package: str = PACKAGE, container: str = CONTAINER) -> bytes:
    """Two chapters, the second before the first in the manifest."""
    return zipped(
        {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": container.encode(),
            "OEBPS/livre.opf": package.encode(),
            "OEBPS/nav.xhtml": CHAPTER.format(title="Table", text="Chapitre").encode(),
            "OEBPS/texte/un.xhtml": CHAPTER.format(
                title="L’aube", text="Il e\u0301tait une fois."
            ).encode(),
            "OEBPS/texte/deux .xhtml": CHAPTER.format(
                title="Le soir", text="«&#160;Bonne nuit&#160;», dit-elle."
            ).encode(),
        }
    )


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Return an archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def unzipped(raw: bytes) -> dict[str, bytes]:
    """Return the files of an archive."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}

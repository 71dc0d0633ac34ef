"""A real file of each format: where a passage stands, in what section, on which page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from documents.chunking import ChunkSettings, chunk
from documents.errors import MissingFormat
from documents.reading import read_document
from documents.types import Document, Passage
from qa.answer.types import Citation
from tests.documents.formats.format_files import CHAPTER, HTML, french_docx, french_epub, french_pdf
from tests.fakes import FakeEncoder

MARKDOWN = "# Le cœur du rapport\n\n## Méthode\n\nL’e\u0301quipe a lu «\u00a0tout\u00a0».\n"
TEXT = "Le cœur du rapport\n\nMéthode\n\nL'équipe a lu « tout » : 1\u202f500 pages.\n"

FILES = {
    "a.md": MARKDOWN.encode(),
    "a.txt": TEXT.encode(),
    "a.html": HTML.encode(),
    "a.xhtml": CHAPTER.format(title="L’aube", text="Il était une fois.").encode(),
    "a.pdf": french_pdf(),
    "b.pdf": french_pdf(bookmarks=True),
    "a.docx": french_docx(),
    "a.epub": french_epub(),
}
METHOD, RESULTS = ("Méthode",), ("Méthode", "Résultats")
Row = tuple[str, str, tuple[str, ...], int | None, int]
ROWS: list[Row] = [
    # file, the passage, its section, its page, where it starts
    ("a.md", "L’e\u0301quipe a lu «\u00a0tout\u00a0».", METHOD, None, 34),
    ("a.txt", "L'équipe a lu « tout » : 1\u202f500 pages.", METHOD, None, 29),
    (
        "a.html",
        "L’équipe a lu «\u00a0tout\u00a0», sans exception\u202f: 1\u202f500\u00a0pages.",
        (),
        None,
        20,
    ),
    ("a.html", "- Lire les livres\n- les vieux", METHOD, None, 84),
    ("a.html", "Ville | Livres\nQuébec | 12e", RESULTS, None, 166),
    ("a.html", "Une e\u0301tude coûteuse.\nFin <de> ligne.", RESULTS, None, 195),
    ("a.html", "if a:\n    b()", RESULTS, None, 233),
    ("a.xhtml", "Il était une fois.", (), None, 8),
    (
        "a.pdf",
        "L’équipe a lu « tout » dans la bibliothèque ; son étude finale flotte entre 1\u202f500 et "
        "2\u00a0000 porte-Monnaies, dit-elle.",
        (),
        1,
        36,
    ),
    ("a.pdf", "L’enquête e\u0301tait longue et la conclusion fut claire.", METHOD, 1, 163),
    ("a.pdf", "• lire\n• compter", METHOD, 2, 217),
    ("a.pdf", "Tout est resté dans la grande salle du premier étage.", ("Résultats",), 2, 246),
    ("a.pdf", "Une seconde phrase.", ("Résultats",), 3, 301),
    ("b.pdf", "• lire\n• compter", METHOD, 2, 217),
    ("b.pdf", "Tout est resté dans la grande salle du premier étage.", RESULTS, 2, 246),
    ("a.docx", "L’équipe a lu «\u00a0tout\u00a0» : 1\u202f500 pages.", (), None, 20),
    ("a.docx", "- Lire\n1. Compter", METHOD, None, 68),
    ("a.docx", "Ville | Livres\nQuébec | 12", RESULTS, None, 98),
    ("a.docx", "Une e\u0301tude. Ajout. Champ.", RESULTS, None, 135),
    ("a.epub", "Il e\u0301tait une fois.", ("L’aube",), None, 8),
    ("a.epub", "«\u00a0Bonne nuit\u00a0», dit-elle.", ("Le soir",), None, 38),
]


def read(folder: Path, name: str) -> Document:
    path = folder / name
    path.write_bytes(FILES[name])
    return read_document(path)


def passages(document: Document) -> list[Passage]:
    return chunk(document, FakeEncoder().count_tokens, ChunkSettings(budget=30))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[4]}")
def test_a_passage_is_cited_where_it_stands(tmp_path: Path, row: Row) -> None:
    name, text, section, page, start = row
    document = read(tmp_path, name)
    assert document.text[start : start + len(text)] == text
    cited = [Citation.of(p, document) for p in passages(document)]
    [found] = [c for c in cited if c.start == start]
    assert (found.quote, found.section, found.page) == (text, section, page)
    assert found.sha256 == document.sha256


@pytest.mark.parametrize(
    ("name", "title", "language"),
    [
        ("a.md", "Le cœur du rapport", "und"),
        ("a.html", "Le cœur du rapport – Bibliothèque", "fr"),
        ("a.xhtml", "L’aube", "und"),
        ("a.pdf", "Le cœur du rapport", "und"),
        ("b.pdf", "Le cœur du rapport", "und"),
        ("a.docx", "Le cœur du rapport", "fr"),
        ("a.epub", "Le cœur", "fr"),
    ],
)
def test_title_and_language_of_the_file(
    tmp_path: Path, name: str, title: str, language: str
) -> None:
    document = read(tmp_path, name)
    assert (document.title, document.language) == (title, language)


def test_what_surrounds_the_text_is_left_out(tmp_path: Path) -> None:
    page, file = read(tmp_path, "a.html"), read(tmp_path, "a.pdf")
    for said in ("Accueil", "témoins", "jamais", "réservés", "lire aussi", "décor", "Bibliothèque"):
        assert said not in page.text
    assert file.text.count("Rapport annuel") == 1  # the first copy of a header stays
    assert "–" not in file.text
    assert "Retrait" not in read(tmp_path, "a.docx").text
    assert "Chapitre" not in read(tmp_path, "a.epub").text
    assert page.source_url == "https://exemple.org/rapport"


def test_captions_and_headings_are_text_but_no_passage(tmp_path: Path) -> None:
    page, file = read(tmp_path, "a.html"), read(tmp_path, "a.docx")
    for document, caption in ((page, "Livres par ville"), (file, "Légende")):
        assert caption in document.text
        assert not any(caption in p.text or "Méthode" in p.text for p in passages(document))


def test_pages_start_where_their_text_does(tmp_path: Path) -> None:
    document = read(tmp_path, "a.pdf")
    assert document.pages == (0, 199, 285)
    starts = [document.text[at:].split()[0] for at in document.pages]
    assert starts == ["Le", "sion", "premier"]
    assert [document.page_of(at) for at in (0, 198, 199, 284, 285, 400)] == [1, 1, 2, 2, 3, 3]
    assert read(tmp_path, "a.docx").page_of(0) is None


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("a.html", "lxml", "html"),
        ("a.pdf", "pypdfium2", "pdf"),
        ("a.docx", "lxml", "docx"),
        ("a.epub", "lxml", "html"),
        ("a.xlsx", "openpyxl", "tables"),
        ("a.ods", "lxml", "tables"),
        ("a.odt", "lxml", "office"),
        ("a.odp", "lxml", "office"),
        ("a.pptx", "pptx", "office"),
        ("a.eml", "lxml", "mail"),
        ("a.msg", "oxmsg", "mail"),
    ],
)
def test_a_missing_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    loaded = {n: m for n, m in sys.modules.items() if n.startswith("documents.formats.")}
    for path, found in loaded.items():
        above, _, own = path.rpartition(".")
        monkeypatch.setattr(sys.modules[above], own, found)  # the same: to be put back
    for path in loaded:
        monkeypatch.delitem(sys.modules, path)
    monkeypatch.setitem(sys.modules, module, None)
    (tmp_path / name).write_bytes(FILES.get(name, b"any"))
    with pytest.raises(MissingFormat) as missing:
        read_document(tmp_path / name)
    assert str(missing.value).startswith(f"{tmp_path / name}: {module} is missing")
    assert f"pip install 'passerelle-qa[{extra}]'" in str(missing.value)

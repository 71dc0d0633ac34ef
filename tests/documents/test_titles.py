"""Titles: names of files made readable, and titles that a program left in them."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from documents.reading import read_document
from documents.titles import is_left_over, joined_title, readable_name
from tests.documents.formats.format_files import PACKAGE, french_epub, saved


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("compte-rendu_2024-03", "compte rendu 2024-03"),
        ("2024-03-12_conseil-municipal", "2024-03-12 conseil municipal"),
        ("kestrel-k2-manual", "kestrel k2 manual"),
        ("piscine-2024", "piscine 2024"),
        ("Jean-Pierre Roy", "Jean-Pierre Roy"),
        ("re\u0301union", "réunion"),
        ("__", "__"),
        ("-a-", "-a-"),
        ("2024", "2024"),
    ],
)
def test_readable_names(name: str, title: str) -> None:
    assert readable_name(name) == title


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("Diapositive 1", True),
        ("Classeur1", True),
        ("(anonymous)", True),
        ("Book of Kells", False),
        ("Microsoft Word - rapport.doc", True),
        ("Microsoft PowerPoint - Présentation1", True),
        ("Sans titre", True),
        ("untitled", True),
        ("Untitled-1", True),
        ("Document1", True),
        ("Document 2.docx", True),
        ("Présentation PowerPoint", True),
        ("PowerPoint Presentation", True),
        ("Documents à fournir", False),
        ("Présentation du service", False),
        ("Word pour débutants", False),
        ("Présentation", False),
        ("Document", False),
        ("Rapport", False),
    ],
)
def test_left_over_titles(title: str, left: bool) -> None:
    assert is_left_over(title) is left


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_first_heading_stands_for_a_left_over_title(tmp_path: Path) -> None:
    page = "<title>{}</title><h1>Un</h1><p>a</p><h1>Deux</h1><p>b</p>"
    several = read_document(write(tmp_path / "a.html", page.format("Sans titre")))
    assert several.title == "Un"
    assert [section.path for section in several.sections] == [("Un",), ("Deux",)]
    assert read_document(write(tmp_path / "a.html", page.format("Le site"))).title == "Le site"


def test_name_of_the_file_stands_for_a_left_over_title(tmp_path: Path) -> None:
    file = docx.Document()
    file.core_properties.title = "Microsoft Word - brouillon.doc"
    file.add_paragraph("Texte.")
    assert read_document(write(tmp_path / "le-plan.docx", saved(file))).title == "le plan"
    book = french_epub(PACKAGE.replace("Le cœur", "Untitled"))
    assert read_document(write(tmp_path / "a.epub", book)).title == "L’aube"


@pytest.mark.parametrize(
    ("titles", "joined"),
    [
        (["Services municipaux", "Services municipaux – Ville de Rimouski | Accueil"],
         "Services municipaux – Ville de Rimouski"),
        (["Services municipaux", "Rimouski"], "Services municipaux – Rimouski"),
        (["Services", "Services de Rimouski"], "Services de Rimouski"),
        (["Heures d'ouverture", "Heures d’ouverture"], "Heures d'ouverture"),
        (["Le plan", "x"], "Le plan"),
        (["Conseil : compte rendu du 9 mai", "Conseil du 9 mai | Mairie"],
         "Conseil : compte rendu du 9 mai – Mairie"),
        (["Le plan de Rimouski", "Rimouski"], "Le plan de Rimouski"),
        (["Le plan", "plan_final_v3", "plan.indd"], "Le plan"),
        (["Le plan", None, "Page d'accueil - Document1"], "Le plan"),
        (["Le plan : suite", "Ville"], "Le plan : suite – Ville"),
        ([None, None, "Le site | Accueil"], "Le site | Accueil"),
        ([None], None),
        (["mot " * 500], ("mot " * 62).strip() + "…"),
        (["a" * 500], "a" * 249 + "…"),
    ],
)  # fmt: skip
def test_titles_are_joined(titles: list[str | None], joined: str | None) -> None:
    assert joined_title(titles) == joined


def test_pages_with_one_heading_are_told_apart_by_their_titles(tmp_path: Path) -> None:
    page = "<title>Services | Ville de {}</title><h1>Services</h1><p>Ici.</p>"
    for town in ("Rimouski", "Lac-Etchemin"):
        document = read_document(write(tmp_path / "a.html", page.format(town)))
        assert document.title == f"Services – Ville de {town}"
        assert [section.path for section in document.sections] == [()]
    file = docx.Document()
    file.core_properties.title = "Ville de Rimouski"
    file.add_heading("Services", 1)
    file.add_paragraph("Ici.")
    document = read_document(write(tmp_path / "a.docx", saved(file)))
    assert document.title == "Services – Ville de Rimouski"


def test_a_heading_that_is_too_long_is_text(tmp_path: Path) -> None:
    words = "un mot " * 300
    document = read_document(write(tmp_path / "a.html", f"<title>{words}</title><h1>{words}</h1>"))
    assert len(document.title) <= 250
    [section] = document.sections
    assert document.text[slice(*section.paragraphs[0])] == words.strip()


def test_several_first_headings_of_markdown_are_no_title(tmp_path: Path) -> None:
    path = write(tmp_path / "les-regles.md", "# Un\n\na\n\n# Deux\n\nb")
    assert read_document(path).title == "les regles"
    path = write(tmp_path / "b.md", "---\ntitle: Sans titre\n---\n# Un\n\na\n\n# Deux\n\nb")
    assert read_document(path).title == "Sans titre"


BAC = "\n\n1. Bacs\n\nOn sort le bac à 7 h.\n\n2. Fin\n\nIl entre en vigueur ce jour.\n"
WASTE = "concernant la gestion des matières résiduelles"


@pytest.mark.parametrize(
    ("name", "header", "title"),
    [
        ("a.txt", f"RÈGLEMENT NUMÉRO 2023-14\n{WASTE}", f"RÈGLEMENT NUMÉRO 2023-14 {WASTE}"),
        (
            "a.txt",
            f"RÈGLEMENT N° 2023-14\n\n{WASTE.upper()}",
            f"RÈGLEMENT N° 2023-14 {WASTE.upper()}",
        ),
        ("a.txt", f"Règlement no 14\n{WASTE}", f"Règlement no 14 {WASTE}"),
        (
            "a.txt",
            "VILLE DE LÉVIS\n\nProjet de règlement 14\nsur le bruit",
            "Projet de règlement 14 sur le bruit",
        ),
        (
            "a.txt",
            "BY-LAW NUMBER 14\nA by-law respecting noise",
            "BY-LAW NUMBER 14 A by-law respecting noise",
        ),
        (
            "a.md",
            "# By-law No. 2023-14\n\n## to regulate noise",
            "By-law No. 2023-14 to regulate noise",
        ),
        ("a.md", "# **RÈGLEMENT 2023-14**\n\n**sur le bruit**", "RÈGLEMENT 2023-14 sur le bruit"),
        (
            "a.html",
            "<h1>Arrêté 14</h1><p>portant sur le bruit</p>",
            "Arrêté 14 portant sur le bruit",
        ),
        ("a.md", "# Règlement 2023-14\n\n## Définitions", "Règlement 2023-14"),
        ("a.txt", "Re\u0300glement 14\nsur le bruit", "Règlement 14 sur le bruit"),
        ("a.txt", "Loi 25 sur le bruit est en vigueur.", "a"),
    ],
)
def test_the_number_and_the_subject_of_a_bylaw_are_one_title(
    name: str, header: str, title: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(header + BAC.replace("\n\n", "<p>" if "<" in header else "\n\n"))
    document = read_document(tmp_path / name)
    assert document.title == title
    said = [document.text[slice(*p)] for s in document.sections for p in s.paragraphs]
    assert any("On sort le bac" in words for words in said)


def test_a_letterhead_above_a_title_stays_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"VILLE DE LÉVIS\n\nRÈGLEMENT NUMÉRO 14\n{WASTE}{BAC}")
    document = read_document(tmp_path / "a.txt")
    first = document.sections[0]
    assert (first.path, document.text[slice(*first.paragraphs[0])]) == ((), "VILLE DE LÉVIS")
    assert [s.path for s in document.sections[1:]] == [("1. Bacs",), ("2. Fin",)]

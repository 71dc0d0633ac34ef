"""Labelled headings of PDF pages, in letters like those of the text."""

from __future__ import annotations

import pytest

from documents.formats.pdf.layout import layout
from tests.documents.formats.pdf.pdf_files import line


def read(*lines: str, apart: float = 14) -> list[tuple[int | None, str]]:
    page = [line(text, 700 - apart * at) for at, text in enumerate(lines)]
    return [(block.level, block.text) for block in layout([page], [])]


@pytest.mark.parametrize(
    "heading", ["Article 3 - Board", "ARTICLE 12 : Cotisations", "Section 4. Fees", "3.2 Délais"]
)
def test_a_labelled_line_heads_the_next(heading: str) -> None:
    assert read("Le bail dure.", heading, "Le préavis est de deux mois,", "sauf accord.") == [
        (None, "Le bail dure."),
        (1, heading),
        (None, "Le préavis est de deux mois, sauf accord."),
    ]


def test_labels_nest_by_what_they_are() -> None:
    lines = ["TITRE III", "Article 1 – Objet", "Le club.", "3.2 Délais", "Un an.", "TITRE IV"]
    assert read(*lines, "Il dure.") == [
        (1, "TITRE III"),
        (2, "Article 1 – Objet"),
        (None, "Le club."),
        (3, "3.2 Délais"),
        (None, "Un an."),
        (1, "TITRE IV"),
        (None, "Il dure."),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Article 3 applies to all.", "It is a rule."],
        ["Comme le dit l'", "Article 3 - Bureau", "Elle est claire."],
        ["Article 1 - Objet", "Article 2 - Bureau", "Article 3 - Siège"],
    ],
)
def test_labels_within_prose_and_lists_head_nothing(lines: list[str]) -> None:
    assert [level for level, _ in read(*lines)] == [None]


def test_labels_that_lead_text_on_their_line_head_it() -> None:
    lines = ["Art. 1. Le club est ouvert", "à tous.", "Art. 2 - La cotisation est due."]
    assert read(*lines) == [
        (1, "Art. 1"),
        (None, "Le club est ouvert à tous."),
        (1, "Art. 2"),
        (None, "La cotisation est due."),
    ]

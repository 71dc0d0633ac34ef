"""Numbers, codes and labels name one thing among many of its kind."""

from __future__ import annotations

import pytest

from index.lexical.analysis import words
from qa.answer.evidence.labels import identifiers, missing, numbered, same_numbers


def lacking(question: str, text: str) -> float:
    return missing(identifiers(words(question)), words(text))


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Que dit l'article L. 2001-3 ?", "Article L. 2001-1. Il est enlevé.", 1.0),
        ("Que dit l'article L. 2001-3 ?", "Article L. 2001-3. Il est enlevé.", 0.0),
        ("Que dit l'article 2001-3 ?", "Selon 2001-3, il est enlevé.", 0.0),
        ("Que dit l'article 3.2 ?", "Article 3 Résiliation 3.2 Le préavis est long.", 0.0),
        ("Que dit l'article 4.2 ?", "Article 3 Résiliation 3.2 Le préavis est long.", 1.0),
        ("Que dit l'article 14 ?", "14, rue des Tilleuls", 1.0),
        ("Que dit l'article 14 ?", "Art. 14 : il est interdit de fumer.", 0.0),
        ("Que dit l'article premier ?", "Art. 1er. Il est fondé une association.", 0.0),
        ("Que dit le chapitre IV ?", "Chapitre 4", 0.0),
        ("Que contient l'annexe B ?", "Annexe B", 0.0),
        ("Que contient l'annexe C ?", "Annexe B", 1.0),
        ("What may I do under Part IV?", "Part II", 1.0),
        ("Qui habite le bâtiment C ?", "Le bâtiment B est vide.", 1.0),
        ("Qui habite le bâtiment C ?", "Le bâtiment C est plein.", 0.0),
        ("Who won in 1998?", "Brazil won in 2002.", 1.0),
        ("Who won in 1998?", "France won in 1998.", 0.0),
        ("Qui parla le 12/03/2024 ?", "Elle parla le 12 mars 2024.", 0.0),
        ("Qui parla le 2 mars 2024 ?", "Elle parla (2024-03-02).", 0.0),
        ("Qui parla le 12/03/2024 ?", "Elle parla le 13 mars 2024.", 1.0),
        ("Who paid 1 500 €?", "She paid 1500 €.", 0.0),
        ("Prêt de 15 jours ?", "Le prêt dure quinze jours.", 0.0),
        ("E4 and E9?", "E4 is a blocked pump.", 0.5),
        ("Who won?", "France won.", 0.0),
    ],
)
def test_the_share_that_is_missing(question: str, text: str, expected: float) -> None:
    assert lacking(question, text) == pytest.approx(expected)


def test_a_question_without_any_has_none() -> None:
    assert not identifiers(words("Qui habite ici ?"))


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("Que dure quatre-vingt-dix jours ?", "Elle dure 90 jours.", {"quatre", "vingt", "dix"}),
        ("Que dure 90 jours ?", "Elle dure quatre-vingt-dix jours.", {"90"}),
        ("What lasts ninety days?", "Elle dure quatre-vingt-dix jours.", {"ninety"}),
        ("Que dure vingt jours ?", "Elle dure 90 jours.", set()),
    ],
)
def test_a_number_stands_there_in_letters_or_in_digits(
    question: str, text: str, found: set[str]
) -> None:
    assert same_numbers(words(question), words(text)) == found


@pytest.mark.parametrize(
    ("question", "heading", "expected"),
    [
        ("Que dit l'article 3 ?", "3.", 0.0),
        ("Que dit l'article 3 ?", "3. Amendes", 0.0),
        ("What does section 4.2 say?", "4.2 Fees", 0.0),
        ("Que dit l'article 3 ?", "30. Amendes", 1.0),
        ("Que dit l'article 3 ?", "3e partie", 1.0),
        ("Où est la salle 3 ?", "3. Amendes", 1.0),
    ],
)
def test_a_number_that_leads_a_heading_is_that_of_an_article(
    question: str, heading: str, expected: float
) -> None:
    held = ["amende", *numbered(["Règlement", heading])]
    assert missing(identifiers(words(question)), held) == expected

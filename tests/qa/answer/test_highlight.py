"""What a question or an introduction is followed by is highlighted, not the question."""

from __future__ import annotations

import pytest

from documents.types import Span
from documents.wording.sentences import sentences
from qa.answer.highlight import answering


def highlighted(text: str, best: str, question: str = "", language: str = "fr") -> str:
    """Return what is highlighted if this sentence matches best."""
    start = text.index(best)
    span = answering(text, language, Span(start, start + len(best)), question)
    return text[slice(*span)]


FUITE = "Q : Comment relever ?\nR : Ouvrez le regard.\n\nQ : Que faire ?\nR : Fermez le robinet."
LISTE = "Documents à fournir :\n\n- un passeport\n- deux photos\n\nLe délai est d’un mois."


@pytest.mark.parametrize(
    ("text", "best", "expected", "language"),
    [
        (FUITE, "Q : Que faire ?", "R : Fermez le robinet.", "fr"),
        (FUITE, "Q : Comment relever ?", "R : Ouvrez le regard.", "fr"),
        (FUITE, "R : Ouvrez le regard.", "R : Ouvrez le regard.", "fr"),
        ("Q: Who pays?\nA: The tenant pays.", "Q: Who pays?", "A: The tenant pays.", "en"),
        ("What is it? Who needs it? Everyone.", "What is it?", "Everyone.", "en"),
        (LISTE, "Documents à fournir :", "- un passeport", "fr"),
        ("To bring:\n\n* a passport\n* a photo", "To bring:", "* a passport", "en"),
        ("Pièces :\n- pour l’enfant :\n  - un acte", "Pièces :", "- un acte", "fr"),
        ("**Qui paie ?**\n\nLe locataire.", "**Qui paie ?**", "Le locataire.", "fr"),
        ("Et après ? !\n\nOn recommence.", "Et après ? !", "On recommence.", "fr"),
    ],
)
def test_what_follows_a_question_or_an_introduction(
    text: str, best: str, expected: str, language: str
) -> None:
    assert highlighted(text, best, language=language) == expected


@pytest.mark.parametrize(
    ("best", "language"),
    [
        ("« Que faire en cas de fuite ? »", "fr"),
        ("Q : « Que faire ? »", "fr"),
        ("— “What shall I do?”", "en"),
        ('"What shall I do?"', "en"),
        ("(Que faire ?)", "fr"),
        ("Elle demande : « Que faire ? »", "fr"),
    ],
)
def test_a_question_in_quotes_is_one(best: str, language: str) -> None:
    assert highlighted(f"{best}\n\nFermez tout.", best, language=language) == "Fermez tout."


@pytest.mark.parametrize(
    "best",
    [
        "Remplissez le formulaire « Qui êtes-vous ? »",
        "- le formulaire “Who are you?”",
        "Le guide « Que faire ? » est gratuit.",
        "La réunion est à 10:30.",
        "Fermez tout !",
    ],
)
def test_a_statement_that_names_a_question_is_none(best: str) -> None:
    assert highlighted(f"{best}\n\nFermez tout.", best) == best


@pytest.mark.parametrize("text", ["Que faire ?", "Ouvrez. Que faire ?", "Que faire ?\n\nOù ?"])
def test_it_stays_where_nothing_follows(text: str) -> None:
    assert highlighted(text, "Que faire ?") == "Que faire ?"


TERMES = "Validité\n\n10 ans\n\nFormat\n\nCarte bancaire"


@pytest.mark.parametrize(
    ("question", "best", "expected", "language"),
    [
        ("Quelle est la validité de la carte ?", "Validité", "10 ans", "fr"),
        ("Quel est le format ?", "Format", "Carte bancaire", "fr"),
        ("Qu’est-ce qui dure 10 ans ?", "10 ans", "10 ans", "fr"),
        ("Quelle carte ?", "Carte bancaire", "Carte bancaire", "fr"),
        ("Quelle est la durée de la carte ?", "Validité", "Validité", "fr"),
    ],
)
def test_a_line_that_only_repeats_the_question_is_not_the_answer(
    question: str, best: str, expected: str, language: str
) -> None:
    assert highlighted(TERMES, best, question, language) == expected


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("The sea is calm.\n\nThe king sleeps.", "The sea is calm."),
        ("- the calm sea\n- the king", "- the calm sea"),
        ("* the calm sea\n\n* the king", "* the calm sea"),
        ("the calm sea\nthe king", "the calm sea\nthe king"),
    ],
)
def test_a_sentence_or_an_item_that_repeats_the_question_may_be_the_answer(
    text: str, best: str
) -> None:
    assert highlighted(text, best, "Is the sea calm?", "en") == best


@pytest.mark.parametrize("text", [FUITE, LISTE, TERMES])
def test_it_is_always_a_sentence_of_the_text(text: str) -> None:
    spans = sentences(text, "fr")
    assert all(answering(text, "fr", best, "Que faire du format ?") in spans for best in spans)


TABLE = (
    "| Property | A 300 | A 500 |\n|---|---|---|\n| Weight | 1 kg | 2 kg |\n| Price | 3 $ | 4 $ |"
)


@pytest.mark.parametrize("best", ["| Property | A 300 | A 500 |", "Property | A 300"])
def test_of_the_header_of_a_table_it_is_the_row_that_is_asked_for(best: str) -> None:
    text = f"Before.\n\n{TABLE}\n\n| Other | Price |"
    start = text.index(best)
    found = answering(text, "en", Span(start, start + len(best)), "What is the price of the A 500?")
    assert text[slice(*found)] == "| Price | 3 $ | 4 $ |"


def test_a_row_of_a_table_stays_what_it_is() -> None:
    start = TABLE.index("| Weight")
    best = Span(start, start + len("| Weight | 1 kg | 2 kg |"))
    assert answering(TABLE, "en", best, "What is the price?") == best

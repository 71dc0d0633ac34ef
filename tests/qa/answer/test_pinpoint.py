"""Which of the spans that a reader finds is shown, if any."""

from __future__ import annotations

import pytest

from documents.types import Passage, Span
from qa.answer.pinpoint import CLEAR, SURE, Offer, pieces, pinpoint, whole


def passage(text: str) -> Passage:
    return Passage("p#0-1", "p", 0, len(text), text, (), "fr")


def offers(text: str, *found: tuple[str, float]) -> list[Offer]:
    """Offer parts of a text, each in its sentence."""
    sentences, _ = pieces(text, Span(0, 0))
    made = []
    for answer, score in found:
        at = text.index(answer)
        sentence = next(s for s in sentences if s.start <= at < s.end)
        made.append(Offer(sentence, Span(at, at + len(answer)), score))
    return made


def shown(question: str, text: str, *found: tuple[str, float]) -> str | None:
    """Return the answer that is shown where the first sentence matches best."""
    sentences, _ = pieces(text, Span(0, 0))
    place = pinpoint(question, passage(text), sentences[0], offers(text, *found))
    return text[slice(*place.answer)] if place and place.answer else None


HEATING = "Le chauffage coûte 80 €. L’eau coûte 35 €."


def test_the_words_of_the_question_say_whose_sum_it_is() -> None:
    assert shown("Combien coûte le chauffage ?", HEATING, ("80", 4), ("35", 9)) is None
    assert shown("Combien coûte le chauffage ?", HEATING, ("80", 9), ("35", 4)) == "80 €"


def test_what_is_not_sure_and_clear_is_not_shown() -> None:
    question, text = "Quand ?", "Le lundi matin. Le mardi soir."
    assert shown(question, text, ("lundi", SURE), ("mardi", SURE - CLEAR)) == "lundi"
    assert shown(question, text, ("lundi", SURE - 0.1)) is None
    assert shown(question, text, ("lundi", 5), ("mardi", 5.1 - CLEAR)) is None


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("Le vote est-il permis ?", "Le vote est permis.", "Le vote"),
        ("Combien ?", "| Adulte | 5 € | 6 € |", "5"),
        ("Qui vient ?", "Les rois suivants :", "rois"),
    ],
)
def test_what_says_nothing_more_is_not_shown(question: str, text: str, answer: str) -> None:
    assert shown(question, text, (answer, 9)) is None


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("Au moins vingt et un jours avant.", "un jours", "vingt et un jours"),
        ("Il paie 28,75 $ par mois.", "28,75", "28,75 $"),
        ("Il paie 1\u202f500\u00a0€ par mois.", "500", "1\u202f500\u00a0€"),
        ("It costs $4.50, or less.", "4.50", "$4.50"),
        ("On 12 March.", "12 March", "12 March"),
        ("En 2019, 300 rois sont venus.", "300", "300"),
        ("En 2019 300 rois sont venus.", "300", "300"),
        ("Les salles 7, 8 et 9.", "8", "8"),
        ("Il paie 1 234 567,50 € par an.", "234", "1 234 567,50 €"),
        ("It costs 1,234.50 a year.", "234", "1,234.50"),
        ("Version 3.2.1 du règlement.", "2", "3.2.1"),
        ("Salle 12. Il paie 5 €.", "12", "12"),
    ],
)
def test_numbers_are_whole(text: str, part: str, expected: str) -> None:
    (offer,) = offers(text, (part, 1))
    assert text[slice(*whole(text, offer))] == expected

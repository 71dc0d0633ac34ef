"""The signals of the confidence, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from documents.types import Passage
from index.late.scoring import LateScores
from index.search.ranking import Query, Ranking
from qa.answer.confidence import INTERCEPT, WEIGHTS, Features, confidence, measure
from tests.fakes import FakeEncoder


def query(text: str) -> Query:
    encoded = FakeEncoder().encode_queries([text])
    return Query(text, "en", encoded.pooled[0], encoded.tokens[0])


def passage(text: str, *context: str, language: str = "en") -> Passage:
    return Passage("d#0", "d", 0, len(text), text, (), language, context=context)


EMPTY = passage("-")
SIGNALS = len(Features._fields)


def ranking(scores: list[float], cosines: list[float]) -> Ranking:
    """Rank as many passages as there are scores; the cosines are those of the first."""
    n = len(scores)
    ones, tokens = np.ones(n, dtype=np.float32), np.array(cosines, dtype=np.float32)
    spans = np.zeros((n, 2), np.int32)
    late = LateScores(ones, ones, spans, np.tile(tokens[:, None], n))
    return Ranking(np.arange(n), np.array(scores, dtype=np.float32), late, ones)


def test_the_lead_is_over_the_second() -> None:
    found = measure(query("cat"), ranking([0.9, 0.7, 0.5], [1.0]), EMPTY)
    assert found.lead == pytest.approx(0.2)


def test_a_passage_without_rivals_has_no_lead() -> None:
    assert measure(query("cat"), ranking([0.9], [1.0]), EMPTY).lead == 0


def of(question: str, text: str, *context: str, language: str = "en") -> Features:
    """Measure a question on a passage whose one sentence is marked, all cosines a half."""
    asked = query(question)
    ranked = ranking([0.9, 0.1], [0.5] * int(asked.tokens.own.sum()))
    ranked.late.spans[0] = (0, len(text))
    return measure(asked, ranked, passage(text, *context, language=language))


def test_a_value_that_is_missing_is_evidence_and_no_veto() -> None:
    missing, given = (of("How many pages?", t) for t in ("A thick book.", "It has forty pages."))
    assert (missing.value_elsewhere, missing.value_missing) == (1, 1)
    assert (given.value_elsewhere, given.value_missing) == (0, 0)
    assert (given.value_given, missing.value_given) == (1, 0)
    assert confidence(missing) > 0.01 * confidence(given)


def test_a_value_in_another_sentence() -> None:
    asked, text = query("How many pages?"), "A thick book. It has forty pages."
    ranked = ranking([0.9, 0.1], [0.5] * 3)
    ranked.late.spans[0] = (0, 13)
    found = measure(asked, ranked, passage(text))
    assert (found.value_elsewhere, found.value_missing) == (1, 0)


def test_a_name_that_the_question_says_itself_is_no_answer() -> None:
    assert of("Who led it before Ann Bell?", "today it is Ann Bell").named_elsewhere > 0.5
    assert of("Who leads it?", "today it is Ann Bell").named_elsewhere == 0


def test_identifiers_of_text_and_context() -> None:
    found = of("Que dit l'article L. 2001-3 ?", "Il est enlevé.", "Article L. 2001-3")
    assert (found.identifier_missing, found.identifier_found) == (0, 1)
    other = of("Que dit l'article L. 2001-3 ?", "Il est enlevé.", "Article L. 2001-1")
    assert (other.identifier_missing, other.identifier_found) == (1, 0)
    assert of("Who won?", "France won.").identifier_found == 0


def test_what_is_left_of_the_question() -> None:
    assert of("What is the salary?", "The salary is high.").left == 0
    assert of("What is the salary?", "She sleeps.").left == pytest.approx(0.5)
    assert of("What is the salary?", "She sleeps.").left_across == 0
    assert of("What is the salary?", "Elle dort.", language="fr").left_across == pytest.approx(0.5)


def test_a_name_that_is_absent_counts_in_one_language() -> None:
    assert of("Where is Hugo?", "She sleeps.").name_absent == pytest.approx(0.15)
    assert of("Where is Hugo?", "Elle dort.", language="fr").name_absent == 0


@pytest.mark.parametrize(
    ("question", "context", "same"),
    [
        ("Comment inscrire un enfant ?", ("FAQ", "Inscrire un enfant"), True),
        ("Qu’est-ce que l’accès libre ?", ("L'ACCES LIBRE",), True),
        ("How do I renew a loan?", ("Loans", "Renew a loan"), True),
        ("How do I renew a card?", ("Loans", "Renew a loan"), False),
        ("Horaires ?", ("Horaires",), False),  # one word is said of many things
        ("How do I renew a loan?", (), False),
    ],
)
def test_a_heading_with_the_words_of_the_question(
    question: str, context: tuple[str, ...], same: bool
) -> None:
    cosines = [0.5] * int(query(question).tokens.own.sum())
    found = measure(query(question), ranking([0.9, 0.1], cosines), passage("-", *context))
    assert found.heading == same


def test_the_model_is_the_logistic_of_the_weighted_sum() -> None:
    assert confidence(Features(*[0.0] * SIGNALS)) == pytest.approx(1 / (1 + math.exp(-INTERCEPT)))
    logit = INTERCEPT + 0.1 * (WEIGHTS.lead + WEIGHTS.covered)
    assert confidence(Features(0.1, 0.1, *[0.0] * (SIGNALS - 2))) == pytest.approx(
        1 / (1 + math.exp(-logit))
    )


@pytest.mark.parametrize("extreme", [-1e6, 1e6])
def test_it_is_always_a_probability(extreme: float) -> None:
    assert 0 <= confidence(Features(*[extreme] * 3, *[0.0] * (SIGNALS - 3))) <= 1


def test_each_signal_has_the_sign_it_should() -> None:
    for_it = (
        WEIGHTS.lead,
        WEIGHTS.covered,
        WEIGHTS.heading,
        WEIGHTS.identifier_found,
        WEIGHTS.peak,
    )
    against = (
        WEIGHTS.identifier_missing, WEIGHTS.value_elsewhere, WEIGHTS.value_missing,
        WEIGHTS.named_elsewhere, WEIGHTS.left, WEIGHTS.turned, WEIGHTS.name_absent,
    )  # fmt: skip
    assert min(for_it) > 0 > max(against)

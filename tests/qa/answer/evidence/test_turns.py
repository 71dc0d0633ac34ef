"""Words that turn a question round need a counterpart in what answers."""

from __future__ import annotations

import pytest

from index.lexical.analysis import words
from qa.answer.evidence.turns import turned


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("Qui dirigeait Mila avant Hugo ?", "Hugo dirige Mila.", True),
        ("Qui dirigeait Mila avant Hugo ?", "Avant Hugo, Anne dirigeait.", False),
        ("Who was the first king?", "The king sleeps.", True),
        ("Who was the first king?", "Le premier roi dort.", False),
        ("Who is the former director?", "L’ancienne directrice est Anne.", False),
        ("Qui est l’ancien directeur ?", "The director is Anne.", True),
        ("Who is the king?", "The king sleeps.", False),
        ("Which monarchs came last fall?", "Des rois sont venus.", False),
        ("Qui est venu l’an dernier ?", "Un roi est venu en 2024.", False),
        ("Qui est le dernier roi ?", "Le roi dort.", True),
        ("Who looks after the cat?", "The cat sleeps.", False),
        ("Who came after the cat?", "The cat sleeps.", True),
    ],
)
def test_words_that_turn_a_question_round(question: str, text: str, expected: bool) -> None:
    assert turned(words(question), set(words(text))) == expected

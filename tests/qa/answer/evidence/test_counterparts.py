"""What is left of a question when names and words found are taken away."""

from __future__ import annotations

import numpy as np
import pytest

from documents.types import Passage
from index.lexical.analysis import words
from index.search.ranking import Query
from qa.answer.evidence.counterparts import CLOSE, Counterparts
from tests.fakes import FakeEncoder


def counterparts(
    question: str, text: str, cosines: list[list[float]], language: str = "en"
) -> Counterparts:
    encoded = FakeEncoder().encode_queries([question])
    query = Query(question, "en", encoded.pooled[0], encoded.tokens[0])
    passage = Passage("d#0", "d", 0, len(text), text, (), language)
    tokens = np.array(cosines, dtype=np.float32)
    return Counterparts.of(query, tokens, passage, set(words(text)))


def test_names_and_words_found_are_taken_away() -> None:
    found = counterparts("salary of Hugo", "Hugo leads.", [[0.4, 0.2], [0.1, 0.1], [0.9, 0.9]])
    assert found.left.tolist() == [True, False]
    assert found.gap() == pytest.approx(0.6)
    assert found.peak(10) == pytest.approx(0.2)
    assert counterparts("salaries of Hugo", "His salary", [[0.4], [0.1], [0.9]]).gap() == 0


def test_a_word_is_found_by_its_stem_or_across_languages_by_its_beginning() -> None:
    assert counterparts("festivals", "a festival", [[0.4]]).found.all()
    assert counterparts("festivals", "un festival", [[0.4]], "fr").found.all()
    assert not counterparts("prices", "un prix", [[0.4]], "fr").found.any()


def test_a_name_that_no_candidate_holds() -> None:
    cosines = [[0.4, 0.2], [0.3, CLOSE - 0.1]]
    assert counterparts("salary Hugo", "She leads.", cosines).absent() == pytest.approx(0.1)
    assert counterparts("salary Hugo", "Hugo leads.", cosines).absent() == 0
    assert counterparts("salary Hugo", "She leads.", [[0.4, 0.2], [0.3, 0.9]]).absent() == 0


def test_days_are_no_names() -> None:
    assert not counterparts("open Monday", "-", [[0.4], [0.4]]).name.any()


def test_nothing_is_left_of_stop_words() -> None:
    found = counterparts("where is it", "-", [[0.1], [0.2], [0.3]])
    assert (found.gap(), found.peak(10), found.absent()) == (0, 0, 0)

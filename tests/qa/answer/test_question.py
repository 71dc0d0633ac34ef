"""Questions are checked before anything is made of them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import EmptyQuestion, InvalidQuestion, QuestionError, QuestionTooLong
from qa.question import MAX_LENGTH, check_question, for_query
from qa.wire.schemas import QUESTION_SCHEMA


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0\u202f"])
def test_empty(text: str) -> None:
    with pytest.raises(EmptyQuestion):
        check_question(text)


def test_the_longest_question_is_accepted_and_one_more_is_not() -> None:
    assert check_question("é" * MAX_LENGTH) == "é" * MAX_LENGTH
    with pytest.raises(QuestionTooLong, match="1001"):
        check_question("é" * (MAX_LENGTH + 1))
    with pytest.raises(QuestionTooLong, match="1001"):
        check_question("Qui ?".rjust(MAX_LENGTH + 1))


@given(st.text("aé \n\u00a0\x0b\x1f\x85\u2028?", max_size=8))
def test_what_is_accepted_is_what_the_interface_describes(text: str) -> None:
    # Python's own expressions lack the classes of letters and of digits.
    pattern = QUESTION_SCHEMA["pattern"].replace(r"[\p{L}\p{N}]", r"[^\W_]")
    described = re.search(pattern, text) is not None
    try:
        check_question(text)
    except QuestionError:
        assert not described
    else:
        assert described


@pytest.mark.parametrize(
    "text", ["a\0b", "a\x1b[31m", "a\ud800", "\x1fa", "a\x85", "?!…", "😀", "—"]
)
def test_invalid(text: str) -> None:
    with pytest.raises(InvalidQuestion):
        check_question(text)


def test_space_around_a_question_is_taken_off() -> None:
    assert check_question("\n Qui ?\u00a0") == "Qui ?"


def test_a_question_over_two_lines_is_one() -> None:
    assert check_question("Qui\nest-ce ?") == "Qui\nest-ce ?"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Qu’est-ce que l’IA ?", "Qu'est-ce que l'IA ?"),
        ("Combien\u00a0?", "Combien ?"),
        ("QUI PRÉSIDE MILA ?", "qui préside mila ?"),
        ("Qui préside MILA ?", "Qui préside MILA ?"),
        (unicodedata.normalize("NFD", "Où est l'été ?"), "Où est l'été ?"),
        ("«\u202fhub\u202f»", '"hub"'),
    ],
)
def test_spelling_habits_do_not_reach_the_encoder(typed: str, read: str) -> None:
    assert for_query(typed) == read


@given(st.text(max_size=2000))
def test_any_text_is_checked_or_refused(text: str) -> None:
    try:
        question = check_question(text)
    except QuestionError:
        return
    assert question == text.strip()
    assert for_query(question).strip()

"""A question as it may be asked: checked, and put in the form that is encoded."""

from __future__ import annotations

import re
import unicodedata

from index.text import for_encoder
from qa.errors import EmptyQuestion, InvalidQuestion, QuestionTooLong

_SPACED_GUILLEMET = re.compile(r"[«‹]\s*|\s*[»›]")
MAX_LENGTH = 1000
"""The longest question, in code points."""


def check_question(text: str) -> str:
    """Return the question without the space around it.

    Raises:
        EmptyQuestion: there is nothing but space.
        QuestionTooLong: it has more than ``MAX_LENGTH`` code points, space included.
        InvalidQuestion: it holds control characters or lone surrogates, or no letter and no digit.
    """
    question = text.strip()
    if not question:
        raise EmptyQuestion("the question is empty: ask something in French or English")
    # As it came: the interface's description counts space too, some of which is no plain text.
    if len(text) > MAX_LENGTH:
        raise QuestionTooLong(
            f"the question has {len(text)} characters, more than {MAX_LENGTH}: shorten it"
        )
    if any(map(_is_unreadable, text)):
        raise InvalidQuestion(
            "the question holds control characters or broken Unicode: send it as plain UTF-8 text"
        )
    if not any(map(str.isalnum, question)):
        raise InvalidQuestion("the question holds no letter and no digit: ask it in words")
    return question


def for_query(question: str) -> str:
    """Return the question as the encoder reads it: composed (NFC), plain, not all in capitals."""
    text = for_encoder(_SPACED_GUILLEMET.sub('"', unicodedata.normalize("NFC", question)))
    return text.lower() if text.isupper() else text


def _is_unreadable(character: str) -> bool:
    # Cc: control characters, NUL among them; Cs: surrogates that belong to no pair.
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r"

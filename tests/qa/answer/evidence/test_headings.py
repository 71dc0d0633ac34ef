"""A question that is a heading."""

from __future__ import annotations

import pytest

from index.lexical.analysis import words
from qa.answer.evidence.headings import is_heading


@pytest.mark.parametrize(
    ("question", "heading", "expected"),
    [
        ("Puis-je avoir un animal ?", "Puis-je avoir un animal", True),
        ("horaires de la piscine", "Les horaires de la piscine", True),
        ("Puis-je avoir un animal ?", "Animal", False),
        ("horaires", "Horaires", False),
    ],
)
def test_it_has_the_words_of_one_text(question: str, heading: str, expected: bool) -> None:
    assert is_heading(words(question), [words("Une autre ligne"), words(heading)]) == expected

"""Lines of a page: how large their letters are."""

from __future__ import annotations

from typing import cast

import pytest

from documents.formats.pdf.characters import Box, Characters
from documents.formats.pdf.lines import page_lines


class Letters:
    """Letters in a row, those that stand high higher than the others, as in a Type 3 font."""

    def __init__(self, words: str) -> None:
        """Take the letters."""
        self._words = words

    def box(self, at: int) -> Box:
        """Return the room of a letter."""
        top = {"À": 19.0, "l": 17.0, ".": 1.0, "-": 2.0}.get(self._words[at], 10.0)
        return Box(6.0 * at, 0.0, 6.0 * at + 5, top)


@pytest.mark.parametrize("words", ["À aucun moment on ne remue.", "- aucun moment", "aucun."])
def test_a_line_is_as_high_as_most_of_its_letters(words: str) -> None:
    [line] = page_lines(cast("Characters", Letters(words)), list(words))
    assert line.size == 10.0

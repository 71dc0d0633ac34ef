"""A question that is a heading: what stands below it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.lexical.analysis import without_stop_words


def is_heading(question: Sequence[str], above: Iterable[Sequence[str]]) -> bool:
    """Tell whether a question has the words of one text of the context, two at the least.

    Stop words are left out.

    Args:
        question: its words, as they are searched.
        above: the words of each text of a passage's context.
    """
    said = set(without_stop_words(question))
    return len(said) > 1 and any(said == set(without_stop_words(text)) for text in above)

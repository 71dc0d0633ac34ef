"""Which part of a long passage is read: whole sentences around the one that is marked."""

from __future__ import annotations

from collections.abc import Sequence

from documents.types import Span


def window(
    sentences: Sequence[Span], tokens: Sequence[int], marked: int, budget: int, after: bool = True
) -> Span:
    """Return the range of as many sentences as the budget allows, the marked one among them.

    Args:
        sentences: in order, without overlap.
        tokens: of each sentence.
        marked: the place of the sentence around which the others are taken in turn.
        budget: the most tokens; the marked sentence is taken whatever it has.
        after: whether the sentence after the marked one is taken first, or the one before it.
    """
    first = last = marked
    left = budget - tokens[marked]
    while True:
        sides = (last + 1, first - 1) if after else (first - 1, last + 1)
        fits = [at for at in sides if 0 <= at < len(sentences) and tokens[at] <= left]
        if not fits:
            return Span(sentences[first].start, sentences[last].end)
        left -= tokens[fits[0]]
        first, last = min(first, fits[0]), max(last, fits[0])
        after = not after

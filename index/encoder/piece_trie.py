"""The pieces of a vocabulary as a trie in one memory-mapped array, which opens at once.

Each row is a node, level by level. The children of a node are consecutive, sorted by character.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Nodes = NDArray[np.int32]
"""``(n + 1, 3) int32``: the last character of a node, its first child, and the id of its piece.

The id is -1 where no piece ends at the node. The last row holds 0, n and the number of pieces.
"""
_NONE: Final = -1


class PieceTrie:
    """Finds the pieces that stand at a place of a text."""

    def __init__(self, nodes: Nodes) -> None:
        """Use an array that ``trie_of`` returned.

        Raises:
            ValueError: it is damaged.
        """
        if nodes.shape[1:] != (3,) or not len(nodes) or nodes[-1, 1] != len(nodes) - 1:
            raise ValueError("the vocabulary is damaged")
        self._pieces = int(nodes[-1, 2])
        # Reading one number of a view takes a third of the time of reading it from an array.
        self._labels, self._children, self._ends = (view(column) for column in nodes.T)

    def __len__(self) -> int:
        """Return the number of pieces."""
        return self._pieces

    def starting(self, text: str, first: int) -> Iterator[tuple[int, int]]:
        """Yield the pieces that begin at a character: the end of each in the text, and its id."""
        node, last = 0, first
        while last < len(text):
            label, stop = ord(text[last]), self._children[node + 1]
            node = bisect_left(self._labels, label, self._children[node], stop)
            if node == stop or self._labels[node] != label:
                return
            last += 1
            if self._ends[node] != _NONE:
                yield last, self._ends[node]


def view(array: NDArray[Any]) -> memoryview[Any]:
    """Return a view whose items are numbers of Python."""
    return memoryview(array)  # type: ignore[arg-type] # numpy's arrays are buffers


def trie_of(pieces: Sequence[str]) -> Nodes:
    """Make a trie of pieces that are neither empty nor repeated; the id of a piece is its place."""
    order = sorted(range(len(pieces)), key=pieces.__getitem__)
    names = [pieces[number] for number in order]
    rows: list[tuple[int, int, int]] = []
    waiting = [(0, range(len(names)), 0)]
    for label, names_here, depth in waiting:
        is_end = len(names_here) > 0 and len(names[names_here[0]]) == depth
        rows.append((label, len(waiting), order[names_here[0]] if is_end else _NONE))
        waiting.extend(_children(names, names_here[is_end:], depth))
    return np.array([*rows, (0, len(waiting), len(pieces))], dtype=np.int32)


def _children(names: Sequence[str], group: range, depth: int) -> Iterator[tuple[int, range, int]]:
    """Yield the groups of names whose next character is the same."""
    for character, members in groupby(group, lambda place: names[place][depth]):
        places = list(members)
        yield ord(character), range(places[0], places[-1] + 1), depth + 1

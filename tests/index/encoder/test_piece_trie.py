"""A trie finds every piece that begins at a place, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import mapped
from index.encoder.piece_trie import PieceTrie, trie_of

ALPHABET = "abé漢\U0001f600"


def test_nodes_stand_level_by_level() -> None:
    expected = [
        [0, 1, -1],  # the root; its children begin at row 1
        [ord("a"), 3, 1],
        [ord("b"), 4, -1],
        [ord("b"), 5, 0],  # "ab"
        [ord("a"), 5, 2],  # "ba"
        [0, 5, 3],
    ]
    assert trie_of(["ab", "a", "ba"]).tolist() == expected


def test_it_is_read_from_a_file(tmp_path: Path) -> None:
    np.save(tmp_path / "trie.npy", trie_of(["chat", "ch", "at"]))
    trie = PieceTrie(mapped(tmp_path / "trie.npy"))
    assert len(trie) == 3
    assert list(trie.starting("le chat", 3)) == [(5, 1), (7, 0)]
    assert list(trie.starting("le chat", 5)) == [(7, 2)]
    assert list(trie.starting("le cha", 3)) == [(5, 1)]
    assert list(trie.starting("le", 2)) == []


def test_no_pieces() -> None:
    assert list(PieceTrie(trie_of([])).starting("a", 0)) == []


@given(
    st.lists(st.text(ALPHABET, min_size=1, max_size=5), unique=True, max_size=30),
    st.text(ALPHABET, max_size=12),
    st.integers(0, 12),
)
def test_it_finds_what_a_search_finds(pieces: list[str], text: str, first: int) -> None:
    found = list(PieceTrie(trie_of(pieces)).starting(text, first))
    expected = [
        (first + len(piece), number)
        for number, piece in enumerate(pieces)
        if text.startswith(piece, first)
    ]
    assert found == sorted(expected)


@pytest.mark.parametrize(
    "nodes",
    [np.zeros((2, 3)), np.zeros((0, 3)), np.zeros((1, 2)), np.zeros(3), trie_of(["ab", "a"])[:-1]],
)
def test_damage_is_noticed(nodes: np.ndarray) -> None:
    with pytest.raises(ValueError, match="damaged"):
        PieceTrie(nodes.astype(np.int32))

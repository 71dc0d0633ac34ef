"""A unigram tokeniser that opens at once: the library's, with a memory-mapped vocabulary.

The tokenizers library takes 300 ms and 100 MB to read a vocabulary of 115,000 pieces, of which a
question needs some fifty; this module takes 6 ms and 4 MB (docs/speed.md). The library still
normalises a text, splits it into words and keeps offsets. This module only cuts a word into pieces:
the most probable ones, by Viterbi (Kudo, "Subword regularization", 2018), as
``Unigram::encode_optimized`` of the library does.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from tokenizers import Encoding, PreTokenizedString, Token, Tokenizer

from index.arrays import mapped
from index.encoder.piece_trie import PieceTrie, trie_of, view

TOKENISER: Final = "tokenizer.json"
_SHELL: Final = "words.json"
_PIECES, _SCORES = "pieces.npy", "scores.npy"
_PENALTY: Final = 10.0
"""The score of an unknown character is this much below that of the least probable piece."""
_WORDS: Final = 10_000
"""How many words are kept in memory with their pieces."""


class _Part(NamedTuple):
    """A part of a word, ``[first:last]``: the id of its piece, None where no piece has it."""

    piece: int | None
    first: int
    last: int


class UnigramTokeniser:
    """Cuts texts into the same pieces as the tokeniser that was written to its folder."""

    def __init__(self, folder: Path) -> None:
        """Open what ``write_tokeniser`` wrote.

        Raises:
            OSError: a file is missing.
            ValueError: a file is damaged.
        """
        self._folder = folder
        shell = json.loads((folder / _SHELL).read_bytes())
        self._added: list[str] = shell.pop("added")
        self._unknown: int = shell.pop("unknown")
        self._library = Tokenizer.from_str(json.dumps(shell))
        self._trie, scores = PieceTrie(mapped(folder / _PIECES)), mapped(folder / _SCORES)
        if len(scores) != len(self._trie):
            raise ValueError("the vocabulary is damaged")
        self._scores, self._least = view(scores), float(scores.min()) - _PENALTY
        self._cut = lru_cache(_WORDS)(self._segment)

    def encode(self, text: str, add_special_tokens: bool = True) -> Encoding:
        """Return the pieces of a text, as ``tokenizers.Tokenizer.encode`` does."""
        if any(token in text for token in self._added):
            return self._whole.encode(text, add_special_tokens=add_special_tokens)
        words = PreTokenizedString(text)
        library: Any = self._library
        if library.normalizer is not None:
            words.normalize(library.normalizer.normalize)
        library.pre_tokenizer.pre_tokenize(words)
        words.tokenize(self._tokens)
        return self._library.post_process(words.to_encoding(), None, add_special_tokens)

    @cached_property
    def _whole(self) -> Tokenizer:
        """Return the library's tokeniser, which texts that contain special tokens need."""
        return Tokenizer.from_file(str(self._folder / TOKENISER))

    def _tokens(self, word: str) -> list[Token]:
        return [
            Token(identifier, text, (first, last))
            for identifier, text, first, last in self._cut(word)
        ]

    def _segment(self, word: str) -> tuple[tuple[int, str, int, int], ...]:
        """Return the pieces of a word: id, text, and range in bytes of UTF-8."""
        found, at = [], 0
        for piece, first, last in _joined(self._path(word)):
            size = len(word[first:last].encode())
            known = self._unknown if piece is None else piece
            found.append((known, word[first:last], at, at + size))
            at += size
        return tuple(found)

    def _path(self, word: str) -> list[_Part]:
        """Return the most probable pieces; a character that is in no piece is a part of its own."""
        best: list[float] = [0.0, *repeat(-math.inf, len(word))]
        parts = [_Part(None, 0, 0)] * (len(word) + 1)
        for first in range(len(word)):
            alone, score = False, best[first]
            for last, piece in self._trie.starting(word, first):
                alone = alone or last == first + 1
                if score + self._scores[piece] > best[last]:
                    best[last] = score + self._scores[piece]
                    parts[last] = _Part(piece, first, last)
            if not alone and score + self._least > best[first + 1]:
                best[first + 1] = score + self._least
                parts[first + 1] = _Part(None, first, first + 1)
        return _back(parts)


def write_tokeniser(folder: Path, tokeniser: Tokenizer) -> None:
    """Write a tokeniser into an existing folder, for ``open_tokeniser``."""
    tokeniser.save(str(folder / TOKENISER), pretty=False)
    state = json.loads(tokeniser.to_str())
    vocabulary = state["model"].get("vocab")
    if not _is_plain(state) or len(dict(vocabulary)) < len(vocabulary):
        return
    pieces, scores = zip(*vocabulary, strict=True)
    np.save(folder / _PIECES, trie_of(pieces))
    np.save(folder / _SCORES, np.array(scores, dtype=np.float64))
    shell = {
        **state,
        "added": [token["content"] for token in state["added_tokens"]],
        "unknown": state["model"]["unk_id"],
        "added_tokens": [],
        "model": {**state["model"], "vocab": [["<unk>", 0.0]], "unk_id": 0},
    }
    (folder / _SHELL).write_text(json.dumps(shell), encoding="utf-8")


def open_tokeniser(folder: Path) -> Tokenizer | UnigramTokeniser:
    """Open the tokeniser of a folder, the fastest way there is.

    Raises:
        Exception: a file is missing or damaged; the library raises many kinds.
    """
    if (folder / _SHELL).exists():
        return UnigramTokeniser(folder)
    return Tokenizer.from_file(str(folder / TOKENISER))


def _is_plain(state: dict[str, Any]) -> bool:
    model = state["model"]
    splits = state["pre_tokenizer"] is not None
    return bool(model["type"] == "Unigram" and splits and not model.get("byte_fallback"))


def _back(parts: Sequence[_Part]) -> list[_Part]:
    """Return the parts along the best path, first to last."""
    path, last = [], len(parts) - 1
    while last > 0:
        path.append(parts[last])
        last = parts[last].first
    return path[::-1]


def _joined(path: Iterable[_Part]) -> list[_Part]:
    """Join unknown characters that follow each other into one part."""
    joined: list[_Part] = []
    for part in path:
        both = joined and part.piece is None and joined[-1].piece is None
        joined[-1:] = [joined[-1]._replace(last=part.last)] if both else [*joined[-1:], part]
    return joined

"""A unigram tokeniser that is ready at once: the library's, with its vocabulary memory-mapped.

The tokenizers library takes a third of a second and 100 MB to make a trie of 100,000 pieces, where
a question needs the fifty it is made of. Here the library still normalises, splits into words and
keeps offsets; only a word is cut into pieces by this module (Kudo, "Subword regularization", 2018:
the most probable segmentation, by Viterbi), the way ``Unigram::encode_optimized`` does.
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

from index.piece_trie import PieceTrie, trie_of, view
from index.rows import mapped

TOKENISER: Final = "tokenizer.json"
_SHELL: Final = "words.json"
_PIECES, _SCORES = "pieces.npy", "scores.npy"
_PENALTY: Final = 10.0
"""How much less probable than the least probable piece an unknown character is."""
_WORDS: Final = 10_000
"""How many words are remembered in pieces."""


class _Part(NamedTuple):
    """A part of a word, ``[first:last]``: the piece of this number, or of none."""

    number: int | None
    first: int
    last: int


class UnigramTokeniser:
    """Cuts texts as the tokeniser does whose folder it opens."""

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
        """Return the library's tokeniser: it alone knows special tokens inside of texts."""
        return Tokenizer.from_file(str(self._folder / TOKENISER))

    def _tokens(self, word: str) -> list[Token]:
        return [
            Token(number, piece, (first, last)) for number, piece, first, last in self._cut(word)
        ]

    def _segment(self, word: str) -> tuple[tuple[int, str, int, int], ...]:
        """Return the pieces of a word: id, text, and range in bytes of UTF-8."""
        found, at = [], 0
        for number, first, last in _joined(self._path(word)):
            size = len(word[first:last].encode())
            known = self._unknown if number is None else number
            found.append((known, word[first:last], at, at + size))
            at += size
        return tuple(found)

    def _path(self, word: str) -> list[_Part]:
        """Return the most probable pieces; characters that no piece has stand alone."""
        best: list[float] = [0.0, *repeat(-math.inf, len(word))]
        parts = [_Part(None, 0, 0)] * (len(word) + 1)
        for first in range(len(word)):
            alone, score = False, best[first]
            for last, number in self._trie.starting(word, first):
                alone = alone or last == first + 1
                if score + self._scores[number] > best[last]:
                    best[last] = score + self._scores[number]
                    parts[last] = _Part(number, first, last)
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
    """Make one of the unknown characters that stand together."""
    joined: list[_Part] = []
    for part in path:
        both = joined and part.number is None and joined[-1].number is None
        joined[-1:] = [joined[-1]._replace(last=part.last)] if both else [*joined[-1:], part]
    return joined

"""A unigram tokeniser that is ready at once: the library's, with its vocabulary as a plain table.

The tokenizers library takes a third of a second and 100 MB to make a trie of 100,000 pieces, where
a question needs the fifty it is made of. Here the library still normalises, splits into words and
keeps offsets; only a word is cut into pieces by this module (Kudo, "Subword regularization", 2018:
the most probable segmentation, by Viterbi), the way ``Unigram::encode_optimized`` does.
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from tokenizers import Encoding, PreTokenizedString, Token, Tokenizer

TOKENISER: Final = "tokenizer.json"
_SHELL: Final = "words.json"
_PIECES, _SCORES = "pieces.txt", "scores.npy"
_PENALTY: Final = 10.0
"""How much less probable than the least probable piece an unknown character is."""
_WORDS: Final = 10_000
"""How many words are remembered in pieces."""


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
        pieces = (folder / _PIECES).read_text(encoding="utf-8").split("\n")
        self._ids = dict(zip(pieces, range(len(pieces)), strict=True))
        self._scores: list[float] = np.load(folder / _SCORES, allow_pickle=False).tolist()
        if len(self._scores) != len(self._ids):
            raise ValueError("the vocabulary is damaged")
        self._longest = max(map(len, pieces))
        self._least = min(self._scores) - _PENALTY
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
        for piece in self._joined(self._path(word)):
            size = len(piece.encode())
            found.append((self._ids.get(piece, self._unknown), piece, at, at + size))
            at += size
        return tuple(found)

    def _path(self, word: str) -> list[str]:
        """Return the most probable pieces; characters that no piece has stand alone."""
        length = len(word)
        best, begins = [0.0] + [-np.inf] * length, [0] * (length + 1)
        for first in range(length):
            alone = False
            for last in range(first + 1, min(length, first + self._longest) + 1):
                number = self._ids.get(word[first:last])
                if number is None:
                    continue
                alone = alone or last == first + 1
                if best[first] + self._scores[number] > best[last]:
                    best[last], begins[last] = best[first] + self._scores[number], first
            if not alone and best[first] + self._least > best[first + 1]:
                best[first + 1], begins[first + 1] = best[first] + self._least, first
        return _back(word, begins)

    def _joined(self, pieces: list[str]) -> list[str]:
        """Make one of the unknown characters that stand together."""
        joined: list[str] = []
        for piece in pieces:
            both = joined and piece not in self._ids and joined[-1] not in self._ids
            joined[-1:] = [joined[-1] + piece] if both else [*joined[-1:], piece]
        return joined


def write_tokeniser(folder: Path, tokeniser: Tokenizer) -> None:
    """Write a tokeniser into an existing folder, for ``open_tokeniser``."""
    tokeniser.save(str(folder / TOKENISER), pretty=False)
    state = json.loads(tokeniser.to_str())
    vocabulary = state["model"].get("vocab")
    if not _is_plain(state) or any("\n" in piece for piece, _ in vocabulary):
        return
    pieces, scores = zip(*vocabulary, strict=True)
    (folder / _PIECES).write_text("\n".join(pieces), encoding="utf-8", newline="\n")
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


def _back(word: str, begins: list[int]) -> list[str]:
    """Return the pieces along the best path, first to last."""
    pieces, last = [], len(word)
    while last > 0:
        pieces.append(word[begins[last] : last])
        last = begins[last]
    return pieces[::-1]

"""A question and a passage as one row of tokens, in training as in serving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from documents.types import Span
from index.text import for_encoder

QUESTION_TOKENS: Final = 40
CONTEXT_TOKENS: Final = 24
TEXT_TOKENS: Final = 96
"""The most tokens of each part that are read; what is longer is cut."""


class Tokeniser(Protocol):
    """What cuts a text into tokens: the library's tokeniser, or the one that opens at once."""

    def encode(self, text: str, *, add_special_tokens: bool = True) -> Any:
        """Return the tokens: ``ids``, and their ``offsets`` in code points."""


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """A passage, or a part of it, to be read.

    Attributes:
        context: title and section path of the passage; empty where there is none. A long one is
            shortened from its middle.
        text: what may answer; at most ``TEXT_TOKENS`` tokens of it are read.
        sentences: ranges of the text, in which to look for spans that answer, each alone.
    """

    context: str
    text: str
    sentences: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A question and a passage, ready to be read.

    Attributes:
        ids: ``(t,) int64``, the tokeniser's.
        first: the place in ``ids`` of the first token of the passage's text.
        offsets: ``(k, 2) int64``, half-open code-point ranges in the text of the k tokens from
            ``first`` on.
    """

    ids: NDArray[np.int64]
    first: int
    offsets: NDArray[np.int64]


class Composer:
    """Makes rows: ``<s> question </s> context </s> text </s>``, with the encoder's prompts."""

    def __init__(self, tokeniser: Tokeniser, query_prompt: str, passage_prompt: str) -> None:
        """Take the tokeniser and the prompts of the encoder."""
        self._tokeniser = tokeniser
        self._query_prompt, self._passage_prompt = query_prompt, passage_prompt
        self._begin, self._end = tokeniser.encode("").ids

    def compose(self, question: str, passage: ReaderInput) -> Row:
        """Return the row of a question and a passage."""
        asked = self._ids(self._query_prompt + question)[:QUESTION_TOKENS]
        context = _shortened(self._ids(self._passage_prompt + passage.context))
        before = [self._begin, *asked, self._end, *context, self._end]
        pieces = self._encode(passage.text)
        text = pieces.ids[:TEXT_TOKENS]
        offsets = np.array(pieces.offsets[: len(text)], dtype=np.int64).reshape(-1, 2)
        ids = np.array([*before, *text, self._end], dtype=np.int64)
        return Row(ids, len(before), offsets)

    def count(self, text: str) -> int:
        """Count the tokens of a text."""
        return len(self._ids(text))

    def _ids(self, text: str) -> list[int]:
        return list(self._encode(text).ids)

    def _encode(self, text: str) -> Any:
        return self._tokeniser.encode(for_encoder(text), add_special_tokens=False)


def _shortened(ids: list[int]) -> list[int]:
    """Leave out the middle: the title and the innermost heading say most."""
    half = CONTEXT_TOKENS // 2
    return ids if len(ids) <= CONTEXT_TOKENS else ids[:half] + ids[-half:]

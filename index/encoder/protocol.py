"""Texts become vectors: what every encoder offers, whatever computes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """The tokens of one text, special tokens and the prompt's included.

    Attributes:
        vectors: ``(t, d) float32, L2-normalised``.
        ids: ``(t,) int32``, the tokeniser's.
        offsets: ``(t, 2) int32``, half-open code-point ranges of the text as it was given;
            ``(0, 0)`` for tokens that are not of the text.
        own: ``(t,) bool``, true where the token is of the text itself.
    """

    vectors: Floats
    ids: NDArray[np.int32]
    offsets: NDArray[np.int32]
    own: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Encoding:
    """What one pass of the encoder makes of n texts.

    Attributes:
        pooled: ``(n, d) float32, L2-normalised``, one vector a text.
        tokens: n times the vectors of a text's tokens.
    """

    pooled: Floats
    tokens: tuple[TokenVectors, ...]


class Encoder(Protocol):
    """Encodes questions and passages. A text's vectors do not depend on its neighbours."""

    @property
    def dimension(self) -> int:
        """The length d of a vector."""

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Count the tokens of each text, without prompt and special tokens."""

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Encode questions, with the model's own prompt for them."""

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Encode passages, with the model's own prompt for them."""

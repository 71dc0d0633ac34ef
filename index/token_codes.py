"""The tokens of one passage as an index keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from documents.types import Span
from index.codec import Codes, encode
from index.encoding import Floats, TokenVectors


@dataclass(frozen=True, slots=True)
class TokenCodes:
    """The tokens of one passage, rounded.

    Attributes:
        codes: see ``index.codec``.
        radii: see ``index.codec``.
        starts: the first token of each sentence, ``(s,) int32``, from 0, rising strictly.
        spans: where each of these sentences stands in the passage's text, ``(s, 2) int32``.
    """

    codes: Codes
    radii: NDArray[np.float16]
    starts: NDArray[np.int32]
    spans: NDArray[np.int32]

    @classmethod
    def of(
        cls, tokens: TokenVectors, text: str, sentences: Sequence[Span], typical: Floats
    ) -> Self:
        """Round the tokens of a passage and tell in which of its sentences they stand."""
        kept = matchable(tokens, text)
        begins = [sentence.start for sentence in sentences]
        places = np.searchsorted(begins, tokens.offsets[kept, 1], side="left") - 1
        found, starts = np.unique(np.maximum(places, 0), return_index=True)
        codes, radii = encode(tokens.vectors[kept], typical)
        spans = np.array(sentences, dtype=np.int32)[found]
        return cls(codes, radii, starts.astype(np.int32), spans)


def matchable(tokens: TokenVectors, text: str) -> NDArray[np.int64]:
    """Return which tokens take part in matching: the text's own that hold a letter or a digit.

    Where there is none, all of the text's own; where there is not even that, all.
    """
    own = np.flatnonzero(tokens.own)
    words = [i for i in own if any(map(str.isalnum, text[slice(*tokens.offsets[i])]))]
    return np.array(words or own.tolist() or range(len(tokens.ids)), dtype=np.int64)

"""Late interaction: every token of the question looks for its best match in the passage.

MaxSim (Khattab and Zaharia, ColBERT, 2020): the mean, over the question's tokens, of the greatest
cosine with a token of the passage. The encoder pass that gives a text's pooled vector gives its
tokens' vectors too, so it costs no further encoding.

Cosines are taken in the frame of the collection (``index.frame``; Mu and Viswanath,
"All-but-the-top", 2018). Each sentence is scored like a passage of its own, so that one fact in a
long paragraph is found, and can be shown.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.codec import Codes
from index.encoding import Floats, TokenVectors
from index.errors import CorruptIndex
from index.frame import Frame, language_numbers
from index.products import products
from index.rows import mapped
from index.token_codes import TokenCodes


class LateScores(NamedTuple):
    """How well passages match a question's tokens; higher is better.

    Attributes:
        passages: MaxSim of each passage, ``(p,) float32`` in -1 to 1.
        sentences: MaxSim of each one's best sentence alone, ``(p,) float32``.
        spans: that sentence's range of its passage's text, ``(p, 2) int32``.
        tokens: the greatest cosine of each question token in each passage, ``(q, p) float32``.
    """

    passages: Floats
    sentences: Floats
    spans: NDArray[np.int32]
    tokens: Floats

    def at(self, order: NDArray[np.int64]) -> LateScores:
        """Return the scores of some of the passages, in this order."""
        return LateScores(
            self.passages[order], self.sentences[order], self.spans[order], self.tokens[:, order]
        )


@dataclass(frozen=True, slots=True)
class LateIndex:
    """The tokens of all passages, in the order of the passages.

    Attributes:
        codes: of each token, see ``index.codec``; memory-mapped, read for candidates only.
        radii: of each token, ``(t,) float16``.
        scales: of each token, ``(t, 2) float16``, see ``index.frame``.
        sentences: each sentence's first token, and the end, ``(s + 1,) int64``.
        passages: each passage's first sentence, and the end, ``(p + 1,) int64``.
        languages: each passage's language, numbered from 0, ``(p,) int8``.
        spans: each sentence's range of its passage's text, ``(s, 2) int32``.
        frame: see ``index.frame``.
    """

    codes: Codes
    radii: NDArray[np.float16]
    scales: NDArray[np.float16]
    sentences: NDArray[np.int64]
    passages: NDArray[np.int64]
    languages: NDArray[np.int8]
    spans: NDArray[np.int32]
    frame: Frame

    @classmethod
    def of(cls, passages: Sequence[TokenCodes], languages: Sequence[str], typical: Floats) -> Self:
        """Put the tokens of a few passages together and measure their frame."""
        from index.late_writer import LateWriter

        with tempfile.TemporaryDirectory() as folder:
            with LateWriter(Path(folder, "late"), typical, language_numbers(languages)) as writer:
                writer.append(passages)
            return cls.read(Path(folder, "late"))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Open the arrays of a folder, memory-mapped.

        Raises:
            CorruptIndex: an array is missing, damaged, or does not fit the others.
        """
        try:
            arrays = {name: mapped(folder / f"{name}.npy") for name in _ARRAYS}
            late = cls(**arrays, frame=Frame.of_array(mapped(folder / "frame.npy")))
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error
        late._check(folder)
        return late

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.passages) - 1

    def passage(self, row: int) -> TokenCodes:
        """Return the tokens of one passage."""
        first, last = self.passages[row], self.passages[row + 1]
        starts = self.sentences[first : last + 1]
        tokens = slice(starts[0], starts[-1])
        return TokenCodes(
            self.codes[tokens],
            self.radii[tokens],
            (starts[:-1] - starts[0]).astype(np.int32),
            self.spans[first:last],
        )

    def score(self, question: TokenVectors, rows: NDArray[np.int64]) -> LateScores:
        """Score passages for a question.

        Args:
            question: the tokens of the question; its own all count, its punctuation too, which
                tells a question from a statement.
            rows: which passages, ``(p,) int64``, p >= 1.
        """
        own = question.own if question.own.any() else ~question.own
        wanted = self.frame.apply(question.vectors[own])
        sentences, firsts = _ranges(self.passages, rows)
        tokens, starts = _ranges(self.sentences, sentences)
        spoken = np.repeat(self.languages[rows], np.diff([*starts[firsts], len(tokens)]))
        by_sentence = np.maximum.reduceat(self._cosines(wanted, tokens, spoken), starts)
        by_passage = np.maximum.reduceat(by_sentence, firsts)
        means = by_sentence.mean(axis=1)
        places = _first_greatest(means, firsts)
        spans = self.spans[sentences[places]]
        return LateScores(by_passage.mean(axis=1), means[places], spans, by_passage.T)

    def _cosines(
        self, wanted: Floats, tokens: NDArray[np.int64], spoken: NDArray[np.int8]
    ) -> Floats:
        """Return ``(t, q) float32``, passage by question tokens."""
        found = products(self.codes.take(tokens, axis=0), wanted)
        scales = self.scales.take(tokens, axis=0).astype(np.float32)
        shifts = (self.frame.shifts @ wanted.T).take(spoken, axis=0)
        found *= scales[:, :1]
        shifts *= scales[:, 1:]
        found += shifts
        return found

    def _check(self, folder: Path) -> None:
        tokens, sentences = len(self.codes), len(self.spans)
        whole = (
            len(self.radii) == len(self.scales) == tokens == self.sentences[-1]
            and len(self.sentences) == sentences + 1
            and self.passages[-1] == sentences
            and len(self.languages) == len(self)
            and bool((np.diff(self.sentences) > 0).all() and (np.diff(self.passages) > 0).all())
        )
        if not whole:
            raise CorruptIndex(f"{folder}: its arrays do not fit together: run `qa index` again")


_ARRAYS = ("codes", "radii", "scales", "sentences", "passages", "languages", "spans")


def _first_greatest(values: Floats, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the greatest of each of consecutive groups stands first."""
    lengths = np.diff(starts, append=len(values))
    greatest = np.flatnonzero(values == np.repeat(np.maximum.reduceat(values, starts), lengths))
    return np.asarray(greatest[np.searchsorted(greatest, starts)], dtype=np.int64)


def _ranges(
    bounds: NDArray[np.int64], which: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all members of some of the consecutive groups, and where each group starts."""
    firsts, lengths = bounds[which], bounds[which + 1] - bounds[which]
    starts = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(firsts - starts, lengths), starts

"""Late interaction: every token of the question looks for its best match in the passage.

MaxSim (Khattab and Zaharia, ColBERT, 2020): the mean, over the question's tokens, of the greatest
cosine with a token of the passage. The encoder pass that gives a text's pooled vector gives its
tokens' vectors too, so it costs no further encoding.

Cosines are taken in the frame of the collection (``index.late.frame``; Mu and Viswanath,
"All-but-the-top", 2018). Each sentence is scored like a passage of its own, so that one fact in a
long paragraph is found, and can be shown.

A token of the question may find its best match in the context, too. What the context adds to a
match counts in full for a short passage, and ever less for a longer one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from index.arrays import mapped, members
from index.encoder.protocol import Floats, TokenVectors
from index.errors import CorruptIndex
from index.late.codec import Codes, TokenCodes
from index.late.contexts import Contexts
from index.late.frame import Frame
from index.late.products import products

HALVED: Final = 100
"""With so many tokens in a passage, its context counts half: a long text speaks for itself."""


class LateScores(NamedTuple):
    """How well passages match a question's tokens; higher is better.

    Attributes:
        passages: MaxSim of each passage, ``(p,) float32`` in -1 to 1.
        sentences: MaxSim of each one's best sentence alone, ``(p,) float32``.
        spans: that sentence's range of its passage's text, ``(p, 2) int32``.
        tokens: the greatest cosine of each question token in each passage or its context,
            ``(q, p) float32``.
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
        codes: of each token, see ``index.late.codec``; only those of candidates are read.
        radii: of each token, ``(t,) float16``.
        scales: of each token, ``(t, 2) float16``, see ``Frame.scales``.
        sentences: the first token of each sentence; at the end t. ``(s + 1,) int64``.
        passages: the first sentence of each passage; at the end s. ``(p + 1,) int64``.
        languages: each passage's language, numbered from 0, ``(p,) int8``.
        spans: each sentence's range of its passage's text, ``(s, 2) int32``.
        frame: see ``index.late.frame``.
        contexts: the texts above each passage, whose tokens stand behind those of the passages; so
            the arrays above have more rows than there are passages.
    """

    codes: Codes
    radii: NDArray[np.float16]
    scales: NDArray[np.float16]
    sentences: NDArray[np.int64]
    passages: NDArray[np.int64]
    languages: NDArray[np.int8]
    spans: NDArray[np.int32]
    frame: Frame
    contexts: Contexts

    @classmethod
    def read(cls, folder: Path, contexts: Contexts | None = None) -> Self:
        """Open the arrays of a folder, memory-mapped.

        Args:
            folder: what a ``LateWriter`` wrote.
            contexts: the texts above each passage; by default none.

        Raises:
            CorruptIndex: an array is missing, damaged, or does not fit the others.
        """
        try:
            arrays = {name: mapped(folder / f"{name}.npy") for name in _ARRAYS}
            frame = Frame.of_array(mapped(folder / "frame.npy"))
            contexts = contexts or Contexts.none(len(arrays["passages"]) - 1)
            late = cls(**arrays, frame=frame, contexts=contexts)
        except (OSError, ValueError, IndexError, TypeError) as error:
            raise CorruptIndex(
                f"{folder} cannot be read ({error}): run `qa index` again"
            ) from error
        late._check(folder)
        return late

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.contexts)

    def passage(self, row: int) -> TokenCodes:
        """Return the tokens of one passage, or of a text above passages, by its row."""
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
            question: its tokens. All of its own count, punctuation too, as a question mark
                distinguishes a question from a statement.
            rows: which passages, ``(p,) int64``, p >= 1.
        """
        own = question.own if question.own.any() else ~question.own
        question_vectors = self.frame.apply(question.vectors[own])
        alone, sentences, firsts = self._by_sentence(question_vectors, rows)
        by_passage, shares = np.maximum.reduceat(alone, firsts), self._shares(rows)
        above = self._above(question_vectors, rows)
        read = by_passage if above is None else _raised(by_passage, above, shares)
        counts = np.diff(firsts, append=len(sentences))
        in_context = (
            alone
            if above is None
            else _raised(alone, np.repeat(above, counts, axis=0), np.repeat(shares, counts))
        )
        # The context is above all sentences alike: which of them answers, their own words tell.
        places = _first_greatest(alone.mean(axis=1), firsts)
        return LateScores(
            read.mean(axis=1),
            np.maximum.reduceat(in_context.mean(axis=1), firsts),
            self.spans[sentences[places]],
            (by_passage if above is None else np.maximum(by_passage, above)).T,
        )

    def _shares(self, rows: NDArray[np.int64]) -> Floats:
        """Return how much the context of each passage counts, ``(p,) float32`` in 0-1."""
        first, last = self.passages[rows], self.passages[rows + 1]
        tokens = self.sentences[last] - self.sentences[first]
        return np.asarray(HALVED / (HALVED + tokens), dtype=np.float32)

    def _by_sentence(
        self, question_vectors: Floats, rows: NDArray[np.int64]
    ) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
        """Return the greatest cosines in each sentence of some rows.

        Returns:
            ``(s, q) float32``; which sentences those are, ``(s,) int64``; and where those of each
            row start among them, ``(r,) int64``.
        """
        sentences, firsts = members(self.passages, rows)
        tokens, starts = members(self.sentences, sentences)
        languages = np.repeat(self.languages[rows], np.diff([*starts[firsts], len(tokens)]))
        cosines = self._cosines(question_vectors, tokens, languages)
        return np.maximum.reduceat(cosines, starts), sentences, firsts

    def _above(self, question_vectors: Floats, rows: NDArray[np.int64]) -> Floats | None:
        """Return the greatest cosines in the context of each passage, ``(p, q) float32``, or None.

        They are -1 for a passage that stands under nothing.
        """
        above, counts = self.contexts.rows_above(rows)
        if not len(above):
            return None
        texts, places = np.unique(above, return_inverse=True)
        by_text, _, firsts = self._by_sentence(question_vectors, texts)
        by_text = np.maximum.reduceat(by_text, firsts)
        found = np.full((len(rows), len(question_vectors)), -1, dtype=np.float32)
        under = np.flatnonzero(counts)
        starts = np.cumsum(counts[under]) - counts[under]
        found[under] = np.maximum.reduceat(by_text[places], starts)
        return found

    def _cosines(
        self, question_vectors: Floats, tokens: NDArray[np.int64], languages: NDArray[np.int8]
    ) -> Floats:
        """Return ``(t, q) float32``, passage by question tokens."""
        found = products(self.codes.take(tokens, axis=0), question_vectors)
        scales = self.scales.take(tokens, axis=0).astype(np.float32)
        shifts = (self.frame.shifts @ question_vectors.T).take(languages, axis=0)
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
            and len(self.languages) == len(self.passages) - 1 >= len(self)
            and self.contexts.ends[-1] == len(self.contexts.texts)
            and int(self.contexts.texts.max(initial=-1)) < len(self.passages) - 1 - len(self)
            and bool((np.diff(self.sentences) > 0).all() and (np.diff(self.passages) > 0).all())
        )
        if not whole:
            raise CorruptIndex(f"{folder}: its arrays do not fit together: run `qa index` again")


_ARRAYS = ("codes", "radii", "scales", "sentences", "passages", "languages", "spans")


def _raised(own: Floats, above: Floats, shares: Floats) -> Floats:
    """Raise cosines, ``(r, q)``, towards the greater ones in the context, by a share each."""
    return np.asarray(own + shares[:, None] * np.maximum(above - own, 0), dtype=np.float32)


def _first_greatest(values: Floats, starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of the first greatest value in each of consecutive groups."""
    lengths = np.diff(starts, append=len(values))
    greatest = np.flatnonzero(values == np.repeat(np.maximum.reduceat(values, starts), lengths))
    return np.asarray(greatest[np.searchsorted(greatest, starts)], dtype=np.int64)

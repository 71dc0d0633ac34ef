"""The reader of a generation, run by ONNX Runtime without torch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from documents.types import Span
from index.encoder.unigram import open_tokeniser
from index.errors import ModelError
from index.reader.inputs import TEXT_TOKENS, Composer, ReaderInput, Row, Tokeniser
from index.reader.windows import window

READER: Final = "reader.onnx"
SETTINGS: Final = "reader.json"
OUTPUTS: Final = 4
"""Numbers of each token: start, end, and its part in the score as first token and in the mean."""
SPAN_TOKENS: Final = 30
"""The most tokens of a span that answers."""

Floats = NDArray[np.float32]


class Session(Protocol):
    """What runs the graph: an ``onnxruntime.InferenceSession``."""

    def run(self, names: None, inputs: dict[str, Any]) -> Sequence[Any]:
        """Return the results for these inputs."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """What the graph of a reader does not contain.

    Attributes:
        query_prompt: is put before every question.
        passage_prompt: is put before every context.
        sha256: of the adapter that it was made of.
    """

    query_prompt: str
    passage_prompt: str
    sha256: str

    def write(self, folder: Path) -> None:
        """Write them into an existing folder."""
        (folder / SETTINGS).write_text(json.dumps(asdict(self)), encoding="utf-8")


def has_reader(folder: Path, sha256: str) -> bool:
    """Whether the folder of a query encoder holds the reader made of this adapter."""
    try:
        return bool(json.loads(reader_settings(folder) or b"{}")["sha256"] == sha256)
    except (ValueError, KeyError, TypeError):
        return False


def reader_settings(folder: Path) -> bytes | None:
    """Return what tells the reader in a folder from others; None where there is none."""
    try:
        return (folder / SETTINGS).read_bytes()
    except OSError:
        return None


class ScoredSpan(NamedTuple):
    """A span of the text that was read, in code points, and how much better it is than none."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a passage.

    Attributes:
        score: that the passage answers: a logit, not calibrated.
        start: of the span that answers best, in code points of the text that was read.
        end: behind that span; ``start`` where the text is empty.
        span_score: how much better the span is than none, as a sum of two logits.
        within: the best span in each sentence of the input; None where none of it was read.
    """

    score: float
    start: int
    end: int
    span_score: float
    within: tuple[ScoredSpan | None, ...] = ()


class Reader:
    """Reads questions and passages together; rows of one length are read at once, none is padded.

    A passage's reading does not depend on the others.
    """

    def __init__(self, session: Session, composer: Composer) -> None:
        """Put the parts together; ``open`` reads them from a folder."""
        self._session = session
        self._composer = composer

    @classmethod
    def open(cls, path: Path, threads: int = 1, tokeniser: Tokeniser | None = None) -> Self:
        """Open the reader in the folder of a query encoder.

        Args:
            path: the folder.
            threads: how many threads read a batch together.
            tokeniser: that of the encoder, if it is open: 5 MB less than one more of it.

        Raises:
            ModelError: there is none, or it is damaged.
        """
        try:
            settings = ReaderSettings(**json.loads((path / SETTINGS).read_bytes()))
            prompts = settings.query_prompt, settings.passage_prompt
            composer = Composer(tokeniser or open_tokeniser(path), *prompts)
            return cls(_session(path / READER, threads), composer)
        except Exception as error:  # the libraries raise many kinds
            raise ModelError(
                f"the reader in {path} cannot be opened ({error}): run `qa index` again"
            ) from error

    def read(self, question: str, passages: Sequence[ReaderInput]) -> list[Reading]:
        """Read a question with each passage.

        Returns:
            One reading a passage, in their order.
        """
        rows = [self._composer.compose(question, passage) for passage in passages]
        readings: dict[int, Reading] = {}
        for places in _of_one_length(rows):
            logits = self._run([rows[place] for place in places])
            for place, found in zip(places, logits, strict=True):
                readings[place] = reading(found, rows[place], passages[place])
        return [readings[place] for place in range(len(rows))]

    def window(self, text: str, sentences: Sequence[Span], marked: int) -> Span:
        """Return the range of a text to read: whole sentences around the one that is marked.

        Args:
            text: of a passage.
            sentences: of the text, in order.
            marked: the place of one of them.
        """
        tokens = [self._composer.count(text[start:end]) for start, end in sentences]
        return window(sentences, tokens, marked, TEXT_TOKENS)

    def _run(self, rows: Sequence[Row]) -> Floats:
        ids = np.stack([row.ids for row in rows])
        (logits,) = self._session.run(None, {"input_ids": ids})
        return np.asarray(logits, dtype=np.float32)


def reading(logits: Floats, row: Row, passage: ReaderInput) -> Reading:
    """Make a reading of what the model says of each token.

    Args:
        logits: ``(t, OUTPUTS) float32``.
        row: whose tokens they are.
        passage: that the row was made of.
    """
    inside = slice(row.first, row.first + len(row.offsets))
    none = logits[0, 0], logits[0, 1]
    starts, ends = logits[inside, 0] - none[0], logits[inside, 1] - none[1]
    score = float(logits[0, 2] + logits[:, 3].mean())
    if not len(starts):
        return Reading(score - 20, 0, 0, -20.0, (None,) * len(passage.sentences))
    every = _Spans(starts, ends, row, passage.text)
    score += (_log_sum(starts) + _log_sum(ends)) / 2
    return Reading(score, *every.best(slice(None)), tuple(map(every.within, passage.sentences)))


class _Spans(NamedTuple):
    """Where spans of a text start and end: logits of its tokens, less those of none."""

    starts: Floats
    ends: Floats
    row: Row
    text: str

    def within(self, sentence: Span) -> ScoredSpan | None:
        first, last = (int(self.row.offsets[:, 0].searchsorted(at)) for at in sentence)
        return self.best(slice(first, last)) if first < last else None

    def best(self, tokens: slice) -> ScoredSpan:
        starts, ends, offsets = self.starts[tokens], self.ends[tokens], self.row.offsets[tokens]
        first, last = best_span(starts, ends)
        found = _stripped(self.text, int(offsets[first, 0]), int(offsets[last, 1]))
        return ScoredSpan(*found, float(starts[first] + ends[last]))


def best_span(starts: Floats, ends: Floats) -> tuple[int, int]:
    """Return the first and last token of the span with the highest sum, ``SPAN_TOKENS`` at most."""
    sums = starts[:, None] + ends
    length = np.arange(len(ends)) - np.arange(len(starts))[:, None]
    allowed = (length >= 0) & (length < SPAN_TOKENS)
    first, last = np.unravel_index(np.where(allowed, sums, -np.inf).argmax(), sums.shape)
    return int(first), int(last)


def _log_sum(values: Floats) -> float:
    peak = float(values.max())
    return peak + float(np.log(np.exp(values - peak).sum()))


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    found = text[start:end]
    start += len(found) - len(found.lstrip())
    return start, start + len(found.strip())


def _session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    # The graph was optimised when it was exported.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    # The weights stay in the mapped file: copies in another order take 20 MB and no less time.
    options.add_session_config_entry("session.disable_prepacking", "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _of_one_length(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Yield the places of the rows that have as many tokens."""
    places = sorted(range(len(rows)), key=lambda place: len(rows[place].ids))
    for _, group in groupby(places, key=lambda place: len(rows[place].ids)):
        yield list(group)

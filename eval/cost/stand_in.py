"""Makes synthetic passages, and vectors for them without running the encoder.

The sentences of real passages are encoded once, as passages and as questions. A synthetic passage
is two of them that never stood together; its tokens have the vectors they had there, and its pooled
vector is the normalised sum of the sentences' with noise of its own. So vectors lie like real ones,
while a passage costs no more than it costs to write it.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from documents.types import Document, Passage, Section, Span, checksum
from documents.wording.sentences import sentences
from index.arrays import RowWriter, mapped
from index.encoder.protocol import Encoder, Encoding, Floats, TokenVectors

SENTENCES: Final = 4_000
"""How many sentences are encoded at most."""
_LENGTH: Final = range(20, 70)
"""How many characters a sentence has: short, so that a million passages fit a disk."""
_DOCUMENT: Final = 50
"""How many passages a synthetic document has."""
_NOISE: Final = 0.3
"""The length of the noise in a pooled vector, beside the two unit vectors that are added up."""
_BATCH: Final = 64


def real_sentences(documents: Sequence[Document]) -> list[str]:
    """Return short sentences of documents, each once, in their order."""
    found = (d.text[s.start : s.end] for d in documents for s in sentences(d.text, d.language))
    return list(islice(dict.fromkeys(t for t in found if _is_usable(t)), SENTENCES))


def _is_usable(text: str) -> bool:
    return len(text) in _LENGTH and "\n" not in text and len(re.findall(r"\w{3,}", text)) > 2


def write_stand_in(folder: Path, texts: Sequence[str], encoder: Encoder) -> None:
    """Encode sentences and write what ``StandIn`` needs to replace the encoder."""
    starts = [0]
    with (
        RowWriter(folder / "pooled.npy", np.float32, (encoder.dimension,)) as pooled,
        RowWriter(folder / "asked.npy", np.float32, (encoder.dimension,)) as asked,
        RowWriter(folder / "vectors.npy", np.float16, (encoder.dimension,)) as vectors,
        RowWriter(folder / "offsets.npy", np.int32, (2,)) as offsets,
    ):
        for at in range(0, len(texts), _BATCH):
            batch = list(texts[at : at + _BATCH])
            encoded = encoder.encode_passages(batch)
            pooled.append(encoded.pooled)
            asked.append(encoder.encode_queries(batch).pooled)
            for tokens in encoded.tokens:
                vectors.append(tokens.vectors[tokens.own])
                offsets.append(tokens.offsets[tokens.own])
                starts.append(len(vectors))
    np.save(folder / "starts.npy", np.array(starts), allow_pickle=False)
    (folder / "sentences.json").write_text(json.dumps(list(texts)), encoding="utf-8")


@dataclass(slots=True)
class StandIn:
    """An encoder for texts that consist of known sentences, one a line.

    Attributes:
        texts: the sentences.
        places: the number of each sentence.
        arrays: their vectors, memory-mapped: pooled, asked, vectors, offsets, starts.
        folder: the real encoder, which is copied into each generation.
    """

    texts: list[str]
    places: dict[str, int]
    arrays: dict[str, NDArray[np.generic]]
    folder: Path
    name: str = "stand-in"
    revision: str = "1"

    @classmethod
    def open(cls, folder: Path, encoder: Path) -> Self:
        """Open what ``write_stand_in`` wrote; the encoder is left in a generation."""
        texts = json.loads((folder / "sentences.json").read_bytes())
        names = ("pooled", "asked", "vectors", "offsets", "starts")
        arrays = {name: mapped(folder / f"{name}.npy") for name in names}
        return cls(texts, {text: n for n, text in enumerate(texts)}, arrays, encoder)

    @property
    def prompts(self) -> dict[str, str]:
        """None: sentences were encoded with theirs."""
        return {"query": "", "passage": ""}

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self.arrays["pooled"].shape[1])

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Count the words of each text."""
        return [text.count(" ") + 1 for text in texts]

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Give sentences the vectors they have as questions."""
        return self._encode(texts, "asked")

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Give passages the vectors of their sentences."""
        return self._encode(texts, "pooled")

    def export(self, target: Path) -> None:
        """Leave the real encoder."""
        shutil.copytree(self.folder, target, dirs_exist_ok=True)

    def documents(self, passages: int) -> Iterator[Document]:
        """Yield documents of so many passages in all: pairs of neighbours, then any pairs."""
        for first in range(0, passages, _DOCUMENT):
            rows = range(first, min(first + _DOCUMENT, passages))
            yield _document(f"d{first // _DOCUMENT:06}", [self._passage(row) for row in rows])

    def _passage(self, row: int) -> str:
        count = len(self.texts)
        if 2 * row + 1 < count:
            return "\n".join(self.texts[2 * row : 2 * row + 2])
        turn, first = divmod(row, count)
        return f"{self.texts[first]}\n{self.texts[(first + 2 + 7 * turn) % count]}"

    def _encode(self, texts: list[str], pooled: str) -> Encoding:
        parts = [[self._place(line) for line in text.split("\n")] for text in texts]
        sums = np.stack([self.arrays[pooled][part].sum(axis=0) for part in parts])
        noise = np.stack([_noise(text, self.dimension) for text in texts])
        sums = (sums + noise * (np.array([len(part) > 1 for part in parts])[:, None])).astype("f4")
        tokens = (self._tokens(*pair) for pair in zip(texts, parts, strict=True))
        return Encoding(sums / np.linalg.norm(sums, axis=1, keepdims=True), tuple(tokens))

    def _place(self, line: str) -> int:
        found = self.places.get(line)
        return crc32(line.encode()) % len(self.texts) if found is None else found

    def _tokens(self, text: str, part: list[int]) -> TokenVectors:
        vectors, offsets, at = [], [], 0
        for place, line in zip(part, text.split("\n"), strict=True):
            rows = slice(*self.arrays["starts"][place : place + 2].tolist())
            vectors.append(self.arrays["vectors"][rows].astype(np.float32))
            offsets.append(np.minimum(self.arrays["offsets"][rows], len(line)) + at)
            at += len(line) + 1
        held = np.concatenate(vectors)
        ids = np.zeros(len(held), dtype=np.int32)
        return TokenVectors(held, ids, np.concatenate(offsets), np.ones(len(held), dtype=bool))


def paragraphs(document: Document, _count: object, _settings: object) -> list[Passage]:
    """Cut a document into its paragraphs."""
    return [
        Passage(
            f"{document.id}#{start}-{end}", document.id, start, end, document.text[start:end],
            section.path, document.language,
        )
        for section in document.sections
        for start, end in section.paragraphs
    ]  # fmt: skip


def _document(name: str, texts: Sequence[str]) -> Document:
    ends = np.cumsum([len(text) + 2 for text in texts]).tolist()
    spans = tuple(Span(e - 2 - len(t), e - 2) for t, e in zip(texts, ends, strict=True))
    text = "".join(f"{text}\n\n" for text in texts)
    return Document(name, name, "fr", text, (Section((), spans),), None, checksum(text))


def _noise(text: str, dimension: int) -> Floats:
    noise = np.random.default_rng(crc32(text.encode())).standard_normal(dimension, np.float32)
    return np.asarray(_NOISE * noise / np.linalg.norm(noise), dtype=np.float32)

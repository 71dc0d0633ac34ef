"""An encoder whose vectors can be worked out by hand, and documents to feed it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from documents.types import Document, Section, Span, checksum
from index.encoder.protocol import Encoding, TokenVectors

AXES = {
    "chat": 0, "cat": 0,
    "mer": 1, "sea": 1,
    "pain": 2, "bread": 2,
    "roi": 3, "king": 3,
}  # fmt: skip
"""Each known word is a unit vector; a word and its translation share theirs."""
ELSE = 4
"""The axis of all other words."""


class FakeEncoder:
    """Counts words: a text is the L2-normalised sum of its words' unit vectors."""

    name = "fake"
    revision = "1"
    dimension = 5

    def __init__(self) -> None:
        """Start with no text encoded."""
        self.prompts = {"query": "", "passage": ""}
        self.encoded: list[str] = []

    def count_tokens(self, texts: list[str]) -> list[int]:
        """Count the words of each text."""
        return [len(text.split()) for text in texts]

    def encode_queries(self, texts: list[str]) -> Encoding:
        """Encode texts as they are."""
        return self._encode(texts)

    def encode_passages(self, texts: list[str]) -> Encoding:
        """Encode texts as they are, and remember that it was done."""
        self.encoded.extend(texts)
        return self._encode(texts)

    def export(self, target: Path) -> None:
        """Leave a file that stands for the encoder."""
        (target / "encoder.txt").write_text("fake", encoding="ascii")

    def _encode(self, texts: list[str]) -> Encoding:
        tokens = tuple(_tokens(text) for text in texts)
        sums = np.stack([t.vectors.sum(axis=0) for t in tokens])
        return Encoding(sums / np.linalg.norm(sums, axis=1, keepdims=True), tokens)


def _tokens(text: str) -> TokenVectors:
    """Return a token a word, after a first one that stands for the special tokens."""
    spans = [(0, 0), *(found.span() for found in re.finditer(r"\w+", text))]
    axes = [ELSE, *(AXES.get(text[a:b].casefold(), ELSE) for a, b in spans[1:])]
    return TokenVectors(
        np.eye(ELSE + 1, dtype=np.float32)[axes],
        np.array(axes, dtype=np.int32),
        np.array(spans, dtype=np.int32),
        np.array([False, *(True for _ in spans[1:])]),
    )


def document(name: str, language: str, sections: dict[str, list[str]]) -> Document:
    """Write a document whose sections hold these paragraphs, and read it back."""
    text, found = "", []
    for heading, paragraphs in sections.items():
        text += heading + "\n\n"
        spans = []
        for paragraph in paragraphs:
            spans.append(Span(len(text), len(text) + len(paragraph)))
            text += paragraph + "\n\n"
        found.append(Section((heading,), tuple(spans)))
    title = name.capitalize()
    return Document(name, title, language, text, tuple(found), None, checksum(text))


FRENCH = document(
    "french",
    "fr",
    {
        "Les bêtes": ["Le chat dort près du roi.", "La mer est calme."],
        "Le repas": ["Le pain du roi : « du pain ! »"],
    },
)
ENGLISH = document(
    "english",
    "en",
    {"Animals": ["The cat sees the sea.", "No king has bread here."]},
)

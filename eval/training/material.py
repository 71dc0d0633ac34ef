"""What a training needs, made of question sets and of the encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.sets.squad import is_judged
from eval.training.articles import Paragraph
from eval.training.body import Body, Shape
from eval.training.examples import Examples, Item, items_of
from eval.training.judging import Judged, judged_of
from eval.training.neighbours import neighbours
from index.export.query_encoder import transformer_of
from index.export.reader_graph import composer_of
from index.model.sentence_transformer import SentenceTransformerEncoder


@dataclass(frozen=True, slots=True)
class Material:
    """Questions and paragraphs, those kept back apart.

    Attributes:
        learnt: makes examples of the articles to learn from.
        kept_back: makes examples of those to judge by.
        asked: all questions.
    """

    learnt: Examples
    kept_back: Examples
    asked: tuple[Item, ...]

    @classmethod
    def of(
        cls,
        sets: Sequence[tuple[str, Sequence[Paragraph]]],
        encoder: SentenceTransformerEncoder,
        cache: Path,
    ) -> Material:
        """Find the neighbours of all questions, and split by article.

        Args:
            sets: the language and paragraphs of each file.
            encoder: its cosine tells which paragraphs are near.
            cache: a folder, where vectors are kept.
        """
        near: dict[str, tuple[str, ...]] = {}
        for _, paragraphs in sets:
            if not {asked.id for p in paragraphs for asked in p.asked} <= near.keys():
                near |= neighbours(paragraphs, encoder, cache)
        every = [p for _, paragraphs in sets for p in paragraphs]
        count = composer_of(encoder.model, encoder.prompts).count
        learnt, kept_back = (
            Examples.of([p for p in every if is_judged(p.title) == judged], near, count)
            for judged in (False, True)
        )
        return cls(learnt, kept_back, tuple(items_of(every)))

    def items(self, judged: bool) -> list[Item]:
        """Return the questions to learn from, or those to judge by."""
        return [item for item in self.asked if is_judged(item.paragraph.title) == judged]

    def judged(self, count: int) -> list[Judged]:
        """Return some questions to judge by, the same at each call."""
        items = self.items(judged=True)
        order = np.random.default_rng(0).permutation(len(items))[:count]
        return list(judged_of(self.kept_back, [items[at] for at in order]))


def body_of(encoder: SentenceTransformerEncoder, rank: int) -> Body:
    """Return the encoder with a new adapter."""
    model = transformer_of(encoder.model)
    config = model.config
    shape = Shape(
        config.num_hidden_layers, config.num_attention_heads, config.layer_norm_eps, rank=rank
    )
    return Body(model.state_dict(), shape).to(model.device)

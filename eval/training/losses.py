"""What the reader is trained for: whether a passage answers, which one does, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from eval.training.examples import Example
from index.reader.inputs import Row

NOWHERE: Final = (-1, -1)
"""The first and last token of an answer that is not there."""


def score_of(logits: Tensor, row: Row) -> Tensor:
    """Return the logit that a passage answers: see ``index.reader.reader.reading``."""
    inside = logits[row.first : row.first + len(row.offsets), :2] - logits[0, :2]
    return logits[0, 2] + logits[:, 3].mean() + torch.logsumexp(inside, 0).mean()


def tokens_of(example: Example, row: Row) -> tuple[int, int]:
    """Return the first and last token of the first answer, counted from the row's text."""
    if not example.answers:
        return NOWHERE
    start, end = example.answers[0]
    inside = [n for n, (a, b) in enumerate(row.offsets.tolist()) if a < end and start < b]
    return (inside[0], inside[-1]) if inside else NOWHERE


def span_loss(logits: Tensor, row: Row, span: tuple[int, int]) -> Tensor:
    """Return the cross-entropy of first and last token; the first token of the row is "none"."""
    inside = logits[row.first : row.first + len(row.offsets), :2]
    choices = torch.cat([logits[:1, :2], inside]).T
    return functional.cross_entropy(choices, torch.tensor(span, device=choices.device) + 1)


def group_loss(logits: Sequence[Tensor], rows: Sequence[Row], group: Sequence[Example]) -> Tensor:
    """Return the loss of a group, whose first example answers."""
    scores = torch.stack([score_of(*pair) for pair in zip(logits, rows, strict=True)])
    first = torch.zeros(len(group), device=scores.device)
    first[0] = 1
    answers = functional.binary_cross_entropy_with_logits(scores, first)
    which = -functional.log_softmax(scores, 0)[0]
    where = torch.stack([
        span_loss(found, row, tokens_of(example, row))
        for found, row, example in zip(logits, rows, group, strict=True)
    ])  # fmt: skip
    # The one that answers tells where: it counts as much as all that do not.
    return answers + which / 2 + (where[0] + where[1:].mean()) / 2

"""The steps of a training."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch.optim import AdamW

from eval.training.body import Body
from eval.training.checkpoints import save, take_up
from eval.training.examples import Examples, Group, Item
from eval.training.judging import Judged, judge
from eval.training.losses import group_loss
from index.reader.inputs import Composer, ReaderInput, Row
from index.reader.reader import Reading, reading

CURVE = "curve.jsonl"
_WARM_UP = 60
_MOST = 1.0
"""The longest gradient that a step follows."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train.

    Attributes:
        steps: how many.
        groups: how many questions a step asks.
        rate: the highest learning rate; it rises in the first steps, then falls to nothing.
        seed: decides order and examples.
        judged_every: after how many steps the reader is judged and a checkpoint written.
    """

    steps: int
    groups: int = 4
    rate: float = 1e-3
    seed: int = 0
    judged_every: int = 200

    def rate_at(self, step: int) -> float:
        """Return the learning rate of a step."""
        warm_up = max(1, min(_WARM_UP, self.steps // 10))
        rising = (step + 1) / warm_up
        falling = (self.steps - step) / (self.steps - warm_up + 1)
        return self.rate * min(1.0, rising, falling)


class Trainer:
    """Trains a body on groups of examples."""

    def __init__(self, body: Body, composer: Composer, plan: Plan, folder: Path) -> None:
        """Go on from the checkpoint in the folder, if there is one."""
        self.body, self._composer, self._plan, self._folder = body, composer, plan, folder
        self._device = next(body.parameters()).device
        self._optimiser = AdamW(body.trained().values(), plan.rate, weight_decay=0.0)
        self.step = take_up(folder, body, self._optimiser)

    def train(self, examples: Examples, items: Sequence[Item], judged: Sequence[Judged]) -> None:
        """Take the steps that are left; write a checkpoint and a line of the curve now and then."""
        started, losses = monotonic(), []
        for groups in self._groups(examples, items):
            losses.append(self._learn(groups))
            self.step += 1
            if self.step % self._plan.judged_every == 0 or self.step == self._plan.steps:
                save(self._folder, self.body, self._optimiser, self.step)
                self._note(judged, float(np.mean(losses)), monotonic() - started)
                losses.clear()

    def read(self, question: str, passages: Sequence[ReaderInput]) -> list[Reading]:
        """Read as ``Reader.read`` does."""
        rows = [self._composer.compose(question, passage) for passage in passages]
        with torch.inference_mode():
            found = self._logits(rows)
        return [
            reading(logits.cpu().numpy(), row, passage)
            for logits, row, passage in zip(found, rows, passages, strict=True)
        ]

    def _groups(self, examples: Examples, items: Sequence[Item]) -> Iterator[list[Group]]:
        """Yield the groups of each step that is left; the seed and the step alone decide."""
        size, total = self._plan.groups, len(items)
        for step in range(self.step, self._plan.steps):
            found = []
            for number in range(step * size, (step + 1) * size):
                turn, place = divmod(number, total)
                order = np.random.default_rng([self._plan.seed, turn]).permutation(total)
                generator = np.random.default_rng([self._plan.seed, turn, place])
                found.append(examples.group(items[order[place]], generator))
            yield [group for group in found if group]

    def _learn(self, groups: Sequence[Group]) -> float:
        rows = [[self._row(e.question, e.context, e.text) for e in g] for g in groups]
        logits = iter(self._logits([row for group in rows for row in group]))
        losses = [
            group_loss([next(logits) for _ in own], own, group)
            for own, group in zip(rows, groups, strict=True)
        ]
        if not losses:
            return 0.0
        loss = torch.stack(losses).mean()
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.body.trained().values(), _MOST)
        for part in self._optimiser.param_groups:
            part["lr"] = self._plan.rate_at(self.step)
        self._optimiser.step()
        return loss.item()

    def _row(self, question: str, context: str, text: str) -> Row:
        return self._composer.compose(question, ReaderInput(context, text))

    def _logits(self, rows: Sequence[Row]) -> list[torch.Tensor]:
        found: Any = self.body([torch.from_numpy(row.ids).to(self._device) for row in rows])
        return list(found)

    def _note(self, judged: Sequence[Judged], loss: float, seconds: float) -> None:
        figures = judge(judged, self.read)
        line = {"step": self.step, "asked": self.step * self._plan.groups, "seconds": seconds}
        rounded = {k: round(v, 4) for k, v in {**line, "loss": loss, **figures._asdict()}.items()}
        print(rounded, flush=True)
        with (self._folder / CURVE).open("a", encoding="utf-8") as file:
            file.write(json.dumps(rounded) + "\n")

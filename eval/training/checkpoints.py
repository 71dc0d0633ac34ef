"""The state of a training, in files that a later run takes up."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.optim import AdamW

from eval.training.body import Body

CHECKPOINT = "checkpoint.safetensors"
_MOMENTS = ("exp_avg", "exp_avg_sq")


def save(folder: Path, body: Body, optimiser: AdamW, step: int) -> None:
    """Replace the checkpoint in a folder.

    Args:
        folder: must exist.
        body: whose trained weights are kept.
        optimiser: of these weights.
        step: how many steps have been taken.
    """
    found: dict[str, Tensor] = {"step": torch.tensor(step)}
    for name, weights in body.trained().items():
        found[name] = weights.detach()
        found |= {f"{name}/{kind}": optimiser.state[weights][kind] for kind in _MOMENTS}
    aside = folder / f".{CHECKPOINT}"
    save_file(found, aside)
    aside.replace(folder / CHECKPOINT)


def take_up(folder: Path, body: Body, optimiser: AdamW) -> int:
    """Go on from the checkpoint in a folder; return how many steps were taken, 0 without one."""
    path = folder / CHECKPOINT
    if not path.is_file():
        return 0
    found = load_file(path)
    step = int(found["step"])
    with torch.no_grad():
        for name, weights in body.trained().items():
            weights.copy_(found[name])
            moments = {kind: found[f"{name}/{kind}"].to(weights.device) for kind in _MOMENTS}
            optimiser.state[weights] = {"step": torch.tensor(float(step)), **moments}
    return step

"""``python -m eval.training fr=FILE en=FILE … --out FOLDER``: trains the reader.

The files are question sets in SQuAD layout. Those whose questions have the same ids are the same
set in several languages; the one named first is asked of the others, and the others of it. One
article in five is kept back for judging. The folder holds checkpoints, which a later run with the
same arguments takes up, the learning curve, and at the end the adapter.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from documents.errors import PasserelleError
from eval.training.articles import load_set
from eval.training.body import weights_of
from eval.training.loop import Plan, Trainer
from eval.training.material import Material, body_of
from index.export.reader_graph import composer_of
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import HUB_DEFAULT, resolve_model
from index.model.wheel import NAME
from index.reader.adapter import Recipe, write_adapter
from qa.settings import Settings

BASES = (NAME, HUB_DEFAULT)
CREDITS = (
    "PIAF v1.1, Etalab (Keraron et al., LREC 2020), Licence Ouverte 2.0; Wikipedia, CC BY-SA",
    "XQuAD (Artetxe et al., ACL 2020), Google DeepMind, CC BY-SA 4.0",
    "multilingual-e5-small (Wang et al., 2024), MIT",
)
JUDGED = 110
"""How many questions are judged at each checkpoint."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _train(options)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.training", description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="LANGUAGE=FILE")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--groups", type=int, default=4)
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    return parser


def _train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    sets, settings = [load_set(named) for named in options.sets], Settings.from_environment()
    options.out.mkdir(parents=True, exist_ok=True)
    encoder = SentenceTransformerEncoder(resolve_model(settings.model, settings.cache))
    material = Material.of(sets, encoder, options.out)
    plan = Plan(options.steps, options.groups, options.rate, options.seed, options.every)
    composer = composer_of(encoder.model, encoder.prompts)
    trainer = Trainer(body_of(encoder, options.rank), composer, plan, options.out)
    trainer.train(material.learnt, material.items(judged=False), material.judged(JUDGED))
    recipe = _recipe(options, len(material.items(judged=False)))
    write_adapter(options.out, weights_of(trainer.body), recipe)


def _recipe(options: argparse.Namespace, questions: int) -> Recipe:
    named = ("steps", "groups", "rank", "rate", "seed")
    training = {
        "command": "python -m eval.training",
        "sets": [Path(name).name for name in options.sets],
        "questions": questions,
        "asked": options.steps * options.groups,
        **{name: getattr(options, name) for name in named},
    }
    return Recipe("", BASES, training, CREDITS)


if __name__ == "__main__":
    sys.exit(main())

"""``python -m eval.training.held_out FOLDER LANGUAGE=FILE …``: judges by articles kept back.

The folder holds an adapter and, in ``exported``, the reader that ``eval.training.article`` made of
it. Each set is judged alone, in its own language.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from documents.errors import PasserelleError
from eval.training.articles import load_set
from eval.training.judging import judge
from eval.training.material import Material
from index.model.sentence_transformer import SentenceTransformerEncoder
from index.model.source import resolve_model
from index.reader.reader import Reader
from qa.settings import Settings

QUESTIONS = 300


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge, print and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.held_out", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("sets", nargs="+", metavar="LANGUAGE=FILE")
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    options = parser.parse_args(arguments)
    try:
        _judge(options.folder, options.sets, options.questions)
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _judge(folder: Path, named: Sequence[str], questions: int) -> None:
    sets, settings = [load_set(name) for name in named], Settings.from_environment()
    reader = Reader.open(folder / "exported")
    encoder = SentenceTransformerEncoder(resolve_model(settings.model, settings.cache))
    for name, found in zip(named, sets, strict=True):
        judged = Material.of([found], encoder, folder).judged(questions)
        figures = judge(judged, reader.read)
        shown = ", ".join(f"{k} {v:.3f}" for k, v in figures._asdict().items() if v is not None)
        print(f"{Path(name).name}: {shown}")


if __name__ == "__main__":
    sys.exit(main())

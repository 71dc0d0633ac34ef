"""``python -m eval.calibration FOLDER … --documents FOLDER … --squad FILE …``: fits the confidence.

Each data set is asked on random parts of its collection, since a confidence must hold for
collections of any size; half of the questions are asked after the passages that answer them were
removed. Folders of documents are asked all of their questions, and then half of them again without
what answers these; the documents with most questions are asked alone, too. The article's ``dev``
questions count as one more data set.

Near misses are asked beside them: those of ``eval/near_misses`` with their answerable twins;
questions of the ``--squad`` files asked of the other paragraphs of their article; and questions
with another number, name or attribute (``eval.sets.swaps``). The figures that are printed are those
of each set under weights fitted to all sets but those of its family.

If the index has a reader, a part of the questions is asked again with it, and the weights for
answers that were read are fitted to these.

``--documents FOLDER …`` alone leaves the weights as they are: a scale and an offset of the
confidence, and the threshold from which an answer counts as found, are fitted to these folders, and
printed as settings.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from documents.errors import PasserelleError
from eval.calibration.own import report_own
from eval.calibration.report import report
from eval.calibration.sample import Asked, Sample
from eval.calibration.sources import (
    near_folder,
    of_bundled,
    of_dataset,
    of_folder,
    of_squad,
)
from eval.errors import EvaluationError
from eval.sets.collection import Collections, of_article
from eval.sets.datasets import load_dataset
from eval.sets.documents import load_folder
from eval.sets.squad import load_squad
from eval.sets.swaps import names_in
from qa.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print and return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        _run(options, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.calibration", description=__doc__)
    parser.add_argument("datasets", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--documents", nargs="*", type=Path, metavar="FOLDER", default=[])
    parser.add_argument("--squad", nargs="*", type=Path, metavar="FILE", default=[])
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep what came of each question")
    parser.add_argument("--sample", type=Path, metavar="FILE", help="fit to what was kept")
    return parser


def _run(options: argparse.Namespace, settings: Settings) -> None:
    own = bool(options.documents) and not options.datasets and not options.squad
    sample = Sample.load(options.sample) if options.sample else _asked(options, settings, own)
    if options.save:
        sample.save(options.save)
    if own:
        report_own(sample)
    else:
        report(sample)


def _asked(options: argparse.Namespace, settings: Settings, own: bool) -> Sample:
    collections = Collections.of(settings)
    rows = list(_of_own(options, collections) if own else _of_all(options, settings, collections))
    if not rows:
        raise EvaluationError("no question was asked: name folders with a questions.jsonl")
    return Sample.of_rows(rows)


def _of_own(options: argparse.Namespace, collections: Collections) -> Iterator[Asked]:
    for folder in map(load_folder, options.documents):
        yield from of_folder(folder, collections, read_every=1)


def _of_all(
    options: argparse.Namespace, settings: Settings, collections: Collections
) -> Iterator[Asked]:
    squads = [load_squad(path) for path in options.squad]
    names = names_in([q for squad in squads for q in squad.dataset.queries.values()])
    yield from of_bundled(of_article(settings))
    for path in options.datasets:
        yield from of_dataset(load_dataset(path), collections)
    for folder in map(load_folder, options.documents):
        yield from of_folder(folder, collections)
        yield from near_folder(folder, collections, names)
    for squad in squads:
        yield from of_squad(squad, collections, names)


if __name__ == "__main__":
    sys.exit(main())

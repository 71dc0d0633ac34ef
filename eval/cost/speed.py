"""``python -m eval.cost.speed FOLDER ...``: speed and memory, beside the naive service.

Both answer from the same passages, on the same machine, in the same run. The naive one is
``eval.rivals.naive``; it searches vectors alone, where Passerelle also ranks, cites and abstains.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from documents.errors import PasserelleError
from eval.cost.growth import Growth
from eval.parity import compare
from eval.reports.measurement import Measurement, format_number, measurement_table
from eval.sets.datasets import load_dataset
from index.model.source import resolve_model
from qa.settings import Settings

RANKED = 2
"""How many of the data sets, the smallest ones, are ranked with both encoders."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown table and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.cost.speed", description=__doc__)
    parser.add_argument("datasets", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    try:
        rows = _measure(options.datasets, Settings.from_environment())
    except PasserelleError as error:
        print(f"eval: {error}", file=sys.stderr)
        return 2
    print(measurement_table(rows))
    if options.json:
        found = [{**row._asdict(), "gain": row.gain} for row in rows]
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    return 0


def _measure(folders: Sequence[Path], settings: Settings) -> list[Measurement]:
    rows = []
    with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
        own = replace(settings, index=Path(folder) / "index")
        for row in _rows(folders, own, Path(folder)):
            print(f"{row.what}: {format_number(row.ours)} {row.unit}", file=sys.stderr, flush=True)
            rows.append(row)
    return rows


def _rows(folders: Sequence[Path], settings: Settings, folder: Path) -> Iterator[Measurement]:
    datasets = [load_dataset(path) for path in folders]
    documents = [d for dataset in datasets for d in dataset.documents.values() if d.text]
    questions = [question for dataset in datasets for question in dataset.queries.values()]
    source = resolve_model(settings.model, settings.cache)
    yield from Growth(settings, source, documents, questions, folder).rows()
    smallest = sorted(datasets, key=lambda d: len(d.documents))[:RANKED]
    yield from compare(datasets, smallest, settings)


if __name__ == "__main__":
    sys.exit(main())

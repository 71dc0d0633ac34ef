"""Data sets in BEIR layout, written for a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

CORPUS = {"p/1": "Le chat.", "p 2": "La mer.", "p#3": "Le pain.", "é": "Le roi."}
QUERIES = {"q1": "the cat", "q2": "the sea", "q3": "the bread", "q6": "the king"}
QRELS = {"q1": "p/1", "q2": "p 2", "q3": "p#3", "q6": "é"}


def write_beir(
    folder: Path,
    corpus: Mapping[str, str] = CORPUS,
    queries: Mapping[str, str] = QUERIES,
    qrels: Mapping[str, str] = QRELS,
) -> Path:
    """Write a data set in which one passage answers each question."""
    (folder / "qrels").mkdir(parents=True)
    for name, texts in (("corpus", corpus), ("queries", queries)):
        entries = (json.dumps({"_id": i, "title": "", "text": t}) for i, t in texts.items())
        (folder / f"{name}.jsonl").write_text("\n".join(entries) + "\n", encoding="utf-8")
    judged = (f"{query}\t{passage}\t1" for query, passage in qrels.items())
    lines = ("query-id\tcorpus-id\tscore", *judged)
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder

"""Data sets are put together, and the share of the question's own language is counted."""

from __future__ import annotations

from rich.console import Console

from eval.mixed import merged, own_language_table
from eval.sets.datasets import Dataset
from qa.answer.service import QAService
from tests.fakes import ENGLISH, FRENCH


def dataset(name: str, query: str, question: str, gold: str) -> Dataset:
    documents = {"f": FRENCH, "e": ENGLISH}
    return Dataset(name, documents, {query: question}, {query: frozenset(gold)}, None)


def test_judgements_of_the_same_question_add_up() -> None:
    found = merged(
        [
            dataset("set.fr-fr", "q1", "Où est le chat ?", "f"),
            dataset("set.fr-en", "q1", "Où est le chat ?", "e"),
            dataset("set.en-fr", "q2", "Where is the cat?", "f"),
        ]
    )
    assert found.name == "mixed-set"
    assert found.qrels == {"q1": {"f", "e"}, "q2": {"f"}}
    assert list(found.documents) == ["f", "e"]


def test_each_system_is_counted_by_language(service: QAService) -> None:
    one = dataset("set.fr-fr", "q1", "Où est le chat ?", "fe")
    two = dataset("set.en-fr", "q2", "Where is the cat?", "fe")
    console = Console(width=100)
    with console.capture() as printed:
        console.print(own_language_table(merged([one, two]), service))
    lines = [line for line in printed.get().splitlines() if line.startswith("│")]
    assert [line.split("│")[1].strip() for line in lines][::2] == [
        "passerelle", "dense", "bm25", "rrf",
    ]  # fmt: skip
    # All five passages are listed for every question: three French, two English.
    assert lines[0].split("│")[5].strip() == "60%"
    assert lines[1].split("│")[5].strip() == "40%"

"""Which documents a filter wants, and that the search among them is exact."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable

import numpy as np
import pytest

from index.dense.exact import DenseIndex
from index.lexical.lexical_index import LexicalIndex
from index.search.catalogue import Catalogue, Entry, facts
from index.search.filters import Comparison, Compound, Filter, parse_filter

PAIRS = int(os.environ.get("PASSERELLE_PAIRS", "100"))
"""How many random filters and questions are compared with brute force."""
TAGS, FOLDERS, AUTHORS = ("rh", "paie", "it", "rare"), ("a", "b", "b/c"), ("Zoé", "Abel", "Ida")
WORDS = ("chat", "mer", "pain", "roi", "lune", "sel", "or", "bois")


def entry(at: int, first: int = 0, passages: int = 1, **properties: tuple[str, ...]) -> Entry:
    held = tuple(sorted(properties.items()))
    return Entry(f"d{at}", f"Title {at}", "fr", "0", held, first, passages)


def names(found: Catalogue, wanted: object) -> list[str]:
    return [found.entries[at].id for at in found.places(parse_filter(wanted)).tolist()]


def eq(key: str, value: object, operator: str = "eq") -> dict[str, object]:
    return {"type": operator, "key": key, "value": value}


HELD = Catalogue(
    lambda: [
        entry(
            0, 0, 2, tag=("rh", "paie"), path=("x/a.md", "Docs/x/a.md"), modified=("2024-05-01",)
        ),
        entry(1, 2, 1, tag=("it",), date=("2025-03",), modified=("2020-01-01",)),
        entry(2, 3, 3, date=("soon",), modified=("2025-06-01",), year=("2024",)),
    ]
)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (eq("tag", "paie"), ["d0"]),
        (eq("tag", "paie", "ne"), ["d1", "d2"]),
        (eq("tag", ["it", "rh"], "in"), ["d0", "d1"]),
        (eq("tag", ["it", "rh"], "nin"), ["d2"]),
        (eq("tag", [], "in"), []),
        (eq("document", "d1"), ["d1"]),
        (eq("document", ["d2", "d0", "d9", 3], "in"), ["d0", "d2"]),
        (eq("document", "d?"), ["d0", "d1", "d2"]),
        (eq("document", "d1", "ne"), ["d0", "d2"]),
        (eq("title", "TITLE 2"), ["d2"]),
        (eq("folder", "x"), ["d0"]),
        (eq("folder", "Docs"), ["d0"]),
        (eq("path", "Docs/**"), ["d0"]),
        (eq("date", "2025", "gte"), ["d1", "d2"]),
        (eq("date", "2025-03", "lte"), ["d0", "d1"]),
        (eq("modified", "2024", "gte"), ["d0", "d2"]),
        (eq("year", 2024), ["d2"]),
        (eq("unknown", "x"), []),
        (eq("unknown", "x", "ne"), ["d0", "d1", "d2"]),
        ({"type": "or", "filters": [eq("tag", "it"), eq("year", 2024)]}, ["d1", "d2"]),
        ({"type": "and", "filters": [eq("tag", "it"), eq("year", 2024)]}, []),
    ],
)
def test_documents_that_a_filter_wants(wanted: object, found: list[str]) -> None:
    assert names(HELD, wanted) == found
    rows = {"d0": [0, 1], "d1": [2], "d2": [3, 4, 5]}
    assert HELD.rows(parse_filter(wanted)).tolist() == [row for d in found for row in rows[d]]


def test_values_are_counted_by_documents() -> None:
    assert HELD.values("tag") == {"rh": 1, "paie": 1, "it": 1}
    assert HELD.values("folder") == {"x": 1, "Docs": 1, "Docs/x": 1}
    assert HELD.values("language") == {"fr": 3}
    assert HELD.values("unknown") == {}


def test_a_catalogue_within_a_filter_knows_nothing_else() -> None:
    inside = HELD.within(parse_filter(eq("tag", "it", "ne")))
    assert [e.id for e in inside.entries] == ["d0", "d2"]
    assert inside.values("tag") == {"rh": 1, "paie": 1}
    assert inside.rows(parse_filter(eq("tag", "it"))).tolist() == []
    assert inside.rows(parse_filter(eq("year", 2024))).tolist() == [3, 4, 5]


def test_entries_are_read_once() -> None:
    calls: list[int] = []

    def read() -> Iterable[Entry]:
        calls.append(1)
        return [entry(0)]

    held = Catalogue(read)
    assert not calls
    assert held.values("language") == held.values("language") == {"fr": 1}
    assert len(calls) == 1


def random_entries(chance: random.Random, documents: int) -> list[Entry]:
    found, first = [], 0
    for at in range(documents):
        passages = chance.randint(0, 6)
        properties = {
            "tag": (*chance.sample(TAGS[:3], chance.randint(0, 2)), *["rare"] * (at == 97)),
            "path": (f"{chance.choice(FOLDERS)}/{at}.md",),
            "author": (chance.choice(AUTHORS),), "year": (str(chance.randint(2000, 2025)),),
            "modified": (f"20{chance.randint(10, 25)}-0{chance.randint(1, 9)}-11",),
        }  # fmt: skip
        found.append(entry(at, first, passages, **properties))
        first += passages
    return found


def random_filter(chance: random.Random, depth: int = 2) -> Filter:
    if depth and chance.random() < 0.5:
        parts = tuple(random_filter(chance, depth - 1) for _ in range(chance.randint(1, 3)))
        return Compound(chance.choice(("and", "or")), parts)
    key, values = chance.choice((
        ("tag", TAGS), ("folder", FOLDERS), ("path", ("b/**", "a/*", "**/1*.md")),
        ("author", AUTHORS), ("year", (2003.0, 2010.0, "2024")), ("date", ("2012", "2020-05")),
        ("document", ("d3", "d7*", "d96")),
    ))  # fmt: skip
    operator = chance.choice(("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"))
    count = chance.randint(0, 3) if operator in ("in", "nin") else 1
    return Comparison(operator, key, tuple(chance.choice(values) for _ in range(count)))


def wants(wanted: Filter, held: dict[str, list[str]]) -> bool:
    """Decide document by document, without the columns."""
    if isinstance(wanted, Compound):
        return (all if wanted.operator == "and" else any)(wants(f, held) for f in wanted.filters)
    fits = any(wanted.fits(value) for value in held.get(wanted.key, ()))
    return not fits if wanted.operator in ("ne", "nin") else fits


def test_the_search_among_documents_equals_brute_force() -> None:
    chance, numbers = random.Random(7), np.random.default_rng(7)  # noqa: S311
    entries = random_entries(chance, 120)
    held = Catalogue(lambda: entries)
    count = sum(e.passages for e in held.entries)
    vectors = numbers.standard_normal((count, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [" ".join(chance.choices(WORDS, k=chance.randint(1, 6))) for _ in range(count)]
    dense, words = DenseIndex.of(vectors), LexicalIndex.of(texts, ["fr"] * count)
    known = [(e, {key: list(values) for key, values in facts(e).items()}) for e in entries]
    seen = set()
    for _ in range(PAIRS):
        wanted, question = random_filter(chance), numbers.standard_normal(8).astype(np.float32)
        rows = held.rows(wanted)
        documents = [e for e, values in known if wants(wanted, values)]
        expected = [row for e in documents for row in range(e.first, e.first + e.passages)]
        assert rows.tolist() == expected, wanted
        cosines = vectors[rows] @ question
        best = rows[np.argsort(-cosines, kind="stable")[:10]].tolist()
        assert [c.row for c in dense.search(question[None], 10, rows)[0]] == best
        assert [c.row for c in dense.among(question, 10, rows)] == best
        asked = words.query(" ".join(chance.choices(WORDS, k=2)), "fr")
        scores = asked.at(np.arange(count))
        ranked = sorted((row for row in expected if scores[row] > 0), key=lambda r: -scores[r])
        assert asked.best(10, rows).tolist() == ranked[:10]
        seen.add(min(3, len(rows).bit_length() // 3))
    assert len(seen) > 2, "the filters were all of one selectivity"

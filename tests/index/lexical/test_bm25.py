"""BM25 has the values one works out by hand, and the lexical index keeps languages apart."""

from __future__ import annotations

import math
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.errors import CorruptIndex
from index.lexical import bm25, bm25_writer
from index.lexical.bm25 import ALWAYS, K1, B, Bm25, term_key
from index.lexical.bm25_writer import Bm25Writer
from index.lexical.lexical_index import LexicalIndex, write_lexical
from tests.bm25_index import bm25_of


def weight(count: int, length: int, mean: float) -> float:
    """Lucene's term weight, without the idf; each length counts the term of every passage."""
    return count / (count + K1 * (1 - B + B * (length + 1) / (mean + 1)))


def scores(index: Bm25, terms: list[str]) -> NDArray[np.float32]:
    return index.at(terms, np.arange(len(index)))


def asked(index: LexicalIndex, question: str, language: str) -> NDArray[np.float32]:
    return index.query(question, language).at(np.arange(len(index)))


def test_hand_computed() -> None:
    index = bm25_of([["chat", "mer"], ["chat", "chat", "roi", "pain"], []])
    idf_chat, idf_new = math.log(1 + 1.5 / 2.5), math.log(1 + 3.5 / 0.5)
    expected = [idf_chat * weight(1, 2, 2), idf_chat * weight(2, 4, 2), 0]
    found = scores(index, ["chat", "nouveau"])
    np.testing.assert_allclose(found, np.array(expected) / (idf_chat + idf_new), rtol=1e-5)


TERM = st.sampled_from("abcdefgh")
ROWS = st.none() | st.sets(st.integers(0, 5), min_size=1)


@given(st.lists(st.lists(TERM, max_size=9), min_size=6, max_size=6), st.lists(TERM), ROWS)
def test_the_best_are_those_of_all_scores(
    passages: list[list[str]], terms: list[str], allowed: set[int] | None
) -> None:
    index = bm25_of(passages)
    every = scores(index, terms)
    rows = None if allowed is None else np.array(sorted(allowed))
    expected = [r for r in np.argsort(-every, kind="stable") if every[r] > 0]
    expected = [r for r in expected if allowed is None or r in allowed]
    assert index.best(terms, 3, rows).tolist() == expected[:3]
    some = np.array([4, 1])
    np.testing.assert_array_equal(index.at(terms, some), every[some])


def test_the_commonest_words_only_rank_what_rarer_ones_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = bm25_of([["le", "chat"], ["le"], ["le", "le", "chat"], ["le", "mer"]])
    monkeypatch.setattr(bm25, "_ADDED", 3)
    assert index.best(["le", "chat"], 9).tolist() == [0, 2]
    assert index.best(["le"], 9).tolist() == [2, 1, 0, 3]


def test_the_promising_are_scored_with_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.default_rng(0)
    index = bm25_of([[f"t{n}" for n in noise.zipf(1.3, 30) if n < 500] for _ in range(2000)])
    terms = [f"t{n}" for n in (1, 2, 30, 77, 150)]
    expected = np.argsort(-scores(index, terms), kind="stable")[:20]
    assert index.best(terms, 20).tolist() == expected.tolist()
    monkeypatch.setattr(bm25, "_ADDED", 1500)
    assert len(set(index.best(terms, 20).tolist()) & set(expected.tolist())) >= 19


@pytest.mark.parametrize("terms", [[], ["nouveau"]])
def test_nothing_shared(terms: list[str]) -> None:
    assert scores(bm25_of([["chat"], ["mer"]]), terms).tolist() == [0, 0]


def test_the_same_passages_give_the_same_files(tmp_path: Path) -> None:
    passages = [[f"terme{i}", f"terme{i * 7 % 31}"] for i in range(100)]
    for name in ("a", "b"):
        with Bm25Writer(tmp_path / name) as writer:
            for terms in passages:
                writer.add(terms)
    files = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert set(files) == {"weights.npy", "passages.npy", "starts.npy", "terms.npy"}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}


@pytest.mark.parametrize("block", [1, 7, 100, 10_000])
def test_weights_are_those_of_bm25s_however_large_the_blocks(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    noise = np.random.default_rng(1)
    passages = [[f"t{n % 90}" for n in noise.zipf(1.3, 1 + i % 40)] for i in range(200)]
    vocabulary = {term: n for n, term in enumerate(sorted(set().union(*passages, [ALWAYS])))}
    reference = bm25s.BM25(method="lucene", k1=K1, b=B)
    numbered = [[vocabulary[term] for term in [ALWAYS, *passage]] for passage in passages]
    reference.index((numbered, vocabulary), create_empty_token=False, show_progress=False)
    monkeypatch.setattr(bm25_writer, "BLOCK", block)
    index, arrays = bm25_of(passages), reference.scores
    assert len(index.terms) == len(vocabulary)
    assert (np.diff(index.terms.astype(object)) > 0).all()
    for term, number in vocabulary.items():
        place = index.terms.tolist().index(term_key(term))
        mine = slice(*index.starts[place : place + 2])
        theirs = slice(*arrays["indptr"][number : number + 2])
        assert index.passages[mine].tolist() == arrays["indices"][theirs].tolist()
        np.testing.assert_allclose(index.weights[mine], arrays["data"][theirs], rtol=1e-6)


TEXTS = ["Le chat scientifique", "La mer", "The scientific cat", "!"]


def test_one_language_by_stems() -> None:
    index = LexicalIndex.of(TEXTS[:2], ["fr", "fr"])
    assert index.language == "fr"
    assert (asked(index, "les chats", "fr") > 0).tolist() == [True, False]


def test_other_languages_by_first_letters() -> None:
    index = LexicalIndex.of(TEXTS[:2], ["fr", "fr"])
    assert (asked(index, "scientific cats", "en") > 0).tolist() == [True, False]


def test_a_mixed_collection_favours_neither_language() -> None:
    index = LexicalIndex.of(TEXTS, ["fr", "fr", "en", "fr"])
    assert index.language == "mixed"
    french, english = asked(index, "scientifique", "fr"), asked(index, "scientific", "en")
    np.testing.assert_array_equal(french, english)
    assert french[0] == french[2] > 0


def test_a_stray_passage_does_not_make_a_collection_mixed() -> None:
    assert LexicalIndex.of(["chat"] * 10, ["fr"] * 9 + ["en"]).language == "fr"


def test_written_and_read_back(tmp_path: Path) -> None:
    index = LexicalIndex.of(TEXTS, ["fr", "fr", "en", "fr"])
    write_lexical(tmp_path / "x", zip(TEXTS, ["fr", "fr", "en", "fr"], [()] * 4, strict=True))
    read = LexicalIndex.read(tmp_path / "x")
    assert len(read) == 4
    np.testing.assert_array_equal(
        asked(read, "le chat scientifique", "fr"), asked(index, "le chat scientifique", "fr")
    )


@pytest.mark.parametrize("name", ["language.txt", "stems/terms.npy", "prefixes"])
def test_damage_is_named(tmp_path: Path, name: str) -> None:
    write_lexical(tmp_path / "x", zip(TEXTS, ["fr", "fr", "en", "fr"], [()] * 4, strict=True))
    (tmp_path / "x" / name).rename(tmp_path / "gone")
    with pytest.raises(CorruptIndex, match="qa index"):
        LexicalIndex.read(tmp_path / "x")

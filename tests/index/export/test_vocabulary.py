"""Fewer pieces, the same segmentation of French and English text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from index.export.vocabulary import cut_vocabulary
from index.model.source import ModelSource
from tests.tiny_models import unigram, wordpiece

ROOT = Path(__file__).parents[3]
BENCHMARKS = ROOT.parent / "shared" / "benchmarks"
Cut = tuple[Tokenizer, Tokenizer, list[int]]

TRICKY = (
    "",
    "L'IA, l’IA et l\u02bcIA : « qu'est-ce ? »",
    "1\u202f500 €, 1\u00a0500 $, 1 500 £, 12 ½ %, n°\u00a03, 2ᵉ, m², µm, 25\u00a0°C",
    "ŒUVRE, cœur, ex æquo, naïve, où, ça, ÉTÉ, A\u0300 L'E\u0301TE\u0301",
    "chercheur·euse·s, étudiant.e.s, tou(te)s",
    "Łódź, Škoda, Bjørn, Đà Nẵng, İstanbul, São Paulo, Þingvellir",
    "α, β-carotène, Δt = 3 µs, π ≈ 3,14159, Σ, Ω",
    "e\u0301 ﬁn ﬂux Ⅳ ① ™ № … — – “quoted” ‘so’ 😀 🇫🇷 👩\u200d🔬 → ✓ ★",
    "https://example.org/a?b=c&d=é#f  user@example.org\t\n C++ C# f(x)=2x_1",
    "The quick brown fox doesn't jump over the lazy dog's e-mail.",
)


def texts() -> Iterator[str]:
    for path in sorted((ROOT / "documents" / "articles").glob("*")):
        yield from path.read_text(encoding="utf-8").splitlines()
    for path in sorted(BENCHMARKS.glob("*/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["text"]


@pytest.fixture(scope="module")
def cut(default_model: ModelSource) -> Cut:
    """The default tokeniser, what is left of it, and the ids that its ids had."""
    whole = Tokenizer.from_file(str(Path(default_model.location) / "tokenizer.json"))
    small, ids = cut_vocabulary(whole)
    return whole, small, ids.tolist()


def is_foreign(text: str) -> bool:
    """Whether a word of another script stands in the text; one Greek letter is no word."""
    scripts = [
        unicodedata.name(c, "?").split()[0] if c.isalpha() else " "
        for c in unicodedata.normalize("NFKC", text)
    ]
    greek_words = any(pair == ("GREEK", "GREEK") for pair in pairwise(scripts))
    return greek_words or not {" ", "LATIN", "GREEK", "MODIFIER"}.issuperset(scripts)


def assert_same(text: str, cut: Cut) -> None:
    whole, small, ids = cut
    expected, found = whole.encode(text), small.encode(text)
    assert [ids[i] for i in found.ids] == expected.ids, text
    assert found.offsets == expected.offsets, text


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_french_and_english(text: str, cut: Cut) -> None:
    assert_same(text, cut)


def test_every_text_at_hand(cut: Cut) -> None:
    if not BENCHMARKS.is_dir():
        pytest.skip("the benchmark texts are not beside this repository")
    latin = foreign = 0
    for text in dict.fromkeys(texts()):
        if is_foreign(text):
            foreign += 1
            continue
        assert_same(text, cut)
        latin += 1
    assert latin > 5000
    assert foreign < latin / 50


def test_less_than_half_is_left(cut: Cut) -> None:
    whole, small, ids = cut
    assert small.get_vocab_size() == len(ids) < whole.get_vocab_size() / 2


def test_pieces_of_other_scripts_go() -> None:
    whole = unigram()
    _, ids = cut_vocabulary(whole)
    lost = [p for p, i in whole.get_vocab().items() if i not in set(ids.tolist())]
    assert set(lost) == {"ββ", "▁мир", "мир", "世界", "я"}


def test_what_was_dropped_is_unknown() -> None:
    small, ids = cut_vocabulary(unigram())
    found = small.encode("le мир roi")
    assert found.tokens == ["<s>", "▁le", "▁", "мир", "▁roi", "</s>"]
    assert ids[found.ids].tolist()[3] == unigram().token_to_id("<unk>")


def test_other_kinds_of_tokeniser_stay() -> None:
    whole = wordpiece()
    small, ids = cut_vocabulary(whole)
    assert small is whole
    assert ids.tolist() == list(range(whole.get_vocab_size()))

"""Spelling habits give the same terms."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis import analyse, prefixes, words


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        (
            ["L’équipe", "l'equipe", "L'ÉQUIPE", unicodedata.normalize("NFD", "l’équipe")],
            ["equipe"],
        ),
        (["1 500", "1\u00a0500", "1\u202f500", "1500", "1,500", "1.500"], ["1500"]),
        (["12 345 678"], ["12345678"]),
        (["en 2025 500 pages"], ["en", "2025", "500", "pages"]),
        (["chercheur·euse·s", "chercheur(e)s", "chercheur"], ["chercheur"]),
        (["œuvre", "oeuvre", "ŒUVRE"], ["oeuvre"]),
        (["Mila's", "Mila’s", "mila"], ["mila"]),
        (["« hub »", "“hub”", "hub"], ["hub"]),
        (["Canada-Allemagne", "Canada–Allemagne"], ["canada", "allemagne"]),
        (["qu'il", "qu’il"], ["il"]),
        (["", " \u00a0", "?!…"], []),
    ],
)
def test_words(spellings: list[str], expected: list[str]) -> None:
    assert [words(s) for s in spellings] == [expected] * len(spellings)


def test_stems_are_of_the_language() -> None:
    assert analyse("Les chercheuses nationales", "fr") == analyse("chercheuse nationale", "fr")
    assert analyse("The national researchers", "en") == analyse("national researcher", "en")
    assert analyse("nationales", "und") == ["nationales"]


def test_stop_words_are_of_the_language() -> None:
    assert analyse("Où est le chat ?", "fr") == ["chat"]
    assert analyse("Where is the cat?", "en") == ["cat"]
    assert analyse("the", "fr") == ["the"]


def test_prefixes_are_shared_across_languages() -> None:
    assert (
        prefixes("directrice scientifique") == prefixes("director, scientific") == ["dire", "scie"]
    )
    assert prefixes("1 500 personnes, l'IA") == ["1500", "pers"]
    assert prefixes("the le where où") == []


@given(st.text())
@example("℠")
def test_any_text_has_terms_without_accents_or_capitals(text: str) -> None:
    for word in words(text):
        assert word == word.casefold()
        assert not any(map(unicodedata.combining, word))

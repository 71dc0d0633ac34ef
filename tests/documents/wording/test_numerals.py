"""Cardinals in letters are known for what they are, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.wording.numerals import VALUES, cardinals, in_letters, ordinals
from index.lexical.analysis import words

FRENCH = """
    zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
    dix-sept dix-huit dix-neuf
"""
ENGLISH = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante"}
TIES = "twenty thirty forty fifty sixty seventy eighty ninety"


def french(number: int) -> str:
    if number < 20:
        return FRENCH.split()[number]
    if number < 80:
        tens = min(60, number // 10 * 10)
        joint = " et " if number % 10 == 1 else "-"
        return TENS[tens] + (f"{joint}{french(number - tens)}" if number > tens else "")
    if number < 100:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{french(number - 80)}"
    size, name = (1000, "mille") if number >= 1000 else (100, "cent")
    many, rest = divmod(number, size)
    said = f"{french(many)} {name}" if many > 1 else name
    return f"{said} {french(rest)}" if rest else said


def english(number: int) -> str:
    if number < 20:
        return ENGLISH.split()[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TIES.split()[tens - 2] + (f"-{english(ones)}" if ones else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    many, rest = divmod(number, size)
    joint = " and " if rest < 100 else " "
    return f"{english(many)} {name}" + (f"{joint}{english(rest)}" if rest else "")


@given(st.integers(0, 9999))
def test_a_cardinal_in_letters_has_its_value(number: int) -> None:
    for said in (french(number), english(number)):
        text = f"Il en reste {said}."
        assert list(cardinals(words(text))) == [number], said
        assert set(words(said)) - {"et", "and"} <= set(VALUES)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("septante-deux", 72),
        ("huitante et un", 81),
        ("nonante", 90),
        ("deux cents", 200),
        ("trois millions", 3_000_000),
        ("UNE", 1),
    ],
)
def test_other_forms(said: str, value: int) -> None:
    assert list(cardinals(words(said))) == [value]


def test_words_that_are_no_numbers_part_numbers() -> None:
    assert list(cardinals(words("deux chats et trois chiens"))) == [2, 3]
    assert list(cardinals(words("le chat dort"))) == []


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("deux, trois ou quatre", [2, 3, 4]),
        ("de vingt à trente et de dix", [20, 30, 10]),
        ("vingt et trente", [20, 30]),
        ("trente-quatre euros cinquante", [34, 50]),
        ("cinq pour cent", [5]),
        ("five per cent, fifty cents", [5, 50]),
        ("hundreds of thousands of people", []),
        ("a hundred, a thousand and a million", [100, 1000, 10**6]),
        ("quatre-vingts ans, quatre vingt onze", [80, 91]),
        ("mille et une nuits", [1001]),
        ("dix-neuf cent quatre-vingt-dix-neuf", [1999]),
        ("mille neuf cent puis deux mille vingt-six", [1900, 2026]),
        ("soixante et onze, soixante-dix-sept", [71, 77]),
        ("one thousand and five; two million three hundred", [1005, 2_000_300]),
    ],
)
def test_numbers_end_where_their_words_make_none(said: str, values: list[int]) -> None:
    assert list(cardinals(words(said))) == values


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("le troisième article", [3]),
        ("the twenty-first and the fifth", [21, 5]),
        ("la quatre-vingt-dixième, le vingt et unième", [90, 21]),
        ("premier, seconde, twelfth, nine", [1, 2, 12]),
        ("the thirtieth, le neuvième, le quatrième", [30, 9, 4]),
    ],
)
def test_ordinals(said: str, values: list[int]) -> None:
    assert [found.value for found in ordinals(words(said))] == values


@pytest.mark.parametrize(
    ("said", "value"), [("vingt deux", 22), ("deuxieme", 2), ("deux chats", None), ("", None)]
)
def test_words_that_are_one_number(said: str, value: int | None) -> None:
    assert in_letters(said.split()) == value

"""Numbers in letters, French and English: cardinals and ordinals, folded to plain letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_UNITS: Final = (
    "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
)
_TENS: Final = (
    "vingt trente quarante cinquante soixante septante huitante nonante",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_LARGE: Final = {
    "cent": 100, "hundred": 100, "mille": 1000, "thousand": 1000, "million": 10**6,
    "milliard": 10**9, "billion": 10**9,
}  # fmt: skip
VALUES: Final = {
    **{word: value for words in _UNITS for value, word in enumerate(words.split())},
    **{word: 10 * tens for words in _TENS for tens, word in enumerate(words.split(), start=2)},
    **{form: value for word, value in _LARGE.items() for form in (word, f"{word}s")},
    "une": 1, "octante": 80, "vingts": 20, "mil": 1000,
}  # fmt: skip
"""The words that cardinals are made of, folded, with their values."""
_JOINTS: Final = frozenset({"et", "and"})
_OF_A_HUNDRED: Final = frozenset({"pour", "per"})
_TEN, _SCORE, _HUNDRED, _THOUSAND, _MAX = 10, 20, 100, 1000, 10**12
_FRENCH: Final = frozenset(" ".join([_UNITS[0], _TENS[0], "octante"]).split())
_ENGLISH: Final = frozenset(" ".join([_UNITS[1], _TENS[1]]).split())
_BOTH: Final = _FRENCH & _ENGLISH
_OWN_ORDINALS: Final = {
    "premier": "un", "premiere": "un", "second": "deux", "seconde": "deux", "cinquieme": "cinq",
    "neuvieme": "neuf", "first": "one", "third": "three", "fifth": "five", "eighth": "eight",
    "ninth": "nine", "twelfth": "twelve",
}  # fmt: skip


def _ordinals() -> Iterator[tuple[str, str]]:
    for word in VALUES:
        yield f"{word.removesuffix('e')}ieme", word
        yield (f"{word[:-1]}ieth" if word.endswith("y") else f"{word}th"), word


ORDINALS: Final = {**dict(_ordinals()), **_OWN_ORDINALS}
"""The words that end ordinals, folded, each with its cardinal: ``troisieme``, ``third``."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in letters: which words of a text make it, half-open, and its value."""

    start: int
    end: int
    value: int


_Read = tuple[int, int]
"""The value of the words from a place on, and where they end."""


def cardinals(words: Sequence[str]) -> Iterator[int]:
    """Yield the value of each cardinal in letters.

    Args:
        words: of a text, folded, in order: ``["quatre", "vingt", "dix", "sept"]`` is 97.
    """
    return (numeral.value for numeral in numerals(words))


def numerals(words: Sequence[str]) -> Iterator[Numeral]:
    """Yield each cardinal in letters, as long as its words make one.

    Args:
        words: of a text, folded, in order. « deux, trois ou quatre » are three numbers, « vingt
            et un » is one; « pour cent » is none, nor is "hundreds".
    """
    at = 0
    while at < len(words):
        found = _number(words, at) if words[at] in VALUES else None
        if found:
            yield Numeral(at, found[1], found[0])
        at = found[1] if found else at + 1


def ordinals(words: Sequence[str]) -> Iterator[Numeral]:
    """Yield each ordinal in letters: « vingt-deuxième », "third".

    Args:
        words: of a text, folded, in order.
    """
    counted = [ORDINALS.get(word, word) for word in words]
    return (found for found in numerals(counted) if words[found.end - 1] in ORDINALS)


def in_letters(words: Sequence[str]) -> int | None:
    """Return the value of words, folded, that are one cardinal or ordinal and nothing else."""
    counted = [ORDINALS.get(word, word) for word in words]
    found = _number(counted, 0) if counted and counted[0] in VALUES else None
    return found[0] if found and found[1] == len(words) else None


def _number(words: Sequence[str], at: int) -> _Read | None:
    total, end, below = 0, at, _MAX
    while found := _scaled(words, end, below, begun=end > at):
        value, end, below = found
        total += value
        if below == 1:
            break
    return (total, end) if end > at else None


def _scaled(
    words: Sequence[str], at: int, below: int, *, begun: bool
) -> tuple[int, int, int] | None:
    """Return the next part of a number, where it ends, and its scale: 1000 of « trois mille »."""
    joint = begun and _word(words, at) in _JOINTS
    group = _below_thousand(words, at + joint)
    end = group[1] if group else at
    scale = VALUES.get(_word(words, end), 0)
    if _THOUSAND <= scale < below and not joint and (group or _stands_alone(words, end)):
        return (group[0] if group else 1) * scale, end + 1, scale
    if not group or (joint and group[0] >= _HUNDRED):
        return None
    return *group, 1


def _stands_alone(words: Sequence[str], at: int) -> bool:
    """Tell whether a word such as « mille », "(a) thousand" or « cent » is a number by itself."""
    before, word = (words[at - 1] if at else ""), words[at]
    is_french = word in {"mille", "mil"} or (word == "cent" and before not in _OF_A_HUNDRED)
    return is_french or (before == "a" and not word.endswith("s"))


def _below_thousand(words: Sequence[str], at: int) -> _Read | None:
    first = _below_hundred(words, at)
    end = first[1] if first else at
    if VALUES.get(_word(words, end)) != _HUNDRED:
        return first
    if not (_multiplies(words, end, first) if first else _stands_alone(words, end)):
        return first
    hundreds, after = _HUNDRED * (first[0] if first else 1), end + 1
    joint = words[end].startswith("hundred") and _word(words, after) == "and"
    rest = _below_hundred(words, after + joint)
    return (hundreds + rest[0], rest[1]) if rest and rest[0] else (hundreds, after)


def _multiplies(words: Sequence[str], at: int, first: _Read) -> bool:
    """Tell whether a number counts the hundreds that follow: "fifty cents" are no five thousand."""
    last = words[first[1] - 1]
    is_of_language = last not in (_FRENCH - _BOTH if words[at][0] == "h" else _ENGLISH - _BOTH)
    return is_of_language and 0 < first[0] < (_SCORE if words[at] != "cents" else _TEN)


def _below_hundred(words: Sequence[str], at: int) -> _Read | None:
    if _word(words, at) == "quatre" and _word(words, at + 1) in {"vingt", "vingts"}:
        return _with_units(words, at + 2, 80)
    value = VALUES.get(_word(words, at), _HUNDRED)
    if value < _SCORE:
        return _teens(words, at)
    return _with_units(words, at + 1, value) if value < _HUNDRED else None


def _with_units(words: Sequence[str], at: int, tens: int) -> _Read:
    joint = _word(words, at) == "et" and _word(words, at + 1) in {"un", "une", "onze"}
    units = _teens(words, at + joint)
    most = _SCORE if tens in {60, 80} else _TEN
    return (tens + units[0], units[1]) if units and 0 < units[0] < most else (tens, at)


def _teens(words: Sequence[str], at: int) -> _Read | None:
    value = VALUES.get(_word(words, at), _HUNDRED)
    if value >= _SCORE:
        return None
    ones = VALUES.get(_word(words, at + 1), 0) if words[at] == "dix" else 0
    return (value + ones, at + 2) if 7 <= ones < _TEN else (value, at + 1)


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""

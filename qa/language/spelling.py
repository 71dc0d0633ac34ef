"""What the spelling of an unknown word says for French or for English."""

from __future__ import annotations

import re
import unicodedata

_ENDINGS_BY_WEIGHT: dict[float, str] = {
    2.5: """
        eur trice euse eux aux eau eaux aient ien ienne enne elle eille aille iere ique iste isme
        aire oire onnel ellement iquement onne ente ante ois aine asse
    """,
    1.8: """
        usement ait ais ez if ette aise gne tre bre dre vre que oir euil ee isation iser ier
        uille oise euve ouve iche ouche ueil
    """,
    1.0: "ir ire ite ie ant esse uis ille rne rme x",
    0.5: "lement age ure ance ence",
    0.3: "e ement",
    -2.5: """
        ship hood ness nesses less ful ght ly ward ing ed ty ry gy ology ist ism ics ized ization
        sh shes wn tch ow ould ional ical ware some
    """,
    -1.8: "ator ctor or ologist ician ian ic ous th ll ld ng nk rk ft y k w ss rm ity ey ay",
    -1.2: "al ar ch lt ers ies um m p d ct",
    -0.6: "nd rd ive l b g",
}
_LETTERS: tuple[tuple[float, re.Pattern[str]], ...] = (
    (2.5, re.compile(r"[éèêëçœùûîïôâà]")),
    (1.8, re.compile(r"oeu|eui|uei|aî|^qu[^aeioy]")),
    (0.8, re.compile(r"oi|eau|^ou|gu[ei]|[^q]ui")),
    (-1.8, re.compile(r"w|sh|gh|^kn|^over|oo|ck")),
    (-0.8, re.compile(r"th|k|ee(?!s?$)|ea(?!u)|ey|ay|^s[pk]|^un[^i]")),
)
_MOST = 3.0


def without_accents(word: str) -> str:
    """``word`` with its combining marks removed, and the ligatures written out."""
    plain = unicodedata.normalize("NFD", word.replace("œ", "oe").replace("æ", "ae"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def _ending_weights() -> dict[str, float]:
    weights = {
        ending: weight for weight, text in _ENDINGS_BY_WEIGHT.items() for ending in text.split()
    }
    plurals = {
        f"{ending}s": weight for ending, weight in weights.items() if ending[-1] not in "sxz"
    }
    return plurals | weights


_ENDINGS = _ending_weights()
_LONGEST = max(map(len, _ENDINGS))


def weigh_spelling(word: str) -> float:
    """The log-odds of French over English for a word in lower case (NFC), within -3 to 3 nats."""
    if len(word) == 1:
        return 0.0
    letters = sum(weight for weight, pattern in _LETTERS if pattern.search(word))
    return max(-_MOST, min(_MOST, letters + _weigh_ending(without_accents(word))))


def _weigh_ending(word: str) -> float:
    """The longest known ending counts: ``-ional`` rather than ``-al``."""
    sizes = range(min(_LONGEST, len(word) - 2), 0, -1)
    return next((_ENDINGS[word[-size:]] for size in sizes if word[-size:] in _ENDINGS), 0.0)

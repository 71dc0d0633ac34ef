"""Shows numbers by the tokens of a format: groups of thousands, percentages, masks, fractions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from documents.formats.tables.format_tokens import Token

_GROUP = 3
_MAX_DECIMALS = 30
_MAX_DENOMINATOR = 10**5
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Enough for the largest number of a cell, 1.8e308, with all decimals that a format may have."""
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a section says of its number.

    Attributes:
        whole: tokens before the point.
        parts: tokens from the point to the last digit, empty if there is none.
        rest: tokens after that.
        grouped: thousands are apart.
        scale: what the number is multiplied with.
    """

    whole: Sequence[Token]
    parts: Sequence[Token]
    rest: Sequence[Token]
    grouped: bool
    scale: Decimal


def general(value: float, *, french: bool) -> str:
    """Return a number without a format, in at most 15 digits."""
    digits = str(value) if isinstance(value, int) else f"{value:.15g}"
    return digits.replace(".", ",") if french else digits


def number(value: float, tokens: Sequence[Token], *, french: bool) -> str:
    """Return a number as the tokens of a section show it; ``""`` where they show none.

    Args:
        value: finite, or not: then as Python writes it.
        tokens: of a section that is not for dates.
        french: whether decimals stand behind a comma and thousands are parted by spaces.
    """
    if not any(token.kind == "digit" for token in tokens) or value != value:
        return "".join(token.text for token in tokens if token.kind == "text").strip()
    if abs(value) == float("inf"):
        return str(value)
    writes = _fraction if _is_fraction(tokens) else _scientific if _has(tokens, "E") else _decimal
    words = writes(abs(Decimal(repr(value))), tokens, french=french)
    signed = value < 0 and any(c in "123456789" for c in words)
    return f"{'-' if signed else ''}{words.strip()}"


def _has(tokens: Sequence[Token], kind: str) -> bool:
    return any(token.kind == kind for token in tokens)


def _digits_at(tokens: Sequence[Token]) -> list[int]:
    return [at for at, token in enumerate(tokens) if token.kind == "digit"]


def _shape(tokens: Sequence[Token]) -> _Shape:
    digits = _digits_at(tokens)
    points = [at for at, token in enumerate(tokens) if token.kind == "."]
    # « 00.00.00.00 » is a mask: no number has several points.
    point = points[0] if len(points) == 1 and points[0] < digits[-1] else len(tokens)
    last_whole = max((at for at in digits if at < point), default=-1)
    commas = [at for at in range(point) if tokens[at].kind == ","]
    grouped = any(digits[0] < at < last_whole for at in commas)
    ends = [at for at, t in enumerate(tokens) if t.kind == "," and at > digits[-1]]
    thousands = len({*ends, *(at for at in commas if at > last_whole)})
    percents = sum(token.kind == "%" for token in tokens)
    end = digits[-1] + 1 if point < len(tokens) else len(tokens)
    scale = _EXACT.power(Decimal(10), 2 * percents - _GROUP * thousands)
    return _Shape(tokens[:point], tokens[point:end], tokens[end:], grouped, scale)


def _decimal(value: Decimal, tokens: Sequence[Token], *, french: bool) -> str:
    shape = _shape(tokens)
    places = min(_MAX_DECIMALS, len(_digits_at(shape.parts)))
    scaled = _EXACT.multiply(value, shape.scale)
    rounded = scaled.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    whole, _, parts = f"{rounded:f}".partition(".")
    mark = (_SPACE if french else ",") if shape.grouped else ""
    written = _whole(whole.lstrip("0"), shape.whole, mark)
    decimals = _decimals(parts, shape.parts, "," if french else ".")
    return written + decimals + "".join(map(_literal, shape.rest))


def _whole(digits: str, tokens: Sequence[Token], mark: str) -> str:
    """Put digits into their places, from the right; those too many stand at the first place."""
    left, found, count = list(digits), list[str](), 0
    first = next(iter(_digits_at(tokens)), -1)
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at].kind != "digit":
            found.append(_literal(tokens[at]))
            continue
        for digit in _taken(left, tokens[at].text, all_left=at == first):
            found.append(mark if mark and count and count % _GROUP == 0 else "")
            found.append(digit)
            count += digit.isdigit()
    return "".join(reversed(found))


def _taken(left: list[str], place: str, *, all_left: bool) -> Iterator[str]:
    yield left.pop() if left else {"0": "0", "?": " "}.get(place, "")
    while all_left and left:
        yield left.pop()


def _decimals(digits: str, tokens: Sequence[Token], point: str) -> str:
    """Return the point and the decimals; zeros at the end only where the format asks for them."""
    places = [tokens[at].text for at in _digits_at(tokens)]
    kept = len(digits)
    while kept and digits[kept - 1] == "0" and places[kept - 1] != "0":
        kept -= 1
    given = iter(digits[:kept])
    mark = point if kept else ""
    return "".join(
        next(given, "") if t.kind == "digit" else mark if t.kind == "." else _literal(t)
        for t in tokens
    )


def _literal(token: Token) -> str:
    return token.text if token.kind in {"text", "%", "/", "."} else ""


def _scientific(value: Decimal, tokens: Sequence[Token], *, french: bool) -> str:
    at = next(at for at, token in enumerate(tokens) if token.kind == "E")
    places = len(_digits_at(_shape(tokens[:at]).parts)) if _digits_at(tokens[:at]) else 0
    mantissa, _, power = f"{value:.{places}E}".partition("E")
    width = len(_digits_at(tokens[at:]))
    plus = "-" if int(power) < 0 else "+" if tokens[at].text[1] == "+" else ""
    return f"{mantissa.replace('.', ',') if french else mantissa}E{plus}{abs(int(power)):0{width}d}"


def _is_fraction(tokens: Sequence[Token]) -> bool:
    at = next((at for at, token in enumerate(tokens) if token.kind == "/"), -1)
    return 0 < at < len(tokens) - 1 and tokens[at - 1].kind == "digit"


def _fraction(value: Decimal, tokens: Sequence[Token], *, french: bool) -> str:
    del french  # A fraction has no separators.
    at = next(at for at, token in enumerate(tokens) if token.kind == "/")
    mixed = any(t.kind == "digit" for t in tokens[: _numerator_at(tokens, at)])
    below = _denominator(Fraction(value), tokens[at + 1 :])
    whole, part = divmod(below[0], below[1]) if mixed else (0, below[0])
    shown = f"{part}/{below[1]}" if part or not mixed else ""
    return " ".join(filter(None, [str(whole) if whole or not shown else "", shown]))


def _numerator_at(tokens: Sequence[Token], slash: int) -> int:
    start = slash
    while start and tokens[start - 1].kind == "digit":
        start -= 1
    return start


def _denominator(value: Fraction, tokens: Sequence[Token]) -> tuple[int, int]:
    """Return the numerator, and the denominator that a format states or leaves digits for."""
    fixed = "".join(t.text for t in tokens if t.kind in {"text", "digit"} and t.text.isdigit())
    if int(fixed or 0):
        return int(value * int(fixed) + Fraction(1, 2)), int(fixed)
    most = min(_MAX_DENOMINATOR, 10 ** max(1, len(_digits_at(tokens))) - 1)
    near = value.limit_denominator(most)
    return near.numerator, near.denominator

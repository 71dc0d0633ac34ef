"""Shows dates, times and durations by the tokens of a format, with French or English names."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from documents.formats.tables.format_tokens import Token

Moment = datetime.date | datetime.time | datetime.timedelta

_MONTHS: Final = {
    True: "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    False: "January February March April May June July August September October November December",
}
_DAYS: Final = {
    True: "lundi mardi mercredi jeudi vendredi samedi dimanche",
    False: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_SHORT_MONTHS: Final = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
_CHOSEN_BY_NOBODY: Final = frozenset({"mm-dd-yy", "m/d/yy", "m/d/yyhmm", "yyyy-mm-ddhmmss"})
"""How Excel stores dates that it shows as the machine does, and what libraries write."""
_DATE: Final = frozenset({"y", "d"})
_EPOCH: Final = datetime.date(1899, 12, 31)
"""The day before day 1 of a spreadsheet."""
_HALF_DAY = 12
_NAMED, _INITIAL = 4, 5


@dataclass(frozen=True, slots=True)
class _Clock:
    """A moment taken apart; ``seconds`` are those of a whole duration."""

    date: datetime.date
    hour: int
    minute: int
    second: int
    seconds: int


def moment(value: Moment, tokens: Sequence[Token], *, french: bool) -> str:
    """Return a date, a time or a duration as the tokens of a section show it.

    Args:
        value: what a spreadsheet library returns of a cell with a format for dates.
        tokens: of the section; none that is for dates gives ISO 8601.
        french: whether names of months and days are French.
    """
    tokens = _understood(tokens)
    if not _is_chosen(tokens):
        only_date = any(map(_is_part, tokens)) and not any(token.kind == "h" for token in tokens)
        return _iso(value.date() if isinstance(value, datetime.datetime) and only_date else value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        tokens = _without_time(tokens)
    halves = any(token.kind == "half" for token in tokens)
    clock = _clock(value)
    return "".join(_part(token, clock, french=french, halves=halves) for token in tokens).strip()


def _iso(value: Moment) -> str:
    match value:
        case datetime.datetime():
            at_midnight = value.time() == datetime.time()
            return f"{value:%Y-%m-%d}" if at_midnight else f"{value:%Y-%m-%d} {_iso(value.time())}"
        case datetime.time():
            return value.isoformat("seconds" if value.second else "minutes")
        case datetime.date():
            return value.isoformat()
    hours, rest = divmod(int(value.total_seconds()), 3600)
    return f"{hours}:{rest // 60:02d}"


def _is_part(token: Token) -> bool:
    return token.kind in {"y", "d", "h", "s", "m", "minute", "elapsed", "long", "clock"}


def _is_chosen(tokens: Sequence[Token]) -> bool:
    written = "".join(token.text for token in tokens if token.text not in {" ", ":"})
    return written not in _CHOSEN_BY_NOBODY and any(map(_is_part, tokens))


def _understood(tokens: Sequence[Token]) -> list[Token]:
    """Take ``m`` for minutes right after hours and right before seconds."""
    parts = [at for at, token in enumerate(tokens) if _is_part(token)]
    found = list(tokens)
    for number, at in enumerate(parts):
        before = tokens[parts[number - 1]] if number else Token("", "")
        after = tokens[parts[number + 1]] if number + 1 < len(parts) else Token("", "")
        hours = before.kind == "h" or (before.kind == "elapsed" and before.text[0] in "hH")
        seconds = after.kind == "s" or (after.kind == "elapsed" and after.text[0] in "sS")
        if tokens[at].kind == "m" and (hours or seconds):
            found[at] = Token("minute", tokens[at].text)
    return found


def _without_time(tokens: list[Token]) -> list[Token]:
    """Leave out the time of a format that has a date before it."""
    times = [at for at, t in enumerate(tokens) if t.kind in {"h", "minute", "s", "half"}]
    dates = [at for at, token in enumerate(tokens) if token.kind in _DATE or token.kind == "m"]
    if not times or not dates or max(dates) > min(times):
        return tokens
    return tokens[: max(dates) + 1]


def _clock(value: Moment) -> _Clock:
    if isinstance(value, datetime.timedelta):
        seconds = round(abs(value.total_seconds()))
        minutes, second = divmod(seconds, 60)
        return _Clock(_EPOCH, minutes // 60, minutes % 60, second, seconds)
    day = value if isinstance(value, datetime.date) else _EPOCH
    time = value if isinstance(value, datetime.time) else datetime.time()
    time = value.time() if isinstance(value, datetime.datetime) else time
    seconds = (time.hour * 60 + time.minute) * 60 + time.second
    days = day.toordinal() - _EPOCH.toordinal()
    return _Clock(day, time.hour, time.minute, time.second, days * 86_400 + seconds)


def _part(token: Token, clock: _Clock, *, french: bool, halves: bool) -> str:
    numbers = {"h": clock.hour % 24, "minute": clock.minute, "s": clock.second}
    if token.kind in numbers:
        shown = numbers[token.kind]
        hour = (shown % _HALF_DAY or _HALF_DAY) if token.kind == "h" and halves else shown
        return f"{hour:0{min(len(token.text), 2)}d}"
    if token.kind == "half":
        return token.text.split("/")[clock.hour % 24 >= _HALF_DAY]
    if token.kind == "elapsed":
        return _elapsed(token.text[0].lower(), len(token.text), clock)
    if token.kind in {"digit", "@", "."}:
        return ""
    return _of_date(token, clock, french=french)


def _of_date(token: Token, clock: _Clock, *, french: bool) -> str:
    """Return the part of a date that a token shows; any other token is a text."""
    width, date = len(token.text), clock.date
    match token.kind:
        case "y":
            return str(date.year) if width > 2 else f"{date.year % 100:02d}"
        case "m":
            return _month(date, width, french=french)
        case "d":
            return _day(date, width, french=french)
        case "long" | "clock":
            return "".join(_of_system(token.kind, clock, french=french))
    return token.text


def _elapsed(unit: str, width: int, clock: _Clock) -> str:
    return f"{clock.seconds // {'h': 3600, 'm': 60, 's': 1}[unit]:0{width}d}"


def _month(date: datetime.date, width: int, *, french: bool) -> str:
    name = _MONTHS[french].split()[date.month - 1]
    if width < _NAMED - 1:
        return f"{date.month:0{width}d}"
    if width == _NAMED - 1:
        return _SHORT_MONTHS.split()[date.month - 1] if french else name[:3]
    return name[:1].upper() if width == _INITIAL else name


def _day(date: datetime.date, width: int, *, french: bool) -> str:
    name = _DAYS[french].split()[date.weekday()]
    if width < _NAMED - 1:
        return f"{date.day:0{width}d}"
    if width == _NAMED - 1:
        return f"{name[:3]}." if french else name[:3]
    return name


def _of_system(kind: str, clock: _Clock, *, french: bool) -> Iterator[str]:
    day, month = _day(clock.date, _NAMED, french=french), _month(clock.date, _NAMED, french=french)
    if kind == "clock":
        yield f"{clock.hour % 24:02d}:{clock.minute:02d}:{clock.second:02d}"
    elif french:
        yield f"{day} {clock.date.day} {month} {clock.date.year}"
    else:
        yield f"{day}, {month} {clock.date.day}, {clock.date.year}"

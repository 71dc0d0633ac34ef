"""Tells which letters the characters of a PDF page are: decoded, and with their accents on them."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from documents.formats.pdf.characters import Box, Characters
from documents.formats.pdf.encodings import TEX_NAME, UNREADABLE, WINDOWS, tex_encoding

LINE_END = "\n"
BROKEN_WORD = "\x02"
"""Stands for a hyphen at the end of a line, within a word."""

_HYPHEN_CODE = 0x02
_MARKS: Final[Mapping[str, str]] = {
    "`": "\u0300", "´": "\u0301", "^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303",
    "¨": "\u0308", "¸": "\u0327", "ˇ": "\u030c", "˚": "\u030a", "˘": "\u0306", "¯": "\u0304",
    "˙": "\u0307", "˝": "\u030b", "˛": "\u0328",
}  # fmt: skip
"""Accents that take a room of their own, and those that stand on the letter before."""
_BELOW = frozenset("¸˛")
_DOTLESS = {"ı": "i", "ȷ": "j"}
_QUOTES = {"≪": "«", "≫": "»"}
_MAX_QUOTED = 1_500
_MAX_SEARCHES = 500
"""Accents of a page whose letter is looked for farther away than next to them."""
_MAX_LINES_AWAY = 2


def page_letters(characters: Characters) -> list[str]:
    """Return the letters of each character: mostly one, none of an accent that found its letter.

    ``LINE_END`` and ``BROKEN_WORD`` stand for themselves, ``UNREADABLE`` for each letter that the
    page shows and its font does not name.
    """
    letters = list(map(chr, characters.codes))
    special = {at for at, code in enumerate(characters.codes) if not 0x20 <= code < 0x7F}
    _decode(characters, special, letters)
    accents = [at for at, letter in enumerate(letters) if letter in _MARKS]
    if accents:
        _Accents(characters, letters).compose(accents)
    if "≪" in letters:
        _pair_quotes(letters)
    return letters


def _decode(characters: Characters, special: set[int], letters: list[str]) -> None:
    undecided = []
    for at in special:
        code = characters.codes[at]
        if code in {0x0A, 0x0D} and characters.is_added(at):
            letters[at] = LINE_END
        elif characters.is_unmapped(at):
            undecided.append(at)
        elif code < 0x20:
            letters[at] = BROKEN_WORD if code == _HYPHEN_CODE else " "
        elif code < 0xA0:
            letters[at] = WINDOWS.get(code, "")
    if undecided:
        _decode_unmapped(characters, sorted(undecided), letters)


def _decode_unmapped(characters: Characters, undecided: Sequence[int], letters: list[str]) -> None:
    fonts = {at: characters.font(at) for at in undecided}
    first_of = {font: at for at, font in reversed(fonts.items())}
    of_tex = {font for font, at in first_of.items() if _is_of_tex(characters.font_name(at))}
    for at, font in fonts.items():
        if font not in of_tex:
            letters[at] = _unnamed_letter(characters, at)
    if of_tex:
        _decode_tex(characters, of_tex, letters)


def _is_of_tex(name: str) -> bool:
    return not name or TEX_NAME.fullmatch(name) is not None


def _unnamed_letter(characters: Characters, at: int) -> str:
    code = characters.codes[at]
    if code >= 0xA0:
        return chr(code)
    if code >= 0x80:
        return WINDOWS[code]
    return UNREADABLE if characters.draws(at) else " "


def _decode_tex(characters: Characters, fonts: Set[int], letters: list[str]) -> None:
    drawn: dict[int, list[int]] = defaultdict(list)
    for at in range(len(letters)):
        if letters[at] != BROKEN_WORD and (font := characters.font(at)) in fonts:
            drawn[font].append(at)
    codes = {font: {characters.codes[at] for at in drawn[font]} for font in drawn}
    every = set().union(*codes.values())
    for font, places in drawn.items():
        encoding = tex_encoding(codes[font], every)
        for at in places:
            letters[at] = _tex_letter(characters, at, encoding)


def _tex_letter(characters: Characters, at: int, encoding: Mapping[int, str]) -> str:
    code = characters.codes[at]
    if code in encoding and (code >= 0x20 or _is_in_place(characters, at, encoding[code])):
        return encoding[code]
    return chr(code) if code >= 0x20 else UNREADABLE


def _is_in_place(characters: Characters, at: int, letter: str) -> bool:
    """Tell whether a letter is within a word: the same code is Greek in a font of formulas."""
    if letter in _MARKS or not letter.isalpha():
        return True
    around = characters.codes[max(0, at - 1) : at + 2]
    return any(chr(code).isalpha() for code in around)


class _Accents:
    """Puts the accents of a page on their letters, which they stand over or under."""

    def __init__(self, characters: Characters, letters: list[str]) -> None:
        self._characters = characters
        self._letters = letters
        self._searches = _MAX_SEARCHES

    def compose(self, accents: Sequence[int]) -> None:
        for accent in accents:
            base = self._base(accent)
            if base is not None:
                self._put(accent, base)

    def _base(self, accent: int) -> int | None:
        ink = self._characters.ink(accent)
        is_below = self._letters[accent] in _BELOW
        near = [at for at in (self._next(accent, 1), self._next(accent, -1)) if at is not None]
        found = next((at for at in near if self._is_over(ink, at, is_below)), None)
        if found is not None or self._searches <= 0 or self._stands_alone(accent, near):
            return found
        self._searches -= 1
        others = (at for at in self._around(accent) if self._is_over(ink, at, is_below))
        return next(others, None)

    def _next(self, at: int, step: int) -> int | None:
        """Return the next character that was drawn, on the line or beyond its end."""
        at += step
        while 0 <= at < len(self._letters) and self._letters[at] in {"", " ", LINE_END}:
            at += step
        return at if 0 <= at < len(self._letters) else None

    def _stands_alone(self, accent: int, near: Sequence[int]) -> bool:
        """Tell whether it is written like a letter, as in « `code` »: beside one on its line."""
        room = self._characters.box(accent)
        reach = 0.1 * (room.top - room.bottom)
        beside = (self._characters.box(at) for at in near)
        return any(
            abs(box.bottom - room.bottom) < reach
            and min(abs(box.right - room.left), abs(room.right - box.left)) < reach
            for box in beside
        )

    def _around(self, accent: int) -> Iterator[int]:
        for step in (-1, 1):
            at, lines = accent + step, 0
            while 0 <= at < len(self._letters) and lines <= _MAX_LINES_AWAY:
                lines += self._letters[at] == LINE_END
                yield at
                at += step

    def _is_over(self, ink: Box, at: int, is_below: bool) -> bool:
        letter = self._letters[at]
        if not letter.isalpha() or letter in _MARKS:
            return False
        base = self._characters.ink(at)
        width, height = base.right - base.left, base.top - base.bottom
        middle = (ink.left + ink.right) / 2
        if not base.left - 0.1 * width <= middle <= base.right + 0.1 * width:
            return False
        if is_below:
            return base.bottom - height <= ink.bottom < base.bottom
        return base.bottom + 0.5 * height <= ink.bottom <= base.top + 0.5 * height

    def _put(self, accent: int, base: int) -> None:
        letters = self._letters
        bare = _DOTLESS.get(letters[base], letters[base])
        letters[base] = unicodedata.normalize("NFC", bare + _MARKS[letters[accent]])
        letters[accent] = ""
        self._close(accent)

    def _close(self, accent: int) -> None:
        """Remove a space that PDFium added around the accent, in the middle of a word."""
        before, after = self._next(accent, -1), self._next(accent, 1)
        if before is None or after is None:
            return
        left, right = self._characters.box(before), self._characters.box(after)
        same_line = abs(left.bottom - right.bottom) < 0.2 * (left.top - left.bottom)
        if same_line and right.left - left.right < 0.15 * (left.top - left.bottom):
            for at in range(before + 1, after):
                if self._characters.is_added(at):
                    self._letters[at] = ""


def _pair_quotes(letters: list[str]) -> None:
    """Make guillemets of « ≪ » and « ≫ », which TeX draws for them, where they are pairs."""
    opened: int | None = None
    for at, letter in enumerate(letters):
        if letter == "≪":
            opened = at
        elif letter == "≫" and opened is not None and at - opened < _MAX_QUOTED:
            letters[opened], letters[at] = _QUOTES["≪"], _QUOTES["≫"]
            opened = None

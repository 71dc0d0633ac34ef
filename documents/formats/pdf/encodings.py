"""The letters behind the codes of fonts that do not name them: those of TeX and of Windows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import Final

UNREADABLE = "\N{REPLACEMENT CHARACTER}"
"""Stands for a letter that the page shows and that its font does not name."""

TEX_NAME = re.compile(r"(?:CM|EC|SF|LM|TC|EB)[A-Z]{1,8}\d*", re.IGNORECASE)
"""Names of the fonts of TeX; those of its Type 3 fonts are empty."""


def _codes(start: int, letters: Sequence[str]) -> dict[int, str]:
    return {start + at: letter for at, letter in enumerate(letters)}


CORK: Final[Mapping[int, str]] = {
    **_codes(0x00, "`´ˆ˜¨˝˚ˇ˘¯˙¸˛‚‹›“”„«»–—"),
    0x17: "",
    **_codes(0x19, ("ı", "ȷ", "ff", "fi", "fl", "ffi", "ffl")),
    0x7F: "-",
    **_codes(0x80, "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§"),
    **_codes(0xA0, "ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿£"),
    0xD0: "Đ",
    0xD7: "Œ",
    0xDF: "SS",
    0xF7: "œ",
    0xFF: "ß",
}
"""The Cork encoding (T1) of TeX, where it differs from Latin-1."""
KNUTH: Final[Mapping[int, str]] = {
    **_codes(0x00, "ΓΔΘΛΞΠΣΥΦΨΩ"),
    **_codes(0x0B, ("ff", "fi", "fl", "ffi", "ffl")),
    **_codes(0x10, "ıȷ`´ˇ˘¯˚¸ßæœøÆŒØ"),
    0x22: "”",
    0x3C: "¡",
    0x3E: "¿",
    0x5C: "“",
    0x5E: "ˆ",
    0x5F: "˙",
    **_codes(0x7B, "–—˝˜¨"),
}
"""The first encoding of TeX (OT1), where it differs from ASCII."""
COMPANION: Final[Mapping[int, str]] = {0xBF: "€", 0xD6: "×", 0xF6: "÷"}
"""The companion encoding (TS1) of TeX, where it differs from Latin-1."""
SYMBOLS: Final[Mapping[int, str]] = {0x1C: "≪", 0x1D: "≫"}
"""What French takes from TeX's fonts of symbols: its guillemets in OT1."""
WINDOWS: Final[Mapping[int, str]] = _codes(
    0x80, bytes(range(0x80, 0xA0)).decode("cp1252", "replace")
)
"""Windows-1252, where it differs from Latin-1."""

_LIGATURES_OF_KNUTH = frozenset(range(0x0B, 0x10))
_ACCENTS_OF_KNUTH = frozenset({0x12, 0x7F})
_GUILLEMETS_OF_CORK = frozenset({0x13, 0x14})
_ASCII_LETTERS = frozenset(range(0x41, 0x5B)) | frozenset(range(0x61, 0x7B))


def tex_encoding(codes: Set[int], others: Set[int]) -> Mapping[int, str]:
    """Return the encoding of a font of TeX, by the codes that are drawn with it.

    Args:
        codes: those of the font.
        others: those of all such fonts of the page: a text is set in one encoding.
    """
    if not codes & _ASCII_LETTERS:
        return SYMBOLS if codes <= SYMBOLS.keys() else _of_symbols(codes, others)
    return _of_text(others)


def _of_symbols(codes: Set[int], others: Set[int]) -> Mapping[int, str]:
    return COMPANION if min(codes) >= 0x80 else _of_text(others)


def _of_text(codes: Set[int]) -> Mapping[int, str]:
    if max(codes, default=0) >= 0x80:
        return CORK
    # The code of an opening guillemet is that of an acute accent in the other encoding.
    accented = codes & _ACCENTS_OF_KNUTH or codes & _GUILLEMETS_OF_CORK == {0x13}
    return KNUTH if codes & _LIGATURES_OF_KNUTH or accented else CORK

"""Parts RTF into control words, letters and groups, in time in proportion to its size."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from documents.errors import UnsafeDocument

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
    r"|[\r\n]+|\\",
    re.DOTALL,
)
MAX_TOKENS = 5_000_000
"""A text of a thousand pages has about one million."""
_CHARSETS: Final = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
LATIN = "cp1252"
_LETTERS = ("{", "}", "\\")
"""Signs that stand for themselves after a backslash."""


class Token(NamedTuple):
    """One part of the file; all but one or two of its fields are empty.

    Attributes:
        word: a control word: ``par``, ``f``; a sign after a backslash; or ``{`` or ``}``.
        number: the number after the word.
        code: a byte of a letter outside ASCII.
        text: letters as they are.
    """

    word: str = ""
    number: int | None = None
    code: int | None = None
    text: str = ""


def tokens(source: str, name: str) -> Iterator[Token]:
    """Yield the parts of a file, one code point a byte; binary data is skipped.

    Raises:
        UnsafeDocument: there are more than five million.
    """
    at = 0
    for _ in range(MAX_TOKENS):
        found = _TOKEN.match(source, at)
        if found is None:
            return
        at = found.end()
        word, number, code, sign, brace, text = found.groups()
        if word == "bin":
            at += max(0, int(number or 0))
        elif any(found.groups()):
            yield Token(
                word or brace or (sign if sign not in _LETTERS else "") or "",
                None if number is None else int(number),
                None if code is None else int(code, 16),
                text or (sign if sign in _LETTERS else ""),
            )
    raise UnsafeDocument(f"{name}: more than {MAX_TOKENS:,} control words: split the document")


def encoding_of(charset: int, usual: str) -> str:
    """Return the encoding of a font's letters, by the number of its character set."""
    return _CHARSETS.get(charset, usual)


def code_page(number: int | None) -> str:
    """Return the encoding with the number of a code page; Windows-1252 if there is none."""
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return LATIN

"""Turns the bytes of a text into letters: UTF-8, UTF-16 and UTF-32 with a mark, Windows-1252."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import NamedTuple

from documents.errors import UndecodableDocument
from documents.notices import Notice, NoticeKind

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Those of UTF-32 start as those of UTF-16 do."""
_LATIN = "windows-1252"
_CONTROL = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BEYOND_ASCII = re.compile("[^\0-\x7f]")
_USUAL = frozenset("àâäçéèêëîïôöùûüœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ«»‹›’‘“”–—…•·°€£©®™§²³½¼¾×±\xa0ñáíóúãßªº")
"""What French and English texts have beside ASCII."""
_MIN_USUAL = 0.8


class Decoded(NamedTuple):
    """A text without a byte-order mark, and what people should know of how it was read."""

    text: str
    notices: tuple[Notice, ...] = ()


def decoded(raw: bytes, name: str, stated: Sequence[str] = ()) -> Decoded:
    """Decode a text by its byte-order mark, as UTF-8, as it states, or as Windows-1252.

    The last only if the text then looks like French or English; a notice names the encoding.

    Args:
        raw: the whole file.
        name: the file, for messages.
        stated: the encodings that the file itself names.

    Raises:
        UndecodableDocument: no encoding fits, or there are NUL bytes in it.
    """
    mark = next((encoding for sign, encoding in _MARKS if raw.startswith(sign)), None)
    for encoding in ["utf-8", *stated] if mark is None else [mark]:
        text = _text(raw, encoding)
        if text is not None:
            return Decoded(text.removeprefix("\ufeff"))
    guessed = None if mark else _text(raw, _LATIN)
    if guessed is None or not _is_plausible(guessed):
        raise _undecodable(raw, mark or "utf-8", name)
    # Without a code that only Windows-1252 has, it is Latin-1 as well.
    encoding = _LATIN if re.search(rb"[\x80-\x9f]", raw) else "iso-8859-1"
    return Decoded(guessed, (Notice(NoticeKind.DECODED_AS, encoding),))


def _text(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(encoding)
    except (UnicodeError, LookupError):  # LookupError: no encoding of texts
        return None
    return None if "\0" in text else text


def _is_plausible(text: str) -> bool:
    if _CONTROL.search(text):
        return False
    beyond = _BEYOND_ASCII.findall(text)
    return sum(letter in _USUAL for letter in beyond) >= _MIN_USUAL * len(beyond)


def _undecodable(raw: bytes, encoding: str, name: str) -> UndecodableDocument:
    try:
        raw.decode(encoding)
        offset, known = raw.index(0), "UTF-8"
    except UnicodeDecodeError as error:
        offset, known = error.start, encoding.upper()
    return UndecodableDocument(
        f"{name}: not {known} text: byte 0x{raw[offset]:02X} at offset {offset}: convert the file, "
        "for instance with iconv -f WINDOWS-1252 -t UTF-8 (or -f UTF-16)"
    )

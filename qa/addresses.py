"""The address of a quote: it leads there, also once the document has changed.

A link has the range ``c``, and for when the document is another one ``v`` (the first digits of the
SHA-256 of its text), ``q`` (length and first digits of the SHA-256 of the quote) and ``t`` (the
quote's first words). Digests alone would do, at the price of hashing at every place of the text;
the words alone would mark a passage that goes on otherwise. Together they find the quote fast and
mark nothing else, and people are told which passage it was. White space does not count.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final
from urllib.parse import urlencode

DIGITS: Final = 12
"""How many digits of a SHA-256 a link has: 48 bits, which no accident brings about."""
_OPENING: Final = 24
"""How long the first words of a quote are in a link, in code points."""


def address_of(document_id: str, start: int, quote: str, checksum: str) -> str:
    """Return the permanent link of a quote, without the site.

    Args:
        document_id: the identifier of its document.
        start: where it starts in the document's text, in code points.
        quote: the exact text.
        checksum: the SHA-256 of the document's text, in hexadecimal.
    """
    place = f"{start}-{start + len(quote)}"
    ink = inked(quote)
    asked = {
        "c": place, "v": checksum[:DIGITS], "q": f"{len(ink)}.{digest(ink)}", "t": _opening(quote),
    }  # fmt: skip
    return f"/documents/{document_id}?{urlencode(asked)}#c={place}"


def inked(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def digest(ink: str) -> str:
    """Return the first digits of the SHA-256 of a text without white space."""
    return sha256(ink.encode()).hexdigest()[:DIGITS]


def _opening(quote: str) -> str:
    words = quote[: 4 * _OPENING].split()
    said = "".join(words[:1])[:_OPENING]
    for word in words[1:]:
        if len(said) + 1 + len(word) > _OPENING:
            break
        said += f" {word}"
    return said

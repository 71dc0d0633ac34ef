"""Texts in plain typography, as the encoder and the lexical index read them."""

from __future__ import annotations

# Each code point is replaced by one, so that offsets stay valid. Without this the encoder would
# see different tokens in l'IA and l’IA, and a question must not depend on the keyboard.
_SAME_FOR_READERS = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u2032": "'", "\uff07": "'",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2008": " ",
        "\u00ab": '"', "\u00bb": '"', "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-",
    }
)  # fmt: skip


def for_encoder(text: str) -> str:
    """Return the text with apostrophes, quotes, spaces and dashes in their plain form.

    The result has the same length: offsets into it are offsets into ``text``.
    """
    return text.translate(_SAME_FOR_READERS)

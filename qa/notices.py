"""Messages on standard error; makes a document's text harmless to print on a terminal."""

from __future__ import annotations

import sys

from qa.messages import ERROR, interface_language


def complain(message: str, *, prefix: bool = True) -> None:
    """Say something on standard error, as an error unless ``prefix`` is false."""
    start = f"qa: {ERROR[interface_language()]}: " if prefix else ""
    print(start + printable(message), file=sys.stderr)


def printable(text: str) -> str:
    """Return the text with each control character replaced by one harmless character."""
    return "".join(
        c if _is_harmless(c) else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in "\n\u00a0\u202f"

"""A passage as a service that reads headings writes it for its encoder."""

from __future__ import annotations

from collections.abc import Sequence


def headed(title: str, section: Sequence[str], text: str) -> str:
    """Write a passage below its document's title and the path of its headings, a line each."""
    return "\n".join(filter(None, (title, " > ".join(section), text)))

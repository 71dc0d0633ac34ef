"""What the elements of HTML mean, whoever parses them."""

from __future__ import annotations

import re

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "ins", "kbd", "label", "mark", "q", "rp", "rt", "ruby", "s", "samp",
    "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "math",
    "picture", "source",
})  # fmt: skip
"""Elements that stand among words and part no two of them."""
BREAKS = frozenset({"br", "img"})
"""Elements without content that stand among words."""
ANSWERING = frozenset({"dl", "details"})
"""Elements that hold terms or questions and, deeper than these, what answers them."""
ASKING = frozenset({"dt", "summary"})

_MIN_ALT_WORDS = 2
_NO_PICTURE = re.compile(
    r"(?:the |le |la |l['’])?(?:logo|ic[oô]ne?|pictogramme|badge|banner|banni[eè]re|avatar"
    r"|spacer|photo \d|image \d)\b",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp)$", re.IGNORECASE)


def informative_alt(alt: str) -> str:
    """Return what a picture shows; nothing if the text names no more than the kind or the file."""
    said = re.findall(r"[^\W_]+", alt)
    if len(said) < _MIN_ALT_WORDS or _NO_PICTURE.match(alt) or _FILE_NAME.search(alt):
        return ""
    return alt

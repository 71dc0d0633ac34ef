"""Questions that ask for a number, and texts that have none."""

from __future__ import annotations

import re


def asks_for_missing_number(question: str, text: str) -> bool:
    """Tell whether a question asks for a number, in French or English, that no text as this gives.

    Numbers in letters count, and so do ``half``, ``dizaine`` and the like.
    """
    return bool(_ASKED.search(question)) and not _GIVEN.search(text)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


_ASKED = _any(
    "combien",
    "quel(?:le)? (?:est la population|pourcentage|montant|âge|superficie|hauteur)",
    "quel(?:le)? (?:longueur|nombre|taille|prix|coût)",
    "how (?:many|much|old|long|far|tall|big|often)",
    "what percentage",
)
_GIVEN = _any(
    r"\d[\d.,]*",
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|vingt|trente|cent",
    "mille|millions?|milliards?|dizaines?|douzaines?|centaines?|milliers?|moitié|tiers",
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty",
    "hundreds?|thousands?|billions?|dozens?|half|third",
)

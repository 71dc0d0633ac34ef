"""Which language a question is in, and how sure that is; which language a document is in.

langdetect reads the characters, where the words alone do not decide; on a few words, or on words
with names among them, it errs. So its verdict is one piece of evidence among the words': the
log-odds are summed, and what stays below 0.75 either way is left to the default language.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from qa.errors import UnknownLanguage
from qa.language.word_evidence import Evidence, weigh

LanguageCode = Literal["fr", "en"]
Source = Literal["detected", "requested", "default"]

DETECTED_FROM = 0.75
_CHARACTERS_OF_QUESTION = 500
_CHARACTERS_OF_DOCUMENT = 5000
_CHARACTERS_OF_LANGDETECT = 200
_LANGDETECT_WEIGHT = 3.0
# The characters, whatever they say, leave a probability of more than 0.999: they need not be read.
_DECIDED = 10.0
# Where langdetect has not settled by then, its 1000 draws would only take milliseconds more.
_DRAWS = 100
_LETTERS_FOR_FULL_WEIGHT = 60
_NATS_A_WORD = 1.0
_WORDS_OF_TITLE = 5
_LEAST_MARGIN = 1.0
_FOREIGN_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Language:
    """The language of a question.

    Attributes:
        code: ``fr`` or ``en``.
        confidence: the probability, in 0.5-1, that the code is right: 1 for a requested language,
            0.5 for the default one.
        source: ``requested`` by the caller, ``detected`` in the text, or the ``default`` because
            the text does not tell.
    """

    code: LanguageCode
    confidence: float
    source: Source


def resolve_language(requested: str | None, text: str, default: str = "fr") -> Language:
    """The requested language, or else the language of the text.

    Raises:
        UnknownLanguage: ``requested`` or ``default`` is neither French nor English.
    """
    if requested is None:
        return detect(text, default)
    return Language(_parse(requested), 1.0, "requested")


def detect(text: str, default: str = "fr") -> Language:
    """The language of a question, ``default`` where the probability stays below 0.75.

    Raises:
        UnknownLanguage: ``default`` is neither French nor English.
    """
    fallback = Language(_parse(default), 0.5, "default")
    evidence = weigh(text[:_CHARACTERS_OF_QUESTION])
    if evidence.foreign > max(evidence.french, evidence.english):
        return fallback
    log_odds = evidence.margin
    if abs(log_odds) < _DECIDED:
        log_odds += _weigh_characters(evidence.prose)
    confidence = 1 / (1 + math.exp(-abs(log_odds)))
    if confidence < DETECTED_FROM:
        return fallback
    return Language("fr" if log_odds > 0 else "en", confidence, "detected")


def detect_document(text: str) -> str:
    """``fr``, ``en``, or ``und`` for a text in another language or in none.

    Every second word of prose is a function word, in either language: what the words say grows
    with the text, unless they are of a third language.
    """
    evidence = weigh(text[:_CHARACTERS_OF_DOCUMENT])
    if _is_neither(evidence):
        return "und"
    return "fr" if evidence.margin > 0 else "en"


def _is_neither(evidence: Evidence) -> bool:
    either = evidence.french + evidence.english
    expected = _NATS_A_WORD * (evidence.words - _WORDS_OF_TITLE)
    undecided = either < expected or abs(evidence.margin) < _LEAST_MARGIN
    return undecided or evidence.foreign > _FOREIGN_SHARE * either


def _parse(code: str) -> LanguageCode:
    """A code in any case, with or without a region: ``fr``, ``FR``, ``fr-CA``."""
    primary = code.strip().lower().replace("_", "-").split("-")[0]
    if primary == "fr":
        return "fr"
    if primary == "en":
        return "en"
    raise UnknownLanguage(f"{code!r} is not a language of questions: use 'fr' or 'en'")


def _weigh_characters(prose: str) -> float:
    """What langdetect says for French, in nats: the more letters, the more it counts."""
    detector = two_profiles().create()
    detector.ITERATION_LIMIT = _DRAWS
    detector.append(prose[:_CHARACTERS_OF_LANGDETECT])
    try:
        found: dict[str, float] = {g.lang: g.prob for g in detector.get_probabilities()}
    except LangDetectException:
        return 0.0
    share = min(1.0, len(prose) / _LETTERS_FOR_FULL_WEIGHT)
    return _LANGDETECT_WEIGHT * share * (found.get("fr", 0.0) - found.get("en", 0.0))


@cache
def two_profiles() -> DetectorFactory:
    """Langdetect with the French and English profiles, of its 55, and a seed.

    Each detector that it creates draws from its own generator: answers do not depend on threads.
    """
    factory = DetectorFactory()
    profiles = (
        Path(PROFILES_DIRECTORY, code).read_text("utf-8") for code in get_args(LanguageCode)
    )
    factory.load_json_profile(list(profiles))
    factory.set_seed(0)
    return factory

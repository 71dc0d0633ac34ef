"""What a text offers that a question does not itself say: numbers, dates, names."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final

from documents.wording.numerals import VALUES
from index.lexical.analysis import fold
from qa.answer.evidence.kinds import Kind
from qa.language.function_words import words as listed

_ZERO: Final = listed("aucun aucune nul nulle nuls nulles zero jamais none never nobody neither")
_NOT: Final = listed(
    "sans rien no nothing gratuit gratuite gratuits gratuites gratuitement offert offerte offerts"
    " offertes free"
)
_FOR_NOTHING: Final = listed(
    "gratuit gratuite gratuits gratuites gratuitement offert offerte offerts offertes benevole"
    " benevoles inclus incluse free complimentary included nothing rien"
)
_ABOUT: Final = listed("""
    dizaine dizaines douzaine douzaines quinzaine vingtaine trentaine quarantaine cinquantaine
    soixantaine centaine centaines millier milliers moitie tiers quart double triple demi demie
    paire couple dozen dozens score half third quarter twice thrice pair several plusieurs quelques
    few
""")
"""Words that say how many, though not exactly."""
_ONE: Final = listed("un une")
"""As often an article as a number."""
_MONEY: Final = listed(
    "euro euros eur dollar dollars usd livre livres pound pounds gbp franc francs centime centimes"
    " cent cents pence yen ht ttc"
)
_UNITS_OF_TIME: Final = listed(
    "seconde secondes minute minutes heure heures jour jours nuit nuits semaine semaines mois an"
    " ans annee annees trimestre trimestres siecle siecles second seconds hour hours day days night"
    " nights week weeks month months year years fortnight century centuries decade decades h min"
)
_LASTING: Final = listed(
    "vie lifetime indefiniment indefinitely permanent permanente toujours forever overnight"
    " quinzaine longtemps until jusqu trimestre"
)
_MONTHS: Final = listed(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre january"
    " february march april may june july august september october november december"
)
_WEEKDAYS: Final = listed(
    "lundi mardi mercredi jeudi vendredi samedi dimanche lundis mardis mercredis jeudis vendredis"
    " samedis dimanches monday tuesday wednesday thursday friday saturday sunday mondays tuesdays"
    " wednesdays thursdays fridays saturdays sundays"
)
_DAYS: Final = listed(
    "printemps ete automne hiver spring summer"
    " autumn winter noel paques christmas easter hier demain aujourd yesterday today tomorrow"
    " siecle century avant apres depuis lorsque lors quand des fin debut before after since when"
    " once until"
)
IN_TIME: Final = _MONTHS | _WEEKDAYS | frozenset({"christmas", "easter"})
"""Words that English writes as names, and that are none."""
_HOURS: Final = listed(
    "h heure heures midi minuit matin soir noon midnight am pm clock morning evening afternoon"
    " nocturne"
)
_OFTEN: Final = listed(
    "quotidien quotidienne quotidiennement hebdomadaire hebdomadaires mensuel mensuelle mensuels"
    " mensuelles mensuellement trimestriel trimestrielle semestriel semestrielle annuel annuelle"
    " annuels annuelles annuellement bimensuel bimestriel bisannuel biennal chaque fois toutes tous"
    " toujours souvent regulierement jamais parfois rarement daily weekly fortnightly monthly"
    " quarterly yearly annual annually biennial nightly hourly every each once twice thrice times"
    " always often regularly never seldom rarely per"
)
_WHY: Final = listed(
    "car parce puisque afin grace pour raison raisons cause faute etant since because so as due"
    " reason reasons order therefore otherwise sinon comme"
)
_HOW: Final = listed(
    "par avec via grace puis ensuite faut suffit by with using through then first use press must"
    " can peut pouvez utilisez"
)
_PLACES: Final = listed(
    "rue avenue place quai boulevard allee chemin route ville pays region nord sud est ouest centre"
    " sous sur dans chez devant derriere pres street road lane square city town country north south"
    " east west in at near behind under beside on"
)
_STREETS: Final = listed(
    "rue avenue place quai boulevard allee allees chemin route impasse cedex bp street road lane"
    " square avenue box"
)
_TITLES: Final = listed(
    "m mme mlle mm mr mrs ms dr sir lord ministre president presidente directeur directrice maire"
    " roi reine minister director chair mayor king queen conseil bureau syndic tresorier gardienne"
    " residents members abonne proprietaire locataire"
)
_NAME: Final = re.compile(r"[^\W\d_](?<=[A-ZÀ-ÖØ-Þ])[\w'’-]*")
_CODED: Final = re.compile(
    r"\d{2}[ .]\d{2}[ .]\d|\d{3}[ -]\d{4}|\d{4,}|\w@\w|\w\.\w{2,}/|www|[A-Z]+-?\d"
)
_SUM: Final = re.compile(r"[€$£%]")
_CLOCK: Final = re.compile(
    r"\d ?(?:h|am|pm|a\.m|p\.m)\b|\d[:.]\d\d\b|\d{1,2} heures", re.IGNORECASE
)
_YEAR: Final = re.compile(r"\b1\d{3}\b|\b20\d\d\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b1er\b")


def offered(text: str, words: Sequence[str], question: Collection[str]) -> dict[Kind, float]:
    """Return the kinds of answers that a text gives.

    Args:
        text: a sentence, or a few.
        words: its words, as ``index.lexical.analysis.words`` gives them.
        question: the words of the question: what it says itself answers nothing.

    Returns:
        How clearly it gives each kind: 1, or 0.5 where it may only seem to.
    """
    new = [word for word in words if word not in question]
    fresh, held = set(new), set(words)
    number = _number(fresh)
    named = _named(text, question)
    given = {
        Kind.NUMBER: 1.0
        if number or fresh & (_ZERO | _ABOUT)
        else 0.5 * bool(fresh & (_ONE | _NOT)),
        Kind.AMOUNT: _amount(text, fresh, held, number),
        Kind.DURATION: _duration(fresh, held, number),
        Kind.DATE: _date(text, fresh, number),
        Kind.TIME: _time(text, fresh, number),
        Kind.FREQUENCY: float(bool(held & _OFTEN)) or 0.5 * bool(fresh & (_DAYS | _WEEKDAYS)),
        Kind.PERSON: named or 0.5 * bool(fresh & _TITLES),
        Kind.PLACE: (1.0 if named and held & _PLACES else 0.5 * bool(named or held & _PLACES)),
        Kind.ADDRESS: 1.0 if held & _STREETS and number else 0.0,
        Kind.IDENTIFIER: float(bool(_CODED.search(text))),
        Kind.REASON: float(bool(held & _WHY)),
        Kind.WAY: float(bool(held & _HOW)),
        Kind.YES_NO: 1.0,
    }
    return {kind: float(clear) for kind, clear in given.items()}


def _number(fresh: Collection[str]) -> float:
    """Return 1 where a number other than « un » is new, else 0."""
    return float(any(word[0].isdigit() or (word in VALUES and word not in _ONE) for word in fresh))


def _count(fresh: set[str], number: float) -> float:
    return 1.0 if number or fresh & (_ZERO | _ABOUT) else 0.5 * bool(fresh & (_ONE | _NOT))


def _amount(text: str, fresh: set[str], held: set[str], number: float) -> float:
    if fresh & _FOR_NOTHING:
        return 1.0
    priced = bool(held & _MONEY or _SUM.search(text))
    return 1.0 if priced and number else 0.5 * bool(number or fresh & (_ZERO | _NOT))


def _duration(fresh: set[str], held: set[str], number: float) -> float:
    if held & _UNITS_OF_TIME and (number or fresh & (_ONE | _ABOUT | {"a", "an"})):
        return 1.0
    if fresh & _LASTING or fresh & _UNITS_OF_TIME:
        return 0.75
    return 0.5 * bool(number or fresh & (_ZERO | _NOT))


def _date(text: str, fresh: set[str], number: float) -> float:
    if fresh & (_MONTHS | _WEEKDAYS) or any(
        found in fresh for found in map(fold, _YEAR.findall(text))
    ):
        return 1.0
    return 0.5 * bool(fresh & (_DAYS | _UNITS_OF_TIME) or number)


def _time(text: str, fresh: set[str], number: float) -> float:
    if (fresh & _HOURS and number) or _CLOCK.search(text):
        return 1.0
    return 0.5 * bool(fresh & (_HOURS | _DAYS | _WEEKDAYS) or number)


def _named(text: str, question: Collection[str]) -> float:
    """Return 1 for a new name of two words, 0.75 for another within the text, 0.25 at its start."""
    found = [m for m in _NAME.finditer(text) if fold(m.group()).split("'")[-1] not in question]
    inside = any(m.start() > 0 and text[m.start() - 2 : m.start()] != ". " for m in found)
    pairs = any(b.start() - a.end() == 1 for a, b in pairwise(found))
    return 1.0 if pairs else 0.75 if inside else 0.25 * bool(found)

"""Texts become terms for BM25, so that spelling habits do not matter.

Numbers in letters are as those in digits: « quatre-vingt-dix », "ninety" and 90 are one term; so
are days, however they are written: « 12 mars 2024 », 12/03/2024 and 2024-03-12.

``L’équipe`` and ``l'equipe`` give the same term, so do ``1 500`` and ``1500``,
``chercheur·euse·s`` and ``chercheurs``, ``œuvre`` and ``oeuvre``, precomposed and decomposed
accents. Accents are removed before stemming, so that a question without them finds words with them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import filterfalse
from typing import Final

import Stemmer

from documents.dates import days
from documents.wording.numerals import ORDINALS, VALUES, in_letters, numerals, ordinals
from index.text import for_encoder

PREFIX = 4
"""How many first letters two words must share to match across languages."""
SHORTEST = 3
"""The shortest word that is compared across languages."""

_QUESTION_WORDS = {
    "fr": frozenset(
        [
            "quel",
            "quelle",
            "quels",
            "quelles",
            "quoi",
            "comment",
            "pourquoi",
            "combien",
            "quand",
            "dont",
        ]
    ),
    "en": frozenset(
        [
            "what",
            "which",
            "who",
            "whom",
            "whose",
            "when",
            "where",
            "why",
            "how",
            "do",
            "does",
            "did",
        ]
    ),
}
_STEMMERS = {"fr": "french", "en": "english"}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
# Groups of three digits, separated by a space of any kind, a point or a comma.
_GROUPED_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:[ .,]\d{3})+(?![\d])")
# Inclusive writing: the stem before the first middle dot, or before (e)s and the like.
_INCLUSIVE = re.compile(r"(?<=\w)[·•‧∙]\w+(?:[·•‧∙]\w+)*|(?<=\w)\((?:e|ne|trice|euse|rice)s?\)s?")
_ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu)'(?=\w)")
_POSSESSIVE = re.compile(r"'s?\b")
_SOFT_HYPHEN = re.compile(r"\u00ad(?:[ \t]*\r?\n[ \t]*)?")
_LINE_END = re.compile(r"(?<=[^\W\d_])-[ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_TERM = re.compile(r"\w+")
_CODE = re.compile(r"\d+(?:[-./]\d+)+")
_LETTERED = "|".join(sorted({*VALUES, *ORDINALS} - {"une", "un"}, key=len, reverse=True))
# « article un peu long » has no number.
_IN_LETTERS = (
    rf"(?:{_LETTERED}|un\b(?! (?:peu|autre)))(?:[ -](?:(?:et|and)[ -])?(?:{_LETTERED}|une?))*\b"
)
# A number or a letter that a label stands before, in folded text: « art. 14 », "Appendix B".
_LABELLED = re.compile(
    r"\b(art(?:icle)?|annexe?|appendix|chap(?:itre|ter)?|sect(?:ion)?|part(?:ie)?|tit(?:re|le)|livre"
    r"|book|tome|volume|vol|lot|fig(?:ure)?|tabl(?:e|eau)|salle|room|page|etape|step|regle|rule"
    r"|clause|alinea|paragraph(?:e)?)\b\.? ?(?:n[o°]\.? ?|no\.? |number )?"
    rf"((?:[a-z][. ]{{0,2}})?\d+(?:[-./]\d+)*|{_IN_LETTERS}|[a-z]\b(?!')|[ivxlc]{{2,6}}\b)"
    r"(?:er|ere|re)?\b"
)
_LABEL = re.compile(r"\d[\d./-]*([a-z]{2,})")
_HEADS: Final = frozenset({
    "article", "annex", "chapter", "section", "part", "title", "book", "volume", "clause",
    "alinea", "paragraph", "rule", "step",
})  # fmt: skip
"""The labels that a text stands under. « salle 12 », "page 3" are places, and 50mm is a measure."""
_OVER: Final = "§"
_ABOVE_ALL: Final = 3
"""How often a label in a question counts, where a passage stands under it, besides once."""
_SAME_LABEL: Final = {
    "art": "article", "annexe": "annex", "appendix": "annex", "chap": "chapter",
    "chapitre": "chapter", "sect": "section", "partie": "part", "tit": "title", "titre": "title",
    "livre": "book", "tome": "volume", "vol": "volume", "fig": "figure", "tabl": "table",
    "tableau": "table", "salle": "room", "etape": "step", "regle": "rule",
    "paragraphe": "paragraph",
}  # fmt: skip
_IS_LABEL = re.compile(
    r"article|annexe?|appendix|chapitre|chapter|section|part(?:ie)?|tit(?:re|le)|livre|book|clause"
    r"|alinea|paragraphe?|volume|lot"
)
_ORDINAL = re.compile(r"(\d{1,4})(?:ere?|e(?:me)?|st|nd|rd|th)")
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def analyse(text: str, language: str) -> list[str]:
    """Return the terms of a text, in order, with repetitions; stop words are left out.

    Args:
        text: anything.
        language: ``fr`` or ``en`` decides stop words and stemming; of any other, words stay whole.
    """
    stop = _stop_words(language)
    return [stem(word, language) for word in _counted(text, language) if word not in stop]


def prefixes(text: str) -> list[str]:
    """Return the first letters of a text's words, the stop words of both languages left out."""
    stop = _stop_words("fr") | _stop_words("en")
    kept = (word for word in _counted(text, "any") if word not in stop)
    return [
        word if word[0].isdigit() else word[:PREFIX]
        for word in kept
        if len(word) >= SHORTEST or word[0].isdigit()
    ]


def _counted(text: str, language: str) -> list[str]:
    """Return the words of a text with cardinals in digits; after them, ordinals with their labels.

    Then the days that it states, so that « 12 mars 2024 », 12/03/2024 and 2024-03-12 are one.

    « un », "one" by themselves stay words: they are articles and pronouns as often.
    """
    plain = _plain(text)
    found = _words(plain)
    counted: list[str] = []
    start = 0
    for number in numerals(found):
        counted += found[start : number.start]
        stays = number.value == 1 and number.end == number.start + 1
        counted += found[number.start : number.end] if stays else [str(number.value)]
        start = number.end
    return counted + found[start:] + _ordered(found) + _days(plain, language, found)


def _days(plain: str, language: str, found: Iterable[str]) -> list[str]:
    stated = dict.fromkeys(days(plain, language))
    return [day for day in stated if day not in found]


def _ordered(found: list[str]) -> list[str]:
    """Return « troisième article », "3rd article" as « article trois » is."""
    ends = {number.end: str(number.value) for number in ordinals(found)}
    ends |= {at: m[1] for at, word in enumerate(found, 1) if (m := _ORDINAL.fullmatch(word))}
    return [
        value + _SAME_LABEL.get(found[at], found[at])
        for at, value in ends.items()
        if at < len(found) and _IS_LABEL.fullmatch(found[at])
    ]


def of_context(terms: list[str]) -> list[str]:
    """Return the terms of a context: those of its labels count again, as what a text stands under.

    So « Article 3 » over a passage is not « as article 3 says » in another.
    """
    return terms + [term + _OVER for term in terms if _heads(term)]


def of_question(terms: list[str]) -> list[str]:
    """Return the terms of a question: its labels ask for what stands under them, above all.

    « article 12 », "section 4" do; « local 12 », « bureau 4 », "room 12" name what they name.
    """
    return terms + [term + _OVER for term in terms if _heads(term)] * _ABOVE_ALL


def _heads(term: str) -> bool:
    """Tell whether a term is a number with the label of an article, a section and the like."""
    found = _LABEL.fullmatch(term)
    return found is not None and found[1] in _stems_of_heads()


@cache
def _stems_of_heads() -> frozenset[str]:
    # A term is a stem, with its number before it.
    return _HEADS | {stem(f"1{name}", code)[1:] for name in _HEADS for code in _STEMMERS}


def is_over(term: str) -> bool:
    """Tell whether a term is a label that a passage stands under."""
    return term.endswith(_OVER)


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, unaccented, elisions and possessives taken off.

    After them, as a word each, codes of several numbers (``2001-14``), whose parts tell them apart
    from few others, and numbers with their label, alike in both languages: « art. premier » and
    "Article 1" give ``1article``, which « 1, rue du Lac » does not. Then the words that a hyphen
    parts at the end of a line, whole: only their author knows whether the hyphen is theirs, so the
    parts count, too.
    """
    return _words(_plain(text))


def _plain(text: str) -> str:
    return _SOFT_HYPHEN.sub("", for_encoder(fold(text)))


def _words(plain: str) -> list[str]:
    plain = _GROUPED_NUMBER.sub(lambda found: re.sub(r"\D", "", found.group()), plain)
    plain = _INCLUSIVE.sub("", plain)
    plain = _POSSESSIVE.sub(" ", _ELISION.sub("", plain))
    found = _TERM.findall(plain)
    return found + _CODE.findall(plain) + _labelled(plain) + _rejoined(plain, found)


def _labelled(plain: str) -> list[str]:
    # The number leads, so that the word is compared whole across languages, as numbers are.
    found = ((_SAME_LABEL.get(m[1], m[1]), m[2]) for m in _LABELLED.finditer(plain))
    # « un livre à rendre » names no book A.
    return [_number(name) + label for label, name in found if name != "a" or label == "annex"]


def _number(name: str) -> str:
    value = in_letters(name.replace("-", " ").split())
    if value is not None:
        return str(value)
    name = re.sub(r"(?<=[a-z])[. ]+", "", name)
    if len(name) == 1 and name not in "ivx":
        return name
    return str(_of_roman(name)) if set(name) <= _ROMAN.keys() else name


def _of_roman(name: str) -> int:
    values = [_ROMAN[letter] for letter in name]
    following = [*values[1:], 0]
    return sum(-v if v < after else v for v, after in zip(values, following, strict=True))


def _rejoined(plain: str, parts: list[str]) -> list[str]:
    whole, count = _LINE_END.subn("", plain)
    known = set(parts)
    return [word for word in _TERM.findall(whole) if word not in known] if count else []


def fold(text: str) -> str:
    """Return the text in lower case without accents or ligatures."""
    # In this order: some signs, such as ℠, decompose to capitals.
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LIGATURES)
    return "".join(filterfalse(unicodedata.combining, plain))


@lru_cache(maxsize=65536)
def is_stop_word(word: str) -> bool:
    """Tell whether a word is a stop word of French or of English."""
    return not without_stop_words(words(word))


def without_stop_words(found: Iterable[str]) -> list[str]:
    """Return those of some words, as ``words`` gives them, that neither language passes over."""
    stop = _stop_words("any")
    return [word for word in found if word not in stop]


@cache
def _stop_words(language: str) -> frozenset[str]:
    """Return the stop words of a language, folded; of both for ``any``.

    These are Snowball's lists, and question words, which an answer does not repeat.
    """
    if language == "any":
        return _stop_words("fr") | _stop_words("en")
    listed = {"fr": _FRENCH, "en": _ENGLISH}.get(language, frozenset())
    return frozenset(fold(word) for word in listed) | _QUESTION_WORDS.get(language, frozenset())


@lru_cache(maxsize=65536)
def stem(word: str, language: str) -> str:
    """Return the stem of a word of ``words``; of a language without a stemmer, the word."""
    name = _STEMMERS.get(language)
    return str(_stemmer(name).stemWord(word)) if name else word


@cache
def _stemmer(name: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(name)


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The stop words of Snowball and NLTK, as bm25s lists them. They stand here so that a question does
# not load all of bm25s for two lists.
_FRENCH: Final = _listed(
    """
    ai aie aient aies ait as au aura aurai auraient aurais aurait auras aurez auriez aurions
    aurons auront aux avaient avais avait avec avez aviez avions avons ayant ayante ayantes
    ayants ayez ayons c ce ces d dans de des du elle en es est et eu eue eues eurent eus eusse
    eussent eusses eussiez eussions eut eux eûmes eût eûtes furent fus fusse fussent fusses
    fussiez fussions fut fûmes fût fûtes il ils j je l la le les leur lui m ma mais me mes moi
    mon même n ne nos notre nous on ont ou par pas pour qu que qui s sa se sera serai seraient
    serais serait seras serez seriez serions serons seront ses soient sois soit sommes son sont
    soyez soyons suis sur t ta te tes toi ton tu un une vos votre vous y à étaient étais était
    étant étante étantes étants étiez étions été étée étées étés êtes
    """
)
_ENGLISH: Final = _listed(
    """
    a about above after again against ain all am an and any are aren aren't as at be because
    been before being below between both but by can couldn couldn't d did didn didn't do does
    doesn doesn't doing don don't down during each few for from further had hadn hadn't has hasn
    hasn't have haven haven't having he her here hers herself him himself his how i if in into
    is isn isn't it it's its itself just ll m ma me mightn mightn't more most mustn mustn't my
    myself needn needn't no nor not now o of off on once only or other our ours ourselves out
    over own re s same shan shan't she she's should should've shouldn shouldn't so some such t
    than that that'll the their theirs them themselves then there these they this those through
    to too under until up ve very was wasn wasn't we were weren weren't what when where which
    while who whom why will with won won't wouldn wouldn't y you you'd you'll you're you've your
    yours yourself yourselves
    """
)

"""What the words of a text say for French and for English, in nats of log-odds.

The weights are few and coarse on purpose, so that they carry over to questions never seen:
a function word says about e^2.5 = 12 to 1, and the word that opens a question more.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from qa.language import function_words as lists
from qa.language.spelling import weigh_spelling, without_accents

_OPENER, _FUNCTION, _COMMON, _WEAK, _FOREIGN, _MARK = 10.0, 2.5, 2.2, 0.8, 3.0, 0.8
_FIRST, _NAME, _QUOTED = 0.6, 0.3, 0.2

_ADDRESS = re.compile(r"(?:\bhttps?://|\bwww\.)\S+|\S{1,64}@\S{1,255}")
_TYPEWRITTEN = str.maketrans("’‘ʼ′´`‐‑\u00a0\u202f\u2009", "''''''--   ")
_QUOTATION = re.compile(r'"[^"]{1,80}"|«[^»]{1,80}»|“[^”]{1,80}”')
_PART = re.compile(
    r"""(?P<fixed>\b(?:aujourd'hui|[jn]'ai)\b)
    | (?P<elision>\b(?:[cdjlmnst]|(?:jus|lors|puis|quel|quoi)?qu)'(?=\w\w))
    | (?P<clitic>(?<=\w)'(?:s|t|re|ve|ll|m|d)\b)
    | (?P<inversion>(?<=\w)-(?:(?:t-)?(?:ils?|elles?)|t-on|je|tu|nous|vous|moi|toi|lui|leur|ce
        |(?<=eut-|oit-|ait-|ont-|est-|dit-)on|(?<=[ez]-)(?:les?|la))\b)
    | (?P<word>[^\W\d_]+)""",
    re.VERBOSE | re.IGNORECASE,
)
_BOUND = {"fixed": _FUNCTION, "elision": _FUNCTION, "inversion": _FUNCTION, "clitic": -2.0}
_INCLUSIVE = re.compile(
    r"\w[·•․.](?:euse|rice|trice|ne|fe|ve|ère)(?:[·•․.]?s)?\b|\w[·•․](?:e|e?s)\b|\w\.e\.s\b|\w\(e\)"
)
_FRENCH_MARK = re.compile(r"«[^«»]*»|\w\W? [?!;:](?=\s|$)")
_FOREIGN_LETTER = re.compile(r"[¿¡ñßäãõåøłşșăšžıő]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each language in a text, in nats, each sum at least 0.

    Attributes:
        french: for French.
        english: for English.
        foreign: for neither.
        words: how many words were weighed.
        prose: the words that are neither names nor quoted, in lower case, in their order.
    """

    french: float
    english: float
    foreign: float
    words: int
    prose: str

    @property
    def margin(self) -> float:
        """The log-odds of French over English, in nats."""
        return self.french - self.english


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a clitic or an elided word; ``factor``, in 0-1, is how far it counts."""

    kind: str
    text: str
    factor: float


def _lexicon() -> dict[str, float]:
    """Word -> log-odds of French over English; French words may lack their accents."""
    french = {
        **dict.fromkeys(lists.FRENCH_COMMON, _COMMON),
        **dict.fromkeys(lists.WEAK_FRENCH, _WEAK),
        **dict.fromkeys(lists.FRENCH, _FUNCTION),
    }
    english = {
        **dict.fromkeys(lists.ENGLISH_COMMON, -_COMMON),
        **dict.fromkeys(lists.WEAK_ENGLISH, -_WEAK),
        **dict.fromkeys(lists.ENGLISH, -_FUNCTION),
    }
    bare = {without_accents(word): weight for word, weight in french.items()}
    accented = dict.fromkeys(lists.FRENCH_ACCENTED, _FUNCTION)
    return {**bare, **accented, **french, **english, **dict.fromkeys(lists.LOANWORDS, 0.0)}


def _openers() -> dict[str, float]:
    return {
        **dict.fromkeys(map(without_accents, lists.FRENCH_OPENERS), _OPENER),
        **dict.fromkeys(lists.FRENCH_OPENERS, _OPENER),
        **dict.fromkeys(lists.ENGLISH_OPENERS, -_OPENER),
    }


_LEXICON = _lexicon()
_OPENERS = _openers()
_ACRONYMS = {
    **dict.fromkeys(lists.FRENCH_ACRONYMS, _FUNCTION),
    **dict.fromkeys(lists.ENGLISH_ACRONYMS, -_FUNCTION),
}


def weigh(text: str) -> Evidence:
    """Sum what the words and the punctuation of ``text`` say."""
    clean = _ADDRESS.sub(" ", unicodedata.normalize("NFC", text).translate(_TYPEWRITTEN))
    tokens = _tokens(clean)
    weights = [_weigh_marks(clean), _weigh_opening(tokens)]
    weights += [token.factor * _weigh_token(token, alone=len(tokens) == 1) for token in tokens]
    return Evidence(
        french=sum(weight for weight in weights if weight > 0),
        english=-sum(weight for weight in weights if weight < 0),
        foreign=_FOREIGN * (sum(map(_foreignness, tokens)) + ("¿" in clean)),
        words=len(tokens),
        prose=" ".join(token.text for token in tokens if token.factor == 1),
    )


def _tokens(text: str) -> list[_Token]:
    quoted = {place for match in _QUOTATION.finditer(text) for place in range(*match.span())}
    matches = list(_PART.finditer(text.lower() if text.isupper() else text))
    inside = _inside_names([match[0] for match in matches])
    titled = len(matches) > 1 and not any(match[0][0].islower() for match in matches)
    return [
        _Token(
            str(match.lastgroup),
            match[0].lower(),
            (_NAME if place in inside else _weigh_case(match[0], place == 0, titled))
            * (_QUOTED if match.start() in quoted else 1),
        )
        for place, match in enumerate(matches)
    ]


def _inside_names(words: list[str]) -> set[int]:
    """The places of the connectives between two names, the sentence's first word being none."""
    inside: set[int] = set()
    pending: list[int] = []
    after_name = False
    for place, word in enumerate(words[1:], start=1):
        if word in lists.CONNECTIVES:
            pending.append(place)
            continue
        is_name = word[0].isupper()
        inside.update(pending if is_name and after_name else ())
        pending, after_name = [], is_name
    return inside


def _weigh_case(word: str, first: bool, titled: bool) -> float:
    """A capital inside a sentence marks a name, which says little of the sentence's language."""
    if not word[0].isupper() or word.lower() in _ACRONYMS:
        return 1.0
    if not first and not titled:
        return _NAME
    if word.lower() in _LEXICON or word.lower() in lists.FOREIGN or "'" in word:
        return 1.0
    return _FIRST if first and not titled else _NAME


def _weigh_token(token: _Token, *, alone: bool) -> float:
    """The log-odds of French over English for one token."""
    if token.kind != "word":
        return _BOUND[token.kind]
    if token.text in _ACRONYMS:
        return 0.0 if alone else _ACRONYMS[token.text]
    known = _LEXICON.get(token.text)
    return weigh_spelling(token.text) if known is None else known


def _weigh_opening(tokens: list[_Token]) -> float:
    """An interrogative or an imperative opens a question, if need be after a preposition."""
    found = next((token for token in tokens if token.text not in lists.LEAD_INS), None)
    return found.factor * _OPENERS.get(found.text, 0.0) if found else 0.0


def _weigh_marks(text: str) -> float:
    """French spaces its double marks; inclusive writing is French alone."""
    inclusive = _FUNCTION * len(_INCLUSIVE.findall(text))
    return inclusive + _MARK * (_FRENCH_MARK.search(text) is not None)


def _foreignness(token: _Token) -> float:
    """How far the token is of another language, in 0-1."""
    foreign = token.text in lists.FOREIGN or _FOREIGN_LETTER.search(token.text) is not None
    return token.factor if foreign else 0.0

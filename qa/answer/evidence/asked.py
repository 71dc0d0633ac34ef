"""What a question asks for, by the words that it asks with, in French or English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from index.lexical.analysis import fold
from index.text import for_encoder
from qa.answer.evidence.kinds import Kind

_UNIT_OF_TIME: Final = (
    r"(?:secondes?|minutes?|heures?|jours?|nuits?|semaines?|mois|ans?|annees?|trimestres?|siecles?"
    r"|seconds?|hours?|days?|nights?|weeks?|months?|years?)"
)
_SUM: Final = (
    r"(?:prix|cout|tarif|montant|salaire|budget|loyer|caution|amende|redevance|frais|somme"
    r"|subvention|cotisation|franchise|supplement|chiffre d'affaires|revenu|remuneration|abonnement"
    r"|price|cost|fee|charge|fine|salary|deposit|rent|amount|surcharge|grant|revenue|turnover)s?"
)
_MEASURE: Final = (
    r"(?:nombre|age|taille|hauteur|longueur|largeur|profondeur|epaisseur|poids|distance|vitesse"
    r"|population|superficie|surface|pourcentage|proportion|part|temperature|diametre|contenance"
    r"|capacite|puissance|dimensions?|altitude|majorite|taux|number|height|length|width|depth|thickness|weight"
    r"|speed|percentage|share|diameter|capacity|size|rate)s?"
)
_STUFF: Final = r"weight|water|coffee|space|room|time|power|energy|memory|food|sugar|milk|oil|heat"
_HELD: Final = r"weigh|hold|carry|contain|consume|use|pese|pesent|contient|mesure|mesurent|consomme"
_ROLE: Final = (
    r"(?:personne|homme|femme|ministre|president|presidente|directeur|directrice|auteur|autrice"
    r"|maire|roi|reine|acteur|actrice|chanteur|chanteuse|joueur|joueuse|ecrivain|peintre|architecte"
    r"|fondateur|fondatrice|entreprise|societe|organisme|man|woman|person|minister|director|author"
    r"|mayor|king|queen|actor|actress|singer|player|writer|painter|architect|founder|company|team)s?"
)
_SITE: Final = (
    r"(?:ville|pays|region|departement|commune|endroit|lieu|rue|quartier|continent|etat|province|ile"
    r"|batiment|salle|gare|station|arret|city|country|town|region|place|street|county|state|building"
    r"|room|continent|island|village|stop)s?"
)
_CONTACT: Final = (
    r"(?:telephone|courriel|e-?mail|mail|fax|site|site web|url|website|phone|mot de passe|password"
    r"|code|pin|reference|numero|isbn|matricule|identifiant)s?"
)
_INTERROGATIVE: Final = (
    r"(?:quel(?:le)?s?|qui|que|qu|quoi|comment|combien|ou|quand|pourquoi"
    r"|(?:la|les?|du|de|au)quel\w*)"
)
_WHICH: Final = (
    r"(?:quel(?:le)?s?(?: (?:est|sont|etait|etaient|sera|fut))?"
    r"|what(?:'s)?(?: (?:is|are|was|were))?|which)"
)
_OF: Final = r"(?: \S+){0,2}?"


def _said(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\b)(?:{'|'.join(patterns)})\b")


_RULES: Final = (
    (
        _said(
            r"^est-ce qu[e']", r"^\S+-(?:t-)?(?:il|elle|on|ils|elles|je|tu|vous|nous)",
            rf"^(?!.*\b{_INTERROGATIVE}\b).*-(?:t-)?(?:il|elle|on|ils|elles|je|tu|vous|nous)",
            r"^(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had)",
        ),
        {Kind.YES_NO},
    ),
    (
        _said(
            r"combien de fois", r"a quelle frequence", r"tous les combien",
            r"how (?:often|frequently|regularly|many times)",
            rf"{_WHICH}{_OF} ?(?:frequence|frequency|rythme)",
        ),
        {Kind.FREQUENCY},
    ),
    (
        _said(
            r"combien de temps", rf"combien d(?:e |')(?:longues )?{_UNIT_OF_TIME}",
            rf"how many {_UNIT_OF_TIME}", r"how (?:soon|quickly)",
            rf"{_WHICH}{_OF} ?(?:duree|delai|duration|time limit)", r"sous quel delai",
        ),
        {Kind.DURATION},
    ),
    (_said(r"how long"), {Kind.DURATION, Kind.NUMBER}),
    (
        _said(
            r"a quelles? heures?", r"quelle heure", rf"{_WHICH}{_OF} ?(?:horaires?|heures?|hours)",
            r"(?:at )?what time", r"how (?:late|early)", r"heures d'ouverture", r"opening hours",
        ),
        {Kind.TIME},
    ),
    (
        _said(
            rf"{_WHICH}{_OF} ?(?:dates?|jours?|annees?|mois|siecle|saison|day|year|month|century"
            r"|season|deadline|echeance)", r"(?:de|depuis|jusqu'a) quand",
            r"(?:since|until|till) when",
        ),
        {Kind.DATE},
    ),
    (
        _said(r"^(?:\S+ ){0,2}quand", r"quand (?:est|sont|a|ont|aura|sera|se|faut)", r"^when"),
        {Kind.DATE, Kind.TIME},
    ),
    (
        _said(
            rf"{_WHICH}{_OF} ?(?:adresse (?:electronique|mail|e-mail|web|internet)|{_CONTACT})",
            r"(?:phone|telephone) number", r"adresse (?:electronique|mail)",
            r"e-?mail", r"numero de telephone", r"mot de passe", r"password",
        ),
        {Kind.IDENTIFIER},
    ),
    (_said(r"adresse", r"address"), {Kind.ADDRESS, Kind.IDENTIFIER}),
    (
        _said(
            rf"how much (?:{_STUFF})", rf"how much (?:does|do|can|did) .*(?:{_HELD})",
            rf"combien (?:{_HELD})",
        ),
        {Kind.NUMBER},
    ),
    (
        _said(
            r"combien (?:cout\w+|pa[iy]\w+|vaut|valent|touch\w+|gagn\w+|rapport\w+|doit|factur\w+"
            r"|demand\w+)", rf"{_WHICH}{_OF} ?{_SUM}", r"how (?:expensive|cheap)", r"a combien",
            r"^que (?:coute|coutent|paie|paye|paient|gagne|gagnent)",
            r"^what (?:do|does|did) .*(?:cost|pay|charge|earn)",
            r"how much (?:is|are|does|do|did|was|were|will|must|should|money)",
        ),
        {Kind.AMOUNT},
    ),
    (
        _said(
            r"combien", r"how (?:many|much|old|far|tall|big|wide|deep|heavy|high|large|hot|fast"
            r"|loud|thick|warm|cold|small)", rf"{_WHICH}{_OF} ?{_MEASURE}", r"percentage",
        ),
        {Kind.NUMBER},
    ),
    (_said(r"pourquoi", r"pour quelles? raisons?", r"why", r"how come"), {Kind.REASON}),
    (
        _said(
            r"^(?:a |de |par |avec |chez |pour |contre |en memoire de )?qui", r"who", r"whom",
            r"whose", rf"{_WHICH}{_OF} ?(?:nom|name)", r"comment s'appel\w+",
            rf"(?:quel(?:le)?s?|which|what) {_ROLE}",
        ),
        {Kind.PERSON},
    ),
    (
        _said(
            r"^(?:d'|par |jusqu'|vers )?ou", r"where", r"whereabouts",
            rf"(?:quel(?:le)?s?|which|what) {_SITE}",
        ),
        {Kind.PLACE},
    ),
    (
        _said(
            r"comment", r"how (?:do|does|did|can|could|should|to|is|are|was)",
            r"de quelle (?:maniere|facon)",
        ),
        {Kind.WAY},
    ),
)  # fmt: skip


@lru_cache(maxsize=1024)
def asked(question: str) -> frozenset[Kind]:
    """Return the kinds of answers that a question asks for.

    Any one of them would do: "how long" asks for a duration or for a length. None where the
    question does not say, as in "What does article 3 say?".
    """
    said = for_encoder(fold(question)).strip(" \"'«»¿-")
    found = (kinds for pattern, kinds in _RULES if pattern.search(said))
    return frozenset(next(found, ()))

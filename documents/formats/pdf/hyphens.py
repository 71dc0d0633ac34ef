"""Tells whether a hyphen at the end of a line is the word's own."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CLITICS = frozenset({
    "il", "elle", "on", "ils", "elles", "je", "tu", "nous", "vous", "moi", "toi", "lui", "leur",
    "en", "y", "ce", "ci", "là", "la", "le", "les", "t", "même", "mêmes",
})  # fmt: skip
"""Words that French joins to a verb or a pronoun with a hyphen."""
_INNER = frozenset({
    "à", "en", "et", "de", "du", "des", "d", "l", "le", "la", "les", "au", "aux", "sur", "sous",
    "and", "by", "in", "of", "on", "the", "to", "up",
})  # fmt: skip
"""Words between two hyphens: va-et-vient, c’est-à-dire, up-to-date."""
_ALWAYS = frozenset({
    "après", "celle", "celles", "celui", "ceux", "demi", "quasi", "quatre", "rendez", "soixante",
    "vice",
})  # fmt: skip
"""First parts that are always followed by a hyphen, if the word is broken behind them."""
_WORDS = """
abat-jour aide-mémoire aide-soignant aide-soignante aigre-doux amuse-gueule appuie-tête
attrape-nigaud au-dehors au-delà au-dessous au-dessus au-devant avant-bras avant-dernier
avant-dernière avant-garde avant-hier avant-poste avant-première avant-projet avant-propos
avant-veille bande-annonce bas-côté bas-relief beau-fils beau-frère beau-père beaux-arts
belle-fille belle-mère belle-sœur bien-aimé bien-fondé bien-être blanc-seing bloc-notes
brise-glace brise-vent built-in cache-nez café-théâtre casse-croûte casse-tête centre-ville
cerf-volant chauffe-eau check-in chef-lieu chèque-cadeau ci-après ci-contre ci-dessous ci-dessus
ci-gît ci-haut ci-inclus ci-joint ci-jointe cinquante-cinq clair-obscur co-operate co-operation
co-operative co-ordinate coffre-fort compte-goutte compte-gouttes compte-rendu compte-tours
contre-attaque contre-courant contre-enquête contre-exemple contre-expertise contre-indication
contre-pied contre-pouvoir contre-proposition contre-valeur cost-effective coupe-feu coupe-vent
couvre-feu couvre-lit day-to-day decision-maker decision-makers decision-making dernier-né
deux-pièces dix-huit dix-neuf dix-sept e-mail e-mails en-tête entre-deux essuie-glace essuie-tout
ex-conjoint ex-ministre ex-président fac-similé face-to-face faire-part faire-valoir first-class
follow-up free-standing full-scale full-time garde-boue garde-chasse garde-côte garde-fou
garde-manger garde-meuble garde-robe general-purpose grand-chose grand-livre grand-mère grand-père
grands-parents gratte-ciel hands-on haut-fond haut-fourneau haut-parleur haute-fidélité high-level
high-quality high-risk homme-grenouille hors-bord hors-jeu hors-la-loi hors-série in-depth
in-house jean-baptiste jean-claude jean-louis jean-paul jean-pierre laissez-passer large-scale
lave-linge lave-vaisselle left-hand libre-service libre-échange long-courrier long-lasting
long-standing long-term low-cost low-income low-risk machine-outil mal-être marie-claude marie-ève
maître-chien mi-chemin mi-parcours mi-temps micro-ondes mid-term middle-aged mieux-être
moins-value monte-charge mort-né mot-clef mot-clé mother-in-law mots-clés moyen-orient moyen-âge
non-compliance non-conformité non-dit non-fumeur non-lieu non-paiement non-profit non-recevoir
non-resident non-respect non-retour non-sens non-smoking nord-américain nord-est nord-ouest
nouveau-né nouveau-nés off-site old-fashioned on-site open-ended outre-mer ouvre-boîte ouï-dire
par-delà par-derrière par-dessous par-dessus par-devant pare-brise pare-chocs pare-feu part-time
passe-droit passe-partout passe-temps passer-by perce-neige petit-déjeuner petit-enfant petit-fils
petite-fille petits-enfants peut-être pied-à-terre pique-nique plain-pied plate-bande plate-forme
plus-value plus-values porte-avions porte-bagages porte-bonheur porte-clé porte-clés
porte-documents porte-drapeau porte-fenêtre porte-greffe porte-malheur porte-monnaie porte-parole
porte-plume porte-serviette porte-voix porte-à-porte pot-au-feu pot-pourri pousse-pousse
pre-existing premier-né presse-papiers procès-verbal procès-verbaux prêt-à-porter quant-à-soi
quarante-cinq quarante-huit quelques-unes quelques-uns quote-part quotes-parts real-time
record-keeping remonte-pente rendez-vous rez-de-chaussée right-hand rond-point ronds-points
réveille-matin sage-femme sages-femmes saint-jean saint-laurent sans-abri sans-emploi sans-gêne
sans-papiers savoir-faire savoir-vivre savoir-être science-fiction self-employed self-esteem
self-service semi-remorque serre-tête short-term single-use small-scale so-called soi-disant
sous-bois sous-comité sous-directeur sous-ensemble sous-entendu sous-estimer sous-jacent
sous-locataire sous-location sous-marin sous-ministre sous-produit sous-préfecture sous-section
sous-sol sous-sols sous-tendre sous-titre sous-titres sous-total sous-traitance sous-traitant
sous-traitants sous-vêtement stand-alone state-of-the-art station-service step-by-step sud-est
sud-ouest sur-le-champ sèche-cheveux sèche-linge taille-crayon third-party tiers-monde
timbre-poste time-consuming tire-bouchon tourne-disque tout-puissant tout-terrain trait-d’union
trente-cinq trente-deux trente-six trompe-l’œil trop-perçu trop-plein two-thirds tête-à-tête
up-to-date user-friendly va-et-vient vice-président vingt-cinq vingt-deux vingt-huit vingt-neuf
vingt-quatre vingt-sept vingt-six vingt-trois vis-à-vis wagon-lit week-end week-ends well-being
well-defined well-known wide-ranging year-end year-round zero-emission
"""
_COMPOUNDS = frozenset(_WORDS.split())
"""Common words with a hyphen of their own, French and English."""


def keeps_hyphen(before: str, after: str, words: Mapping[str, int]) -> bool:
    """Tell whether a word that a line's end breaks is written with the hyphen that stands there.

    Args:
        before: the line that ends in the hyphen, without it.
        after: what follows it.
        words: how often each word of the document stands within a line, in lower case.
    """
    last, first = _last_word(before).casefold(), _first_word(after)
    if not first[:1].islower() or first in _CLITICS:
        return True
    whole, joined = f"{last}-{first}", f"{last}{first}"
    if words.get(whole, 0) != words.get(joined, 0):
        return words.get(whole, 0) > words.get(joined, 0)
    return _is_compound(last, first)


def _is_compound(last: str, first: str) -> bool:
    start, _, end = last.rpartition("-")
    if (start and end in _INNER) or last in _ALWAYS:
        return True
    whole = f"{last}-{first}"
    return whole in _COMPOUNDS or whole.rstrip("sx") in _COMPOUNDS


def _last_word(text: str) -> str:
    return re.split(r"[\s’']", text)[-1]


def _first_word(text: str) -> str:
    found = re.match(r"\w+(?:-\w+)*", text)
    return found.group() if found else ""

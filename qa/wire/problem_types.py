"""The kinds of problem that the service answers with, in both languages.

Each has a stable address, ``/problems/NAME``, where this text is served.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PATH: Final = "/problems/"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One kind of problem.

    Attributes:
        name: the last part of its address.
        status: the HTTP status that it comes with.
        titles: what it is, by language.
        details: what was wrong and what to do, by language, where nothing more precise is known.
    """

    name: str
    status: int
    titles: dict[str, str]
    details: dict[str, str]

    @property
    def uri(self) -> str:
        """Its address, relative to the service."""
        return PATH + self.name


_ROWS: Final = (
    ("empty-question", 422, "question vide", "empty question",
     "La question est vide : posez-la en français ou en anglais.",
     "The question is empty: ask something in French or English."),
    ("question-too-long", 422, "question trop longue", "question too long",
     "La question dépasse 1 000 caractères : raccourcissez-la.",
     "The question has more than 1,000 characters: shorten it."),
    ("invalid-question", 422, "question illisible", "invalid question",
     "La question contient des caractères de contrôle ou n’a ni lettre ni chiffre : "
     "posez-la avec des mots, en UTF-8.",
     "The question holds control characters, or no letter and no digit: ask in words, in UTF-8."),
    ("unknown-language", 422, "langue inconnue", "unknown language",
     "La langue demandée n’est pas connue : « fr » ou « en ».",
     "The language asked for is not known: use “fr” or “en”."),
    ("unknown-document", 404, "document inconnu", "unknown document",
     "L’index ne contient pas ce document : voyez la liste à /documents.",
     "The index holds no such document: see the list at /documents."),
    ("invalid-filter", 422, "filtre impossible", "invalid filter",
     "Le filtre n’est ni une comparaison {type, key, value}, ni « and » ou « or » de plusieurs : "
     "voyez /docs.",
     "The filter is no comparison {type, key, value}, and no “and” or “or” of some: see /docs."),
    ("invalid-setting", 422, "option impossible", "invalid setting",
     "Une option a une valeur impossible : corrigez-la.",
     "An option has an impossible value: correct it."),
    ("remote-error", 422, "service distant en échec", "remote error",
     "Un service distant ne répond pas ou refuse : vérifiez l’adresse.",
     "A service elsewhere does not answer or refuses: check the address."),
    ("malformed-request", 400, "requête mal formée", "malformed request",
     "La requête n’est pas du HTTP ou du JSON valide, en UTF-8 : corrigez-la.",
     "The request is not valid HTTP or JSON, in UTF-8: correct it."),
    ("unauthorised", 401, "clé requise", "unauthorised",
     "Il faut une clé valide : « Authorization: Bearer CLÉ » ou « X-API-Key: CLÉ ».",
     "A valid key is required: “Authorization: Bearer KEY” or “X-API-Key: KEY”."),
    ("forbidden", 403, "non permis", "forbidden",
     "Cette clé n’ouvre pas cette adresse : demandez-en une autre à qui l’a donnée.",
     "This key does not open this address: ask whoever gave it for another."),
    ("invalid-upload", 422, "envoi impossible", "invalid upload",
     "Aucun des fichiers ne peut être pris : envoyez des fichiers lisibles, 100 au plus, de 64 Mio "
     "au plus, avec leur nom, en multipart/form-data.",
     "None of the files can be taken: send files that can be read, at most 100, of at most 64 MiB, "
     "with their names, as multipart/form-data."),
    ("unknown-job", 404, "tâche inconnue", "unknown job",
     "Cette tâche n’existe pas, ou n’existe plus : voyez les documents à /documents.",
     "There is no such job, or no longer: see the documents at /documents."),
    ("no-original", 404, "fichier absent", "no original",
     "Le fichier de ce document n’a pas été gardé ou n’est plus là : son texte est à "
     "/documents/ID/text.",
     "The file of this document was not kept or is no longer there: its text is at "
     "/documents/ID/text."),
    ("read-only", 403, "modification non permise", "read only",
     "Il faut, pour modifier les documents, une clé sans filtre, ou être sur la machine du service "
     "s’il n’a pas de clés ; QA_UPLOADS=off l’interdit à tous.",
     "To change the documents takes a key without a filter, or being on the service’s own machine "
     "where it has no keys; QA_UPLOADS=off forbids it to all."),
    ("foreign-request", 403, "requête d’un autre site", "foreign request",
     "Une page d’un autre site a envoyé cette requête : ajoutez ce site à QA_CORS_ORIGINS s’il est "
     "le vôtre.",
     "A page of another site sent this request: add that site to QA_CORS_ORIGINS if it is yours."),
    ("too-many-jobs", 503, "trop de tâches", "too many jobs",
     "Trop de tâches attendent leur tour : réessayez quand l’une d’elles sera finie.",
     "Too many jobs await their turn: try again when one of them is done."),
    ("not-found", 404, "introuvable", "not found",
     "Rien ne se trouve à cette adresse : voyez /docs.",
     "There is nothing at this address: see /docs."),
    ("method-not-allowed", 405, "méthode non permise", "method not allowed",
     "Cette adresse ne connaît pas cette méthode : l’en-tête Allow nomme celles qu’elle connaît.",
     "This address does not know this method: the Allow header names those that it knows."),
    ("request-timeout", 408, "requête trop lente", "request timeout",
     "La requête n’est pas arrivée à temps : renvoyez-la.",
     "The request did not arrive in time: send it again."),
    ("content-too-large", 413, "requête trop grande", "content too large",
     "Le corps de la requête dépasse 64 Kio, ou 256 Mio pour des fichiers : envoyez-la en "
     "plusieurs fois.",
     "The body of the request is larger than 64 KiB, or 256 MiB for files: send it in several "
     "parts."),
    ("unsupported-media-type", 415, "type de contenu refusé", "unsupported media type",
     "Le corps doit être du JSON, avec « Content-Type: application/json » ; des fichiers, du "
     "multipart/form-data.",
     "The body must be JSON, with “Content-Type: application/json”; files, multipart/form-data."),
    ("range-not-satisfiable", 416, "plage hors du texte", "range not satisfiable",
     "La plage demandée n’est pas dans le texte : start ≤ end ≤ longueur, en points de code.",
     "The range asked for is not in the text: start ≤ end ≤ length, in code points."),
    ("misdirected-request", 421, "hôte refusé", "misdirected request",
     "Ce service n’a pas ce nom d’hôte : ajoutez-le à QA_HOSTS s’il est le vôtre.",
     "This service does not go by this host name: add it to QA_HOSTS if it is yours."),
    ("invalid-request", 422, "requête invalide", "invalid request",
     "La requête a des champs manquants, inconnus ou impossibles : voyez /docs.",
     "The request has fields that are missing, unknown or impossible: see /docs."),
    ("too-many-requests", 429, "trop de requêtes", "too many requests",
     "Trop de requêtes de ce client : l’en-tête Retry-After dit quand revenir.",
     "Too many requests from this client: the Retry-After header says when to come back."),
    ("header-fields-too-large", 431, "en-têtes trop grands", "header fields too large",
     "L’adresse et les en-têtes dépassent 16 Kio : réduisez-les.",
     "The address and the headers are larger than 16 KiB: reduce them."),
    ("internal-error", 500, "erreur interne", "internal error",
     "Le service a échoué ; son journal en dit la cause, sous l’identifiant de cette requête.",
     "The service failed; its log says why, under the identifier of this request."),
    ("overloaded", 503, "service surchargé", "overloaded",
     "Trop de questions attendent leur réponse : réessayez bientôt.",
     "Too many questions are waiting for their answers: try again soon."),
    ("missing-index", 503, "pas d’index", "missing index",
     "Aucun index n’est chargé : réessayez plus tard.",
     "No index is loaded: try again later."),
    ("store-unavailable", 503, "base de données injoignable", "store unavailable",
     "La base de données qui contient l’index ne répond pas : réessayez bientôt.",
     "The database that holds the index does not answer: try again soon."),
    ("answer-timeout", 503, "réponse trop lente", "answer timeout",
     "La réponse n’est pas venue à temps : réessayez bientôt.",
     "The answer did not come in time: try again soon."),
)  # fmt: skip

PROBLEM_TYPES: Final = {
    name: ProblemType(name, status, {"fr": french, "en": english}, {"fr": meaning, "en": sense})
    for name, status, french, english, meaning, sense in _ROWS
}
"""Every kind of problem, by name."""

BY_STATUS: Final = {
    400: "malformed-request", 401: "unauthorised", 403: "forbidden", 404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout", 413: "content-too-large", 415: "unsupported-media-type",
    416: "range-not-satisfiable", 421: "misdirected-request", 422: "invalid-request",
    429: "too-many-requests", 431: "header-fields-too-large", 500: "internal-error",
    503: "overloaded",
}  # fmt: skip
"""The name of the problem for each HTTP status, where nothing more is known."""


def problem_table() -> str:
    """Return all kinds in Markdown, for the description of the service."""
    rows = [
        f"| [`{t.uri}`]({t.uri}) | {t.status} | {t.details['en']} | {t.details['fr']} |"
        for t in PROBLEM_TYPES.values()
    ]
    return "\n".join(["| type | status | | |", "| --- | --- | --- | --- |", *rows])

"""Every sentence said to people, in French and in English."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

NOT_ANSWERED: Final = {
    "fr": "Les documents ne semblent pas répondre à cette question. "
    "Voici les passages les plus proches.",
    "en": "The documents do not seem to answer this question. Here are the closest passages.",
}
ANSWERED: Final = {"fr": "Réponse trouvée", "en": "Answer found"}
PERHAPS_ANSWERED: Final = {"fr": "Réponse possible", "en": "Possible answer"}
CONFIDENCE: Final = {"fr": "confiance {} %", "en": "confidence {}%"}
BUILDING: Final = {
    "fr": "Première utilisation : préparation du modèle et de l’index…",
    "en": "First use: preparing the model and the index…",
}
ENCODING: Final = {"fr": "Passages encodés", "en": "Passages encoded"}
INDEXED: Final = {
    "fr": "{documents} document(s), {passages} passages ({encoded} encodés, {reused} repris) "
    "→ génération {generation}",
    "en": "{documents} document(s), {passages} passages ({encoded} encoded, {reused} reused) "
    "→ generation {generation}",
}
LEFT_OUT: Final = {
    "fr": "{files} fichier(s) laissé(s) de côté :",
    "en": "{files} file(s) left out:",
}
KEPT: Final = {
    "fr": "{document} reste tel qu’il était indexé (« qa remove {document} » le retire)",
    "en": "{document} stays as it was indexed (“qa remove {document}” removes it)",
}
UNKNOWN_LANGUAGE: Final = {
    "fr": "Attention : {document} ne semble être ni en français ni en anglais ; "
    "indexé comme « und ».",
    "en": "Warning: {document} seems to be in neither French nor English; indexed as “und”.",
}
UNCHANGED: Final = {
    "fr": "Rien n’a changé : {documents} document(s), {passages} passages, génération {generation}",
    "en": "Nothing changed: {documents} document(s), {passages} passages, generation {generation}",
}
CHANGES: Final = {
    "fr": "{added} ajouté(s), {changed} modifié(s), {removed} retiré(s), {unchanged} inchangé(s)",
    "en": "{added} added, {changed} changed, {removed} removed, {unchanged} unchanged",
}
AND_MORE: Final = {"fr": "… et {} de plus", "en": "… and {} more"}
NOW_CURRENT: Final = {
    "fr": "{documents} document(s), {passages} passages → génération {generation}",
    "en": "{documents} document(s), {passages} passages → generation {generation}",
}
FELL_BACK: Final = {
    "fr": "{problem} ; en attendant, la génération précédente {generation} répond",
    "en": "{problem}; until then the generation before it answers, {generation}",
}
RELOADED: Final = {
    "fr": "La génération {generation} répond maintenant.",
    "en": "Generation {generation} answers now.",
}
NOT_RELOADED: Final = {
    "fr": "{problem} ; la génération {generation} continue de répondre",
    "en": "{problem}; generation {generation} keeps answering",
}
NOT_EXPORTED: Final = {
    "fr": "Ce modèle ne s’exporte pas ; sentence-transformers encode les questions, plus "
    "lentement ({reason}).",
    "en": "This model cannot be exported; sentence-transformers encodes the questions, more "
    "slowly ({reason}).",
}
VERIFIED: Final = {
    "fr": "Génération {generation} intacte : {files} fichiers, {passages} citations vérifiées.",
    "en": "Generation {generation} is sound: {files} files, {passages} citations checked.",
}
UNPROTECTED: Final = {
    "fr": "ATTENTION : le service écoute sur {host} SANS CLÉ. Quiconque atteint ce port peut lire "
    "les documents et poser des questions. Définissez QA_API_KEY, ou écoutez sur 127.0.0.1.",
    "en": "WARNING: the service listens on {host} WITHOUT A KEY. Whoever reaches this port can "
    "read the documents and ask questions. Set QA_API_KEY, or listen on 127.0.0.1.",
}
INTERRUPTED: Final = {"fr": "Interrompu.", "en": "Interrupted."}
ERROR: Final = {"fr": "erreur", "en": "error"}

HELP: Final = {
    "fr": {
        "qa": "Pose une question aux documents, en français ou en anglais ; "
        "chaque passage est cité au caractère près.",
        "ask": "répondre à une question",
        "index": "construire ou mettre à jour l’index",
        "serve": "démarrer le service HTTP",
        "verify": "vérifier chaque fichier et chaque citation de l’index",
        "documents": "lister les documents indexés",
        "remove": "retirer des documents de l’index",
        "rollback": "revenir à une génération précédente de l’index",
        "export": "copier l’index dans un dossier, sans rien encoder",
        "import": "faire d’un index copié celui qui répond, sans rien encoder",
        "export_folder": "dossier où l’écrire",
        "import_folder": "dossier qu’a écrit « qa export », ou autre dossier d’index",
        "id": "identifiant d’un document, comme « qa documents » le donne",
        "generation": "identifiant de la génération ; par défaut la précédente",
        "list_json": "écrire la liste en JSON",
        "mcp": "servir des agents par MCP, sur l’entrée et la sortie standard",
        "http": "servir par HTTP sur ce port, à l’adresse /mcp",
        "question": "la question ; « - » lit une question par ligne et écrit du JSON Lines",
        "k": "nombre de passages (1-20)",
        "language": "langue de la question : fr ou en ; détectée sinon",
        "json": "écrire la réponse en JSON",
        "url": "interroger ce service plutôt que l’index local",
        "path": "fichiers ou dossiers (Markdown, texte, HTML, PDF, DOCX, EPUB) ; "
        "par défaut l’article fourni",
        "jobs": "nombre de lots encodés à la fois, ou d’acteurs avec --ray ; un par cœur "
        "par défaut",
        "ray": "lire et encoder sur une grappe Ray : auto, local ou HÔTE:PORT",
        "workers": "nombre de processus",
        "host": "adresse d’écoute",
        "port": "port d’écoute",
        "include": "ne prendre des dossiers que les fichiers de ce motif (*.pdf, rapports/*) ; "
        "répétable",
        "exclude": "laisser de côté les fichiers et dossiers de ce motif ; répétable",
        "exit": "Code de sortie de « ask » : 0 répondu, 1 non répondu par les documents, 2 erreur. "
        "De « index » : 0 tout est indexé, 3 des fichiers ont dû être laissés de côté, 2 erreur.",
    },
    "en": {
        "qa": "Ask the documents a question, in French or English; "
        "every passage is cited to the character.",
        "ask": "answer a question",
        "index": "build or update the index",
        "serve": "start the HTTP service",
        "verify": "check every file and every citation of the index",
        "documents": "list the documents that are indexed",
        "remove": "remove documents from the index",
        "rollback": "go back to an earlier generation of the index",
        "export": "copy the index into a folder; nothing is encoded",
        "import": "make a copied index the one that answers; nothing is encoded",
        "export_folder": "folder to write it to",
        "import_folder": "folder that “qa export” wrote, or any folder of an index",
        "id": "identifier of a document, as “qa documents” lists it",
        "generation": "identifier of the generation; by default the one before",
        "list_json": "write the list as JSON",
        "mcp": "serve agents by MCP, on standard input and output",
        "http": "serve over HTTP on this port, at /mcp",
        "question": "the question; “-” reads one question a line and writes JSON Lines",
        "k": "how many passages (1-20)",
        "language": "the question's language: fr or en; detected otherwise",
        "json": "write the answer as JSON",
        "url": "ask this service instead of the local index",
        "path": "files or folders (Markdown, text, HTML, PDF, DOCX, EPUB); the bundled article by "
        "default",
        "jobs": "how many batches to encode at a time, or actors with --ray; one a core by default",
        "ray": "read and encode on a Ray cluster: auto, local or HOST:PORT",
        "workers": "how many processes",
        "host": "address to listen on",
        "port": "port to listen on",
        "include": "take only files of folders that match this glob (*.pdf, reports/*); repeatable",
        "exclude": "leave out files and folders that match this glob; repeatable",
        "exit": "Exit status of “ask”: 0 answered, 1 not answered by the documents, 2 error. "
        "Of “index”: 0 all is indexed, 3 some files had to be left out, 2 error.",
    },
}


def interface_language(environment: Mapping[str, str] | None = None) -> str:
    """Return ``fr`` where the locale is French, else ``en``."""
    env = os.environ if environment is None else environment
    names = (env.get(n) for n in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next((name for name in names if name), "")
    return "fr" if chosen.lower().startswith("fr") else "en"

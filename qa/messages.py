"""Every sentence said to people, in French and in English."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, Literal

from documents.notices import NoticeKind
from qa.reasons import in_french

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("fr", "en")

NOT_ANSWERED: Final = {
    "fr": "Les documents ne semblent pas répondre à cette question. "
    "Voici les passages les plus proches.",
    "en": "The documents do not seem to answer this question. Here are the closest passages.",
}
NO_DOCUMENT_FITS: Final = {
    "fr": "Aucun document ne correspond à ces filtres.",
    "en": "No document fits these filters.",
}
NOTHING_INDEXED: Final = {
    "fr": "Aucun passage n’est indexé pour le moment.",
    "en": "No passage is indexed at the moment.",
}
ANSWERED: Final = {"fr": "Réponse trouvée", "en": "Answer found"}
PERHAPS_ANSWERED: Final = {"fr": "Réponse possible", "en": "Possible answer"}
CONFIDENCE: Final = {"fr": "confiance {} %", "en": "confidence {}%"}
BUILDING: Final = {
    "fr": "Première utilisation : préparation du modèle et de l’index…",
    "en": "First use: preparing the model and the index…",
}
FINDING: Final = {"fr": "Recherche des fichiers", "en": "Looking for files"}
READING: Final = {"fr": "Fichiers lus", "en": "Files read"}
ENCODING: Final = {"fr": "Passages encodés", "en": "Passages encoded"}
RATE: Final = {"fr": "{:.1f}/s", "en": "{:.1f}/s"}
STEPPED_ASIDE: Final = {
    "fr": "L’article fourni laisse la place à vos documents.",
    "en": "The bundled article steps aside for your own documents.",
}
LOST: Final = {
    "fr": "L’index d’avant est endommagé ou d’une autre version, et tout ce qu’il suivait n’est "
    "pas connu : nommez-le à nouveau, s’il manque des documents (« qa sources » liste ce qui est "
    "suivi).",
    "en": "The index before is damaged or of another version, and not all that it followed is "
    "known: name it again, if documents are missing (“qa sources” lists what is followed).",
}
NOT_BUILT: Final = {
    "fr": "Rien n’a été construit ni retiré : c’était un essai (--dry-run).",
    "en": "Nothing was built or removed: this was a dry run.",
}
WOULD_REMOVE: Final = {
    "fr": "Cela retirerait {documents} document(s) de l’index : {names}. Continuer ? [o/N] ",
    "en": "This would remove {documents} document(s) from the index: {names}. Go on? [y/N] ",
}
AGREED: Final = frozenset({"o", "oui", "y", "yes"})
SOURCE: Final = {
    "fr": "{path}  {documents} document(s)",
    "en": "{path}  {documents} document(s)",
}
REMOVED_OF_SOURCE: Final = {
    "fr": "  sans {name} (retiré ; « qa index » suivi de son chemin le reprend)",
    "en": "  without {name} (removed; “qa index” and its path brings it back)",
}
SOURCE_MISSING: Final = {
    "fr": "  ! introuvable : ce qui en est indexé reste",
    "en": "  ! not there: what is indexed of it stays",
}
FOLLOWS_NOTHING: Final = {
    "fr": "L’index ne suit aucun fichier ni dossier : « qa index DOSSIER » en suit un.",
    "en": "The index follows no file or folder: “qa index FOLDER” follows one.",
}
WAITING: Final = {
    "fr": "Un autre processus écrit l’index : j’attends qu’il ait fini ({minutes} min au plus)…",
    "en": "Another process is writing the index: waiting until it has ended (at most {minutes} "
    "min)…",
}
WATCHING: Final = {
    "fr": "{sources} fichier(s) ou dossier(s) suivis ; chaque changement est indexé.",
    "en": "{sources} file(s) or folder(s) followed; each change is indexed.",
}
LOOKING_INSTEAD: Final = {
    "fr": "Le système ne signale pas les changements ({problem}) : les fichiers sont regardés "
    "toutes les deux secondes.",
    "en": "The system does not tell of changes ({problem}): the files are looked at every two "
    "seconds instead.",
}
TRIED_AGAIN: Final = {
    "fr": "{problem} ; nouvel essai dans {seconds} s, ou au prochain changement",
    "en": "{problem}; trying again in {seconds} s, or at the next change",
}
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
PASSED_OVER: Final = {
    "fr": "{files} fichiers d’autres formats non lus : {suffixes}",
    "en": "{files} files of other formats passed over: {suffixes}",
}
ONE_PASSED_OVER: Final = {
    "fr": "1 fichier d’un autre format non lu : {suffixes}",
    "en": "1 file of another format passed over: {suffixes}",
}
NO_SUFFIX: Final = {"fr": "(sans suffixe)", "en": "(no suffix)"}
KEPT: Final = {
    "fr": "{document} reste tel qu’il était indexé (« qa remove {document} » le retire)",
    "en": "{document} stays as it was indexed (“qa remove {document}” removes it)",
}
NOTICES: Final[Mapping[NoticeKind, Mapping[Language, str]]] = {
    NoticeKind.PAGES_WITHOUT_TEXT: {
        "fr": "aucun texte sur les pages {detail} : si ce sont des images numérisées, faites-en "
        "d’abord reconnaître le texte (qa index --ocr, ou ocrmypdf)",
        "en": "no text on pages {detail}: if they are scans, recognise the text first "
        "(qa index --ocr, or ocrmypdf)",
    },
    NoticeKind.EMBEDDED_UNREAD: {
        "fr": "un fichier intégré n’a pas été lu : {detail}",
        "en": "an embedded file was not read: {detail}",
    },
    NoticeKind.HIDDEN_TEXT: {
        "fr": "du texte masqué n’a pas été lu ({detail} paragraphe(s))",
        "en": "hidden text was not read ({detail} paragraph(s))",
    },
    NoticeKind.AROUND_CONTENT: {
        "fr": "du texte autour du contenu de la page n’a pas été lu : {detail}",
        "en": "text around the content of the page was not read: {detail}",
    },
    NoticeKind.COMMENTS: {
        "fr": "des commentaires n’ont pas été lus ({detail})",
        "en": "comments were not read ({detail})",
    },
    NoticeKind.DECODED_AS: {
        "fr": "ce n’est pas de l’UTF-8 : lu comme du {detail} ; s’il se lit mal, convertissez"
        " le fichier",
        "en": "it is not UTF-8: read as {detail}; if it reads badly, convert the file",
    },
    NoticeKind.PAGES_UNREADABLE: {
        "fr": "pages {detail} laissées de côté : leurs polices ne disent pas quelles lettres "
        "elles dessinent ; faites-en reconnaître le texte (qa index --ocr, ou ocrmypdf "
        "--force-ocr)",
        "en": "pages {detail} left out: their fonts do not say which letters they draw; "
        "recognise the text (qa index --ocr, or ocrmypdf --force-ocr)",
    },
    NoticeKind.PAGES_WITH_UNREAD_LETTERS: {
        "fr": "des lettres ou des signes n’ont pu être lus aux pages {detail} ; � en tient lieu",
        "en": "letters or signs could not be read on pages {detail}; � stands for them",
    },
    NoticeKind.PAGES_RECOGNISED: {
        "fr": "texte reconnu sur des images, pages {detail} : il peut contenir des fautes",
        "en": "text recognised in pictures, pages {detail}: it may have errors",
    },
    NoticeKind.NOT_RECOGNISED: {
        "fr": "le texte de ces pages n’a pu être reconnu : {detail}",
        "en": "the text of these pages could not be recognised: {detail}",
    },
    NoticeKind.ATTACHMENTS: {
        "fr": "pièces jointes non lues : {detail}",
        "en": "attachments that were not read: {detail}",
    },
    NoticeKind.HIDDEN_SHEETS: {
        "fr": "feuilles masquées non lues : {detail} ; affichez-les pour qu’elles soient lues",
        "en": "hidden sheets that were not read: {detail}; unhide them to have them read",
    },
    NoticeKind.HIDDEN_SLIDES: {
        "fr": "diapositives masquées, lues comme les autres : {detail}",
        "en": "hidden slides, read as the others are: {detail}",
    },
    NoticeKind.FORMULAS_WITHOUT_VALUES: {
        "fr": "formules sans résultat enregistré, feuilles {detail} : ouvrez le fichier dans "
        "un tableur et enregistrez-le",
        "en": "formulas without a stored result, sheets {detail}: open the file in a "
        "spreadsheet program and save it",
    },
    NoticeKind.LINES_UNREAD: {
        "fr": "ces lignes ne sont pas du JSON et ont été laissées de côté : lignes n° {detail}",
        "en": "these lines are no JSON and were left out: lines no. {detail}",
    },
    NoticeKind.CUT_SHORT: {
        "fr": "le fichier semble coupé : la fin manque peut-être",
        "en": "the file seems to be cut short: its end may be missing",
    },
    NoticeKind.CONVERTED: {
        "fr": "lu par l’intermédiaire de LibreOffice, converti en {detail}",
        "en": "read through LibreOffice, converted to {detail}",
    },
    NoticeKind.NO_LONGER_READ: {
        "fr": "le fichier n’a pu être lu à nouveau, et son texte d’avant reste indexé : {detail}",
        "en": "the file could not be read again, and its text of before is still indexed: {detail}",
    },
    NoticeKind.UNDATED: {
        "fr": "ce n’est pas une date, et aucun filtre ne s’y fie : {detail} ; écrivez 2025-01-31",
        "en": "this is no date, and no filter relies on it: {detail}; write 2025-01-31",
    },
}
"""What is said of a document's file, after its name; ``detail`` is that of the notice."""
_OF_ONE: Final[Mapping[str, str]] = {
    "sur les pages {detail}": "à la page {detail}",
    "aux pages {detail}": "à la page {detail}",
    "pages {detail} laissées": "page {detail} laissée",
    "pages {detail}": "page {detail}",
    "feuilles {detail}": "feuille {detail}",
    "sheets {detail}": "sheet {detail}",
    "ces lignes ne sont pas du JSON et ont été laissées de côté : lignes n° ": "cette ligne n’est "
    "pas du JSON et a été laissée de côté : ligne n° ",
    "these lines are no JSON and were left out: lines no. ": "this line is no JSON and was left "
    "out: line no. ",
}
"""How the words of a notice change where its detail is one number."""
LEFT_OUT_REASONS: Final[Mapping[str, str]] = {
    "UnreadableDocument": "Le fichier ne se lit pas : il manque, est protégé (mot de passe, "
    "droits), ou ses polices ne disent pas quelles lettres elles dessinent. Enregistrez-en une "
    "copie sans protection, ou faites-en reconnaître le texte.",
    "UndecodableDocument": "Le texte n’est dans aucun encodage connu : enregistrez-le en UTF-8.",
    "UnsupportedFormat": "Ce format ne se lit pas : convertissez d’abord le fichier.",
    "EmptyDocument": "Il n’y a aucun texte à lire : si ce sont des pages numérisées, faites-en "
    "d’abord reconnaître le texte.",
    "InvalidFrontMatter": "L’en-tête du fichier ne se comprend pas : corrigez-le.",
    "MissingFormat": "Ce qui lit ce format n’est pas installé sur le service : demandez-le à qui "
    "s’en occupe.",
    "DamagedDocument": "Le fichier est abîmé, ou n’est pas du format que dit son nom : exportez-le "
    "à nouveau.",
    "UnsafeDocument": "Lire ce fichier prendrait trop de temps ou de mémoire : divisez-le, ou "
    "exportez-le à nouveau.",
    "AmbiguousNames": "Un autre fichier donnerait le même identifiant : renommez-le.",
    "NothingReadable": "Aucun de ces fichiers ne se lit : voyez chaque raison, ou envoyez-en "
    "d’autres.",
    "EveryFileLeftOut": "Aucun de ces fichiers ne se lit : ils sont vides, abîmés ou protégés. "
    "Ouvrez-les pour voir, et exportez-les à nouveau.",
    "BusyIndex": "Un autre processus écrit l’index depuis trop longtemps : réessayez plus tard.",
    "UnknownDocument": "Le document n’est pas dans l’index, ou plus : voyez la liste.",
    "interrupted": "Le processus qui s’en occupait s’est arrêté : renvoyez les fichiers.",
    "unread": "Le fichier n’a pas été lu : renvoyez-le.",
    "unnamed": "Le fichier n’a pas de nom : donnez-lui-en un, avec son suffixe.",
    "suffix": "Ce format ne se lit pas : convertissez d’abord le fichier.",
    "twice": "Un autre fichier du même nom est venu avec lui : donnez à chacun son nom.",
    "empty": "Le fichier est vide : envoyez-en un qui contient du texte.",
    "large": "Le fichier dépasse 64 Mio : divisez-le.",
    "no-file": "Aucun fichier n’est venu : choisissez-en au moins un.",
    "form": "L’envoi ne se lit pas, ou contient plus de 100 fichiers : envoyez-en moins.",
    "": "L’index n’a pas pu être construit : réessayez, ou voyez le journal du service.",
}
"""In French why a file was left out, by the name of the error or the kind of an upload's."""
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
ALSO_IN: Final = {"fr": "aussi dans : {}", "en": "also in: {}"}
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
        "sources": "lister les fichiers et dossiers que suit l’index",
        "sources_remove": "ne plus suivre ce fichier ou dossier, et retirer ses documents ; "
        "répétable",
        "only": "que l’index ne contienne rien d’autre ; demande avant de retirer des documents",
        "yes": "accepter d’avance que des documents soient retirés",
        "dry_run": "dire ce qui serait fait, sans rien construire ni retirer",
        "watch": "puis indexer chaque changement, jusqu’à l’interruption",
        "serve_watch": "indexer aussi chaque changement de ce que suit l’index",
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
        "index_json": "écrire en JSON ce qui a été indexé, laissé de côté ou remarqué",
        "mcp": "servir des agents par MCP, sur l’entrée et la sortie standard",
        "http": "servir par HTTP sur ce port, à l’adresse /mcp",
        "question": "la question ; « - » lit une question par ligne et écrit du JSON Lines",
        "k": "nombre de passages (1-20)",
        "language": "langue de la question : fr ou en ; détectée sinon",
        "json": "écrire la réponse en JSON",
        "rectangles": "dire aussi, en JSON, où se voit la phrase marquée sur les pages des PDF",
        "url": "interroger ce service plutôt que l’index local",
        "only_in": "chercher seulement là : motif de chemin (« rapports/** »), dossier, fichier ou "
        "identifiant ; répétable",
        "only_tag": "chercher seulement les documents qui portent cette étiquette ; répétable",
        "only_filter": "chercher seulement les documents qui remplissent cette condition "
        "(auteur : author=…, year>=2024 ; =, !=, <, <=, >, >=) ; répétable",
        "since": "chercher seulement les documents de cette date ou d’après (2025, 2025-01, "
        "2025-01-31)",
        "until": "chercher seulement les documents de cette date ou d’avant",
        "path": "fichiers ou dossiers (texte, HTML, PDF, bureautique, tableaux, courriels) ; "
        "par défaut tout ce que "
        "suit l’index, ou l’article fourni",
        "ocr": "reconnaître le texte des images et des pages numérisées, en français et en "
        "anglais, avec le programme tesseract",
        "convert": "lire aussi les anciens formats (.doc, .xls, .ppt) au moyen de LibreOffice",
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
        "sources": "list the files and folders that the index follows",
        "sources_remove": "stop following this file or folder, and remove its documents; "
        "repeatable",
        "only": "let the index hold nothing else; asks before it removes documents",
        "yes": "agree beforehand that documents are removed",
        "dry_run": "say what would be done; nothing is built or removed",
        "watch": "then index each change, until interrupted",
        "serve_watch": "also index each change of what the index follows",
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
        "index_json": "write as JSON what was indexed, left out or noticed",
        "mcp": "serve agents by MCP, on standard input and output",
        "http": "serve over HTTP on this port, at /mcp",
        "question": "the question; “-” reads one question a line and writes JSON Lines",
        "k": "how many passages (1-20)",
        "language": "the question's language: fr or en; detected otherwise",
        "json": "write the answer as JSON",
        "rectangles": "tell too, in JSON, where on pages of PDFs the marked sentence is seen",
        "url": "ask this service instead of the local index",
        "only_in": "search only there: a pattern of paths (“reports/**”), a folder, a file or an "
        "identifier; may be repeated",
        "only_tag": "search only documents with this tag; may be repeated",
        "only_filter": "search only documents for which this holds (author=…, year>=2024; "
        "=, !=, <, <=, >, >=); may be repeated",
        "since": "search only documents of this date or later (2025, 2025-01, 2025-01-31)",
        "until": "search only documents of this date or earlier",
        "path": "files or folders (text, HTML, PDF, office files, tables, mail); by default all "
        "that the index follows, or the bundled article",
        "ocr": "recognise the text of pictures and scanned pages, in French and English, with the "
        "program tesseract",
        "convert": "read old formats (.doc, .xls, .ppt) too, through LibreOffice",
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


def notice_text(kind: NoticeKind, detail: str, language: Language) -> str:
    """Return what is said of a file: ``no text on page 2``, or ``on pages 2, 3``."""
    text = NOTICES[kind][language]
    if detail.isdecimal():
        for many, one in _OF_ONE.items():
            text = text.replace(many, one)
    said = in_french(detail) if language == "fr" else None
    return text.format(detail=said or detail)


def interface_language(environment: Mapping[str, str] | None = None) -> Language:
    """Return ``fr`` where the locale is French, else ``en``."""
    env = os.environ if environment is None else environment
    names = (env.get(n) for n in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next((name for name in names if name), "")
    return "fr" if chosen.lower().startswith("fr") else "en"

"""Why a file or an option cannot be used, in French: each English message has its counterpart here.

Errors say what is wrong in English, with names and numbers in it; here stand their texts with a
slot for each of these, so that they can be said in French wherever they come from: another process,
a cluster, a record of a job.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, zip_longest
from typing import Final

_ROWS: Final = (
    # Files and folders.
    ("{path}: {reason}: check the path and its permissions",
     "{path} : {reason} : vérifiez le chemin et ses permissions"),
    ("No such file or directory", "aucun fichier ni dossier de ce nom"),
    ("Permission denied", "lecture non permise"),
    ("Is a directory", "c’est un dossier"),
    ("Not a directory", "ce n’est pas un dossier"),
    ("File name too long", "nom trop long"),
    ("Too many levels of symbolic links", "trop de liens symboliques"),
    ("Input/output error", "erreur du disque"),
    ("{name}: this link leads out of the folder: name its target to read it too",
     "{name} : ce lien mène hors du dossier : nommez sa cible pour la lire aussi"),
    ("{name}: this is not a file: name the files to read",
     "{name} : ce n’est pas un fichier : nommez les fichiers à lire"),
    ("{name}: a pipe, not a file: save what it gives, and name that",
     "{name} : un tube (pipe), pas un fichier : enregistrez ce qu’il donne, et nommez ce fichier"),
    ("{name}: a socket, not a file: name the files to read",
     "{name} : une prise (socket), pas un fichier : nommez les fichiers à lire"),
    ("{name}: a device, not a file: name the files to read",
     "{name} : un périphérique, pas un fichier : nommez les fichiers à lire"),
    ("{name}: larger than {size} MiB: split the file",
     "{name} : plus de {size} Mio : scindez le fichier"),
    ("{name}: there is no text in it: add some, or leave the file out",
     "{name} : il ne contient aucun texte : ajoutez-en, ou laissez le fichier de côté"),
    ("{name}: there is no text in it ({error})", "{name} : il ne contient aucun texte ({error})"),
    ("{name}: it cannot be read ({error}): export it again",
     "{name} : lecture impossible ({error}) : exportez-le à nouveau"),
    ("{name} and {other}: both would be the document {id}: rename one of them",
     "{name} et {other} : tous deux seraient le document {id} : renommez l’un d’eux"),
    ("none of the {count} files can be used:", "aucun des {count} fichiers n’est utilisable :"),
    ("{name}: there is no file to read there: name files that hold text, or other folders",
     "{name} : il n’y a là aucun fichier à lire : nommez des fichiers de texte, ou d’autres "
     "dossiers"),
    ("no file here is of a format that is read, but of others: {counts}: name one to see what "
     "converts it",
     "aucun fichier n’est ici d’un format lu, mais d’autres : {counts} : nommez-en un pour voir ce "
     "qui le convertit"),
    ("{problem}: what is indexed of it stays; `qa sources --remove {path}` stops following it",
     "{problem} : ce qui en est indexé reste ; « qa sources --remove {path} » cesse de le suivre"),
    ("{name}: there is no page {number}: it has {count}",
     "{name} : pas de page {number} : il y en a {count}"),
    ("drawing pages needs Pillow: run `pip install 'passerelle-qa[pdf]'`",
     "dessiner des pages demande Pillow : exécutez « pip install 'passerelle-qa[pdf]' »"),
    # Formats that are not read, or not here.
    ("{name}: no reader for {suffix} files: {way}", "{name} : format {suffix} non lu : {way}"),
    ("convert it to one of {formats}, or index it with --ocr",
     "convertissez-le en l’un de {formats}, ou indexez-le avec --ocr"),
    ("convert it to one of {formats}", "convertissez-le en l’un de {formats}"),
    ("an image: recognise its text first, for instance with ocrmypdf, which makes a PDF, or index "
     "it with --ocr",
     "une image : faites-en d’abord reconnaître le texte, par exemple avec ocrmypdf, qui en fait "
     "un PDF, ou indexez-la avec --ocr"),
    ("an image: recognise its text first, for instance with ocrmypdf, which makes a PDF",
     "une image : faites-en d’abord reconnaître le texte, par exemple avec ocrmypdf, qui en fait "
     "un PDF"),
    ("convert it with LibreOffice: {command}, or index it with --convert",
     "convertissez-le avec LibreOffice : {command}, ou indexez-le avec --convert"),
    ("convert it with LibreOffice: {command}", "convertissez-le avec LibreOffice : {command}"),
    ("{name}: {library} is missing, which reads this format: run {command}",
     "{name} : il manque {library}, qui lit ce format : lancez {command}"),
    ("{name}: LibreOffice is missing, which converts {suffix} files: install it, or convert the "
     "file to {target} elsewhere",
     "{name} : il manque LibreOffice, qui convertit les fichiers {suffix} : installez-le, ou "
     "convertissez le fichier en {target} ailleurs"),
    ("{name}: LibreOffice cannot convert it; it may be damaged or have a password: open it and "
     "save it as {target}",
     "{name} : LibreOffice ne peut le convertir ; il est peut-être endommagé ou protégé par un mot "
     "de passe : ouvrez-le et enregistrez-le en {target}"),
    ("{name}: converting it takes more than {seconds} s: convert it by hand",
     "{name} : le convertir prend plus de {seconds} s : convertissez-le à la main"),
    ("{name}: text cannot be recognised: {lacking}",
     "{name} : le texte des images ne peut être reconnu : {lacking}"),
    ("text cannot be recognised: {lacking}",
     "le texte des images ne peut être reconnu : {lacking}"),
    ("{lacking}: install it ({how})", "{lacking} : installez-le ({how})"),
    ("{program} lacks the languages {languages}", "il manque à {program} les langues {languages}"),
    ("the program {program} is not installed", "le programme {program} n’est pas installé"),
    # Passwords and protection.
    ("{name}: protected by a password: save a copy without one",
     "{name} : protégé par un mot de passe : enregistrez-en une copie sans mot de passe"),
    ("{name}: protected by a password: save it without one to read it",
     "{name} : protégé par un mot de passe : enregistrez-le sans mot de passe pour qu’il soit lu"),
    ("{name}: protected by a password, or an old .doc: save it as a plain .docx",
     "{name} : protégé par un mot de passe, ou ancien .doc : enregistrez-le en simple .docx"),
    ("{name}: protected by a password, or of an old format: save it as a plain {suffix}",
     "{name} : protégé par un mot de passe, ou d’un ancien format : enregistrez-le en simple "
     "{suffix}"),
    ("{name}: encrypted: save the message decrypted to read it",
     "{name} : chiffré : enregistrez le message déchiffré pour qu’il soit lu"),
    ("{name}: protected by rights management, and only a notice can be read: save a copy without "
     "protection",
     "{name} : protégé par une gestion des droits, et seul un avis s’en lit : enregistrez-en une "
     "copie sans protection"),
    ("{name}: a dynamic XFA form, whose content only Adobe Acrobat shows: open it there and print "
     "it to PDF",
     "{name} : formulaire XFA dynamique, dont seul Adobe Acrobat montre le contenu : ouvrez-l’y et "
     "imprimez-le en PDF"),
    ("{name}: a portfolio of other files, and only its cover can be read: take the files out of it",
     "{name} : porte-documents d’autres fichiers, dont seule la couverture se lit : sortez-en les "
     "fichiers"),
    # Damage.
    ("{name}: {reason}: export the document again",
     "{name} : {reason} : exportez le document à nouveau"),
    ("not a ZIP archive ({error})", "ce n’est pas une archive ZIP ({error})"),
    ("there is no {member} in it", "il n’y a pas de {member} dedans"),
    ("{member} cannot be unpacked ({error})", "{member} ne se décompresse pas ({error})"),
    ("{member} is no XML ({error})", "{member} n’est pas du XML ({error})"),
    ("some of it is encrypted", "une partie en est chiffrée"),
    ("its container names no package", "son conteneur ne nomme aucun contenu"),
    ("not a sound PDF ({error})", "PDF endommagé ({error})"),
    ("reading it failed or took more memory than is safe (exit status {status})",
     "sa lecture a échoué ou pris plus de mémoire qu’il n’est permis (code de sortie {status})"),
    ("reading it takes more than {seconds} s", "sa lecture prend plus de {seconds} s"),
    ("{name}: there is no Word document in it: open it with the program that made it, and save it "
     "as .docx",
     "{name} : il n’y a pas de document Word dedans : ouvrez-le avec le programme qui l’a fait, et "
     "enregistrez-le en .docx"),
    ("{name}: no message, there are no headers in it: export it again",
     "{name} : ce n’est pas un message, il n’a pas d’en-tête : exportez-le à nouveau"),
    ("{name}: no sound message ({error}): export it again",
     "{name} : message endommagé ({error}) : exportez-le à nouveau"),
    ("{name}: not a sound presentation ({error}): save it again",
     "{name} : présentation endommagée ({error}) : enregistrez-la à nouveau"),
    ("{name}: not a sound workbook ({error}): save it again",
     "{name} : classeur endommagé ({error}) : enregistrez-le à nouveau"),
    ("{name}: no RTF: export it again, or give it its own suffix",
     "{name} : ce n’est pas du RTF : exportez-le à nouveau, ou donnez-lui son propre suffixe"),
    ("{name}: no line of it is JSON: export it again",
     "{name} : aucune de ses lignes n’est du JSON : exportez-le à nouveau"),
    ("{name}: no JSON ({error}): export it again",
     "{name} : ce n’est pas du JSON ({error}) : exportez-le à nouveau"),
    ("{name}: not {encodings} text: byte {byte} at offset {offset}: convert the file, for instance "
     "with {command}",
     "{name} : ce n’est pas du texte en {encodings} : octet {byte} à la position {offset} : "
     "convertissez le fichier, par exemple avec {command}"),
    # Text that cannot be read off pages.
    ("{name}: no text on {pages}: if they are scans, recognise the text first, for instance with "
     "ocrmypdf, or index them with --ocr",
     "{name} : aucun texte sur {pages} : si ce sont des images numérisées, faites-en d’abord "
     "reconnaître le texte, par exemple avec ocrmypdf, ou indexez-les avec --ocr"),
    ("its only page", "sa seule page"),
    ("any of its {count} pages", "ses {count} pages"),
    ("{name}: no text was recognised in this picture: leave it out",
     "{name} : aucun texte n’a été reconnu sur cette image : laissez-la de côté"),
    ("{name}: its fonts do not say which letters they draw: recognise the text, for instance with "
     "ocrmypdf --force-ocr, or index it with --ocr",
     "{name} : ses polices ne disent pas quelles lettres elles dessinent : faites-en reconnaître "
     "le texte, par exemple avec ocrmypdf --force-ocr, ou indexez-le avec --ocr"),
    # More than is safe.
    ("{name}: its {count} parts unpack to {size} MiB ({markup} MiB of markup), more than is safe: "
     "split the document",
     "{name} : ses {count} parties se décompressent en {size} Mio ({markup} Mio de balises), plus "
     "qu’il n’est permis : scindez le document"),
    ("{name}: {member} defines XML entities: remove them",
     "{name} : {member} définit des entités XML : retirez-les"),
    ("{name}: {reference} leads out of the file: repair the document",
     "{name} : {reference} mène hors du fichier : réparez le document"),
    ("{name}: it stands too deep in other files: save it as a file of its own",
     "{name} : il est trop profond dans d’autres fichiers : enregistrez-le à part"),
    ("{name}: a page of more than {size} MiB: split it",
     "{name} : une page de plus de {size} Mio : scindez-la"),
    ("{name}: elements nested deeper than {depth}: simplify the page",
     "{name} : éléments imbriqués sur plus de {depth} niveaux : simplifiez la page"),
    ("{name}: more than {count} control words: split the document",
     "{name} : plus de {count} mots de commande : scindez le document"),
    ("{name}: more than {count} pages: split the document",
     "{name} : plus de {count} pages : scindez le document"),
    ("{name}: more text than is safe to read: split the document",
     "{name} : plus de texte qu’il n’est permis de lire : scindez le document"),
    ("{name}: more than {count} cells, which is more than is safe: split the table",
     "{name} : plus de {count} cellules, plus qu’il n’est permis : scindez le tableau"),
    ("{name}: more than {count} values: split the file",
     "{name} : plus de {count} valeurs : scindez le fichier"),
    # Front matter.
    ("{name}: line {line}: the header is not closed: end it with ---",
     "{name} : ligne {line} : l’en-tête n’est pas fermé : terminez-le par ---"),
    ("{name}: line {line}: the quotes of {value} do not match: close them",
     "{name} : ligne {line} : les guillemets de {value} ne vont pas ensemble : fermez-les"),
    ("{name}: line {line}: language {value} is not supported: write fr or en",
     "{name} : ligne {line} : la langue {value} n’est pas prise en charge : écrivez fr ou en"),
    ("{name}: line {line}: {value} is no http or https address: correct it",
     "{name} : ligne {line} : {value} n’est pas une adresse http ou https : corrigez-la"),
    ("{name}: line {line}: {value} is not 'key: value': write it so",
     "{name} : ligne {line} : {value} n’est pas de la forme « clé: valeur » : écrivez-le ainsi"),
    ("{name}: line {line}: {key} is given twice: remove one of them",
     "{name} : ligne {line} : {key} est donné deux fois : retirez-en un"),
    # Options.
    ("{where}: {value} is no date such as 2025-01-31",
     "{where} : {value} n’est pas une date comme 2025-01-31"),
    ("{value} is no date such as 2025-01-31", "{value} n’est pas une date comme 2025-01-31"),
    ("{value} is no condition: write KEY=VALUE, such as author=Dupont or year>=2024",
     "{value} n’est pas une condition : écrivez CLÉ=VALEUR, comme author=Dupont ou year>=2024"),
    ("top_k is {k}: ask for {least} to {most} passages",
     "top_k vaut {k} : demandez de {least} à {most} passages"),
    ("--remove {path}: this is not followed; what is: {listed}",
     "--remove {path} : ce n’est pas suivi ; ce qui l’est : {listed}"),
    ("--jobs {jobs}: encode at least one batch at a time",
     "--jobs {jobs} : encodez au moins un lot à la fois"),
    ("--only: name the files and folders that the index is to hold",
     "--only : nommez les fichiers et dossiers que l’index doit contenir"),
    ("--include and --exclude: name the folder that they choose from; `qa sources` lists those "
     "that are followed, each with its own",
     "--include et --exclude : nommez le dossier où ils choisissent ; « qa sources » liste ceux "
     "qui sont suivis, chacun avec les siens"),
    ("--rectangles is of use in JSON alone: add --json",
     "--rectangles ne sert qu’en JSON : ajoutez --json"),
    ("--watch goes on and on: leave out --json and --dry-run",
     "--watch ne s’arrête pas : laissez de côté --json et --dry-run"),
    ("this would remove {count} document(s) from the index ({names}): add --yes to agree, or leave "
     "out --only and other patterns to keep them",
     "cela retirerait {count} document(s) de l’index ({names}) : ajoutez --yes pour l’accepter, ou "
     "laissez de côté --only et d’autres motifs pour les garder"),
    ("that was not agreed to: the index is as it was",
     "cela n’a pas été accepté : l’index est tel qu’il était"),
    ("{setting} is neither on nor off: correct it or unset it",
     "{setting} n’est ni on ni off : corrigez-le ou retirez-le"),
    ("{setting} is not a rate such as 60/minute (second, minute or hour), nor off: correct it or "
     "unset it",
     "{setting} n’est ni une fréquence comme 60/minute (second, minute ou hour), ni off : "
     "corrigez-la ou retirez-la"),
    ("{path} holds a key twice: give each name a key of its own",
     "{path} contient deux fois une clé : donnez à chaque nom la sienne"),
    ("{path} holds no list of keys: see the README for its form",
     "{path} ne contient pas de liste de clés : voyez sa forme dans le README"),
    ("--workers {count}: serve from at least one process",
     "--workers {count} : il faut au moins un processus"),
    ("--port {port}: a port is a number from {least} to {most}",
     "--port {port} : un port est un nombre de {least} à {most}"),
    ("cannot listen on {host} port {port} ({error}): choose another with --port",
     "écoute impossible sur {host}, port {port} ({error}) : choisissez-en un autre avec --port"),
)  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")


def said_in(language: str, error: Exception) -> str:
    """Return the message of an error in French for ``fr``, where it has a counterpart."""
    return (in_french(str(error)) if language == "fr" else None) or str(error)


def in_french(message: str) -> str | None:
    """Return what a message says in French, or None if it has no counterpart.

    Args:
        message: of an error, in English; several lines are said one by one.
    """
    lines = message.split("\n")
    if len(lines) > 1:
        said = [in_french(line) or line for line in lines]
        return "\n".join(said) if said != lines else None
    return next((_filled(found, french) for pattern, french in _texts()
                 if (found := pattern.fullmatch(message))), None)  # fmt: skip


def _filled(found: re.Match[str], french: str) -> str:
    return french.format_map({k: in_french(v) or v for k, v in found.groupdict().items()})


@cache
def _texts() -> list[tuple[re.Pattern[str], str]]:
    # The longest texts first: the slots of a short one could take in what another says.
    ordered = sorted(_ROWS, key=lambda row: len(_SLOT.sub("", row[0])), reverse=True)
    return [(_pattern(english), french) for english, french in ordered]


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    # A path may hold what stands between two slots; a reason rather does than a name.
    slots = [f"(?P<{part}>.+{'' if part == 'path' else '?'})" for part in parts[1::2]]
    fixed = list(map(re.escape, parts[::2]))
    return re.compile("".join(chain(*zip_longest(fixed, slots, fillvalue=""))))

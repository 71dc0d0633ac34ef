"""The help page, in French and in English: what the confidence means, filters, keys, limits."""

from __future__ import annotations

from typing import Final, NamedTuple

from qa.http.page.texts import typeset


class Part(NamedTuple):
    """A part of the help: the name its link has, a title, a paragraph, and a list below it."""

    name: str
    title: str
    lead: str
    points: tuple[str, ...] = ()


_FR: Final = (
    Part("ask", "Poser une question",
         "En français ou en anglais, avec vos mots. La réponse est toujours un passage de vos "
         "documents, cité au caractère près, jamais une phrase inventée~; des documents dans "
         "l’autre langue répondent aussi. Une question a 1^000~caractères au plus, une réponse "
         "20~passages au plus."),
    Part("confidence", "Ce que veut dire la confiance",
         "C’est la probabilité que le premier passage réponde à la question, calibrée sur des "
         "milliers de questions, dont la moitié que les documents ne traitent pas. À «~confiance "
         "60^%~», un tel passage répond dans environ 6~cas sur~10.",
         ("«~Réponse trouvée~»~: à partir de 85^%. Sur les questions mises à part, 94^% de ces "
          "réponses étaient justes~; le seuil est choisi pour qu’au plus une sur dix soit fausse.",
          "«~Réponse possible~»~: de 20 à 85^%. Quatre sur dix étaient justes~: lisez la phrase "
          "marquée avant de vous y fier.",
          "En dessous de 20^%, le service dit que les documents ne semblent pas répondre, et "
          "montre les passages les plus proches. De ces passages, 5^% répondaient.",
          "Les questions pièges, presque traitées par un passage, reçoivent quatre fois sur dix "
          "une réponse possible, et 6 fois sur cent une réponse dite trouvée.",
          "La proximité des autres passages les compare au premier~; ce n’est pas une "
          "probabilité.")),
    Part("filters", "Interroger certains documents",
         "Les listes sous la question choisissent un dossier, une étiquette ou une langue~; la "
         "page d’un document a sa propre question. Aucun autre document n’est alors cherché.",
         ("En ligne de commande et par HTTP, on filtre aussi par date, format, auteur et toute "
          "propriété des fichiers~: --in, --tag, --since, --until, --filter.",)),
    Part("formats", "Ce qui est lu",
         "Textes et Markdown, HTML et EPUB, PDF, Word, OpenDocument, RTF, présentations, tableaux "
         "(CSV, Excel, ODS), JSON et courriels. Ce qui n’a pas été lu d’un fichier (pages sans "
         "texte, pièces jointes, parties masquées) est dit dans la liste et sur la page du "
         "document.",
         ("Les images et les pages numérisées ne sont lues qu’avec --ocr, les anciens formats "
          "(.doc, .xls, .ppt) qu’avec --convert.",
          "Un fichier a 64~Mio au plus, un envoi 100~fichiers et 256~Mio.")),
    Part("cite", "Citer",
         "«~Citer~», sous un passage, donne la citation en texte, Markdown, BibTeX, CSL-JSON et "
         "RIS, avec l’empreinte du texte et un lien permanent. Si le document change, le lien "
         "retrouve le passage mot pour mot, ou dit qu’il a changé ou disparu~; il ne marque "
         "jamais d’autres mots.",
         ("D’un PDF dont l’original est là, la page d’origine se voit à côté du texte, avec le "
          "passage marqué quand sa place est sûre.",)),
    Part("keys", "Clés et documents",
         "Un service peut demander une clé~: dans un navigateur c’est le mot de passe (le nom est "
         "libre), sinon l’en-tête «~Authorization: Bearer CLÉ~». Une clé peut ne donner à voir que "
         "certains documents.",
         ("Ajouter ou retirer des documents demande une clé sans filtre ou, là où il n’y a pas de "
          "clés, d’être sur la machine du service.",
          "Les mêmes octets, sous n’importe quel nom, sont le même document.")),
)  # fmt: skip
_EN: Final = (
    Part("ask", "Asking a question",
         "In French or in English, in your own words. The answer is always a passage of your "
         "documents, cited to the character, never an invented sentence; documents in the other "
         "language answer too. A question has at most 1,000~characters, an answer at most "
         "20~passages."),
    Part("confidence", "What the confidence means",
         "It is the probability that the first passage answers the question, calibrated on "
         "thousands of questions, half of which the documents do not treat. At “confidence 60%”, "
         "such a passage answers in about 6 of 10~cases.",
         ("“Answer found”: from 85% on. Of questions that were set aside, 94% of these answers "
          "were right; the threshold is chosen so that at most one in ten is wrong.",
          "“Possible answer”: from 20 to 85%. Four in ten were right: read the marked sentence "
          "before you rely on it.",
          "Below 20% the service says that the documents do not seem to answer, and shows the "
          "closest passages. Of these, 5% answered.",
          "Trick questions, which a passage almost treats, are given a possible answer four times "
          "in ten, and one that is called found 6 times in a hundred.",
          "The closeness of the other passages compares them with the first; it is no "
          "probability.")),
    Part("filters", "Asking some documents only",
         "The lists below the question choose a folder, a tag or a language; the page of a "
         "document has a question of its own. No other document is searched then.",
         ("On the command line and over HTTP you filter by date, format, author and any property "
          "of the files, too: --in, --tag, --since, --until, --filter.",)),
    Part("formats", "What is read",
         "Text and Markdown, HTML and EPUB, PDF, Word, OpenDocument, RTF, presentations, tables "
         "(CSV, Excel, ODS), JSON and mail. What of a file was not read (pages without text, "
         "attachments, hidden parts) is said in the list and on the document’s page.",
         ("Pictures and scanned pages are read with --ocr alone, old formats (.doc, .xls, .ppt) "
          "with --convert.",
          "A file has at most 64~MiB; at a time 100~files and 256~MiB are sent.")),
    Part("cite", "Citing",
         "“Cite”, below a passage, gives the citation as text, Markdown, BibTeX, CSL-JSON and RIS, "
         "with the digest of the text and a permanent link. If the document changes, the link "
         "finds the passage again word for word, or says that it has changed or is gone; it never "
         "marks other words.",
         ("Of a PDF whose original is there, the original page is seen beside the text, with the "
          "passage marked when its place is sure.",)),
    Part("keys", "Keys and documents",
         "A service may ask for a key: in a browser it is the password (any name will do), else "
         "the header “Authorization: Bearer KEY”. A key may show only some documents.",
         ("Adding or removing documents takes a key without a filter or, where there are no keys, "
          "being on the service’s own machine.",
          "The same bytes, under any name, are the same document.")),
)  # fmt: skip


def _typeset(part: Part) -> Part:
    return Part(
        part.name, typeset(part.title), typeset(part.lead), tuple(map(typeset, part.points))
    )


GUIDE: Final = {"fr": tuple(map(_typeset, _FR)), "en": tuple(map(_typeset, _EN))}
"""The parts of the help, by language."""

"""Small documents on which a passage is found, or shown, only if it is read in its context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index.build.encoder import open_build_encoder
from index.build.stage import BuildEncoder
from index.generations.folder import FolderStore
from index.model.source import ModelSource
from qa.answer.service import AskRequest, QAService
from qa.answer.types import Answer
from qa.indexes.building import index_paths
from qa.indexes.opening import open_service
from qa.settings import Settings

FAQ = """# Foire aux questions

## Comment inscrire un enfant à la cantine ?

Remplissez le formulaire vert et déposez-le au secrétariat avant le 10 du mois.

## Que faire en cas d'allergie ?

Joignez un certificat médical de moins de trois mois.

## Qui contacter pour une facture erronée ?

Madame Perreault, au poste 233.
"""
CODE = """# Code du stationnement

## Article L. 2001-1

Tout véhicule immobilisé plus de sept jours est enlevé aux frais du propriétaire.

## Article L. 2001-2

Les cyclistes sont exemptés de la redevance.

## Article R. 2001-14

Le maire fixe les tarifs par arrêté, après avis de la commission des usagers.

## Annexe B

La borne doit porter un numéro en relief et une plaque en braille.
"""
LEAKS = """Q : Quand passe le releveur ?
R : Le premier mardi du mois, entre 9 h et midi.

Q : Que faire en cas de fuite ?
R : Fermez le robinet d'arrêt, puis appelez le 04 00 00 00 10.

Q : Comment payer ?
R : Par prélèvement ou par chèque.
"""
CARD = """<html><body><main><h1>Carte du réseau</h1><dl>
<dt>Prix</dt><dd>Douze euros par an.</dd>
<dt>Validité</dt><dd>10 ans à partir de la délivrance.</dd>
<dt>Perte</dt><dd>Un duplicata coûte huit euros.</dd>
</dl></main></body></html>
"""
LEASE = """# Bail

Le chauffage coûte 80 € par mois. L'eau coûte 35 € par mois.
"""
Open = Callable[[dict[str, str]], QAService]


@pytest.fixture(scope="module")
def encoder(article_settings: Settings, default_model: ModelSource) -> Iterator[BuildEncoder]:
    """The real encoder, exported once for the article's index."""
    with open_build_encoder(default_model, FolderStore(article_settings.index)) as opened:
        yield opened


@pytest.fixture
def opened(tmp_path: Path, encoder: BuildEncoder, article_settings: Settings) -> Open:
    """Index these files, by their paths, and open the index."""

    def index(files: dict[str, str]) -> QAService:
        for name, text in files.items():
            path = tmp_path / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        settings = replace(article_settings, index=tmp_path / "index")
        index_paths([tmp_path / "docs"], settings, encoder=encoder)
        return open_service(settings)

    return index


def highlight(answer: Answer) -> str:
    first = answer.passages[0]
    start, end = first.highlights[0]
    return first.passage.text[start:end]


def test_a_heading_is_the_question(opened: Open) -> None:
    service = opened({"faq.md": FAQ, "code.md": CODE})
    for question, words in (
        ("Comment inscrire un enfant à la cantine ?", "formulaire vert"),
        ("Qui contacter pour une facture erronée ?", "Madame Perreault"),
        ("Que dit l'article L. 2001-1 ?", "sept jours"),
        ("article R. 2001-14", "arrêté"),
        ("Que contient l'annexe B ?", "braille"),
    ):
        answer = service.ask(AskRequest(question))
        assert words in answer.passages[0].passage.text, question
        assert answer.answerable, question
    verbatim = service.ask(AskRequest("Comment inscrire un enfant à la cantine ?"))
    assert verbatim.confidence > 0.9
    assert verbatim.passages[0].citation.quote.startswith("Remplissez")


def test_an_article_that_is_not_there_is_not_answered(opened: Open) -> None:
    answer = opened({"faq.md": FAQ, "code.md": CODE}).ask(
        AskRequest("Que dit l'article L. 2001-3 ?")
    )
    assert not answer.answerable


def test_what_follows_a_question_or_a_term_is_shown(opened: Open) -> None:
    service = opened({"faq.txt": LEAKS, "dl.html": CARD})
    leak = service.ask(AskRequest("Que faire en cas de fuite d'eau ?"))
    assert "Fermez le robinet d'arrêt" in highlight(leak)
    assert "10 ans" in highlight(service.ask(AskRequest("Quelle est la validité de la carte ?")))


def test_a_text_in_three_places_is_one_result(opened: Open) -> None:
    service = opened({"a.md": LEASE, "copie/b.md": LEASE, "copie/c.md": LEASE, "faq.md": FAQ})
    answer = service.ask(AskRequest("Combien coûte le chauffage ?"))
    first, second, *_ = answer.passages
    assert "80 €" in first.passage.text
    assert len(first.also) == 2
    assert second.passage.text != first.passage.text
    places = {first.citation.document_id, *(place.document_id for place in first.also)}
    assert places == {"a", "copie-b", "copie-c"}


RULES = """# Règles

Laissez refroidir le moteur quarante minutes.

Le préavis du locataire est de soixante jours.

L'entrée du musée est gratuite pour les enfants.

Aucun chien n'est admis dans la salle Verdi.

Let the oven cool for fifteen minutes.

Children get in free at the zoo.

Le prêt d'un livre dure quinze jours.
"""
CARE = """# Maintenance

Wash the filter every month with cold water. The belt is checked weekly by the technician. The roof is inspected once a year.

Le filtre se lave tous les mois à l'eau froide. La courroie est vérifiée chaque semaine par le technicien. Le toit est inspecté une fois l'an.

The team has seven mechanics and two clerks. The workshop opens at noon.

L'équipe compte sept mécaniciens et deux commis. L'atelier ouvre à midi.
"""  # noqa: E501


def test_numbers_in_words_and_zero_are_numbers(opened: Open) -> None:
    service = opened({"n.md": RULES, "freq.md": CARE})
    for question, words in (
        ("Combien de temps le moteur doit-il refroidir ?", "quarante"),
        ("Combien de jours dure le prêt d'un livre ?", "quinze"),
        ("Combien de chiens sont admis dans la salle Verdi ?", "Aucun"),
        ("Combien coûte l'entrée du musée pour les enfants ?", "gratuite"),
        ("How long should the oven cool?", "fifteen"),
        ("How often is the belt checked?", "weekly"),
        ("How much do children pay at the zoo?", "free"),
        ("Combien de fois par an le toit est-il inspecté ?", "une fois"),
    ):
        answer = service.ask(AskRequest(question))
        assert words in answer.passages[0].passage.text, question
        assert answer.answerable, question

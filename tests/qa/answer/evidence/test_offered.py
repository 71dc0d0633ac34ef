"""Sentences offer kinds of answers, in figures and in words."""

from __future__ import annotations

import pytest

from index.lexical.analysis import words
from qa.answer.evidence.asked import asked
from qa.answer.evidence.offered import offered


def given(sentence: str, question: str) -> float:
    """Return how clearly the sentence gives a kind that the question asks for."""
    found = offered(sentence, words(sentence), set(words(question)))
    return max(found[kind] for kind in asked(question))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Combien de temps le moteur doit-il refroidir ?", "Laissez-le quarante minutes."),
        ("Combien de temps dure le préavis ?", "Il est de soixante jours."),
        ("Combien de jours dure le prêt ?", "Le prêt dure quinze jours."),
        ("Combien de chiens sont admis ?", "Aucun chien n'est admis."),
        ("Combien d'apprenties compte l'atelier ?", "Il accueille une seule apprentie."),
        ("Combien coûte l'entrée pour les enfants ?", "Elle est gratuite pour les enfants."),
        ("Combien coûte l'entrée ?", "Elle coûte quatre-vingts euros."),
        ("How long should the oven cool?", "Let it cool for fifteen minutes."),
        ("How long does it take?", "About half an hour."),
        ("How much do children pay?", "Children get in free."),
        ("How many dogs are there?", "There are none."),
        ("How many eggs?", "Two dozen eggs."),
        ("How often is the belt checked?", "The belt is checked weekly."),
        ("How often do I wash the filter?", "Wash it every month."),
        ("Combien de fois par an est-il inspecté ?", "Il est inspecté une fois l'an."),
        ("À quelle fréquence vérifier la courroie ?", "Chaque semaine."),
        ("Tous les combien cirer la table ?", "La cire se passe tous les six mois."),
        ("Quand se réunit l'assemblée ?", "Elle se réunit en mars."),
        ("When did it happen?", "It happened in 1998."),
        ("À quelle heure ferme-t-elle ?", "Elle ferme à 18 h."),
        ("What time do you open?", "We open at noon, at twelve."),
        ("Quel est le numéro de téléphone ?", "Appelez le 03 53 01 12 40."),
        ("What is the e-mail address?", "Write to desk@carlisle.example."),
        ("Qui dirige Mila ?", "La présidente, Valérie Pisano, était là."),
        ("Quelle est l'adresse de la piscine ?", "Elle est au 17, quai de la Fosse."),
    ],
)
def test_what_is_asked_for_is_given(question: str, sentence: str) -> None:
    assert given(sentence, question) >= 0.5


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Combien coûte l'article 12 ?", "L'article 12 est rouge."),  # what is asked says it itself
        ("Combien de temps dure la visite ?", "La visite a souligné la responsabilité."),
        ("When was Bengio born?", "Bengio leads the lab."),
        ("Quel est le salaire de Hugo ?", "Hugo oriente les recherches."),
        ("How often is it checked?", "The technician checks the belt."),
        ("Qui était là avant Valérie Pisano ?", "la présidente, Valérie Pisano, est là"),
        ("Quel est le numéro de téléphone ?", "Le bureau est à l'étage."),
    ],
)
def test_what_is_asked_for_is_missing(question: str, sentence: str) -> None:
    assert given(sentence, question) <= 0.5
    assert given(sentence, question) < given(
        f"{sentence} Anna Bell, 1987, 45 €, weekly, 17 h, 03 53 01 12 40.", question
    )


def test_a_sum_is_clearer_than_a_number() -> None:
    assert given("Elle coûte 45 €.", "Combien coûte-t-elle ?") == 1
    assert given("Il y en a 45.", "Combien coûte la table ?") == 0.5

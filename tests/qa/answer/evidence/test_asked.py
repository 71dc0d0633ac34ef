"""Questions ask for kinds of answers."""

from __future__ import annotations

import pytest

from qa.answer.evidence.asked import asked
from qa.answer.evidence.kinds import Kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Qui a fondé Mila ?", Kind.PERSON),
        ("Whose bench is it?", Kind.PERSON),
        ("Quelle entreprise refait la rue ?", Kind.PERSON),
        ("Où se rangent les vélos ?", Kind.PLACE),
        ("D’où vient le lin ?", Kind.PLACE),
        ("In which city is Leonardo?", Kind.PLACE),
        ("Quelles étaient les dates de la visite ?", Kind.DATE),
        ("En quelle année a-t-il été créé ?", Kind.DATE),
        ("When was Yoshua Bengio born?", Kind.DATE),
        ("À quelle heure ferme la piscine ?", Kind.TIME),
        ("What time does it open?", Kind.TIME),
        ("Combien de temps le moteur doit-il refroidir ?", Kind.DURATION),
        ("Combien de jours dure le prêt d'un livre ?", Kind.DURATION),
        ("How many weeks may I keep it?", Kind.DURATION),
        ("How long should the oven cool?", Kind.DURATION),
        ("Combien de chiens sont admis ?", Kind.NUMBER),
        ("Quel âge a-t-elle ?", Kind.NUMBER),
        ("How much does the blanket weigh?", Kind.NUMBER),
        ("Combien coûte l'entrée ?", Kind.AMOUNT),
        ("Quel est le salaire de Hugo Larochelle ?", Kind.AMOUNT),
        ("How much do children pay at the zoo?", Kind.AMOUNT),
        ("What does an adult pay?", Kind.AMOUNT),
        ("How often is the belt checked?", Kind.FREQUENCY),
        ("Combien de fois par an le toit est-il inspecté ?", Kind.FREQUENCY),
        ("Tous les combien faut-il cirer la table ?", Kind.FREQUENCY),
        ("La piscine est-elle ouverte ?", Kind.YES_NO),
        ("Faut-il une adresse ?", Kind.YES_NO),
        ("Is there a phone number?", Kind.YES_NO),
        ("Pourquoi la cocotte colle-t-elle ?", Kind.REASON),
        ("Why is it closed?", Kind.REASON),
        ("Comment laver le rideau ?", Kind.WAY),
        ("How do I renew a loan?", Kind.WAY),
        ("adresse postale de la mairie", Kind.ADDRESS),
        ("Quel est le numéro de téléphone de la mairie ?", Kind.IDENTIFIER),
        ("What is the e-mail of the library?", Kind.IDENTIFIER),
    ],
)
def test_what_is_asked_for(question: str, kind: Kind) -> None:
    assert kind in asked(question)


@pytest.mark.parametrize(
    "question",
    ["Que dit l'article 3 ?", "What did they decide?", "Ma machine cogne quand elle essore", ""],
)
def test_some_questions_do_not_say(question: str) -> None:
    assert not asked(question)


def test_typography_and_capitals_play_no_part() -> None:
    assert asked("QUEL EST LE NUMERO DE TELEPHONE ?") == asked("quel est le numéro de téléphone")
    assert asked("Est‑ce qu’il pleut ?") == {Kind.YES_NO}

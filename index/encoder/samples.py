"""Sentences of many kinds, French and English, to try an encoder on."""

from __future__ import annotations

from typing import Final

SAMPLES: Final = (
    "Qui a écrit ce livre, et en quelle année ?",
    "How much does it cost, and when will it be ready?",
    "Où se trouve le siège de l'entreprise : à Lyon ou à Genève ?",
    "What is the difference between the two versions of this programme?",
    "Le 12 mars 2021, la ministre a annoncé 3,5 millions d'euros pour les écoles « rurales ».",
    "In 1998, Dr Smith's team (University of Leeds) found 42% more cases; see https://example.org.",
    "Les chercheur·euse·s n’ont pas encore publié leurs résultats…",
    "The river rises in the mountains and flows north for two hundred kilometres to the sea.",
    "Faites fondre le beurre à feu doux, puis ajoutez la farine et remuez sans cesse.",
    "Her second novel, published after the war, was translated into eleven languages.",
    "Le tribunal a rejeté la demande, faute de preuves suffisantes.",
    "Restart the server after changing the configuration file, or nothing will happen.",
    "Une bonne hygiène des mains réduit fortement le risque d'infection.",
    "The striker scored twice in the last ten minutes, to everyone's surprise.",
    "La population de la commune a doublé entre 1962 et 1990.",
    "Yes.",
)

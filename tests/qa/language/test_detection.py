"""The language of questions and documents."""

from __future__ import annotations

import csv
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QuestionError, UnknownLanguage
from qa.language import detection as language
from qa.language.detection import Language, detect, detect_document, resolve_language, two_profiles

QUESTIONS = Path(__file__).with_name("language_questions.tsv")


def _questions() -> list[tuple[str, str]]:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(row["language"], row["text"]) for row in rows]


def _verdict(text: str) -> str:
    found = detect(text)
    return "default" if found.source == "default" else found.code


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ?!", "2025", "12,5 %", "🤖", "IA", "AI", "GPT-4", "Mila", "mila", "MILA"),
        *("Leonardo", "leonardo", "Yoshua Bengio", "Geoffrey Hinton", "Stephen Hawking"),
        *("Valérie Pisano", "Hugo Larochelle", "Canada", "mission", "budget", "question", "ok"),
        "https://example.org/le-plan-de-la-recherche?what=the",
    ],
)
def test_names_digits_and_shared_words_do_not_tell(text: str) -> None:
    assert detect(text) == Language("fr", 0.5, "default")
    assert detect(text, default="en") == Language("en", 0.5, "default")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        *(("fr", text) for text in ("bonjour", "Bonjour", "BONJOUR", "supercalculateur", "où")),
        *(("fr", text) for text in ("ou", "Où ?", "président", "Président", "partenariats")),
        *(("fr", text) for text in ("directrice scientifique", "Directrice scientifique")),
        *(("fr", text) for text in ("souveraineté numérique", "éthique", "bourses d'études")),
        *(("fr", text) for text in ("Intelligence Artificielle", "Pourquoi", "svp le budget")),
        *(("en", text) for text in ("where", "WHERE?", "partnerships", "Partnerships", "funding")),
        *(("en", text) for text in ("scientific director", "Scientific Director", "ethics")),
        *(("en", text) for text in ("digital sovereignty", "Artificial Intelligence", "why")),
        *(("en", text) for text in ("president and CEO", "supercomputer", "drug discovery")),
    ],
)
def test_clear_words_are_detected(code: str, text: str) -> None:
    assert _verdict(text) == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "QUI EST LA PRESIDENTE DE MILA"),
        ("en", "WHO IS THE PRESIDENT OF MILA"),
        ("fr", "ou se trouve le siege"),
        ("fr", "quelle est la duree du mandat"),
        ("fr", "Qeulle est la misssion de Mila ?"),
        ("en", "Wher is the headqarter of Mila?"),
        ("fr", "cest quoi mila"),
        ("fr", "c koi l'IA"),
        ("en", "whats mila"),
        ("fr", "comment ca va"),
        ("fr", "chercheur·euse·s"),
        ("fr", "étudiant.e.s"),
        ("fr", "Combien de chercheur·euse·s ?"),
        ("fr", "Qu’est-ce que l’IA\u202f?"),
        ("fr", "Mila\u00a0: a-t-elle un budget\u00a0?"),
        ("fr", "Donne-moi les noms."),
        ("fr", "J'ai une question"),
        ("en", "What’s AI?"),
        ("en", "don't know"),
        ("en", "Mila's budget"),
    ],
)
def test_capitals_accents_typing_errors_and_typography(code: str, text: str) -> None:
    assert _verdict(text) == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", "Qui est l'auteur de Harry Potter ?"),
        ("fr", "Qui est l'auteur de The Lord of the Rings ?"),
        ("fr", "Qui a écrit Harry Potter and the Goblet of Fire"),
        ("fr", "Que signifie « The future of work is here » ?"),
        ("fr", "Quel est le budget du AI Safety Institute?"),
        ("fr", "Will Smith est né où ?"),
        ("fr", "Le CEO de Meta est-il Mark Zuckerberg ?"),
        ("en", "Where is Saint-Jean-sur-Richelieu?"),
        ("en", "Is Université de Montréal a partner of Mila?"),
        ("en", 'What does "L\'intelligence artificielle au service de tous" mean?'),
    ],
)
def test_names_and_quotations_do_not_flip_the_question(code: str, text: str) -> None:
    assert _verdict(text) == code


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "What is le Plan d'adoption de l'IA?"),
        ("en", "How many étudiants does Mila have?"),
        ("fr", "Qu'est-ce que le machine learning ?"),
        ("fr", "Définition du machine learning"),
        ("fr", "budget IA Canada"),
        ("en", "AI budget Canada"),
        ("en", "Compare Mila with Vector Institute"),
        ("fr", "Compare Mila avec Vector"),
        ("en", "Comment on the plan and the budget"),
        ("fr", "Comment ça marche"),
    ],
)
def test_mixed_languages_and_keywords(code: str, text: str) -> None:
    assert _verdict(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "¿Quién es la directora de Mila?",
        "¿Dónde está la sede?",
        "Wer ist der Präsident von Mila?",
        "Wo befindet sich der Hauptsitz?",
        "Chi è il direttore di Mila?",
        "Где находится Mila?",
        "Milaはどこですか",
        "ما هي ميلا؟",
    ],
)
def test_other_languages_are_left_to_the_default(text: str) -> None:
    assert detect(text, default="en") == Language("en", 0.5, "default")


def test_questions_on_everyday_subjects_are_never_taken_for_the_other_language() -> None:
    questions = _questions()
    clear = [(code, text) for code, text in questions if len(text.split()) >= 4]
    wrong = [text for code, text in questions if _verdict(text) not in {code, "default"}]
    undecided = [text for _, text in questions if _verdict(text) == "default"]
    assert (len(questions), len(clear), wrong) == (171, 109, [])
    assert undecided == [
        "Date de sortie de The Last of Us",
        *("mal de gorge", "boulangerie", "pomme"),
        *("sore throat", "apple pie", "medicine", "apple"),
    ]


@given(st.text(max_size=80))
def test_any_text_gives_a_probability_whatever_its_normal_form(text: str) -> None:
    found = detect(text)
    assert found.source == "default" or 0.75 <= found.confidence <= 1
    assert detect(unicodedata.normalize("NFD", text)) == detect(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(("short", "long"), [("le", "le plan"), ("the", "the plan and the goal")])
def test_more_evidence_is_more_confidence(short: str, long: str) -> None:
    assert detect(short).confidence < detect(long).confidence


def test_characters_are_read_only_where_words_do_not_decide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []

    def weigh_nothing(prose: str) -> float:
        read.append(prose)
        return 0.0

    monkeypatch.setattr(language, "_weigh_characters", weigh_nothing)
    for text, code in (("Quels sont les projets ?", "fr"), ("What are the projects?", "en")):
        found = detect(text)
        assert (found.code, found.source) == (code, "detected")
        assert found.confidence > 0.999
    assert read == []
    detect("Mila Montréal")
    assert len(read) == 1


def test_threads_give_the_same_answers_and_confidences() -> None:
    texts = [text for _, text in _questions()]
    expected = [detect(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(detect, texts * 4)) == expected * 4


def test_langdetect_holds_two_profiles_of_its_55() -> None:
    assert two_profiles().get_lang_list() == ["fr", "en"]


def test_a_requested_language_wins_over_the_text() -> None:
    assert resolve_language("en", "Qui est là ?") == Language("en", 1.0, "requested")


@pytest.mark.parametrize(("code", "expected"), [("FR", "fr"), ("fr-CA", "fr"), ("en_GB", "en")])
def test_a_requested_code_may_have_capitals_and_a_region(code: str, expected: str) -> None:
    assert resolve_language(code, "").code == expected


def test_without_a_request_the_text_decides_then_the_default() -> None:
    assert resolve_language(None, "Who is the director?").source == "detected"
    assert resolve_language(None, "Mila", default="en") == Language("en", 0.5, "default")


@pytest.mark.parametrize("code", ["", "de", "french", "frr", "\x00"])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(UnknownLanguage, match="use 'fr' or 'en'"):
        resolve_language(code, "Qui ?")
    with pytest.raises(QuestionError):
        detect("Qui ?", default=code)


FRENCH = (
    "L'institut a annoncé hier l'ouverture d'un nouveau centre de recherche dans la ville. Selon "
    "la directrice, le projet permettra à cent chercheurs de travailler ensemble pendant cinq ans."
)
ENGLISH = (
    "The institute announced yesterday the opening of a new research centre in the city. According "
    "to the director, the project will let one hundred researchers work together for five years."
)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("fr", FRENCH),
        ("fr", FRENCH.upper()),
        ("fr", f"« {FRENCH} »"),
        ("en", ENGLISH),
        ("fr", "Rapport annuel 2024"),
        ("en", "Annual report 2024"),
        ("fr", FRENCH + " " + FRENCH + " " + ENGLISH),
        ("fr", 30 * FRENCH + 90 * ENGLISH),
    ],
)
def test_documents_in_french_and_english(code: str, text: str) -> None:
    assert detect_document(text) == code


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024 1500 12 34\n2023 1400 11 30", "Mila\nOBVIA\nIVADO\n"),
        "El Instituto anunció ayer la apertura de un nuevo centro de investigación en la ciudad. "
        "Según la directora, el proyecto permitirá que cien investigadores trabajen juntos.",
        "Das Institut hat gestern die Eröffnung eines neuen Forschungszentrums angekündigt. Nach "
        "Angaben der Direktorin werden hundert Forscher fünf Jahre lang zusammenarbeiten.",
        "L'istituto ha annunciato ieri l'apertura di un nuovo centro di ricerca nella città. "
        "Secondo la direttrice, il progetto permetterà a cento ricercatori di lavorare insieme.",
        "O instituto anunciou ontem a abertura de um novo centro de pesquisa na cidade. Segundo a "
        "diretora, o projeto permitirá que cem pesquisadores trabalhem juntos durante cinco anos.",
        "Het instituut heeft gisteren de opening van een nieuw onderzoekscentrum aangekondigd. "
        "Volgens de directeur zullen honderd onderzoekers vijf jaar lang samenwerken.",
        "L'institut va anunciar ahir l'obertura d'un nou centre de recerca a la ciutat. Segons la "
        "directora, el projecte permetrà que cent investigadors treballin junts durant cinc anys. "
        "Els resultats es publicaran en una revista d'accés obert.",
        "Gallia est omnis divisa in partes tres, quarum unam incolunt Belgae, aliam Aquitani, "
        "tertiam qui ipsorum lingua Celtae, nostra Galli appellantur. Hi omnes lingua, "
        "institutis, legibus inter se differunt.",
        "Институт объявил вчера об открытии нового исследовательского центра.",
    ],
)
def test_documents_in_other_languages_or_none_are_undetermined(text: str) -> None:
    assert detect_document(text) == "und"

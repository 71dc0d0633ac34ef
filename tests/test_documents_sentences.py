"""Sentences: French and English usage, and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.sentences import sentences


def cut(text: str, language: str = "fr") -> list[str]:
    return [text[slice(*span)] for span in sentences(text, language)]


# Sentences as they must be found, parted by a space; one paragraph a line.
FRENCH = [
    ["M. Dupont arrive.", "Il part."],
    ["Le Dr. Martin, le Pr. Roy et Mme. Tremblay sont là.", "Bien."],
    ["En 50 av. J.-C., Rome gagne.", "En 3 ap. J.-C., il fait 5 °C.", "Puis rien."],
    ["Prenez p. ex. Rome, p.\u00a0ex. Paris, c.-à-d. une ville.", "Oui."],
    ["Voir art. 5, n° 3, vol. 2, pp. 12 et chap. IV du livre.", "Fin."],
    ["Des rois, des reines, etc.", "Le peuple attend."],
    ["Des rois, etc., art. 5.", "Le peuple."],
    ["« Bonjour. »", "Puis il part."],
    ["Il dit : «\u00a0Bonjour.\u00a0»", "Puis il part."],
    ["«\u202fQuoi\u202f?\u202f» dit-il.", "Rien\u202f!"],
    ["« Quoi ? », Marie demanda.", "Rien !"],
    ["Il a 1\u00a0500 € ; oui : non !", "Et 1 500 ?", "Et 3,5 % ou 3.5 kg."],
    ["Des chercheur·euse·s et des étudiant.e.s sont là.", "Oui."],
    ["Il partit…", "Elle resta… seule.", "Fin..."],
    ["Il est mort.[1]", "Le chat vit.[12][3]", "Fin."],
    ["(Il part.)", "Elle (qui reste) dort (bien).", "Fin."],
    ["J. K. Rowling et J.-P. Sartre écrivent.", "Fin."],
    ["Salut 😀 monde.", "Voilà 🎉🎉 !", "𝒜 encore."],
    ["1. Un point.", "Deux."],
    ["Des travaux nouveaux.", "Il faut blâmer le GIEC.", "Le canon.", "Le 5 janv. 2025.", "Oui."],
    ["E\u0301te\u0301.", "À l’e\u0301d. 5.", "Fin."],
    ["L’ÉTÉ EST LÀ.", "ÉTÉ !"],
]
ENGLISH = [
    ["Mr. Smith met Mrs. Jones, Ms. Roe and Dr. Who at St. Paul's.", "They left."],
    ["Use fruit, e.g. Apples, i.e. Food, etc.", "Then stop."],
    ["See vol. 2, no. 5, pp. 3 and fig. 4.", "The answer is no.", "This is art."],
    ['He said "Hi."', 'Then "Why?" he asked.', "“Stop!”", "Fine."],
    ["We all know NATO.", "Read the FAQ.", "On Jan. 5, it rained in Jan.", "It was in."],
    ["Smith et al. Found it.", "Yahoo! is here.", "Yes?", "No!"],
]


@pytest.mark.parametrize("expected", FRENCH)
def test_french(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected


@pytest.mark.parametrize("expected", ENGLISH)
def test_english(expected: list[str]) -> None:
    assert cut(" ".join(expected), "en") == expected


def test_unknown_language() -> None:
    assert cut("Mme. Roy part. Mr. Roe too.", "und") == ["Mme. Roy part.", "Mr. Roe too."]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028"])
def test_line_breaks_in_a_paragraph_end_nothing(ending: str) -> None:
    text = f"Le Dr.{ending}Martin{ending}arrive. Il{ending}part."
    assert cut(text) == [f"Le Dr.{ending}Martin{ending}arrive.", f"Il{ending}part."]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_blank_lines_items_and_rows_end_a_sentence(ending: str) -> None:
    expected = ["Un", "deux", "• trois", "1. Quatre, cinq", "- six", "| a | b |", "| c | d |"]
    text = "Un\n\ndeux\n• trois\n\n1. Quatre, cinq\n- six\n| a | b |\n| c | d |"
    assert cut(text.replace("\n", ending)) == expected


def test_item_over_several_lines() -> None:
    assert cut("- un, deux\n  et trois\n- quatre") == ["- un, deux\n  et trois", "- quatre"]
    assert cut("Voir page\n12. Puis rien.") == ["Voir page\n12.", "Puis rien."]


def test_nothing() -> None:
    assert sentences("", "fr") == []
    assert sentences(" \n\u00a0", "fr") == []


CHARACTERS = st.characters() | st.sampled_from(list(" \n\r.?!…«»()[]\u00a0\u202f\"'’AaMé1•-|😀,"))
TEXTS = st.text(CHARACTERS) | st.lists(
    st.sampled_from(
        ["M.", "Dr.", "J.-C.", "etc.", "« Oui. »", "Non ?", "1.", "\n", "[1]", "fin.", "A"]
    )
).map(" ".join)


@given(TEXTS, st.sampled_from(["fr", "en", "und"]))
def test_every_character_is_in_exactly_one_sentence(text: str, language: str) -> None:
    end = 0
    for span in sentences(text, language):
        assert text[end : span.start].strip() == ""
        assert text[slice(*span)] == text[slice(*span)].strip() != ""
        end = span.end
    assert text[end:].strip() == ""


@given(st.text("Aa.?! »«\nM1,", max_size=30))
def test_line_endings_play_no_part(text: str) -> None:
    assert [s.replace("\r\n", "\n") for s in cut(text.replace("\n", "\r\n"))] == cut(text)

"""Sentences: French and English usage, and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.wording.sentences import sentences


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
    ["Selon l’art. L. 1234-5, il part.", "Voir art. R. 1234-8 et l’article L. 12 du code.", "Fin."],
    ["Selon (art. L. 1234-5, R. 1234-8 et D. 123).", "Il part (L. 12-1, R*. 5-2).", "Fin."],
    ["La Loi (RLRQ, c. A-2.1) et la Charte (ch. C-12) disent.", "L.R.Q., c. C-12.", "Fin."],
    ["Le n° 2023-45 de MM. Roy et Roux.", "Mme Roy, le Dr Roux et R. c. Jordan.", "Fin."],
    ["Tél. 418 555-0100.", "Téléc. : (418) 555-0101, tél. +33 1 22 33.", "Fin."],
    ["II. – Les communes agissent.", "Art. 5. – Le bail est signé.", "Fin."],
    ["Roy et al. Ont dit, 3e éd. Paris, p. 12, pp. 3-4, al. 2, vol. I, fig. 3.", "Fin."],
    ["Cf. Art. 5, 1re ch. civ. et [2020] 1 R.C.S. 45.", "C.P. 123, boul. René-Lévesque.", "Fin."],
    ["Il prend de la vitamine C.", "Elle guérit."],
    [
        "En 50 av. J.-C.",
        "Les Gaulois perdent.",
        "Aux É.-U.",
        "Le pays dort.",
        "C’est de l’art.",
        "Fin.",
    ],
    ["Voir la p. 12.", "Le vol.", "C’est long.", "L’art.", "L’homme part.", "N.B. Le délai court."],
    ["Le loyer est dû. [1]", "Il part. [ii]", "Fin."],
    ["E\u0301te\u0301.", "À l’e\u0301d. 5.", "Fin."],
    ["L’ÉTÉ EST LÀ.", "ÉTÉ !"],
]
ENGLISH = [
    ["Mr. Smith met Mrs. Jones, Ms. Roe and Dr. Who at St. Paul's.", "They left."],
    ["Use fruit, e.g. Apples, i.e. Food, etc.", "Then stop."],
    ["See vol. 2, no. 5, pp. 3 and fig. 4.", "The answer is no.", "This is art."],
    ['He said "Hi."', 'Then "Why?" he asked.', "“Stop!”", "Fine."],
    ["We all know NATO.", "Read the FAQ.", "On Jan. 5, it rained in Jan.", "It was in."],
    ["The office opens at 9 a.m. Monday and ends at 5 p.m. Friday.", "At 5 p.m. EST, it ends."],
    ["It opens at 9 a.m.", "Monday is free.", "It ends at 5 p.m.", "The door closes.", "So be it."],
    [
        "It ends at 5 P.M.",
        "Doors close.",
        "J. R. R. Tolkien wrote.",
        "She likes plan B.",
        "It works.",
    ],
    ["The U.S. Congress met in the U.S.", "The law is old.", "They use I.B.M. Computers."],
    ["Acme Inc. Announced it.", "He left Acme Inc.", "The firm grew.", "King Jr. Day is free."],
    ["On Main St.", "The shop is near St. Paul.", "Roe v. Wade, I.e. Monday, was decided."],
    [
        "See Sec. 3, No. 5, Jan. 5, s. 12 and R.S.C. 1985, c. C-46.",
        "The answer is no.",
        "A man left.",
    ],
    ["Tel. 418 555-0100, ext. 12.", "About 5 p.m.", "We left.", "P.O. Box 12.", "Ask."],
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

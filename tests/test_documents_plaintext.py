"""Plain text: what looks like a heading, a caption, an item, and what does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.plaintext import plain_blocks
from documents.structure import outline

Found = list[tuple[tuple[str, ...], list[str]]]

LONG = "Un texte qui court sur une seule ligne, sans que personne ne la coupe. " * 3


def read(text: str, title: str | None = None) -> Found:
    sections = outline(plain_blocks(text, title), title).sections
    return [(s.path, [text[slice(*p)] for p in s.paragraphs]) for s in sections]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_headings_captions_and_paragraphs(ending: str) -> None:
    text = ending.join(
        [
            "Titre",
            "",
            "3d map in strong purple",
            "",
            "Premier paragraphe,",
            "coupé à la main.",
            "  ",
            "Une partie",
            "",
            "un chat assis",
            "",
            "Second paragraphe.",
            "",
            "suite sans point",
            "",
            "Fin.",
        ]
    )
    assert read(text) == [
        ((), [f"Premier paragraphe,{ending}coupé à la main."]),
        (("Une partie",), ["Second paragraphe.", "suite sans point", "Fin."]),
    ]


def test_known_title_is_recognised_whatever_its_apostrophes() -> None:
    text = "L'IA se déploie à l'étranger !\n\nIntroduction\n\nTexte."
    assert read(text, "L’IA se deploie à l’étranger") == [(("Introduction",), ["Texte."])]
    assert read("Introduction\n\nTexte.", "Autre chose") == [(("Introduction",), ["Texte."])]


def test_only_heading_is_the_title() -> None:
    assert read("Titre\n\nTexte.") == [((), ["Texte."])]
    assert outline(plain_blocks("Titre\n\nTexte.")).title == "Titre"
    assert outline(plain_blocks("10 conseils\n\nTexte.")).title == "10 conseils"


def test_a_heading_is_short_open_alone_and_followed_by_text() -> None:
    text = "\n\n".join(["Texte.", "Closed.", "Intro :", "x" * 121, "A b\nc d.", "Fin sans point"])
    assert read(text) == [((), text.split("\n\n"))]


@pytest.mark.parametrize("heading", ["Thème « IA »", "Institut (TII)", "2. Méthode", "IV. Été"])
def test_looks_of_a_heading(heading: str) -> None:
    assert read(f"Texte.\n\n{heading}\n\nSuite.") == [((), ["Texte."]), ((heading,), ["Suite."])]


def test_numbers_tell_depth() -> None:
    text = "Texte.\n\n1. Un\n\nA.\n\n1.1 Deux\n\nB.\n\n1.1.1. Trois\n\nC.\n\n2. Quatre\n\nD."
    assert read(text) == [
        ((), ["Texte."]),
        (("1. Un",), ["A."]),
        (("1. Un", "1.1 Deux"), ["B."]),
        (("1. Un", "1.1 Deux", "1.1.1. Trois"), ["C."]),
        (("2. Quatre",), ["D."]),
    ]


def test_heading_right_after_a_heading_is_under_it() -> None:
    text = "Texte.\n\nPartie\n\nChapitre\n\nA.\n\nAutre partie\n\nB."
    assert read(text) == [
        ((), ["Texte."]),
        (("Partie", "Chapitre"), ["A."]),
        (("Autre partie",), ["B."]),
    ]


def test_heading_right_after_an_open_line_is_beside_the_one_before() -> None:
    text = "Texte.\n\nPartie\n\nA.\n\nsuite\n\nAutre partie\n\nB."
    assert read(text) == [
        ((), ["Texte."]),
        (("Partie",), ["A.", "suite"]),
        (("Autre partie",), ["B."]),
    ]


def test_three_open_lines_in_a_row_are_text() -> None:
    verse = ["Heureux qui", "comme Ulysse", "A fait un beau voyage"]
    text = "\n\n".join([*verse, "Ou comme cestuy-là."])
    assert read(text) == [((), [*verse, "Ou comme cestuy-là."])]


@pytest.mark.parametrize("text", ["Un", "un", "3d", "Un\n\ndeux", "Un\n\nDeux\n\nTrois", "😀"])
def test_short_lines_alone_are_text(text: str) -> None:
    assert read(text) == [((), text.split("\n\n"))]
    assert read(text, text) == [((), text.split("\n\n"))]


def test_rulers_part_and_underline() -> None:
    text = "Titre\n=====\nTexte.\n* * *\nSuite.\n\nPartie\n------\n\nFin."
    assert read(text) == [((), ["Texte.", "Suite."]), (("Partie",), ["Fin."])]


def test_lines_longer_than_anyone_wraps_are_paragraphs() -> None:
    long = LONG.strip()
    text = f"Partie\n{long}\n{long}\nAutre partie\n{long}"
    assert read(text, "T") == [(("Partie",), [long, long]), (("Autre partie",), [long])]


def test_items_are_paragraphs() -> None:
    text = "Les pays :\n• France\n• Le Royaume-Uni,\n  avec l'Écosse\n- Italie\n1. Un\n2) Deux"
    assert read(text) == [
        (
            (),
            [
                "Les pays :",
                "• France",
                "• Le Royaume-Uni,\n  avec l'Écosse",
                "- Italie",
                "1. Un",
                "2) Deux",
            ],
        )
    ]


def test_dialogue_is_one_paragraph_a_speaker() -> None:
    assert read("— Bonjour.\n— Salut, dit-il.") == [((), ["— Bonjour.", "— Salut, dit-il."])]


@pytest.mark.parametrize(
    "text", ["voir page\n12. Ensuite, rien.", "les minéraux\n– ajoutant ceci."]
)
def test_wrapped_prose_is_not_an_item(text: str) -> None:
    assert read(text) == [((), [text])]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_item_with_a_heading_of_its_own(ending: str) -> None:
    text = ending.join(
        [
            "Texte.",
            "",
            "Partie",
            "",
            "  • France : un pays\u00a0",
            "    La France est un pays dont il est question ici,",
            "    sur deux lignes.",
            "",
            "    Suite de l'article sur la France.",
            "  • Italie",
            f"    {LONG}",
            "  • Sans titre.",
            "",
            "Retour à la partie.",
        ]
    )
    france = "La France est un pays dont il est question ici,\n    sur deux lignes."
    assert read(text) == [
        ((), ["Texte."]),
        (
            ("Partie", "France : un pays"),
            [france.replace("\n", ending), "Suite de l'article sur la France."],
        ),
        (("Partie", "Italie"), [LONG.strip()]),
        (("Partie",), ["• Sans titre.", "Retour à la partie."]),
    ]


@pytest.mark.parametrize(
    "item",
    [
        "• Nous avons visité la ville de\n  Paris hier.",
        "• Nous avons\n  visité la ville de Paris hier.",
        "• Nous avons visité.\n  Paris est une ville que nous aimons.",
        "• Nous\n  Paris est une ville que nous aimons",
    ],
)
def test_wrapped_item_has_no_heading(item: str) -> None:
    assert read(item) == [((), [item])]


WORDS = st.sampled_from(
    [
        "Mot",
        "mot",
        "3d",
        "1.",
        "1.2",
        "•",
        "-",
        "—",
        "»",
        ".",
        ":",
        "\u00a0",
        " ",
        "\f",
        "😀",
        "===",
    ]
)
LINES = st.lists(WORDS, max_size=6).map(" ".join) | st.just(LONG) | st.text(max_size=8)
TEXTS = st.lists(LINES, max_size=12).flatmap(
    lambda rows: st.sampled_from(["\n", "\r\n", "\n\n", "\r"]).map(lambda ending: ending.join(rows))
)


@given(TEXTS, st.none() | LINES)
def test_blocks_are_stripped_in_order_and_apart(text: str, title: str | None) -> None:
    end = 0
    for block in plain_blocks(text, title):
        assert end <= block.span.start < block.span.end
        words = text[slice(*block.span)]
        assert words == words.strip()
        end = block.span.end


@given(TEXTS, st.none() | LINES)
def test_text_with_words_always_has_paragraphs(text: str, title: str | None) -> None:
    if re.search(r"\w", text):
        assert outline(plain_blocks(text, title), title).sections


@given(TEXTS)
def test_only_captions_and_markers_are_left_out(text: str) -> None:
    rest = text
    for block in reversed(plain_blocks(text)):
        rest = rest[: block.span.start] + "\n" + rest[block.span.end :]
    for line in re.split(r"[\r\n]+", rest):
        first = next((c for c in line if c.isalnum()), "3")
        assert first.islower() or not first.isalpha()

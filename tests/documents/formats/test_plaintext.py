"""Plain text: what looks like a heading, a caption, an item, and what does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.formats.plaintext import plain_blocks
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


def test_labels_nest_and_need_no_blank_line() -> None:
    text = (
        "COMMUNE\n\nArrêté sur les marchés\n\nPREMIÈRE PARTIE : OBJET\n\nArticle L. 2001-1\n\n"
        "Un.\n\nArticle L. 2001-2. – Durée\n\nDeux.\n\nSECONDE PARTIE\n\nArticle 3.\nTrois.\n"
        "Article 4\nQuatre, comme à\nArticle 5\n\nANNEXE B\n\nFin."
    )
    decree, first, second = "Arrêté sur les marchés", "PREMIÈRE PARTIE : OBJET", "SECONDE PARTIE"
    assert outline(plain_blocks(text)).title == "COMMUNE"
    assert read(text) == [
        ((decree, first, "Article L. 2001-1"), ["Un."]),
        ((decree, first, "Article L. 2001-2. – Durée"), ["Deux."]),
        ((decree, second, "Article 3."), ["Trois."]),
        ((decree, second, "Article 4"), ["Quatre, comme à\nArticle 5"]),
        ((decree, "ANNEXE B"), ["Fin."]),
    ]


@pytest.mark.parametrize(
    "label",
    ["Article premier", "Article 12 bis", "Art. 12", "CHAPITRE II", "Titre III – Des lieux",
     "Section 4 : Objet", "Clause 7", "Schedule A", "Appendix 2 (plans)", "Article 9 Objet"],
)  # fmt: skip
def test_labels(label: str) -> None:
    text = f"Article 1\n\nUn.\n\n{label}\n\nDeux."
    assert read(text)[1][0][-1] == label


@pytest.mark.parametrize("line", ["Article 12 dit que", "Partie de pêche", "Section générale"])
def test_words_that_are_no_label(line: str) -> None:
    assert read(f"{line}\nle texte va.\n\nFin.") == [((), [f"{line}\nle texte va.", "Fin."])]


def test_a_table_of_contents_is_text() -> None:
    contents = ["Sommaire", "Article 1", "Article 2", "Article 3"]
    text = "\n\n".join([*contents, "Article 1", "Un.", "Article 2", "Deux."])
    assert read(text) == [
        ((), contents),
        (("Article 1",), ["Un."]),
        (("Article 2",), ["Deux."]),
    ]


def test_capitals_head_the_paragraph_below_them() -> None:
    text = "Texte.\n\nHORAIRES D'ÉTÉ\nDe 8 h à 20 h.\n\nNOTE :\nRien.\n\nUN DEUX\nTROIS"
    assert read(text) == [
        ((), ["Texte."]),
        (("HORAIRES D'ÉTÉ",), ["De 8 h à 20 h.", "NOTE :\nRien.", "UN DEUX\nTROIS"]),
    ]


def asking(text: str) -> list[str]:
    return [text[slice(*b.span)] for b in plain_blocks(text) if b.question]


BIN = "La collecte a lieu le mardi, sauf les jours fériés. Le bac est sorti avant 7 h."
FINE = "Quiconque contrevient au présent règlement est passible d'une amende de 200 $ et des frais."


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_numbered_paragraphs_that_carry_a_text_are_clauses(between: str) -> None:
    clauses = between.join([f"1. {BIN}", f"2. {FINE}", "3. Il entre en vigueur ce jour."])
    assert read(f"RÈGLEMENT 2023-14\n\n{clauses}\n\nAdopté à Lévis.\n") == [
        (("1.",), [BIN]),
        (("2.",), [FINE]),
        (("3.",), ["Il entre en vigueur ce jour.", "Adopté à Lévis."]),
    ]


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_numbered_titles_and_paragraphs_are_clauses_of_one_level(between: str) -> None:
    contents = "1. Bacs\n2. Amendes\n3. Fin\n\n"
    clauses = f"1. Bacs{between}{BIN}\n\n2. {FINE}\n\n3. Fin{between}Ce jour : {BIN}\n"
    assert read(f"RÈGLEMENT 2023-14\n\n{contents}CHAPITRE I\n\n{clauses}\nCHAPITRE II\n\nZ.")[
        1:
    ] == [
        (("CHAPITRE I", "1. Bacs"), [BIN]),
        (("CHAPITRE I", "2."), [FINE]),
        (("CHAPITRE I", "3. Fin"), [f"Ce jour : {BIN}"]),
        (("CHAPITRE II",), ["Z."]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"Il faut :\n\n1. {BIN}\n2. {FINE}\n3. {FINE}",
        "Le pain.\n\n1. Mélanger le tout.\n2. Attendre une heure.\n3. Cuire dix minutes.",
        f"Le pain.\n\n1. {BIN}\n2. {FINE}",
        f"Le pain.\n\n1. {BIN}\n3. {FINE}\n4. {FINE}",
        f"{LONG * 3}\n\n1. {BIN}\n2. {FINE}\n3. {FINE}",
        f"Le pain.\n\n1. le four {BIN}\n2. la pâte {FINE}\n3. le sel {FINE}",
    ],
)
def test_lists_stay_lists(text: str) -> None:
    assert [block.heading for block in plain_blocks(text, "T")] == [None] * len(
        re.findall("^.", text, re.M)
    )


def test_two_questions_alone_on_their_lines_head_what_follows() -> None:
    text = "Titre\n\nOù ?\n\nIci, dans la salle.\n\nQuand ?\nDemain, dans la salle.\nOui."
    assert asking(text) == ["Où ?", "Quand ?"]


def test_a_numbered_question_heads_its_item() -> None:
    text = "Titre\n\n1. Où donc ?\nIci, dans la salle.\n2. Quand ?\nDemain, dans la salle."
    assert read(text) == [
        (("Où donc ?",), ["Ici, dans la salle."]),
        (("Quand ?",), ["Demain, dans la salle."]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Texte.\n\nEt alors ?\n\nRien.",
        "— Oui ?\n\n— Non.\n\n« Quoi ? »\n\n— Rien ?\n\nFin.",
        "Vous demandez pourquoi ?\nnous aussi.\n\nVous demandez comment ?\nnous aussi.",
        "\n\n".join(["Un ?", *["Texte."] * 20, "Deux ?", "Fin."]),
    ],
)
def test_questions_in_prose_head_nothing(text: str) -> None:
    assert asking(text) == []


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
        "Article",
        "QUOI",
        "?",
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


@pytest.mark.parametrize(
    "label",
    [
        *("Article L. 1234-5", "Article LO 123-4", "Art. R*. 5.", "Article C-12", "Art. 5", "§ 3"),
        *("§ 3.", "Annexe II", "ANNEXE B", "Section 4.2", "Sec. 3", "Schedule 1", "Chap. IV"),
        *("Rule 12", "Regulation 5 :", "Paragraphe 2"),
    ],
)
def test_a_label_alone_on_its_line_is_a_heading(label: str) -> None:
    text = f"Le bail dure trois ans.\n\n{label}\nLe préavis est de deux mois.\n"
    assert [b.heading for b in plain_blocks(text)] == [None, label, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Avis.\n\nReçu :\n\nARTICLE 12 LIT\n\nARTICLE 14 BANC\n\nLe prix suit.\n",
         [((), ["Avis.", "Reçu :", "ARTICLE 12 LIT", "ARTICLE 14 BANC", "Le prix suit."])]),
        ("Avis.\n\nReçu :\nARTICLE 12\nARTICLE 14\nLe prix suit.\n",
         [((), ["Avis.", "Reçu :\nARTICLE 12\nARTICLE 14\nLe prix suit."])]),
        ("Avis.\n\nPlan :\n\nARTICLE 1 LIT\n\nARTICLE 2 BANC\n\nARTICLE 1 LIT\n\nLe prix suit.\n",
         [((), ["Avis.", "Plan :", "ARTICLE 1 LIT", "ARTICLE 2 BANC"]),
          (("ARTICLE 1 LIT",), ["Le prix suit."])]),
        ("Avis.\n\nIl décide :\n\nARTICLE 1\n\nLe prix est fixé.\n",
         [((), ["Avis.", "Il décide :"]), (("ARTICLE 1",), ["Le prix est fixé."])]),
        ("Avis.\n\nIl décide :\n\nTITRE I\n\nARTICLE 1\n\nLe prix est fixé.\n",
         [((), ["Avis.", "Il décide :"]), (("TITRE I", "ARTICLE 1"), ["Le prix est fixé."])]),
    ],
)  # fmt: skip
def test_labels_in_a_list_are_text(text: str, expected: Found) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "heading",
    [
        "Article 3 - Board", "ARTICLE 12 : Cotisations", "Article premier", "Section 4. Fees",
        "Chapitre II – De la durée", "TITRE III", "3.2 Délais", "3.2. Délais de paiement",
        "Article 1er. – Objet", "ARTICLE 1ER – OBJET", "Article trois",
        "Article vingt-deux : Bureau", "Article troisième",
        "Chapter One – Scope", "Section twelve: Refunds", "Art. 7 — Dissolution", "§ 4. Haftung",
        "Article 3 – Qui peut voter ?", "10.4.1 Pénalités", "Annexe B : Tarifs",
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["Le bail dure trois ans.\n\n", "Le bail dure trois ans.\n"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_labelled_heading_needs_no_blank_line(heading: str, before: str, between: str) -> None:
    text = f"{before}{heading}{between}Le préavis est de deux mois,\nsauf accord des parties.\n"
    assert read(text) == [
        ((), ["Le bail dure trois ans."]),
        ((heading,), ["Le préavis est de deux mois,\nsauf accord des parties."]),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "Article 3 applies to all members.\nIt is a rule.",
        "Article 3 - Members pay a fee, as the\nboard decides.",
        "Section 4. Fees are due in May and\nJune of each year.",
        "La règle est dite dans l'\nArticle 3 - Bureau\nElle est claire.",
        "On voit à l'article 2 et à\nArticle 3 : Bureau\nque la règle est claire.",
        "3.2 millions de personnes\nhabitent ici.",
        "3.2 Millions de personnes\nhabitent ici.",
        "Article 1 - Objet\nArticle 2 - Bureau\nArticle 3 - Cotisations",
        "1.1 Objet\n1.2 Bureau\n1.3 Cotisations",
        "Article 1 - Objet ......... 3\nLe reste suit.",
        "Partie de pêche\nLe poisson mord.",
        "Section : sport\nLe club joue.",
    ],
)
def test_labels_within_prose_and_lists_head_nothing(lines: str) -> None:
    text = f"Le bail dure trois ans.\n\n{lines}\n\nFin."
    assert [block.heading for block in plain_blocks(text)] == [None] * 3


def test_items_under_a_label_stay_items() -> None:
    text = "Courses.\n\n1. du pain\n2. du lait\n\nArticle 3 - Achats\n- du pain\n- du lait\n"
    assert read(text) == [
        ((), ["Courses.", "1. du pain", "2. du lait"]),
        (("Article 3 - Achats",), ["- du pain", "- du lait"]),
    ]


def test_labels_follow_a_title_and_items_without_a_blank_line() -> None:
    text = "Statuts du club\nArticle 1 : Objet\n- la natation\n- le ski\nArticle 2 : Siège\nÀ Lyon."
    assert outline(plain_blocks(text)).title == "Statuts du club"
    assert read(text) == [
        (("Article 1 : Objet",), ["- la natation", "- le ski"]),
        (("Article 2 : Siège",), ["À Lyon."]),
    ]


def test_labels_that_lead_text_on_their_line_head_it() -> None:
    text = (
        "Statuts.\n\nTITRE III\nDES BIENS\nArt. 1. Le club est ouvert.\nIl est gai.\n"
        "Art. 2 - La cotisation\nest de 30 euros.\n\nArt. 3 : Il dure.\n"
    )
    above = ("TITRE III", "DES BIENS")
    assert read(text)[1:] == [
        ((*above, "Art. 1"), ["Le club est ouvert.\nIl est gai."]),
        ((*above, "Art. 2"), ["La cotisation\nest de 30 euros."]),
        ((*above, "Art. 3"), ["Il dure."]),
    ]
    assert read("Il pleut.\n\nArt. 1. Le club est ouvert.\n") == [
        ((), ["Il pleut.", "Art. 1. Le club est ouvert."])
    ]

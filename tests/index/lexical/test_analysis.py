"""Spelling habits give the same terms."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.lexical.analysis import analyse, is_over, of_context, of_question, prefixes, words
from index.lexical.lexical_index import LexicalIndex


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        (
            ["L’équipe", "l'equipe", "L'ÉQUIPE", unicodedata.normalize("NFD", "l’équipe")],
            ["equipe"],
        ),
        (["1 500", "1\u00a0500", "1\u202f500", "1500", "1,500", "1.500"], ["1500"]),
        (["12 345 678"], ["12345678"]),
        (["en 2025 500 pages"], ["en", "2025", "500", "pages"]),
        (["chercheur·euse·s", "chercheur(e)s", "chercheur"], ["chercheur"]),
        (["œuvre", "oeuvre", "ŒUVRE"], ["oeuvre"]),
        (["Mila's", "Mila’s", "mila"], ["mila"]),
        (["« hub »", "“hub”", "hub"], ["hub"]),
        (["Canada-Allemagne", "Canada–Allemagne"], ["canada", "allemagne"]),
        (["qu'il", "qu’il"], ["il"]),
        (["inter-\nnational", "inter\u2010\r\n  national"], ["inter", "national", "international"]),
        (["inter\u00adnational", "inter\u00ad\nnational"], ["international"]),
        (["12-\n13", "12 -\n 13"], ["12", "13"]),
        (["", " \u00a0", "?!…"], []),
    ],
)
def test_words(spellings: list[str], expected: list[str]) -> None:
    assert [words(s) for s in spellings] == [expected] * len(spellings)


@pytest.mark.parametrize(
    ("spellings", "label"),
    [
        (["Article 14", "l'art. 14", "l’article n° 14", "ARTICLE 14. Objet"], "14article"),
        (["Article premier", "art. 1er", "Article 1", "article I"], "1article"),
        (["Chapitre IV", "chapter 4", "Chap. IV"], "4chapter"),
        (["annexe B", "l’Annexe b", "Appendix B", "annex B"], "bannex"),
        (["Article L. 2001-14", "art. L 2001-14", "article L2001-14"], "l2001-14article"),
        (["Article trois", "l'art. trois", "article n° trois", "Article troisième"], "3article"),
        (["chapitre vingt et un", "Chapter Twenty-One", "chap. XXI"], "21chapter"),
        (["l'article un du bail", "Article One"], "1article"),
        (["section quatre-vingt-dix", "section nonante", "section ninety"], "90section"),
        (["section 4.2", "Sect. 4.2"], "4.2section"),
    ],
)
def test_a_label_with_its_number_is_a_word_of_its_own(spellings: list[str], label: str) -> None:
    assert [label in words(s) for s in spellings] == [True] * len(spellings)
    assert all(label in prefixes(s) for s in spellings if label[0].isdigit())


@pytest.mark.parametrize(
    "spellings",
    [
        ["quatre-vingt-dix jours", "quatre vingt dix jours", "nonante jours", "90 jours"],
        ["quatre-vingts jours", "huitante jours", "octante jours", "80 jours"],
        ["septante et un jours", "soixante-et-onze jours", "soixante et onze jours", "71 jours"],
        ["deux cents jours", "deux-cents jours", "200 jours"],
        ["deux mille jours", "2 000 jours", "two thousand jours"],
        ["trente-quatre euros cinquante", "34 euros 50", "34 euros cinquante"],
        ["twenty-five", "twenty five", "25", "vingt-cinq"],
    ],
)
def test_numbers_in_letters_are_as_those_in_digits(spellings: list[str]) -> None:
    for analysed in (lambda text: analyse(text, "fr"), prefixes):
        assert len({tuple(analysed(text)) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("le 12 mars 2024", {"2024-03-12"}),
        ("le 12\xa0MARS 2024", {"2024-03-12"}),
        ("12/03/2024", {"2024-03-12"}),
        ("12.3.2024 et 12-03-2024", {"2024-03-12"}),
        ("2024-03-12, 2024/3/12", {"2024-03-12"}),
        ("1er août 2024", {"2024-08-01"}),
        ("1er aou\u0302t 2024", {"2024-08-01"}),
        ("25/12/2024", {"2024-12-25"}),
        ("12/25/2024", {"2024-12-25"}),
        ("31/02/2024, 30 février 2024", set()),
        ("mars 2024, 12 mars", set()),
        ("v. 1.2.2024.5 ou 10/12/03/2024", set()),
    ],
)
def test_days_are_one_term_however_they_are_written(text: str, days: set[str]) -> None:
    iso = re.compile(r"\d{4}-\d\d-\d\d")
    assert {term for term in analyse(text, "fr") if iso.fullmatch(term)} == days
    assert analyse(text, "fr").count("2024-03-12") <= 1


def test_the_month_or_the_day_may_come_first_where_the_language_does_not_tell() -> None:
    both, one = {"2024-03-12", "2024-12-03"}, {"2024-12-25"}
    assert both <= {*analyse("12/03/2024", "en")} & {*prefixes("12/03/2024")}
    assert "2024-12-03" not in analyse("12/03/2024", "fr")
    assert one <= {*analyse("12/25/2024", "en")} & {*analyse("25/12/2024", "en")}
    assert "2024-03-12" in {*analyse("March 12, 2024", "en")} & {*analyse("12th March 2024", "en")}


@pytest.mark.parametrize("asked", ["12/03/2024", "le 12 mars 2024", "2024-03-12", "March 12, 2024"])
def test_a_day_is_found_however_it_is_written(asked: str) -> None:
    texts = ("Séance du 12 mars 2024", "Séance du 3/12/2024", "Séance du 2024-03-21", "12 03 24")
    index = LexicalIndex.of(texts, ["fr"] * 4)
    assert index.query(asked, "fr").best(1).tolist() == [0]
    assert 0 in index.query(asked, "en").best(2)


@pytest.mark.parametrize("text", ["un", "une", "one", "un chat, one cat"])
def test_one_by_itself_is_no_number(text: str) -> None:
    assert not any(term[0].isdigit() for term in [*analyse(text, "und"), *prefixes(text)])


@pytest.mark.parametrize(
    "text",
    ["le troisième article", "the third article", "3e article", "the 3rd article", "article trois"],
)
def test_an_article_is_counted_before_and_behind(text: str) -> None:
    assert "3article" in prefixes(text)
    assert "3article" in analyse(text, "und")


@pytest.mark.parametrize(
    "text",
    [
        "un article peu long",
        "un article un peu long",
        "article une autre fois",
        "14, rue des Articles",
        "un livre à rendre",
        "la partie d'hier",
        "room service",
        "part of it",
    ],
)
def test_not_every_word_after_a_label_is_its_number(text: str) -> None:
    assert not [w for w in words(text) if re.fullmatch("\\w+(article|book|part|room)", w)]


def over(text: str) -> set[str]:
    """Return the labels that a question asks for above all, whatever the analysis."""
    every = [analyse(text, code) for code in ("fr", "en", "und")] + [prefixes(text)]
    return {term[:-1] for terms in every for term in of_question(terms) if is_over(term)}


@pytest.mark.parametrize(
    "text",
    [
        "Où est le local 12 ?", "le bureau 4", "room 12", "la salle 12", "page 3", "figure 2",
        "tableau 4", "le lot 12", "office 4", "une pièce de 50mm", "la 2nde fois", "le 12 mars",
        "chambre 12", "1984kg", "24h",
    ],
)  # fmt: skip
def test_places_and_measures_are_no_labels_of_articles(text: str) -> None:
    assert over(text) == set()
    assert of_context(analyse(text, "fr")) == analyse(text, "fr")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("article 12", "12"), ("l'art. 12", "12"), ("section 4", "4"), ("sect. 4.2", "4.2"),
        ("chapitre IV", "4"), ("chapter 4", "4"), ("la partie 2", "2"), ("clause 9", "9"),
        ("titre III", "3"), ("paragraphe 3", "3"), ("étape 3", "3"), ("annexe 2", "2"),
        ("rule 7", "7"), ("volume 2", "2"), ("le troisième article", "3"),
        ("le local 4 selon l'article 12", "12"),
    ],
)  # fmt: skip
def test_labels_of_articles_and_the_like_are_asked_for_above_all(text: str, number: str) -> None:
    assert {re.sub("[a-z]+$", "", label) for label in over(text)} == {number}
    assert set(of_context(prefixes(text))) > set(prefixes(text))


def test_stems_are_of_the_language() -> None:
    assert analyse("Les chercheuses nationales", "fr") == analyse("chercheuse nationale", "fr")
    assert analyse("The national researchers", "en") == analyse("national researcher", "en")
    assert analyse("nationales", "und") == ["nationales"]


def test_stop_words_are_of_the_language() -> None:
    assert analyse("Où est le chat ?", "fr") == ["chat"]
    assert analyse("Where is the cat?", "en") == ["cat"]
    assert analyse("the", "fr") == ["the"]


def test_prefixes_are_shared_across_languages() -> None:
    assert (
        prefixes("directrice scientifique") == prefixes("director, scientific") == ["dire", "scie"]
    )
    assert prefixes("1 500 personnes, l'IA") == ["1500", "pers"]
    assert prefixes("the le where où") == []


@given(st.text())
@example("℠")
def test_any_text_has_terms_without_accents_or_capitals(text: str) -> None:
    for word in words(text):
        assert word == word.casefold()
        assert not any(map(unicodedata.combining, word))


def test_a_label_over_a_passage_counts_more_than_one_in_a_text() -> None:
    titles = ("Article 1 - Objet", "Article 2 - Dates", "Article 3 - Amendes")
    texts = (
        "Le règlement vise les abris et leurs toits.",
        "Il est permis du 15 octobre au 30 avril.",
        "Qui contrevient à l'article 2 sur les abris paie 100 $.",
    )
    index = LexicalIndex.of(texts, ["fr"] * 3, [[title] for title in titles])
    for question in ("Que dit l'article 2 sur les abris ?", "que dit l'article deux des abris"):
        assert index.query(question, "fr").best(1).tolist() == [1]
    bare = LexicalIndex.of(texts, ["fr"] * 3)
    assert bare.query("Que dit l'article 2 ?", "fr").best(1).tolist() == [2]
    assert bare.query("article 2", "fr").at(np.arange(3)).max() > 0.3

"""Chunking: slices, in order, of everything, within the budget."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.chunking import ChunkSettings, CountTokens, chunk
from documents.formats.plaintext import plain_blocks
from documents.structure import outline
from documents.types import Document, Passage, Section, Span, checksum
from documents.wording.sentences import sentences


def document_of(text: str, sections: tuple[Section, ...] | None = None) -> Document:
    found = outline(plain_blocks(text), None).sections if sections is None else sections
    return Document("doc", "Doc", "fr", text, found, None, checksum(text))


def characters(texts: list[str]) -> list[int]:
    return [len(text) for text in texts]


def words(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def subwords(texts: list[str]) -> list[int]:
    """One token for every four code points, and two special ones."""
    return [2 + len(text) // 4 for text in texts]


def cut(text: str, budget: int, *, overlap: int = 0, count: CountTokens = words) -> list[str]:
    return [p.text for p in chunk(document_of(text), count, ChunkSettings(budget, overlap))]


def test_passage_says_where_it_stands() -> None:
    text = "Texte.\n\nPartie\n\nUn deux trois. Quatre."
    assert chunk(document_of(text), words, ChunkSettings(4)) == [
        Passage("doc#0-6", "doc", 0, 6, "Texte.", (), "fr", (), ("Doc",)),
        Passage(
            id="doc#16-38",
            document_id="doc",
            start=16,
            end=38,
            text="Un deux trois. Quatre.",
            section=("Partie",),
            language="fr",
            context=("Doc", "Partie"),
        ),
    ]


def test_paragraph_within_the_budget_is_whole() -> None:
    text = "Un deux trois. Quatre cinq.\n\nSix sept huit. Neuf."
    assert cut(text, 5) == text.split("\n\n")


def test_long_paragraph_is_cut_evenly_between_sentences() -> None:
    text = "Un deux. Trois quatre. Cinq six. Sept huit."
    assert cut(text, 10) == [text]
    # Seven words and the space between them fit, but three and one would be uneven.
    assert cut(text, 8) == [text]
    assert cut(text, 7) == ["Un deux. Trois quatre.", "Cinq six. Sept huit."]


def test_overlap_repeats_sentences() -> None:
    one, two, three, four = "Un a b.", "Deux a b.", "Trois a b.", "Quatre a b."
    text = f"{one} {two} {three} {four}"
    assert cut(text, 11) == [f"{one} {two}", f"{three} {four}"]
    assert cut(text, 11, overlap=1) == [f"{one} {two}", f"{two} {three} {four}"]
    assert cut(text, 10, overlap=1) == [f"{one} {two}", f"{three} {four}"]


def test_long_sentence_is_halved_at_spaces() -> None:
    assert cut("un deux trois quatre cinq six", 3) == ["un deux trois", "quatre cinq six"]


def test_long_word_is_cut_anywhere() -> None:
    assert cut("abcdefgh", 3, count=characters) == ["ab", "cd", "ef", "gh"]
    assert cut("a", 1, count=subwords) == ["a"]


def test_short_neighbours_are_joined_within_a_third_of_the_budget() -> None:
    text = "• Un.\n• Deux.\n• Trois.\n• Quatre cinq six sept."
    assert cut(text, 15) == ["• Un.\n• Deux.", "• Trois.", "• Quatre cinq six sept."]


def test_paragraph_that_introduces_is_joined_with_the_next() -> None:
    text = "Pourquoi ?\n\nUn deux trois quatre cinq.\n\nSix sept huit neuf dix."
    question, answer, rest = text.split("\n\n")
    assert cut(text, 9) == [f"{question}\n\n{answer}", rest]
    assert cut(text, 8) == [question, answer, rest]


def test_nothing_is_joined_over_a_caption() -> None:
    sections = (Section((), (Span(0, 1), Span(7, 8))),)
    passages = chunk(document_of("A\n\n[b]\nC", sections), words, ChunkSettings(90))
    assert [p.text for p in passages] == ["A", "C"]


def test_paragraphs_of_two_pages_are_not_joined() -> None:
    text = "Un.\n\nDeux trois.\n\nQuatre."
    # The second page starts within the second paragraph.
    document = replace(document_of(text), pages=(0, text.index("trois")))
    found = [p.text for p in chunk(document, words, ChunkSettings(30))]
    assert found == ["Un.\n\nDeux trois.", "Quatre."]


def test_tokens_are_counted_once_for_a_document_of_short_paragraphs() -> None:
    calls: list[list[str]] = []

    def count(texts: list[str]) -> list[int]:
        calls.append(texts)
        return words(texts)

    chunk(document_of("Un.\n\nPartie\n\nDeux."), count, ChunkSettings())
    assert calls == [["Un.", "Deux."]]
    assert chunk(document_of("", ()), count, ChunkSettings()) == []


@pytest.mark.parametrize(("budget", "overlap"), [(0, 0), (1, -1)])
def test_impossible_settings(budget: int, overlap: int) -> None:
    with pytest.raises(ValueError, match=f"budget={budget}, overlap={overlap}"):
        ChunkSettings(budget, overlap)


SENTENCES = st.lists(
    st.sampled_from(["Oui.", "Un deux trois !", "« Quoi ? » dit-il.", "M. Roy part ;", "mot" * 9]),
    min_size=1,
    max_size=9,
).map(" ".join)
LINES = SENTENCES | st.sampled_from(["Partie", "3d map", "• Un", "— Oui ?", "1. Titre", "😀"])
TEXTS = st.lists(LINES | st.text(max_size=20), max_size=9).map("\n\n".join)
COUNTERS = st.sampled_from([characters, words, subwords])
BUDGETS = st.integers(1, 60)


@given(TEXTS, COUNTERS, BUDGETS, st.integers(0, 2))
def test_passages_are_slices_within_the_budget(
    text: str, count: CountTokens, budget: int, overlap: int
) -> None:
    for passage in chunk(document_of(text), count, ChunkSettings(budget, overlap)):
        assert text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.id == f"doc#{passage.start}-{passage.end}"
        assert count([passage.text])[0] <= budget or len(passage.text) == 1


@given(TEXTS, COUNTERS, BUDGETS)
def test_passages_hold_all_paragraphs_and_nothing_else(
    text: str, count: CountTokens, budget: int
) -> None:
    document = document_of(text)
    passages = chunk(document, count, ChunkSettings(budget))
    assert all(a.end <= b.start for a, b in pairwise(passages))
    read = {i for s in document.sections for p in s.paragraphs for i in range(*p)}
    held = {i for p in passages for i in range(p.start, p.end)}
    assert all(text[i].isspace() for i in read ^ held)


@given(TEXTS, COUNTERS, BUDGETS, st.integers(0, 2))
def test_passages_stay_in_their_section(
    text: str, count: CountTokens, budget: int, overlap: int
) -> None:
    document = document_of(text)
    passages = iter(chunk(document, count, ChunkSettings(budget, overlap)))
    for section in document.sections:
        end = section.paragraphs[-1].end
        for passage in passages:
            assert section.paragraphs[0].start <= passage.start < passage.end <= end
            assert passage.section == section.path
            if passage.end == end:
                break
    assert next(passages, None) is None


@given(TEXTS, COUNTERS, BUDGETS, st.integers(0, 2))
def test_sentences_and_paragraphs_that_fit_are_whole(
    text: str, count: CountTokens, budget: int, overlap: int
) -> None:
    document = document_of(text)
    passages = chunk(document, count, ChunkSettings(budget, overlap))
    paragraphs = [p for s in document.sections for p in s.paragraphs]
    whole = [
        Span(p.start + s.start, p.start + s.end)
        for p in paragraphs
        for s in sentences(text[slice(*p)], document.language)
    ]
    for span in [*whole, *paragraphs]:
        if count([text[slice(*span)]])[0] <= budget:
            assert any(p.start <= span.start and span.end <= p.end for p in passages)


@given(TEXTS, BUDGETS, st.integers(1, 3))
def test_overlap_changes_no_end_and_moves_on(text: str, budget: int, overlap: int) -> None:
    document = document_of(text)
    apart = chunk(document, words, ChunkSettings(budget))
    shared = chunk(document, words, ChunkSettings(budget, overlap))
    assert [p.end for p in shared] == [p.end for p in apart]
    assert all(a.start < b.start for a, b in pairwise(shared))


def led(text: str, budget: int) -> list[tuple[str, list[str]]]:
    document = document_of(text)
    passages = chunk(document, words, ChunkSettings(budget))
    return [(p.text, [text[slice(*lead)] for lead in p.leads]) for p in passages]


def test_items_are_led_by_the_line_that_introduces_their_list() -> None:
    text = "Pour entrer :\n• Une carte.\n• Une photo.\n• Un timbre et un stylo.\n\nFin du texte."
    assert led(text, 9) == [
        ("Pour entrer :\n• Une carte.", []),
        ("• Une photo.", ["Pour entrer :"]),
        ("• Un timbre et un stylo.", ["Pour entrer :"]),
        ("Fin du texte.", []),
    ]


def test_an_item_leads_only_the_items_further_indented() -> None:
    text = "• Un a b :\n  • Deux a b c.\n  • Trois a b c d.\n• Quatre a b c d."
    assert led(text, 9) == [
        ("• Un a b :", []),
        ("• Deux a b c.", ["• Un a b :"]),
        ("• Trois a b c d.", ["• Un a b :"]),
        ("• Quatre a b c d.", []),
    ]


def test_an_open_line_leads_the_list_below_it_and_is_apart_from_the_list_above() -> None:
    lines = ["À lire :", "• Un.", "• Deux a b.", "Matériel", "• Corde.", "• Casque a b c.", "Fin."]
    text = "\n\n".join(lines)
    spans = tuple(Span(text.index(line), text.index(line) + len(line)) for line in lines)
    document = document_of(text, (Section(("S",), spans),))
    passages = chunk(document, words, ChunkSettings(9))
    assert [(p.text, p.context[2:]) for p in passages] == [
        ("À lire :\n\n• Un.", ()),
        ("• Deux a b.", ("À lire :",)),
        ("Matériel\n\n• Corde.", ()),
        ("• Casque a b c.", ("Matériel",)),
        ("Fin.", ()),
    ]
    assert [p.text for p in chunk(document, words, ChunkSettings(60))] == [
        "À lire :\n\n• Un.\n\n• Deux a b.",
        "Matériel\n\n• Corde.\n\n• Casque a b c.\n\nFin.",
    ]


def test_a_sentence_leads_no_list() -> None:
    assert led("On lit bien.\n\n• Un a b c.\n\n• Deux a b c.", 9)[-1][1] == []


def test_a_long_paragraph_leads_nothing() -> None:
    text = f"{'Mot ' * 90}:\n\n• Un a b c.\n\n• Deux a b c."
    assert [leads for _, leads in led(text, 9)][-2:] == [[], []]


def test_parts_of_a_table_are_led_by_its_header_and_caption() -> None:
    text = "Liste :\n\nTarifs\n\nA | B\na b | 1\nc d | 2\n\nFin."
    at = {
        w: Span(text.index(w), text.index(w) + len(w))
        for w in text.replace("\n\n", "\n").split("\n")
    }
    above = (at["Tarifs"],)
    below = (*above, at["A | B"])
    rows = tuple(at[w] for w in ("Liste :", "A | B", "a b | 1", "c d | 2", "Fin."))
    section = Section(("S",), rows, ((), above, below, below, ()))
    passages = chunk(document_of(text, (section,)), words, ChunkSettings(9))
    assert [(p.text, p.context) for p in passages] == [
        ("Liste :", ("Doc", "S")),
        ("A | B\na b | 1", ("Doc", "S", "Liste :", "Tarifs")),
        ("c d | 2", ("Doc", "S", "Liste :", "Tarifs", "A | B")),
        ("Fin.", ("Doc", "S")),
    ]

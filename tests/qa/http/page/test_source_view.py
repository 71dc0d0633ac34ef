"""A document laid out: each block where it stands, each range cut to the character."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.reading import read_document
from documents.types import Document, Span, checksum
from qa.http.page.source_view import PageBlock, TextRun, page_blocks, text_runs
from tests.fakes import FRENCH

MARKDOWN = """# Le titre

Un paragraphe.

## Une *section* ##

- Premier point,
- deuxième point.

1. Un, deux.

### Plus profond

Une fin.

![Une légende](image.png)
"""


def laid_out(document: Document) -> list[tuple[str, int, str]]:
    return [(b.kind, b.level, document.text[slice(*b.span)]) for b in page_blocks(document)]


def read(tmp_path: Path, text: str) -> Document:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    return read_document(tmp_path / "a.md")


def test_headings_paragraphs_and_what_is_neither() -> None:
    assert laid_out(FRENCH) == [
        ("heading", 3, "Les bêtes"),
        ("paragraph", 0, "Le chat dort près du roi."),
        ("paragraph", 0, "La mer est calme."),
        ("heading", 3, "Le repas"),
        ("paragraph", 0, "Le pain du roi : « du pain ! »"),
    ]


def test_markdown_keeps_its_text_without_the_marks_around(tmp_path: Path) -> None:
    found = laid_out(read(tmp_path, MARKDOWN))
    assert ("paragraph", 0, "Un paragraphe.") in found
    assert ("heading", 3, "Une *section*") in found
    assert ("heading", 4, "Plus profond") in found
    assert ("paragraph", 0, "1. Un, deux.") in found
    assert [kind for kind, _, text in found if "Une légende" in text] == ["paragraph"]
    assert not any(text == "Le titre" for _, _, text in found)


def test_questions_and_terms_are_headings(tmp_path: Path) -> None:
    text = "**Où ?**\n\nIci.\n\nQ : Quand ?\nR : Demain.\n\n**Qui ?**\n\n**Quoi ?**\n\nRien."
    found = [(kind, said) for kind, _, said in laid_out(read(tmp_path, text))]
    assert found == [
        ("heading", "Où ?"),
        ("paragraph", "Ici."),
        ("heading", "Q : Quand ?"),
        ("paragraph", "R : Demain."),
        ("heading", "Qui ?"),
        ("heading", "Quoi ?"),
        ("paragraph", "Rien."),
    ]


def test_blocks_stand_in_order_and_leave_no_word_out(tmp_path: Path) -> None:
    document = read(tmp_path, MARKDOWN)
    spans = [block.span for block in page_blocks(document)]
    assert all(a.end <= b.start for a, b in pairwise(spans))
    at = document.text.index("Le titre") + len("Le titre")
    left_out = ""
    for span in spans:
        left_out, at = left_out + document.text[at : span.start], span.end
    assert set(left_out) <= set("# \n")


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], [("Le chat",)]),
        ([Span(0, 12)], [("Le chat", "c=0-12", None)]),
        ([Span(2, 12)], [("Le chat", "c=2-12", "c=2-12")]),
        (
            [Span(0, 5), Span(6, 8)],
            [("Le ", "c=0-5", None), ("c",), ("ha", "c=6-8", "c=6-8"), ("t",)],
        ),
        ([Span(0, 2), Span(9, 12)], [("Le chat",)]),
    ],
)
def test_ranges_are_cut_out(ranges: list[Span], expected: list[tuple[str, ...]]) -> None:
    assert list(text_runs("# Le chat dort", Span(2, 9), ranges)) == [TextRun(*e) for e in expected]


@given(st.data())
def test_pieces_are_the_text_and_the_ranges(data: st.DataObject) -> None:
    text = data.draw(st.text(max_size=30))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    ranges = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    found = list(text_runs(text, span, ranges))
    assert "".join(p.text for p in found) == text[slice(*span)]
    marked = "".join(p.text for p in found if p.passage)
    assert marked == "".join(text[max(a, span.start) : min(b, span.end)] for a, b in ranges)


def test_a_document_without_a_paragraph_is_all_aside() -> None:
    text = "un\n\ndeux\n"
    document = Document("a", "A", "fr", text, (), None, checksum(text))
    assert list(page_blocks(document)) == [
        PageBlock("aside", Span(0, 2)),
        PageBlock("aside", Span(4, 8)),
    ]

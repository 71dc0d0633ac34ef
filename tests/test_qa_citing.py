"""Citations to paste, exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.citing import Cited
from qa.schemas import CitationOut

SITE = "https://qa.example"


def citation(**changes: object) -> CitationOut:
    fields = {
        "document_id": "notes/a_b", "title": "Le titre", "section": ["Un", "Deux"],
        "start": 3, "end": 12, "quote": "Le chat.\nIl dort.", "sha256": "0" * 64, "page": None,
        "url": "/documents/notes/a_b#c=3-12",
    }  # fmt: skip
    return CitationOut.model_validate({**fields, **changes})


def test_plain_text_follows_the_typography_of_the_language() -> None:
    assert Cited.of(citation(), SITE, "fr").plain == (
        "«\u00a0Le chat. Il dort.\u00a0» — Le titre, Un › Deux, caractères 3–12. "
        "https://qa.example/documents/notes/a_b#c=3-12"
    )
    assert Cited.of(citation(section=[]), SITE, "en").plain == (
        "“Le chat. Il dort.” — Le titre, characters 3–12. "
        "https://qa.example/documents/notes/a_b#c=3-12"
    )


def test_a_page_is_named_between_section_and_offsets() -> None:
    assert "Un › Deux, p.\u00a07, caractères 3–12." in Cited.of(citation(page=7), SITE, "fr").plain


def test_markdown_is_a_quotation_with_a_link() -> None:
    assert Cited.of(citation(), SITE, "en").markdown == (
        "> Le chat.\n> Il dort.\n>\n> — [Le titre](<https://qa.example/documents/notes/a_b#c=3-12>),"
        " Un › Deux, characters 3–12"
    )


def test_bibtex_is_an_entry() -> None:
    cited = Cited.of(citation(title="50 % & {plus}", quote="a_b \\ c~d^e"), SITE, "en")
    assert cited.bibtex == (
        "@misc{notes-a-b-3-12,\n"
        "  title = {{50 \\% \\& \\{plus\\}}},\n"
        "  note = {Un › Deux, characters 3–12},\n"
        "  annote = {a\\_b \\textbackslash{} c\\textasciitilde{}d\\textasciicircum{}e},\n"
        "  url = {https://qa.example/documents/notes/a_b#c=3-12}\n}"
    )


@pytest.mark.parametrize(
    "quote",
    ["# no heading", "- no list", "1. no list", "1) no list", "*no* _emphasis_ `code`",
     "<b>no</b> ![i](x) [l](y) &amp; ~~s~~", "no heading\n===", "| no | table |", "+ a\n--- b"],
)  # fmt: skip
def test_markdown_shows_the_quote_as_it_is(quote: str) -> None:
    markdown = Cited.of(citation(quote=quote), SITE, "en").markdown
    tokens = MarkdownIt().enable("strikethrough").parse(markdown)
    inline = next(t for t in tokens if t.type == "inline").children or []
    assert "".join("\n" if t.type == "softbreak" else t.content for t in inline) == quote
    assert [t.type for t in tokens[:2]] == ["blockquote_open", "paragraph_open"]


@given(st.text(alphabet="ab{}\\$&#%_~^ é\n", max_size=20))
def test_braces_of_bibtex_are_always_balanced(text: str) -> None:
    bibtex = Cited.of(citation(title=text, quote=text, section=[text]), SITE, "fr").bibtex
    bare = bibtex.replace("\\{", "").replace("\\}", "")
    assert bare.count("{") == bare.count("}")

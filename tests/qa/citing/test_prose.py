"""Citations for people, exactly."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from documents.types import checksum
from qa.citing.prose import markdown, plain
from tests.qa.citing.citations import PROPERTIES, TEXT, URL, reference

DIGEST = checksum(TEXT)


def test_plain_text_follows_the_typography_of_the_language() -> None:
    assert plain(reference("fr"), "fr") == (
        "«\u00a0Le chat. Il dort.\u00a0» — Le titre, Un › Deux, caractères 4–21. "
        f"{URL} (SHA-256\u00a0: {DIGEST})"
    )
    assert plain(reference("en", section=[]), "en") == (
        f"“Le chat. Il dort.” — Le titre, characters 4–21. {URL} (SHA-256: {DIGEST})"
    )


def test_authors_come_first_publisher_and_date_after_the_title() -> None:
    cited = reference("en", PROPERTIES)
    assert "— Dupont, Zoé, R & D, Le titre, Mila, 2025-01-31, Un › Deux, ch" in plain(cited, "en")
    assert f"— Dupont, Zoé, R \\& D, [Le titre](<{URL}>), Mila, 2025" in markdown(cited, "en")


@pytest.mark.parametrize(
    ("known", "date", "year"),
    [({"date": ("demain",), "year": ("2024",)}, "2024", "2024"), ({"year": ("vers 2024",)}, "", ""),
     ({"date": ("2025-01",)}, "2025-01", "2025"), ({"modified": ("2025",)}, "", "")],
)  # fmt: skip
def test_a_date_is_one_that_can_be_understood(
    known: dict[str, tuple[str, ...]], date: str, year: str
) -> None:
    cited = reference("en", known)
    assert (cited.date, cited.year) == (date, year)


def test_a_page_is_named_between_section_and_offsets() -> None:
    assert "Un › Deux, p.\u00a07, caractères 4–21." in plain(reference("fr", page=7), "fr")


def test_markdown_is_a_quotation_with_a_link() -> None:
    assert markdown(reference("en"), "en") == (
        f"> Le chat.\n> Il dort.\n>\n> — [Le titre](<{URL}>),"
        f" Un › Deux, characters 4–21 (SHA-256: `{DIGEST}`)"
    )


@pytest.mark.parametrize(
    "quote",
    ["# no heading", "- no list", "1. no list", "1) no list", "*no* _emphasis_ `code`",
     "<b>no</b> ![i](x) [l](y) &amp; ~~s~~", "no heading\n===", "| no | table |", "+ a\n--- b"],
)  # fmt: skip
def test_markdown_shows_the_quote_as_it_is(quote: str) -> None:
    tokens = MarkdownIt().enable("strikethrough").parse(markdown(reference(quote=quote), "en"))
    inline = next(t for t in tokens if t.type == "inline").children or []
    assert "".join("\n" if t.type == "softbreak" else t.content for t in inline) == quote
    assert [t.type for t in tokens[:2]] == ["blockquote_open", "paragraph_open"]

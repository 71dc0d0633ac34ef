"""The header of a file: what it may say, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import InvalidFrontMatter
from documents.frontmatter import FrontMatter, split_front_matter


def header_of(*content: str) -> FrontMatter:
    return split_front_matter("\n".join(["---", *content, "---", "Text."]), "a.md")[0]


def test_header_and_text_are_parted() -> None:
    text = '---\ntitle: "T"\npublisher: Mila\nyear: 2025\n---\n\nText.\n---\nMore.'
    assert split_front_matter(text, "a.md") == (FrontMatter("T"), "\nText.\n---\nMore.")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: L’IA canadienne : ponts", "L’IA canadienne : ponts"),
        ('title: "a \\"b\\" c\\\\d"  # comment', 'a "b" c\\d'),
        ("title: 'l''IA # 1'", "l'IA # 1"),
        ("title: plain # comment", "plain"),
        ("title: C#", "C#"),
        ("title:", None),
        ('title: ""', None),
    ],
)
def test_values(line: str, title: str | None) -> None:
    assert header_of(line).title == title


@pytest.mark.parametrize(
    ("value", "code"), [("fr", "fr"), ("EN", "en"), ("fr-CA", "fr"), ("en_GB", "en")]
)
def test_languages(value: str, code: str) -> None:
    assert header_of(f"language: {value}").language == code


def test_unknown_keys_are_passed_over_with_what_is_under_them() -> None:
    header = header_of("tags:", "  - a", "- b", "meta: {x: 1}", "", "# note", "title: T")
    assert header == FrontMatter("T")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (["title: T", "nonsense"], "a.md: line 3: 'nonsense' is not 'key: value'"),
        (["title: T", "  folded"], "a.md: line 3: '  folded' is not"),
        (["title: T", "title: U"], "a.md: line 3: 'title' is given twice"),
        (['title: "T'], "a.md: line 2: the quotes of '\"T' do not match"),
        (["title: 'T' U"], "a.md: line 2: the quotes"),
        (["language: de"], "a.md: line 2: language 'de' is not supported: write fr or en"),
        (["source_url: javascript:alert(1)"], "a.md: line 2: 'javascript:alert(1)' is no http"),
        (["source_url: http://[x"], "a.md: line 2: 'http://[x' is no http"),
        (["source_url: https:"], "a.md: line 2: 'https:' is no http"),
    ],
)
def test_header_that_cannot_be_understood(content: list[str], message: str) -> None:
    with pytest.raises(InvalidFrontMatter) as caught:
        header_of(*content)
    assert str(caught.value).startswith(message)


def test_header_that_is_not_closed() -> None:
    with pytest.raises(InvalidFrontMatter, match=r"a\.md: line 1: the header is not closed"):
        split_front_matter("---\ntitle: T\n\nText.", "a.md")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nText.",
        "---\nNote: read this.\n\nMore: of it.\n---\nText.",
        "---",
        "---\n---\n",
        "----\ntitle: T\n----\n",
        " ---\ntitle: T\n---\n",
        "Text.\n---\ntitle: T\n---\n",
        "",
    ],
)
def test_text_that_starts_with_a_rule_loses_nothing(text: str) -> None:
    assert split_front_matter(text, "a.md") == (FrontMatter(), text)


@given(st.text())
def test_text_after_the_header_is_verbatim(text: str) -> None:
    for ending in ("\n", "\r\n"):
        header = ending.join(["---", "title: T", "---", ""])
        assert split_front_matter(header + text, "a.md") == (FrontMatter("T"), text)

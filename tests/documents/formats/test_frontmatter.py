"""The header of a file: what it may say, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import InvalidFrontMatter
from documents.formats.frontmatter import FrontMatter, split_front_matter


def header_of(*content: str) -> FrontMatter:
    return split_front_matter("\n".join(["---", *content, "---", "Text."]), "a.md")[0]


def test_header_and_text_are_parted() -> None:
    text = '---\ntitle: "T"\npublisher: Mila\nyear: 2025\n---\n\nText.\n---\nMore.'
    said = (("publisher", ("Mila",)), ("year", ("2025",)))
    header = FrontMatter("T", properties=said)
    assert split_front_matter(text, "a.md") == (header, "\nText.\n---\nMore.")


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


@pytest.mark.parametrize(
    ("content", "title", "language"),
    [
        (["tags: [a, b]", "date: 2025-03-01"], None, None),
        (["lang: fr-CA", "layout: page"], None, "fr"),
        (["lang: de", "title: T"], "T", None),
        (["title: >-", "  Un titre", "  plié", "lang: en"], "Un titre plié", "en"),
    ],
)
def test_headers_of_other_programs(
    content: list[str], title: str | None, language: str | None
) -> None:
    header, rest = split_front_matter("\n".join(["---", *content, "---", "Texte."]), "a.md")
    assert (header.title, header.language, rest) == (title, language, "Texte.")


def test_headers_in_toml() -> None:
    text = '+++\ntitle = "Le quai"\nlanguage = "fr"\ntags = ["a"]\n[menu]\nx = 1\n+++\nTexte.'
    header = FrontMatter("Le quai", "fr", properties=(("tag", ("a",)),))
    assert split_front_matter(text, "a.md") == (header, "Texte.")
    for rule in ("+++\n\nTexte.\n+++\n", "+++\n+++\n", "+++\ntitle = 1\n"):
        assert split_front_matter(rule, "a.md") == (FrontMatter(), rule)


def test_other_keys_are_properties_and_what_is_nested_is_passed_over() -> None:
    header = header_of(
        "tags:", "  - a", "- b", "meta: {x: 1}", "deep:", "  x: 1", "", "# note", "title: T"
    )
    assert header == FrontMatter("T", properties=(("tag", ("a", "b")),))


@pytest.mark.parametrize(
    ("line", "properties"),
    [
        ("tags: [rh, \"paie, net\", 'l''été'] # c", ("tag", ("rh", "paie, net", "l'été"))),
        ("keywords: rh, paie", ("tag", ("rh", "paie"))),
        ("authors: Zoé Dupont; Jean, duc", ("author", ("Zoé Dupont", "Jean, duc"))),
        ("year: 2024 # c", ("year", ("2024",))),
        ("ref: 'A: 1'", ("ref", ("A: 1",))),
        ("date: 2024-03-02T10:00:00Z", ("date", ("2024-03-02",))),
        ("date: 31/01/2024", ("date", ("31/01/2024",))),
        ("path: ../../etc", ()),
        ("document: other", ()),
    ],
)
def test_properties(line: str, properties: tuple[str, tuple[str, ...]]) -> None:
    assert header_of("title: T", line).properties == ((properties,) if properties else ())


def test_a_usual_key_makes_a_header_only_where_all_lines_have_keys() -> None:
    assert header_of("tags: [rh]", "service: RH").properties == (
        ("service", ("RH",)), ("tag", ("rh",)),
    )  # fmt: skip
    text = "---\ndate: le 2 mars\nOn se retrouve à midi.\n---\nSuite."
    assert split_front_matter(text, "a.md") == (FrontMatter(), text)


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
        "---\ndate: of birth\nUn texte.\n---\nText.",
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

"""Markdown: every kind of block, under its headings, verbatim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.formats.markdown import markdown_blocks as blocks
from documents.structure import outline

Found = list[tuple[tuple[str, ...], list[str]]]


def read(text: str, title: str | None = None) -> Found:
    sections = outline(blocks(text), title).sections
    return [(s.path, [text[slice(*p)] for p in s.paragraphs]) for s in sections]


SOURCE = """\
Le *titre* &amp; `x`
===
![image](a.png)

Texte **gras**
sur deux lignes.

## Listes ##
- un
- deux

  suite
  - trois
1. quatre

> cité
> encore

### Reste
| a | b |
|---|---|
| 1 | 2 |

```py
code

fin
```

    retrait

<div>html</div>

[![badge](b.svg)](https://x.org)

[lien]: https://x.org
Un
mot
---
[lien] ![image](c.png)
"""


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_blocks_of_every_kind(ending: str) -> None:
    text = SOURCE.replace("\n", ending)
    expected: Found = [
        ((), ["Texte **gras**\nsur deux lignes."]),
        (
            ("Listes",),
            ["- un", "- deux", "suite", "- trois", "1. quatre", "> cité\n> encore"],
        ),
        (
            ("Listes", "Reste"),
            [
                "| a | b |\n|---|---|",
                "| 1 | 2 |",
                "```py\ncode\n\nfin\n```",
                "retrait",
                "html",
            ],
        ),
        (("Un mot",), ["[lien] ![image](c.png)"]),
    ]
    assert read(text) == [(path, [p.replace("\n", ending) for p in ps]) for path, ps in expected]
    assert outline(blocks(text)).title == "Le titre & x"


def test_rows_of_a_table_are_led_by_its_header() -> None:
    text = "> | a | b |\n> |---|---|\n> | 1 | 2 |\n> | 3 |\n\n| | |\n|-|-|\n| 5 | 6 |"
    found = [(text[slice(*b.span)], [text[slice(*s)] for s in b.leads]) for b in blocks(text)]
    assert found == [
        ("> | a | b |\n> |---|---|", []),
        ("> | 1 | 2 |", ["> | a | b |"]),
        ("> | 3 |", ["> | a | b |"]),
        ("| 5 | 6 |", []),
    ]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("**Pourquoi *vous* ?**", [True]),
        ("- __Pourquoi ?__", [True]),
        ("**Pourquoi\nvous ?**", [True]),
        ("**Pourquoi ?**\nParce que.", [True, False]),
        ("**Pourquoi ?**\\\nParce que.", [True, False]),
        ("**Pourquoi.**", [False]),
        ("**Vous ?** Oui. **Vous ?**", [False]),
        ("*Pourquoi ?*", [False]),
        ("Pourquoi ?", [False]),
    ],
)
def test_questions_in_bold(text: str, asks: list[bool]) -> None:
    assert [block.question for block in blocks(text)] == asks


def test_headings_in_lists_and_quotes_are_text() -> None:
    assert read("# T\n\n- # un\n\n> ## deux") == [((), ["- # un", "> ## deux"])]


def test_first_rule_is_no_header() -> None:
    assert read("---\n\nTexte.\n\n---\n\nSuite.") == [((), ["Texte.", "Suite."])]


def test_nothing_to_read() -> None:
    assert blocks("```\n\n```\n\n<!-- a -->\n\n![a](b)\n\n#\n\n-\n") == []


def test_pictures_that_say_what_they_show_are_text() -> None:
    shown = "![Le quai est au nord](a.png)"
    assert read(f"{shown}\n\n![plan.png](b)\n\n[![Build Status](c)](d)") == [((), [shown])]


def test_a_footnote_of_one_word_is_no_link() -> None:
    found = read("Qui ?[^1]\n\n[^1]: Kerlo\n[^2]: Lui aussi.\n\nFin.\n\n[a]: b\n[^1]: Encore")
    notes = ["[^1]: Kerlo", "[^2]: Lui aussi."]
    assert found == [((), ["Qui ?[^1]", *notes, "Fin.", "[^1]: Encore"])]


def test_code_that_is_not_closed() -> None:
    assert read("```\na") == [((), ["```\na"])]


def test_deep_quotes_are_not_lost() -> None:
    assert read(">" * 40 + " a") == [((), [">" * 40 + " a"])]


@given(st.text("#->*`|=!<[](): a1\n\r\té😀\u00a0\f", max_size=60))
def test_blocks_are_stripped_in_order_and_apart(text: str) -> None:
    end = 0
    for block in blocks(text):
        assert end <= block.span.start < block.span.end
        words = text[slice(*block.span)]
        assert words == words.strip()
        end = block.span.end


@given(st.text("# -*>`\n 1.a", max_size=40), st.sampled_from(["\r\n", "\r"]))
def test_line_endings_play_no_part(text: str, ending: str) -> None:
    found = [(b.level, b.heading) for b in blocks(text)]
    assert found == [(b.level, b.heading) for b in blocks(text.replace("\n", ending))]

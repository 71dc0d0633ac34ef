"""HTML inside of Markdown: its words are blocks, and each is a slice of the source."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.formats.markdown import markdown_blocks
from documents.questions import with_questions
from documents.structure import outline

Found = list[tuple[tuple[str, ...], list[str]]]


def read(text: str) -> Found:
    sections = outline(with_questions(text, markdown_blocks(text))).sections
    return [(s.path, [text[slice(*p)] for p in s.paragraphs]) for s in sections]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<div class='note'>Un <b>mot</b> &amp; deux.</div>", ["Un <b>mot</b> &amp; deux."]),
        ("<div>\n<p>a</p>\nb\n<p>c<br>d</p></div>", ["a", "b", "c<br>d"]),
        ("<!-- non\n\nnon -->\n\n<p>a<!-- non --></p>", ["a"]),
        ("<script>\nnon\n\nnon</script>\n\n<style>non</style>\n\n<p>a</p>", ["a"]),
        ("<div></script>a<svg/>b<svg><title>non</title></svg></div>", ["a<svg/>b"]),
        ("<ul>\n<li>un</li>\n<li>deux</li>\n</ul>", ["un", "deux"]),
        ("<pre>\nif a:\n\n  b</pre>", ["if a:\n\n  b"]),
        ("<pre><div>a</div>\n<p>b</p></pre>", ["a</div>\n<p>b"]),
        ("> <div>\n> a\n> </div>", ["a"]),
        ("<p align=center><img src=a alt=\"Le plan du quai\"></p>", ["Le plan du quai"]),
        ("<p><img src=a alt='logo du quai'></p>\n\n<p>&nbsp;</p>\n\na", ["a"]),
        ("<p title='a > b'>c</p>", ["c"]),
        ("<div\nclass=x>\n\n**a**\n\n</div>", ["**a**"]),
        ("<p>3 < 5 et <3</p>", ["3 < 5 et <3"]),
        ("Un <kbd>a</kbd> dans <span>un texte</span>.",
         ["Un <kbd>a</kbd> dans <span>un texte</span>."]),
    ],
)  # fmt: skip
def test_words_of_html_are_paragraphs(source: str, texts: list[str]) -> None:
    assert read(source) == [((), texts)]


def test_headings_terms_and_what_a_summary_unfolds() -> None:
    source = (
        "<h1 align=center>Le <i>parc</i>\n du lac</h1>\n\n<details>\n<summary>Heures</summary>\n\n"
        "De 8 h à 16 h.\n\n- tous les jours\n\n</details>\n\nAprès.\n\n"
        "<dl><dt>Quai</dt><dd>Au nord.</dd></dl>\n\nFin.\n"
    )
    found: Found = [
        (("Heures",), ["De 8 h à 16 h.", "- tous les jours"]),
        ((), ["Après."]),
        (("Quai",), ["Au nord."]),
        ((), ["Fin."]),
    ]
    assert read(source) == found
    assert outline(markdown_blocks(source)).title == "Le parc du lac"


def test_rows_are_led_by_caption_and_headers() -> None:
    table = (
        "<table><caption>Prix</caption>\n<tr><th>Lieu</th><th>Prix</th></tr>\n"
        "<tr><td>Lac</td>\n<td>2 $</td></tr><tr><th>Quai</th><td>3 $</td></tr></table>"
    )
    blocks = markdown_blocks(f"{table}\n\n<table><tr><td>a</td></tr></table>")
    text = f"{table}\n\n<table><tr><td>a</td></tr></table>"
    said = [[text[slice(*span)] for span in (b.span, *b.leads)] for b in blocks]
    header = "Lieu</th><th>Prix"
    assert said == [
        [header, "Prix"],
        ["Lac</td>\n<td>2 $", "Prix", header],
        ["Quai</th><td>3 $", "Prix", header],
        ["a"],
    ]


@given(st.text("<>/!-abdhtrimgp= \n\"'>", max_size=60))
def test_blocks_are_stripped_and_in_order(text: str) -> None:
    end = 0
    for block in markdown_blocks(f"<div>{text}"):
        assert end <= block.span.start < block.span.end
        words = f"<div>{text}"[slice(*block.span)]
        assert words == words.strip()
        end = block.span.end


@pytest.mark.parametrize("part", ["<a ", "<a b='", '<a "" ', "<!-- ", "<p>a", "<td", "<pre><i>a"])
def test_wide_blocks_take_time_in_proportion(part: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        markdown_blocks("<div>" + part * count)
        return time.process_time() - start

    whole, quarter = (min(seconds(count), seconds(count)) for count in (4_000, 1_000))
    assert whole < max(8 * quarter, 0.1)

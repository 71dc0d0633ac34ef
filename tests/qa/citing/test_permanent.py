"""A permanent link marks its quote, or nothing."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.types import Document, Span, checksum
from qa.addresses import address_of
from qa.citing.permanent import Found, Link, find

QUOTE = "Le chat dort près du roi. Il rêve\u00a0: « la mer ! »"
BEFORE = f"# Titre\n\n{QUOTE}\n\nFin."


def document(text: str) -> Document:
    return Document("a", "A", "fr", text, (), None, checksum(text))


def link(text: str, quote: str) -> Link:
    start = text.index(quote)
    address = urlsplit(address_of("a", start, quote, checksum(text)))
    assert (address.path, address.fragment) == ("/documents/a", f"c={start}-{start + len(quote)}")
    return Link(**dict(parse_qsl(address.query)))


def test_a_link_has_the_range_two_digests_and_the_first_words() -> None:
    asked = link(BEFORE, QUOTE)
    assert asked.c == f"9-{9 + len(QUOTE)}"
    assert asked.v == checksum(BEFORE)[:12]
    assert asked.q.startswith(f"{len(''.join(QUOTE.split()))}.")
    assert asked.t == "Le chat dort près du"


def test_in_the_same_text_it_is_the_range() -> None:
    assert find(document(BEFORE), link(BEFORE, QUOTE)) == ("here", Span(9, 9 + len(QUOTE)))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (f"Plus long.\n\n{BEFORE}", "moved"),
        (BEFORE.replace("Fin", "Suite"), "moved"),
        (BEFORE.replace(" ", "\n"), "moved"),
        (BEFORE.replace("\u00a0", "\u202f"), "moved"),
        (BEFORE.replace("rêve", "ronfle"), "changed"),
        (BEFORE.replace("mer !", "mer."), "changed"),
        (BEFORE.replace("Le chat", "Un chat"), "gone"),
        ("", "gone"),
        ("Le chat dort près du", "changed"),
    ],
)
def test_in_another_text_it_is_found_again_or_it_is_said(text: str, state: str) -> None:
    found = find(document(text), link(BEFORE, QUOTE))
    assert found.state == state
    marked = text[slice(*found.span)] if found.span else ""
    assert marked.split() == ([*QUOTE.split()] if state == "moved" else [])


def test_of_two_places_it_is_the_nearer_one() -> None:
    asked = link(BEFORE, QUOTE)
    assert find(document(f"{QUOTE}{'x' * 300}{QUOTE}"), asked).span == Span(0, len(QUOTE))
    assert find(document(f"{'x' * 10}{QUOTE}\n{QUOTE}"), asked).span == Span(10, 10 + len(QUOTE))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Link(), ("whole", None)),
        (Link("0-7"), ("here", Span(0, 7))),
        (Link("7-0"), ("missing", None)),
        (Link("0-99999"), ("missing", None)),
        (Link("x"), ("missing", None)),
        (Link("0-" + "9" * 400), ("missing", None)),
        (Link("0-7", v=checksum(BEFORE)), ("here", Span(0, 7))),
        (Link("0-7", v=checksum(BEFORE)[:3]), ("gone", None)),
        (Link("0-7", v="0" * 12), ("gone", None)),
        (Link("0-7", v="0" * 12, q="x", t="Le chat"), ("changed", None)),
        (Link("0-7", v="0" * 12, q="99999.0123456789ab", t="Le chat"), ("changed", None)),
        (Link("x", v="0" * 12, q="5.0123456789ab", t=" "), ("gone", None)),
    ],
)
def test_links_that_were_cut_or_made_up_mark_nothing_wrong(asked: Link, expected: Found) -> None:
    assert find(document(BEFORE), asked) == expected


@given(st.text("ab \né", min_size=1, max_size=30), st.text("ab \né", max_size=60), st.data())
def test_what_is_marked_is_the_quote(before: str, after: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(before) - 1))
    end = data.draw(st.integers(start + 1, len(before)))
    quote = before[start:end]
    if not quote.strip():
        return
    found = find(document(after), link(before, quote) if quote in before else Link())
    if found.span:
        assert "".join(after[slice(*found.span)].split()) == "".join(quote.split())
    elif before != after:
        assert "".join(quote.split()) not in "".join(after.split())

"""What a style hides for good is hidden text; what something opens is text."""

from __future__ import annotations

import pytest

from documents.formats.html import read_html
from documents.formats.web import hiding
from documents.notices import Notice, NoticeKind

HIDDEN = "Texte caché 12345."


def read(style: str, attributes: str = "class=x", more: str = "") -> tuple[str, tuple[Notice, ...]]:
    page = (
        f"<meta charset=utf-8><style>{style}</style><body><main><h1>Lac</h1><p>Ouvert en été.</p>"
        f"<div class=y id=i><p {attributes}>{HIDDEN}</p></div>{more}</main></body>"
    )
    found = read_html(page.encode(), "a.html")
    return found.text, found.notices


@pytest.mark.parametrize(
    ("style", "attributes"),
    [
        (".x{display:none}", "class=x"),
        ("p.x , .z { color: red; DISPLAY : none !important }", "class='a x'"),
        ("/* .x{display:block} */ .x{visibility:hidden}", "class=x"),
        ("#h{display:none}", "id=h"),
        (".y p{display:none}", ""),
        ("#i > a{color:red} .y .x{display:none} .w .x{display:none}", "class=x"),
        ("@import 'a.css'; @font-face{font-family:A} .x{display:none}", "class=x"),
        (".x{display:block} .x{display:none}", "class=x"),
        ("p.x{display:none} .x{display:block}", "class=x"),
        (".x{display:none !important} p.x{display:block}", "class=x"),
        ("", "style='color:red; display: none'"),
        ("", "style='visibility:hidden'"),
        ("", "hidden"),
    ],
)
def test_what_is_hidden_for_good_is_left_out_and_named(style: str, attributes: str) -> None:
    text, notices = read(style, attributes)
    assert text == "Lac\n\nOuvert en été."
    assert notices == (Notice(NoticeKind.HIDDEN_TEXT, "1"),)


@pytest.mark.parametrize(
    ("style", "attributes", "more"),
    [
        (".x{display:none} .x.open{display:block}", "class=x", ""),
        (".x{display:none} .x:target{display:block}", "class=x", ""),
        (".x{display:none} input:checked ~ .x{display:block}", "class=x", ""),
        (".x{display:none} .open .x{display:block}", "class=x", ""),
        (".x{display:none} @media (min-width:9px){ .x{display:block} }", "class=x", ""),
        ("@media print{ .x{display:none} }", "class=x", ""),
        ("@supports (a:b){ @media print{ .x{display:none} } }", "class=x", ""),
        (".x{display:none}", "class=x", "<script>$('.x').show()</script>"),
        (".x{display:none}", "class=x", "<a onclick=\"toggle('x')\">Plus</a>"),
        (".x{display:none}", "class=x style='display:block'", ""),
        (".w .x, .x:hover, a > .x, .x[hidden]{display:none}", "class=x", ""),
        (".x{display:none} p.x{display:block}", "class=x", ""),
        (".xx, .y.x, x{display:none}", "class=x", ""),
        ("body, main, .y main{display:none}", "class=x", ""),
        (".x{opacity:0", "class=x", ""),
        ("}}.x{color:none}{", "class=x", ""),
    ],
)
def test_what_something_opens_or_shows_is_text(style: str, attributes: str, more: str) -> None:
    text, notices = read(style, attributes, more)
    assert HIDDEN in text
    assert notices == ()


def test_a_panel_that_a_class_hides_is_read_under_its_control() -> None:
    more = f"<button aria-controls=q>Chiens</button><div id=q class=z><p>{HIDDEN}</p></div>"
    text, notices = read(".z{display:none}", "hidden", more)
    assert text == f"Lac\n\nOuvert en été.\n\nChiens\n\n{HIDDEN}"
    assert notices == (Notice(NoticeKind.HIDDEN_TEXT, "1"),)


def test_a_page_that_takes_too_many_comparisons_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding, "_MAX_TESTS", 2)
    assert HIDDEN in read(".w .x{display:none} .v .x{display:none} .y .x{display:none}")[0]


def test_hidden_words_within_a_line_are_left_out_and_named() -> None:
    more = "<p>Le quai <span class=x>(prix : 3 $) </span>est ouvert.</p>"
    text, notices = read(".x{display:none}", "class=x", more)
    assert text.endswith("Le quai est ouvert.")
    assert notices == (Notice(NoticeKind.HIDDEN_TEXT, "2"),)


@pytest.mark.parametrize(
    "more",
    [
        f"<nav hidden><p>{HIDDEN}</p></nav>",
        f"<div role=dialog hidden><p>{HIDDEN}</p></div>",
        f"<div class=cookie-banner><p hidden>{HIDDEN}</p></div>",
        "<p><span aria-hidden=true>★★</span></p>",
        "<script hidden>let a = 'Un texte du script.';</script><p hidden></p>",
    ],
)
def test_hidden_menus_banners_and_icons_are_not_named(more: str) -> None:
    assert read("", "", more)[1] == ()

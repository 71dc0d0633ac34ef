"""The page in a real browser: asking, checking, sharing, in both languages."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from qa.addresses import address_of
from qa.http.page.texts import TEXTS
from tests.qa.http.page.browser import Visits, ask, marked, wait_for

LANGUAGES = pytest.mark.parametrize(("code", "locale"), [("fr", "fr-CA"), ("en", "en-GB")])
QUESTIONS = {
    "fr": "Qui a visité Mila en novembre ?",
    "en": "Who is Mila's new scientific director?",
}
UNANSWERABLE = {"fr": "Quel est le prix du pain à Lima ?", "en": "How much is bread in Lima?"}
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
NARROW: dict[str, Any] = {"viewport": {"width": 600, "height": 800}}


def answer(site: str, question: str) -> dict[str, Any]:
    with urlopen(f"{site}/ask?q={quote(question)}") as response:  # noqa: S310 - our own server
        found: dict[str, Any] = json.load(response)
    return found


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


@LANGUAGES
def test_the_box_has_the_focus_and_the_interface_is_the_browsers(
    visits: Visits, code: str, locale: str
) -> None:
    page = visits.open(locale=locale)
    assert focused(page) == "q"
    assert page.get_attribute("html", "lang") == code
    assert page.inner_text("h1") == TEXTS[code]["tagline"]
    assert page.locator(".examples a").count() == 6
    assert page.locator(".examples ul").first.get_attribute("lang") == code


@LANGUAGES
def test_every_example_is_answered(visits: Visits, code: str, locale: str) -> None:
    page = visits.open(locale=locale)
    for example in page.locator(f".examples ul[lang={code}] a").all_inner_texts():
        page.goto(visits.site)
        page.get_by_role("link", name=example).click()
        wait_for(page, "answered")
        assert page.input_value("#q") == example


@LANGUAGES
def test_an_answer_is_that_of_the_service(visits: Visits, code: str, locale: str) -> None:
    page, expected = visits.open(locale=locale, **WIDE), answer(visits.site, QUESTIONS[code])
    ask(page, QUESTIONS[code])
    wait_for(page, "answered")
    assert page.locator("blockquote").count() == 5
    for passage, shown in zip(expected["passages"], page.locator(".passage").all(), strict=True):
        cited, highlight = passage["citation"], passage["highlights"][0]
        assert shown.locator("blockquote").text_content() == passage["text"]
        sentence = passage["text"][highlight["start"] : highlight["end"]]
        marked_here = [sentence] if passage["rank"] == 1 else []
        assert shown.locator("mark").all_text_contents() == marked_here
        path = (shown.locator(".path").text_content() or "").replace("\u00a0", " ")
        assert path == " › ".join([cited["title"], *cited["section"]])
    first = page.locator(".passage").first
    assert float(first.locator("meter").get_attribute("value") or 0) == round(
        expected["confidence"], 3
    )
    assert TEXTS[code]["high"] in first.locator(".gauge").inner_text()
    assert TEXTS[code]["means"].format("|").split("|")[-1] in first.locator(".meaning").inner_text()
    assert TEXTS[code]["answered"] in page.inner_text("#status")
    assert page.title().startswith(QUESTIONS[code])


@LANGUAGES
def test_the_source_opens_beside_at_the_exact_passage(
    visits: Visits, code: str, locale: str
) -> None:
    page, expected = visits.open(locale=locale, **WIDE), answer(visits.site, QUESTIONS[code])
    ask(page, QUESTIONS[code])
    page.wait_for_selector("#source mark")
    assert marked(page, "#source") == expected["passages"][0]["citation"]["quote"]
    page.locator("[data-do=see]").nth(2).click()
    expect(page.locator("[data-do=see]").nth(2)).to_have_attribute("aria-current", "true")
    assert marked(page, "#source") == expected["passages"][2]["citation"]["quote"]
    expect(page.locator("#source mark").first).to_be_in_viewport()
    boxes = [page.locator(s).bounding_box() for s in ("#answer", "#source")]
    assert boxes[0] and boxes[1]
    assert boxes[1]["x"] > boxes[0]["x"] + boxes[0]["width"]
    page.get_by_role("button", name=TEXTS[code]["close"]).click()
    expect(page.locator("#source")).to_be_hidden()


def test_the_source_opens_under_the_answer_where_it_is_narrow(visits: Visits) -> None:
    page = visits.open(**NARROW)
    ask(page, QUESTIONS["en"])
    wait_for(page, "answered")
    expect(page.locator("#source")).to_be_hidden()
    page.locator("[data-do=see]").first.click()
    expect(page.locator("#source mark").first).to_be_in_viewport()
    assert focused(page) == "source-title"


@LANGUAGES
def test_a_permanent_link_opens_its_passage_for_anyone(
    visits: Visits, code: str, locale: str
) -> None:
    cited = answer(visits.site, QUESTIONS[code])["passages"][1]["citation"]
    page = visits.open(cited["url"], locale=locale)
    assert marked(page) == cited["quote"]
    expect(page.locator("#document mark").first).to_be_in_viewport()
    assert page.locator("#document h3").count() == 6
    assert cited["sha256"] in page.inner_text("main")
    page.evaluate("location.hash = '#c=120-130'")
    page.wait_for_function(
        "() => document.querySelector('#document mark').textContent.length === 10"
    )
    page.evaluate("location.hash = '#c=99999-100000'")
    expect(page.locator("#range")).to_have_text(TEXTS[code]["range_missing"].format("99999–100000"))


@LANGUAGES
def test_a_citation_can_be_copied_in_five_ways(visits: Visits, code: str, locale: str) -> None:
    page, expected = visits.open(locale=locale, **WIDE), answer(visits.site, QUESTIONS[code])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTIONS[code])
    wait_for(page, "answered")
    page.locator(".cite summary").first.click()
    cited, copied = expected["passages"][0]["citation"], []
    for button in page.locator(".cite[open] [data-do=copy]").all():
        expect(button).to_have_text(TEXTS[code]["copy"])
        button.click()
        expect(button).to_have_text(TEXTS[code]["copied"])
        copied.append(page.evaluate("navigator.clipboard.readText()"))
    plain, markdown, bibtex, csl, ris = copied
    place = f"{cited['start']}-{cited['end']}"
    link = f"{visits.site}/documents/mila-canada-2025?c={place}&v={cited['sha256'][:12]}&q="
    for written in copied:
        assert link in written
        assert cited["sha256"] in written
        assert "Mila" in written
    assert cited["quote"] in plain
    assert markdown.startswith("> ")
    assert bibtex.startswith(f"@misc{{mila-canada-2025-{place},\n")
    assert json.loads(csl)[0]["annote"] == cited["quote"]
    assert ris.startswith("TY  - ELEC")


@LANGUAGES
def test_the_language_is_shown_and_can_be_switched(visits: Visits, code: str, locale: str) -> None:
    page, texts = visits.open(locale=locale), TEXTS[code]
    ask(page, QUESTIONS["en"])
    wait_for(page, "answered")
    assert texts["detected"].format(texts["in_en"]) in page.inner_text(".language")
    page.get_by_role("link", name=texts["read_as"].format(texts["in_fr"])).click()
    said = texts["requested"].format(texts["in_fr"])
    page.wait_for_function("said => document.body.innerText.includes(said)", arg=said)
    assert page.input_value("#lang") == "fr"
    page.select_option("#lang", "en")
    said = texts["requested"].format(texts["in_en"])
    page.wait_for_function("said => document.body.innerText.includes(said)", arg=said)
    assert "lang=en" in page.url


def test_the_number_of_passages_can_be_chosen(visits: Visits) -> None:
    page = visits.open()
    page.select_option("#top_k", "3")
    ask(page, QUESTIONS["en"])
    wait_for(page, "answered")
    assert page.locator(".passage").count() == 3
    assert "top_k=3" in page.url


@LANGUAGES
def test_the_interface_language_is_switched_and_remembered(
    visits: Visits, code: str, locale: str
) -> None:
    other = "en" if code == "fr" else "fr"
    page = visits.open(locale=locale)
    ask(page, QUESTIONS[code])
    wait_for(page, "answered")
    page.click("#interface a")
    expect(page.locator("html")).to_have_attribute("lang", other)
    assert page.inner_text(".verdict") == TEXTS[other]["answered"]
    assert "ui=" not in page.url
    page.goto(visits.site)
    assert page.inner_text("h1") == TEXTS[other]["tagline"]


@LANGUAGES
def test_not_answered_is_said_kindly_with_the_closest_below_it(
    visits: Visits, code: str, locale: str
) -> None:
    page = visits.open(locale=locale, **WIDE)
    ask(page, UNANSWERABLE[code])
    wait_for(page, "unanswered")
    message = answer(visits.site, UNANSWERABLE[code])["message"]
    assert page.inner_text(".verdict") == message
    assert page.get_attribute(".verdict", "lang") == code
    expect(page.locator("#source")).to_be_hidden()
    expect(page.locator(".passage").first).to_be_visible()
    assert page.locator(".passage").count() == 5
    assert page.locator("#answer mark").count() == 0
    assert TEXTS[code]["low"] in page.locator(".gauge").first.inner_text()


def test_a_question_has_an_address_of_its_own(visits: Visits) -> None:
    page = visits.open(**WIDE)
    ask(page, QUESTIONS["en"])
    wait_for(page, "answered")
    shared = visits.open(page.url.removeprefix(visits.site), **WIDE)
    texts = [p.locator("#answer").inner_text() for p in (page, shared)]
    assert texts[0] == texts[1]
    assert shared.input_value("#q") == QUESTIONS["en"]
    shared.wait_for_selector("#source mark")


def test_back_and_forward_go_through_the_questions(visits: Visits) -> None:
    page = visits.open()
    for code in ("en", "fr"):
        ask(page, QUESTIONS[code])
        page.wait_for_function("q => document.title.startsWith(q)", arg=QUESTIONS[code])
    page.go_back()
    page.wait_for_function("q => document.title.startsWith(q)", arg=QUESTIONS["en"])
    assert page.input_value("#q") == QUESTIONS["en"]
    page.go_back()
    wait_for(page, "home")
    assert page.input_value("#q") == ""
    page.go_forward()
    wait_for(page, "answered")
    assert page.input_value("#q") == QUESTIONS["en"]


@LANGUAGES
def test_this_visits_questions_are_listed(visits: Visits, code: str, locale: str) -> None:
    page = visits.open(locale=locale)
    expect(page.locator("#history")).to_be_hidden()
    for question in QUESTIONS.values():
        ask(page, question)
        page.wait_for_function("q => document.title.startsWith(q)", arg=question)
    assert page.locator("#history a").all_inner_texts() == [QUESTIONS["en"], QUESTIONS["fr"]]
    page.reload()
    page.locator("#history a", has_text=QUESTIONS["fr"]).click()
    page.wait_for_function("q => document.title.startsWith(q)", arg=QUESTIONS["fr"])
    assert page.locator("#history a").all_inner_texts() == [QUESTIONS["fr"], QUESTIONS["en"]]
    page.get_by_role("button", name=TEXTS[code]["forget"]).click()
    expect(page.locator("#history")).to_be_hidden()
    expect(visits.open(locale=locale).locator("#history")).to_be_hidden()


def test_the_whole_way_by_keyboard(visits: Visits) -> None:
    page = visits.open("/?q=Mila", **WIDE)  # where nothing has the focus yet
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert focused(page) == "main"
    page.keyboard.press("/")
    assert focused(page) == "q"
    page.keyboard.type(QUESTIONS["en"] + " a/b")
    assert page.input_value("#q").endswith(" a/b")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.title.includes('a/b')")  # not the answer of before
    wait_for(page, "answered")
    see = page.locator("[data-do=see]").nth(1)
    for _ in range(20):
        page.keyboard.press("Tab")
        if see.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'source-title'")
    page.keyboard.press("Escape")
    expect(see).to_be_focused()
    expect(page.locator("#source")).to_be_hidden()


def test_the_shortcut_can_be_turned_off(visits: Visits) -> None:
    page = visits.open()
    page.click("#shortcut")
    assert page.get_attribute("#shortcut", "aria-pressed") == "false"
    page.reload()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert focused(page) != "q"
    assert page.inner_text("#shortcut b") == TEXTS["en"]["shortcut_off"]


@LANGUAGES
def test_a_long_question_is_whole_and_one_that_is_too_long_is_said(
    visits: Visits, code: str, locale: str
) -> None:
    page = visits.open(locale=locale, **NARROW)
    long = " ".join([QUESTIONS[code]] * 8)
    ask(page, long)
    page.wait_for_function("q => document.title.startsWith(q)", arg=long)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        assert page.eval_on_selector("#q", "box => box.scrollHeight <= box.clientHeight + 1")
    page.emulate_media(media="screen")
    page.fill("#q", "a" * 999)
    expect(page.locator("#limit")).to_be_empty()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('é' + 'a b '.repeat(300))")
    page.focus("#q")
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+V")
    said = TEXTS[code]["too_long"].format("1\u202f200" if code == "fr" else "1,200")
    expect(page.locator("#limit")).to_have_text(said)
    assert page.input_value("#q").startswith("éa b")
    before = page.url
    page.keyboard.press("Enter")
    assert (page.url, focused(page)) == (before, "q")
    expect(page.locator("#q")).to_have_attribute("aria-invalid", "true")


@LANGUAGES
def test_the_answer_stays_when_the_document_cannot_be_opened(
    visits: Visits, code: str, locale: str
) -> None:
    page = visits.open(locale=locale, **NARROW)
    ask(page, QUESTIONS[code])
    wait_for(page, "answered")
    before = page.url
    page.context.set_offline(True)
    page.locator("[data-do=see]").nth(1).click()
    expect(page.locator(".passage").nth(1).locator(".trouble")).to_have_text(
        TEXTS[code]["unreachable"]
    )
    expect(page.locator("#status")).to_have_text(TEXTS[code]["unreachable"])
    assert page.url == before
    assert page.locator(".passage").count() == 5
    page.context.set_offline(False)
    page.locator("[data-do=see]").nth(1).click()
    page.wait_for_selector("#source mark")
    assert page.locator(".trouble").count() == 0


@LANGUAGES
def test_one_document_is_asked_from_its_page(visits: Visits, code: str, locale: str) -> None:
    page = visits.open("/documents/mila-canada-2025", locale=locale)
    ask(page, QUESTIONS[code])
    wait_for(page, "answered")
    assert "document=mila-canada-2025" in page.url
    assert page.input_value("#only") == "mila-canada-2025"
    ask(page, QUESTIONS["fr" if code == "en" else "en"])
    page.wait_for_function("q => document.title.startsWith(q)", arg=page.input_value("#q"))
    assert "document=mila-canada-2025" in page.url
    page.select_option("#only", "")
    page.wait_for_function("() => !location.search.includes('document=')")
    wait_for(page, "answered")


def test_nothing_is_said_twice_or_glued_together(visits: Visits) -> None:
    page = visits.open(f"/?q={quote(QUESTIONS['en'])}", **NARROW)
    card = page.locator(".passage").first
    shown = card.aria_snapshot()
    heading = next(line for line in shown.splitlines() if "heading" in line)
    assert "mondiale Le leadership" in heading.replace("\u00a0", " ")
    assert "meter" not in shown
    assert page.locator("#answer").get_attribute("aria-label") == TEXTS["en"]["answer"]
    gauge = page.locator(".gauge").first.text_content() or ""
    assert gauge.count(TEXTS["en"]["high"]) == 1
    described = card.locator("[data-do=see]").get_attribute("aria-describedby")
    assert page.inner_text(f"#{described}") == TEXTS["en"]["passage"].format(1)


@pytest.mark.parametrize("scripted", [True, False])
@LANGUAGES
def test_a_permanent_link_finds_its_quote_in_a_document_that_has_changed(
    visits: Visits, code: str, locale: str, scripted: bool
) -> None:
    cited = answer(visits.site, QUESTIONS[code])["passages"][0]["citation"]
    link = address_of(cited["document_id"], 3, cited["quote"], "0" * 64)
    page = visits.open(link, locale=locale, java_script_enabled=scripted)
    assert "".join(page.locator("#document mark").all_text_contents()) == cited["quote"]
    expect(page.locator("#document mark").first).to_be_in_viewport()
    assert page.inner_text("#range") == TEXTS[code]["quote_moved"]
    page = visits.open(
        address_of(cited["document_id"], 3, cited["quote"][:-1] + "?", "0" * 64),
        locale=locale,
        java_script_enabled=scripted,
    )
    assert page.locator("#document mark").count() == 0
    assert TEXTS[code]["quote_changed"].split("{}")[1] in page.inner_text("#range")


def test_the_source_beside_marks_no_wrong_words_once_the_document_has_changed(
    visits: Visits,
) -> None:
    cited = answer(visits.site, QUESTIONS["en"])["passages"][0]["citation"]
    page = visits.open(f"/?q={quote(QUESTIONS['en'])}", **NARROW)
    link = address_of(cited["document_id"], 3, cited["quote"], "0" * 64)
    see = page.locator("[data-do=see]").first
    see.evaluate("(see, link) => { see.href = link; }", link)
    see.click()
    page.wait_for_selector("#source mark")
    assert marked(page, "#source") == cited["quote"]
    expect(page.locator("#source #range")).to_have_text(TEXTS["en"]["quote_moved"])

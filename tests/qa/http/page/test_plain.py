"""The page without a script: everything that matters is there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from qa.http.page.texts import TEXTS
from tests.qa.http.page.browser import Visits, wait_for

LANGUAGES = pytest.mark.parametrize(("code", "locale"), [("fr", "fr-FR"), ("en", "en-GB")])
QUESTION = {"fr": "Qui a visité Mila en novembre ?", "en": "Who visited Mila in November?"}


@LANGUAGES
def test_a_question_is_asked_by_a_plain_form(visits: Visits, code: str, locale: str) -> None:
    page = visits.open(locale=locale, java_script_enabled=False)
    page.select_option("#top_k", "3")
    page.fill("#q", QUESTION[code])
    page.get_by_role("button", name=TEXTS[code]["submit"]).click()
    wait_for(page, "answered")
    assert page.input_value("#q") == QUESTION[code]
    assert page.input_value("#top_k") == "3"
    assert page.locator(".passage").count() == 3
    assert page.locator(".passage mark").first.inner_text()
    for scripted in page.locator(".scripted").all():
        expect(scripted).to_be_hidden()
    page.locator(".cite summary").first.click()
    expect(page.locator(".cite pre").first).to_be_visible()


@LANGUAGES
def test_the_source_opens_marked_at_the_passage(visits: Visits, code: str, locale: str) -> None:
    path = f"/?q={QUESTION[code]}"
    page = visits.open(path, locale=locale, java_script_enabled=False)
    quote = page.locator("blockquote").first.text_content()
    page.get_by_role("link", name=TEXTS[code]["see"]).first.click()
    assert "".join(page.locator("#document mark").all_text_contents()) == quote
    expect(page.locator("#document mark").first).to_be_in_viewport()


def test_a_permanent_link_leads_to_the_passage(visits: Visits) -> None:
    page = visits.open(f"/?q={QUESTION['fr']}", java_script_enabled=False)
    quote = page.locator("blockquote").first.text_content()
    page.locator(".tools a >> nth=1").click()
    target = page.locator("#document mark:target")
    assert target.text_content() == quote
    expect(target).to_be_in_viewport()


def test_the_interface_language_is_remembered(visits: Visits) -> None:
    page = visits.open(f"/?q={QUESTION['fr']}", locale="fr-FR", java_script_enabled=False)
    page.click("#interface a")
    assert page.inner_text(".verdict") == TEXTS["en"]["answered"]
    page.goto(visits.site)
    assert page.inner_text("h1") == TEXTS["en"]["tagline"]


@pytest.mark.parametrize(
    ("path", "state"),
    [("/?q=Lima+bread+price%3F", "unanswered"), ("/?q=", "empty"), ("/documents/none", "missing")],
)
@LANGUAGES
def test_other_states_are_served_too(
    visits: Visits, path: str, state: str, code: str, locale: str
) -> None:
    page = visits.open(path, locale=locale, java_script_enabled=False)
    wait_for(page, state)
    assert page.get_attribute("html", "lang") == code

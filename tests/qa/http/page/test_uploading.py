"""Files are sent, followed, shown and removed in a real browser, with and without a script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.qa.http.page.browser import Visits, served
from tests.qa.http.page.test_states import LANGUAGES, LOOKS, violations, width_in_use
from tests.qa.http.page.walk import documents, walk
from tests.qa.http.page.working import Working
from tests.qa.uploads.test_uploads import CAT, SEA

BAD = b"no archive"


@pytest.fixture
def working(tmp_path: Path) -> Working:
    return Working(tmp_path)


@pytest.fixture
def visits(browser: Browser, working: Working) -> Iterator[Visits]:
    with served(working.app) as address:
        made = Visits(browser, address)
        yield made
        made.close()
    assert made.trouble == []


def files(*named: tuple[str, bytes]) -> list[Any]:
    """Return files as Playwright chooses them."""
    return [{"name": n, "mimeType": "text/plain", "buffer": content} for n, content in named]


def send(page: Page, *named: tuple[str, bytes]) -> None:
    """Choose files and send them."""
    page.set_input_files("#files", files(*named))
    page.click("#upload button")


def drop(page: Page, *named: tuple[str, str]) -> None:
    """Drop files on the form, as the system's file manager does."""
    page.evaluate(
        """named => {
          const data = new DataTransfer();
          for (const [name, text] of named) data.items.add(new File([text], name));
          const event = new DragEvent("drop", { dataTransfer: data, bubbles: true });
          document.querySelector("#upload").dispatchEvent(event);
        }""",
        [list(pair) for pair in named],
    )


def test_files_that_are_sent_are_followed_until_they_are_listed(
    visits: Visits, working: Working
) -> None:
    working.gate.clear()
    page = visits.open("/documents", locale="fr-FR")
    send(page, ("cat.md", CAT), ("bad.docx", BAD))
    expect(page.locator(".job h2")).to_have_text("En attente")
    working.gate.set()
    expect(page.locator(".job h2")).to_have_text("Documents indexés en partie")
    expect(page.locator("#status")).to_contain_text("Le fichier est abîmé")
    expect(page.locator(".job")).to_contain_text("cat.md — ajouté")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert page.url.endswith("/documents")


def test_files_that_are_dropped_are_sent_in_parts(visits: Visits) -> None:
    page = visits.open("/documents")
    page.evaluate("document.querySelector('#upload').dataset.most = 2")
    drop(page, ("a.md", "# A\n\nOne."), ("b.md", "# B\n\nTwo."), ("c.md", "# C\n\nThree."))
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator(".job[data-state=done]")).to_have_count(2)


def test_without_a_script_the_page_of_the_job_asks_again_by_itself(
    visits: Visits, working: Working
) -> None:
    working.gate.clear()
    page = visits.open("/documents", java_script_enabled=False)
    send(page, ("cat.md", CAT))
    page.wait_for_selector(".job[data-state=waiting]")
    working.gate.set()
    page.wait_for_selector(".job[data-state=done]")
    page.click("text=All documents")
    page.click("[aria-label='Remove “Cat”']")
    page.click("text=Remove the document")
    page.wait_for_selector(".job[data-state=done]")


def test_a_service_that_is_gone_is_said_to_be(visits: Visits) -> None:
    page = visits.open("/documents")
    page.context.set_offline(True)
    send(page, ("cat.md", CAT))
    expect(page.locator(".job")).to_contain_text("the service does not answer")
    expect(page.locator("#upload button")).to_be_enabled()


@LANGUAGES
def test_every_state_of_an_upload_is_accessible(
    visits: Visits, working: Working, code: str
) -> None:
    page = visits.open("/documents", **{**LOOKS[code], "reduced_motion": "reduce"})
    assert violations(page) == []
    working.gate.clear()
    send(page, ("cat.md", CAT), ("bad.docx", BAD))
    page.wait_for_selector(".job[data-state=waiting]")
    assert violations(page) == []
    working.gate.set()
    page.wait_for_selector(".job[data-state=done]")
    expect(page.locator("tbody tr")).to_have_count(2)
    send(page, ("x.exe", SEA))
    page.wait_for_selector(".job[data-state=failed]")
    assert violations(page) == []
    page.goto(page.url + "/cat/removal")
    assert violations(page) == []
    page.click("main button")
    page.wait_for_selector(".job[data-state=done]")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert width_in_use(page) <= 320.5


def test_the_list_fits_a_narrow_screen_and_scrolls_on_its_own(visits: Visits) -> None:
    page = visits.open("/documents", viewport={"width": 320, "height": 640})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    lines = "e => { const r = new Range(); r.selectNodeContents(e); return r.getClientRects() }"
    assert page.locator("td.day").evaluate(f"e => ({lines})(e).length") == 1  # a day is not cut


def test_a_walk_with_documents_of_six_kinds(visits: Visits) -> None:
    page = visits.open("/", locale="fr-FR", base_url=visits.site)
    walk(page, 12, lambda *_: None)


def test_a_document_beside_the_answer_leads_to_its_original_page(visits: Visits) -> None:
    page = visits.open("/documents", viewport={"width": 1440, "height": 900})
    send(page, *(file for file in documents(5) if file[0].endswith(".pdf")))
    page.wait_for_selector(".job[data-state=done]")
    expect(page.locator("tbody tr")).to_have_count(2)
    for name, said in (
        ("notes", "Open on its own"),
        ("piscine-002", "Open with the original page"),
    ):
        page.goto(f"{visits.site}/?q=piscine&document={name}")
        page.locator("[data-do=see]").first.click()
        expect(page.locator("#source a").first).to_have_text(said)
    page.click("#source a")
    page.wait_for_function("() => document.querySelector('.drawn img').naturalWidth > 0")


@LANGUAGES
def test_the_help_groups_and_the_original_page_are_accessible(visits: Visits, code: str) -> None:
    still = {**LOOKS[code], "reduced_motion": "reduce"}  # what fades in has less contrast
    page = visits.open("/help", **still, base_url=visits.site)
    assert violations(page) == []
    page.goto("/documents")
    send(page, *(file for file in documents(5) if file[0].endswith((".pdf", ".csv"))))
    page.wait_for_selector(".job[data-state=done]")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.goto("/?q=piscine&top_k=10")
    assert page.locator(".same + .passages > li").count() == 1
    assert violations(page) == []
    for asked in ("?c=0-10", "?p=1"):
        page.goto(f"/documents/piscine-002{asked}")
        page.wait_for_function("() => document.querySelector('.drawn img').naturalWidth > 0")
        assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert width_in_use(page) <= 320.5


def test_every_page_is_light(visits: Visits, working: Working) -> None:
    working.done(working.send(*((f"{n}.md", CAT + b"%d" % n) for n in range(60))))
    for path in ("/", "/documents", "/documents/0", "/documents/0/removal", "/help"):
        page = visits.open(path)
        page.wait_for_load_state("networkidle")
        entries = "performance.getEntries().filter(e => e.decodedBodySize)"
        weight = page.evaluate(f"{entries}.reduce((s, e) => s + e.decodedBodySize, 0)")
        assert weight < 120_000, path

"""Documents and questions are untrusted: they are shown as the text they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from documents.reading import read_documents
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from qa.answer.service import QAService
from qa.http.app import create_app
from tests.fakes import FakeEncoder
from tests.qa.http.page.browser import Visits, ask, marked, served, wait_for

ATTACKS = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    '"><svg onload=window.hacked=1>',
    "</title></textarea></template><script>window.hacked = 1</script>",
    "' autofocus onfocus='window.hacked = 1",
    "{{ 7 * 7 }} {% raw %} ${window.hacked = 1}",
    "[cat](javascript:window.hacked=1) &lt;script&gt; &#60;b&#62;",
]
HOSTILE = f"""---
title: "<script>window.hacked = 1</script> {ATTACKS[1].replace('"', "'")}"
---
# The cat {ATTACKS[2]}

A cat 😀 was here 🏳️‍🌈 and said {" ".join(ATTACKS)}

## The sea & <b>more</b>

"""
# Astral characters, combining marks, bare and paired carriage returns, no-break spaces, bidi.
ODD = (
    "# Le 𝒹ébut\r\n\r\n"
    "Le chat 😀 e\u0301tait\u00a0là\r\nsur deux lignes 👩‍👩‍👧 «\u202fici\u202f».\r\n\r\n"
    "- la mer 🌊\r\n- le pain \u202eengahc\u202c\r\n\r\n"
    "1. un roi 👑\r\n\r\n\ttabulé   et  espacé 𝔘\r\n"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> QAService:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.md").write_text(HOSTILE + "\n\n".join(ATTACKS), encoding="utf-8")
    (folder / "odd.md").write_bytes(ODD.encode())
    read = read_documents([folder], detect=lambda _: "en").documents
    found = [replace(document, source_url="javascript:window.hacked=1") for document in read]
    encoder = FakeEncoder()
    built = build_index(found, FolderStore(folder / "index"), encoder)
    return QAService(built.generation, encoder, threshold=0.0)


@pytest.fixture
def hostile(service: QAService, browser: Browser) -> Iterator[Visits]:
    with served(create_app(service)) as address:
        visits = Visits(browser, address)
        yield visits
        visits.close()
    assert visits.trouble == []


def assert_harmless(page: Page) -> None:
    page.wait_for_timeout(50)
    assert page.evaluate("window.hacked") is None
    assert page.locator("main :is(script, svg, b b, [onerror], [onload], [onfocus])").count() == 0
    assert page.locator("main img").count() == 0
    assert page.locator("a[href^='javascript:']").count() == 0


def test_documents_cannot_act(hostile: Visits, service: QAService) -> None:
    page = hostile.open(viewport={"width": 1440, "height": 900})
    assert_harmless(page)
    ask(page, "Where is the cat?")
    wait_for(page, "answered")
    page.wait_for_selector("#source mark")
    assert_harmless(page)
    assert ATTACKS[0] in page.inner_text("#answer")
    for document in service.generation.documents.values():
        page.goto(f"{hostile.site}/documents/{document.id}")
        assert_harmless(page)


@pytest.mark.parametrize("attack", ATTACKS)
def test_questions_cannot_act(hostile: Visits, attack: str) -> None:
    page = hostile.open()
    ask(page, attack)
    page.wait_for_function("q => document.title.startsWith(q.slice(0, 10))", arg=attack)
    assert page.input_value("#q") == attack
    assert page.inner_text("#history a") == " ".join(attack.split())
    assert_harmless(page)
    page.reload()
    assert page.input_value("#q") == attack
    assert_harmless(page)


@pytest.mark.parametrize("attack", ATTACKS[1:4])
def test_addresses_cannot_act(hostile: Visits, attack: str) -> None:
    hidden = "&".join(f"{name}={quote(attack)}" for name in ("ui", "lang", "top_k", "other"))
    for path in (f"/?q=cat&{hidden}", f"/?{hidden}", f"/documents/{quote(attack, safe='')}"):
        assert_harmless(hostile.open(path))


def test_a_question_in_the_storage_cannot_lead_elsewhere(hostile: Visits) -> None:
    page = hostile.open()
    page.evaluate(
        "sessionStorage.questions = JSON.stringify([{q: '<b>x</b>', href: 'javascript:alert(1)'},"
        "{q: '<i>y</i>', href: '/?q=y'}])"
    )
    page.reload()
    assert page.locator("#history a").all_inner_texts() == ["<i>y</i>"]
    page.evaluate("sessionStorage.questions = 'no JSON'")
    page.reload()
    assert page.locator("#history a").count() == 0


@pytest.mark.parametrize("scripted", [True, False])
def test_every_passage_is_marked_to_the_character(
    hostile: Visits, service: QAService, scripted: bool
) -> None:
    page = hostile.open(java_script_enabled=scripted)
    assert len(service.generation.passages) > 1
    for passage in service.generation.passages:
        place = f"c={passage.start}-{passage.end}"
        page.goto(f"{hostile.site}/documents/{passage.document_id}?{place}#{place}")
        if scripted:
            shown = marked(page)
        else:
            shown = "".join(page.locator("#document mark").all_text_contents())
        document = service.generation.documents[passage.document_id]
        assert _inked(shown) == _inked(document.text[passage.start : passage.end])


def test_every_range_is_marked_to_the_code_point(hostile: Visits, service: QAService) -> None:
    text = next(d.text for d in service.generation.documents.values() if "🌊" in d.text)
    name = next(d.id for d in service.generation.documents.values() if d.text == text)
    page = hostile.open(f"/documents/{name}")
    first, last = text.index("Le chat"), text.index("».") + 2
    for start in range(first, last, 3):
        page.evaluate(f"location.hash = '#c={start}-{last - 1}'")
        page.wait_for_function(
            "n => document.querySelector('#document mark').textContent === n",
            arg=text[start : last - 1],
        )


def test_the_text_is_shown_as_it_is(hostile: Visits, service: QAService) -> None:
    for document in service.generation.documents.values():
        page = hostile.open(f"/documents/{document.id}")
        blocks = page.evaluate(
            "[...document.querySelectorAll('#document [data-start]')].map(b => "
            "[+b.dataset.start, +b.dataset.end, b.textContent])"
        )
        assert blocks
        for start, end, shown in blocks:
            assert shown == document.text[start:end]


def _inked(text: str) -> str:
    """Leave out white space, by which blocks are apart."""
    return "".join(text.split())

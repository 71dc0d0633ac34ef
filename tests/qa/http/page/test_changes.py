"""Documents come and go on the page, with forms that need no script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from index.search.filters import parse_filter
from qa.keys import Grant
from tests.qa.uploads.test_uploads import CAT, NEAR, PART, SEA, WHOLE, Service

BROWSER = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "fr"}
FORM = '<form id="upload"'


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(service: Service) -> TestClient:
    service.client.headers.update(BROWSER)
    return service.client


def sent(page: TestClient, *files: tuple[str, bytes]) -> str:
    """Send a form; return where its job is shown."""
    reply = page.post(
        "/documents", files=[("files", file) for file in files], follow_redirects=False
    )
    assert reply.status_code == 303, reply.text
    return reply.headers["location"]


def test_a_form_leads_to_the_page_of_its_job(service: Service, page: TestClient) -> None:
    assert FORM in page.get("/documents").text
    job = sent(page, ("cat.md", CAT), ("bad.docx", b"no archive"), ("x.exe", b"MZ"))
    waiting = page.get(job).text
    assert '<meta http-equiv="refresh"' in waiting
    assert "En attente" in waiting
    service.run()
    done = unescape(page.get(job).text)
    assert "http-equiv" not in done
    assert "<b>bad.docx</b> — Le fichier est abîmé" in done
    assert "<b>x.exe</b> — Ce format ne se lit pas" in done
    assert '<a href="/documents/cat">cat.md</a> — ajouté' in done
    english = page.get(job, headers={"Accept-Language": "en"}).text
    assert "— added" in english
    assert "convert it first" in english


def test_what_is_here_already_is_said_to_be(service: Service, page: TestClient) -> None:
    sent(page, ("cat.md", CAT))
    service.run()
    there = (service.own / "notes.md").read_bytes()
    job = sent(page, ("again.md", CAT), ("copy.md", there))
    service.run()
    assert page.get(job).text.count("déjà là, rien à faire") == 2
    assert page.get("/documents").text.count('<th scope="row">') == 2


def test_a_form_of_which_nothing_can_be_taken_says_why(page: TestClient) -> None:
    reply = page.post("/documents", files=[("files", ("x.exe", b"MZ")), ("files", ("e.md", b""))])
    assert reply.status_code == 422
    assert "<b>e.md</b> — Le fichier est vide" in reply.text
    assert "<b>x.exe</b>" in reply.text
    nothing = page.post("/documents", files=[("files", ("", b""))])
    assert nothing.status_code == 422


def test_a_document_is_removed_once_that_is_confirmed(service: Service, page: TestClient) -> None:
    sent(page, ("cat.md", CAT))
    service.run()
    assert 'href="/documents/cat/removal"' in page.get("/documents").text
    asked = page.get("/documents/cat/removal").text
    assert "Le document et le fichier envoyé ici seront supprimés." in asked
    assert "reste où il est" in page.get("/documents/notes/removal").text
    assert service.waiting == []
    reply = page.post("/documents/cat/removal", follow_redirects=False)
    assert reply.status_code == 303
    service.run()
    assert "Document retiré" in page.get(reply.headers["location"]).text
    assert "/documents/cat" not in page.get("/documents").text
    assert page.get("/documents/none/removal").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site", "Origin": f"http://{NEAR}:81"}],
)  # fmt: skip
def test_forms_of_other_sites_change_nothing(
    service: Service, page: TestClient, headers: dict[str, str]
) -> None:
    for path, files in (
        ("/documents", [("files", ("cat.md", CAT))]),
        ("/documents/notes/removal", None),
    ):
        reply = page.post(path, files=files, headers=headers, follow_redirects=False)
        assert reply.status_code == 403
        assert "vient d’un autre site" in reply.text
    assert service.waiting == []


def test_pages_with_forms_let_browsers_say_where_these_come_from(page: TestClient) -> None:
    # Under "no-referrer" a form would be sent with "Origin: null", which is refused.
    for path in ("/documents", "/documents/notes/removal"):
        assert '<meta name="referrer" content="same-origin">' in page.get(path).text


def test_only_who_may_change_documents_is_offered_to(service: Service) -> None:
    wanted = parse_filter({"type": "eq", "key": "document", "value": "notes"})
    locked = service.opened("192.0.2.1", keys=(WHOLE,), grants=(Grant(PART, "part", wanted),))
    for client, headers, offered in (
        (service.opened(), {}, True), (service.opened("192.0.2.1"), {}, False),
        (locked, {"X-API-Key": WHOLE}, True), (locked, {"X-API-Key": PART}, False),
    ):  # fmt: skip
        for path in ("/", "/documents"):
            shown = client.get(path, headers={**BROWSER, **headers}).text
            assert bool(re.search(r"#upload|id=\"upload\"|/removal", shown)) == offered
        refused = client.get("/documents/notes/removal", headers={**BROWSER, **headers})
        assert (refused.status_code == 403) != offered


def test_where_nobody_may_change_documents_their_files_are_still_led_to(
    service: Service, page: TestClient
) -> None:
    link = '<a href="/documents/notes/file">Fichier d’origine</a>'
    assert link in page.get("/documents/notes").text
    service.takes_files = False
    page = service.opened()
    page.headers.update(BROWSER)
    assert link in page.get("/documents/notes").text
    for path in ("/", "/documents"):
        assert not re.search(r"#upload|id=\"upload\"|/removal", page.get(path).text)
    assert page.get("/documents/notes/removal").status_code == 403
    (service.own / "notes.md").unlink()
    assert link not in page.get("/documents/notes").text


def test_names_of_files_are_never_markup(service: Service, page: TestClient) -> None:
    job = sent(page, ("<b>&.md", CAT), ("<script>.exe", SEA))
    service.run()
    assert "<script>.exe" not in page.get(job).text


def test_programs_are_still_answered_in_json(service: Service) -> None:
    reply = service.client.post("/documents", files=[("files", ("cat.md", CAT))])
    assert reply.status_code == 202
    assert service.client.get("/documents/notes/removal").status_code == 404
    assert service.client.get(f"/jobs/{reply.json()['id']}").json()["state"] == "waiting"

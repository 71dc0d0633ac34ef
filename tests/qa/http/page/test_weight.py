"""The page over HTTP: headers, assets, who gets a page and who gets JSON, weight and speed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from qa.answer.service import QAService
from qa.http.app import create_app
from qa.http.batching import Limits
from qa.http.page.assets import FOLDER
from tests.fakes import FRENCH
from tests.qa.http.page.browser import Visits

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
INLINE = r"<style|<script(?! type=\"module\" src=)|\sstyle=|\son\w+="
PAGES = ["/", "/?q=chat", "/?q=", "/documents", "/documents/french", "/documents/none", "/nothing"]


@pytest.fixture
def client(service: QAService) -> Iterator[TestClient]:
    with TestClient(create_app(service), headers=BROWSER) as opened:
        yield opened


@pytest.mark.parametrize("path", PAGES)
def test_pages_keep_a_strict_policy_without_inline_code(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert not re.search(
        r"<style|<script(?! type=\"module\" src=)|\sstyle=|\son\w+=", response.text
    )
    assert {"Accept", "Accept-Language", "Cookie"} <= set(response.headers["vary"].split(", "))


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/?q=", 422), ("/?q=chat&top_k=99", 422), ("/?q=chat&lang=de", 422),
     ("/documents/none", 404), ("/nothing", 404)],
)  # fmt: skip
def test_pages_have_honest_statuses(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_a_busy_service_says_when_to_come_back(service: QAService) -> None:
    with TestClient(create_app(service, Limits(queue=0)), headers=BROWSER) as client:
        response = client.get("/?q=chat")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert 'data-state="busy"' in response.text


def test_programs_get_json_where_people_get_pages(client: TestClient) -> None:
    for accept in ("*/*", "application/json", "application/json, text/html;q=0.9"):
        response = client.get(f"/documents/{FRENCH.id}", headers={"Accept": accept})
        assert response.json()["id"] == FRENCH.id
    for path in ("/documents/none", "/nothing"):
        response = client.get(path, headers={"Accept": "*/*"})
        assert response.headers["content-type"] == "application/problem+json"
    assert client.get("/ask?q=").headers["content-type"] == "application/problem+json"
    assert client.post("/ask", json={}).headers["content-type"] == "application/problem+json"


def test_assets_are_kept_for_ever_under_the_name_of_their_content(client: TestClient) -> None:
    addresses = set(re.findall(r'"(/assets/[^"]+)"', client.get("/").text))
    assert len(addresses) == 3
    for address in addresses:
        response = client.get(address)
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["vary"] == "Accept-Encoding"
        stem, digest, suffix = Path(address).name.split(".")
        assert re.fullmatch("[0-9a-f]{12}", digest)
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == response.content == (FOLDER / f"{stem}.{suffix}").read_bytes()


@pytest.mark.parametrize("name", ["page.css", "page.000000000000.js", "examples.json", "..%2Fx"])
def test_nothing_else_is_an_asset(client: TestClient, name: str) -> None:
    assert client.get(f"/assets/{name}").status_code == 404


def test_pages_are_compressed(client: TestClient) -> None:
    with client.stream("GET", "/?q=chat") as response:
        assert response.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(response.iter_raw())).startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("path", "ids"),
    [("?c=0-4", ["c=0-4"]), ("?c=4-0", []), ("?c=0-99999", []), ("?c=x", []),
     ("?c=0-" + "9" * 400, [])],
)  # fmt: skip
def test_only_a_range_of_the_text_is_marked(client: TestClient, path: str, ids: list[str]) -> None:
    page = client.get(f"/documents/{FRENCH.id}{path}").text
    assert re.findall(r'<mark id="([^"]+)">', page) == ids
    assert ('data-state="missing"' in page) == (not ids)


def test_the_chosen_language_is_kept_in_a_cookie_that_scripts_do_not_see(
    client: TestClient,
) -> None:
    response = client.get("/?ui=fr")
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("ui=fr; HttpOnly; Max-Age=31536000; Path=/; SameSite=lax")
    assert '<html lang="fr">' in client.get("/", headers={"Accept-Language": "en"}).text
    assert "set-cookie" not in client.get("/").headers


def test_the_page_is_light_and_there_in_a_blink(visits: Visits) -> None:
    # What this machine, as busy as it is, takes to paint one word of no server.
    bare = first_paint(visits.open("", site="data:text/html,<p>Mila"))
    weights, paints = [], []
    for path in ("/?q=Qui+a+visit%C3%A9+Mila+en+novembre+%3F", "/", "/documents/mila-canada-2025"):
        page = visits.open(path, viewport={"width": 1440, "height": 900})
        page.wait_for_load_state("networkidle")
        entries = "performance.getEntries().filter(e => e.decodedBodySize)"
        weights.append(page.evaluate(f"{entries}.reduce((s, e) => s + e.decodedBodySize, 0)"))
        paints.append(first_paint(page))
    print(f"\nweight, uncompressed: {weights} bytes; first paint: {paints} ms, of a word {bare} ms")
    assert max(weights) < 100_000
    assert min(paints) < max(100, 5 * bare)


def first_paint(page: Page) -> float:
    """Return the time from asking for the page to its first paint: the best of three, in ms."""
    times: list[float] = []
    for _ in range(3):
        page.reload()
        page.wait_for_function("() => performance.getEntriesByType('paint').length")
        times.append(page.evaluate("performance.getEntriesByType('paint')[0].startTime"))
    return min(times)

"""Pages of originals over HTTP: drawn, known again, and marked where a quote surely stands."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from documents.formats.pdf import process
from index.search.filters import parse_filter
from qa.keys import Grant
from tests.documents.formats.format_files import pdf
from tests.http_clients import assert_problem
from tests.qa.uploads.test_uploads import PART, WHOLE, Service

FILE = pdf([[(50, 12, "The cat sleeps near the king."), (80, 12, "Bread is here.")],
            [(50, 12, "The sea is calm and wide.")]])  # fmt: skip
PAGE = "/documents/report/pages/1.png"
OTHER = "0123456789abcdef-other"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("pictures"))
    made.done(made.send(("report.pdf", FILE)))
    yield made
    made.close()


def span(service: Service, quote: str) -> dict[str, int]:
    start = service.client.get("/documents/report/text").text.index(quote)
    return {"start": start, "end": start + len(quote)}


def test_a_page_is_drawn_once_and_known_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = service.client.get(PAGE)
    assert first.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(first.content)).size[1] == 1600
    monkeypatch.setattr(process, "draw_in_process", None)  # it is not drawn again
    assert service.client.get(PAGE).content == first.content
    tag = first.headers["etag"]
    again = service.client.get(PAGE, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert service.client.get(PAGE, headers={"If-None-Match": '"x"'}).status_code == 200


def test_where_a_quote_is_seen_is_told_if_it_is_sure(service: Service) -> None:
    said = service.client.get("/documents/report/rectangles", params=span(service, "The sea is"))
    assert said.json()["page"] == 2
    (found,) = said.json()["rectangles"]
    assert 0 < found["left"] < found["right"] < 1
    assert 0 < found["top"] < found["bottom"] < 0.5
    empty = service.client.get("/documents/report/rectangles?start=0&end=0").json()
    assert empty == {"page": 1, "rectangles": []}
    whole = service.client.get("/documents/notes/rectangles?start=0&end=5").json()
    assert whole == {"page": None, "rectangles": []}
    beyond = service.client.get("/documents/report/rectangles?start=0&end=99999")
    assert_problem(beyond, "range-not-satisfiable")


def test_an_answer_tells_rectangles_when_that_is_asked(service: Service) -> None:
    asked = {"question": "cat king"}
    plain = service.client.post("/ask", json=asked).json()["passages"][0]["citation"]
    assert plain["rectangles"] is None
    replies = (
        service.client.post("/ask", json={**asked, "rectangles": True}),
        service.client.get("/ask?q=cat+king&rectangles=true"),
    )
    for reply in replies:
        cited = [passage["citation"] for passage in reply.json()["passages"]]
        pages = [(c["page"], len(c["rectangles"])) for c in cited]
        assert sorted(pages, key=str) == [(1, 1), (2, 1), (None, 0)]


def test_what_is_no_page_of_a_pdf_is_a_problem(service: Service) -> None:
    for path in ("report/pages/3.png", "notes/pages/1.png"):
        assert_problem(service.client.get(f"/documents/{path}"), "no-original")
    assert_problem(service.client.get("/documents/none/pages/1.png"), "unknown-document")
    for number in ("0", "x", "10001"):
        reply = service.client.get(f"/documents/report/pages/{number}.png")
        assert_problem(reply, "invalid-request")


def test_a_key_with_a_filter_sees_no_page_of_other_documents(service: Service) -> None:
    wanted = parse_filter({"type": "eq", "key": "document", "value": "notes"})
    client = service.opened("192.0.2.1", keys=(WHOLE,), grants=(Grant(PART, "part", wanted),))
    part, whole = {"X-API-Key": PART}, {"X-API-Key": WHOLE}
    for path in (PAGE, "/documents/report/rectangles?start=0&end=5"):
        assert_problem(client.get(path, headers=part), "unknown-document")
        assert_problem(client.get(path), "unauthorised")
        assert client.get(path, headers=whole).status_code == 200


READ = ("/documents/report/file", PAGE, "/documents/report/rectangles?start=0&end=5")


def test_where_nobody_may_change_documents_what_only_reads_stays(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "takes_files", False)
    client = service.opened()
    assert client.get(READ[0]).content == FILE
    assert client.get(READ[1]).headers["content-type"] == "image/png"
    assert len(client.get(READ[2]).json()["rectangles"]) == 1
    first = client.get("/ask?q=cat+king&rectangles=true").json()["passages"][0]["citation"]
    assert len(first["rectangles"]) == 1
    for refused in (
        client.post("/documents", files=[("files", ("cat.md", b"# Cat"))]),
        client.delete("/documents/report"),
        client.get("/jobs/0123456789abcdef"),
    ):
        assert_problem(refused, "read-only")


def test_there_too_a_key_with_a_filter_sees_its_documents_alone(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "takes_files", False)
    wanted = parse_filter({"type": "eq", "key": "document", "value": "report"})
    other = parse_filter({"type": "eq", "key": "document", "value": "notes"})
    grants = (Grant(PART, "part", wanted), Grant(OTHER, "other", other))
    client = service.opened("192.0.2.1", grants=grants)
    for path in READ:
        assert client.get(path, headers={"X-API-Key": PART}).status_code == 200
        assert_problem(client.get(path, headers={"X-API-Key": OTHER}), "unknown-document")
        assert_problem(client.get(path), "unauthorised")


def test_the_page_of_a_document_shows_the_original_with_its_marks(service: Service) -> None:
    html = {"Accept": "text/html"}
    place = span(service, "The sea is calm and wide.")
    asked = f"c={place['start']}-{place['end']}"
    shown = service.client.get(f"/documents/report?{asked}", headers=html).text
    assert '<img src="/documents/report/pages/2.png"' in shown
    assert shown.count("<rect ") == 1
    assert f'href="#{asked}"' in shown
    unsure = service.client.get("/documents/report?c=2-3", headers=html).text
    assert "could not be found on the page with certainty" in unsure
    other = service.client.get(f"/documents/report?{asked}&p=1", headers=html).text
    assert '<img src="/documents/report/pages/1.png"' in other
    assert "<rect " not in other
    plain = service.client.get("/documents/report", headers=html).text
    assert '<img src="/documents' not in plain
    assert 'href="?p=1#sheet"' in plain
    assert 'id="sheet"' not in service.client.get("/documents/notes?p=1", headers=html).text


def test_an_original_that_is_gone_leaves_the_text(service: Service, tmp_path: Path) -> None:
    kept = service.library.shelf.folder / "report.pdf"
    aside = kept.rename(tmp_path / "aside.pdf")
    try:
        assert_problem(service.client.get(PAGE), "no-original")
        shown = service.client.get("/documents/report?c=0-9", headers={"Accept": "text/html"}).text
        assert '<img src="/documents' not in shown
    finally:
        aside.rename(kept)

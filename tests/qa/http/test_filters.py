"""Filters over HTTP, and keys whose owners see only some documents."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from documents.chunking import ChunkSettings
from documents.types import Document
from index.build.pipeline import build_index
from index.generations.folder import FolderStore
from index.search.filters import parse_filter
from qa.answer.service import QAService
from qa.http.access import Exposure
from qa.http.app import create_app
from qa.keys import Grant
from tests.fakes import ENGLISH, FRENCH, FakeEncoder, document
from tests.http_clients import assert_problem

WHOLE, ONLY_IT, NONE = "0123456789abcdef-whole", "0123456789abcdef-it", "0123456789abcdef-no"
IT = {"type": "eq", "key": "collection", "value": "it"}
SECRET = document("hush", "fr", {"Le trésor": ["Le chat cache le zibeline du roi.", "Rien."]})
HELD = [
    replace(
        FRENCH,
        properties=(
            ("collection", ("it",)), ("modified", ("2025-02-03",)),
            ("path", ("notes/fr.md", "it/notes/fr.md")), ("tag", ("bêtes", "pain")),
        ),
    ),
    replace(
        ENGLISH,
        properties=(
            ("author", ("Zoé",)), ("collection", ("it",)), ("modified", ("2023-01-01",)),
            ("path", ("en.md", "it/en.md")), ("year", ("2023",)),
        ),
    ),
    replace(SECRET, properties=(("collection", ("rh",)), ("tag", ("paie",)))),
]  # fmt: skip


def service_of(folder: Path, documents: list[Document]) -> QAService:
    encoder, small = FakeEncoder(), ChunkSettings(budget=12)
    built = build_index(documents, FolderStore(folder), encoder, settings=small)
    return QAService(built.generation, encoder, threshold=0.0)


@pytest.fixture
def held(tmp_path: Path) -> QAService:
    return service_of(tmp_path / "held", HELD)


@pytest.fixture
def client(held: QAService) -> TestClient:
    return TestClient(create_app(held))


@pytest.fixture
def guarded(held: QAService) -> TestClient:
    grants = (
        Grant(ONLY_IT, "it", parse_filter(IT)),
        Grant(NONE, "none", parse_filter({"type": "eq", "key": "tag", "value": "nothing"})),
    )
    return TestClient(create_app(held, exposure=Exposure(keys=(WHOLE,), grants=grants)))


def key(name: str, **more: str) -> dict[str, str]:
    return {"X-API-Key": name, **more}


def cited(answer: Any) -> set[str]:
    return {passage["citation"]["document_id"] for passage in answer["passages"]}


def eq(name: str, value: object, operator: str = "eq") -> dict[str, object]:
    return {"type": operator, "key": name, "value": value}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (eq("language", "fr"), {"french", "hush"}),
        (eq("tag", "Pain"), {"french"}),
        (eq("folder", "it"), {"french", "english"}),
        (eq("path", "notes/**"), {"french"}),
        (eq("date", "2025-01", "gte"), {"french"}),
        (eq("year", 2023), {"english"}),
        (eq("tag", ["paie"], "nin"), {"french", "english"}),
        ({"type": "and", "filters": [IT, eq("author", "zoé", "ne")]}, {"french"}),
        (eq("tag", "unknown"), set()),
    ],
)
def test_a_question_is_asked_of_what_a_filter_wants(
    client: TestClient, wanted: object, found: set[str]
) -> None:
    asked = {"question": "Le chat du roi ?", "filters": wanted, "top_k": 20}
    assert cited(client.post("/ask", json=asked).json()) == found
    batch = client.post("/ask/batch", json={"questions": [asked, {"question": "Le roi ?"}]}).json()
    assert [cited(a) for a in batch["answers"]] == [found, {"french", "english", "hush"}]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"in": "notes/**"}, {"french"}),
        ({"in": ["hush", "it/en.md"]}, {"hush", "english"}),
        ({"in": "it/"}, {"french", "english"}),
        ({"tag": ["pain", "bêtes"]}, {"french"}),
        ({"tag": ["pain", "paie"]}, set()),
        ({"since": "2025-01"}, {"french"}),
        ({"until": "2023"}, {"english"}),
        ({"filter": ["author=zoé", "year<2024"]}, {"english"}),
        ({"filter": "collection!=it", "language": "fr"}, {"hush"}),
    ],
)
def test_a_browser_narrows_a_question_by_parameters(
    client: TestClient, query: dict[str, str], found: set[str]
) -> None:
    answer = client.get("/ask", params={"q": "Le chat du roi ?", "top_k": 20, **query})
    assert cited(answer.json()) == found


def test_what_is_wrong_with_a_filter_is_said(client: TestClient) -> None:
    refused = client.post("/ask", json={"question": "Who?", "filters": {"type": "eq", "key": "a"}})
    assert_problem(refused, "invalid-filter")
    assert refused.json()["detail"] == 'filters: the field "value" is missing'
    for query in ({"since": "soon"}, {"filter": "author"}):
        assert_problem(client.get("/ask", params={"q": "Who?", **query}), "invalid-filter")
    many = client.get("/ask", params={"q": "Who?", "tag": ["a"] * 6})
    assert_problem(many, "invalid-request")


def test_answers_are_remembered_by_their_filter(client: TestClient) -> None:
    for wanted, found in ((eq("tag", "pain"), {"french"}), (eq("tag", "paie"), {"hush"})) * 2:
        asked = {"question": "Le roi ?", "filters": wanted, "top_k": 20}
        assert cited(client.post("/ask", json=asked).json()) == found


def test_documents_show_what_they_can_be_filtered_by(client: TestClient) -> None:
    held = client.get("/documents/english").json()["properties"]
    assert held == {key: list(values) for key, values in HELD[1].properties}


def test_the_page_narrows_a_question_to_what_there_is(client: TestClient) -> None:
    page = {"Accept": "text/html", "Accept-Language": "en"}
    home = client.get("/", headers=page).text
    for option in ('value="it/notes">it/notes<', 'value="paie">paie<', 'value="fr">Documents in F'):
        assert f"<option {option}" in home
    asked = {"q": "Le chat du roi ?", "tag": "pain", "top_k": "20", "in": "it", "written": "fr"}
    answer = client.get("/", params=asked, headers=page).text
    assert 'value="pain" selected' in answer
    assert "/documents/french?" in answer
    assert "/documents/english?" not in answer
    assert "/documents/hush?" not in answer


# Keys that carry a filter

HIDDEN = ("hush", "Hush", "trésor", "zibeline", "cache", "paie", '"rh"')
"""What only the document says that the owner of the key may not see."""
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/", {}),
    ("GET", "/?q=Le+chat+cache+le+tr%C3%A9sor", {}),
    ("GET", "/documents", {}),
    ("GET", "/documents/french", {}),
    ("GET", "/documents/french/text", {}),
    ("GET", "/ready", {}),
    ("GET", "/ask?q=Le+roi&top_k=20", {}),
    ("GET", "/ask?q=Le+roi&top_k=20&in=**", {}),
    ("GET", "/openapi.json", {}),
    ("POST", "/ask", {"question": "Le chat du roi ?", "top_k": 20}),
    ("POST", "/ask", {"question": "Le roi ?", "filters": eq("collection", "it", "ne")}),
    ("POST", "/ask", {"question": "Le roi ?", "filters": eq("document", ["x"], "nin")}),
    ("POST", "/ask/batch", {"questions": [{"question": "Le chat du roi ?", "top_k": 20}]}),
]


def send(client: TestClient, name: str, request: tuple[str, str, Any], kind: str) -> Any:
    method, path, body = request
    content = json.dumps(body) if method == "POST" else None
    headers = key(name, Accept=kind, **({"Content-Type": "application/json"} if content else {}))
    return client.request(method, path, content=content, headers=headers)


@pytest.mark.parametrize("kind", ["application/json", "text/html"])
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: f"{r[0]} {r[1]}")
def test_nothing_else_is_seen_with_a_key_that_has_a_filter(
    guarded: TestClient, request_: tuple[str, str, Any], kind: str
) -> None:
    whole, seen = (send(guarded, name, request_, kind) for name in (WHOLE, ONLY_IT))
    assert seen.status_code == whole.status_code
    asked = {"trésor", "cache"} if "?q=Le+chat+cache" in request_[1] else set()
    assert [word for word in HIDDEN if word in seen.text and word not in asked] == []


def test_with_another_key_it_would_be_seen(guarded: TestClient) -> None:
    shown = "".join(send(guarded, WHOLE, r, "application/json").text for r in REQUESTS)
    assert [word for word in HIDDEN if word not in shown] == []


def test_what_is_hidden_is_told_apart_from_nothing_by_no_answer(guarded: TestClient) -> None:
    for path in ("/documents/{}", "/documents/{}/text", "/documents/{}/text?start=1"):
        for kind in ("application/json", "text/html"):
            ours, theirs = (
                guarded.get(path.format(name), headers=key(ONLY_IT, Accept=kind))
                for name in ("hush", "none")
            )
            assert ours.status_code == theirs.status_code == 404
            assert ours.text.replace("hush", "none") == theirs.text
            assert set(ours.headers) == set(theirs.headers)
    for wanted in ({"documents": ["{}"]}, {"filters": eq("document", "{}")}):
        ours, theirs = (
            guarded.post(
                "/ask",
                headers=key(ONLY_IT, **{"Content-Type": "application/json"}),
                content=json.dumps({"question": "Le roi ?", **wanted}).replace("{}", name),
            )
            for name in ("hush", "none")
        )
        assert ours.status_code == theirs.status_code
        assert ours.text.replace("hush", "none") == theirs.text


def test_all_is_as_if_the_other_documents_were_not_there(
    guarded: TestClient, tmp_path: Path
) -> None:
    alone = TestClient(create_app(service_of(tmp_path / "alone", HELD[:2])))
    ours, theirs = guarded.get("/documents", headers=key(ONLY_IT)), alone.get("/documents")
    assert ours.json() == theirs.json()
    ready = guarded.get("/ready", headers=key(ONLY_IT)).json()
    assert ready["passages"] == alone.get("/ready").json()["passages"]
    page = guarded.get("/", headers=key(ONLY_IT, Accept="text/html"))
    assert page.text == alone.get("/", headers={"Accept": "text/html"}).text


def test_a_change_of_what_is_hidden_shows_nowhere(guarded: TestClient, tmp_path: Path) -> None:
    before = guarded.get("/ready", headers=key(ONLY_IT)).json()
    whole = guarded.get("/ready", headers=key(WHOLE)).json()
    other = replace(HELD[2], properties=(("collection", ("finance",)),))
    state = guarded.app.state.passerelle  # type: ignore[attr-defined]
    state.use(service_of(tmp_path / "other", [*HELD[:2], other]))
    assert guarded.get("/ready", headers=key(ONLY_IT)).json() == before
    assert guarded.get("/ready", headers=key(WHOLE)).json() != whole
    state.use(service_of(tmp_path / "more", [*HELD, document("more", "fr", {"A": ["Un mot."]})]))
    assert guarded.get("/ready", headers=key(ONLY_IT)).json() == before
    state.use(service_of(tmp_path / "fewer", [HELD[0], HELD[2]]))
    assert guarded.get("/ready", headers=key(ONLY_IT)).json()["passages"] == 3


def test_answers_are_not_remembered_across_keys(guarded: TestClient) -> None:
    for name, found in (
        (WHOLE, {"french", "english", "hush"}),
        (ONLY_IT, {"french", "english"}),
    ) * 2:
        answer = guarded.get("/ask", params={"q": "Le roi ?", "top_k": 20}, headers=key(name))
        assert cited(answer.json()) == found


def test_figures_of_all_clients_are_not_for_a_key_with_a_filter(guarded: TestClient) -> None:
    assert_problem(guarded.get("/metrics", headers=key(ONLY_IT)), "forbidden")
    assert guarded.get("/metrics", headers=key(WHOLE)).status_code == 200


def test_without_a_key_no_number_of_documents_is_told(guarded: TestClient) -> None:
    assert guarded.get("/ready").json()["passages"] == 0
    lost = guarded.get("/problems/nothing", headers={"Accept": "text/html"})
    assert "8 passages" not in lost.text


def test_a_key_may_see_nothing(guarded: TestClient) -> None:
    nothing = {"total": 0, "documents": [], "next": None}
    assert guarded.get("/documents", headers=key(NONE)).json() == nothing
    answer = guarded.get("/ask", params={"q": "Le roi ?"}, headers=key(NONE)).json()
    assert (answer["answerable"], answer["passages"]) == (False, [])
    page = guarded.get("/", headers=key(NONE, Accept="text/html"))
    assert page.status_code == 200
